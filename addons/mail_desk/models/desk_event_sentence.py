from odoo import models
from odoo.tools import format_date

ICONS = {
    "dispatched": "fa-share",
    "copied": "fa-files-o",
    "returned": "fa-reply",
    "redirected": "fa-random",
    "reassigned": "fa-exchange",
    "author_changed": "fa-exchange",
    "refused_by_unit": "fa-times-circle-o",
    "withdrawn": "fa-undo",
    "part_withdrawn": "fa-undo",
    "visa_named": "fa-check-square-o",
    "sign_named": "fa-pencil-square-o",
    "circuit_started": "fa-sitemap",
    "circuit_failed": "fa-exclamation-triangle",
    "circuit_ended": "fa-flag-checkered",
    "step_added": "fa-plus-square-o",
    "visa_given": "fa-thumbs-o-up",
    "visa_refused": "fa-thumbs-o-down",
    "seen": "fa-eye",
    "closed": "fa-check",
    "reopened": "fa-undo",
    "cancelled": "fa-ban",
    "no_reply_asked": "fa-question",
    "no_reply_approved": "fa-thumbs-o-up",
    "no_reply_refused": "fa-thumbs-o-down",
    "no_reply_withdrawn": "fa-undo",
    "no_reply_lapsed": "fa-undo",
    "joined": "fa-link",
    "joined_on": "fa-link",
    "left": "fa-unlink",
    "transfer_asked": "fa-exchange",
    "transfer_accepted": "fa-check",
    "transfer_rejected": "fa-reply",
    "original_out": "fa-file-text-o",
    "original_back": "fa-check-square-o",
    "opinion_asked": "fa-question",
    "opinion_given": "fa-comment-o",
    "opinion_withdrawn": "fa-ban",
    "note": "fa-sticky-note-o",
    "margin": "fa-pencil-square-o",
    "margin_struck": "fa-strikethrough",
    "fiche_printed": "fa-print",
    "fiche_returned": "fa-file-image-o",
    "fiche_returned_by_hand": "fa-file-image-o",
    "drafted": "fa-pencil",
    "submitted": "fa-send-o",
    "approved": "fa-thumbs-o-up",
    "refused": "fa-thumbs-o-down",
    "sent_back": "fa-reply",
    "recalled": "fa-undo",
    "validated": "fa-check-circle-o",
    "restored": "fa-history",
    "merged": "fa-magic",
    "numbered": "fa-hashtag",
    "sealed": "fa-certificate",
    "sent": "fa-paper-plane",
    "not_sent": "fa-exclamation-triangle",
    "sending_delivered": "fa-check-square-o",
    "sending_returned": "fa-exclamation-triangle",
    "sending_bounced": "fa-exclamation-triangle",
    "sending_cancelled": "fa-ban",
    "sending_noted": "fa-info-circle",
    "together": "fa-object-group",
    "mailing_started": "fa-paper-plane-o",
    "mailing_done": "fa-check-square-o",
    "validated_with": "fa-check-circle-o",
    "abandoned": "fa-trash-o",
    "rule_due": "fa-calendar",
    "rule_told": "fa-bell-o",
    "rule_circuit": "fa-sitemap",
    "rule_refused": "fa-exclamation-triangle",
    "draft_opinion_asked": "fa-question",
    "draft_opinion_given": "fa-comment-o",
    "draft_opinion_withdrawn": "fa-ban",
    "paper_printed": "fa-print",
    "paper_left": "fa-undo",
    "paper_scanned": "fa-file-image-o",
    "paper_confirmed": "fa-file-image-o",
    "label_printed": "fa-tag",
    "answered_cancelled": "fa-ban",
}


class DeskEvent(models.Model):
    """From a kind and its arguments to a sentence in the reader's language."""

    _inherit = "desk.event"

    def _sentences(self):
        """Return {id: (sentence, icon)} of these lines; names are looked up once."""
        names = self._names()
        patterns = self._patterns()
        result = {}
        for event in self:
            args = event.args or {}
            values = {
                "actor": event._actor_words(),
                "unit": names["unit"].get(args.get("unit"), "–"),
                "from": names["unit"].get(args.get("from"), "–"),
                "user": names["user"].get(args.get("user"), ""),
                "people": self._listed(names["user"], args.get("users")),
                "text": args.get("text") or args.get("reason") or "",
                "number": args.get("number") or "",
                "name": args.get("name") or "",
                "how": self._how(args),
            }
            if values["user"]:
                values["unit"] = f"{values['user']} ({values['unit']})"
            pattern = patterns.get(event.kind, "%(actor)s")
            result[event.id] = (
                pattern % values + self._extras(args, names),
                ICONS.get(event.kind, "fa-circle-o"),
            )
        return result

    def _patterns(self):
        env = self.env
        return {
            "dispatched": env._("%(actor)s dispatched the letter to %(unit)s"),
            "copied": env._("%(actor)s sent a copy to %(unit)s"),
            "returned": env._("%(actor)s returned the letter to %(unit)s"),
            "redirected": env._("%(actor)s redirected the letter to %(unit)s"),
            "reassigned": env._("%(actor)s gave the letter of %(people)s to %(unit)s"),
            "author_changed": env._(
                "%(actor)s gave the letter in preparation of %(people)s to %(name)s"
            ),
            "refused_by_unit": env._(
                "%(actor)s refused the letter for %(from)s: it is with %(unit)s again"
            ),
            "withdrawn": env._("%(actor)s took the letter back from %(from)s"),
            "part_withdrawn": env._("%(actor)s asks %(unit)s for nothing any more"),
            "visa_named": env._("%(actor)s wants the visa of %(people)s on the reply"),
            "sign_named": env._("%(actor)s wants the reply signed by %(people)s"),
            "circuit_started": env._("%(actor)s started the circuit “%(name)s”"),
            "circuit_failed": env._("The circuit “%(name)s” could not start"),
            "circuit_ended": env._("The circuit “%(name)s” is finished"),
            "step_added": env._("%(actor)s also asked %(people)s"),
            "visa_given": env._("%(actor)s gave a visa"),
            "visa_refused": env._("%(actor)s refused a visa"),
            "seen": env._("%(actor)s has seen the copy of %(unit)s"),
            "closed": env._("%(actor)s closed the letter: %(how)s"),
            "reopened": env._("%(actor)s opened the letter again"),
            "cancelled": env._("%(actor)s cancelled the registration"),
            "no_reply_asked": env._(
                "%(actor)s asked to close the letter without a reply"
            ),
            "no_reply_approved": env._(
                "%(actor)s approved that no reply is needed, as %(people)s asked"
            ),
            "no_reply_refused": env._(
                "%(actor)s refused to close the letter without a reply, as %(people)s "
                "asked"
            ),
            "no_reply_withdrawn": env._(
                "%(actor)s withdrew the request to close the letter without a reply"
            ),
            "no_reply_lapsed": env._(
                "The request to close the letter without a reply lapsed: it went elsewhere"
            ),
            "joined": env._("%(actor)s joined the letter %(number)s to this one"),
            "joined_on": env._("%(actor)s joined this letter to the letter %(number)s"),
            "left": env._(
                "The letter %(number)s is not joined to this one any more: it was opened "
                "again"
            ),
            "transfer_asked": env._("%(actor)s transferred the letter to %(number)s"),
            "transfer_accepted": env._("%(number)s accepted the letter"),
            "transfer_rejected": env._("%(number)s sent the letter back"),
            "original_out": env._("%(actor)s noted an original to give back"),
            "original_back": env._("%(actor)s gave the original back"),
            "opinion_asked": env._("%(actor)s asked %(people)s for an opinion"),
            "opinion_given": env._("%(actor)s gave an opinion"),
            "opinion_withdrawn": env._("%(actor)s withdrew the request for an opinion"),
            "note": env._("%(actor)s wrote a note"),
            "margin": env._("%(actor)s wrote in the margin"),
            "margin_struck": env._("%(actor)s struck what was in the margin"),
            "fiche_printed": env._("%(actor)s printed the slip for %(unit)s"),
            "fiche_returned": env._("%(actor)s filed the scan that came from %(unit)s"),
            "fiche_returned_by_hand": env._(
                "%(actor)s filed a scan without code that came from %(unit)s"
            ),
            "drafted": env._("%(actor)s began a letter"),
            "submitted": env._("%(actor)s submitted the letter to %(people)s"),
            "approved": env._("%(actor)s approved the letter"),
            "refused": env._("%(actor)s refused the letter"),
            "sent_back": env._("%(actor)s sent the draft back"),
            "recalled": env._("%(actor)s took the draft back"),
            "validated": env._("The letter is validated"),
            "restored": env._("%(actor)s restored version %(number)s of the draft"),
            "merged": env._("%(actor)s filled in the draft from a model"),
            "numbered": env._("%(actor)s asked for the number of the letter"),
            "sealed": env._("The letter is numbered %(number)s and sealed"),
            "sent": env._("%(actor)s sent the letter %(number)s: %(how)s"),
            "not_sent": env._("The letter %(number)s could not be sent: %(how)s"),
            "abandoned": env._("%(actor)s abandoned the draft"),
            "rule_due": env._("%(actor)s set the due date"),
            "rule_told": env._("%(actor)s told %(people)s"),
            "rule_circuit": env._("%(actor)s started a circuit"),
            "rule_refused": env._("%(actor)s could not do what it says"),
            "draft_opinion_asked": env._(
                "%(actor)s asked %(people)s for an opinion on the draft"
            ),
            "draft_opinion_given": env._("%(actor)s gave an opinion on the draft"),
            "draft_opinion_withdrawn": env._(
                "The request for an opinion on the draft was withdrawn"
            ),
            "paper_printed": env._(
                "%(actor)s printed the letter to be signed on paper"
            ),
            "paper_left": env._("%(actor)s gave up signing on paper"),
            "paper_scanned": env._(
                "%(actor)s scanned the signed paper; its codes are those of this letter"
            ),
            "paper_confirmed": env._(
                "%(actor)s scanned the signed paper and confirmed that it is this letter: "
                "not every code could be read"
            ),
            "label_printed": env._(
                "%(actor)s printed the label %(number)s of the paper original"
            ),
            "answered_cancelled": env._(
                "The registration of the letter answered was cancelled"
            ),
        }

    def _how(self, args):
        env = self.env
        kind = args.get("kind")
        known = {
            "answered": env._("answered"),
            "no_reply": env._("no reply needed"),
            "treated": env._("treated"),
            "transferred": env._("transferred"),
            "joined": env._("joined to another letter"),
            **self.env["desk.outgoing"]._channels(),
        }
        return known.get(kind, kind or "")

    def _extras(self, args, names):
        """Return what follows the sentence: instruction, date, reason, words."""
        env, extras = self.env, []
        if instruction := names["instruction"].get(args.get("instruction")):
            extras.append(f"“{instruction}”")
        if args.get("due"):
            extras.append(env._("by %(date)s", date=format_date(env, args["due"])))
        extras += [
            args[key] for key in ("note", "reason", "question", "text") if args.get(key)
        ]
        end = "" if not extras else " – " + " – ".join(extras)
        return end + ("" if end.endswith((".", "?", "!")) else ".")

    def _listed(self, names, ids):
        return ", ".join(names[user_id] for user_id in ids or () if user_id in names)

    def _names(self):
        """Return the names these lines speak of: {model: {id: name}}."""
        wanted = {"unit": set(), "user": set(), "instruction": set()}
        for args in self.mapped("args"):
            args = args or {}
            wanted["unit"] |= {args.get("unit"), args.get("from")}
            wanted["user"] |= {args.get("user"), *(args.get("users") or ())}
            wanted["instruction"].add(args.get("instruction"))
        models_of = {
            "unit": "hr.department",
            "user": "res.users",
            "instruction": "desk.instruction",
        }
        names = {}
        for key, ids in wanted.items():
            # Who reads the line reads the names it was written with.
            records_sudo = self.env[models_of[key]].sudo().browse(ids - {None, False})
            names[key] = {record.id: record.name for record in records_sudo.exists()}
        return names

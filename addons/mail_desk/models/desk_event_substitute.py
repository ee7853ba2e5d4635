from odoo import api, models
from odoo.tools import format_date

KEY = "desk.acting"


class DeskEvent(models.Model):
    """“Mme Idrissi, for M. Tazi (absent until 27 Nov)”: both are in the timeline."""

    _inherit = "desk.event"

    @api.model
    def _note_acting(self, model, record_id, absent):
        """Remember that the user acts on this record in the place of ``absent`` (or of nobody)."""
        if absent or KEY in self.env.cr.cache:
            noted = self.env.cr.cache.setdefault(KEY, {})
            noted[self.env.uid, model, record_id] = absent.id

    @api.model
    def _acting_for(self, *subjects):
        """Return in whose place the user acts on one of these records now."""
        noted = self.env.cr.cache.get(KEY)
        if not noted:
            return self.env["res.users"]
        found = {
            noted.get((self.env.uid, subject._name, subject.id))
            for subject in subjects
            if subject
        } - {None, False}
        absent = self.env["res.users"].browse(found)
        # Noted before in the same transaction, and still true.
        return absent[:1] & self.env["gov.absence"]._replaced_by(
            self.env.user, subjects[0].company_id or subjects[-1].company_id
        )

    @api.model
    def _log(self, kind, args, *, letter=None, outgoing=None, **how):
        """Write a line; who acts in the place of somebody is written with both names."""
        nothing = self.env["registry.letter"]
        subjects = (outgoing or letter, letter or outgoing or nothing)
        if absent := self._acting_for(*subjects):
            company = subjects[0].company_id
            until = self.env["gov.absence"]._absent_until(absent, company)
            args = {
                **args,
                # Names of colleagues are shown to whoever reads the letter.
                "for": absent.sudo().name,
                "until": until.get(absent.id),
            }
        return super()._log(kind, args, letter=letter, outgoing=outgoing, **how)

    def _actor_words(self):
        """Return who did it, and in whose place."""
        self.ensure_one()
        name = self.actor_name or self.env._("The platform")
        args = self.args or {}
        if not args.get("for"):
            return name
        if not args.get("until"):
            return self.env._(
                "%(actor)s, for %(absent)s,", actor=name, absent=args["for"]
            )
        return self.env._(
            "%(actor)s, for %(absent)s (absent until %(date)s),",
            actor=name,
            absent=args["for"],
            date=format_date(self.env, args["until"]),
        )

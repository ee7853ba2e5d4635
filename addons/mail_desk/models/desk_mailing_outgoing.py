from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import merge, text

from .desk_sending_gate import BY_PERSON

#: what differs from one recipient to the next, in the text of a mailing
PERSONAL = ("recipient", "recipient_position", "recipient_address")
#: … and when each recipient gets the answer to his own letter
PERSONAL_ANSWER = (
    "letter_number",
    "letter_date",
    "letter_arrival",
    "letter_subject",
    "sender",
    "sender_reference",
)
COPIED = (
    "company_id",
    "unit_id",
    "office_id",
    "lang",
    "recipient_kind",
    "signatory_name",
    "signatory_quality",
)


class DeskOutgoing(models.Model):
    """The letter of a mailing: the one that is approved, and those made from it."""

    _inherit = "desk.outgoing"

    mailing_ids = fields.One2many(
        "desk.mailing", "outgoing_id", string="Mailings", readonly=True
    )
    mailing_id = fields.Many2one("desk.mailing", compute="_compute_mailing_id")
    recipient_row_ids = fields.One2many(
        "desk.mailing.recipient", "outgoing_id", readonly=True
    )
    can_mail = fields.Boolean(compute="_compute_mailing_id")

    @api.depends("mailing_ids", "state", "kind")
    @api.depends_context("uid")
    def _compute_mailing_id(self):
        for outgoing in self:
            outgoing.mailing_id = outgoing.mailing_ids[:1]
            outgoing.can_mail = (
                outgoing.kind == "letter"
                and outgoing.state == "draft"
                and not outgoing.mailing_ids
                and outgoing._is_ours()
            )

    def action_mailing(self):
        """Send this letter to many: begin its list of recipients, or open it.

        :return: window action of the mailing
        :raise UserError: not a draft, a reply or a note
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        if self.mailing_id:
            return self.mailing_id._open()
        self._lock()
        if not self._is_ours():
            raise self._author_refusal()
        if self.state != "draft" or self.kind != "letter":
            raise UserError(
                self.env._(
                    "Only the draft of a letter becomes a mailing: a reply answers one "
                    "letter, and what was submitted does not change any more."
                )
            )
        return self._begin_mailing()._open()

    def _begin_mailing(self, **vals):
        """Make this draft the letter of a new mailing. The gate was passed."""
        # Nobody may write mailings; the gate was passed.
        mailings_sudo = self.env["desk.mailing"].sudo()._desk_gated()
        mailing = mailings_sudo.create({"outgoing_id": self.id, **vals})
        if not self.recipient_name:
            spoken = self.with_context(lang=self.lang)
            self.recipient_name = spoken.env._("To all recipients")
        self.invalidate_recordset(["mailing_ids", "mailing_id"])
        return mailing.with_env(self.env)

    def _is_model(self):
        """Tell whether each recipient gets a letter of his own, made from this one."""
        return self.mailing_id.numbering == "each"

    def _personal_keys(self):
        """Return the merge fields that stay in the text until each letter is made."""
        if not self._is_model():
            return ()
        return PERSONAL + (PERSONAL_ANSWER if self.mailing_id.is_group else ())

    # Words

    def _template_values(self, template, lang):
        values = super()._template_values(template, lang)
        return {**values, **{key: f"⟦{key}⟧" for key in self._personal_keys()}}

    def _merged(self):
        subject, body = super()._merged()
        for key in self._personal_keys():
            held, field = f"⟦{key}⟧", f"{{{{ {key} }}}}"
            subject = subject.replace(held, field)
            body = body.replace(held, field)
        return subject, body

    def _merge_recipients(self, lang):
        rows = self.mailing_id.recipient_ids.filtered(
            lambda row: row.state != "excluded"
        )
        if not rows:
            return super()._merge_recipients(lang)
        return [
            {
                "recipient_rank": str(rank),
                "recipient_name": row.name,
                "recipient_quality": row.position or "",
            }
            for rank, row in enumerate(rows, 1)
        ]

    def _merged_for(self, row):
        """Return subject and text with what concerns this recipient filled in."""
        values = {
            **row.answers_id._letter_values(self.lang),
            "recipient": row.name,
            "recipient_position": row.position,
            "recipient_address": row.address,
        }
        return {
            "subject": merge.merge_line(self.subject, values)[:240],
            "body": merge.merge_html(self._clean_text(self.body), values),
        }

    def _safe_body(self):
        body = super()._safe_body()
        if not self._is_model():
            return body
        # Who approves sees where the names will stand.
        labels = (
            self.env["gov.template"].with_context(lang=self.lang)._merge_keys("letter")
        )
        shown = {key: f"[{labels.get(key, key)}]" for key in self._personal_keys()}
        return merge.merge_html(body, shown)

    def _check_complete(self):
        super()._check_complete()
        mailing = self.mailing_id
        if not mailing:
            return
        if not mailing.recipient_count:
            raise UserError(
                self.env._(
                    "The mailing has no recipient yet: add them first. Nothing was "
                    "submitted."
                )
            )
        allowed = self._personal_keys()
        strange = [
            key for key in merge.keys_of(self.subject, self.body) if key not in allowed
        ]
        if not strange:
            return
        if mailing.numbering == "one":
            raise UserError(
                self.env._(
                    "The text names %(fields)s, which differs from one recipient to the "
                    "next: with one number everybody gets the same letter. Take it out, or "
                    "choose one number per recipient.",
                    fields=", ".join(f"{{{{{key}}}}}" for key in strange),
                )
            )
        raise UserError(
            self.env._(
                "The text holds fields that are unknown here: %(fields)s.",
                fields=", ".join(f"{{{{{key}}}}}" for key in strange),
            )
        )

    # Numbers and sendings

    def _number_refusal(self):
        return self._model_refusal() or super()._number_refusal()

    def _signing_refusal(self, way):
        return self._model_refusal() or super()._signing_refusal(way)

    def _model_refusal(self):
        """Return why the letter that others are made from is not signed or numbered, or None."""
        if not self._is_model():
            return None
        return UserError(
            self.env._(
                "Each recipient of this letter gets a number of his own: start the "
                "mailing. Where a signature is due, each letter is signed by itself."
            )
        )

    def _number_or_sign(self):
        """Ask for the number of a letter made from a mailing. Hook of the signature book."""
        if "internal" not in self._signing_ways():
            # It waits for its author: printed, signed on paper, scanned back.
            return
        # Approved with the mailing; the platform goes on in the author's name.
        letter_sudo = self.with_user(self.user_id).sudo()
        letter_sudo.action_number()

    def _send_refusal(self):
        refusal = super()._send_refusal()
        if refusal or not self.mailing_id:
            return refusal
        return UserError(
            self.env._(
                "This letter goes to %(count)s recipients: it is sent from its mailing.",
                count=self.mailing_id.recipient_count,
            )
        )

    def _send_again(self, sending, channel, note):
        row = sending.recipient_id
        if not row or self != row.mailing_id.outgoing_id:
            return super()._send_again(sending, channel, note)
        row.mailing_id._lock()
        note = text.clean_line(note, 500)
        if channel in BY_PERSON and not note:
            raise self._proof_refusal()
        row._leave_by(channel, note, resend_of=sending)
        return True

    def _sending_done(self, sending):
        # The row first: whether the letter it answers is closed depends on it.
        sending.recipient_id._follow(sending)
        return super()._sending_done(sending)

    def _sending_changed(self, sending):
        done = super()._sending_changed(sending)
        sending.recipient_id._follow(sending)
        return done

    def _letter_closed(self, letter):
        done = super()._letter_closed(letter)
        for row in self.recipient_row_ids:
            if row.state == "numbering":
                row._try(row._leave)
        return done

    def _copied_vals(self):
        """Return what a letter made from this one has in common with it."""
        return {
            "user_id": self.user_id.id,
            **{
                name: self[name].id if self._fields[name].relational else self[name]
                for name in COPIED
            },
        }

    def _copy_annexes(self, letter):
        """Give a letter made from this one its annexes; the content is stored once."""
        # Documents are written by the platform alone; these were checked when they came.
        documents_sudo = self.env["gov.document"].sudo()
        for annex in self.sudo().document_ids:
            version = annex.current_version_id
            documents_sudo._store_generated(
                version._read_content(),
                version.filename,
                version.mime,
                company=letter.company_id,
                owner=letter.sudo(),
                role="annex",
                pages=version.pages,
                name=annex.name,
            )

    def _todo_sentence(self):
        mailing = self.mailing_id
        if mailing and (mailing.state != "draft" or mailing._is_ready()):
            return self.env._("Mailing: %(where)s", where=mailing.sentence)
        return super()._todo_sentence()

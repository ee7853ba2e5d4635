from babel.dates import format_date as babel_date

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import compare, given, merge

#: what becomes of a text that somebody changed when the model is filled in again
MODES = ("keep", "append", "replace")


class DeskOutgoing(models.Model):
    """The model of a letter: filled in, and filled in again without losing what was written since."""

    _name = "desk.outgoing"
    _inherit = ["desk.outgoing", "gov.template.subject"]

    template_id = fields.Many2one(
        "gov.template",
        string="Model",
        check_company=True,
        ondelete="set null",
        domain="[('kind', '=', template_kind), ('lang', '=', lang), "
        "('company_id', 'in', (company_id, False))]",
    )
    template_kind = fields.Char(compute="_compute_template_kind")
    merged_template_id = fields.Many2one(
        "gov.template",
        string="Model that was filled in",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    merged_body = fields.Html(
        string="Text as the model gave it",
        readonly=True,
        copy=False,
        sanitize=True,
        sanitize_style=True,
    )
    is_edited = fields.Boolean(
        compute="_compute_is_edited", help="The text differs from what the model gave."
    )

    @api.depends("kind")
    def _compute_template_kind(self):
        for outgoing in self:
            outgoing.template_kind = "note" if outgoing.kind == "note" else "letter"

    @api.depends("body", "merged_body")
    def _compute_is_edited(self):
        for outgoing in self:
            outgoing.is_edited = outgoing._has_text() and not compare.is_same(
                outgoing._clean_text(outgoing.body),
                outgoing._clean_text(outgoing.merged_body),
            )

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if not self.template_id:
            return None
        if self.is_edited:
            return {
                "warning": {
                    "title": self.env._("Your text was kept"),
                    "message": self.env._(
                        "The text was changed by hand: choosing a model does not replace it. "
                        "Save, then press “Fill in again” to see what the model would say."
                    ),
                }
            }
        self.subject, self.body = self._merged()
        self.merged_body = self.body
        return None

    @api.model_create_multi
    def create(self, vals_list):
        drafts = super().create(vals_list)
        for draft, vals in zip(drafts, vals_list, strict=True):
            if vals.get("template_id") and vals.get("body"):
                draft._remember_merge()
        return drafts

    def write(self, vals):
        result = super().write(vals)
        if vals.get("template_id") and vals.get("body"):
            for draft in self.filtered(lambda draft: draft.state == "draft"):
                draft._remember_merge()
        return result

    def action_apply_template(self, template_id=None, mode=None):
        """Fill in this draft with its model, or with another one.

        A text that nobody changed since it was filled in is renewed at once. One that was changed is not: without
        ``mode``, a form shows both and asks. What is replaced stays among the versions.

        :param int template_id: ``gov.template``; by default the one that is chosen
        :param str mode: ``keep`` (what was written stays, the rest is renewed), ``append`` (the text of the model
            under what was written) or ``replace``
        :return: True, or an action: the form that asks, or a notice
        :raise UserError: submitted already, no template, unknown mode, or a field that the template does not know
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("write")
        if template_id:
            template = self.env["gov.template"].browse(given.record_id(template_id))
            # One that the user may not read is unknown to him.
            chosen = template.exists()._filtered_access("read")
            self._check_template(chosen)
            self.template_id = chosen
        if not self.template_id:
            raise UserError(self.env._("Choose a model first."))
        if mode and (not isinstance(mode, str) or mode not in MODES):
            raise UserError(
                self.env._(
                    "Choose what becomes of the text: keep what was written, put the model under it, or replace it."
                )
            )
        if self.is_edited and not mode:
            return self._open_form("desk.merge.wizard", self.env._("Fill in again"))
        return self._fill_in(mode or "replace")

    def _check_template(self, template):
        """Raise unless a template is one for such a letter."""
        if template and (
            template.kind != self.template_kind
            or template.company_id.id not in (False, self.company_id.id)
        ):
            raise UserError(
                self.env._(
                    "The model %(model)s is not one for this letter: choose one of the list.",
                    model=template.display_name,
                )
            )

    def _fill_in(self, mode):
        """Write the text of the model in this draft; the version before is kept."""
        self._lock()
        if self.state != "draft":
            raise UserError(self._impossible_sentence("validating"))
        subject, theirs = self._merged()
        body, clashes = self._joined(mode, theirs)
        vals = {"body": body}
        if mode == "replace" or not self.subject:
            vals["subject"] = subject
        self.write(vals)
        self._remember_merge()
        self._log("merged", {"text": self.template_id.name})
        if not clashes:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self._clash_sentence(clashes),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _clash_sentence(self, clashes):
        return self.env._(
            "Places that you and the model both changed: %(count)s. Your words stayed there: read them again.",
            count=clashes,
        )

    def _joined(self, mode, theirs):
        """The text this draft would have.

        :return: (HTML, number of places where the author's words stayed though the model changed too)
        :rtype: tuple[markupsafe.Markup, int]
        """
        mine = self._clean_text(self.body)
        if mode == "replace" or not self._has_text():
            return theirs, 0
        if mode == "append":
            return mine + theirs, 0
        if self.merged_template_id != self.template_id:
            # Nothing is common to two models: what was written is all that is kept.
            return mine, 0
        return compare.renewed(self._clean_text(self.merged_body), mine, theirs)

    def _remember_merge(self):
        """Keep what the model gives now: what differs from it later was written by a person."""
        _subject, body = self._merged()
        self._desk_write(
            {"merged_body": body, "merged_template_id": self.template_id.id}
        )

    @api.model
    def _clean_text(self, body):
        try:
            return merge.clean_html(body)
        except merge.TooLong as error:
            raise UserError(
                self.env._(
                    "The text is too long for a letter: pictures take most of the room, "
                    "make them smaller or remove them."
                )
            ) from error

    def _merged(self):
        """Return (subject, body) of the chosen template with the facts of this letter."""
        subject, body = self.template_id._merge_for(self)
        return (subject or self.subject or "")[:240], body

    def _mail_words(self):
        """Return (subject, body) of the e-mail that carries this letter, empty for the usual ones.

        They are those of the administration's template; one that cannot be filled in keeps no letter from leaving.
        """
        template = self.env["gov.template"]._pick("mail", self.company_id, self.lang)
        if not template or template._merge_refusal():
            return "", ""
        return template._merge_for(self)

    def _template_unit(self):
        return self.unit_id

    def _template_values(self, template, lang):
        """Return {key: text} for templates: facts of this letter and of what it answers."""
        self.ensure_one()
        # The author is named to whoever writes for him.
        unit, author = self.unit_id, self.user_id.sudo()
        return {
            **self.answers_id._letter_values(lang, lists=True),
            **template._merge_base_values(
                self.company_id, unit=unit, author=author, lang=lang
            ),
            "letter_subject": self.answers_id.subject or self.subject or "",
            "recipient": self.recipient_name or "",
            "recipient_position": self.recipient_position or "",
            "recipient_address": self.recipient_address or "",
            "reference": self.reference,
            "number": self.number or "",
            "signatory": self.signatory_name or "",
            "signatory_quality": self.signatory_quality
            or unit.with_context(lang=lang).name
            or "",
            "annexes": [
                {"annex_number": str(number), "annex_name": name}
                for number, name in enumerate(self.document_ids.mapped("name"), 1)
            ],
            "recipients": self._merge_recipients(lang),
        }

    def _merge_recipients(self, lang):
        """Return the recipients, one dict each; a mailing has several."""
        if not self.recipient_name:
            return []
        return [
            {
                "recipient_rank": "1",
                "recipient_name": self.recipient_name,
                "recipient_quality": self.recipient_position or "",
            }
        ]

    def _template_pdf(self, template):
        """Return this letter as the template would make it, without changing it."""
        self.ensure_one()
        self.check_access("read")
        if template.kind not in ("letter", "note"):
            return super()._template_pdf(template)
        draft = self.new(origin=self) if self._origin else self
        draft.template_id, draft.lang = template, template.lang
        subject, body = template._merge(*template._values_for(draft))
        draft.update({"subject": (subject or draft.subject or "")[:240], "body": body})
        return draft._render_pdf()

    def _day(self, day, lang=None):
        """Return a date in words, in the language of the letter."""
        if not day:
            return ""
        lang = lang or self.lang
        locale = "fr" if lang.startswith(("fr", "zgh")) else lang
        return babel_date(day, "d MMMM y", locale=locale)

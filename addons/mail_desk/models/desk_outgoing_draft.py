import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib import text

from .desk_outgoing import LINES


class DeskOutgoing(models.Model):
    """The draft: its versions and its annexes."""

    _inherit = "desk.outgoing"

    version_count = fields.Integer(compute="_compute_version_count")
    document_ids = fields.One2many(
        "gov.document",
        "res_id",
        string="Annexes",
        domain=[("res_model", "=", "desk.outgoing"), ("role", "=", "annex")],
        readonly=True,
    )
    annex_file = fields.Binary(
        string="Add an annex",
        compute="_compute_annex_file",
        inverse="_inverse_annex_file",
        attachment=False,
        help="PDF, picture or office file. It is checked when the draft is saved.",
    )
    annex_filename = fields.Char(
        compute="_compute_annex_file", inverse="_inverse_annex_filename"
    )

    @api.depends("version_ids")
    def _compute_version_count(self):
        for outgoing in self:
            outgoing.version_count = len(outgoing.version_ids)

    def _compute_annex_file(self):
        self.annex_file = False
        self.annex_filename = False

    def _inverse_annex_filename(self):
        return

    def _inverse_annex_file(self):
        for outgoing in self:
            if outgoing.annex_file:
                try:
                    content = base64.b64decode(outgoing.annex_file)
                except ValueError as error:
                    raise UserError(
                        self.env._("The file did not arrive whole. Choose it again.")
                    ) from error
                outgoing._add_annex(
                    content, outgoing.annex_filename or self.env._("annex.pdf")
                )

    @api.model_create_multi
    def create(self, vals_list):
        # A default of the context is cleaned as what is given.
        defaults = self.default_get([*LINES, "recipient_address"])
        vals_list = [{**defaults, **vals} for vals in vals_list]
        for vals in vals_list:
            self._clean_vals(vals)
            self._check_protected(vals)
            self._fill_from_answered(vals)
        drafts = super().create(vals_list)
        for draft in drafts:
            draft._check_unit()
            draft._check_answers()
            draft._keep_version()
            draft._log("drafted", {})
        return drafts

    def write(self, vals):
        self._clean_vals(vals)
        self._check_protected(vals)
        result = super().write(vals)
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands a letter to an administration he may
            # not change.
            self.check_access("write")
        if {"subject", "body"} & vals.keys():
            for draft in self.filtered(lambda draft: draft.state == "draft"):
                draft._keep_version()
        if {"unit_id", "company_id"} & vals.keys():
            self._check_unit()
        if "answers_id" in vals:
            self._check_answers()
        return result

    @api.model
    def _fill_from_answered(self, vals):
        """Fill in who gets a reply and about what, from the letter it answers."""
        letter = (
            self.env["registry.letter"].browse(vals.get("answers_id") or ()).exists()
        )
        if vals.get("kind") != "reply" or not letter:
            return
        for name, value in self._answer_vals(letter).items():
            vals.setdefault(name, value)

    @api.model
    def _answer_vals(self, letter):
        """Return the values a reply to ``letter`` begins with."""
        letter.check_access("read")
        party = letter._main_party()
        row = letter._desk_row()
        unit = row.unit_id or letter.desk_unit_id
        head = self.env["gov.access"]._heads(unit)[:1]
        langs = dict(self._selection_lang())
        wanted = {"ar": "ar_MA", "fr": "fr_FR", "en": "en_US"}.get(letter.language)
        return {
            "company_id": letter.company_id.id,
            "unit_id": unit.id,
            "recipient_name": letter.sender_name,
            "recipient_kind": letter.sender_kind,
            "recipient_position": party.position,
            "recipient_email": party.email,
            "recipient_address": party.address,
            "subject": self._reply_subject(letter),
            "lang": wanted if wanted in langs else next(iter(langs)),
            "signatory_name": head.sudo().name,
        }

    @api.model
    def _reply_subject(self, letter):
        return (letter.subject or "")[:240]

    def _check_unit(self):
        """Raise unless the user writes for a unit where he works, or supervises."""
        for draft in self:
            if not (self._desk_is("supervisor") or self._desk_works_in(draft.unit_id)):
                raise UserError(
                    self.env._(
                        "A letter is written for a unit you work in: choose one of "
                        "yours instead of %(unit)s.",
                        unit=draft.unit_id.name,
                    )
                )

    def _check_answers(self):
        """Raise unless a reply answers a letter that the author treats."""
        for draft in self:
            letter = draft.answers_id
            if draft.kind == "reply" and not letter:
                raise UserError(
                    self.env._("Choose the letter that is answered, or write a letter.")
                )
            if not letter:
                continue
            letter.check_access("read")
            if draft.kind != "reply":
                continue
            # A closing at this very moment counts the replies that are begun.
            letter.assignment_ids._lock()
            letter.invalidate_recordset()
            if refusal := letter._desk_reply_refusal():
                raise refusal

    def _keep_version(self):
        """Keep the words of this draft as a version, when they changed."""
        self.ensure_one()
        digest = self.env["desk.outgoing.version"]._digest(self.subject, self.body)
        # Nobody may write versions; the draft itself was written just before.
        versions_sudo = self.sudo().version_ids._desk_gated()
        last = versions_sudo.sorted("number")[-1:]
        if last.digest == digest:
            return last
        return versions_sudo.create(
            {
                "outgoing_id": self.id,
                "number": (last.number or 0) + 1,
                "subject": self.subject,
                "body": self.body,
                "digest": digest,
                "user_id": self.env.uid,
            }
        )

    def action_compare(self):
        """Open the form that shows two versions of this draft in one text.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        return self._open_form(
            "desk.compare.wizard", self.env._("Compare two versions")
        )

    def _restore(self, version):
        self.ensure_one()
        self.check_access("write")
        if not version:
            raise UserError(self.env._("Choose the version to take again."))
        self.write({"subject": version.subject, "body": version.body})
        self._log("restored", {"number": version.number})

    def _add_annex(self, content, filename):
        """Check a file and attach it to this draft.

        :return: the ``gov.document.version``
        :raise UserError: not a draft any more, or the intake refused the file
        """
        self.ensure_one()
        self.check_access("write")
        # A submission at this moment names the annexes: one of both comes first.
        self._lock()
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "The letter %(letter)s was submitted: take it back to add an annex.",
                    letter=self.display_name,
                )
            )
        # Documents are written by the intake alone, whoever brings the file.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            version = documents_sudo._ingest(
                content,
                filename,
                company=self.company_id,
                owner=self,
                role="annex",
                origin="born_digital",
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal
        self.invalidate_recordset(["document_ids"])
        return version

    def _numbering_register(self):
        """Return the register that numbers this letter."""
        self.ensure_one()
        direction = "internal" if self.kind == "note" else "outgoing"
        register = self.office_id._get_register(direction)
        if not register:
            raise UserError(
                self.env._(
                    "The office %(office)s has no register for these letters yet: its "
                    "administrator has to create one.",
                    office=self.office_id.name or "–",
                )
            )
        return register

    def _has_text(self):
        return bool(text.clean_block(html2plaintext(self.body or "")))

    def _gov_document_locked(self, documents):
        """Answer the document: what was submitted keeps its files."""
        return self.state not in ("draft", "cancelled")

    def _log(self, kind, args):
        """Write a line of the timeline, on the letter that is answered when there is one."""
        self.ensure_one()
        return self.env["desk.event"]._log(
            kind, args, letter=self.answers_id or None, outgoing=self
        )

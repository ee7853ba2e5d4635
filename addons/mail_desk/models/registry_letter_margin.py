from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.gov_base.lib import margin, text
from odoo.addons.gov_base.lib.given import MAX_ID

from .desk_role_mixin import READERS

MAX_TEXT = 500
PDF = "application/pdf"


class RegistryLetter(models.Model):
    """Instructions in the margin of a letter, and the rendition that shows them."""

    _inherit = "registry.letter"

    margin_ids = fields.One2many(
        "desk.margin",
        "letter_id",
        string="In the margin",
        readonly=True,
        groups=READERS,
    )

    def action_write_margin(self, words=None, page=1):
        """Write an instruction in the margin of this letter.

        :param str words: at most 500 characters; without them, open the form that asks
        :param int page: page of the letter beside which it stands, from 1
        :return: True, or the window action of the form
        :raise UserError: no words, too many, or no such page
        :raise AccessError: neither head of the unit (or above) nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        if refusal := self._desk_margin_refusal():
            raise refusal
        if words is None:
            return self._desk_open_form(
                "desk.margin.wizard", self.env._("Write in the margin")
            )
        words = text.clean_block(words)
        if not words or len(words) > MAX_TEXT:
            raise UserError(
                self.env._(
                    "Write the instruction in at most %(most)s characters.",
                    most=MAX_TEXT,
                )
            )
        if type(page) is not int or not 0 < page <= MAX_ID:
            raise UserError(self.env._("Pages are counted from 1: choose one."))
        # Nobody may write the margin by himself: the gate was passed.
        margins_sudo = self.env["desk.margin"].sudo()._desk_gated()
        margins_sudo.create(
            {
                "letter_id": self.id,
                "company_id": self.company_id.id,
                "page": page,
                "text": words,
                "user_id": self.env.uid,
                "actor_name": self.env.user.name,
                "written_at": fields.Datetime.now(),
            }
        )
        self._desk_log("margin", {"text": words}, journal={"page": page})
        return True

    def _desk_margin_refusal(self):
        self.ensure_one()
        if not self.desk_state or self.desk_state == "closed":
            return UserError(
                self.env._(
                    "The letter %(letter)s is closed or not at the desk: nothing more is "
                    "written in its margin.",
                    letter=self.display_name,
                )
            )
        if self._desk_is("supervisor") or self._desk_heads(self.desk_unit_id):
            return None
        return AccessError(
            self.env._(
                "Only the head of the unit that has the letter, somebody above or a "
                "supervisor of the desk writes in its margin."
            )
        )

    def action_open_rendition(self):
        """Open the letter with what is written in its margin.

        :return: action that opens the PDF
        :raise UserError: the letter has no PDF that may be read yet
        """
        self.ensure_one()
        self.check_access("read")
        if self.desk_main_version_id.mime != PDF:
            raise UserError(
                self.env._(
                    "The letter has no PDF, or it is still being checked: there is nothing "
                    "to show a margin on."
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/desk/letter/{self.id}/margin.pdf",
            "target": "new",
        }

    def _desk_rendition(self):
        """Return the PDF with its margin, or None. The caller checked the right to read.

        :raise UserError: no rendition can be made of this file
        """
        self.ensure_one()
        version = self.desk_main_version_id
        if version.mime != PDF or not version._is_readable():
            return None
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        notes = [
            margin.Note(
                one.page - 1,
                one.text,
                self.env._(
                    "%(user)s, %(moment)s",
                    user=one.actor_name,
                    moment=format_datetime(self.env, one.written_at, dt_format="short"),
                ),
            )
            for one in self.margin_ids.filtered(lambda one: not one.struck_at)
        ]
        # The vault serves nobody by itself: the right on the letter was checked.
        content = version.sudo()._read_content()
        self.env["gov.consultation"]._log(version)
        try:
            return margin.rendition(
                content,
                notes,
                heading=self.display_name,
                rtl=bool(language) and language.direction == "rtl",
            )
        except margin.RenditionRefused as refusal:
            raise UserError(
                self.env._(
                    "This file cannot be shown with a margin (it is protected, broken or "
                    "very long): read it as it is; the instructions are in the history."
                )
            ) from refusal

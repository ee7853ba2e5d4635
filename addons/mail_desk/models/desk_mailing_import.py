import base64

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given, text

from ..lib import recipients as recipients_lib

SHOWN = 40


class DeskMailing(models.Model):
    """The list of recipients: pasted, read from a file, taken from contacts."""

    _inherit = "desk.mailing"

    def action_add_recipients(
        self, words=None, content=None, partner_ids=None, category_ids=None
    ):
        """Add recipients: a pasted list, a CSV file, contacts, all contacts of categories.

        What is there already is not added twice; lines that give no recipient are named in
        ``report``, with their number and why.

        :param str words: list, one recipient a line (see ``lib.recipients.parse``)
        :param str content: CSV file as base64 text, at most 2 MB
        :param list partner_ids: ids of ``res.partner`` that the user may read
        :param list category_ids: ids of ``res.partner.category``
        :return: True, or the window action of the form when nothing is given
        :raise UserError: the letter was submitted, the file is no text, nothing was found
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._check_list_open()
        if not any((words, content, partner_ids, category_ids)):
            return self._open_wizard(
                "desk.mailing.import.wizard", self.env._("Add recipients")
            )
        known = {
            recipients_lib.key(row.name, row.email, row.address)
            for row in self.recipient_ids
        }
        listed = "\n".join(
            filter(None, (self._given_words(words), self._given_file(content)))
        )
        rows, problems = recipients_lib.parse(listed, known)
        known |= {recipients_lib.key(row.name, row.email, row.address) for row in rows}
        vals_list = [
            {name: getattr(row, name) for name in recipients_lib.FIELDS} for row in rows
        ]
        partners, doubles = self._given_partners(partner_ids, category_ids, known)
        vals_list += partners
        if len(self.recipient_ids) + len(vals_list) > recipients_lib.MAX_ROWS:
            raise UserError(
                self.env._(
                    "A mailing has at most %(count)s recipients. Nothing was added: make "
                    "several.",
                    count=recipients_lib.MAX_ROWS,
                )
            )
        if not (vals_list or problems or doubles):
            raise UserError(self.env._("No recipient was found. Nothing was added."))
        # The list was found open for this user.
        rows_sudo = self.env["desk.mailing.recipient"].sudo()._desk_gated()
        rows_sudo.create([{**vals, "mailing_id": self.id} for vals in vals_list])
        self._write_gated({"report": self._import_report(vals_list, problems, doubles)})
        self.invalidate_recordset()
        return True

    def _given_words(self, words):
        if not words:
            return ""
        if not isinstance(words, str) or len(words) > recipients_lib.MAX_BYTES:
            raise UserError(self.env._("This is no list of recipients."))
        return words

    def _given_file(self, content):
        if not content:
            return ""
        try:
            raw = base64.b64decode(content, validate=True)
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            ) from error
        if len(raw) > recipients_lib.MAX_BYTES or raw[:4] in (b"PK\x03\x04", b"%PDF"):
            raise UserError(
                self.env._(
                    "The list is a text file (CSV) of at most 2 MB: save the sheet as CSV "
                    "and choose that file."
                )
            )
        return recipients_lib.decode(raw)

    def _given_partners(self, partner_ids, category_ids, known):
        """Return (values of new rows, names of contacts that are there already)."""
        partners = self.env["res.partner"].browse(given.record_ids(partner_ids))
        partners = partners.exists()._filtered_access("read")
        categories = given.record_ids(category_ids)
        if categories:
            partners |= self.env["res.partner"].search(
                [
                    ("category_id", "in", categories),
                    ("company_id", "in", (self.company_id.id, False)),
                ],
                limit=recipients_lib.MAX_ROWS + 1,
            )
        vals_list, doubles = [], []
        for partner in partners:
            address = partner._display_address(without_company=True)
            vals = {
                "name": partner.name or partner.display_name,
                "position": partner.function,
                "email": partner.email,
                "address": ", ".join(filter(None, address.split("\n"))),
            }
            key = recipients_lib.key(vals["name"], vals["email"], vals["address"])
            if key in known:
                doubles.append(vals["name"])
                continue
            known.add(key)
            vals_list.append(vals)
        return vals_list, doubles

    def _import_report(self, added, problems, doubles):
        env = self.env
        why = {
            "no_name": env._("no name"),
            "bad_email": env._("no e-mail address in the column for it"),
            "double": env._("on the list already"),
            "too_many": env._("too many recipients"),
        }
        lines = [
            env._(
                "line %(line)s: %(why)s – %(text)s",
                line=problem.line,
                why=why[problem.code],
                text=text.clean_line(problem.text),
            )
            for problem in problems
        ]
        lines += [
            env._("%(name)s: on the list already", name=text.clean_line(name))
            for name in doubles
        ]
        if not lines:
            return False
        head = env._(
            "%(added)s added, %(left)s not taken.", added=len(added), left=len(lines)
        )
        shown = lines[:SHOWN]
        if len(lines) > SHOWN:
            shown.append(env._("… and %(count)s more.", count=len(lines) - SHOWN))
        return "\n".join([head, *shown])

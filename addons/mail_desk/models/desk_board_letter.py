from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given


class DeskBoard(models.AbstractModel):
    """One letter of the board, with everything a decision needs, in few queries."""

    _inherit = "desk.board"

    @api.model
    def open(self, letter_id):
        """Return one letter as the board shows it, with what the user may do with it now.

        :param int letter_id: ``registry.letter``
        :return: dict of plain values: the letter, its documents (``version_id`` of each),
            ``can`` (dispatch, return, redirect, refuse), ``proposals``, ``came_back``
            (facts), and where the form begins: ``unit_id``, ``instruction_id``,
            ``due``, ``note``
        :raise UserError: no such letter, or not the user's to read any more
        """
        self._check_board()
        letter = self._letter(letter_id)
        # The user reads this letter: its line in the register and its route are part of it.
        letter_sudo = letter.sudo()
        entry_sudo = letter_sudo.entry_id
        row = letter_sudo._desk_row().with_env(self.env)
        return {
            "id": letter.id,
            "number": entry_sudo.number or letter.reference,
            "subject": letter.subject or "",
            "sender": letter.sender_name or "",
            "sender_reference": letter.sender_reference or "",
            "document_date": self._iso(letter.document_date),
            "registered_at": entry_sudo.registered_at
            and fields.Datetime.to_string(entry_sudo.registered_at),
            "company_id": letter.company_id.id,
            "body": letter.body or "",
            "documents": self._documents(letter),
            "state": letter.desk_state,
            "row_id": row.id,
            "unit_id": row.unit_id.id,
            "instruction_id": row.instruction_id.id,
            "due": self._iso(letter.desk_due_date),
            "is_late": letter.desk_is_late,
            "note": row.note or "",
            "from_unit_id": row.parent_id.unit_id.id,
            "came_back": self._came_back(letter),
            "can": self._can(row),
            "proposals": letter._desk_proposals() if row else [],
        }

    @api.model
    def _can(self, row):
        """Return {act: whether the user may}, from the gate."""
        mine = row._my_roles() if row else set()
        acts = {
            "dispatch": "assigned",
            "return": "returned",
            "redirect": "redirected",
            "refuse": "refused",
        }
        return {
            act: bool(row) and not row._transition_refusal(state, mine)
            for act, state in acts.items()
        }

    @api.model
    def _letter(self, letter_id):
        letters = self.env["registry.letter"]
        letter = letters.search_fetch(
            [("id", "=", given.record_id(letter_id))], letters._fields_of_board()
        )
        if not letter:
            raise UserError(
                self.env._(
                    "This letter is not, or no longer, yours to read: somebody sent it "
                    "elsewhere. The list was read again."
                )
            )
        return letter

    @api.model
    def _documents(self, letter):
        order = {"main": 0, "form": 1, "annex": 2}
        # Who reads the letter reads its list of documents; their content has its own door.
        documents_sudo = self.env["gov.document"].sudo()
        found = documents_sudo.search_fetch(
            [
                ("res_model", "=", letter._name),
                ("res_id", "=", letter.id),
                ("role", "!=", "rendition"),
            ],
            ["name", "role", "current_version_id"],
            order="id",
        )
        return [
            {
                "id": document.id,
                "name": document.name,
                "role": document.role,
                "version_id": document.current_version_id.id,
            }
            for document in found.sorted(lambda one: (order.get(one.role, 3), one.id))
        ]

    @api.model
    def _came_back(self, letter):
        """Return how units let go of this letter: plain facts, the last one first."""
        return [
            {
                "what": row.state,
                "unit_id": row.unit_id.id,
                "date": row.closed_at.date().isoformat(),
                "reason": row.reason or "",
            }
            for row in letter._desk_misrouted()[:5]
        ]

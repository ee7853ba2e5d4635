from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.gov_base.lib import given

MOST = 200
#: what a dispatch from the board may say; anything else is not heard
ASKED = (
    "unit_id",
    "user_id",
    "instruction_id",
    "due_date",
    "note",
    "copy_unit_ids",
    "copy_user_ids",
    "opinion_user_ids",
    "opinion_question",
    "opinion_due",
    "visa_user_ids",
    "sign_user_id",
    "circuit_id",
)


class DeskBoard(models.AbstractModel):
    """What the board does to letters: each by itself, so that one does not hold the others."""

    _inherit = "desk.board"

    @api.model
    def dispatch(self, letter_ids, values, rows=None):
        """Dispatch letters with one form.

        :param list letter_ids: ids of ``registry.letter``, at most 200
        :param dict values: parameters of ``desk.assignment.action_dispatch``: ``unit_id``
            (required), ``user_id``, ``instruction_id``, ``due_date``, ``note``,
            ``copy_unit_ids``, ``copy_user_ids``, ``opinion_user_ids``,
            ``opinion_question``, ``opinion_due``, ``visa_user_ids``, ``sign_user_id``,
            ``circuit_id``
        :param dict rows: {letter id: ``row_id`` as it was shown}: what somebody did in
            the meantime is told, never done again on top of it
        :return: list of ``{"id", "number", "ok", "sentence"}``: those done are done, the
            others say why not
        :raise UserError: nothing chosen, too many, no unit
        """
        self._check_board()
        values = {
            name: value for name, value in self._dict(values).items() if name in ASKED
        }
        if not given.record_id(values.get("unit_id")):
            raise UserError(
                self.env._("Choose the unit first: a letter is always with a unit.")
            )
        return self._each(letter_ids, lambda row: row.action_dispatch(**values), rows)

    @api.model
    def dispatch_as_proposed(self, letter_ids, values=None, rows=None):
        """Dispatch each letter to the unit and agent that are proposed for it first.

        :param list letter_ids: ids of ``registry.letter``, at most 200
        :param dict values: what is said to all: ``instruction_id``, ``due_date``, ``note``
        :param dict rows: as for ``dispatch``
        :return: as ``dispatch``; a letter without proposal stays
        """
        self._check_board()
        common = self._dict(values)
        common = {
            name: common[name]
            for name in ("instruction_id", "due_date", "note")
            if common.get(name)
        }

        letters = self.env["registry.letter"].search(
            [("id", "in", given.record_ids(letter_ids)[:MOST])]
        )
        proposals = letters._desk_proposals_by_letter()

        def act(row):
            best = next(iter(proposals.get(row.letter_id.id, [])), None)
            if not best:
                raise UserError(
                    self.env._("Nothing is proposed for this letter: choose its unit.")
                )
            row.action_dispatch(unit_id=best["unit"], user_id=best["user"], **common)

        return self._each(letter_ids, act, rows)

    @api.model
    def move(self, letter_ids, act, values=None, rows=None):
        """Return, redirect, refuse or take back letters.

        :param list letter_ids: ids of ``registry.letter``, at most 200
        :param str act: "return", "redirect", "refuse" or "withdraw"
        :param dict values: ``reason``; for a redirection also ``unit_id``, ``keep_copy``
        :param dict rows: as for ``dispatch``
        :return: as ``dispatch``
        :raise UserError: nothing chosen, no such act
        """
        self._check_board()
        values = self._dict(values)
        reason = values.get("reason") or ""
        acts = {
            "return": lambda row: row.action_return(reason),
            "refuse": lambda row: row.action_refuse(reason),
            "withdraw": lambda row: row.action_withdraw(reason),
            "redirect": lambda row: row.action_redirect(
                given.record_id(values.get("unit_id")),
                reason,
                keep_copy=bool(values.get("keep_copy")),
            ),
        }
        if not isinstance(act, str) or act not in acts:
            raise UserError(
                self.env._("Return, redirect, refuse or take back: choose one of them.")
            )
        return self._each(letter_ids, acts[act], rows)

    @api.model
    def _dict(self, values):
        return values if isinstance(values, dict) else {}

    @api.model
    def _each(self, letter_ids, act, rows):
        """Call ``act`` on the row of each letter, each in its own savepoint."""
        ids = given.record_ids(letter_ids)
        if not ids:
            raise UserError(self.env._("Choose at least one letter."))
        if len(ids) > MOST:
            raise UserError(
                self.env._(
                    "%(count)s letters at once are too many: choose at most %(most)s.",
                    count=len(ids),
                    most=MOST,
                )
            )
        rows = {str(key): row for key, row in self._dict(rows).items()}
        return [
            self._try_one(letter_id, act, rows.get(str(letter_id))) for letter_id in ids
        ]

    @api.model
    def _try_one(self, letter_id, act, row_id):
        result = {"id": letter_id, "number": "", "ok": False, "sentence": ""}
        try:
            letter = self._letter(letter_id)
            result["number"] = letter.display_name
            with self.env.cr.savepoint():
                act(self._seen(letter, row_id) or letter._desk_rows())
        except (AccessError, UserError, ValidationError) as error:
            result["sentence"] = str(error)
            return result
        result.update(ok=True, sentence=self._where(letter))
        return result

    @api.model
    def _seen(self, letter, row_id):
        """Return the row that was on the screen, if it is one of this letter."""
        row_id = given.record_id(row_id)
        return letter.assignment_ids.filtered(lambda row: row.id == row_id)

    @api.model
    def _where(self, letter):
        """Return with whom the letter is now; who gave it away is told once more."""
        # Who acted reads where his act brought the letter, even when he reads it no more.
        letter_sudo = letter.sudo()
        return letter_sudo._desk_row().display_name or ""

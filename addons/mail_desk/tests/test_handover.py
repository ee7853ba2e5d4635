from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_absence import AbsenceDeskCase


@tagged("post_install", "-at_install")
class TestHandover(AbsenceDeskCase):
    def _handover(self, by, user, *targets, **vals):
        return (
            self.env["desk.handover"]
            .with_user(by)
            .create(
                {
                    "user_id": user.id,
                    "reason": "Mutation",
                    "company_id": self.company.id,
                    "target_ids": [
                        Command.create(
                            {
                                "unit_id": unit and unit.id,
                                "user_ids": [Command.set(users.ids)],
                            }
                        )
                        for unit, users in targets
                    ],
                    **vals,
                }
            )
        )

    def test_everything_open_moves(self):
        letters = self._assigned() | self._assigned()
        asked = self._arrived()
        self._row(asked, self.hu).action_dispatch(user_id=self.au2.id)
        asked.with_user(self.au2).action_ask_opinion(
            user_ids=self.au.ids, question="Oui ?"
        )
        reply = self._reply(letters[0])
        self.au.active = False
        handover = self._handover(self.supervisor, self.au, (False, self.au2))
        self.assertEqual(handover.open_count, 2)
        handover.action_process()
        self.assertEqual((handover.moved_count, handover.left_count), (4, 0))
        self.assertEqual(letters.desk_user_id, self.au2)
        self.assertEqual(set(letters.mapped("desk_state")), {"assigned"})
        self.assertEqual(reply.sudo().user_id, self.au2)
        self.assertEqual(asked.run_ids.current_user_ids, self.au2)
        self.assertIn(
            "SUPERVISOR Desk gave the letter of AU Desk to AU2 Desk (Urbanisme) – Mutation.",
            self._sentences(letters[1], self.hu),
        )
        kinds = self.env["gov.journal.event"].search([("kind", "=", "desk.reassigned")])
        self.assertGreaterEqual(len(kinds), 2)
        with self.refused(UserError, "done already"):
            handover.action_process()
        with self.refused(UserError, "done already"):
            handover.write({"reason": "x"})

    def test_several_share(self):
        extra = self._person("au3", self.urbanism)
        letters = self.env["registry.letter"].union(
            *(self._assigned() for _number in range(4))
        )
        handover = self._handover(self.hu, self.au, (self.urbanism, self.au2 | extra))
        handover.action_process()
        got = [letter.desk_user_id for letter in letters]
        self.assertEqual(got.count(self.au2), 2)
        self.assertEqual(got.count(extra), 2)

    def test_what_cannot_move_is_said(self):
        letter = self._assigned()
        handover = self._handover(self.hu, self.au, (False, self.al))
        handover.action_process()
        (line,) = handover.line_ids
        self.assertFalse(line.moved)
        self.assertIn("does not work in Urbanisme", line.sentence)
        self.assertEqual(letter.desk_user_id, self.au)

    def test_letters_of_other_units_are_counted_not_shown(self):
        self._assigned()
        self.legal.manager_id = self.people["hl"]
        elsewhere = self._register(unit_id=self.legal.id)
        self.people["au"].sudo().department_id = self.legal
        self._row(elsewhere, self.hl).action_dispatch(user_id=self.au.id)
        self.people["au"].sudo().department_id = self.urbanism
        handover = self._handover(self.hu, self.au, (False, self.au2))
        handover.action_process()
        left = handover.line_ids.filtered(lambda line: not line.moved)
        self.assertIn("1 more are in units", left.sentence)
        self.assertFalse(left.letter_id)
        self.assertEqual(elsewhere.desk_user_id, self.au)

    def test_letters_of_opinions_are_not_named_to_who_may_not_read_them(self):
        elsewhere = self._register(unit_id=self.legal.id)
        self._row(elsewhere, self.hl).action_dispatch(user_id=self.al.id)
        elsewhere.with_user(self.al).action_ask_opinion(
            user_ids=self.au.ids, question="Oui ?"
        )
        self._assigned()
        self.assertFalse(elsewhere.with_user(self.hu).has_access("read"))
        handover = self._handover(self.hu, self.au, (False, self.au2))
        handover.action_process()
        line = handover.line_ids.filtered(lambda one: one.what == "opinion")
        self.assertEqual(len(line), 1)
        self.assertFalse(line.sudo().letter_id)

    def test_who_got_them_stays_written(self):
        self._assigned()
        handover = self._handover(self.hu, self.au, (False, self.au2))
        handover.action_process()
        to = {"user_ids": [Command.set(self.al.ids)]}
        for change in (
            lambda: handover.target_ids.write(to),
            lambda: handover.target_ids.unlink(),
            lambda: handover.target_ids.create({"handover_id": handover.id, **to}),
        ):
            with self.refused(UserError, "done already"), self.env.cr.savepoint():
                change()

    def test_a_validator_does_not_become_the_author(self):
        reply = self._reply(self._assigned())
        reply.action_submit(levels=1)
        handover = self._handover(
            self.supervisor, self.au, (False, self.hu), letters=False
        )
        handover.action_process()
        line = handover.line_ids.filtered(lambda one: one.what == "draft")
        self.assertIn("validates this letter", line.sentence)

    def test_who_may(self):
        self._assigned()
        for by in (self.al, self.hl, self.au2):
            handover = self._handover(by, self.au, (False, self.au2))
            with self.refused(AccessError, "Only who heads a unit"):
                handover.action_process()
        handover = self._handover(self.supervisor, self.au, (False, self.stranger))
        with self.refused(UserError, "other active people"):
            handover.action_process()
        handover = self._handover(self.supervisor, self.au, (False, self.au))
        with self.assertRaises(UserError):
            handover.action_process()
        with self.assertRaises(AccessError):
            handover.with_user(self.hu).read(["reason"])
        with self.assertRaises(AccessError):
            handover.with_user(self.stranger).read(["reason"])

    def test_by_rpc(self):
        handover = self._handover(self.supervisor, self.au, (False, self.au2))
        for vals in (
            {"state": "done"},
            {"line_ids": [Command.create({"moved": True})]},
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                handover.with_context(desk_gate=True).write(vals)
        row = self._row(self._assigned(), self.hu)
        for hostile in (
            None,
            "1",
            [1],
            {"a": 1},
            -1,
            2**70,
            self.stranger.id,
            self.au.id,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                row.action_reassign(user_id=hostile, reason="x")
        with self.assertRaises(UserError):
            row.action_reassign(user_id=self.au2.id, reason="  ")
        with self.assertRaises(AccessError):
            row.with_user(self.au).action_reassign(user_id=self.au2.id, reason="x")
        row.action_reassign(user_id=self.au2.id, reason="Charge")
        with self.refused(UserError, "given to somebody else already"):
            row.action_reassign(user_id=self.au.id, reason="x")

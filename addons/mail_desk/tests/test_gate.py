from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged

from odoo.addons.mail_desk.models.desk_assignment_gate import TRANSITIONS

from .common import DeskCase


@tagged("post_install", "-at_install", "gov_acl")
class TestGate(DeskCase):
    """Roles × transitions, and every way round them."""

    def _try(self, row, act, user):
        row = row.with_user(user)
        with self.env.cr.savepoint(flush=True) as savepoint:
            try:
                if act == "assigned":
                    row.action_dispatch(user_id=self.au.id)
                elif act == "returned":
                    row.action_return("why")
                elif act == "redirected":
                    row.action_redirect(self.legal.id, "why")
                elif act == "refused":
                    row.action_refuse("why")
                elif act == "withdrawn":
                    row.action_withdraw()
                elif act == "reassigned":
                    row.action_reassign(self.au2.id, "why")
                else:
                    row.action_done("why")
                return True
            except (AccessError, UserError):
                return False
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def test_roles_and_transitions(self):
        waiting = self._register()
        self._row(waiting, self.hs).action_dispatch(unit_id=self.urbanism.id)
        given = self._register()
        self._row(given, self.hs).action_dispatch(
            unit_id=self.urbanism.id,
            user_id=self.au.id,
            instruction_id=self.information.id,
        )
        may = {
            "head": (self.hu, self.dg),
            "giver": (self.hs, self.dg),
            "holder": (self.au,),
            "supervisor": (self.supervisor,),
        }
        outside = (
            self.au2,
            self.al,
            self.hl,
            self.hs,
            self.stranger,
            self.registrar,
            self.head,
            self.auditor,
            self.desk_admin,
            self.desk_auditor,
            self.env.ref("base.public_user"),
        )
        for (state, new), roles in TRANSITIONS.items():
            letter = waiting if state == "to_dispatch" else given
            row = self._row(letter)
            self.assertEqual(row.state, state)
            allowed = {user for role in roles for user in may[role]}
            for user in {*allowed, *outside, self.au}:
                self.assertEqual(
                    self._try(row, new, user),
                    user in allowed,
                    f"{user.login}: {state} → {new}",
                )

    def test_buttons_say_what_the_gate_says(self):
        informed = self._assigned(instruction_id=self.information.id)
        for letter in (self._arrived(), self._assigned(), informed):
            row = self._row(letter)
            for user in (
                self.hu,
                self.au,
                self.au2,
                self.supervisor,
                self.desk_auditor,
            ):
                mine = row.with_user(user)
                mine.invalidate_recordset()
                for act, button in (
                    ("assigned", "can_dispatch"),
                    ("returned", "can_return"),
                    ("redirected", "can_redirect"),
                    ("refused", "can_refuse"),
                    ("withdrawn", "can_withdraw"),
                    ("done", "can_done"),
                ):
                    self.assertEqual(
                        mine[button], self._try(row, act, user), f"{user.login} {act}"
                    )

    def test_nothing_by_write(self):
        letter = self._assigned()
        row = self._row(letter)
        everybody = (self.au, self.hu, self.supervisor, self.desk_admin, self.head)
        for user in everybody:
            for values in ({"state": "done"}, {"user_id": user.id}, {"unit_id": 1}):
                with self.assertRaises(AccessError):
                    row.with_user(user).write(values)
            with self.assertRaises(AccessError):
                row.with_user(user).create(
                    {"letter_id": letter.id, "company_id": self.company.id}
                )
            with self.assertRaises(UserError):
                row.with_user(user).unlink()
            for values in (
                {"desk_state": "closed"},
                {"desk_user_id": user.id},
                {"desk_unit_id": self.legal.id},
                {"desk_closing": "answered"},
            ):
                with self.assertRaises(AccessError):
                    letter.with_user(user).write(values)
        # A context that comes by RPC is data: it cannot hold the gate's object.
        forged = row.sudo().with_context(desk_gate=True)
        with self.assertRaises(AccessError):
            forged.write({"state": "done"})
        with self.assertRaises(AccessError):
            forged.create({"letter_id": letter.id, "company_id": self.company.id})
        with self.assertRaises(UserError):
            forged.unlink()

    def test_defaults_of_the_context_are_not_heard(self):
        letter = self._assigned()
        forged = {
            "default_state": "done",
            "default_user_id": self.stranger.id,
            "default_audience": "unit",
        }
        row = self._row(letter, self.au).with_context(**forged)
        row.action_redirect(self.legal.id, "Contentieux")
        following = self._row(letter)
        self.assertEqual(
            (following.state, following.user_id.id), ("to_dispatch", False)
        )
        self.assertEqual(set(letter.desk_event_ids.mapped("audience")), {"letter"})

    def test_a_draft_letter_carries_nothing_of_the_desk(self):
        with self.assertRaises(AccessError):
            self._draft(desk_state="to_dispatch")
        with self.assertRaises(AccessError):
            self._draft(desk_user_id=self.au.id)

    def test_twice(self):
        letter = self._arrived()
        row = self._row(letter, self.hu)
        row.action_dispatch(user_id=self.au.id, instruction_id=self.information.id)
        with self.refused(
            UserError, "dispatched already, by HU Desk to Urbanisme – AU"
        ):
            row.with_user(self.dg).action_dispatch(user_id=self.au2.id)
        row.with_user(self.au).action_done()
        for act in ("action_return", "action_done"):
            with self.refused(UserError, "done already"):
                getattr(row.with_user(self.au), act)("x")

    def test_at_the_same_moment(self):
        row = self._row(self._arrived(), self.hu)
        with (
            patch.object(
                self.env.registry["desk.assignment"],
                "lock_for_update",
                side_effect=LockError("locked"),
            ),
            self.refused(UserError, "at this very moment"),
        ):
            row.action_dispatch(user_id=self.au.id)
        self.assertEqual(row.state, "to_dispatch")

    def test_out_of_turn(self):
        letter = self._register()
        first = self._row(letter, self.hs)
        first.action_dispatch(unit_id=self.urbanism.id)
        with self.refused(UserError, "is with Urbanisme now"):
            first.action_return("x")
        with self.refused(UserError, "is with Urbanisme now"):
            first.action_redirect(self.legal.id, "x")
        with self.refused(UserError, "dispatched already|is with Urbanisme now"):
            first.action_dispatch(unit_id=self.legal.id)
        with self.refused(AccessError, "Only the head of Urbanisme"):
            self._row(letter, self.au).action_dispatch(user_id=self.au.id)

    def test_wrong_targets(self):
        letter = self._arrived()
        row = self._row(letter, self.hu)
        with self.refused(UserError, "does not work in Urbanisme"):
            row.action_dispatch(user_id=self.al.id)
        with self.refused(UserError, "This person does not work"):
            row.action_dispatch(user_id=self.stranger.id)
        with self.refused(UserError, "not one of the administration"):
            row.action_dispatch(unit_id=self.other_unit.id)
        with self.refused(UserError, "not one of the administration"):
            row.action_dispatch(user_id=self.au.id, copy_unit_ids=self.other_unit.ids)
        with self.refused(UserError, "not one of the administration"):
            row.action_redirect(self.other_unit.id, "x")
        with self.refused(UserError, "not one of the administration"):
            row.action_redirect(10**6, "x")
        with self.refused(UserError, "choose another unit"):
            row.action_redirect(self.urbanism.id, "x")
        with self.refused(UserError, "due date is past"):
            row.action_dispatch(
                user_id=self.au.id,
                due_date=fields.Date.context_today(row) - timedelta(days=1),
            )
        foreign = self.env["desk.instruction"].create(
            {"name": "x", "company_id": self.other_company.id}
        )
        with self.refused(UserError, "another administration"):
            row.action_dispatch(user_id=self.au.id, instruction_id=foreign.id)
        self.assertEqual(row.state, "to_dispatch")

    def test_reasons_are_asked(self):
        row = self._row(self._assigned(), self.au)
        with self.refused(UserError, "Say why"):
            row.action_return("  ")
        with self.refused(UserError, "Say why"):
            row.action_redirect(self.legal.id, "")
        self.assertEqual(row.action_return()["res_model"], "desk.move.wizard")
        self.assertEqual(row.action_redirect()["res_model"], "desk.move.wizard")

    def test_another_administration(self):
        letter = self._arrived()
        row = self._row(letter)
        for user in (self.stranger, self.users["head2"]):
            with self.assertRaises(AccessError):
                row.with_user(user).action_dispatch(user_id=self.au.id)
            with self.assertRaises(AccessError):
                letter.with_user(user).action_close("x")
            self.assertFalse(row.with_user(user).search([]) & row)

    def test_who_moves_loses_his_rights_at_once(self):
        letter = self._assigned()
        self.assertTrue(letter.with_user(self.au2).has_access("read"))
        self.people["au2"].department_id = self.legal
        self.assertFalse(letter.with_user(self.au2).has_access("read"))
        self.urbanism.manager_id = self.people["au2"]
        self.assertTrue(self._row(letter, self.au2).can_return)
        self.assertFalse(self._row(letter).with_user(self.hl).can_return)

    def test_archived_unit(self):
        letter = self._arrived()
        self.legal.active = False
        with self.refused(UserError, "not one of the administration"):
            self._row(letter, self.hu).action_redirect(self.legal.id, "x")

    def test_timeline_and_proofs_are_written_by_nobody(self):
        letter = self._assigned()
        event = letter.desk_event_ids[:1]
        for user in (self.au, self.supervisor, self.desk_admin):
            with self.assertRaises(AccessError):
                event.with_user(user).write({"kind": "closed"})
            with self.assertRaises(AccessError):
                event.with_user(user).create(
                    {"letter_id": letter.id, "company_id": 1, "kind": "closed"}
                )
        with self.assertRaises(AccessError):
            event.sudo().write({"kind": "closed"})
        with self.assertRaises(AccessError):
            self.env["desk.sending"].sudo().create({"channel": "post"})

    def test_state_of_a_draft_by_write(self):
        outgoing = self.env["desk.outgoing"].with_user(self.au)
        with self.assertRaises(AccessError):
            outgoing.create({"kind": "letter", "state": "validated"})
        with self.assertRaises(AccessError):
            outgoing.create({"kind": "letter", "user_id": self.hu.id})
        draft = outgoing.create({"kind": "letter", "subject": "x"})
        for vals in (
            {"state": "validated"},
            {"reference": "2026/1"},
            {"user_id": self.hu.id},
            {"run_id": 1},
        ):
            with self.assertRaises(AccessError):
                draft.write(vals)
            with self.assertRaises(AccessError):
                draft.sudo().with_context(desk_gate=True).write(vals)
        with self.assertRaises(AccessError):
            draft.with_user(self.al).write({"subject": "y"})
        with self.assertRaises(UserError):
            draft.with_user(self.au2).unlink()
        draft.unlink()

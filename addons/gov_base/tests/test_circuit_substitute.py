from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_absence import AbsenceCase
from .common_circuit import CircuitCase


@tagged("post_install", "-at_install", "gov_circuit")
class TestCircuitSubstitute(CircuitCase, AbsenceCase):
    """Acting in the place of an absent person: both are written, and nobody signs for another."""

    def visa(self, who=None, **options):
        return self.start(("Visa", "visa", who or self.head), **options)

    def test_both_are_written(self):
        run = self.visa()
        with self.refused(AccessError, "may not read|You are not among"):
            self.act(run, self.treasurer)
        self.away(self.head, self.treasurer, last=7)
        run.invalidate_recordset()
        self.assertTrue(run.with_user(self.treasurer).can_act)
        self.act(run, self.treasurer, comment="Vu")
        self.assertEqual(run.state, "done")
        row = run.actor_ids
        self.assertEqual((row.user_id, row.acted_by_id), (self.head, self.treasurer))
        self.assertRegex(
            row.acted_name, r"^gov_treasurer.* for gov_head.* \(absent until 1?\d/"
        )
        self.assertEqual(row._line()["name"], row.acted_name)
        event = self.env["gov.journal.event"].search(
            [("kind", "=", "circuit.acted")], order="id desc", limit=1
        )
        self.assertIn(f'"for":{self.head.id}', str(event.body))
        self.assertIn(f'"user":{self.treasurer.id}', str(event.body))

    def test_before_and_after_he_does_nothing(self):
        run = self.visa()
        absence = self.away(self.head, self.treasurer, first=1)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.act(run, self.treasurer)
        absence.with_user(self.head).write({"date_from": self.today})
        run.invalidate_recordset()
        self.assertTrue(run.with_user(self.treasurer).can_act)
        absence.with_user(self.head).action_cancel()
        run.invalidate_recordset()
        self.assertFalse(run.with_user(self.treasurer).can_act)
        with self.assertRaises(AccessError):
            self.act(run, self.treasurer)

    def test_never_a_signature(self):
        # “validation” is the kind that the subject of tests does with a button of its own.
        run = self.start(("Sign", "validation", self.head))
        self.away(self.head, self.treasurer)
        self.assertFalse(run.with_user(self.treasurer).can_act)
        for call in (
            lambda: run.with_user(self.treasurer)._act(self.treasurer, "approve"),
            lambda: self.act(run, self.treasurer, "refuse", "Non"),
        ):
            with self.refused(UserError, "gives no power to sign"):
                call()
        for method, args in (
            ("action_transfer", (self.other.id, "x")),
            ("action_return", (run.step_ids.id, "x")),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                getattr(run.with_user(self.treasurer), method)(*args)

    def test_who_started_it_does_not_decide_in_it(self):
        run = self.visa(user=self.clerk)
        self.away(self.head, self.clerk)
        self.assertFalse(run.with_user(self.clerk).can_act)
        with self.refused(UserError, "You started this circuit"):
            self.act(run, self.clerk)
        with self.refused(UserError, "You started this circuit"):
            run.with_user(self.clerk).action_transfer(self.other.id, "x")

    def test_his_own_step_comes_first(self):
        run = self.start(("Visa", "visa", self.head | self.treasurer))
        self.away(self.head, self.treasurer)
        self.act(run, self.treasurer)
        rows = {row.user_id: row for row in run.actor_ids}
        self.assertFalse(rows[self.treasurer].acted_by_id)
        self.assertEqual(rows[self.head].state, "current")
        self.act(run, self.treasurer)
        self.assertEqual(rows[self.head].acted_by_id, self.treasurer)
        self.assertEqual(run.state, "done")

    def test_the_substitute_of_the_substitute(self):
        run = self.visa()
        self.away(self.head, self.other)
        self.away(self.other, self.treasurer)
        self.act(run, self.treasurer)
        self.assertEqual(run.actor_ids.acted_by_id, self.treasurer)

    def test_only_in_the_same_administration(self):
        both = self.head | self.treasurer
        both.sudo().company_ids += self.souissi
        run = self.start(
            ("Visa", "visa", self.head), subject=self.other_subject, user=self.stranger
        )
        self.away(self.head, self.treasurer)
        with self.assertRaises(AccessError):
            self.act(
                run.with_context(allowed_company_ids=(self.agdal | self.souissi).ids),
                self.treasurer,
            )
        rows = self.env["gov.circuit.run.actor"].with_user(self.treasurer)
        self.assertFalse(
            rows.sudo().search(run.with_user(self.treasurer)._my_actors_domain())
        )

    def test_the_administrator_hands_on_for_who_is_absent(self):
        run = self.visa()
        row = run.actor_ids
        with self.refused(UserError, "account is closed, or who is absent"):
            run.with_user(self.admin).action_transfer(
                self.other.id, "Congé", actor_id=row.id
            )
        self.away(self.head)
        run.with_user(self.admin).action_transfer(
            self.other.id, "Congé", actor_id=row.id
        )
        self.assertEqual(self.waits_for(run), self.other)

    def test_who_stands_in_does_not_withdraw(self):
        run = self.visa()
        self.away(self.head, self.treasurer)
        with self.refused(UserError, "only .* withdraws"):
            run.with_user(self.treasurer).action_recuse("My brother")
        self.assertFalse(run.with_user(self.treasurer).can_recuse)

    def test_one_person_one_vote(self):
        members = self.head | self.treasurer | self.director
        run = self.start(
            ("Board", "visa", members, {"mode": "quorum", "quorum": 2}),
        )
        self.away(self.head, self.treasurer)
        self.act(run, self.treasurer)
        with self.refused(UserError, "one person has one vote"):
            self.act(run, self.treasurer)
        self.assertFalse(run.with_user(self.treasurer).can_act)
        self.assertEqual(run.state, "running")
        self.act(run, self.director)
        self.assertEqual(run.state, "done")

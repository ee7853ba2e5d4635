from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_circuit import CircuitCase


@tagged("alone", "standard", "at_install")
class TestCircuitRun(CircuitCase):
    """The way of a document: serial, parallel, all, any, opinions, refusal, and every wrong click."""

    def test_serial(self):
        run = self.start(
            ("First", "visa", self.head), ("Second", "visa", self.director)
        )
        self.assertEqual(self.subject.run_id, run)
        self.assertEqual(run.initiator_id, self.clerk)
        self.assertEqual(self.waits_for(run), self.head)
        self.act(run, self.head, comment="Fine")
        self.assertEqual(self.waits_for(run), self.director)
        self.assertEqual(self.states(run), {"First": "done", "Second": "current"})
        self.act(run, self.director)
        self.assertEqual(run.state, "done")
        self.assertTrue(run.ended_at)
        self.assertFalse(self.waits_for(run))
        self.assertEqual(
            self.heard(),
            [
                "opened First",
                f"acted {self.head.name} approve",
                "opened Second",
                f"acted {self.director.name} approve",
                "done",
            ],
        )
        self.assertEqual(
            self.events(run), ["started", "opened", "acted", "opened", "acted", "done"]
        )
        first = run.step_ids[0].actor_ids
        self.assertEqual(first.decision, "approve")
        self.assertEqual(first.base, "v1")
        self.assertEqual(first.comment, "Fine")
        self.assertEqual(first.reason, f"Chosen by {self.clerk.name}")

    def test_all_of_them(self):
        run = self.start(("Both", "visa", self.head | self.director))
        self.act(run, self.head)
        self.assertEqual(run.state, "running")
        self.assertEqual(self.waits_for(run), self.director)
        self.act(run, self.director)
        self.assertEqual(run.state, "done")

    def test_one_of_them(self):
        run = self.start(
            ("One", "visa", self.head | self.director, {"mode": "any"}),
            ("Then", "visa", self.director),
        )
        self.assertEqual(self.waits_for(run), self.head | self.director)
        self.act(run, self.head)
        first = run.step_ids[0].actor_ids
        self.assertEqual(
            {row.user_id: row.state for row in first},
            {self.head: "done", self.director: "skipped"},
        )
        self.assertEqual(self.waits_for(run), self.director)

    def test_parallel_group_mixed(self):
        run = self.start(
            ("Law", "visa", self.head, {"rank": 1}),
            ("Money", "visa", self.director | self.clerk, {"rank": 1, "mode": "any"}),
            ("After", "visa", self.head, {"rank": 2}),
        )
        self.assertEqual(
            self.states(run), {"Law": "current", "Money": "current", "After": "waiting"}
        )
        self.act(run, self.director)
        self.assertEqual(
            self.states(run), {"Law": "current", "Money": "done", "After": "waiting"}
        )
        self.act(run, self.head)
        self.assertEqual(self.states(run)["After"], "current")

    def test_opinion_is_waited_for_when_it_comes_before(self):
        run = self.start(
            ("Opinion", "opinion", self.head), ("Decide", "visa", self.director)
        )
        with self.refused(UserError, "asks for an opinion"):
            self.act(run, self.head, "approve")
        with self.refused(UserError, "Write your opinion"):
            self.act(run, self.head, "opinion", "  ")
        self.act(run, self.head, "opinion", "I would not.")
        self.assertEqual(self.waits_for(run), self.director)
        with self.refused(UserError, "not for an opinion"):
            self.act(run, self.director, "opinion", "Me neither.")

    def test_opinion_beside_a_decision_does_not_hold_it(self):
        run = self.start(
            ("Opinion", "opinion", self.head, {"rank": 1}),
            ("Decide", "visa", self.director, {"rank": 1}),
        )
        self.act(run, self.director)
        self.assertEqual(run.state, "done")
        self.assertEqual(self.states(run), {"Opinion": "skipped", "Decide": "done"})
        with self.refused(UserError, "finished already"):
            self.act(run, self.head, "opinion", "Late")

    def test_sender_goes_on_without_an_opinion(self):
        run = self.start(
            ("Opinion", "opinion", self.head), ("Decide", "visa", self.director)
        )
        with self.refused(AccessError, "Only the sender"):
            run.with_user(self.head).action_go_on("I am away")
        run.with_user(self.clerk).action_go_on("He is away")
        self.assertEqual(run.step_ids[0].reason, "He is away")
        self.assertEqual(self.states(run), {"Opinion": "skipped", "Decide": "current"})
        with self.refused(UserError, "Only opinions"):
            run.with_user(self.clerk).action_go_on("In a hurry")
        self.assertIn("left_out", self.events(run))

    def test_refusal_ends(self):
        run = self.start(
            ("Both", "visa", self.head | self.director), ("Then", "visa", self.clerk)
        )
        with self.refused(UserError, "reason of your refusal"):
            self.act(run, self.head, "refuse")
        self.act(run, self.head, "refuse", "Not in the budget")
        self.assertEqual(run.state, "refused")
        self.assertEqual(run.reason, "Not in the budget")
        self.assertEqual(self.states(run), {"Both": "refused", "Then": "skipped"})
        self.assertEqual(set(run.actor_ids.mapped("state")), {"done", "skipped"})
        self.assertFalse(self.waits_for(run))
        self.assertEqual(self.heard()[-1], f"refused {self.head.name}")
        with self.refused(UserError, "refused already"):
            self.act(run, self.director)

    def test_wrong_clicks(self):
        run = self.start(
            ("First", "visa", self.head), ("Second", "visa", self.director)
        )
        with self.refused(UserError, "not your turn yet: “First”"):
            self.act(run, self.director)
        with self.refused(AccessError, "not among those who act"):
            self.act(run, self.clerk)
        with self.refused(UserError, "approve, refuse or opinion"):
            self.act(run, self.head, "sign")
        self.act(run, self.head)
        with self.refused(UserError, "acted already at “First”"):
            self.act(run, self.head)
        self.assertEqual(len(run.actor_ids.filtered("acted_at")), 1)

    def test_one_decided_already(self):
        run = self.start(
            ("One", "visa", self.head | self.director, {"mode": "any"}),
            ("Then", "visa", self.clerk),
        )
        self.act(run, self.head)
        with self.refused(UserError, "decided already by somebody else"):
            self.act(run, self.director)

    def test_older_version(self):
        run = self.start(("First", "visa", self.head))
        self.subject.text = "v2"
        with self.refused(UserError, "changed since you opened it"):
            self.act(run, self.head, base="v1")
        self.assertFalse(run.actor_ids.acted_at)
        self.act(run, self.head, base="v2")
        self.assertEqual(run.actor_ids.base, "v2")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_administration(self):
        run = self.start(("First", "visa", self.head))
        for call in (
            lambda own: own.action_act("approve"),
            lambda own: own.action_return(run.step_ids.id, "why"),
            lambda own: own.action_transfer(self.stranger.id, "why"),
            lambda own: own.action_recall("why"),
            lambda own: own.action_go_on("why"),
            lambda own: own.action_cancel("why"),
            lambda own: own.action_add_step("visa", self.stranger.ids),
            lambda own: own.action_open_return(),
            lambda own: own.get_picture(),
            lambda own: own.read(["name"]),
        ):
            with self.refused(AccessError, "another administration|not allowed|access"):
                call(run.with_user(self.stranger))
        self.assertEqual(self.waits_for(run), self.head)

    def test_an_unknown_run_is_answered_like_a_hidden_one(self):
        run = self.env["gov.circuit.run"].browse(10**9)
        with self.refused(AccessError, "another administration"):
            run.with_user(self.head).action_act("approve")

    def test_nobody_acts_for_another(self):
        run = self.start(("First", "visa", self.head))
        root = self.env.ref("base.user_root")
        with self.refused(
            AccessError, "not among those who act|another administration"
        ):
            run.with_user(root).action_act("approve")
        with self.refused(AccessError, "in the place of another"):
            run.sudo()._act(self.head, "approve")
        with self.refused(AccessError, "not among those who act"):
            # Superuser rights change nothing to who is connected.
            run.with_user(self.clerk).sudo().action_act("approve")

    def test_own_kinds_have_their_own_button(self):
        run = self.start(("Sign", "validation", self.head))
        with self.refused(UserError, "its own button"):
            self.act(run, self.head)
        with self.refused(UserError, "own button"):
            run.with_user(self.head).action_add_step("validation", self.director.ids)
        run.with_user(self.head)._act(self.head, "approve")
        self.assertEqual(run.state, "done")

    def test_own_kinds_are_refused_by_a_click(self):
        run = self.start(("Sign", "validation", self.head))
        self.act(run, self.head, "refuse", "No")
        self.assertEqual(run.state, "refused")

    def test_the_subject_refuses(self):
        run = self.start(("First", "visa", self.head))
        self.subject.refuses = "approve"
        with self.refused(UserError, "The subject refuses approve"):
            self.act(run, self.head)
        self.assertFalse(run.with_user(self.head).can_act)

    def test_same_person_twice_in_a_row_is_said(self):
        run = self.start(("First", "visa", self.head), ("Second", "visa", self.head))
        self.assertEqual(
            run.step_ids[1].actor_ids.reason,
            f"Chosen by {self.clerk.name}. Also acts just before, at “First”",
        )
        self.act(run, self.head)
        self.act(run, self.head)
        self.assertEqual(run.state, "done")

    def test_two_steps_at_once_for_one_person(self):
        run = self.start(
            ("A", "visa", self.head, {"rank": 1}), ("B", "visa", self.head, {"rank": 1})
        )
        second = run.step_ids.filtered(lambda step: step.name == "B")
        self.act(run, self.head, step_id=second.id)
        self.assertEqual(self.states(run), {"A": "current", "B": "done"})
        with self.refused(UserError, "acted already at “B”"):
            self.act(run, self.head, step_id=second.id)
        self.act(run, self.head)
        self.assertEqual(run.state, "done")

    def test_deadline_and_late(self):
        run = self.start(("First", "visa", self.head, {"days": 3}))
        step = run.step_ids
        calendar = self.agdal._gov_calendar()
        self.assertEqual(step.deadline, calendar.after(self.agdal._gov_today(), 3))
        self.assertFalse(step.is_late)
        step.sudo().deadline = "2020-01-01"
        self.assertTrue(step.is_late)

    def test_nobody_chosen(self):
        with self.refused(UserError, "Choose who acts at the step “First”"):
            self.start(("First", "visa", self.env["res.users"]))
        with self.refused(UserError, "Choose who acts at the step “First”"):
            self.start(("First", "visa", self.stranger))
        with self.refused(UserError, "has no step"):
            self.start()
        self.assertFalse(self.subject.run_id)

    def test_cancel(self):
        run = self.start(("First", "visa", self.head))
        with self.refused(AccessError, "Only the sender"):
            run.with_user(self.head).action_cancel("why")
        with self.refused(UserError, "Say why first"):
            run.with_user(self.clerk).action_cancel(" ")
        run.with_user(self.clerk).action_cancel("Sent by mistake")
        self.assertEqual((run.state, run.reason), ("cancelled", "Sent by mistake"))
        self.assertEqual(self.heard()[-1], "cancelled")
        with self.refused(UserError, "stopped already"):
            run.with_user(self.clerk).action_cancel("Again")
        other = self.start(("First", "visa", self.head))
        other.with_user(self.admin).action_cancel("The sender left")
        self.assertEqual(other.state, "cancelled")

    def test_journal_holds_ids_and_digests_only(self):
        run = self.start(("First", "visa", self.head))
        self.act(run, self.head, comment="A secret remark")
        events = self.env["gov.journal.event"].search(
            [("subject_model", "=", run.res_model)], order="id"
        )
        self.assertEqual(len(events), 4)
        acted = events[2]
        self.assertIn(f'"run":{run.id}', acted.body)
        self.assertIn('"decision":"approve"', acted.body)
        self.assertIn('"base":"v1"', acted.body)
        self.assertEqual(acted.actor_id, self.head.id)
        for event in events:
            self.assertNotIn("secret", event.body)
        self.assertIn(run.actor_ids.sudo()._comment_digest(), acted.body)

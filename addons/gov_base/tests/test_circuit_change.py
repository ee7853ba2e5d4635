from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_circuit import CircuitCase


@tagged("alone", "standard", "at_install")
class TestCircuitChange(CircuitCase):
    """Sending back, handing on, taking back, adding a step; what each leaves in the history."""

    def three(self):
        return self.start(
            ("First", "visa", self.head),
            ("Second", "visa", self.director),
            ("Third", "visa", self.admin),
        )

    def step(self, run, name):
        return run._live_steps().filtered(lambda step: step.name == name)

    # -- sending back

    def test_return_starts_again_from_the_step(self):
        run = self.three()
        first = self.step(run, "First")
        self.act(run, self.head, comment="Fine")
        run.with_user(self.director).action_return(first.id, "Wrong amount")
        self.assertEqual(
            self.states(run),
            {"First": "current", "Second": "waiting", "Third": "waiting"},
        )
        self.assertEqual(self.waits_for(run), self.head)
        # What was decided stays.
        self.assertEqual(first.state, "returned")
        self.assertEqual(first.actor_ids.comment, "Fine")
        back = run.actor_ids.filtered(lambda row: row.decision == "return")
        self.assertEqual((back.user_id, back.comment), (self.director, "Wrong amount"))
        self.assertIn("returned First", self.heard())
        self.assertEqual(self.events(run)[-2:], ["returned", "opened"])
        self.act(run, self.head)
        self.act(run, self.director)
        self.act(run, self.admin)
        self.assertEqual(run.state, "done")

    def test_return_is_refused(self):
        run = self.three()
        first, third = self.step(run, "First"), self.step(run, "Third")
        with self.refused(UserError, "This is the first step"):
            run.with_user(self.head).action_return(third.id, "why")
        self.act(run, self.head)
        with self.refused(UserError, "not before the current step"):
            run.with_user(self.director).action_return(third.id, "why")
        with self.refused(UserError, "Say why first"):
            run.with_user(self.director).action_return(first.id, "")
        with self.refused(AccessError, "not among those who act"):
            run.with_user(self.clerk).action_return(first.id, "why")
        with self.refused(UserError, "no longer, part of the circuit"):
            run.with_user(self.director).action_return(10**9, "why")
        run.with_user(self.director).action_return(first.id, "why")
        self.act(run, self.head)
        with self.refused(UserError, "no longer, part of the circuit"):
            run.with_user(self.director).action_return(first.id, "twice")

    def test_return_brings_back_all_of_a_group(self):
        run = self.start(
            ("One", "visa", self.head | self.admin, {"mode": "any"}),
            ("Then", "visa", self.director),
        )
        self.act(run, self.head)
        step = self.step(run, "One")
        run.with_user(self.director).action_return(step.id, "why")
        self.assertEqual(self.waits_for(run), self.head | self.admin)

    def test_return_to_who_received_the_step(self):
        run = self.three()
        run.with_user(self.head).action_transfer(self.clerk.id, "I am away")
        self.act(run, self.clerk)
        first = self.step(run, "First")
        run.with_user(self.director).action_return(first.id, "why")
        self.assertEqual(self.waits_for(run), self.clerk)

    # -- handing on

    def test_transfer(self):
        run = self.three()
        run.with_user(self.head).action_transfer(self.clerk.id, "On leave")
        self.assertEqual(self.waits_for(run), self.clerk)
        old, new = self.step(run, "First").actor_ids
        self.assertEqual((old.state, old.comment), ("transferred", "On leave"))
        self.assertEqual(new.reason, f"Received from {self.head.name}")
        self.assertIn(f"transferred {self.clerk.name}", self.heard())
        with self.refused(UserError, "handed this step on already"):
            self.act(run, self.head)
        self.act(run, self.clerk)
        self.assertEqual(self.waits_for(run), self.director)

    def test_transfer_is_refused(self):
        run = self.start(("Both", "visa", self.head | self.director))
        own = run.with_user(self.head)
        with self.refused(UserError, "yours already"):
            own.action_transfer(self.head.id, "why")
        with self.refused(UserError, "active person of"):
            own.action_transfer(self.stranger.id, "why")
        with self.refused(UserError, "active person of"):
            own.action_transfer(10**9, "why")
        with self.refused(UserError, "acts at this step already"):
            own.action_transfer(self.director.id, "why")
        with self.refused(UserError, "Say why first"):
            own.action_transfer(self.clerk.id, "")
        with self.refused(AccessError, "not among those who act"):
            run.with_user(self.clerk).action_transfer(self.admin.id, "why")
        self.clerk.active = False
        with self.refused(UserError, "active person of"):
            own.action_transfer(self.clerk.id, "why")
        self.subject.refuses = "transfer"
        with self.refused(UserError, "The subject refuses transfer"):
            own.action_transfer(self.admin.id, "why")

    def test_admin_replaces_who_left(self):
        run = self.three()
        row = run.actor_ids.filtered(lambda actor: actor.state == "current")
        with self.refused(UserError, "account is closed, or who is absent"):
            run.with_user(self.admin).action_transfer(self.clerk.id, "why", row.id)
        self.head.active = False
        with self.refused(AccessError, "not among those who act"):
            run.with_user(self.clerk).action_transfer(self.clerk.id, "why", row.id)
        run.with_user(self.admin).action_transfer(self.clerk.id, "He left", row.id)
        self.assertEqual(self.waits_for(run), self.clerk)

    # -- taking back

    def test_recall(self):
        run = self.three()
        self.act(run, self.head, comment="Fine")
        run.with_user(self.head).action_recall("Too fast")
        self.assertEqual(
            self.states(run),
            {"First": "current", "Second": "waiting", "Third": "waiting"},
        )
        self.assertEqual(self.waits_for(run), self.head)
        self.assertEqual(
            self.step(run, "First").actor_ids.mapped("state"), ["recalled", "current"]
        )
        self.assertEqual(self.step(run, "First").actor_ids[0].recall_reason, "Too fast")
        self.assertFalse(self.step(run, "Second").opened_at)
        self.assertIn("recalled First", self.heard())
        self.act(run, self.head)
        self.act(run, self.director)
        self.assertEqual(self.states(run)["Third"], "current")

    def test_recall_is_refused(self):
        run = self.three()
        with self.refused(UserError, "You have not acted"):
            run.with_user(self.head).action_recall("why")
        self.act(run, self.head)
        with self.refused(UserError, "Say why first"):
            run.with_user(self.head).action_recall(None)
        self.act(run, self.director)
        with self.refused(UserError, "the next step has acted"):
            run.with_user(self.head).action_recall("why")
        self.act(run, self.admin)
        with self.refused(UserError, "finished already"):
            run.with_user(self.admin).action_recall("why")

    def test_recall_after_the_next_handed_on(self):
        run = self.three()
        self.act(run, self.head)
        run.with_user(self.director).action_transfer(self.clerk.id, "why")
        with self.refused(UserError, "the next step has acted"):
            run.with_user(self.head).action_recall("why")

    def test_recall_among_several(self):
        run = self.start(
            ("One", "visa", self.head | self.director, {"mode": "any"}),
            ("Then", "visa", self.admin),
        )
        self.act(run, self.head)
        run.with_user(self.head).action_recall("why")
        self.assertEqual(self.waits_for(run), self.head | self.director)
        both = self.start(("Both", "visa", self.head | self.director))
        self.act(both, self.head)
        both.with_user(self.head).action_recall("why")
        self.assertEqual(self.waits_for(both), self.head | self.director)
        self.act(both, self.director)
        self.act(both, self.head)
        self.assertEqual(both.state, "done")

    # -- adding a step

    def test_opinion_asked_beside(self):
        run = self.three()
        step_id = run.with_user(self.head).action_add_step(
            "opinion", self.clerk.ids, question="Is it legal?", days=2
        )
        step = self.env["gov.circuit.run.step"].browse(step_id)
        self.assertEqual((step.state, step.rank), ("current", 1))
        self.assertEqual(step.added_by_id, self.head)
        self.assertEqual(step.actor_ids.reason, f"Asked by {self.head.name}")
        self.assertEqual(self.waits_for(run), self.head | self.clerk)
        self.act(run, self.clerk, "opinion", "Yes")
        self.assertEqual(self.waits_for(run), self.head)
        self.act(run, self.head)
        self.assertEqual(self.waits_for(run), self.director)
        self.assertIn("step_added", self.events(run))

    def test_step_added_later(self):
        run = self.three()
        second = self.step(run, "Second")
        run.with_user(self.clerk).action_add_step(
            "visa", self.clerk.ids, after=second.id
        )
        self.assertEqual(
            [(step.name, step.rank) for step in run._live_steps().sorted("rank")],
            [("First", 1), ("Second", 2), ("Visa", 3), ("Third", 4)],
        )
        self.act(run, self.head)
        self.act(run, self.director)
        self.assertEqual(self.waits_for(run), self.clerk)
        self.act(run, self.clerk)
        self.assertEqual(self.waits_for(run), self.admin)

    def test_add_step_is_refused(self):
        run = self.three()
        first = self.step(run, "First")
        with self.refused(AccessError, "not among those who act|not your turn"):
            run.with_user(self.agent).action_add_step("visa", self.clerk.ids)
        with self.refused(UserError, "active persons of"):
            run.with_user(self.head).action_add_step("visa", self.stranger.ids)
        with self.refused(UserError, "active persons of"):
            run.with_user(self.head).action_add_step("visa", [])
        with self.refused(UserError, "no such kind"):
            run.with_user(self.head).action_add_step("seal", self.clerk.ids)
        self.act(run, self.head)
        with self.refused(UserError, "is past"):
            run.with_user(self.director).action_add_step(
                "visa", self.clerk.ids, after=first.id
            )

    def test_history_of_a_busy_run(self):
        """Every operation one after the other, and the run still ends."""
        run = self.three()
        run.with_user(self.head).action_add_step("opinion", self.clerk.ids)
        self.act(run, self.head)
        run.with_user(self.director).action_transfer(self.clerk.id, "away")
        first = self.step(run, "First")
        run.with_user(self.clerk).action_return(first.id, "again")
        self.assertEqual(self.waits_for(run), self.head | self.clerk)
        self.act(run, self.head)
        run.with_user(self.head).action_recall("oops")
        self.act(run, self.clerk, "opinion", "Fine")
        self.act(run, self.head)
        self.act(run, self.clerk)
        self.act(run, self.admin)
        self.assertEqual(run.state, "done")
        self.assertEqual(
            self.events(run).count("opened"), 7, "each opening is an event"
        )

    # -- arguments that no screen sends

    ODD = (0, -1, 10**30, 1.5, True, "1", "abc", "\x00", [], [[1]], {"id": 1}, b"x")

    def refused_whatever(self, call, *but):
        """Each odd value is refused with a sentence; no other error comes out of it."""
        for odd in self.ODD:
            if odd in but:
                continue
            with self.subTest(odd=odd):
                with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                    call(odd)
                self.assertGreater(len(str(caught.exception)), 12)

    def test_odd_persons(self):
        run = self.three()
        own = run.with_user(self.head)
        self.refused_whatever(lambda odd: own.action_transfer(odd, "Away"))
        self.refused_whatever(lambda odd: own.action_add_step("visa", odd))
        self.refused_whatever(lambda odd: own.action_add_step("visa", [odd]))
        for several in ([], [self.clerk.id, self.agent.id], None):
            with self.refused(UserError, "active person"):
                own.action_transfer(several, "Away")
        gone = [self.clerk.id, 2**31 - 1]
        with self.refused(UserError, "active persons of"):
            own.action_add_step("visa", gone)
        step = run.step_ids.browse(own.action_add_step("visa", [self.clerk.id] * 3))
        self.assertEqual(len(step.actor_ids), 1, "asked once")

    def test_odd_steps_decisions_and_days(self):
        run = self.three()
        own = run.with_user(self.head)
        self.refused_whatever(own.action_act)
        self.refused_whatever(lambda odd: own.action_act("approve", base=odd))
        self.refused_whatever(
            lambda odd: own.action_act("approve", step_id=odd), 0, "", []
        )
        self.refused_whatever(lambda odd: own.action_return(odd, "Again"))
        self.refused_whatever(lambda odd: own.action_add_step(odd, self.clerk.ids))
        ask = lambda **how: own.action_add_step("visa", self.clerk.ids, **how)  # noqa: E731
        self.refused_whatever(lambda odd: ask(mode=odd))
        self.refused_whatever(lambda odd: ask(after=odd), 0, [])
        self.refused_whatever(lambda odd: ask(days=odd), 0, [])
        with self.refused(UserError, "whole number from 1 to 365"):
            ask(days=366)
        self.assertEqual(self.waits_for(run), self.head)

    def test_a_kind_of_another_app_is_not_added(self):
        kinds = self.env["gov.circuit.step"]._fields["kind"]
        foreign = [*kinds.selection, ("sealing", "Sealing")]
        self.patch(kinds, "selection", foreign)
        run = self.three()
        with self.refused(UserError, "no such kind"):
            run.with_user(self.head).action_add_step("sealing", self.clerk.ids)

    def test_words_are_cleaned(self):
        """What a database cannot hold is dropped; what is not words becomes some."""
        run = self.three()
        own = run.with_user(self.head)
        for nothing in ("\x00", "\u200b \n", "\ud800", "", None, False, 0, {}):
            with self.refused(UserError, "Say why"):
                own.action_transfer(self.agent.id, nothing)
            with self.refused(UserError, "Write your opinion or the reason"):
                own.action_act("refuse", nothing)
        step_id = own.action_add_step("opinion", self.clerk.ids, question="Le\x00gal?")
        step = run.step_ids.browse(step_id)
        self.assertEqual(step.question, "Legal?")
        run.with_user(self.clerk).action_act("opinion", {"a": "\ud800b"})
        self.assertEqual(step.actor_ids.comment, "{'a': '\\ud800b'}")
        self.act(run, self.head, comment="Fi\x00ne\ud800")
        act = run.actor_ids.filtered(lambda row: row.user_id == self.head)
        self.assertEqual(act.comment, "Fine")

    def test_odd_rehearsals(self):
        circuit = self.env["gov.circuit"].create(
            {
                "name": "C",
                "company_id": self.agdal.id,
                "step_ids": [
                    (0, 0, {"name": "V", "actor_rule": "initiator_manager"}),
                ],
            }
        )
        own = circuit.with_user(self.clerk)
        self.refused_whatever(lambda odd: own.action_simulate(user=odd), 0, [])
        self.refused_whatever(lambda odd: own.action_simulate(subject=odd), 0, [])
        both = [self.clerk.id, self.head.id]
        for user in (both, self.stranger.id):
            with self.refused(UserError, "active person"):
                own.action_simulate(user=user)
        for subject in ("res.partner,1", f"{self.subject._name},{'9' * 5000}", "no,1"):
            with self.assertRaises(UserError):
                own.action_simulate(subject=subject)

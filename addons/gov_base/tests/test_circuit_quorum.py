from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_circuit import CircuitCase


@tagged("alone", "standard", "at_install")
class TestCircuitQuorum(CircuitCase):
    """Steps decided by a number of their persons, by whatever door the votes come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fourth = cls.person("gov_fourth", cls.finance)
        cls.fifth = cls.person("gov_fifth", cls.finance)
        cls.members = cls.head | cls.director | cls.admin | cls.fourth

    def vote(self, needed, people=None, **extra):
        members = self.members if people is None else people
        extra = {"mode": "quorum", "quorum": needed, **extra}
        return self.start(
            ("Board", "visa", members, extra), ("After", "visa", self.clerk)
        )

    def board(self, run):
        return run._live_steps().filtered(lambda step: step.name == "Board")

    def test_decided_by_the_number(self):
        run = self.vote(2)
        self.act(run, self.head)
        self.assertEqual(self.states(run), {"Board": "current", "After": "waiting"})
        # A refusal is a vote against: it decides nothing yet.
        self.act(run, self.director, "refuse", "Too much")
        self.assertEqual(run.state, "running")
        self.act(run, self.admin)
        self.assertEqual(self.states(run), {"Board": "done", "After": "current"})
        rows = {row.user_id: row.state for row in self.board(run).actor_ids}
        self.assertEqual(rows[self.fourth], "skipped")
        with self.refused(UserError, "decided already by somebody else"):
            self.act(run, self.fourth, step_id=self.board(run).id)

    def test_refused_as_soon_as_the_number_cannot_be_reached(self):
        run = self.vote(3)
        self.act(run, self.head, "refuse", "No")
        self.assertEqual(run.state, "running")
        self.act(run, self.director, "refuse", "Neither")
        self.assertEqual((run.state, run.reason), ("refused", "Neither"))
        self.assertEqual(self.heard()[-1], f"refused {self.director.name}")

    def test_a_tie_goes_to_the_president(self):
        run = self.vote(3, chair=self.head)
        self.act(run, self.head)
        self.act(run, self.director, "refuse", "No")
        self.act(run, self.admin, "refuse", "No")
        self.assertEqual(run.state, "running")
        self.act(run, self.fourth)
        self.assertEqual(self.states(run)["Board"], "done")

    def test_a_tie_against_the_president(self):
        run = self.vote(3, chair=self.head)
        self.act(run, self.director)
        self.act(run, self.admin)
        self.act(run, self.head, "refuse", "The president says no")
        self.assertEqual(run.state, "running")
        self.act(run, self.fourth, "refuse", "No")
        self.assertEqual(run.state, "refused")
        self.assertEqual(run.reason, "No")

    def test_decided_by_who_agrees_last_against_the_president(self):
        run = self.vote(2, self.head | self.director, chair=self.head)
        self.act(run, self.head, "refuse", "The president says no")
        # One against, one to come: a tie at most, and the president refused.
        self.assertEqual((run.state, run.reason), ("refused", "The president says no"))

    def test_what_cannot_be_reached_does_not_start(self):
        with self.refused(UserError, "5 persons must agree, and only 4 can act"):
            self.vote(5)
        with self.refused(UserError, "is not one of those who act"):
            self.vote(2, chair=self.clerk)

    def test_nobody_votes_twice(self):
        run = self.vote(3)
        self.act(run, self.head)
        with self.refused(UserError, "acted already"):
            self.act(run, self.head)
        with self.refused(UserError, "acts at this step already"):
            run.with_user(self.director).action_transfer(self.head.id, "Vote for me")
        self.assertEqual(len(self.board(run).actor_ids), 4)

    def test_a_vote_taken_back_is_open_again(self):
        run = self.vote(3)
        self.act(run, self.head)
        run.with_user(self.head).action_recall("I misread")
        self.act(run, self.head, "refuse", "No")
        self.act(run, self.director)
        self.assertEqual(run.state, "running")
        self.act(run, self.admin, "refuse", "No")
        self.assertEqual(run.state, "refused")

    def test_opinions_by_number(self):
        run = self.start(
            (
                "Opinions",
                "opinion",
                self.members,
                {"mode": "quorum", "quorum": 2},
            ),
            ("After", "visa", self.clerk),
        )
        self.act(run, self.head, "opinion", "Yes")
        self.assertEqual(self.states(run)["Opinions"], "current")
        self.act(run, self.director, "opinion", "No")
        self.assertEqual(self.states(run)["Opinions"], "done")

    # -- withdrawing

    def test_the_first_of_the_list_replaces_who_withdraws(self):
        listed = [self.head, self.fifth, self.clerk]
        run = self.vote(3, chair=self.director, replacements=listed)
        name = run.with_user(self.director).action_recuse("My brother's company")
        # The head votes already: the next one of the list.
        self.assertEqual(name, self.fifth.name)
        rows = {row.user_id: row for row in self.board(run).actor_ids}
        old, new = rows[self.director], rows[self.fifth]
        self.assertEqual((old.state, old.comment), ("recused", "My brother's company"))
        self.assertEqual(new.reason, f"Replaces {self.director.name}, who withdrew")
        self.assertEqual((old.vacant, new.is_chair), (False, True))
        with self.refused(UserError, "have withdrawn"):
            self.act(run, self.director)
        with self.refused(UserError, "withdrew|acts at this step"):
            run.with_user(self.head).action_transfer(self.director.id, "again")
        self.assertIn("recused", self.events(run))

    def test_a_vacant_place_is_said_and_filled(self):
        run = self.vote(4)
        self.assertFalse(run.with_user(self.director).action_recuse("Interest"))
        board = self.board(run)
        row = board.actor_ids.filtered("vacant")
        self.assertEqual(row.user_id, self.director)
        self.assertIn("is vacant", board._box()["problem"])
        for user in (self.head, self.admin, self.fourth):
            self.act(run, user)
        # Four must agree: the step waits for somebody to be named.
        self.assertEqual((run.state, board.state), ("running", "current"))
        with self.refused(UserError, "withdrew"):
            run.with_user(self.admin).action_replace(row.id, self.director.id, "why")
        with self.refused(UserError, "has a part in this step"):
            run.with_user(self.admin).action_replace(row.id, self.head.id, "why")
        run.with_user(self.admin).action_replace(row.id, self.fifth.id, "Named")
        self.assertFalse(row.vacant)
        self.act(run, self.fifth)
        self.assertEqual(self.states(run)["Board"], "done")

    def test_withdrawing_is_refused(self):
        run = self.vote(2)
        with self.refused(UserError, "Say why first"):
            run.with_user(self.head).action_recuse("")
        self.assertTrue(run.with_user(self.head).can_recuse)
        self.assertFalse(run.with_user(self.clerk).can_recuse)
        self.act(run, self.head)
        with self.refused(UserError, "acted already"):
            run.with_user(self.head).action_recuse("Too late")

    def test_one_of_them_needs_no_replacement(self):
        run = self.start(("One", "visa", self.head | self.director, {"mode": "any"}))
        run.with_user(self.head).action_recuse("Interest")
        self.assertFalse(run.actor_ids.filtered("vacant"))
        run.with_user(self.director).action_recuse("Me too")
        self.assertEqual(run.actor_ids.filtered("vacant").user_id, self.director)
        self.assertEqual(run.state, "running")

    def test_withdrawn_stays_withdrawn_after_a_return(self):
        run = self.vote(3, replacements=[self.fifth])
        run.with_user(self.director).action_recuse("Interest")
        for user in (self.head, self.admin, self.fourth):
            self.act(run, user)
        run.with_user(self.clerk).action_return(self.board(run).id, "Again")
        self.assertNotIn(self.director, self.waits_for(run))
        self.assertIn(self.fifth, self.waits_for(run))

    def test_the_picture_says_how_many(self):
        run = self.vote(3, chair=self.head)
        box = self.board(run)._box()
        self.assertEqual(box["mode"], f"3 of 4 must agree, president: {self.head.name}")

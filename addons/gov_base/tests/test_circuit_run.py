from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

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
        self.assertEqual(first.reason, f"Chosen by {self.clerk.name}")

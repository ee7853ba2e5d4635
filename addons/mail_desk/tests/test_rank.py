from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install")
class TestRank(OutgoingCase):
    """Validated up to a unit above, or up to what the office asks; versions compared."""

    def _judges(self, reply, **how):
        reply.action_submit(**how)
        steps = reply.run_id.step_ids.sorted("rank")
        judges = [step.actor_ids.user_id for step in steps]
        reply.action_take_back()
        return judges

    def test_up_to_a_unit(self):
        reply = self._reply()
        self.assertEqual(reply.rank_unit_ids, self.urbanism | self.direction)
        up = self._judges(reply, until_unit_id=self.direction.id)
        self.assertEqual(up, [self.hu, self.dg])
        own = self._judges(reply, until_unit_id=self.urbanism.id)
        self.assertEqual(own, [self.hu])
        for odd in (self.legal.id, self.other_unit.id, -1, 10**30, "1", [1], True):
            with self.refused(UserError, "own unit or one above"):
                reply.action_submit(until_unit_id=odd)
        self.assertEqual(reply.state, "draft")

    def test_the_office_asks_for_a_rank(self):
        self.office.desk_rank_id = self.direction
        self.assertEqual(self._judges(self._reply(), levels=1), [self.hu, self.dg])
        # A unit that is not above asks nothing of this letter.
        self.office.desk_rank_id = self.legal
        self.assertEqual(self._judges(self._reply(), levels=1), [self.hu])

    def test_a_unit_without_head_is_validated_above(self):
        reply = self._reply()
        self.urbanism.manager_id = False
        judges = self._judges(reply, until_unit_id=self.urbanism.id)
        self.assertEqual(judges, [self.dg])

    def test_the_form_shows_who(self):
        reply = self._reply()
        wizard = Form(
            self.env["desk.submit.wizard"]
            .with_user(self.au)
            .with_context(default_outgoing_id=reply.id)
        )
        wizard.until_unit_id = self.direction
        self.assertIn("2. DG Desk", wizard.preview)
        wizard.save().action_confirm()
        self.assertEqual(len(reply.run_id.step_ids), 2)

    def test_any_two_versions(self):
        reply = self._reply()
        reply.body = "<p>Votre demande est refusée.</p>"
        reply.body = "<p>Votre demande est ajournée.</p>"
        wizard = Form(
            self.env["desk.compare.wizard"]
            .with_user(self.au)
            .with_context(**reply.action_compare()["context"])
        )
        self.assertIn("<del>refusée.</del>", str(wizard.changes))
        versions = reply.version_ids.sorted("number")
        wizard.old_id = versions.filtered(lambda one: "acceptée" in (one.body or ""))
        self.assertIn("<del>acceptée.</del>", str(wizard.changes))
        self.assertIn("<ins>ajournée.</ins>", str(wizard.changes))
        wizard.save().action_restore()
        self.assertIn("acceptée", reply.body)
        other = self._reply()
        mine = self.env["desk.compare.wizard"].with_user(self.au)
        mixed = mine.create(
            {
                "outgoing_id": reply.id,
                "old_id": other.version_ids[:1].id,
                "new_id": versions[-1:].id,
            }
        )
        self.assertFalse(mixed.changes)
        with self.refused(UserError, "Choose the version"):
            mixed.action_restore()

    def test_circuit_in_use(self):
        """It cannot be deleted; retired, it goes on for who began with it."""
        circuit = self.env["gov.circuit"].create(
            {
                "name": "Visa du chef",
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Visa",
                            "kind": "visa",
                            "rank": 1,
                            "actor_rule": "subject_unit_head",
                        }
                    )
                ],
            }
        )
        circuit.action_publish()
        reply = self._reply()
        reply.action_submit(circuit_id=circuit.id)
        with self.refused(UserError, "never deleted"):
            circuit.unlink()
        circuit.action_retire()
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        self.assertEqual(reply.state, "validated")
        with self.refused(UserError, "No version of the circuit"):
            self._reply().action_submit(circuit_id=circuit.id)

    def test_nobody_validates_his_own_letter_whoever_submits_it(self):
        letter = self._arrived()
        self._row(letter, self.hu).action_dispatch(user_id=self.hu.id)
        reply = self._reply(letter, self.hu)
        reply.with_user(self.supervisor).action_submit(levels=1)
        self.assertEqual(reply.run_id.current_user_ids, self.dg)

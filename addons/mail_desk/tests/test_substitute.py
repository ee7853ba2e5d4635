from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_absence import AbsenceDeskCase


@tagged("post_install", "-at_install")
class TestSubstitute(AbsenceDeskCase):
    def test_reads_and_acts_between_the_dates(self):
        letter = self._assigned()
        self.assertFalse(self._reads(self.al, letter))
        absence = self._away(self.au, self.al)
        self.assertTrue(self._reads(self.al, letter))
        row = self._row(letter, self.al)
        self.assertTrue(row.can_return)
        row.action_return(reason="Incomplet")
        self.assertRegex(
            self._sentences(letter, self.hu)[0],
            r"^AL Desk, for AU Desk \(absent until .*\), returned the letter",
        )
        absence.with_user(self.au).action_cancel()
        self.assertFalse(self._reads(self.al, letter))
        with self.assertRaises(AccessError):
            self._row(letter, self.al).read(["state"])

    def test_by_right_of_his_own_nothing_is_said(self):
        letter = self._assigned()
        self._away(self.au, self.au2)
        self._row(letter, self.hu).action_return(reason="x")
        self.assertNotIn("for AU", self._sentences(letter, self.hu)[0])

    def test_of_a_head(self):
        letter = self._arrived()
        with self.assertRaises(AccessError):
            self._row(letter, self.al).action_dispatch(user_id=self.au.id)
        self._away(self.hu, self.al)
        self._row(letter, self.al).action_dispatch(user_id=self.au.id)
        self.assertRegex(
            self._sentences(letter, self.hu)[0],
            r"^AL Desk, for HU Desk \(absent until .*\), dispatched the letter to AU",
        )
        event = self.env["gov.journal.event"].search(
            [("kind", "=", "desk.dispatched")], order="id desc", limit=1
        )
        self.assertIn('"substitute":true', str(event.body))

    def test_head_on_leave_whose_substitute_is_on_leave(self):
        letter = self._arrived()
        self._away(self.hu, self.au2)
        self._away(self.au2, self.al)
        self._row(letter, self.al).action_dispatch(user_id=self.au.id)
        self.assertIn("for HU Desk", self._sentences(letter, self.hu)[0])

    def test_an_opinion_asked_of_the_absent(self):
        letter = self._assigned()
        letter.with_user(self.au).action_ask_opinion(
            user_ids=self.al.ids, question="Oui ?"
        )
        self.assertFalse(self._reads(self.hs, letter))
        self._away(self.al, self.hs)
        self.assertTrue(self._reads(self.hs, letter))
        mine = letter.with_user(self.hs)
        self.assertTrue(mine.desk_can_answer)
        mine.action_give_opinion(opinion="Oui.")
        self.assertRegex(
            self._sentences(letter, self.hu)[0],
            r"^HS Desk, for AL Desk \(absent until .*\), gave an opinion",
        )

    def test_validation_in_the_place_of_the_head(self):
        reply = self._reply(self._assigned())
        reply.action_submit(levels=1)
        self.assertFalse(self._reads(self.al, reply))
        self._away(self.hu, self.al)
        self.assertTrue(self._reads(self.al, reply))
        decider = reply.with_user(self.al)
        self.assertTrue(decider.can_decide)
        decider.action_decide("approve", base=decider.base)
        self.assertEqual(reply.state, "validated")
        self.assertEqual(reply.run_id.actor_ids.acted_by_id, self.al)

    def test_the_author_does_not_validate_for_his_head(self):
        reply = self._reply(self._assigned())
        reply.with_user(self.hu).action_submit(levels=2)
        self._away(self.dg, self.au)
        self.assertFalse(reply.with_user(self.au).can_decide)
        with self.refused(UserError, "You wrote the letter"):
            reply.with_user(self.au).action_decide("approve")

    def test_his_draft_is_worked_on(self):
        reply = self._reply(self._assigned())
        reply = reply.with_user(self.al)
        with self.assertRaises(AccessError):
            reply.write({"subject": "Autre"})
        self._away(self.au, self.al)
        reply.write({"subject": "Autre"})
        reply.action_submit(levels=1)
        self.assertEqual(reply.state, "validating")
        self.assertEqual(reply.run_id.initiator_id, self.al)

    def test_other_administrations_stay_closed(self):
        letter = self._assigned()
        with self.assertRaises(UserError):
            self._away(self.au, self.stranger)
        self.assertFalse(self._reads(self.stranger, letter))

    def test_circuits_only_gives_no_letters(self):
        letter = self._assigned()
        self._away(self.au, self.al, nature="circuits")
        self.assertFalse(self._reads(self.al, letter))

    def test_a_supervisor_lends_his_units_not_his_role(self):
        letter = self._assigned()
        self._away(self.supervisor, self.al)
        self.assertFalse(self._reads(self.al, letter))

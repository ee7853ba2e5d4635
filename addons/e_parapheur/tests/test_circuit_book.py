from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BookCase


@tagged("post_install", "-at_install")
class TestCircuitBook(BookCase):
    """Folders through circuits with conditions, votes, withdrawals and steps passed over."""

    def book(self, *steps, **vals):
        circuit = self.env["gov.circuit"].create(
            {
                "name": "Way",
                "company_id": self.company.id,
                "subject_model": "parapheur.folder",
                **vals,
                "step_ids": [
                    Command.create(
                        {
                            "rank": number,
                            "actor_rule": "person",
                            **step,
                            "user_ids": [Command.set(step["user_ids"].ids)],
                        }
                    )
                    for number, step in enumerate(steps, 1)
                ],
            }
        )
        circuit.action_publish()
        return self.env["parapheur.nature"].create(
            {
                "name": "Voted",
                "company_id": self.company.id,
                "circuit_id": circuit.id,
            }
        )

    def board(self, **vals):
        members = self.head | self.other | self.mayor
        return {
            "name": "Board",
            "kind": "visa",
            "user_ids": members,
            "mode": "quorum",
            "quorum": 2,
            **vals,
        }

    def sign(self, **vals):
        return {
            "name": "Signature",
            "kind": "signature",
            "user_ids": self.signer,
            **vals,
        }

    def decide(self, folder, user, decision="approve", comment=None):
        folder = self._as(folder, user)
        return folder.run_id.action_act(decision, comment, base=folder._circuit_base())

    def test_a_vote_then_a_signature(self):
        told = [Command.set(self.supervisor.ids)]
        folder = self._submitted(
            nature=self.book(self.board(notify_user_ids=told), self.sign())
        )
        self.decide(folder, self.head)
        self.decide(folder, self.other, "refuse", "Too much")
        self.assertEqual(folder.sudo().state, "running")
        self.decide(folder, self.mayor)
        current = folder.sudo().run_id._current_steps()
        self.assertEqual(current.name, "Signature")
        mail = self.env["mail.message"].search(
            [("partner_ids", "in", self.supervisor.partner_id.ids)], order="id desc"
        )[:1]
        self.assertIn("the step “Board” was passed", mail.body)
        self.assertNotIn("Decision 14", f"{mail.body} {mail.subject}")
        self._sign(folder, self.signer)
        self.assertEqual(folder.sudo().state, "closing")

    def test_a_vote_against(self):
        folder = self._submitted(nature=self.book(self.board(), self.sign()))
        self.decide(folder, self.head, "refuse", "No")
        self.decide(folder, self.other, "refuse", "Neither")
        folder_sudo = folder.sudo()
        self.assertEqual(
            (folder_sudo.state, folder_sudo.end_reason), ("refused", "Neither")
        )

    def test_as_many_boxes_as_signatures(self):
        keys = self.env["gov.key"]
        keys._make_personal(self.other, self.company, "246802")
        signers = self.signer | self.mayor | self.other
        nature = self.book(self.sign(user_ids=signers, mode="quorum", quorum=2))
        folder = self._submitted(nature=nature)
        boxes = [box[0] for box in folder.sudo().piece_ids.boxes]
        self.assertEqual(len([name for name in boxes if name != "Seal"]), 2)
        self._sign(folder, self.mayor)
        self._sign(folder, self.signer)
        self.assertEqual(folder.sudo().state, "closing")
        with self.refused(UserError, "."):
            self._sign(folder, self.other, pin="246802")
        act = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertEqual(len(act.signatures), 2)

    def test_a_condition_on_the_title(self):
        urgent = [{"field": "title", "operator": "any", "value": ["urgent"]}]
        nature = self.book(
            {
                "name": "Visa",
                "kind": "visa",
                "user_ids": self.head,
                "conditions": urgent,
            },
            self.sign(),
        )
        folder = self._submitted(nature=nature)
        visa, sign = folder.sudo().run_id.step_ids.sorted("rank")
        self.assertEqual((visa.state, sign.state), ("left_out", "current"))
        self.assertEqual(visa.left_out_code, "condition")
        # Whoever is left out reads nothing.
        self.assertNotIn(self.head, folder.sudo().actor_ids)

    def test_withdrawing_and_passing_over(self):
        replacement = [Command.create({"user_id": self.other.id})]
        nature = self.book(
            {
                "name": "Visa",
                "kind": "visa",
                "user_ids": self.head,
                "replacement_ids": replacement,
            },
            self.sign(),
        )
        folder = self._submitted(nature=nature)
        self._as(folder, self.head).run_id.action_recuse("My brother's file")
        self.assertIn(self.other, folder.sudo().actor_ids)
        self.assertEqual(folder.sudo().run_id.current_user_ids, self.other)
        visa = folder.sudo().run_id._current_steps()
        self._as(folder, self.clerk).run_id.action_bypass_ask(visa.id, "Urgent")
        self._as(folder, self.supervisor).run_id.action_bypass_confirm(visa.id)
        sign = folder.sudo().run_id._current_steps()
        self.assertEqual((visa.state, sign.kind), ("bypassed", "signature"))
        with self.refused(UserError, "is never passed over"):
            self._as(folder, self.clerk).run_id.action_bypass_ask(sign.id, "Urgent")
        self.assertEqual(
            [
                event.kind
                for event in self._events(folder)
                if event.kind.startswith("circuit.")
            ][-5:],
            [
                "circuit.opened",
                "circuit.recused",
                "circuit.bypass_asked",
                "circuit.bypassed",
                "circuit.opened",
            ],
        )

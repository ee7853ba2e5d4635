from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BookCase


@tagged("post_install", "-at_install")
class TestReturn(BookCase):
    """Refusing, returning, taking back: each has one meaning, nothing signed is rewritten."""

    def setUp(self):
        super().setUp()
        self.folder = self._submitted()

    def _steps(self):
        run = self.folder.sudo().run_id
        return run._live_steps().sorted("rank")

    def test_refused(self):
        self._as(self.folder, self.head).action_approve()
        with self.refused(UserError, "Say why"):
            self._as(self.folder, self.signer).action_refuse("  ")
        self._as(self.folder, self.signer).action_refuse("Wrong amount")
        folder = self.folder.sudo()
        self.assertEqual(folder.state, "refused")
        self.assertEqual(folder.end_reason, "Wrong amount")
        told = folder.message_ids.filtered(
            lambda one: "refused by" in (one.preview or "")
        )
        self.assertEqual(
            told.notified_partner_ids,
            (self.clerk | self.head).partner_id,
            "those before",
        )
        self.assertNotIn("Wrong amount", told.preview)
        with self.refused(UserError, "not in circuit"):
            self._sign(self.folder, self.signer)

    def test_refused_on_an_older_version(self):
        self._as(self.folder, self.head).action_approve()
        with self.refused(UserError, "changed since you opened it"):
            self._as(self.folder, self.signer).action_refuse("x", base="0" * 64)
        with self.refused(UserError, "not your turn|have acted"):
            self._as(self.folder, self.mayor).action_refuse("x")
        with self.assertRaises(AccessError):
            self._as(self.folder, self.other).action_refuse("x")

    def test_returned_to_the_visa(self):
        prepared = self._bytes(self.folder)
        self._as(self.folder, self.head).action_approve()
        self._sign(self.folder, self.signer)
        signed = self._bytes(self.folder)
        first = self._steps()[0]
        with self.refused(UserError, "Say why"):
            self._as(self.folder, self.mayor).action_return(first.id, "")
        self._as(self.folder, self.mayor).action_return(first.id, "Page 2 is missing")
        folder = self.folder.sudo()
        self.assertEqual(self._bytes(folder), prepared, "as before the signature")
        versions = folder.piece_ids.document_id.version_ids.sorted("number")
        self.assertEqual(
            [one._read_content() for one in versions[1:]], [prepared, signed, prepared]
        )
        self.assertEqual(folder.signature_ids.state, "withdrawn")
        self.assertEqual(folder.signature_ids.withdrawn_by, self.mayor.name)
        told = folder.message_ids[0].preview
        self.assertIn("returned to the step “Visa”", told)
        self.assertIn("Withdrawn signatures: Mohamed Benallal", told)
        self.assertEqual(len(self._events(folder, "folder.withdrawn")), 1)
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        act = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertEqual(len(act.signatures), 2)
        self.assertEqual(folder.state, "closing")

    def test_returned_to_a_later_step_keeps_what_was_before(self):
        self._as(self.folder, self.head).action_approve()
        self._sign(self.folder, self.signer)
        kept = self._bytes(self.folder)
        circuit_step = self._as(self.folder, self.mayor).action_add_signer(
            self.signer.ids, after=self._steps()[2].id
        )
        self._sign(self.folder, self.mayor)
        self._as(self.folder, self.signer).action_return(self._steps()[2].id, "Again")
        folder = self.folder.sudo()
        self.assertEqual(self._bytes(folder), kept)
        self.assertEqual(
            folder.signature_ids.sorted("id").mapped("state"), ["valid", "withdrawn"]
        )
        self.assertTrue(circuit_step)
        self._sign(folder, self.mayor)
        self._sign(folder, self.signer)
        self.assertEqual(
            len(self.env["gov.sign"]._check(self._bytes(folder)).signatures), 3
        )

    def test_returned_where_nobody_may(self):
        self._as(self.folder, self.head).action_approve()
        first, _second, last = self._steps()
        with self.refused(UserError, "not before the current step"):
            self._as(self.folder, self.signer).action_return(last.id, "x")
        with self.refused(UserError, "not your turn yet"):
            self._as(self.folder, self.mayor).action_return(first.id, "x")
        with self.refused(UserError, "acted already"):
            self._as(self.folder, self.head).action_return(first.id, "x")
        with self.refused(UserError, "not, or no longer, part"):
            self._as(self.folder, self.signer).action_return(10**9, "x")

    def test_a_signature_taken_back(self):
        self._as(self.folder, self.head).action_approve()
        before = self._bytes(self.folder)
        self._sign(self.folder, self.signer)
        with self.refused(UserError, "Say why"):
            self._as(self.folder, self.signer).action_recall()
        self._as(self.folder, self.signer).action_recall("Too fast")
        folder = self.folder.sudo()
        self.assertEqual(self._bytes(folder), before)
        self.assertEqual(folder.signature_ids.state, "withdrawn")
        self.assertEqual(folder.run_id.current_user_ids, self.signer)
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        self.assertEqual(folder.state, "closing")

    def test_not_after_the_next_act(self):
        self._as(self.folder, self.head).action_approve()
        self._sign(self.folder, self.signer)
        with self.refused(UserError, "cannot be taken back"):
            self._as(self.folder, self.head).action_recall("x")
        self._sign(self.folder, self.mayor)
        for user in (self.signer, self.mayor):
            with self.assertRaises(UserError):
                self._as(self.folder, user).action_recall("x")

    def test_not_under_the_signature_of_another(self):
        users = self.signer | self.mayor | self.other
        self.env["gov.key"]._make_personal(self.other, self.company, "135791")
        circuit = self._circuit(
            "Three", [{"name": "All", "kind": "signature", "users": users}]
        )
        folder = self._submitted(nature=self.nature.copy({"circuit_id": circuit.id}))
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        with self.refused(UserError, "somebody has signed after you|cannot be taken"):
            self._as(folder, self.signer).action_recall("x")
        with self.refused(UserError, "somebody has signed after you"):
            self._as(folder, self.signer).run_id.action_recall("x")
        self._as(folder, self.mayor).action_recall("x")
        self.assertEqual(
            folder.sudo().signature_ids.sorted("id").mapped("state"),
            ["valid", "withdrawn"],
        )

    def test_taken_back_by_its_sender(self):
        original = self.folder.sudo().piece_ids.original_id._read_content()
        self.assertTrue(self.folder.can_recall)
        with self.assertRaises(UserError):
            self._as(self.folder, self.head).action_recall("x")
        self.folder.action_recall()
        self.assertEqual(self.folder.state, "draft")
        self.assertFalse(self.folder.sudo().piece_ids)
        self.assertEqual(
            self.folder.sudo().main_ids.current_version_id._read_content(), original
        )
        self.assertFalse(self.folder.sudo().activity_ids)
        self.folder.title = "Better"
        self.folder.action_submit()
        self._as(self.folder, self.head).action_approve()
        with self.refused(UserError, "cannot be taken back"):
            self.folder.action_recall()
        self._sign(self.folder, self.signer)

    def test_opinion_and_transfer(self):
        run = self._as(self.folder, self.head).run_id
        run.action_add_step("opinion", self.other.ids, question="Is it legal?")
        with self.refused(UserError, "Write your opinion"):
            self._as(self.folder, self.other).action_approve()
        self._as(self.folder, self.other).action_approve("It is")
        run.action_transfer(self.supervisor.id, "Away")
        self.assertIn(self.supervisor, self.folder.sudo().actor_ids)
        self._as(self.folder, self.supervisor).action_approve()
        self._sign(self.folder, self.signer)

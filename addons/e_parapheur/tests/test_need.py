import base64

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BookCase, pdf


@tagged("post_install", "-at_install")
class TestNeed(BookCase):
    """What a step asks for, a document corrected after a return, who left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["gov.form"].create(
            {
                "name": "Budget",
                "company_id": cls.company.id,
                "field_ids": [
                    Command.create({"label": "Line", "key": "line", "type": "text"}),
                    Command.create({"label": "Why", "key": "why", "type": "text"}),
                ],
            }
        )
        cls.form.action_publish()
        circuit = cls._circuit(
            "Asks",
            [
                {"name": "Visa", "kind": "visa", "users": cls.head},
                {"name": "Signature", "kind": "signature", "users": cls.signer},
            ],
            publish=False,
        )
        circuit.subject_model = "parapheur.folder"
        circuit.step_ids[0].write(
            {
                "required_on_approve": ["line"],
                "required_on_refuse": ["why"],
                "attachment_required": True,
            }
        )
        circuit.action_publish()
        cls.asking = cls.env["parapheur.nature"].create(
            {
                "name": "Asks",
                "company_id": cls.company.id,
                "circuit_id": circuit.id,
                "form_id": cls.form.id,
            }
        )

    def test_filled_and_attached(self):
        folder = self._submitted(nature=self.asking)
        mine = self._as(folder, self.head)
        self.assertTrue(mine.can_fill)
        with self.refused(UserError, "fill in “Line”"):
            mine.action_approve()
        with self.refused(UserError, "fill in “Why”"):
            mine.action_refuse("No")
        for values in ({"other": "x"}, {}, None, ["line"], {"line": "x", "other": 1}):
            with self.refused(UserError, "Nothing was saved"):
                mine.action_fill(values)
        for user in (self.clerk, self.signer, self.other, self.admin):
            with self.assertRaises(UserError):
                self._as(folder, user).action_fill({"line": "1"})
        mine.action_fill({"line": "6011"})
        with self.refused(UserError, "nobody answered yet"):
            mine.action_fill({"line": "7000"})
        with self.refused(UserError, "asks for a document"):
            mine.action_approve()
        with self.refused(UserError, "did not arrive whole"):
            mine.action_attach("a.pdf", "%%%")
        content = base64.b64encode(pdf(["Quote"])).decode()
        self.assertTrue(mine.action_attach("quote.pdf", content))
        mine.action_approve()
        self.assertEqual(folder.sudo().form_values["line"], "6011")
        self.assertEqual(len(folder.sudo().annex_ids), 1)
        (event,) = self._events(folder, "folder.filled")
        self.assertNotIn("6011", str(event.facts if "facts" in event else ""))

    def test_the_dialog_asks(self):
        folder = self._submitted(nature=self.asking)
        mine = self._as(folder, self.head)
        action = mine.action_open_act("approve")
        dialog = (
            self.env["parapheur.act"]
            .with_user(self.head)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(dialog.asked_keys, ["line"])
        self.assertTrue(dialog.needs_file)
        dialog.write(
            {
                "form_values": {"line": "12"},
                "file": base64.b64encode(pdf(["Quote"])),
                "filename": "quote.pdf",
            }
        )
        dialog.action_confirm()
        self.assertEqual(folder.sudo().run_id.current_user_ids, self.signer)

    def test_corrected_after_a_return(self):
        folder = self._submitted()
        piece = folder.sudo().piece_ids
        content = base64.b64encode(pdf(["Corrected words"])).decode()
        mine = self._as(folder, self.clerk)
        args = (piece.document_id.id, "corrected.pdf", content)
        with self.refused(UserError, "returned to its first step"):
            mine.action_replace_document(*args)
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        with self.refused(UserError, "returned to its first step"):
            mine.action_replace_document(*args)
        first = folder.sudo().run_id._live_steps().sorted("rank")[:1]
        self._as(folder, self.mayor).action_return(first.id, "Article 4")
        for user in (self.head, self.mayor, self.supervisor):
            with self.assertRaises(UserError):
                self._as(folder, user).action_replace_document(*args)
        base = mine._circuit_base()
        self.assertTrue(mine.can_replace_document)
        with self.refused(UserError, "belongs to no document"):
            mine.action_replace_document(10**9, "x.pdf", content)
        mine.action_replace_document(*args)
        self.assertNotEqual(mine._circuit_base(), base)
        with self.refused(UserError, "changed since you opened it"):
            self._as(folder, self.head).action_approve(base=base)
        self.assertEqual(piece.original_id.filename, "corrected.pdf")
        self._as(folder, self.head).action_approve()
        with self.refused(UserError, "returned to its first step"):
            mine.action_replace_document(*args)
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        self.assertEqual(folder.sudo().state, "closing")

    def test_straight_back(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        visa, signature = folder.sudo().run_id._live_steps().sorted("rank")[:2]
        mine = self._as(folder, self.mayor)
        with self.refused(UserError, "Say what is done again"):
            mine.action_return(visa.id, "x", resume="nothing")
        effects = mine._act_effects("return", visa, "here")
        self.assertIn("What stays valid: Signature", effects)
        mine.action_return(visa.id, "See page 2", resume="here")
        self.assertEqual(folder.sudo().signature_ids.state, "valid")
        self.assertEqual(folder.sudo().run_id.current_user_ids, self.head)
        self._as(folder, self.head).action_approve()
        self.assertEqual(folder.sudo().run_id.current_user_ids, self.mayor)
        mine.action_return(signature.id, "Sign again", resume="here")
        self.assertEqual(folder.sudo().signature_ids.state, "withdrawn")
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        self.assertEqual(folder.sudo().state, "closing")

    def test_not_straight_back_under_a_signature(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        last = folder.sudo().run_id._live_steps().sorted("rank")[-1:]
        self._as(folder, self.clerk).action_add_signer(self.signer.ids, after=last.id)
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        first = folder.sudo().run_id._live_steps().sorted("rank")[1]
        mine = self._as(folder, self.signer)
        with self.refused(UserError, "signed over what would be done again"):
            mine.action_return(first.id, "Again", resume="here")
        mine.action_return(first.id, "Again")
        self.assertEqual(
            set(folder.sudo().signature_ids.mapped("state")), {"withdrawn"}
        )

    def test_opened_is_not_taken_back(self):
        folder = self._submitted()
        mine = self._as(folder, self.clerk)
        self.assertTrue(mine.can_recall)
        self._as(folder, self.head).get_desk_folder()
        self.assertFalse(mine.can_recall)
        with self.refused(UserError, "Karim Head has opened"):
            mine.action_recall("Oh")
        self.assertEqual(len(self._events(folder, "folder.opened")), 1)
        self._as(folder, self.head).get_desk_folder()
        self.assertEqual(len(self._events(folder, "folder.opened")), 1)
        self._as(folder, self.head).action_approve()
        self._as(folder, self.head).action_recall("Too fast")
        self._as(folder, self.head).action_approve()
        self._as(folder, self.signer).get_desk_folder()
        with self.refused(UserError, "Mohamed Benallal has opened"):
            self._as(folder, self.head).action_recall("Too fast")

    def test_a_signer_who_left(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self.signer.action_archive()
        self.assertEqual(folder.sudo().left_names, "Mohamed Benallal")
        actor = folder.sudo().run_id.actor_ids.filtered(
            lambda row: row.user_id == self.signer
        )
        for user in (self.clerk, self.other, self.head):
            with self.assertRaises(UserError):
                self._as(folder, user).action_replace(actor.id, self.other.id, "Left")
        mine = self._as(folder, self.supervisor)
        self.assertTrue(mine.can_replace)
        with self.refused(UserError, "Say why"):
            mine.action_replace(actor.id, self.other.id, "")
        mine.action_replace(actor.id, self.other.id, "Left")
        self.assertEqual(folder.sudo().run_id.current_user_ids, self.other)
        self.assertFalse(folder.sudo().left_names)
        self.assertIn(self.other, folder.sudo().actor_ids)

    def test_refused_at_the_last_step_after_four_signatures(self):
        steps = [
            {"name": f"Signature {number}", "kind": "signature", "users": user}
            for number, user in enumerate(
                (self.signer, self.mayor, self.signer, self.mayor), 1
            )
        ]
        circuit = self._circuit(
            "Four", [*steps, {"name": "Visa", "kind": "visa", "users": self.head}]
        )
        nature = self.env["parapheur.nature"].create(
            {
                "name": "Four",
                "company_id": self.company.id,
                "circuit_id": circuit.id,
            }
        )
        folder = self._submitted(nature=nature)
        for user in (self.signer, self.mayor, self.signer, self.mayor):
            self._sign(folder, user)
        self._as(folder, self.head).action_refuse("Too late")
        told = folder.sudo()
        self.assertEqual(told.state, "refused")
        self.assertEqual(told.signature_ids.mapped("state"), ["valid"] * 4)
        act = self.env["gov.sign"]._check(self._bytes(folder), self.company)
        self.assertFalse(act.closed, "signed four times, never sealed")
        self.assertEqual(len(act.signatures), 4)
        message = told.message_ids.filtered(
            lambda one: "refused by" in (one.preview or "")
        )
        self.assertEqual(
            message.notified_partner_ids,
            (self.clerk | self.signer | self.mayor).partner_id,
        )
        draft = self._as(folder, self.clerk).action_recycle()
        again = self._as(told.browse(draft["res_id"]), self.clerk)
        self.assertEqual(
            again.sudo().main_ids.sha256, told.piece_ids.original_id.sha256
        )

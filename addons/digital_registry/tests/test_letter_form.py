import json

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_classification import ClassificationCommon


@tagged("post_install", "-at_install")
class TestLetterForm(ClassificationCommon):
    """Own fields of a category: kept with the version that was filled in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = (
            cls.env["gov.form"]
            .with_user(cls.admin)
            .create(
                {
                    "name": "Permit",
                    "field_ids": [
                        Command.create(
                            {"label": "Plot", "type": "text", "required": True}
                        ),
                        Command.create({"label": "Area", "type": "integer"}),
                    ],
                }
            )
        )
        cls.form.action_publish()
        cls.category.with_user(cls.admin).form_id = cls.form

    def _filled(self, **vals):
        return self._draft(
            category_id=self.category.id,
            form_values={"plot": "TF 123", "area": 250},
            **vals,
        )

    def _new_version(self):
        form = self.form.with_user(self.admin)
        form.action_new_version()
        draft = self.env["gov.form"].search(
            [("base_id", "=", form.base_id.id), ("state", "=", "draft")]
        )
        draft.with_user(self.admin).action_publish()
        return draft

    def test_category_brings_its_form(self):
        form = Form(
            self.env["registry.letter"]
            .with_user(self.registrar)
            .with_context(default_direction="incoming")
        )
        form.sender_name, form.subject = "Ali", "Permit"
        form.category_id = self.category
        self.assertEqual(form.form_id, self.form)
        letter = form.save()
        self.assertEqual(letter.form_id, self.form)
        letter.category_id = self.heading
        self.assertFalse(letter.form_id)

    def test_search_and_words(self):
        letter = self._filled()
        letters = self.env["registry.letter"].with_user(self.registrar)
        self.assertIn(letter, letters.search([("form_text", "ilike", "tf 123")]))
        self.assertEqual(dict(letter._form_display())["Plot"], "TF 123")

    def test_required_at_registration(self):
        letter = self._draft(category_id=self.category.id)
        with self.assertRaisesRegex(UserError, "Plot – an answer is needed"):
            letter.action_register()
        self.assertEqual(letter.state, "draft")
        letter.form_values = {"plot": "TF 9"}
        letter.action_register()
        self.assertEqual(letter.state, "registered")
        with self.assertRaisesRegex(UserError, "Area"):
            self._draft(
                category_id=self.category.id, form_values={"plot": "x", "area": "many"}
            )

    def test_version_is_kept(self):
        letter = self._filled()
        letter.action_register()
        self._drain()
        newer = self._new_version()
        self.assertEqual(letter.form_id, self.form)
        letter.category_id = self.heading
        self.assertEqual(letter.form_id, self.form, "what was filled in stays")
        with self.assertRaisesRegex(UserError, "keeps the form"):
            letter.form_id = newer
        other = self._draft(category_id=self.category.id)
        self.assertEqual(other.form_id, newer, "letters that come take the new one")

    def test_changed_after_registration(self):
        letter = self._filled()
        letter.action_register()
        self._drain()
        letter.form_values = {"plot": "TF 321", "area": 250}
        self._drain()
        event = self.env["gov.journal.event"].search(
            [
                ("kind", "=", "letter.classified"),
                ("subject_id", "=", letter.entry_id.id),
            ]
        )
        body = json.loads(event.body)
        self.assertEqual(body["fields"], ["form_values"])
        self.assertNotIn("TF 321", event.body, "digests only")
        detail = letter.entry_id.detail_ids.sorted("id")[-1]
        change = detail._values()["form_values"]
        self.assertEqual(change["old"]["plot"], "TF 123")
        self.assertEqual(change["new"]["plot"], "TF 321")
        self.assertTrue(self.register._verify()["ok"])

    def test_deposit_may_be_completed_later(self):
        letter = self._deposit(subject_type_id=self.subject_type.id)
        self.assertEqual(letter.form_id, self.form)
        self.assertFalse(letter.form_values)
        letter.with_user(self.registrar).form_values = {"plot": "TF 5"}
        self._drain()
        self.assertTrue(self.register._verify()["ok"])

    def test_form_of_another_administration(self):
        foreign = (
            self.env["gov.form"]
            .with_user(self.users["admin2"])
            .create({"name": "F", "field_ids": [Command.create({"label": "A"})]})
        )
        foreign.action_publish()
        with self.assertRaises(UserError):
            self.category.sudo().form_id = foreign

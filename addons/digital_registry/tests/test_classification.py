import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import RegistryCommon


class ClassificationCommon(RegistryCommon):
    """A heading with one category that proposes everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(user=cls.admin)
        cls.nature = env.ref("digital_registry.registry_nature_request")
        cls.own_nature = env["registry.nature"].create({"name": "Petition"})
        cls.priority = env.ref("digital_registry.registry_priority_urgent")
        cls.unit = cls.env["hr.department"].create(
            {"name": "Planning", "company_id": cls.company.id}
        )
        cls.heading = env["registry.category"].create({"name": "Town planning"})
        cls.category = env["registry.category"].create(
            {
                "name": "Building permit",
                "code": "PERMIT",
                "parent_id": cls.heading.id,
                "nature_id": cls.nature.id,
                "priority_id": cls.priority.id,
                "unit_id": cls.unit.id,
            }
        )
        cls.subject_type = env["registry.subject"].create(
            {"name": "Permit", "category_id": cls.category.id}
        )


@tagged("post_install", "-at_install")
class TestClassification(ClassificationCommon):
    def _events(self, letter):
        return (
            self.env["gov.journal.event"]
            .sudo()
            .search(
                [("kind", "=", "letter.classified"), ("seq", "!=", False)], order="seq"
            )
            .filtered(lambda event: event.subject_id == letter.entry_id.id)
        )

    def test_category_proposes(self):
        form = Form(
            self.env["registry.letter"]
            .with_user(self.registrar)
            .with_context(default_direction="incoming")
        )
        form.sender_name = "Ali"
        form.subject = "Permit"
        form.category_id = self.category
        self.assertEqual(form.nature_id, self.nature)
        self.assertEqual(form.priority_id, self.priority)
        self.assertEqual(form.unit_id, self.unit)
        form.nature_id = self.own_nature
        letter = form.save()
        self.assertEqual(letter.nature_id, self.own_nature, "the person decides")
        self.assertEqual(
            letter.category_id.display_name, "Town planning / Building permit"
        )

    def test_proposed_to_programs_too(self):
        letter = self._draft(category_id=self.category.id, priority_id=False)
        self.assertEqual(letter.nature_id, self.nature)
        self.assertFalse(letter.priority_id, "said on purpose")
        letter = self._draft(subject_type_id=self.subject_type.id)
        self.assertEqual(letter.category_id, self.category)
        self.assertEqual(letter.priority_id, self.priority)

    def test_two_levels(self):
        with self.assertRaisesRegex(ValidationError, "two levels"):
            self.env["registry.category"].with_user(self.admin).create(
                {"name": "Third", "parent_id": self.category.id}
            )
        other = self.env["registry.category"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(ValidationError, "two levels"):
            self.heading.parent_id = other
        with self.assertRaisesRegex(ValidationError, "two levels|Recursion"):
            other.parent_id = other

    def test_search_by_heading_and_groups(self):
        letter = self._register(category_id=self.category.id)
        letters = self.env["registry.letter"].with_user(self.registrar)
        self.assertIn(
            letter, letters.search([("category_id", "child_of", self.heading.id)])
        )
        for field in ("category_id", "nature_id", "priority_id", "keyword_ids"):
            groups = letters.formatted_read_group([], [field], ["__count"])
            self.assertTrue(groups)

    def test_changed_after_registration(self):
        letter = self._register(category_id=self.category.id)
        keyword = (
            self.env["registry.keyword"]
            .with_user(self.registrar)
            .create({"name": " permis "})
        )
        self.assertEqual(keyword.name, "permis")
        letter.write(
            {"nature_id": self.own_nature.id, "keyword_ids": [(4, keyword.id)]}
        )
        self._drain()
        event = self._events(letter)
        body = json.loads(event.body)
        self.assertEqual(body["fields"], ["keyword", "nature"])
        self.assertEqual(body["number"], letter.number)
        self.assertEqual(body["entry"], letter.entry_id.event_uid)
        self.assertEqual(set(body["salted"]), {"keyword", "nature"})
        self.assertNotIn("permis", event.body, "words stay out of the journal")
        detail = letter.entry_id.detail_ids.filtered(
            lambda line: line.kind == "classification"
        )
        values = detail._values()
        self.assertEqual(values["nature"]["old"]["name"], "Request")
        self.assertEqual(values["nature"]["new"]["name"], "Petition")
        self.assertEqual(values["keyword"]["old"], [])
        self.assertEqual(values["keyword"]["new"][0]["name"], "permis")
        self.assertEqual(letter.entry_id.subject, letter.subject)
        self.assertEqual(letter.entry_id.state, "valid")
        self.assertTrue(self.register._verify()["ok"])
        # The day's book tells it as a change.
        letter.register_id.with_user(self.registrar).action_close_day()
        self.assertEqual(self.register.closing_ids[:1].change_count, 1)

    def test_nothing_changes_nothing_is_told(self):
        letter = self._register(category_id=self.category.id)
        letter.write({"category_id": self.category.id, "keyword_ids": [(5,)]})
        self._drain()
        self.assertFalse(self._events(letter))

    def test_changed_before_the_number(self):
        letter = self._draft()
        letter.action_register()
        letter.priority_id = self.priority
        self._drain()
        body = json.loads(self._events(letter).body)
        self.assertIsNone(body["number"])
        self.assertEqual(body["entry"], letter.entry_id.event_uid)
        self.assertTrue(self.register._verify()["ok"])

    def test_changed_by_hand_is_named(self):
        letter = self._register()
        letter.priority_id = self.priority
        self._drain()
        detail = letter.entry_id.detail_ids.filtered(
            lambda line: line.kind == "classification"
        )
        self.env.cr.execute("ALTER TABLE registry_entry_detail DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE registry_entry_detail SET content_json = "
            "replace(content_json, 'Urgent', 'Normal') WHERE id = %s",
            (detail.id,),
        )
        self.env.cr.execute("ALTER TABLE registry_entry_detail ENABLE TRIGGER USER")
        self.env.invalidate_all()
        result = self.register._verify()
        self.assertFalse(result["ok"])
        self.assertIn("its priority", result["sentence"])

    def test_who_may(self):
        letter = self._register()
        for user in (self.auditor, self.admin, self.users["agent"]):
            with self.assertRaises(AccessError):
                letter.with_user(user).write({"priority_id": self.priority.id})
        self.assertFalse(letter.with_user(self.auditor).can_classify)
        letter.with_user(self.head).priority_id = self.priority
        letter.with_user(self.head).action_cancel("Twice", "Note 1")
        with self.assertRaisesRegex(UserError, "stays as it was"):
            letter.priority_id = False
        self.assertFalse(letter.can_classify)

    def test_deposit_takes_the_category_of_its_subject(self):
        letter = self._deposit(subject_type_id=self.subject_type.id)
        self.assertEqual(letter.category_id, self.category)
        self.assertEqual(letter.nature_id, self.nature)
        self.assertEqual(letter.priority_id, self.priority)
        self.assertEqual(letter.unit_id, self.unit)
        self.assertEqual(letter.entry_id.unit_id, self.unit)
        named = self.env["hr.department"].create(
            {"name": "Named", "company_id": self.company.id}
        )
        letter = self._deposit(subject_type_id=self.subject_type.id, unit_id=named.id)
        self.assertEqual(letter.unit_id, named, "the sender named one")

    def test_used_words_are_archived_not_deleted(self):
        keyword = (
            self.env["registry.keyword"].with_user(self.admin).create({"name": "K"})
        )
        self._draft(
            category_id=self.category.id,
            nature_id=self.own_nature.id,
            subject_type_id=self.subject_type.id,
            keyword_ids=[(4, keyword.id)],
        )
        for record in (self.category, self.own_nature, self.subject_type, keyword):
            with self.assertRaisesRegex(UserError, "archive it instead"):
                record.with_user(self.admin).unlink()
            record.with_user(self.admin).active = False
        self.env["registry.nature"].with_user(self.admin).create({"name": "X"}).unlink()


@tagged("post_install", "-at_install", "gov_acl")
class TestClassificationAccess(ClassificationCommon):
    def test_starting_lists_belong_to_nobody(self):
        for record in (self.nature, self.priority):
            for name in ("registrar", "auditor", "admin", "admin2", "agent"):
                mine = record.with_user(self.users[name])
                self.assertTrue(mine.name)
                with self.assertRaises(AccessError):
                    mine.write({"sequence": 1})
                with self.assertRaises(AccessError):
                    mine.unlink()
        with self.assertRaises(AccessError):
            self.env["registry.nature"].with_user(self.admin).create(
                {"name": "For all", "company_id": False}
            )

    def test_own_lists_are_not_seen_elsewhere(self):
        keyword = (
            self.env["registry.keyword"].with_user(self.admin).create({"name": "K"})
        )
        for record in (self.own_nature, self.category, self.heading, keyword):
            for name in ("registrar2", "auditor2", "admin2"):
                model = self.env[record._name].with_user(self.users[name])
                self.assertFalse(model.search([("id", "=", record.id)]))
                with self.assertRaises(AccessError):
                    record.with_user(self.users[name]).read(["display_name"])
        with self.assertRaises(UserError):
            self._draft(
                self.users["registrar2"],
                register_id=self.other_register.id,
                category_id=self.category.id,
            )

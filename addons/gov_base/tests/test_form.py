from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_forms import FormCase

ACCESS_LOG = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.models",
)


@tagged("alone", "standard")
class TestForm(FormCase):
    """A form (L2): designed with labels alone, frozen once in use, changed by a new version."""

    def draft(self, **vals):
        return self.forms.create(
            {"name": "Leave", "field_ids": [self.question("Reason")], **vals}
        )

    def test_keys_come_from_labels(self):
        form = self.draft(
            field_ids=[
                self.question("Date de début"),
                self.question("Date de debut"),
                self.question("سبب الطلب"),
                self.question("ملاحظات"),
                self.question("2026"),
                self.question("x" * 200),
            ]
        )
        keys = form.field_ids.mapped("key")
        self.assertEqual(
            keys[:5],
            ["date_de_debut", "date_de_debut_2", "field", "field_2", "field_2026"],
        )
        self.assertEqual(len(keys[5]), 40)
        form.field_ids[0].label = "Début"
        self.assertEqual(form.field_ids[0].key, "date_de_debut", "answers keep it")
        form.field_ids = [self.question("Date de début")]
        self.assertEqual(form.field_ids[-1].key, "date_de_debut_3")

    def test_a_key_that_is_given_is_checked(self):
        for key in ("Été", "1a", "a b", "a" * 51, "a;drop", "_x"):
            with self.refused(ValidationError, "technical key"):
                self.draft(field_ids=[self.question("A", key=key)])
        form = self.draft(field_ids=[self.question("A", key="chosen_1")])
        self.assertEqual(form.field_ids.key, "chosen_1")
        with self.refused(ValidationError, "technical key"):
            form.field_ids.key = "Not a key"

    def test_labels_are_clean(self):
        form = self.draft(
            name="Con\u202egé\n annuel",
            field_ids=[self.question("Mo\u202etif\x07 du\u00a0 congé")],
        )
        self.assertEqual(
            (form.name, form.field_ids.label), ("Congé annuel", "Motif du congé")
        )
        for blank in ("", "  ", "\u200b\u202e"):
            with self.refused(ValidationError, "has no label"):
                self.draft(field_ids=[self.question(blank)])
            with self.refused(ValidationError, "has no label"):
                self.draft().field_ids.label = blank
            with self.refused(ValidationError, "has no name"):
                self.draft(name=blank)

    def test_a_person_fills_in_labels_only(self):
        with Form(self.forms) as page:
            page.name = "Leave"
            with page.field_ids.new() as line:
                line.label = "Kind"
                line.type = "choice"
                with line.option_ids.new() as option:
                    option.label = "Paid"
                with line.option_ids.new() as option:
                    option.label = "Unpaid"
        form = page.record
        self.assertEqual(form.field_ids.option_ids.mapped("value"), ["paid", "unpaid"])
        self.assertEqual(form.field_ids.options_summary, "Paid · Unpaid")
        self.assertTrue(form.can_publish)
        form.action_publish()
        self.assertEqual(form.state, "published")

    def test_publish_says_what_is_missing(self):
        with self.refused(UserError, "asks nothing yet"):
            self.draft(field_ids=[]).action_publish()
        form = self.draft(field_ids=[self.question("Kind", "choice")])
        with self.refused(UserError, "nothing to choose: Kind"):
            form.action_publish()
        with self.refused(UserError, "not being prepared"):
            self.form.action_publish()
        with self.refused(UserError, "not in use"):
            form.action_retire()
        with self.refused(UserError, "still being prepared"):
            form.action_new_version()

    def test_in_use_is_frozen(self):
        question, choice = self.form.field_ids[0], self.form.field_ids[6]
        option = choice.option_ids[0]
        other = self.draft()
        attempts = (
            lambda: self.form.write({"name": "Other"}),
            lambda: self.form.write({"company_id": self.souissi.id}),
            lambda: self.form.write({"field_ids": [self.question("More")]}),
            lambda: self.form.write({"field_ids": [Command.delete(question.id)]}),
            lambda: self.form.write({"field_ids": [Command.clear()]}),
            lambda: question.write({"label": "Other"}),
            lambda: question.write({"required": False}),
            lambda: question.write({"type": "date"}),
            lambda: question.write({"sequence": 99}),
            lambda: question.write({"key": "other"}),
            lambda: (
                question.write({"help": "Other"}) or question.write({"help": "Again"})
            ),
            lambda: question.write({"form_id": other.id}),
            lambda: question.unlink(),
            lambda: option.write({"label": "Other"}),
            lambda: option.write({"value": "other"}),
            lambda: option.unlink(),
            lambda: option.copy(),
            lambda: question.copy(),
            lambda: choice.write({"option_ids": [Command.create({"label": "X"})]}),
            lambda: other.field_ids.write({"form_id": self.form.id}),
            lambda: question.update_field_translations("label", {"en_US": "Other"}),
            lambda: self.form.update_field_translations("name", {"en_US": "Other"}),
        )
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.refused(UserError, "is in use"):
                attempt()
        with self.refused(UserError, "not deleted"):
            self.form.unlink()

    def test_a_missing_translation_may_be_added(self):
        question = self.form.field_ids[0]
        question.with_context(lang="fr_FR").label = "Métier"
        question.update_field_translations("label", {"ar_MA": "الحرفة"})
        self.form.update_field_translations("name", {"fr_FR": "Permis de marché"})
        french = self.form.with_context(lang="fr_FR").get_definition()
        self.assertEqual(french["name"], "Permis de marché")
        self.assertEqual(french["fields"][0]["label"], "Métier")
        arabic = self.form.with_context(lang="ar_MA").get_definition()
        self.assertEqual(arabic["fields"][0]["label"], "الحرفة")
        for change in ({"fr_FR": "Autre"}, {"ar_MA": False}, {"ar_MA": ""}):
            with self.refused(UserError, "is in use"):
                question.update_field_translations("label", change)
        with self.refused(UserError, "en service"):
            question.with_context(lang="fr_FR").label = "Autre"

    def test_written_in_french_english_is_still_missing(self):
        form = (
            self.draft()
            .with_context(lang="fr_FR")
            .create({"name": "Congé", "field_ids": [self.question("Motif")]})
        )
        form.action_publish()
        form.field_ids.update_field_translations("label", {"en_US": "Reason"})
        label = form.field_ids.with_context(lang="en_US").label
        self.assertEqual(label, "Reason")

    def test_state_changes_only_by_its_buttons(self):
        form = self.draft()
        for vals in (
            {"state": "published"},
            {"version": 7},
            {"base_id": self.form.id},
        ):
            for context in ({}, {"gov_form_gate": True}, {"gov_form_gate": "GATE"}):
                with self.refused(AccessError, "only with its buttons"):
                    form.with_context(**context).write(vals)
                with self.refused(AccessError, "only with its buttons"):
                    self.forms.with_context(**context).create({"name": "A", **vals})

    def test_defaults_of_the_context_pass_the_same_checks(self):
        form = self.forms.with_context(
            default_state="published",
            default_version=7,
            default_base_id=self.form.id,
            default_name="Na\u202eme",
        ).create({})
        self.assertEqual(
            (form.state, form.version, form.base_id, form.name),
            ("draft", 1, form, "Name"),
        )
        fields_model = self.env["gov.form.field"].with_user(self.admin)
        with self.refused(UserError, "is in use"):
            fields_model.with_context(default_form_id=self.form.id).create(
                {"label": "More"}
            )
        lines = fields_model.with_context(default_label="La\u202ebel")
        self.assertEqual(lines.create({"form_id": form.id}).label, "Label")

    def test_translations_are_clean(self):
        form = self.draft()
        form.field_ids.update_field_translations(
            "label", {"fr_FR": "Mo\u202etif\n" + "x" * 300}
        )
        label = form.field_ids.with_context(lang="fr_FR").label
        self.assertEqual((label[:7], len(label)), ("Motif x", 200))
        form.update_field_translations("name", {"ar_MA": "رخ\u202eصة"})
        self.assertEqual(form.with_context(lang="ar_MA").name, "رخصة")

    def test_next_version(self):
        action = self.form.action_new_version()
        draft = self.forms.browse(action["res_id"])
        self.assertEqual((draft.version, draft.state), (2, "draft"))
        self.assertEqual(draft.base_id, self.form)
        self.assertEqual(
            draft.field_ids.mapped("key"), self.form.field_ids.mapped("key")
        )
        self.assertEqual(
            draft.field_ids.option_ids.mapped("value"),
            self.form.field_ids.option_ids.mapped("value"),
        )
        self.assertEqual(
            self.form.action_new_version()["res_id"], draft.id, "not a third one"
        )
        draft.field_ids[0].label = "Trade or craft"
        self.assertEqual(self.form._current(), self.form)
        draft.action_publish()
        self.assertEqual(self.form.state, "retired")
        self.assertEqual(self.form._current(), draft)
        self.assertEqual(draft._current(), draft)
        self.assertEqual(self.form.field_ids[0].label, "Trade")
        self.assertIn(draft, self.form.version_ids)
        self.assertEqual(draft.display_name, "Market permit (version 2)")
        with self.refused(UserError, "is in use"):
            self.form.field_ids[0].label = "withdrawn is frozen too"
        third = self.forms.browse(self.form.action_new_version()["res_id"])
        self.assertEqual(third.version, 3)
        third.unlink()
        draft.action_retire()
        self.assertFalse(self.form._current())

    def test_translations_go_with_the_next_version(self):
        self.form.field_ids[0].update_field_translations("label", {"fr_FR": "Métier"})
        draft = self.form._new_version()
        self.assertEqual(draft.field_ids[0].with_context(lang="fr_FR").label, "Métier")

    def test_a_copy_is_another_form(self):
        copy = self.form.copy()
        self.assertEqual(
            (copy.name, copy.state, copy.version, copy.base_id),
            ("Market permit (copy)", "draft", 1, copy),
        )
        copy.unlink()

    def test_definition_is_plain_and_nobodys_to_change(self):
        definition = self.form.get_definition()
        self.assertEqual(
            [field["type"] for field in definition["fields"]],
            [
                "text",
                "long_text",
                "integer",
                "amount",
                "date",
                "boolean",
                "choice",
                "choices",
            ],
        )
        self.assertEqual(
            definition["fields"][6]["options"],
            [
                {"value": "medina", "label": "Medina"},
                {"value": "agdal", "label": "Agdal"},
            ],
        )
        definition["fields"][6]["options"][0]["label"] = "spoilt"
        definition["fields"].clear()
        again = self.form.get_definition()
        self.assertEqual(again["fields"][6]["options"][0]["label"], "Medina")
        with self.assertQueryCount(0):
            self.form._definition()

    def test_a_draft_is_read_as_it_is(self):
        form = self.draft()
        form.get_definition()
        form.field_ids.label = "Why"
        self.assertEqual(form.get_definition()["fields"][0]["label"], "Why")
        form.field_ids.unlink()
        self.assertFalse(form.get_definition()["fields"])

    def test_limits(self):
        with self.refused(ValidationError, "100 fields at most"):
            self.draft(field_ids=[self.question(f"Q{number}") for number in range(101)])
        with self.refused(ValidationError, "500 options at most"):
            self.draft(
                field_ids=[
                    self.question("Kind", "choice", [str(n) for n in range(501)])
                ]
            )

    @mute_logger(*ACCESS_LOG)
    def test_who_may_design(self):
        for user in (self.agent, self.auditor):
            form = self.form.with_user(user)
            self.assertEqual(form.get_definition()["name"], "Market permit")
            self.assertFalse(
                form.can_new_version or form.can_retire or form.can_publish
            )
            for attempt in (
                lambda form=form: form.create({"name": "A"}),
                lambda form=form: form.write({"description": "x"}),
                lambda form=form: form.field_ids.write({"label": "x"}),
                lambda form=form: form.field_ids.unlink(),
                lambda form=form: form.field_ids.option_ids.unlink(),
                lambda form=form: form.action_retire(),
                lambda form=form: form.action_new_version(),
                lambda form=form: form.unlink(),
                lambda form=form: form.copy(),
                lambda form=form: form.update_field_translations(
                    "name", {"fr_FR": "x"}
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        for door in (
            lambda: self.form.with_user(self.plain).get_definition(),
            lambda: self.form.with_user(self.plain).read(["name"]),
            lambda: self.env["gov.form.field"].with_user(self.plain).search([]),
        ):
            with self.assertRaises(AccessError):
                door()

    @mute_logger(*ACCESS_LOG)
    def test_another_administration(self):
        theirs = self.form.with_user(self.other_admin)
        self.assertFalse(theirs.search([("id", "=", self.form.id)]))
        for attempt in (
            lambda: theirs.get_definition(),
            lambda: theirs.read(["name"]),
            lambda: theirs.action_retire(),
            lambda: theirs.action_new_version(),
            lambda: theirs.field_ids.read(["label"]),
            lambda: theirs.create({"name": "A", "company_id": self.agdal.id}),
            lambda: theirs.env["gov.form.field"].create(
                {"form_id": self.form.id, "label": "A"}
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        own = theirs.create({"name": "Ours", "field_ids": [self.question("A")]})
        self.assertEqual(own.company_id, self.souissi)
        with self.assertRaises(UserError):
            own.company_id = self.agdal
        self.assertFalse(
            self.env["gov.form.option"].with_user(self.other_admin).search([])
        )

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_rule import RuleCase

RUN = "odoo.addons.gov_base.models.gov_rule_run"


@tagged("post_install", "-at_install")
class TestRule(RuleCase):
    """Rules on letters: when, if, then; rehearsed, logged, never in the way of a registration."""

    # What a rule says

    def test_reads_as_a_sentence(self):
        rule = self._rule(
            [
                ("category", "in", [self.category.id]),
                ("subject", "any", ["permis", "رخصة"]),
                ("sender_kind", "not_in", ["administration"]),
            ],
            [
                self._assign(user=self.au.id),
                ("copy", {"units": [self.legal.id]}),
                ("deadline", {"days": 15}),
            ],
        )
        self.assertEqual(
            rule.sentence,
            "When a letter is registered, if the category is Urbanisme, the subject "
            "contains “permis” or “رخصة” and the kind of correspondent is not "
            "Administration, then assign to Urbanisme (Agent: AU Desk), send a copy to "
            "Affaires juridiques and set the due date in 15 days.",
        )

    # What a rule does

    def test_acts_after_the_registration(self):
        rule = self._rule(
            [("category", "in", [self.category.id]), ("subject", "any", ["permis"])],
            [
                self._assign(user=self.au.id, note="Voir le plan"),
                ("copy", {"units": [self.legal.id]}),
                ("deadline", {"days": 15}),
            ],
        )
        letter = self._register(category_id=self.below.id)
        self.assertEqual(letter.desk_unit_id, self.secretariat)
        self._process()
        self.assertEqual(
            (letter.desk_unit_id, letter.desk_user_id), (self.urbanism, self.au)
        )
        today = fields.Date.context_today(letter.with_context(tz=self.company.gov_tz))
        self.assertEqual(letter.desk_due_date, today + timedelta(days=15))
        copy = letter.assignment_ids.filtered(lambda row: row.role == "copy")
        self.assertEqual(copy.unit_id, self.legal)
        lines = self._sentences(letter, self.au)
        self.assertTrue(
            any(
                line.startswith("The rule “Permis” dispatched the letter to AU Desk")
                for line in lines
            ),
            lines,
        )
        logs = self._logs(rule)
        self.assertEqual(set(logs.mapped("state")), {"done"})
        self.assertEqual(len(logs), 3)
        self.assertEqual(
            logs[-1].why, "the category is Urbanisme and the subject contains “permis”"
        )
        self.assertIn("assign to Urbanisme", logs[-1].what)
        self.assertEqual(logs[-1].res_name, letter.number)

    def test_a_deposit_is_looked_at_too(self):
        self._rule([("language", "in", ["ar"])], [self._assign()])
        letter = self._deposit(language="ar")
        other = self._deposit(language="fr")
        self._process()
        self.assertEqual(letter.desk_unit_id, self.urbanism)
        self.assertEqual(other.desk_unit_id, self.secretariat)

    def test_once(self):
        rule = self._rule([], [("copy", {"units": [self.legal.id]})])
        self._register()
        self._process()
        self._process()
        self.assertEqual(len(self._logs(rule)), 1)
        self.assertFalse(self.env["gov.rule.task"].search([]))

    def test_words_of_both_languages(self):
        rule = self._rule([("text", "any", ["رخصة", "état civil"])], used=False)
        hits = (
            "طلب الرُّخصة",
            "في شأن والرخصه",
            "طلب رخصتي",
            "ETAT-CIVIL de Rabat",
            "extrait d’état civil",
        )
        misses = ("رخاء", "état des lieux civils", "Permis")
        for expected, subjects in ((True, hits), (False, misses)):
            for subject in subjects:
                letter = self._draft(subject=subject).with_env(self.env)
                holds, _verdicts = rule._answers(rule._plain(), letter.sudo())
                self.assertEqual(holds, expected, subject)

    def test_order_and_stop(self):
        second = self._rule([], [self._assign(self.legal)], sequence=20)
        first = self._rule([], [self._assign()], sequence=10, stop=True)
        letter = self._register()
        self._process()
        self.assertEqual(letter.desk_unit_id, self.urbanism)
        self.assertFalse(self._logs(second))
        first.with_user(self.desk_admin).stop = False
        letter = self._register()
        self._process()
        # The second one sub-dispatches what the first one gave to urbanism.
        self.assertEqual(self._logs(second).state, "done")
        self.assertEqual(letter.desk_unit_id, self.legal)

    def test_validity_and_use(self):
        today = fields.Date.today()
        self._rule([], [self._assign()], date_to=today - timedelta(days=2))
        self._rule([], [self._assign()], date_from=today + timedelta(days=2))
        self._rule([], [self._assign()], used=False)
        self._rule([], [self._assign()]).action_stop_using()
        self._rule([], [self._assign()]).active = False
        letter = self._register()
        self._process()
        self.assertEqual(letter.desk_unit_id, self.secretariat)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._rule([], [], used=False, date_from=today, date_to="2020-01-01")

    def test_own_fields(self):
        form = self.env["gov.form"].create(
            {
                "name": "Permis",
                "company_id": self.company.id,
                "field_ids": [
                    Command.create({"label": "Surface", "type": "integer"}),
                    Command.create({"label": "Lieu", "type": "text"}),
                ],
            }
        )
        form.action_publish()
        self.category.form_id = form
        rule = self._rule(
            [("form:surface", "at_least", 100), ("form:lieu", "any", ["agdal"])],
            [self._assign()],
        )
        self.assertIn("“Surface” is at least 100", rule.sentence)
        letters = [
            self._register(category_id=self.category.id, form_values=values)
            for values in (
                {"surface": 100, "lieu": "Quartier AGDAL"},
                {"surface": 99, "lieu": "Agdal"},
                {"lieu": "Agdal"},
                {},
            )
        ]
        self._process()
        self.assertEqual(
            [letter.desk_unit_id == self.urbanism for letter in letters],
            [True, False, False, False],
        )

    def test_other_events(self):
        closed = self._rule(
            [("closing", "in", ["no_reply"])],
            [("notify", {"who": "persons", "users": [self.hu.id]})],
            event="desk_closed",
        )
        returned = self._rule([], [("notify", {"who": "head"})], event="desk_returned")
        letter = self._assigned()
        self._row(letter, self.au).action_return("Pas moi")
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        letter.with_user(self.hu).action_close("Classé", kind="no_reply")
        self._process()
        self.assertEqual(self._logs(closed).state, "done")
        self.assertEqual(self._logs(returned).state, "done")
        told = self.env["mail.notification"].search_count(
            [
                ("mail_message_id.model", "=", "registry.letter"),
                ("mail_message_id.res_id", "=", letter.id),
                ("res_partner_id", "=", self.hu.partner_id.id),
            ]
        )
        self.assertEqual(told, 2)

    def test_nobody_is_told_of_a_letter_he_may_not_read(self):
        rule = self._rule([], [("notify", {"who": "persons", "users": [self.al.id]})])
        self._arrived()
        self._process()
        self.assertEqual(self._logs(rule).state, "refused")
        self.assertIn("Nobody who may read", self._logs(rule).error)

    def test_starts_a_circuit(self):
        circuit = self.env["gov.circuit"].create(
            {
                "name": "Avis du juridique",
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Avis",
                            "kind": "opinion",
                            "actor_rule": "unit_head",
                            "unit_id": self.legal.id,
                        }
                    )
                ],
            }
        )
        with self.refused(ValidationError, "is published"):
            self._rule([], [("circuit", {"circuit": circuit.id})])
        circuit.action_publish()
        rule = self._rule([], [("circuit", {"circuit": circuit.id})])
        letter = self._arrived()
        self._process()
        self.assertEqual(self._logs(rule).state, "done", self._logs(rule).error)
        self.assertEqual(letter.run_id.current_user_ids, self.hl)

    def test_asks_the_sender(self):
        ask = ("complete", {"question": "Joignez le plan de masse.", "days": 5})
        rule = self._rule([], [ask])
        answered = self._rule([], [("notify", {"who": "head"})], event="desk_completed")
        letter = self._arrived()
        self._process()
        self.assertEqual(self._logs(rule).state, "done", self._logs(rule).error)
        request = letter.completion_id
        self.assertEqual(request.question, "Joignez le plan de masse.")
        today = self.company._gov_today()
        self.assertEqual(
            request.due_date,
            self.env["gov.holiday"]._working_days_after(self.company, today, 5),
        )
        self.assertEqual(request.asked_by_name, "The rule “Permis”")
        request.with_user(self.hu).action_note_answer("Voici le plan.")
        self._process()
        self.assertEqual(self._logs(answered).state, "done")

    # What a rule cannot do

    def test_a_refusal_is_told_and_stops_nothing(self):
        rule = self._rule(
            [], [self._assign(user=self.au.id), ("copy", {"units": [self.legal.id]})]
        )
        self.people["au"].department_id = self.legal
        letter = self._register()
        self._process()
        self.assertEqual(letter.desk_unit_id, self.secretariat)
        logs = self._logs(rule).sorted("id")
        self.assertEqual(logs.mapped("state"), ["refused", "done"])
        self.assertIn("does not work in Urbanisme", logs[0].error)
        self.assertEqual(rule.with_user(self.desk_admin).trouble_count, 1)
        self.assertIn("any more", rule.problems)
        lines = self._sentences(letter, self.supervisor)
        self.assertTrue(
            any("The rule “Permis” could not do what it says" in one for one in lines),
            lines,
        )

    def test_an_error_is_kept_and_undone(self):
        rule = self._rule([], [("deadline", {"days": 3}), self._assign()])
        # What a rule says is checked when it is saved: this one was changed behind our back.
        self.env.cr.execute(
            "UPDATE gov_rule SET actions = %s WHERE id = %s",
            ('[{"action": "deadline", "params": {"days": "x"}}]', rule.id),
        )
        rule.invalidate_recordset()
        self.env.registry.clear_cache()
        letter = self._register()
        due = letter.desk_due_date
        with mute_logger(RUN):
            self._process()
        self.assertEqual(self._logs(rule).state, "failed")
        self.assertIn("error of the platform", self._logs(rule).error)
        self.assertEqual(letter.desk_due_date, due)

    def test_people_go_first(self):
        """Whoever holds the letter's rows when rules come: they come back later, nothing is lost."""
        rule = self._rule([], [self._assign()])
        letter = self._register()
        with patch.object(type(letter), "_rule_lock", lambda self: False):
            self._process()
        task = self.env["gov.rule.task"].search([("res_id", "=", letter.id)])
        self.assertTrue(task.next_at)
        self.assertFalse(self._logs(rule))
        task.next_at = False
        self._process()
        self.assertEqual(letter.desk_unit_id, self.urbanism)

    def test_no_loop(self):
        first = self._rule([], [self._assign()])
        echo = self._rule([], [self._assign(self.legal)], event="desk_dispatched")
        letter = self._register()
        self._process()
        self._process()
        self.assertEqual(len(self._logs(first)), 1)
        self.assertFalse(self._logs(echo))
        self.assertEqual(letter.desk_unit_id, self.urbanism)

    def test_nobody_pretends_to_be_a_rule(self):
        rule = self._rule([], [self._assign(self.legal)], event="desk_dispatched")
        letter = self._arrived()
        context = {"gov_rule_acting": {"rule_id": rule.id, "name": "x"}}
        row = self._row(letter, self.hu).with_context(**context)
        row.action_dispatch(user_id=self.au.id)
        self.assertTrue(self.env["gov.rule.task"].search([("res_id", "=", letter.id)]))
        self.assertIn("HU Desk dispatched", self._sentences(letter, self.au)[0])

    def test_a_letter_that_is_gone_or_closed(self):
        rule = self._rule([], [self._assign()])
        letter = self._register(unit_id=self.legal.id)
        self._row(letter, self.hl).action_done("Vu")
        self._process()
        self.assertEqual(self._logs(rule).state, "refused")
        self.assertIn("is closed", self._logs(rule).error)

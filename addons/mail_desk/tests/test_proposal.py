from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestProposal(DeskCase):
    """Where a letter should go, and why: precedents, redirections, load, rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["registry.category"].create(
            {"name": "Autorisations", "company_id": cls.company.id}
        )

    def _letter(self, subject="Demande de permis de construire", **vals):
        return self._register(subject=subject, category_id=self.category.id, **vals)

    def _sent_to(self, unit, subject="Demande de permis de construire", **vals):
        letter = self._letter(subject, **vals)
        self._row(letter, self.hs).action_dispatch(unit_id=unit.id)
        return letter

    def _proposals(self, letter, user=None):
        return letter.with_user(user or self.hs)._desk_proposals()

    def _names(self, letter, user=None):
        return [
            (one["unit_name"], one["user_name"], one["source"])
            for one in self._proposals(letter, user)
        ]

    def test_nothing_is_known(self):
        """Then the people of the unit are proposed, the least loaded first."""
        self._assigned()
        letter = self._arrived()
        first = self._proposals(letter, self.hu)[0]
        self.assertEqual((first["unit"], first["source"]), (self.urbanism.id, "load"))
        proposals = self._proposals(letter, self.hu)
        loads = [one["load"] for one in proposals if one["user"] != self.hu.id]
        self.assertEqual(loads, sorted(loads))
        self.assertEqual(loads[-1], 1)
        # Who dispatches is not proposed before those who are there for it.
        self.assertEqual(proposals[-1]["user"], self.hu.id)
        self.assertRegex(first["reasons"][0], "0 open letters, the fewest")

    def test_what_people_did_before(self):
        for name in ("Atlas", "Rif", "Souss"):
            self._sent_to(self.urbanism, sender_name=name, sender_kind="company")
        first = self._proposals(self._letter(sender_name="Autre"))[0]
        self.assertEqual(first["unit"], self.urbanism.id)
        self.assertEqual(first["source"], "precedent")
        self.assertIn(
            "3 of 3 letters of the category “Autorisations” went there",
            first["reasons"],
        )
        self.assertTrue(any("“permis”" in reason for reason in first["reasons"]))
        self.assertFalse(first["user"])

    def test_one_letter_is_no_precedent(self):
        self._sent_to(self.urbanism)
        self.assertNotIn("precedent", [one[2] for one in self._names(self._letter())])

    def test_arabic_spellings_meet(self):
        for subject in ("طلب رخصة البناء", "طلب الرُّخصه للبناء"):
            self._sent_to(self.urbanism, subject)
        first = self._proposals(self._letter("في شأن والرخصة"))[0]
        self.assertEqual(first["unit"], self.urbanism.id)

    def test_three_like_redirections_change_the_proposal(self):
        for index in range(4):
            self._sent_to(self.urbanism, sender_name=f"Citoyen {index}")
        self.assertEqual(self._names(self._letter())[0][0], "Urbanisme")
        for count in (1, 2, 3):
            letter = self._sent_to(self.urbanism, sender_name=f"Autre {count}")
            self._row(letter, self.hu).action_redirect(self.legal.id, "Contentieux")
            first = self._proposals(self._letter())[0]
            self.assertEqual(
                first["unit"], self.legal.id if count == 3 else self.urbanism.id, count
            )
        self.assertIn(
            "the last 3 letters like this one were redirected from Urbanisme to Affaires "
            "juridiques: the proposal has changed",
            first["reasons"],
        )
        self.assertEqual(first["source"], "precedent")
        # Before the head of the unit that got it, too.
        arrived = self._letter(unit_id=self.urbanism.id)
        self.assertEqual(self._proposals(arrived, self.hu)[0]["unit"], self.legal.id)
        # Another kind of letter is not concerned.
        other = self._letter("Facture de gravier")
        self.assertNotEqual(self._proposals(other)[0]["unit"], self.legal.id)

    def test_a_letter_treated_there_contradicts(self):
        for _count in range(4):
            self._sent_to(self.urbanism)
        for _count in range(3):
            letter = self._sent_to(self.urbanism)
            self._row(letter, self.hu).action_redirect(self.legal.id, "Contentieux")
        self.assertEqual(self._proposals(self._letter())[0]["unit"], self.legal.id)
        kept = self._sent_to(self.urbanism)
        self._row(kept, self.hu).action_dispatch(user_id=self.au.id)
        kept.with_user(self.hu).action_close("Classé", kind="no_reply")
        self.assertEqual(self._proposals(self._letter())[0]["unit"], self.urbanism.id)

    def test_a_return_that_goes_elsewhere_is_a_redirection(self):
        for _count in range(3):
            letter = self._sent_to(self.urbanism)
            self._row(letter, self.hu).action_return("Pas nous")
            self._row(letter, self.hs).action_dispatch(unit_id=self.legal.id)
        first = self._proposals(self._letter(unit_id=self.urbanism.id), self.hu)[0]
        self.assertEqual(first["unit"], self.legal.id)

    def test_there_and_back(self):
        for _count in range(3):
            letter = self._sent_to(self.urbanism)
            self._row(letter, self.hu).action_redirect(self.legal.id, "Contentieux")
        arrived = self._letter(unit_id=self.urbanism.id)
        first = self._proposals(arrived, self.hu)[0]
        self.assertIn("the proposal has changed", first["reasons"][0])
        back = self._sent_to(self.legal)
        self._row(back, self.hl).action_redirect(self.urbanism.id, "Pas pour nous")
        reasons = str(self._proposals(arrived, self.hu))
        self.assertNotIn("the proposal has changed", reasons)
        self.assertIn("3 of 4 letters of the category", reasons)

    def test_the_absent_come_last(self):
        today = self.company._gov_today()
        self.env["gov.absence"].create(
            {
                "user_id": self.au.id,
                "company_id": self.company.id,
                "date_from": today,
                "date_to": today + timedelta(days=3),
            }
        )
        proposals = self._proposals(self._arrived(), self.hu)
        self.assertEqual(proposals[-1]["user"], self.au.id)
        self.assertEqual(proposals[-1]["absent_until"], today + timedelta(days=3))
        self.assertRegex(proposals[-1]["reasons"][0], "absent until")

    def test_the_usual_unit_of_the_category(self):
        letter = self._letter()
        self.category.unit_id = self.legal
        self.assertEqual(
            self._names(letter)[0], ("Affaires juridiques", False, "category")
        )

    def test_forgotten(self):
        for _count in range(3):
            self._sent_to(self.urbanism)
        precedents = self.env["desk.precedent"].with_user(self.desk_admin)
        action = precedents.action_open()
        self.assertEqual(action["res_model"], "desk.precedent")
        mine = precedents.search([])
        by_name = dict(zip(mine.mapped("name"), mine.mapped("count"), strict=True))
        self.assertEqual(by_name["“permis”"], 3)
        self.assertEqual(by_name["Autorisations"], 3)
        self.assertNotIn("محمد", str(mine.mapped("name")) + str(mine.mapped("key")))
        mine.action_forget()
        self.assertNotIn("precedent", [one[2] for one in self._names(self._letter())])

    def test_who_is_used_to_it(self):
        for _count in range(2):
            letter = self._sent_to(self.urbanism)
            self._row(letter, self.hu).action_dispatch(user_id=self.au2.id)
        first = self._proposals(self._letter(unit_id=self.urbanism.id), self.hu)[0]
        self.assertEqual((first["user"], first["load"]), (self.au2.id, 2))
        self.assertIn("treats letters like this one", first["reasons"])

    def test_a_rule_speaks_first(self):
        for _count in range(3):
            self._sent_to(self.legal)
        rule = self.env["gov.rule"].create(
            {
                "name": "Permis",
                "company_id": self.company.id,
                "event": "desk_registered",
                "conditions": [
                    {"field": "subject", "operator": "any", "value": ["permis"]}
                ],
                "actions": [
                    {"action": "propose", "params": {"unit": self.urbanism.id}}
                ],
            }
        )
        self.assertEqual(self._names(self._letter())[0][0], "Affaires juridiques")
        rule.action_use()
        first = self._proposals(self._letter())[0]
        self.assertEqual((first["unit"], first["source"]), (self.urbanism.id, "rule"))
        self.assertEqual(
            first["reasons"][0], "rule “Permis”: the subject contains “permis”"
        )

    def test_three_queries_for_any_number(self):
        for _count in range(3):
            self._sent_to(self.urbanism)
        letters = self.browse_letters(3).with_user(self.hs)
        fields_read = [
            "subject",
            "sender_name",
            "sender_kind",
            "category_id",
            "desk_unit_id",
        ]
        letters._desk_proposals_by_letter()
        self.env.flush_all()
        self.env.invalidate_all()
        letters.sudo().read(fields_read)
        letters.read(fields_read)
        before = self.env.cr.sql_log_count
        letters._desk_proposals_by_letter()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 3)

    def browse_letters(self, count):
        return self.env["registry.letter"].union(
            *(self._letter() for _index in range(count))
        )

    def test_people_who_left_are_not_proposed(self):
        self.au2.active = False
        names = [one["user"] for one in self._proposals(self._arrived(), self.hu)]
        self.assertNotIn(self.au2.id, names)
        self.legal.active = False
        self.category.unit_id = self.legal
        self.assertNotIn(
            self.legal.id, [one["unit"] for one in self._proposals(self._register())]
        )

    def test_another_administration_is_not_seen(self):
        for _count in range(3):
            self._sent_to(self.urbanism)
        self.assertFalse(
            self.env["desk.precedent"].with_user(self.stranger).has_access("read")
        )
        other = self.env["registry.letter"].create(
            {
                "register_id": self.other_register.id,
                "sender_name": "Atlas",
                "subject": "Demande de permis de construire",
                "party_ids": [Command.create({"name": "Atlas"})],
            }
        )
        other.action_register()
        self._drain()
        units = [one["unit"] for one in other._desk_proposals()]
        self.assertEqual(set(units), {self.other_unit.id})

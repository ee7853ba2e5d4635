import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from . import intake_files as files
from .common_absence import AbsenceCase


@tagged("post_install", "-at_install", "gov_base")
class TestDelegation(AbsenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.delegations = cls.env["gov.delegation"].with_user(cls.admin)
        cls.notes, cls.orders = cls.env["gov.act.nature"].create(
            [
                {"name": "Notes", "code": "test_note", "company_id": False},
                {"name": "Orders", "code": "test_order", "company_id": False},
            ]
        )

    def draft(self, grantor=None, grantee=None, **vals):
        return self.delegations.create(
            {
                "company_id": self.agdal.id,
                "grantor_id": (grantor or self.director).id,
                "grantor_quality": "le Directeur",
                "grantee_id": (grantee or self.head).id,
                "reference": "Décision n° 12/2026",
                "act_date": self.day(-1),
                "date_from": self.day(0),
                "date_to": self.day(30),
                "act_file": base64.b64encode(files.pdf()),
                "act_filename": "decision.pdf",
                **vals,
            }
        )

    def given(self, *args, **vals):
        made = self.draft(*args, **vals)
        made.action_activate()
        return made

    def find(self, **how):
        found = self.env["gov.delegation"]._find(
            self.director, self.head, company=self.agdal, **how
        )
        return found.with_user(self.admin)

    def test_in_force_between_its_dates(self):
        self.assertFalse(self.find())
        act = self.draft()
        self.assertFalse(self.find())
        act.action_activate()
        self.assertEqual(self.find(), act)
        self.assertEqual(self.find(on=self.day(30)), act)
        self.assertFalse(self.find(on=self.day(31)))
        self.assertFalse(self.find(on=self.day(-1)))
        act.action_revoke(reason="Fin de fonction, décision n° 31/2026")
        self.assertFalse(self.find())
        self.assertEqual(act.situation, "revoked")
        kinds = self.env["gov.journal.event"].search(
            [("subject_model", "=", "gov.delegation"), ("subject_id", "=", act.id)]
        )
        self.assertEqual(
            set(kinds.mapped("kind")), {"delegation.made", "delegation.revoked"}
        )

    def test_an_absence_gives_no_power(self):
        self.away(self.director, self.head)
        self.assertFalse(self.find())

    def test_scope(self):
        self.given(
            nature_ids=[Command.link(self.notes.id)],
            unit_ids=[Command.link(self.permits.id)],
            amount_max=1000,
        )
        inside = {"unit": self.counter, "nature": "test_note", "amount": 1000}
        self.assertTrue(self.find(**inside))
        for other in (
            {"unit": self.finance},
            {"unit": self.town},
            {"nature": "test_order"},
            {"nature": None},
            {"amount": 1000.01},
        ):
            self.assertFalse(self.find(**{**inside, **other}), other)

    def test_the_holder_must_have_the_power(self):
        with self.refused(UserError, "does not head"):
            self.given(self.clerk, self.other)
        with self.refused(UserError, "does not head Finance"):
            self.given(unit_ids=[Command.link(self.finance.id)])
        act = self.given()
        self.town.manager_id = self.staff[self.treasurer]
        self.assertFalse(self.find(), "he does not head any more")
        self.town.manager_id = self.staff[self.director]
        self.assertEqual(self.find(), act)
        self.head.active = False
        self.assertFalse(self.find())

    def test_heading_another_unit_gives_nothing(self):
        act = self.given(unit_ids=[Command.link(self.town.id)])
        self.assertEqual(self.find(unit=self.permits), act)
        self.town.manager_id = self.staff[self.treasurer]
        self.finance.manager_id = self.staff[self.director]
        self.assertFalse(self.find(unit=self.permits))
        self.assertFalse(self.find())

    def test_interim_of_a_vacant_place(self):
        self.town.manager_id = False
        with self.refused(UserError, "in which units the interim"):
            self.given(kind="interim")
        act = self.given(kind="interim", unit_ids=[Command.link(self.town.id)])
        self.assertEqual(self.find(unit=self.permits), act)

    def test_no_further_delegation_unless_the_act_says_so(self):
        first = self.given()
        with self.refused(UserError, "does not allow to delegate further"):
            self.given(self.head, self.clerk, parent_id=first.id)
        first.action_revoke(reason="Remplacée")
        first = self.given(
            may_subdelegate=True, unit_ids=[Command.link(self.permits.id)]
        )
        for wider in (
            {"date_to": self.day(31)},
            {"date_to": False},
            {"unit_ids": []},
            {"unit_ids": [Command.link(self.town.id)]},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.given(
                    self.head,
                    self.clerk,
                    parent_id=first.id,
                    **{"unit_ids": [Command.link(self.permits.id)], **wider},
                )
        second = self.given(
            self.head,
            self.clerk,
            parent_id=first.id,
            unit_ids=[Command.link(self.permits.id)],
        )
        found = self.env["gov.delegation"]._find(
            grantee=self.clerk, unit=self.permits, company=self.agdal
        )
        self.assertEqual(found.with_user(self.admin), second)
        first.action_revoke(reason="Fin")
        self.assertEqual(second.state, "revoked")

    def test_nobody_records_his_own_power(self):
        with self.refused(AccessError, "given to yourself"):
            self.draft(grantee=self.admin)
        act = self.draft()
        with self.assertRaises(AccessError):
            act.with_user(self.head).action_activate()
        with self.assertRaises(AccessError):
            act.with_user(self.head).write({"may_subdelegate": True})
        with self.assertRaises(AccessError):
            act.with_user(self.stranger).read(["reference"])

    def test_no_power_without_the_file(self):
        act = self.draft(act_file=False)
        with self.refused(UserError, "Add the file of the act"):
            act.action_activate()

    def test_in_force_it_does_not_change(self):
        act = self.given()
        for vals in (
            {"date_to": self.day(400)},
            {"nature_ids": [Command.clear()]},
            {"grantee_id": self.clerk.id},
            {"state": "draft"},
            {"revoke_reason": "x"},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                act.with_context(delegation_gate=True).write(vals)
        with self.refused(UserError, "kept"):
            act.unlink()
        with self.refused(UserError, "Say why"):
            act.action_revoke(reason="  ")
        self.assertEqual(act.action_revoke()["res_model"], "gov.delegation.revoke")

    def test_defaults_of_a_caller_are_not_heard(self):
        forged = self.delegations.with_context(default_state="active")
        act = forged.create(
            {
                "company_id": self.agdal.id,
                "grantor_id": self.director.id,
                "grantor_quality": "x",
                "grantee_id": self.head.id,
                "reference": "x",
                "act_date": self.day(0),
                "date_from": self.day(0),
            }
        )
        self.assertEqual(act.state, "draft")

    def test_formula(self):
        act = self.draft()
        for kind, lang, words in (
            (
                "delegation",
                "fr_FR",
                "P/ le Directeur, Par délégation (Décision n° 12/2026)",
            ),
            ("interim", "fr_FR", "P/ le Directeur, Par intérim (Décision n° 12/2026)"),
            ("po", "fr_FR", "P/ le Directeur, P.O. (Décision n° 12/2026)"),
            ("delegation", "ar_MA", "عن le Directeur, بالتفويض (Décision n° 12/2026)"),
        ):
            act.kind = kind
            self.assertEqual(act._formula(lang), words)

    def test_signatories(self):
        act = self.given()
        found = (
            self.env["gov.delegation"]
            .with_user(self.clerk)
            .get_signatories(self.permits.id)
        )
        self.assertEqual(
            [(one["user"], one["delegation"]) for one in found],
            [(self.head.id, False), (self.head.id, act.id)],
        )
        for hostile in (None, "1", [1], -1, 2**60, {"a": 1}):
            with self.assertRaises(UserError):
                self.env["gov.delegation"].with_user(self.clerk).get_signatories(
                    hostile
                )
        with self.assertRaises(UserError):
            self.env["gov.delegation"].with_user(self.stranger).get_signatories(
                self.permits.id
            )

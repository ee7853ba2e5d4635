import base64

import pypdfium2

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gov_base.tests import intake_files as files

from .common_absence import AbsenceDeskCase


@tagged("post_install", "-at_install")
class TestDelegated(AbsenceDeskCase):
    """A letter signed in the place of the head: only by an act in force, whose formula is printed."""

    def _act(self, **vals):
        act = self.env["gov.delegation"].create(
            {
                "company_id": self.company.id,
                "grantor_id": self.dg.id,
                "grantor_quality": "le Directeur général",
                "grantee_id": self.hu.id,
                "grantee_quality": "Chef du service de l’urbanisme",
                "reference": "Décision n° 12/2026",
                "act_date": self.day(-1),
                "date_from": self.day(-1),
                "date_to": self.day(30),
                "act_file": base64.b64encode(files.pdf()),
                "act_filename": "decision.pdf",
                **vals,
            }
        )
        act.action_activate()
        return act

    def _printed(self, reply):
        pdf = pypdfium2.PdfDocument(reply.sudo()._render_pdf())
        words = " ".join(page.get_textpage().get_text_range() for page in pdf)
        return " ".join(words.split())

    def test_formula_name_and_reference_are_printed(self):
        act = self._act()
        reply = self._reply()
        self.assertIn(act, reply.allowed_delegation_ids)
        reply.write({"delegation_id": act.id, "signatory_name": "Quelqu’un"})
        self.assertEqual(reply.signatory_name, "HU Desk")
        self.assertEqual(reply.signatory_quality, "Chef du service de l’urbanisme")
        words = self._printed(reply)
        self.assertIn("P/ le Directeur général, Par délégation", words)
        self.assertIn("Décision n° 12/2026", words)
        self.assertIn("HU Desk", words)
        self.assertNotIn("Quelqu", words)

    def test_each_kind_has_its_words(self):
        for kind, words in (("interim", "Par intérim"), ("po", "P.O.")):
            act = self._act(kind=kind, unit_ids=[(4, self.direction.id)])
            reply = self._reply()
            reply.delegation_id = act
            self.assertIn(words, self._printed(reply))

    def test_an_act_that_does_not_cover_it(self):
        notes = self.env.ref("mail_desk.gov_act_nature_note")
        for vals in (
            {"nature_ids": [(4, notes.id)]},
            {"unit_ids": [(4, self.legal.id)]},
            {"date_from": self.day(3)},
        ):
            act = self._act(**vals)
            reply = self._reply()
            self.assertNotIn(act, reply.allowed_delegation_ids)
            with (
                self.refused(UserError, "does not cover this letter"),
                self.cr.savepoint(),
            ):
                reply.delegation_id = act

    def test_an_absence_is_no_power_to_sign(self):
        self._away(self.dg, self.hu)
        self.assertFalse(self._reply().allowed_delegation_ids)

    def test_revoked_while_it_is_validated(self):
        act = self._act()
        reply = self._reply()
        reply.delegation_id = act
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        with self.refused(UserError, "was submitted"):
            reply.write({"delegation_id": False})
        act.action_revoke(reason="Fin de fonction")
        self.env.invalidate_all()
        with self.refused(UserError, "ended on"):
            reply.action_number()
        self.assertEqual(reply.state, "validated")

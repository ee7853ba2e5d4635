import base64
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.gov_base.tests import intake_files as files

from .common import BOOK, PIN, SignedCase


@tagged("post_install", "-at_install", "alone")
class TestDelegatedLetter(SignedCase):
    """A letter that names who signs it, by which act, is signed by him and by that act."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["gov.key"]._make_personal(cls.hl, cls.company, PIN)
        cls.hl.group_ids = [Command.link(cls.env.ref(BOOK).id)]

    def _act(self, grantee, reference="Décision n° 12/2026", **vals):
        today = self.env["gov.absence"]._today(self.company)
        act = self.env["gov.delegation"].create(
            {
                "company_id": self.company.id,
                "grantor_id": self.dg.id,
                "grantor_quality": "le Directeur général",
                "grantee_id": grantee.id,
                "grantee_quality": "Chef de service",
                "reference": reference,
                "act_date": today,
                "date_from": today,
                "date_to": today + timedelta(days=30),
                "act_file": base64.b64encode(files.pdf()),
                "act_filename": "decision.pdf",
                **vals,
            }
        )
        act.action_activate()
        return act

    def _letter(self, act):
        reply = self._reply()
        reply.delegation_id = act
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        return reply

    def _sign_for(self, folder, user):
        folder = folder.with_user(user).with_company(self.company)
        return folder.action_sign(
            PIN,
            base=folder._circuit_base(),
            consent=folder.get_consent()["id"],
            delegation_consent=folder.get_delegation_consent()["id"],
        )

    def test_signed_by_whom_it_names(self):
        act = self._act(self.hl)
        reply = self._letter(act)
        reply.action_to_sign()
        folder = reply.sudo().folder_id
        self._sign(folder, self.hu)
        with self.refused(UserError, "names HL Desk as its signatory"):
            self._sign(folder, self.dg)
        self._sign_for(folder, self.hl)
        signature = folder.signature_ids[-1:]
        self.assertEqual(signature.delegation_id, act)
        self.assertEqual(signature.for_name, self.dg.name)
        self._drain()
        self.env["registry.letter"]._process_closings()
        self.env["parapheur.folder"]._process_slips()
        reply.invalidate_recordset()
        self.assertEqual(reply.state, "sealed")
        piece = folder.piece_ids
        told = self.env["gov.proof"]._verify_code(piece.proof_id._code())
        self.assertIn(
            "P/ le Directeur général", told["act"]["signatures"][1]["formula"]
        )

    def test_not_by_another_act(self):
        act = self._act(self.hu)
        self._act(self.hl, "Décision n° 13/2026")
        reply = self._letter(act)
        reply.action_to_sign()
        folder = reply.sudo().folder_id
        self._sign(folder, self.hu)
        with self.refused(UserError, "names HU Desk as its signatory"):
            self._sign_for(folder, self.hl)

    def test_an_act_that_does_not_cover_the_nature(self):
        replies = self.env["gov.act.nature"].search([("code", "=", "reply")])
        act = self._act(self.hl, nature_ids=[Command.set(replies.ids)])
        reply = self._letter(act)
        with self.refused(UserError, "does not cover: the nature"):
            reply.action_to_sign()
        self.assertEqual(reply.state, "validated")
        self.assertFalse(reply.sudo().folder_ids)

    def test_revoked_between(self):
        act = self._act(self.hl)
        reply = self._letter(act)
        reply.action_to_sign()
        folder = reply.sudo().folder_id
        self._sign(folder, self.hu)
        act.action_revoke(reason="Fin de fonction")
        with self.assertRaises(AccessError):
            self._sign_for(folder, self.hl)

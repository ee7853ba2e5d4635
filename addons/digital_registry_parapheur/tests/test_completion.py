import hashlib

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.tests.common_tsa import WithClocks

from .test_numbering import NumberedCase


@tagged("post_install", "-at_install")
class TestCompletion(WithClocks, NumberedCase):
    """Letter and folder hold one act: its timestamp comes once, and both get it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_trust()
        cls.env["gov.anchor.list"].with_user(cls.officer)._receive(
            cls.anchor, cls.root.crl()
        )

    @mute_logger("odoo.addons.gov_trust.models.gov_tsa_stamp")
    def test_the_timestamp_comes_later(self):
        clock = self.clock()
        self.add(clock.url)
        clock.mode = "error"
        folder = self._numbered()
        letter = folder.registry_letter_id
        before = self._bytes(folder)
        self.assertIn("timestamp pending", folder.piece_ids.signature_sentence)
        lines = self.env["gov.completion"].search([("state", "=", "pending")])
        sealed = letter.closing_version_id.document_id
        self.assertNotIn(
            folder.piece_ids.document_id.id,
            lines.filtered(lambda one: one.res_model == "gov.document").mapped(
                "res_id"
            ),
        )
        clock.mode = "good"
        self.env.cr.execute("UPDATE gov_tsa_state SET until = clock_timestamp()")
        lines.filtered(lambda one: one.res_id == sealed.id).action_try_now()
        self.env.invalidate_all()
        after = self._bytes(folder)
        self.assertEqual(after, letter.closing_version_id._read_content())
        self.assertTrue(after.startswith(before) and after != before)
        self.assertEqual(folder.piece_ids.final_id._read_content(), after)
        self.assertNotIn("pending", folder.piece_ids.signature_sentence)
        self.assertNotIn("no timestamp", folder.piece_ids.signature_sentence)
        for pdf in (before, after):
            sha256 = hashlib.sha256(pdf).hexdigest()
            told = self.env["gov.proof"]._verify_digest(sha256)
            self.assertEqual(told["verdict"], "valid", told)

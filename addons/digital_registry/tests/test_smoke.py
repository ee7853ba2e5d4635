from odoo.tests import tagged

from .common import RegistryCommon


@tagged("post_install", "-at_install", "alone")
class TestSmoke(RegistryCommon):
    """What must hold on a database with the register and nothing else."""

    def test_letter_to_sealed_receipt(self):
        letter = self._register()
        pdf = letter.receipt_id.sudo()._ensure_pdf()
        self.assertTrue(letter.number)
        self.assertTrue(pdf.startswith(b"%PDF-"))
        self.assertEqual(letter.receipt_id.state, "sealed")
        self.assertTrue(self.register._verify()["ok"])

    def test_deposit(self):
        letter = self._deposit()
        self.assertEqual(letter.state, "registered")
        self.assertTrue(letter.number)

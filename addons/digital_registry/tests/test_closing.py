import hashlib
import io
import json
import time
from unittest.mock import patch

import pikepdf

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.digital_registry.report import register_book as book
from odoo.addons.gov_trust.exceptions import SealUnavailable

from .common import ARABIC_NAME, TIFINAGH_NAME, RegistryCommon


@tagged("post_install", "-at_install")
class TestClosing(RegistryCommon):
    def _close(self):
        action = self.register.with_user(self.registrar).action_close_day()
        self._drain()
        return self.env["registry.closing"].browse(action["res_id"])

    def test_each_line_in_one_closing(self):
        first, second = self._register(), self._register(sender_name=TIFINAGH_NAME)
        closing = self._close()
        self.assertEqual(closing.line_count, 2)
        self.assertEqual(
            (closing.first_number, closing.last_number), (first.number, second.number)
        )
        self.assertEqual(self._close(), closing, "nothing new: the same closing")
        third = self._register()
        third.with_user(self.head).action_cancel("Twice", "Note 1")
        self._drain()
        later = self._close()
        self.assertNotEqual(later, closing)
        self.assertEqual((later.line_count, later.change_count), (1, 1))
        self.assertEqual(later.first_number, third.number)
        self.assertGreater(later.first_seq, closing.last_seq)

    def test_sealed_stored_and_journalled(self):
        self._register()
        closing = self._close()
        content = closing.version_id._read_content()
        self.assertEqual(hashlib.sha256(content).hexdigest(), closing.pdf_sha256)
        with pikepdf.open(io.BytesIO(content)) as document:
            self.assertTrue(document.Root.AcroForm.Fields)
        event = self.env["gov.journal.event"].search([("uid", "=", closing.event_uid)])
        self.assertEqual(json.loads(event.body)["pdf_sha256"], closing.pdf_sha256)
        self.assertTrue(self.register._verify()["ok"])
        with self.assertRaises(AccessError):
            closing.sudo().write({"day": "2020-01-01"})
        with self.assertRaises(AccessError):
            closing.sudo().unlink()

    def test_refused(self):
        with self.assertRaisesRegex(UserError, "no day to close"):
            self._close()
        self._register()
        for name in ("auditor", "admin", "agent"):
            with self.assertRaises(AccessError):
                self.register.with_user(self.users[name]).action_close_day()

    def test_seal_unavailable(self):
        self._register()
        failing = patch.object(
            type(self.env["gov.seal"]),
            "_seal_pdf",
            side_effect=SealUnavailable("Locked"),
        )
        with failing, self.assertRaises(UserError) as refusal:
            self._close()
        self.assertIn("The day was not closed", str(refusal.exception))
        self.assertFalse(self.register.closing_ids)
        self.assertTrue(self._close().version_id)

    def test_big_book(self):
        header = book.Header(
            ["Commune de Rabat", "جماعة الرباط"],
            "Registre",
            "2026",
            list("ABCDEFGHI"),
            "x 1-2000",
            "*",
        )
        line = book.Line(
            "2026/000142",
            "22/11/2026 14:00",
            ARABIC_NAME,
            "Une demande assez longue pour aller sur deux lignes au moins, dit-on, "
            * 2,
            "portal",
            "3",
            "0123456789abcdef",
            "Registrar",
            "",
        )
        plain = line._replace(sender="Mohamed Benallal", subject="Permis")
        started = time.monotonic()
        pdf = book.render(header, [line if i % 4 == 0 else plain for i in range(2000)])
        self.assertLess(time.monotonic() - started, 60, "a gross regression")
        with pikepdf.open(io.BytesIO(pdf)) as document:
            self.assertGreater(len(document.pages), 40)

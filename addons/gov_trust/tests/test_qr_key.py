"""QR codes of an administration whose seal cannot sign them (RSA, a wider curve)."""

import datetime

from odoo.tests import tagged

from ..lib import qr
from .test_key_import import ImportCase


@tagged("standard", "alone")
class TestQrKey(ImportCase):
    def issue(self, number):
        return self.env["gov.proof"]._issue(
            kind="document",
            company=self.company,
            public_ref=f"qr-{number}",
            number=number,
            issued_at=datetime.datetime(2026, 11, 22, 14, 0, 5),
            journal_event=self.env["gov.journal.event"],
            digests=[],
            subject=self.company,
        )

    def assertSignedBy(self, proof, purpose):
        mark = qr.parse(proof.qr_data)[0].key
        key = self.env["gov.key"]._find(self.company, purpose)
        self.assertEqual(key.fingerprint[:16], mark)
        told = self.env["gov.proof"]._verify_qr(proof._code(), proof.qr_data)
        self.assertIs(told["match"], True)
        offline = self.env["gov.verify.offline"]._keys()["keys"]
        (mine,) = [one for one in offline if one["key"] == mark]
        self.assertIn(qr.parse(proof.qr_data)[0].issuer, mine["codes"])

    def test_seals_of_every_kind(self):
        self.assertSignedBy(self.issue("1"), "seal")
        for kind, number in (("rsa2048", "2"), ("p384", "3")):
            blob, _leaf, _key = self.seal_file(kind=kind, mark="import")
            self.import_seal(blob)
            self.assertSignedBy(self.issue(number), "journal")

import base64
import hashlib
import re
import subprocess
import tempfile
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gov_trust.lib import cms

from .common import BookCase

POLICY = b"Signature policy of the commune, version 1"


@tagged("post_install", "-at_install")
class TestPolicy(BookCase):
    """A signature carries the policy of its nature: its identifier and the digest of its text."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        circuit = cls._circuit(
            "Two signatures",
            [
                {"name": "Signature", "kind": "signature", "users": cls.signer},
                {"name": "Last", "kind": "signature", "users": cls.mayor},
            ],
        )
        cls.policed = cls.nature.copy(
            {
                "circuit_id": circuit.id,
                "policy_oid": "1.2.504.16384.5.128",
                "policy_file": base64.b64encode(POLICY),
                "block_style": "sober",
            }
        )

    def _values(self, pdf):
        return [
            cms.read(text)
            for text in re.findall(rb"/Contents ?<([0-9A-F]{2000,})>", pdf)
        ]

    def test_each_signature_carries_it(self):
        folder = self._submitted(nature=self.policed)
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        folder.sudo()._process_closings()
        pdf = self._bytes(folder)
        act = self.env["gov.sign"]._check(pdf, self.company)
        self.assertTrue(act.closed)
        wanted = cms.Policy("1.2.504.16384.5.128", hashlib.sha256(POLICY).digest())
        found = [one.policy for one in self._values(pdf)]
        self.assertEqual(found.count(wanted), 2)
        self.assertIn(None, found, "the seal follows no policy of persons")
        with tempfile.TemporaryDirectory() as place:
            path = Path(place, "act.pdf")
            path.write_bytes(pdf)
            told = subprocess.run(
                ["pdfsig", "-nocert", path], capture_output=True, text=True, check=False
            ).stdout
        self.assertEqual(told.count("Signature is Valid."), 3)

    def test_not_with_a_tool_that_does_not_write_it(self):
        folder = self._submitted(nature=self.policed)
        signer = self._as(folder, self.signer)
        self.assertFalse(signer._accepts_elsewhere())
        with self.refused(UserError, "follow a policy that your own tool"):
            signer._check_elsewhere()

import base64

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import HttpCase, tagged

from ..lib import merkle
from ..lib.canonical import canonical


@tagged("post_install", "-at_install", "alone")
class TestLog(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.env["gov.journal"].create(
            {"name": "Public", "code": "public-log", "kind": "register"}
        )
        for index in range(5):
            cls.journal._append("test.done", {"index": index, "secret": "Alami"})
        cls.env.cr.flush()

    def get(self, path):
        return self.url_open(f"/trust/log/{path}")

    def test_head_is_signed_by_the_journal_certificate(self):
        answer = self.get("public-log/head").json()
        self.assertEqual(answer["head"]["size"], 5)
        certificate = x509.load_pem_x509_certificate(answer["certificates"][0].encode())
        certificate.public_key().verify(
            base64.b64decode(answer["signature"]),
            canonical(answer["head"]),
            ec.ECDSA(hashes.SHA256()),
        )
        root = x509.load_pem_x509_certificate(self.url_open("/trust/ca.pem").content)
        certificate.verify_directly_issued_by(root)

    def test_inclusion_and_consistency_proofs_hold(self):
        proof = self.get("public-log/proof/3").json()
        self.assertTrue(
            merkle.verify_inclusion(
                bytes.fromhex(proof["leaf_hash"]),
                proof["index"],
                proof["size"],
                [bytes.fromhex(node) for node in proof["proof"]],
                bytes.fromhex(proof["root"]),
            )
        )
        steps = self.get("public-log/consistency?from=2&to=5").json()
        self.assertTrue(
            merkle.verify_consistency(
                2,
                5,
                [bytes.fromhex(node) for node in steps["proof"]],
                bytes.fromhex(steps["from_root"]),
                bytes.fromhex(steps["to_root"]),
            )
        )

    def test_what_does_not_exist_is_one_same_404(self):
        expected = None
        for path in (
            "nowhere/head",
            "nowhere/proof/1",
            "%00/head",
            "public-log/proof/6",
            "public-log/proof/0",
            "public-log/proof/99999999999999999999",
            "public-log/proof/2?size=1",
            "public-log/proof/2?size=-4",
            "public-log/proof/2?size=x",
            "public-log/consistency?from=0&to=3",
            "public-log/consistency?from=4&to=3",
            "public-log/consistency?from=a&to=b",
            "public-log/consistency?to=900",
            "public-log/consistency",
        ):
            with self.subTest(path):
                answer = self.get(path)
                expected = expected or answer.content
                self.assertEqual((answer.status_code, answer.content), (404, expected))

    def test_no_content_and_no_name_leaves(self):
        for path in ("head", "proof/1", "consistency?from=1&to=5"):
            self.assertNotIn("Alami", self.get(f"public-log/{path}").text)

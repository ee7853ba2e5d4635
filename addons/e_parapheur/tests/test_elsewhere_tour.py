import base64

from odoo import api
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.lib.validation import service
from odoo.addons.gov_trust.tests import common_anchors, common_pki
from odoo.addons.gov_trust.tests.common_programs import pyhanko_sign

from .common import BookSetUp


@tagged("post_install", "-at_install")
class TestElsewhereTour(BookSetUp, HttpCase):
    """The whole way of a signature with one's own tool, in a real browser, in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_book()
        cls.addClassCleanup(service.service.close)
        common_anchors.make_people(cls)
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.signer.lang = "fr_FR"
        cls.authority = common_pki.Authority("Accredited root")
        common_anchors.enable(cls, cls.authority, level="qualified")

    # That a file is missing is told in the log too.
    @mute_logger("odoo.http")
    def test_downloaded_signed_handed_in(self):
        emails = [self.signer.email] if self.signer.email else []
        certificate, key = self.authority.issue(self.signer.name, emails=emails)

        @api.model
        def sign_as_the_test(wizard, content, box):
            """Stand for the program of the signatory."""
            signed = pyhanko_sign(base64.b64decode(content), box, certificate, key, [])
            return base64.b64encode(signed).decode()

        window = self.registry["parapheur.elsewhere.wizard"]
        window.sign_as_the_test = sign_as_the_test
        self.addCleanup(delattr, window, "sign_as_the_test")
        circuit = self._circuit(
            "Sign", [{"name": "Signature", "kind": "signature", "users": self.signer}]
        )
        folder = self._submitted(
            title="Décision 7", nature=self.nature.copy({"circuit_id": circuit.id})
        )
        self.start_tour("/odoo/parapheur", "e_parapheur_elsewhere", login="book_signer")
        signature = folder.sudo().signature_ids
        self.assertEqual(signature.made, "elsewhere")
        self.assertEqual(signature.trust, "qualified")
        self.assertEqual(signature.signer_id, self.signer.id)

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gov_trust.tests.common_elsewhere import sign_elsewhere
from odoo.addons.gov_trust.tests.common_pki import Authority

from .common import BookCase, pdf


@tagged("post_install", "-at_install")
class TestCameSigned(BookCase):
    """A document that somebody outside signed before it came into a folder."""

    def signed(self, **options):
        theirs = Authority("Their root")
        certificate, key = theirs.issue("Société Atlas", kind="rsa2048", mark="came")
        base = pdf(["Contract", "signed by the supplier"])
        return sign_elsewhere(base, certificate, key, [theirs.der], **options)

    def test_it_is_kept_to_the_end(self):
        base = self.signed()
        folder = self._closed(content=base)
        self.assertEqual(folder.state, "done")
        closed = folder.piece_ids.final_id._read_content()
        self.assertTrue(closed.startswith(base))
        act = self.env["gov.sign"]._check(closed)
        self.assertTrue(act.closed)
        self.assertEqual(
            [(one.made_by, one.trust) for one in act.signatures],
            [("elsewhere", "unknown")] + [("here", "simple")] * 3,
        )
        self.assertEqual(act.signatures[0].name, "Société Atlas")

    def test_it_is_refused_when_it_allows_nothing(self):
        from pyhanko.sign.fields import MDPPerm

        base = self.signed(certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
        with self.assertRaisesRegex(UserError, "allows no change"):
            self._submitted(content=base)

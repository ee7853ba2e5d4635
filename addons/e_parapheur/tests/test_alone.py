from odoo.tests import tagged

from .common import BookCase


@tagged("post_install", "-at_install", "alone")
class TestAlone(BookCase):
    """The signature book alone: submitted, approved, signed twice, closed, with its slip."""

    def test_from_the_draft_to_the_slip(self):
        folder = self._closed()
        self.assertEqual(folder.state, "done")
        act = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertTrue(act.closed)
        self.assertEqual(len(act.signatures), 3)
        self.assertTrue(folder.slip_id._read_content().startswith(b"%PDF"))
        action = self.env.ref("e_parapheur.parapheur_desk_action")
        self.assertEqual(action.path, "parapheur")

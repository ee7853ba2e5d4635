import hashlib

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.tests.common_tsa import WithClocks

from .common import BookCase


@tagged("post_install", "-at_install")
class TestCompletion(WithClocks, BookCase):
    """Timestamps of acts: at once, or later when the authority was away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_trust()

    def level(self, folder, number=0):
        return folder.piece_ids[number].document_id.signature_level

    def test_none_configured(self):
        folder = self._closed()
        self.assertIn("no timestamp", folder.piece_ids.signature_sentence)
        self.assertFalse(folder.piece_ids.document_id.timestamp_pending)

    def test_at_once(self):
        self.add(self.clock().url)
        # What says that the authority's own certificate holds.
        self.env["gov.anchor.list"].with_user(self.officer)._receive(
            self.anchor, self.root.crl()
        )
        folder = self._closed()
        self.assertEqual(set(folder.signature_ids.mapped("level")), {"B-T"})
        self.assertEqual(self.level(folder), "B-LTA")
        act = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertEqual(act.level, "B-LTA")

    @mute_logger("odoo.addons.gov_trust.models.gov_tsa_stamp")
    def test_later(self):
        clock = self.clock()
        self.add(clock.url)
        clock.mode = "error"
        folder = self._closed()
        document = folder.piece_ids.document_id
        self.assertEqual(folder.state, "done")
        self.assertTrue(document.timestamp_pending)
        self.assertIn("timestamp pending", folder.piece_ids.signature_sentence)
        self.assertEqual(set(folder.signature_ids.mapped("level")), {"B-B"})
        before = folder.piece_ids.final_id
        clock.mode = "good"
        self.env.cr.execute("UPDATE gov_tsa_state SET until = clock_timestamp()")
        line = self.env["gov.completion"].search(
            [("res_model", "=", "gov.document"), ("res_id", "=", document.id)]
        )
        line.action_try_now()
        self.env.invalidate_all()
        after = folder.piece_ids.final_id
        self.assertNotEqual(before, after)
        self.assertTrue(after._read_content().startswith(before._read_content()))
        self.assertEqual(self.level(folder), "B-LTA")
        self.assertFalse(document.timestamp_pending)
        # Both files are the issued document.
        for version in (before, after):
            sha256 = hashlib.sha256(version._read_content()).hexdigest()
            told = self.env["gov.proof"]._verify_digest(sha256)
            self.assertEqual(told["verdict"], "valid", told)
        self.assertEqual(len(self._events(folder, "folder.completed_proof")), 1)
        slip = folder.slip_id.document_id
        self.assertTrue(slip.timestamp_pending)

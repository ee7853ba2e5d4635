from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BookCase, pdf


@tagged("post_install", "-at_install", "alone")
class TestDifferences(BookCase):
    """What changed between two versions, for those who had signed the first one."""

    def test_after_a_return_and_a_correction(self):
        folder = self._submitted(content=pdf(["Amount 1000"], pages=3))
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        document = folder.main_ids
        own = self._as(folder, self.signer)
        versions = own.get_document_versions(document.id)
        self.assertEqual(versions["new"], document.current_version_id.id)
        labels = [one["label"] for one in versions["versions"]]
        self.assertEqual(
            labels,
            ["Signed by Mohamed Benallal", "As shown to the signers", "As submitted"],
        )
        same = own.get_differences(document.id)
        self.assertTrue(same["same"])
        later = folder.sudo()._store_version(
            folder.sudo().piece_ids, pdf(["Amount 9000"], pages=2)
        )
        told = own.get_differences(document.id)
        self.assertEqual(told["new"], later.id)
        self.assertEqual(told["old"], versions["new"])
        states = [page["state"] for page in told["pages"]]
        self.assertEqual(states, ["changed", "changed", "removed"])
        self.assertIn("<del>1000</del> <ins>9000</ins>", told["pages"][0]["text"])
        self.assertEqual(len(told["pages"][0]["marks"]), 1)

    def test_words_of_a_document_are_text(self):
        folder = self._submitted(content=pdf(["<script>alert(1)</script>"]))
        folder.sudo()._store_version(folder.sudo().piece_ids, pdf(["<b>"]))
        (page,) = self._as(folder, self.head).get_differences(folder.main_ids.id)[
            "pages"
        ]
        self.assertNotIn("<script", page["text"])
        self.assertIn("&lt;script&gt;", page["text"])

    def test_rights_and_odd_versions(self):
        folder = self._submitted()
        other = self._submitted(title="Another")
        document = folder.main_ids.id
        foreign = other.main_ids.current_version_id.id
        for user in (self.stranger, self.other):
            with self.refused(AccessError, "."):
                self._as(folder, user).get_differences(document)
        for odd in (foreign, -1, 10**30, "1", [1], {"a": 1}, True):
            with self.subTest(odd=odd), self.refused(UserError, "two versions"):
                folder.get_differences(document, odd, odd)
        with self.refused(UserError, "not in the folder"):
            folder.get_differences(other.main_ids.id)
        draft = self._draft()
        with self.refused(UserError, "nothing to compare"):
            draft.get_differences(draft.main_ids.id)

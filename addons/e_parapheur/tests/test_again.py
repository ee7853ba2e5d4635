from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BookCase, pdf


@tagged("post_install", "-at_install")
class TestAgain(BookCase):
    """A folder starts again, or the next act follows it; nothing is typed again."""

    def _opened(self, action, user):
        folder = self.env[action["res_model"]].browse(action["res_id"])
        return self._as(folder, user)

    def test_recycled(self):
        folder = self._draft(content=pdf(["First words"]))
        folder.note = "Urgent"
        folder.action_add_document("why.txt", "aGVsbG8=", role="annex")
        folder.action_submit()
        mine = self._as(folder, self.clerk)
        with self.refused(UserError, "neither refused nor cancelled"):
            mine.action_recycle()
        self._as(folder, self.head).action_refuse("Wrong")
        for user in (self.head, self.supervisor, self.admin):
            with self.assertRaises(UserError):
                self._as(folder, user).action_recycle()
        self.assertTrue(mine.can_recycle)
        draft = self._opened(mine.action_recycle(), self.clerk)
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft.recycled_from_id, folder)
        for name in ("title", "note", "unit_id", "language", "nature_id"):
            self.assertEqual(draft[name], folder[name], name)
        self.assertNotEqual(draft.reference, folder.reference)
        original = folder.sudo().piece_ids.original_id
        self.assertEqual(draft.main_ids.sha256, original.sha256, "without any box")
        self.assertEqual(len(draft.annex_ids), 1)
        self.assertEqual(
            self._opened(mine.action_recycle(), self.clerk), draft, "the same draft"
        )
        with self.refused(AccessError, "change only with"):
            draft.write({"recycled_from_id": False})
        draft.action_submit()
        self.assertEqual(len(self._events(folder, "folder.recycled")), 1)

    def test_chained(self):
        folder = self._closed()
        mine = self._as(folder, self.signer)
        with self.refused(UserError, "Choose the nature"):
            mine.action_chain(10**9)
        with self.refused(UserError, "Choose the nature"):
            mine.action_chain(self.nature.id, "seal")
        with self.assertRaises(UserError):
            self._as(folder, self.other).action_chain(self.nature.id)
        draft = self._opened(mine.action_chain(self.nature.id), self.signer)
        self.assertEqual(draft.chained_from_id.id, folder.id)
        self.assertEqual(draft.initiator_id, self.signer)
        closed = folder.piece_ids.final_id
        self.assertEqual(draft.annex_ids.sha256, closed.sha256, "the proof goes along")
        copy = draft.sudo().main_ids.current_version_id._read_content()
        self.assertNotIn(b"/ByteRange", copy)
        draft.action_submit()
        self.assertEqual(draft.state, "running")
        self.assertEqual(folder.chained_ids.ids, draft.ids)
        draft = self._opened(
            self._as(folder, self.clerk).action_chain(self.nature.id, "annex"),
            self.clerk,
        )
        self.assertFalse(draft.main_ids)

    def test_not_before_the_end(self):
        folder = self._submitted()
        with self.refused(UserError, "is not finished"):
            self._as(folder, self.clerk).action_chain(self.nature.id)

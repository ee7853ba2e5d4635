from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PIN, BookCase


@tagged("post_install", "-at_install")
class TestAccess(BookCase):
    """Who reads a folder: its sender, those whose turn has come, the head of its unit, auditors."""

    def _sees(self, folder, user):
        version = folder.sudo().main_ids.current_version_id
        folders = self.env["parapheur.folder"].with_user(user)
        readable = bool(folders.browse(folder.id)._filtered_access("read"))
        versions = self.env["gov.document.version"].with_user(user)
        self.assertEqual(versions.browse(version.id)._is_readable(), readable)
        if folders.has_access("read"):
            found = folders.search_count([("id", "=", folder.id)])
            self.assertEqual(bool(found), readable)
        return readable

    def test_readers(self):
        draft = self._draft(user=self.other)
        for user, sees in (
            (self.other, True),
            (self.mayor, True),  # heads the unit
            (self.clerk, False),
            (self.head, False),
            (self.supervisor, True),
            (self.auditor, True),
            (self.admin, False),
            (self.stranger, False),
        ):
            self.assertEqual(self._sees(draft, user), sees, user.login)

    def test_turn_by_turn(self):
        folder = self._submitted(user=self.other)
        self.assertTrue(self._sees(folder, self.head))
        self.assertFalse(self._sees(folder, self.signer), "his turn has not come")
        self._as(folder, self.head).action_approve()
        self.assertTrue(self._sees(folder, self.signer))
        self.assertTrue(self._sees(folder, self.head), "who acted still reads")

    def test_restricted(self):
        nature = self.nature.copy({"confidentiality": "restricted"})
        folder = self._submitted(user=self.other, nature=nature)
        self.assertTrue(folder.is_restricted)
        for user, sees in (
            (self.other, True),
            (self.head, True),
            (self.mayor, False),
            (self.supervisor, False),
            (self.auditor, True),
        ):
            self.assertEqual(self._sees(folder, user), sees, user.login)

    def test_moving_takes_effect_at_once(self):
        folder = self._submitted(user=self.other)
        self.assertTrue(self._sees(folder, self.mayor))
        self.town.manager_id = self.staff[self.signer]
        self.assertFalse(self._sees(folder, self.mayor))
        self.assertTrue(self._sees(folder, self.signer))

    def test_the_technical_administrator(self):
        technical = self._user("book_technical", "base.group_system")
        folder = self._submitted()
        self.assertFalse(folder.with_user(technical).has_access("read"))
        with self.assertRaises(AccessError):
            self.env["parapheur.folder"].with_user(technical).search([])
        both = self._user(
            "book_technical_agent",
            "base.group_system,e_parapheur.group_e_parapheur_agent",
        )
        self.assertFalse(self._sees(folder, both))

    def test_readers_do_not_write(self):
        folder = self._submitted()
        for user in (self.head, self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                folder.with_user(user).write({"deadline": "2030-01-01"})
        for model in ("parapheur.piece", "parapheur.signature"):
            for user in (self.clerk, self.head, self.auditor):
                records = self.env[model].with_user(user)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(records.has_access(operation))

    def test_signatures_follow_the_folder(self):
        folder = self._signed(user=self.other)
        rows = folder.signature_ids
        for user, sees in (
            (self.other, True),
            (self.signer, True),
            (self.auditor, True),
            (self.clerk, False),
            (self.stranger, False),
        ):
            found = (
                self.env["parapheur.signature"]
                .with_user(user)
                .search([("id", "in", rows.ids)])
            )
            self.assertEqual(bool(found), sees, user.login)

    def test_choices_are_the_senders(self):
        circuit = self._circuit(
            "Chosen", [{"name": "Visa of", "kind": "visa", "rule": "chosen"}]
        )
        folder = self._draft(nature=self.nature.copy({"circuit_id": circuit.id}))
        choice = folder.choice_ids
        for user in (self.other, self.head):
            with self.assertRaises(AccessError):
                choice.with_user(user).write({"user_ids": [self.other.id]})

    def test_another_administration_by_every_door(self):
        folder = self._submitted()
        theirs = self.env["parapheur.folder"].with_user(self.stranger).browse(folder.id)
        for call in (
            lambda: theirs.action_approve(),
            lambda: theirs.action_refuse("x"),
            lambda: theirs.action_return(1, "x"),
            lambda: theirs.action_recall("x"),
            lambda: theirs.action_cancel("x"),
            lambda: theirs.action_submit(),
            lambda: theirs.get_desk_folder(),
            lambda: theirs.action_comment("x"),
            lambda: theirs.action_add_signer([self.stranger.id]),
            lambda: theirs.action_add_document("x.pdf", ""),
            lambda: theirs.action_sign(PIN, consent=self._consent()),
            lambda: theirs.read(["title"]),
            lambda: theirs.run_id.action_act("approve"),
        ):
            with self.assertRaises(AccessError):
                call()

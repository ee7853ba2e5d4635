import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RegistryCommon


@tagged("post_install", "-at_install", "gov_acl")
class TestGate(RegistryCommon):
    def test_roles(self):
        draft = self._draft()
        self.assertTrue(draft.can_register)
        self.assertTrue(draft.with_user(self.head).can_register)
        self.assertFalse(draft.with_user(self.auditor).can_register)
        with self.assertRaises(AccessError):
            draft.with_user(self.auditor).action_register()
        with self.assertRaises(AccessError):
            draft.with_user(self.admin).action_register()
        with self.assertRaises(AccessError):
            draft.with_user(self.users["agent"]).action_register()
        letter = self._register()
        self.assertFalse(letter.can_cancel)
        self.assertFalse(letter.can_rectify)
        self.assertTrue(letter.with_user(self.head).can_cancel)
        self.assertTrue(letter.with_user(self.head).can_rectify)
        for user in (self.registrar, self.auditor):
            with self.assertRaises(AccessError):
                letter.with_user(user).action_cancel("reason", "authority")
            with self.assertRaises(AccessError):
                letter.with_user(user).action_rectify("subject", "x", "reason")

    def test_state_is_refused_in_write(self):
        draft = self._draft()
        for vals in (
            {"state": "registered"},
            {"entry_id": 1},
            {"reference": "2026/000001"},
            {"received_at": "2020-01-01 00:00:00"},
        ):
            with self.assertRaises(AccessError):
                draft.write(vals)
            with self.assertRaises(AccessError):
                self._draft(**vals)
        letter = self._register()
        for vals in ({"state": "draft"}, {"entry_id": False}):
            with self.assertRaises(AccessError):
                letter.write(vals)
        # A context that comes by RPC is data: it cannot hold the gate's object.
        with self.assertRaises(AccessError):
            draft.with_context(registry_gate=True).write({"state": "registered"})

    def test_defaults_of_the_context_are_not_heard(self):
        forged = {
            "default_state": "registered",
            "default_reference": "2026/000001",
            "default_received_at": "2020-01-01 00:00:00",
        }
        letters = self.env["registry.letter"].with_user(self.registrar)
        letter = letters.with_context(**forged).create(
            {"register_id": self.register.id, "sender_name": "A", "subject": "B"}
        )
        self.assertEqual(letter.state, "draft")
        self.assertNotEqual(letter.reference, "2026/000001")
        self.assertFalse(letter.received_at)

    def test_fixed_once_registered(self):
        letter = self._register()
        for vals in (
            {"subject": "Other"},
            {"sender_name": "Other"},
            {"sender_email": "x@example.ma"},
            {"register_id": self.office._get_register("outgoing").id},
            {"party_ids": [(5, 0, 0)]},
            {"body": "Other"},
            {"arrival_date": "2020-01-01"},
            {"active": False},
        ):
            with self.assertRaises(UserError):
                letter.write(vals)
        with self.assertRaises(UserError):
            letter.party_ids.name = "Other"
        with self.assertRaises(UserError):
            letter.party_ids.unlink()
        with self.assertRaises(UserError):
            self.env["registry.party"].with_user(self.registrar).create(
                {"letter_id": letter.id, "name": "Late comer"}
            )
        letter.unit_id = False  # assignment and classification stay free

    def test_never_deleted(self):
        letter = self._register()
        with self.assertRaisesRegex(UserError, "never deleted"):
            letter.unlink()
        with self.assertRaises(UserError):
            self.register.with_user(self.admin).unlink()
        with self.assertRaises(UserError):
            self.office.with_user(self.admin).unlink()
        receipt_sudo = letter.receipt_id.sudo()
        with self.assertRaises(AccessError):
            receipt_sudo.unlink()
        self._draft().unlink()

    def test_evidence_is_read_only_for_everybody(self):
        letter = self._register()
        records = [
            letter.entry_id,
            letter.entry_id.detail_ids,
            letter.receipt_id,
        ]
        everybody = [*self.users.values(), self.env.ref("base.user_admin")]
        for record in records:
            for user in everybody:
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(
                        record.with_user(user)
                        .with_company(self.company)
                        .has_access(operation),
                        f"{user.login} may {operation} {record._name}",
                    )
        self.assertFalse(
            letter.entry_id.detail_ids.with_user(self.admin).has_access("read")
        )
        self.assertFalse(
            letter.entry_id.with_user(self.users["agent"]).has_access("read")
        )

    def test_database_refuses(self):
        letter = self._register()
        entry = letter.entry_id
        detail = entry.detail_ids
        for query in (
            f"UPDATE registry_entry SET number = 'x' WHERE id = {entry.id}",
            f"UPDATE registry_entry SET content_hash = 'x' WHERE id = {entry.id}",
            f"UPDATE registry_entry SET actor_name = 'x' WHERE id = {entry.id}",
            f"DELETE FROM registry_entry WHERE id = {entry.id}",
            "TRUNCATE registry_entry CASCADE",
            f"UPDATE registry_entry_detail SET subject = 'x' WHERE id = {detail.id}",
            f"DELETE FROM registry_entry_detail WHERE id = {detail.id}",
            "TRUNCATE registry_entry_detail CASCADE",
        ):
            with (
                self.subTest(query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_pending_line_is_refused_too(self):
        letter = self._draft()
        letter.action_register()
        self.env.flush_all()
        query = (
            f"UPDATE registry_entry SET number = 'x' WHERE id = {letter.entry_id.id}"
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.InsufficientPrivilege),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query)
        self._drain()
        self.assertTrue(letter.number)

    def test_deleting_a_user_keeps_the_line(self):
        leaver = self.users["registrar"].copy({"login": "dr_leaver", "name": "Leaver"})
        letter = self._register(leaver)
        letter_id, entry = letter.id, letter.entry_id.with_user(self.auditor)
        self.env["mail.message"].sudo().search(
            [("author_id", "=", leaver.partner_id.id)]
        ).unlink()
        leaver.unlink()
        self.env.invalidate_all()
        self.assertEqual(entry.actor_name, "Leaver")
        self.assertTrue(self.register._verify()["ok"])
        self.assertTrue(self.env["registry.letter"].browse(letter_id).number)

    def test_administration_with_lines_is_not_deleted(self):
        self._register()
        with self.assertRaisesRegex(UserError, "registered letters"):
            self.company.unlink()

    def test_uninstall_is_refused(self):
        self._register()
        module = self.env["ir.module.module"].search(
            [("name", "=", "digital_registry")]
        )
        with self.assertRaisesRegex(UserError, "sealed lines"):
            module.button_uninstall()
        with self.assertRaisesRegex(UserError, "sealed lines"):
            module.module_uninstall()

    def test_chatter_takes_no_file(self):
        letter = self._register()
        with self.assertRaisesRegex(UserError, "not attached to messages"):
            letter.message_post(body="x", attachments=[("a.txt", b"x")])
        with self.assertRaisesRegex(UserError, "not attached to messages"):
            self.env["ir.attachment"].with_user(self.registrar).create(
                {
                    "name": "a.txt",
                    "raw": b"x",
                    "res_model": letter._name,
                    "res_id": letter.id,
                }
            )
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.registrar)
            .create({"name": "a.txt", "raw": b"x"})
        )
        with self.assertRaisesRegex(UserError, "not attached to messages"):
            attachment.write({"res_model": letter._name, "res_id": letter.id})

    def test_activities_follow_the_state(self):
        letter = self._register()
        letter.activity_schedule("mail.mail_activity_data_todo", user_id=self.head.id)
        letter.with_user(self.head).action_cancel("Registered twice", "Note 12/2026")
        self.assertFalse(letter.activity_ids)

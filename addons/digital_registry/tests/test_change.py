import json

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import RegistryCommon


@tagged("post_install", "-at_install")
class TestChange(RegistryCommon):
    def test_cancel_keeps_the_line_readable(self):
        letter = self._register()
        number = letter.number
        action = letter.with_user(self.head).action_cancel()
        self.assertEqual(action["res_model"], "registry.cancel.wizard")
        with Form(
            self.env["registry.cancel.wizard"]
            .with_user(self.head)
            .with_context(**action["context"])
        ) as form:
            form.reason = "Registered twice"
            form.authority = "Note 12/2026"
        form.record.action_confirm()
        self._drain()
        entry = letter.entry_id
        self.assertEqual(letter.state, "cancelled")
        self.assertEqual(entry.state, "cancelled")
        self.assertEqual((letter.number, entry.number), (number, number))
        status = entry.status_ids
        self.assertEqual(status.reason, "Registered twice")
        self.assertEqual(status.authority, "Note 12/2026")
        self.assertEqual(status.actor_name, self.head.name)
        self.assertTrue(status.authority_date)
        self.assertIn(
            entry, self.env["registry.entry"].search([("state", "=", "cancelled")])
        )
        with self.assertRaisesRegex(UserError, "cancelled already"):
            letter.with_user(self.head).action_cancel("Again", "Note 13")
        again = self._register()
        self.assertEqual(again.entry_id.sequence, entry.sequence + 1)

    def test_cancel_needs_reason_and_authority(self):
        letter = self._register().with_user(self.head)
        for reason, authority in (("", "Note 1"), ("Reason", ""), (" \u200b", " ")):
            with self.assertRaisesRegex(UserError, "Nothing was cancelled"):
                letter.action_cancel(reason, authority)
        draft = self._draft(self.head)
        with self.assertRaisesRegex(UserError, "a draft is deleted"):
            draft.action_cancel("Reason", "Note 1")
        pending = self._draft(self.head)
        pending.action_register()
        with self.assertRaisesRegex(UserError, "waits for its number"):
            pending.action_cancel("Reason", "Note 1")

    def test_rectify_keeps_both_values(self):
        letter = self._register(sender_name="Ali").with_user(self.head)
        action = letter.action_rectify()
        with Form(
            self.env["registry.rectify.wizard"]
            .with_user(self.head)
            .with_context(**action["context"])
        ) as form:
            form.field_name = "sender_name"
            self.assertEqual(form.old_value, "Ali")
            form.new_text = "علي"
            form.reason = "Misread"
        form.record.action_confirm()
        self._drain()
        self.assertEqual(letter.sender_name, "علي")
        self.assertEqual(letter.party_ids.name, "علي")
        entry = letter.entry_id
        self.assertEqual(entry.state, "rectified")
        self.assertEqual(entry.sender_name, "علي")
        first, second = entry.detail_ids.sorted("id")
        self.assertEqual(first.sender_name, "Ali")
        values = json.loads(second.content_json)
        self.assertEqual((values["old"], values["new"]), ("Ali", "علي"))
        self.assertEqual(values["reason"], "Misread")
        self.assertTrue(self.register._verify()["ok"])

    def test_rectify_dates_and_refusals(self):
        letter = self._register().with_user(self.head)
        letter.action_rectify("document_date", "2026-01-02", "Misread")
        self.assertEqual(letter.document_date.isoformat(), "2026-01-02")
        for field, value, reason, sentence in (
            ("body", "x", "r", "can be rectified"),
            ("state", "draft", "r", "can be rectified"),
            ("subject", "x", "", "Say why"),
            ("subject", letter.subject, "r", "nothing to rectify"),
            ("subject", "", "r", "cannot be emptied"),
            ("subject", "x" * 241, "r", "too long"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                letter.action_rectify(field, value, reason)
        letter.action_cancel("Reason", "Note 1")
        with self.assertRaisesRegex(UserError, "Only a registered letter"):
            letter.action_rectify("subject", "x", "r")

    def test_cancelled_after_rectified_is_final(self):
        letter = self._register().with_user(self.head)
        letter.action_rectify("subject", "Autre objet", "Misread")
        letter.action_cancel("Twice", "Note 1")
        self._drain()
        self.assertEqual(letter.entry_id.state, "cancelled")
        self.assertTrue(self.register._verify()["ok"])

    def test_odd_dates_and_parties(self):
        """What no screen sends: dates that are none, a context that skips checks."""
        letter = self._register()
        head = letter.with_user(self.head)
        for odd in (1, 1.5, True, "soon", "2026-13-45", [1], {"a": 1}):
            for call in (
                lambda odd=odd: head.action_cancel("Why", "Decision 1", odd),
                lambda odd=odd: head.action_rectify("document_date", odd, "Why"),
                lambda odd=odd: self.register.with_user(self.head).action_start_at(
                    5, "Act 1", odd
                ),
                lambda odd=odd: self.register.with_user(self.head).action_start_at(
                    [odd], "Act 1"
                ),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    call()
        parties = self.env["registry.party"].with_user(self.registrar)
        lean = parties.with_context(registry_lean=True, registry_gate=True)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            lean.create({"letter_id": letter.id, "name": "Late", "role": "sender"})
        party = parties.create(
            {"letter_id": self._draft().id, "name": "Late", "role": "recipient"}
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            party.with_context(registry_lean=True).letter_id = letter

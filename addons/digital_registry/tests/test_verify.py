from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RegistryCommon


@tagged("post_install", "-at_install")
class TestVerify(RegistryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = cls.register._local_year()

    def setUp(self):
        super().setUp()
        self.letters = self.env["registry.letter"]
        for _index in range(5):
            self.letters |= self._register()

    def _by_hand(self, table, query, *params):
        """What the owner of the database can do: switch the guard off, change, switch on."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cr.execute(query, params)
        cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def _number(self, index):
        return f"{self.year}/{index:06d}"

    def test_intact(self):
        self.letters[1].with_user(self.head).action_cancel("Twice", "Note 1")
        self.letters[2].with_user(self.head).action_rectify(
            "subject", "Other", "Misread"
        )
        self._drain()
        result = self.register._verify()
        self.assertTrue(result["ok"], result["sentence"])
        self.assertEqual(
            result["sentence"], f"{self.year}: 1 → 5 intact, 1 cancelled, 1 rectified."
        )
        self.assertEqual(result["journal_size"], 7)

    def test_nothing_yet(self):
        self.assertIn("nothing to check", self.other_register._verify()["sentence"])

    def test_names_the_first_changed_line(self):
        entry = self.letters[2].entry_id
        later = self.letters[3].entry_id
        detail = entry.detail_ids
        for table, query, params in (
            (
                "registry_entry",
                "UPDATE registry_entry SET number='x' WHERE id=%s",
                entry,
            ),
            (
                "registry_entry",
                "UPDATE registry_entry SET sequence=9 WHERE id=%s",
                entry,
            ),
            (
                "registry_entry",
                "UPDATE registry_entry SET registered_at = registered_at - interval '1 h'"
                " WHERE id=%s",
                entry,
            ),
            (
                "registry_entry",
                "UPDATE registry_entry SET submitted_at = '2020-01-01' WHERE id=%s",
                entry,
            ),
            (
                "registry_entry",
                "UPDATE registry_entry SET content_hash = 'x' WHERE id=%s",
                entry,
            ),
            (
                "registry_entry",
                "UPDATE registry_entry SET direction = 'outgoing' WHERE id=%s",
                entry,
            ),
            ("registry_entry", "DELETE FROM registry_entry WHERE id=%s", entry),
            (
                "registry_entry_detail",
                "UPDATE registry_entry_detail SET subject = 'x' WHERE id=%s",
                detail,
            ),
            (
                "registry_entry_detail",
                "UPDATE registry_entry_detail SET content_json = "
                "replace(content_json, 'permis', 'devis') WHERE id=%s",
                detail,
            ),
            (
                "registry_entry_detail",
                "DELETE FROM registry_entry_detail WHERE id=%s",
                detail,
            ),
        ):
            with self.subTest(query):
                savepoint = self.env.cr.savepoint()
                if query.startswith("DELETE FROM registry_entry "):
                    self.env.cr.execute(
                        "DELETE FROM registry_receipt WHERE entry_id = %(id)s;"
                        "UPDATE registry_letter SET entry_id = NULL WHERE entry_id = %(id)s",
                        {"id": entry.id},
                    )
                self._by_hand(table, query, params.id)
                # A later line too: the first one is named.
                self._by_hand(
                    "registry_entry",
                    "UPDATE registry_entry SET content_hash = 'y' WHERE id=%s",
                    later.id,
                )
                result = self.register._verify()
                self.assertFalse(result["ok"])
                self.assertEqual(result["first_bad_number"], self._number(3))
                self.assertIn(self._number(3), result["sentence"])
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertTrue(self.register._verify()["ok"])

    def test_journal_body_changed_by_hand(self):
        entry = self.letters[1].entry_id
        self._by_hand(
            "gov_journal_event",
            "UPDATE gov_journal_event SET body = replace(body, 'incoming', 'internal')"
            " WHERE uid = %s",
            entry.event_uid,
        )
        result = self.register._verify()
        self.assertFalse(result["ok"])
        self.assertEqual(result["first_bad_number"], self._number(2))

    def test_line_without_event(self):
        entry = self.letters[4].entry_id
        self._by_hand(
            "registry_entry",
            """INSERT INTO registry_entry (register_id, office_id, company_id, direction,
                    number, display_number, year, sequence, journal_seq, registered_at,
                    event_uid, content_hash)
               SELECT register_id, office_id, company_id, direction, 'forged', 'forged',
                    year, 6, 99, registered_at, 'forged', content_hash
                 FROM registry_entry WHERE id = %s""",
            entry.id,
        )
        result = self.register._verify()
        self.assertFalse(result["ok"])
        self.assertEqual(result["first_bad_number"], "forged")

    def test_cancellation_hidden_by_hand(self):
        letter = self.letters[3]
        letter.with_user(self.head).action_cancel("Twice", "Note 1")
        self._drain()
        self.env.cr.execute(
            "DELETE FROM registry_entry_status WHERE entry_id = %s",
            (letter.entry_id.id,),
        )
        self.env.invalidate_all()
        result = self.register._verify()
        self.assertFalse(result["ok"])
        self.assertIn("cancelled", result["sentence"])

    def test_action_shows_a_readable_result(self):
        action = self.register.with_user(self.auditor).action_verify()
        record = (
            self.env[action["res_model"]]
            .with_user(self.auditor)
            .browse(action["res_id"])
        )
        self.assertTrue(record.is_intact)
        self.assertEqual((record.line_ids.first, record.line_ids.last), (1, 5))
        with self.assertRaises(AccessError):
            record.with_user(self.users["auditor2"]).read(["sentence"])
        with self.assertRaises(AccessError):
            self.register.with_user(self.users["auditor2"]).action_verify()
        with self.assertRaises(AccessError):
            self.register.with_user(self.users["agent"]).action_verify()

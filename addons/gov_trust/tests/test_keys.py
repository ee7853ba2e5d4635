import dataclasses
import os
import re
import tempfile
from pathlib import Path

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..exceptions import SealUnavailable
from ..lib import ca, codes, keys, master
from .common_keys import MasterKeyFile


@tagged("standard", "alone")
class TestMasterKey(BaseCase):
    def test_read_once_and_again_when_it_changes(self):
        with MasterKeyFile() as path:
            first = master.load(path)
            self.assertIs(master.load(path), first)
            path.write_text("cd" * 33)
            self.assertNotEqual(master.load(path).fingerprint, first.fingerprint)

    def test_derivation_depends_on_label_and_key(self):
        one, other = master.MasterKey(b"a" * 32), master.MasterKey(b"b" * 32)
        self.assertEqual(one.derive("x"), master.MasterKey(b"a" * 32).derive("x"))
        self.assertNotEqual(one.derive("x"), one.derive("y"))
        self.assertNotEqual(one.derive("x"), other.derive("x"))
        self.assertEqual(len(one.derive("x", 16)), 16)

    def test_it_never_shows_its_secret(self):
        key = master.MasterKey(b"secret-secret-secret-secret-secret")
        self.assertNotIn("secret", repr(key))
        self.assertNotIn(b"secret".hex(), repr(key))

    def test_missing(self):
        with self.assertRaisesRegex(master.MasterKeyMissing, "cannot be read"):
            master.load("/nowhere/master.key")
        with self.assertRaisesRegex(master.MasterKeyMissing, "No master key"):
            master.load(None)

    def test_a_section_of_the_configuration_names_it(self):
        with tempfile.TemporaryDirectory() as folder:
            conf = Path(folder, "odoo.conf")
            self.assertIsNone(master.in_configuration(conf))
            self.assertIsNone(master.in_configuration(None))
            conf.write_text("[options]\nmaster_key_file = /wrong/section\n")
            self.assertIsNone(master.in_configuration(conf))
            for text, found in (
                ("[gov_trust]\nmaster_key_file = /etc/m.key\n", "/etc/m.key"),
                ("[gov_trust]\nmaster_key_file =\n", None),
                ("no section at all", None),
            ):
                conf.write_text(text)
                os.utime(conf, ns=(1, len(text)))
                self.assertEqual(master.in_configuration(conf), found)

    def test_open_to_others_is_refused(self):
        for mode in (0o640, 0o604, 0o620):
            with MasterKeyFile(mode=mode) as path:
                with self.assertRaisesRegex(master.MasterKeyExposed, "chmod 600"):
                    master.load(path)

    def test_not_a_key(self):
        for text in ("not a key", "ab" * 31, "abc" * 33, ""):
            with MasterKeyFile(text) as path:
                with self.assertRaises(master.MasterKeyInvalid):
                    master.load(path)


@tagged("standard", "alone")
class TestWrapping(BaseCase):
    def setUp(self):
        super().setUp()
        self.master = master.MasterKey(b"a" * 32)
        self.private = keys.generate()
        self.mark = keys.fingerprint(self.private.public_key())
        self.wrapped = keys.wrap(self.master, self.private, "seal")

    def test_round_trip(self):
        opened = keys.unwrap(self.master, self.wrapped, self.mark, "seal")
        self.assertEqual(keys.fingerprint(opened.public_key()), self.mark)

    def test_another_master_key_is_said(self):
        with self.assertRaisesRegex(master.MasterKeyWrong, "another master key"):
            keys.unwrap(master.MasterKey(b"b" * 32), self.wrapped, self.mark, "seal")

    def test_bound_to_purpose_and_key(self):
        other = keys.fingerprint(keys.generate().public_key())
        for mark, purpose in ((self.mark, "journal"), (other, "seal")):
            with self.assertRaises(master.MasterKeyWrong):
                keys.unwrap(self.master, self.wrapped, mark, purpose)

    def test_altered_at_rest(self):
        broken = bytearray(self.wrapped.ciphertext)
        broken[10] ^= 1
        wrapped = dataclasses.replace(self.wrapped, ciphertext=bytes(broken))
        with self.assertRaisesRegex(master.MasterKeyWrong, "altered"):
            keys.unwrap(self.master, wrapped, self.mark, "seal")

    def test_signatures(self):
        key = keys.LoadedKey(self.private, b"")
        public = self.private.public_key()
        self.assertTrue(keys.verify(public, key.sign(b"x"), b"x"))
        self.assertFalse(keys.verify(public, key.sign(b"x"), b"y"))
        self.assertTrue(keys.verify_raw(public, key.sign_raw(b"x"), b"x"))
        self.assertFalse(keys.verify_raw(public, key.sign_raw(b"x")[:-1], b"x"))


@tagged("standard", "alone")
class TestCodes(BaseCase):
    def test_same_reference_same_code(self):
        key = master.MasterKey(b"a" * 32)
        code = codes.derive("verify", "ref", 16, key)
        self.assertEqual(code, codes.derive("verify", "ref", 16, key))
        self.assertNotEqual(code, codes.derive("track", "ref", 16, key))
        self.assertNotEqual(code, codes.derive("verify", "ref2", 16, key))
        self.assertRegex(code, r"^[0-9A-HJKMNP-TV-Z]{16}$")
        self.assertEqual(re.sub("-", "", codes.grouped(code)), code)

    def test_the_server_key_is_the_default(self):
        with MasterKeyFile("ab" * 32):
            code = codes.derive("track", "ref", 12)
        self.assertEqual(
            code, codes.derive("track", "ref", 12, master.MasterKey(b"\xab" * 32))
        )

    def test_what_people_type(self):
        for typed in (
            "7adb-8kqr-e6rb-3n7s",
            " 7ADB 8KQR\u00a0E6RB\u20113N7S ",
            "\u200f7ADB8KQRE6RB3N7S\u200e",
            "٧adb-٨kqr-e٦rb-٣n٧s",
        ):
            self.assertEqual(codes.normalise(typed), "7ADB8KQRE6RB3N7S", typed)
        self.assertEqual(codes.normalise("oil"), "011")
        self.assertEqual(codes.digest("o-i"), codes.digest("01"))
        self.assertFalse(codes.is_code("U" * 16, 16))
        self.assertFalse(codes.is_code("A" * 15, 16))


@tagged("standard", "alone")
class TestGovKey(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "Commune of the test", "company_registry": "TST-01"}
        )
        cls.keys = cls.env["gov.key"]

    def test_made_once_with_its_certificate(self):
        key = self.keys._get(self.company, "seal")
        self.assertEqual(self.keys._get(self.company, "seal"), key)
        self.assertNotEqual(self.keys._get(self.company, "journal"), key)
        opened = key._load()
        root = self.keys._get(self.env["res.company"], "ca")._load().certificate
        self.assertEqual(opened.chain, (root,))
        self.assertIn("TST-01", key.certificate_ids.subject)
        self.assertEqual(
            ca.describe(opened.certificate)["sha256"], key.certificate_ids.sha256
        )
        self.assertIs(key._load(), opened, "a loaded key is kept in the process")

    def test_the_platform_has_its_own(self):
        platform = self.env["res.company"]
        key = self.keys._get(platform, "journal")
        self.assertFalse(key.company_id)
        self.assertEqual(self.keys._get(platform, "journal"), key)
        self.assertIn("Platform", key.display_name)

    def test_one_key_in_use_for_a_purpose(self):
        key = self.keys._get(self.company, "seal")
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                key.copy({"fingerprint": "other"})
                self.env.flush_all()

    def test_every_key_is_an_event_of_the_trust_stream(self):
        key = self.keys._get(self.company, "seal")
        self.env.cr.flush()
        event = self.env["gov.journal.event"].search(
            [("kind", "=", "key.created"), ("subject_id", "=", key.id)]
        )
        self.assertEqual(len(event), 1)
        self.assertTrue(event.seq)
        self.assertIn(key.fingerprint, event.body)

    def test_nobody_reads_secrets_or_writes_keys(self):
        key = self.keys._get(self.company, "seal")
        place = {
            "company_id": self.company.id,
            "company_ids": [(6, 0, self.company.ids)],
        }
        officer = new_test_user(
            self.env, "trustee", "gov_trust.group_gov_trust_officer", **place
        )
        system = new_test_user(
            self.env,
            "system",
            "base.group_system,gov_trust.group_gov_trust_operator",
            **place,
        )
        self.assertTrue(key.with_user(officer).fingerprint)
        for person in (officer, system):
            mine, secrets = (
                records.with_user(person)
                for records in (key, self.env["gov.key.secret"])
            )
            for attempt in (
                lambda mine=mine: mine.write({"state": "retired"}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.copy(),
                lambda secrets=secrets: secrets.search([]),
                lambda mine=mine: mine.certificate_ids.write({"pem": "x"}),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_keys_of_another_administration_are_hidden(self):
        key = self.keys._get(self.company, "seal")
        person = new_test_user(
            self.env, "elsewhere", groups="gov_trust.group_gov_trust_officer"
        )
        found = self.keys.with_user(person).search([("id", "=", key.id)])
        self.assertFalse(found)

    def test_wrong_master_key(self):
        key = self.keys._get(self.company, "seal")
        key._load()
        with MasterKeyFile():
            with self.assertRaisesRegex(SealUnavailable, "another master key"):
                key._load()

    def test_master_key_gone(self):
        key = self.keys._get(self.company, "seal")
        with MasterKeyFile() as path:
            path.unlink()
            with self.assertRaisesRegex(SealUnavailable, "cannot be read"):
                key._load()
            with self.assertRaisesRegex(SealUnavailable, "cannot be read"):
                self.keys._get(self.company, "journal")

    def test_key_not_visible_to_an_older_transaction_still_loads(self):
        key = self.keys._get(self.company, "seal")
        with self.assertRaisesRegex(SealUnavailable, "no secret"):
            with self.enter_registry_test_mode():
                key.browse(key.id + 1000)._load()

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..lib import codes, keys, master, master_file
from ..models import gov_key
from .common_keys import MasterKeyFile

FIRST, SECOND, THIRD = "ab" * 32, "cd" * 32, "ef" * 32
PIN = "482915"


@tagged("standard", "alone")
class TestRing(BaseCase):
    """lib/master.py and lib/master_file.py alone."""

    def test_lines(self):
        text = f"# in use since May\n{FIRST}\n\n  {SECOND.upper()}  \r\n#{THIRD}\n{FIRST}\n"
        with MasterKeyFile(text):
            ring = master.ring()
            self.assertEqual(
                [member.fingerprint for member in ring],
                [
                    master.MasterKey(bytes.fromhex(line)).fingerprint
                    for line in (FIRST, SECOND)
                ],
            )
            self.assertIs(master.default(), ring[0])
            self.assertIs(ring[0].member(ring[1].fingerprint), ring[1])
            with self.assertRaises(master.MasterKeyWrong):
                ring[0].member("00")

    def test_one_bad_line_is_a_bad_file(self):
        for text in (
            f"{FIRST}\nnot a key",
            f"{FIRST}\nabcd",
            "# nothing\n\n",
            f"é{FIRST}",
        ):
            with (
                MasterKeyFile(text) as path,
                self.assertRaises(master.MasterKeyInvalid),
            ):
                master.load(path)

    def test_a_retired_key_still_opens(self):
        private = keys.generate()
        mark = keys.fingerprint(private.public_key())
        old = master.MasterKey(bytes.fromhex(FIRST))
        wrapped = keys.wrap(old, private, "seal")
        code = codes.derive("verify", "ref", 16, old)
        with MasterKeyFile(f"{SECOND}\n{FIRST}"):
            opened = keys.unwrap(master.default(), wrapped, mark, "seal")
            self.assertEqual(keys.fingerprint(opened.public_key()), mark)
            self.assertNotEqual(codes.derive("verify", "ref", 16), code)
            known = codes.digest(code)
            self.assertEqual(codes.again("verify", "ref", 16, known), code)
        with MasterKeyFile(SECOND):
            with self.assertRaises(master.MasterKeyWrong):
                keys.unwrap(master.default(), wrapped, mark, "seal")
            with self.assertRaises(master.MasterKeyWrong):
                codes.again("verify", "ref", 16, known)

    def test_a_new_first_line(self):
        with MasterKeyFile(f"# ours\n{FIRST}\n") as path:
            before = master.load(path)
            link = path.with_name("link.key")
            link.symlink_to(path)
            after = master_file.add(link)
            self.assertTrue(link.is_symlink())
            self.assertEqual(after.retired[0].fingerprint, before.fingerprint)
            self.assertEqual(path.read_text().splitlines()[1:], ["# ours", FIRST])
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertEqual(len(os.listdir(path.parent)), 2)
            # The same key again changes nothing; an older one comes first again.
            text = path.read_text()
            master_file.add(path, bytes.fromhex(text.split()[0]))
            self.assertEqual(path.read_text(), text)
            master_file.add(path, bytes.fromhex(FIRST))
            self.assertEqual(path.read_text().splitlines()[::2], [FIRST, "# ours"])
            with self.assertRaises(master.MasterKeyInvalid):
                master_file.add(path, b"short")

    def test_a_line_goes(self):
        with MasterKeyFile(f"{FIRST}\n# older\n{SECOND}") as path:
            first, second = master.load(path).ring
            for wrong in (first.fingerprint, "00", ""):
                with self.assertRaises(ValueError):
                    master_file.drop(path, wrong)
            master_file.drop(path, second.fingerprint)
            self.assertEqual(path.read_text(), f"{FIRST}\n# older\n")

    def test_two_at_once_lose_nothing(self):
        script = (
            "import sys; sys.path.insert(0, sys.argv[1]);"
            "from lib import master_file; master_file.add(sys.argv[2])"
        )
        here = os.path.dirname(os.path.dirname(__file__))
        with MasterKeyFile(FIRST) as path:
            command = [sys.executable, "-c", script, here, str(path)]
            runs = [subprocess.Popen(command) for _ in range(6)]
            self.assertEqual([run.wait() for run in runs], [0] * 6)
            self.assertEqual(len(master.load(path).ring), 7)

    def test_whoever_reads_meets_a_whole_file(self):
        stop, broken = threading.Event(), []

        def read(path):
            while not stop.is_set():
                try:
                    master.load(path)
                except master.MasterKeyError as error:
                    broken.append(error)

        with MasterKeyFile(FIRST) as path:
            reader = threading.Thread(target=read, args=(path,))
            reader.start()
            for _ in range(30):
                master_file.add(path)
            stop.set()
            reader.join()
        self.assertEqual(broken, [])


@tagged("standard")
class TestRewrap(TransactionCase):
    """The keys of a database under a new first line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.amina = new_test_user(cls.env, "ring-amina", name="Amina El Fassi")
        cls.keys = cls.env["gov.key"]
        cls.person = cls.keys._make_personal(cls.amina, cls.env.company, PIN)
        cls.seal = cls.keys._get(cls.env.company, "seal")
        cls.text = Path(master.named()).read_text("ascii")

    def under(self, key):
        secrets = self.env["gov.key.secret"].search([("key_id", "=", key.id)])
        return secrets.master_fingerprint

    def rotated(self):
        """A file whose first line is new."""
        return MasterKeyFile(f"{THIRD}\n{self.text}")

    def unlock(self, pin=PIN):
        return self.person.with_user(self.amina)._unlock(pin)

    def test_everything_works_before_during_and_after(self):
        old = master.default().fingerprint
        proof = self.env["gov.proof"]._issue(
            kind="document",
            company=self.env.company,
            public_ref="ring-1",
            number="1",
            issued_at=self.env.cr.now().replace(microsecond=0),
            journal_event=self.env["gov.journal.event"],
            digests=[],
            subject=None,
        )
        code = proof._code()
        with self.rotated():
            new = master.default()
            # Nothing moved yet: all of it opens.
            gov_key._loaded.clear()
            self.assertEqual(self.seal._load().fingerprint, self.seal.fingerprint)
            told = self.env["gov.master"]._hanging(new)
            self.assertGreaterEqual(told[old]["keys"], 2)
            self.assertEqual(told[new.fingerprint], {})
            told = self.env["gov.master"]._rewrap(new)
            self.assertGreaterEqual(told["rewrapped"], 2)
            self.assertGreaterEqual(told["waiting_for_pin"], 1)
            self.assertEqual(self.under(self.seal), new.fingerprint)
            self.assertEqual(self.under(self.person), old)
            gov_key._loaded.clear()
            self.assertEqual(self.seal._load().fingerprint, self.seal.fingerprint)
            # The PIN moves the key of a person; a wrong one does not.
            with self.assertRaisesRegex(Exception, "not your PIN"):
                self.unlock("730264")
            self.assertEqual(self.under(self.person), old)
            for _twice in range(2):
                self.assertEqual(self.unlock().fingerprint, self.person.fingerprint)
                self.env.invalidate_all()
                self.assertEqual(self.under(self.person), new.fingerprint)
            # Asked again, nothing is left.
            self.assertEqual(self.env["gov.master"]._rewrap(new)["rewrapped"], 0)
            # A code that is printed stays the same; new ones are made with the new key.
            self.assertEqual(proof._code(), code)
            hanging = self.env["gov.master"]._hanging(new)
            self.assertEqual(hanging[old].get("verification_codes"), 1)
            self.assertNotIn("keys", hanging[old])
            event = self.env["gov.journal.event"].search(
                [("kind", "=", "master.rotated")], order="id desc", limit=1
            )
            self.assertIn(new.fingerprint, event.body)

    def test_a_secret_that_opens_with_nothing_changes_nothing(self):
        before = self.under(self.seal)
        with (
            mute_logger("odoo.addons.gov_trust.models.gov_journal_drain"),
            MasterKeyFile(f"{THIRD}\n{SECOND}"),
            self.assertRaises(master.MasterKeyWrong),
        ):
            self.env["gov.master"]._rewrap(master.default())
        self.env.invalidate_all()
        self.assertEqual(self.under(self.seal), before)

    def test_ended_keys_of_persons_hold_no_line(self):
        self.person._end("retired", "test")
        with self.rotated():
            opened = master.default()
            hanging = self.env["gov.master"]._hanging(opened)
            self.assertNotIn("keys_with_pin", hanging[opened.retired[0].fingerprint])

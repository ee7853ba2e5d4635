"""A new master key while people work, killed in between; a server moved from a backup."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import scene

from odoo_process import OdooProcess

PIN = "482915"
#: An officer, a person with a PIN, and three proofs of sealed documents.
MAKE = f"""
import hashlib, io, pikepdf
from odoo import fields
users = env["res.users"].with_context(no_reset_password=True)
officer = users.create({{
    "name": "Officer", "login": "officer-m", "password": "officer-m",
    "group_ids": [(4, env.ref("gov_trust.group_gov_trust_officer").id)],
}})
person = users.create({{"name": "Person", "login": "person-m", "password": "person-m"}})
env["gov.key"]._make_personal(person, env.company, "{PIN}")
env.cr.commit()
pdf = pikepdf.new()
pdf.add_blank_page(page_size=(595, 842))
blank = io.BytesIO()
pdf.save(blank)
for number in range(3):
    proof = env["gov.proof"]._issue(
        kind="document", company=env.company, public_ref=f"moved-{{number}}",
        number=str(number), issued_at=fields.Datetime.now(),
        journal_event=env["gov.journal.event"], digests=[], subject=None,
    )
    sealed = env["gov.seal"]._seal_pdf(env.company, blank.getvalue())
    proof._set_document(hashlib.sha256(sealed).hexdigest())
    attached = env["ir.attachment"].create({{
        "name": f"moved-{{number}}.pdf", "raw": sealed, "description": proof._code(),
    }})
    env.cr.commit()
env["gov.journal"]._process_pending()
env.cr.commit()
"""
#: What still holds: proofs and documents (no key needed), then what needs the keys.
LOOK = f"""
import hashlib, io, json, uuid
from odoo.exceptions import UserError
from odoo.addons.gov_trust.exceptions import SealUnavailable
from odoo.addons.gov_trust.lib import ca, pades
roots = [der for pem in env["gov.certificate"]._roots() for der in ca.der(pem)]
proofs = env["gov.proof"]
told = {{"proofs": [], "codes": [], "served": bool(env["gov.crl"]._current())}}
names = [("name", "=like", "moved-%.pdf")]
for attached in env["ir.attachment"].search(names, order="name"):
    pades.check(attached.raw, roots)
    digest = hashlib.sha256(attached.raw).hexdigest()
    code = attached.description
    proof = proofs.search([("document_sha256", "=", digest)])
    told["proofs"].append([
        proofs._verify_code(code)["verdict"],
        proofs._verify_digest(digest)["verdict"],
        proofs._verify_digest(digest, code)["verdict"],
        proofs._verify_qr(code, proof.qr_data)["match"],
    ])
    try:
        told["codes"].append(proof._code() == code)
    except SealUnavailable:
        told["codes"].append("unavailable")
told["journals"] = all(
    journal._verify()["ok"] for journal in env["gov.journal"].search([])
)
person = env["res.users"].search([("login", "=", "person-m")])
key = env["gov.key"]._personal(person).with_user(person)
def seal():
    return env["gov.seal"]._seal_pdf(env.company, attached.raw and blank())
def blank():
    import pikepdf
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
def first():
    return env["gov.key"]._make(env.company, "journal")
def revocations():
    return env["gov.crl"]._make(env["gov.crl"]._authority())
def ticket():
    return env["gov.key.ticket"].with_user(person)._open("{PIN}", ["ab" * 32])
def prove():
    return proofs._issue(
        kind="document", company=env.company, public_ref=uuid.uuid4().hex, number="n",
        issued_at=attached.create_date, journal_event=env["gov.journal.event"],
        digests=[], subject=None)
works = dict(seal=seal, unlock=lambda: key._unlock("{PIN}"), ticket=ticket,
             revocations=revocations, prove=prove)
for name, work in works.items():
    try:
        work()
        told[name] = "done"
    except SealUnavailable:
        told[name] = "unavailable"
    env.flush_all()
env.cr.commit()
print("TOLD", json.dumps(told))
"""
WORKS = ("seal", "unlock", "ticket", "revocations", "prove")


class Own(OdooProcess):
    """A database that has a master key file of its own."""

    def __init__(self, *arguments, folder: Path, **options) -> None:
        self.key = folder / "keys" / "master.key"
        env = {"GOV_TRUST_MASTER_KEY_FILE": str(self.key)}
        super().__init__(*arguments, env=env, **options)

    def shell(self, script: str, key: Path | None = None) -> str:
        """Run Python in ``odoo shell`` with this master key, or another one."""
        env = self.environment() | {"GOV_TRUST_MASTER_KEY_FILE": str(key or self.key)}
        return self.databases.shell(self.name, script, env=env)

    def look(self, key: Path | None = None) -> dict:
        """Return what still holds."""
        lines = self.shell(LOOK, key).splitlines()
        return next(json.loads(line[5:]) for line in lines if line.startswith("TOLD "))

    def rotate(self, *words: str) -> subprocess.Popen:
        """Start the command."""
        return subprocess.Popen(
            self.databases.workspace.odoo_command(
                "gov_rotate_master", "-d", self.name, "--log-level=error", *words
            ),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def rotated(self, *words: str) -> tuple[int, str]:
        """Run the command; return (exit code, what it said)."""
        run = self.rotate(*words)
        said, _none = run.communicate(timeout=180)
        return run.returncode, said

    def lines(self) -> list[str]:
        """Return the lines of the file."""
        return self.key.read_text().splitlines()


@pytest.fixture(scope="module")
def own(databases, template, tmp_path_factory) -> Iterator[Own]:
    """A served database with sealed documents, and its copied key folder."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "keys").mkdir(mode=0o700)
    shutil.copy(databases.settings.master_key, folder / "keys" / "master.key")
    process = Own(databases, template, folder=folder, label="ring", script=MAKE)
    try:
        process.start()
        yield process
    finally:
        process.destroy()


def assert_all_holds(told: dict) -> None:
    """Proofs verify, codes are printed again, everything signs."""
    assert told["proofs"] == [["valid", "valid", "valid", True]] * 3
    assert told["codes"] == [True] * 3
    assert told["served"] and told["journals"]
    assert {name: told[name] for name in WORKS} == dict.fromkeys(WORKS, "done")


def test_a_backup_without_its_master_key_signs_nothing(own, tmp_path):
    assert_all_holds(own.look())
    for key in (tmp_path / "nowhere.key", other_key(tmp_path)):
        told = own.look(key)
        assert told["proofs"] == [["valid", "valid", "valid", True]] * 3
        assert told["served"] and told["journals"]
        assert {name: told[name] for name in WORKS} == dict.fromkeys(
            WORKS, "unavailable"
        )
        assert told["codes"] == ["unavailable"] * 3


def other_key(folder: Path) -> Path:
    """Make a master key that is not this database's."""
    path = folder / "keys" / "other.key"
    path.parent.mkdir()
    path.write_text("cd" * 32 + "\n")
    path.chmod(0o600)
    return path


def test_a_backup_with_its_master_key_works_elsewhere(own, databases, tmp_path):
    """Another server: the database under its name, the file, no card."""
    backup = own.name.replace("_run_pyring_", "_run_pyringb_")
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    shutil.copy(own.key, keys / "master.key")
    own.stop()
    databases.copy(own.name, backup)
    moved = Own(databases, "", folder=tmp_path, label="ringb")
    moved.name = backup
    try:
        told = moved.look()
        assert told["proofs"] == [["valid", "valid", "valid", True]] * 3
        assert (told["seal"], told["revocations"]) == ("unavailable", "unavailable")
        moved.shell(
            'env["gov.trust.declaration"].create('
            '{"kind": "move", "reason": "another server"}); env.cr.commit()'
        )
        assert_all_holds(moved.look())
    finally:
        databases.drop(backup)
        own.start()


def test_a_new_master_key_while_the_server_runs(own):
    before = own.lines()
    code, said = own.rotated()
    assert code == 0, said
    after = own.lines()
    assert after[1:] == before
    assert len(after[0]) == 64 and after[0] not in said
    assert stat.S_IMODE(own.key.stat().st_mode) == 0o600
    assert set(os.listdir(own.key.parent)) == {"databases", "master.key"}
    # The server that runs opens its keys under the new line.
    officer = scene.Rpc(own.url, "officer-m", own.name)
    [key] = officer.call(
        "gov.key", "search", [("purpose", "=", "seal"), ("state", "=", "active")]
    )[:1]
    officer.call("gov.key", "action_rotate", [key], "a new master key")
    code, said = own.rotated("--status")
    assert code == 0, said
    retired = next(line for line in said.splitlines() if "(retired)" in line)
    assert "1 keys that wait for their holder's PIN" in retired, said
    assert re.search(r"[3-9] verification codes", retired), said
    assert " keys," not in retired.replace("keys that wait", ""), said
    # The holder's PIN moves the last one; printed codes still hold the older line.
    assert_all_holds(own.look())
    code, said = own.rotated("--status")
    retired = next(line for line in said.splitlines() if "(retired)" in line)
    assert "PIN" not in retired, said
    code, said = own.rotated("--forget", retired.split()[0])
    assert code != 0 and "verification codes" in said, said
    assert own.lines() == after
    events = own.sql(
        "SELECT body FROM gov_journal_event WHERE kind = 'master.rotated'"
    ).splitlines()
    assert len(events) == 1 and '"waiting_for_pin":1' in events[0].replace(" ", "")


def test_killed_in_between(own):
    """``kill -9`` as soon as the file is new: all works, and again completes it."""
    lines, changed = own.lines(), own.key.stat().st_mtime_ns
    run = own.rotate()
    while own.key.stat().st_mtime_ns == changed and run.poll() is None:
        time.sleep(0.0005)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    after = own.lines()
    assert after[1:] == lines
    assert_all_holds(own.look())
    code, said = own.rotated()
    assert code == 0, said
    if run.returncode == -signal.SIGKILL and "is completed" in said:
        assert own.lines() == after
    assert_all_holds(own.look())
    code, said = own.rotated("--status")
    older = [line for line in said.splitlines() if "(retired)" in line]
    assert code == 0 and not any("keys" in line for line in older), said


def test_a_key_that_is_given(own, tmp_path):
    given = tmp_path / "new.key"
    given.write_text("ef" * 32 + "\n")
    given.chmod(0o644)
    code, said = own.rotated("--new-key", str(given))
    assert code != 0 and "chmod 600" in said, said
    given.chmod(0o600)
    code, said = own.rotated("--new-key", str(given))
    assert code == 0, said
    assert own.lines()[0] == "ef" * 32
    code, said = own.rotated("--new-key", str(given))
    assert code == 0 and "first line already" in said, said
    assert own.lines().count("ef" * 32) == 1
    assert_all_holds(own.look())


def test_a_line_on_which_nothing_hangs_goes(own):
    own.key.write_text("\n".join([*own.lines(), "12" * 32]) + "\n")
    code, said = own.rotated("--status")
    # In the order of the file.
    line = said.splitlines()[-1]
    assert "(retired): nothing hangs on it" in line, said
    code, said = own.rotated("--forget", line.split()[0])
    assert code == 0, said
    assert "12" * 32 not in own.lines()
    assert_all_holds(own.look())

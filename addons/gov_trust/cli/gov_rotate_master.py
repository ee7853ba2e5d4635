"""``python -m odoo gov_rotate_master``: a new master key, what is left, what may go."""

import optparse
import sys
import threading
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.service.db import exp_db_exist
from odoo.sql_db import db_connect
from odoo.tools import config

WORDS = {
    "keys": "keys",
    "keys_with_pin": "keys that wait for their holder's PIN",
    "verification_codes": "verification codes",
    "tracking_codes": "tracking codes",
    "passwords": "passwords of authorities",
    "tickets": "tickets of people who are signing",
}


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _words(numbers):
    return ", ".join(
        f"{number} {WORDS.get(what, what)}" for what, number in numbers.items()
    )


class RotateMaster(Command):
    """Give this server a new master key, or finish what an earlier run began.

    Without options: a new first line in the master key file, and every key of the
    database that needs no PIN encrypted again under it. Lines that were there stay:
    they open what was made with them. A run that was interrupted is completed by
    running it again; nothing stops working in between.
    """

    name = "gov_rotate_master"

    def run(self, args):
        """Do what the command line asks; the exit code is 0 when all went well.

        :param args: words of the command line
        """
        options = self._options(args)
        try:
            sys.exit(self._do(options))
        except (self.lib.MasterKeyError, OSError, ValueError) as error:
            sys.exit(f"Nothing more was done: {error}")

    def _options(self, args):
        config.parser.prog = self.prog
        group = optparse.OptionGroup(config.parser, "Master key")
        group.add_option(
            "--new-key",
            dest="gov_new_key",
            my_default="",
            help="file that holds the new master key; random unless given",
        )
        group.add_option(
            "--status",
            dest="gov_status",
            action="store_true",
            my_default=False,
            help="change nothing, say what hangs on which line",
        )
        group.add_option(
            "--forget",
            dest="gov_forget",
            my_default="",
            help="fingerprint of a retired line to drop, when nothing hangs on it",
        )
        config.parser.add_option_group(group)
        config.parse_config(args, setup_logging=True)
        names = config["db_name"]
        if not names:
            sys.exit("Say which database: -d NAME (several: -d ONE,TWO).")
        names = names if isinstance(names, list) else names.split(",")
        for name in names:
            if not exp_db_exist(name):
                sys.exit(f"There is no database {name}.")
        # The addon is imported by its registry, not by this file.
        self.registries = {name: Registry(name) for name in names}
        for name, registry in self.registries.items():
            if "gov.master" not in registry:
                sys.exit(f"The app Trust is not installed in {name}.")
        from odoo.addons.gov_trust.lib import (
            identity,
            master,
            master_file,
        )

        self.lib, self.file, self.cards = master, master_file, identity.FOLDER
        return config.options

    def _do(self, options):
        if options.get("gov_status"):
            return self._status()
        if options.get("gov_forget"):
            return self._forget(options.get("gov_forget"))
        return self._rotate(options.get("gov_new_key"))

    # ------------------------------------------------------------------
    # A new key
    # ------------------------------------------------------------------
    def _rotate(self, new_key):
        path, opened = self.lib.named(), self.lib.default()
        wanted = self._read_key(new_key) if new_key else None
        left = self._left(opened)
        if wanted and self.lib.MasterKey(wanted).fingerprint == opened.fingerprint:
            _say("This key is the first line already: its rotation is completed.")
        elif not wanted and left:
            _say("An earlier rotation is completed; no other key is made.")
        else:
            opened = self.file.add(path, wanted)
            _say(f"New master key {opened.fingerprint} on the first line of {path}.")
        for name in self.registries:
            told = self._in(name, lambda env: env["gov.master"]._rewrap(opened))
            _say(
                f"{name}: {told['rewrapped']} keys moved to the new line, "
                f"{told['waiting_for_pin']} wait for their holder's PIN."
            )
        _say(
            "Keep a new copy of the file, apart from the backups of the database. The "
            "lines below the first still open old backups and older codes."
        )
        return 0

    def _read_key(self, new_key):
        """The bytes of the first key of a file; its mode is checked like any other."""
        self.lib.load(new_key)
        with open(new_key, encoding="ascii") as file:
            lines = [line.strip() for line in file]
        return bytes.fromhex(
            next(line for line in lines if line and not line.startswith("#"))
        )

    def _left(self, opened):
        """Whether a key that needs no PIN still hangs on an older line.

        :raise MasterKeyWrong: one hangs on a line that is not in the file
        """
        ring = [member.fingerprint for member in opened.ring]
        left = False
        for name in self.registries:
            hanging = self._in(
                name, lambda env: env["gov.master"]._hanging_secrets()["keys"]
            )
            for fingerprint in hanging:
                opened.member(fingerprint)
                left |= fingerprint in ring[1:]
        return left

    # ------------------------------------------------------------------
    # What hangs on which line
    # ------------------------------------------------------------------
    def _status(self):
        opened = self.lib.default()
        lost = False
        for name in self.registries:
            hanging = self._in(name, lambda env: env["gov.master"]._hanging(opened))
            _say(f"{name}:")
            for fingerprint, numbers in hanging.items():
                lost |= self._line(opened, fingerprint, numbers)
        return 1 if lost else 0

    def _line(self, opened, fingerprint, numbers):
        members = [member.fingerprint for member in opened.ring]
        place = (
            "in use"
            if fingerprint == members[0]
            else "retired"
            if fingerprint in members
            else "NOT IN THE FILE"
        )
        _say(f"  {fingerprint} ({place}): {_words(numbers) or 'nothing hangs on it'}")
        return place == "NOT IN THE FILE"

    def _forget(self, fingerprint):
        path, opened = self.lib.named(), self.lib.default()
        if fingerprint not in {member.fingerprint for member in opened.retired}:
            raise ValueError(
                f"{fingerprint} is no retired line of {path}. --status names them."
            )
        seen = set()
        for name in self._databases():
            uuid = self._uuid(name)
            if uuid is None:
                continue
            seen.add(uuid)
            hanging = self._in(name, lambda env: env["gov.master"]._hanging(opened))
            if numbers := hanging.get(fingerprint):
                raise ValueError(
                    f"{_words(numbers)} of {name} hang on this line: it stays."
                )
        folder = Path(path).parent / self.cards
        cards = {card.name for card in folder.glob("*") if card.is_dir()}
        if unseen := sorted(cards - seen):
            raise ValueError(
                "databases that are not on this server may hang on this line: "
                f"{', '.join(unseen)}. If they are gone for good, remove their folders "
                f"from {folder} and run this again."
            )
        self.file.drop(path, fingerprint)
        _say(
            f"The line {fingerprint} is gone from {path}. Backups made before the "
            "rotation open with a copy of the older file only: keep one with them."
        )
        return 0

    def _databases(self):
        """Every database of this account, not those of ``-d`` alone."""
        with db_connect("postgres").cursor() as cr:
            cr.execute(
                "SELECT datname FROM pg_database JOIN pg_roles r ON r.oid = datdba"
                " WHERE r.rolname = current_user AND datallowconn AND NOT datistemplate"
            )
            return sorted({name for (name,) in cr.fetchall()} | set(self.registries))

    def _uuid(self, name):
        """Who a database says it is; None when the app Trust is not installed there."""
        with db_connect(name).cursor() as cr:
            cr.execute("SELECT to_regclass('gov_key_secret') IS NOT NULL")
            if not cr.fetchone()[0]:
                return None
            cr.execute(
                "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"
            )
            return (cr.fetchone() or ("",))[0]

    def _in(self, name, work):
        """Do something in a database; committed when it went well."""
        threading.current_thread().dbname = name
        registry = Registry(name)
        with registry.cursor() as cr:
            result = work(api.Environment(cr, SUPERUSER_ID, {}))
        registry.signal_changes()
        return result

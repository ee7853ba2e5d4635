import functools
import logging
import os
import time
import uuid

import odoo
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib import master
from ..lib.identity import Card

_logger = logging.getLogger(__name__)

#: A good state is believed this long (seconds); a bad one is looked at each time.
BELIEVED = 30
_believed = {}
#: Databases whose streams were compared with their card once in this process.
_compared = set()


class GovTrustIdentity(models.AbstractModel):
    """Is this database the one the platform knows, or a copy of it?"""

    _name = "gov.trust.identity"
    _description = "Identity of the database"

    @api.model
    def _master_key_file(self):
        """Path of the master key file, or an empty text when none is configured."""
        return master.named()

    @api.model
    def _may_seal(self):
        """Whether this database may number, seal and send mail."""
        name = self.env.cr.dbname
        if _believed.get(name, 0) > time.monotonic():
            return True
        state = self._state()
        good = state in ("ok", "test_copy")
        if good:
            self._complete_card(state)
            _believed[name] = time.monotonic() + BELIEVED
        return good

    @api.model
    def _state(self):
        """One of ok, test_copy, copy, restored, undeclared, no_master_key.

        copy: another name, cluster or uuid than the card says, or neutralised ·
        restored: the card remembers lines this database does not have ·
        undeclared: lines exist and no card does.
        """
        path = self._master_key_file()
        if not path or not os.path.isfile(path):
            return "no_master_key"
        facts = self._facts()
        card = Card(path, facts["uuid"]).read()
        if card is None:
            if self._lines():
                return "undeclared"
            return "copy" if facts["neutralized"] else "ok"
        if any(card[key] != facts[key] for key in ("system_identifier", "database")):
            return "copy"
        if facts["neutralized"] and card["purpose"] != "test_copy":
            return "copy"
        if self._lost(Card(path, facts["uuid"])):
            return "restored"
        return "test_copy" if card["purpose"] == "test_copy" else "ok"

    @api.model
    def _explain(self, state=None):
        """One sentence: what this database is, and what to do."""
        return {
            "ok": self.env._("This database is the one the platform knows."),
            "test_copy": self.env._("This database is a declared test copy."),
            "copy": self.env._(
                "This database is a copy of another one: declare it as a test copy "
                "or as a move (Trust ▸ Database identity)."
            ),
            "restored": self.env._(
                "This database was restored and lines given out since are missing: "
                "declare the restore (Trust ▸ Database identity)."
            ),
            "undeclared": self.env._(
                "This database holds sealed lines the platform's key folder does not "
                "know: declare a test copy or a move (Trust ▸ Database identity)."
            ),
            "no_master_key": self.env._(
                "The master key file cannot be found, so nothing can be numbered or "
                "sealed. Put it where GOV_TRUST_MASTER_KEY_FILE, or the section "
                "[gov_trust] of odoo.conf, says it is."
            ),
        }[state or self._state()]

    @api.model
    def _facts(self):
        self.env.cr.execute(
            """SELECT (SELECT value FROM ir_config_parameter
                        WHERE key = 'database.uuid'),
                      (SELECT value FROM ir_config_parameter
                        WHERE key = 'database.is_neutralized'),
                      (SELECT system_identifier::text FROM pg_control_system())"""
        )
        database_uuid, neutralized, system_identifier = self.env.cr.fetchone()
        return {
            "uuid": database_uuid,
            "neutralized": neutralized not in (None, "", "False", "false", "0"),
            "system_identifier": system_identifier,
            "database": self.env.cr.dbname,
        }

    @api.model
    def _lines(self):
        """Whether any line was ever sequenced here."""
        return bool(
            self.env.execute_query(
                SQL("SELECT 1 FROM gov_journal_state WHERE size > 0 LIMIT 1")
            )
        )

    @api.model
    def _lost(self, card):
        """Streams the card knows further than this database: {code: (own, known)}.

        The card is read first and the database after, on a fresh cursor: the card
        is written after each commit, so it never leads unless lines were lost.
        """
        place = (self.env.cr.dbname, card.folder.name)
        if odoo.modules.module.current_test or place in _compared:
            return {}
        heads = card.heads()
        with self.pool.cursor() as cr:
            cr.execute(
                "SELECT j.code, s.size FROM gov_journal j "
                "JOIN gov_journal_state s ON s.journal_id = j.id"
            )
            own = dict(cr.fetchall())
        lost = {
            code: (own.get(code, 0), head["size"])
            for code, head in heads.items()
            if head["size"] > own.get(code, 0)
        }
        if not lost:
            _compared.add(place)
        return lost

    @api.model
    def _is_behind(self, stream, size):
        """Whether the card knows a stream further than ``size``, read under its lock.

        A backup can be put back under a process that compared long ago: then what was
        believed is dropped, and the database is looked at again.
        """
        if odoo.modules.module.current_test:
            return False
        card = Card(self._master_key_file(), self._card_uuid())
        if card.size(stream) <= size:
            return False
        _believed.pop(self.env.cr.dbname, None)
        _compared.discard((self.env.cr.dbname, card.folder.name))
        return True

    # ------------------------------------------------------------------
    # Changes of identity
    # ------------------------------------------------------------------
    @api.model
    def _establish(self):
        """Card of a new database; one cloned from an empty template gets its own uuid."""
        path = self._master_key_file()
        if not path or not os.path.isfile(path):
            # Nothing is lost yet: the card is written when the key is there.
            _logger.info("No master key: %s", self._explain("no_master_key"))
            return
        if self._lines():
            return
        if Card(path, self._facts()["uuid"]).read():
            self._renew_uuid()
        self._write_card("production")

    @api.model
    def _complete_card(self, state):
        """Write the card of a database that was installed before its master key.

        Before its first line, or what it holds would look like somebody else's.
        """
        card = Card(self._master_key_file(), self._facts()["uuid"])
        if state == "ok" and card.read() is None:
            _logger.info("The master key is there: the card is written now")
            self._write_card("production")

    @api.model
    def _renew_uuid(self):
        # The uuid is a system parameter; only this declaration changes it.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        parameters_sudo.set_param("database.uuid", str(uuid.uuid4()))
        self.env.flush_all()

    @api.model
    def _write_card(self, purpose):
        facts = self._facts()
        Card(self._master_key_file(), facts["uuid"]).write(
            uuid=facts["uuid"],
            system_identifier=facts["system_identifier"],
            database=facts["database"],
            purpose=purpose,
        )
        _believed.pop(self.env.cr.dbname, None)

    @api.model
    def _declare(self, kind, reason):
        """Say what this database is; returns facts for the journal.

        :param str kind: ``test_copy`` (new uuid, never probative), ``move`` (this is
            now the real one) or ``restore`` (what the card remembers beyond the
            database is lost: its numbers are never given again)
        :raise UserError: without a master key, or when there is nothing to declare
        """
        state = self._state()
        if state == "no_master_key":
            raise UserError(self._explain(state))
        if kind == "restore" and state != "restored":
            raise UserError(
                self.env._("Nothing is missing here: there is no restore to declare.")
            )
        if kind == "move" and state == "restored":
            raise UserError(self._explain(state))
        lost = {}
        if kind == "test_copy":
            self._renew_uuid()
        elif kind == "restore":
            lost = self._skip_lost_numbers()
        purpose = "test_copy" if kind == "test_copy" else "production"
        if odoo.modules.module.current_test:
            self._write_card(purpose)
        else:
            # Before the drain of the declaration itself, which needs the new card.
            self.env.cr.postcommit.add(functools.partial(self._write_card, purpose))
        return {"kind": kind, "reason": reason, "found": state, "lost": lost}

    @api.model
    def _skip_lost_numbers(self):
        """Move counters past what was given out after the backup.

        What the card knows of the lost heads is forgotten only once this is committed:
        rolled back or replayed, the loss must still be seen.
        """
        card = Card(self._master_key_file(), self._facts()["uuid"])
        heads = card.heads()
        lost = {}
        for code, (own, size) in self._lost(card).items():
            journal = self.env["gov.journal"]._ensure(code)
            counters = heads[code]["counters"]
            for year, last in counters.items():
                self.env.cr.execute(
                    "INSERT INTO gov_journal_counter (journal_id, year, last) "
                    "VALUES (%s, %s, %s) ON CONFLICT (journal_id, year) DO UPDATE "
                    "SET last = greatest(gov_journal_counter.last, EXCLUDED.last)",
                    (journal.id, int(year), last),
                )
            lost[code] = {"from": own + 1, "to": size, "numbers": counters}
        if odoo.modules.module.current_test:
            card.forget(lost)
        else:
            self.env.cr.postcommit.add(functools.partial(card.forget, lost))
        return lost

    @api.model
    def _remember_head(self, stream, summary):
        """After a commit: write on the card how far a stream went; never raises."""
        try:
            facts_uuid = self._card_uuid()
            Card(self._master_key_file(), facts_uuid).remember(stream, summary)
        except Exception:
            _logger.exception("The card of this database could not be written")

    @api.model
    def _card_uuid(self):
        # Read through the cached parameter: this runs at each drain.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return parameters_sudo.get_param("database.uuid")

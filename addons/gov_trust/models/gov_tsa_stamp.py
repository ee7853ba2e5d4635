import hashlib
import logging
import os
import threading

from odoo import api, models
from odoo.exceptions import UserError

from ..lib import tsp
from ..lib.tsp_ask import OWN, AskFailed, Authority, ask

_logger = logging.getLogger(__name__)

PAUSED = "paused"


class Stamper:
    """The stamp of an administration: callable(SHA-256 digest) → DER of a token.

    Several threads may call it at once. What comes in is kept by the thread that has the
    transaction: at once when it is the caller, before the commit otherwise.

    :ivar non_probant: whether a timestamp of the own authority was given
    """

    def __init__(self, env, company, authorities, store):
        self.env, self.company = env, company
        self.authorities, self.store = authorities, store
        self.non_probant = False
        # Read here: other threads may not use the transaction.
        self._most_drift = env["gov.tsa"]._most_drift()
        self._owner = threading.get_ident()
        self._lock = threading.Lock()
        self._kept = []

    def __call__(self, digest: bytes) -> bytes:
        """Return a timestamp of ``digest``, of the first authority that does.

        :raise TimestampUnavailable: none did; with the reason of each
        """
        reasons = []
        for authority in self.authorities:
            try:
                answer = self.ask(authority, digest)
            except AskFailed as error:
                reasons.append((authority.name, error.code, str(error)))
                continue
            self._keep(authority, answer)
            return answer.token.der
        raise tsp.TimestampUnavailable(
            "; ".join(f"{name}: {text}" for name, _code, text in reasons), reasons
        )

    def ask(self, authority, digest):
        """Ask one authority, unless it is left alone for now.

        :raise AskFailed: with the reason, which is counted
        """
        states = self.env["gov.tsa.state"]
        with self._lock:
            probe, told, wait = states._begin(authority)
        if told != "go":
            raise AskFailed(
                told,
                f"it failed several times and is left alone for {wait} s"
                if told == PAUSED
                else f"it was asked as often as allowed, again in {wait} s",
            )
        try:
            answer = ask(authority, digest, self.store)
        except AskFailed as error:
            _logger.warning(
                "Timestamp authority %s: %s (%s)", authority.id, error, error.code
            )
            with self._lock:
                states._failed(authority, probe, error.code, str(error))
                if error.drift is not None:
                    states._off(authority, error.drift, self._most_drift)
            raise
        with self._lock:
            states._good(authority, answer.drift, self._most_drift)
        return answer

    def _keep(self, authority, answer):
        with self._lock:
            self.non_probant |= answer.token.non_probant
            self._kept.append((authority, answer))
            if threading.get_ident() != self._owner:
                if len(self._kept) == 1:
                    self.env.cr.precommit.add(self._store_kept)
                return
        self._store_kept()

    def _store_kept(self):
        with self._lock:
            kept, self._kept = self._kept, []
        for authority, answer in kept:
            self.env["gov.timestamp"]._record(self.company, authority, answer)


class GovTsa(models.Model):
    _inherit = "gov.tsa"

    @api.model
    def _stamper(self, company):
        """Return what stamps for an administration.

        :param company: ``res.company``, empty for the platform
        :return: :class:`Stamper`, or None when no authority is in use
        """
        found_sudo = self._in_use(company)
        if not found_sudo:
            return None
        identity = self.env["gov.trust.identity"]
        trouble = "" if identity._may_seal() else identity._explain()
        return Stamper(
            self.env,
            company,
            [authority._frozen(trouble) for authority in found_sudo],
            self.env["gov.anchor"]._store(company),
        )

    @api.model
    def _in_use(self, company):
        """Authorities that an administration asks, in order (superuser)."""
        # They are asked on behalf of people who may not read their list.
        authorities_sudo = self.sudo()
        return authorities_sudo.search(
            [("company_id", "in", [company.id, False]), ("state", "=", "enabled")]
        )

    def _frozen(self, trouble=""):
        """What asking needs, as plain values for any thread."""
        key, password = None, ""
        try:
            if not trouble and self.kind == OWN:
                key = self._own_key()
            elif not trouble:
                password = self.env["gov.tsa.secret"]._reveal(self)
        except UserError as error:
            trouble = str(error)
        return Authority(
            id=self.id,
            name=self.name,
            kind=self.kind,
            url=self.url or "",
            login=self.login or "",
            password=password,
            policies=tuple(self._policy_list()),
            seconds=self.timeout,
            per_minute=0 if self.kind == OWN else self.per_minute,
            key=key,
            trouble=trouble,
        )

    def action_ask_now(self):
        """Ask this authority for a timestamp of random bytes and show what came.

        The answer is kept among the timestamps when it holds; a failure counts.

        :return: a notification with the result
        :rtype: dict
        :raise AccessError: the caller is not trust officer
        """
        self.ensure_one()
        self._check_officer()
        identity = self.env["gov.trust.identity"]
        if not identity._may_seal():
            raise UserError(identity._explain())
        # The password is read and the answer written by the platform alone.
        authority_sudo = self.sudo()
        authority = authority_sudo._frozen()
        store = self.env["gov.anchor"]._store(self.company_id)
        stamper = Stamper(self.env, self.company_id, [authority], store)
        digest = hashlib.sha256(os.urandom(32)).digest()
        # Somebody looks: the pause of earlier failures does not hold.
        self.env["gov.tsa.state"]._forget(self.id)
        try:
            answer = stamper.ask(authority, digest)
        except AskFailed as error:
            return self._show(
                "danger",
                self.env._(
                    "“%(name)s” gave no usable timestamp: %(reason)s.",
                    name=self.name,
                    reason=str(error),
                ),
            )
        self.env["gov.timestamp"]._record(self.company_id, authority, answer, "test")
        return self._show(
            "warning" if answer.token.non_probant else "success",
            self.env._(
                "Timestamp of %(authority)s: %(time)s UTC, policy %(policy)s, serial "
                "number %(serial)s, clock %(drift)s s ahead of this server's.",
                authority=answer.token.name,
                time=f"{answer.token.gen_time:%Y-%m-%d %H:%M:%S}",
                policy=answer.token.policy,
                serial=f"{answer.token.serial:x}",
                drift=f"{answer.drift:+.1f}",
            ),
        )

    def _show(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

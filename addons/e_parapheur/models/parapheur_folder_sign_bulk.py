import datetime
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given
from odoo.addons.gov_trust.lib.canonical import canonical

MAX_AT_ONCE = 20
MINUTES = 10


class ParapheurFolder(models.Model):
    """Many folders, one authentication: a ticket for these documents and no other, then chunks (S11, A7, architecture §3.6).

    Each folder is signed, or refused with its reason, alone. What was signed stays signed whatever comes after; what was not
    is taken up again with a new authentication.
    """

    _inherit = "parapheur.folder"

    @api.model
    def action_open_signing(
        self, pin, items, consent, reauth=None, delegation_consent=None
    ):
        """Prove once who one is, for these folders as they were seen.

        The key stays closed here: half of what opens it goes to the page's memory. A key that lies in a token lends
        nothing: the page keeps the PIN in its memory and gives it with each chunk (``by_pin``).

        :param str pin: PIN of one's personal key; never stored, never logged
        :param list items: 1 to 1,000 dicts ``{"id", "base"}``
        :param str consent: id of the text that was accepted
        :param dict reauth: ``{"request": id of get_sign_request, "totp": digits}`` or ``{…, "passkey": assertion}``
        :param str delegation_consent: id of the text of who signs by delegation, when some are
        :return: ``{"ticket", "half", "by_pin", "until", "items": [id], "refused": [{"id", "error"}]}``
        :raise PinRefused: wrong PIN, or key locked; nothing is signed
        :raise UserError: no consent, no key, no proof, nothing that can be signed
        """
        self._check_consent(consent)
        ids, bases = self._sign_listed(items), self._sign_bases(items)
        able, refused = [], []
        for folder_id in ids:
            folder = self.browse(folder_id)
            try:
                base = bases.get(folder_id)
                folder._check_reachable()
                step = folder._check_signable(base)
                folder._check_provable()
                folder._check_delegation_consent(
                    folder._power(step), delegation_consent
                )
            except UserError as refusal:
                refused.append({"id": folder_id, "error": str(refusal.args[0])})
                continue
            able.append((folder, step, base or folder._circuit_base()))
        if not able:
            raise UserError("\n".join(dict.fromkeys(one["error"] for one in refused)))
        ticket = self._open_ticket(pin, able)
        return {
            **self._opened(able, reauth, consent, delegation_consent, ticket),
            "refused": refused,
        }

    @api.model
    def action_sign_chunk(self, ticket_id, half, items, pin=None):
        """Sign some of the folders that were proved together; each of them alone.

        :param int ticket_id: ``ticket`` of :meth:`action_open_signing`
        :param str half: its ``half``; empty for a key in a token
        :param list items: at most 20 of its ids, or dicts with ``id``
        :param str pin: only for a key in a token
        :return: list of ``{"id", "ok", "error", "again"}`` in the order of ``items``; ``again``: the same may succeed later
        :raise TicketRefused: another page, another person, over; nothing was signed
        :raise UserError: more than 20
        """
        signing = self.env["parapheur.signing"]._own(ticket_id, "sign", hold=False)
        if not signing.proved_at:
            raise UserError(self.env._("Prove who you are first: nothing was signed."))
        items = list(items) if isinstance(items, list | tuple) else []
        self._check_count(items)
        ids = [
            given.record_id(one.get("id") if isinstance(one, dict) else one)
            or given.UNKNOWN
            for one in items
        ]
        return self._sign_chunk(signing, ids, half, pin)

    @api.model
    def action_sign_many(self, pin, items, consent=None, reauth=None):
        """Sign up to 20 folders with one PIN: one signature and one event a document.

        Each folder is signed or refused alone; the others are not touched by its refusal.

        :param str pin: PIN of one's personal key
        :param list items: at most 20 dicts ``{"id", "base"}``
        :param str consent: id of the text that was accepted
        :param dict reauth: as for :meth:`action_sign`
        :return: list of ``{"id", "ok", "error"}`` in the order of ``items``
        :raise PinRefused: wrong PIN, or key locked; nothing was signed
        :raise UserError: no consent, no key, more than 20
        """
        self._check_consent(consent)
        items = list(items) if isinstance(items, list | tuple) else []
        self._check_count(items)
        loaded = self._unlocked(pin)
        return [self._sign_item(loaded, item, consent, reauth) for item in items]

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    @api.model
    def _check_count(self, items):
        if not 0 < len(items) <= MAX_AT_ONCE:
            raise UserError(
                self.env._(
                    "From 1 to %(limit)s folders are signed in one go: %(count)s were given.",
                    limit=MAX_AT_ONCE,
                    count=len(items),
                )
            )

    @api.model
    def _open_ticket(self, pin, able):
        """A ticket for the documents of these folders, or None when the key lies in a token.

        :return: (id, half) or None
        """
        key = self.env["gov.key"]._personal(self.env.user)
        if not key:
            raise UserError(self._no_key())
        pin = pin if isinstance(pin, str) else ""
        if key.kind != "software":
            self._unlocked(pin)
            return None
        marks = [
            mark
            for folder, step, base in able
            for mark in folder._document_marks(base, step)
        ]
        return self.env["gov.key.ticket"]._open(pin, marks)

    def _document_marks(self, base, step):
        """What a ticket is for: each document as it was seen, told apart even from a copy of itself."""
        # Versions are compared; who signs reads the folder.
        seen = self.sudo()._seen_versions(base, step)
        return [
            hashlib.sha256(
                canonical({"piece": piece, "sha256": version.sha256})
            ).hexdigest()
            for piece, version in sorted(seen.items())
        ]

    @api.model
    def _opened(self, able, reauth, consent, delegation_consent, ticket):
        """Keep what was proved, and for which folders; say what the page needs to go on."""
        signings = self.env["parapheur.signing"]
        listed = [folder._proof_item(step, base, "sign") for folder, step, base in able]
        wanted = signings._strongest(
            folder._proof_wanted("sign") for folder, _step, _base in able
        )
        reauth = reauth if isinstance(reauth, dict) else {}
        if wanted != "none" and reauth.get("request"):
            signing = signings._own(reauth["request"], "sign")
            signing._check_listed(listed)
        else:
            signing = signings._ask("sign", listed)
        signing._prove(wanted, reauth)
        until = fields.Datetime.now() + datetime.timedelta(minutes=MINUTES)
        signing.write(
            {
                "until": until,
                "ticket_id": ticket and ticket[0],
                "consent_id": consent,
                "delegation_consent_id": delegation_consent or False,
            }
        )
        return {
            "ticket": signing.id,
            "half": ticket[1] if ticket else False,
            "by_pin": not ticket,
            "until": until.isoformat(),
            "items": [folder.id for folder, _step, _base in able],
        }

    # ------------------------------------------------------------------
    # One after the other
    # ------------------------------------------------------------------
    @api.model
    def _sign_item(self, loaded, item, consent, reauth=None):
        """Sign one folder of several; a refusal is told, and undoes that folder alone."""
        item = item if isinstance(item, dict) else {}
        folder_id = item.get("id")
        folder = self.browse(max(given.record_id(folder_id), 0))
        try:
            with self.env.cr.savepoint():
                base = self._sign_bases([item]).get(folder.id)
                folder._check_reachable()
                step = folder._check_signable(base)
                proof = folder._proved("sign", [(folder, step, base)], reauth)
                folder._sign(loaded, base, consent, proof)
        except (UserError, AccessError) as refusal:
            return {"id": folder_id, "ok": False, "error": str(refusal.args[0])}
        return {"id": folder_id, "ok": True, "error": False}

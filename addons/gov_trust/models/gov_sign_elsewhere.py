import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..exceptions import SealRefused, SealUnavailable
from ..lib import acts, acts_base, binding, ca, elsewhere
from ..lib.validation import service, verdict
from .gov_validation import LIMITS, UNREADABLE

#: A signature that claims to be older than this many days is not believed.
DAYS = 30


class GovSign(models.AbstractModel):
    """Signatures that persons make with their own program or token."""

    _inherit = "gov.sign"

    @api.model
    def _accept_elsewhere(
        self, company, user, base_pdf, signed_pdf, field_name, *, since=None
    ):
        """Check a file that a person downloaded, signed elsewhere and brought back.

        :param company: administration the act belongs to
        :param user: ``res.users`` whose turn it is
        :param bytes base_pdf: the file as it was handed out: a prepared act
        :param bytes signed_pdf: the file that came back
        :param str field_name: the box that waits for this person
        :param since: naive UTC datetime of the hand-out; no earlier time is believed
        :return: (bytes of the file, :class:`~odoo.addons.gov_trust.lib.acts.Act`)
        :raise AccessError: somebody else's signature
        :raise SealUnavailable: this database may not sign
        :raise SealRefused: it does not do, with what was found and what to do
        """
        self._check_own(user)
        self._check_may_seal()
        store = self.env["gov.anchor"]._store(company)
        if since is None:
            since = fields.Datetime.now() - datetime.timedelta(days=DAYS)
        try:
            elsewhere.compare(base_pdf, signed_pdf)
            told = self._judged_apart(signed_pdf, store)
            brought = elsewhere.accept(
                base_pdf,
                signed_pdf,
                field_name,
                store,
                since=since.replace(tzinfo=datetime.UTC),
            )
            if told["verdict"] == verdict.INVALID:
                codes = ", ".join(one["code"] for one in told["reasons"])
                raise elsewhere.ElsewhereRefused("broken", codes)
        except elsewhere.ElsewhereRefused as error:
            raise self._elsewhere_refused(error) from error
        self._check_bound(brought.found.certificate, user)
        self._check_revoked(brought.act)
        return signed_pdf, brought.act

    @api.model
    def _came_with(self, pdf, company):
        """Names of those who signed a file before it came here.

        :return: list of str, in the order of the signatures
        :raise SealRefused: its signatures do not hold, or allow no other
        """
        store = self._store(company)
        try:
            return acts_base.signers(pdf, store)
        except acts.ActRefused as error:
            raise self._refused(error) from error

    @api.model
    def _judged_apart(self, pdf, store):
        """Read a hostile file in a process with limits, before this one reads it.

        :return: the answer of the validation
        :raise SealUnavailable: too many files at once
        :raise SealRefused: it cannot be read, or costs too much
        """
        told = service.validate(pdf, store)
        codes = {one["code"] for one in told["reasons"]}
        if "busy" in codes:
            raise SealUnavailable(
                self.env._("Many files are being checked now. Try again in a minute.")
            )
        if codes & LIMITS:
            raise SealRefused(
                self.env._(
                    "This file is too large or too complicated to be checked. Download "
                    "the document again and sign it."
                )
            )
        if codes & UNREADABLE:
            raise self._elsewhere_refused(
                elsewhere.ElsewhereRefused("unreadable", "the file cannot be read")
            )
        return told

    @api.model
    def _check_own(self, user):
        if not self.env.su and self.env.uid != user.id:
            raise AccessError(
                self.env._("Each person signs for himself, nobody for another.")
            )

    @api.model
    def _check_bound(self, certificate, user):
        """Refuse a certificate that is not this person's.

        :param bytes certificate: DER
        :raise SealUnavailable: a key of the platform that is not in use
        :raise SealRefused: somebody else's
        """
        # Certificates are public; the holder may not list keys.
        certificates_sudo = self.env["gov.certificate"].sudo()
        known_sudo = certificates_sudo.search(
            [("sha256", "=", ca.describe(certificate)["sha256"])]
        )
        if known_sudo:
            key_sudo = known_sudo.key_id
            if key_sudo.user_id != user:
                raise self._wrong_person(certificate, user)
            if key_sudo.state != "active":
                raise SealUnavailable(
                    self.env._("This key was retired or revoked: it signs nothing.")
                )
            return
        # A person's own names, whoever runs this.
        user_sudo = user.sudo()
        try:
            binding.check(
                certificate,
                name=user_sudo.name,
                emails=[user_sudo.login, user_sudo.email],
                identifiers=self.env["gov.key"]._person_identifiers(user_sudo),
            )
        except binding.WrongPerson as error:
            raise self._wrong_person(certificate, user) from error

    @api.model
    def _wrong_person(self, certificate, user):
        # A person's own name, whoever runs this.
        user_sudo = user.sudo()
        named = ca.common_name(certificate) or ca.describe(certificate)["subject"]
        return SealRefused(
            self.env._(
                "This certificate is made out to “%(named)s”, and you are “%(name)s”. "
                "Sign with your own certificate.",
                named="".join(char for char in named if char.isprintable())[:200],
                name=user_sudo.name,
            )
        )

    @api.model
    def _elsewhere_refused(self, error):
        """The refusal of what was signed elsewhere, as a sentence of its own."""
        reason = str(error)
        sentences = {
            "changed": self.env._(
                "This is not the file you downloaded: something before the signature "
                "was changed, or the program saved it anew. Download it again and sign "
                "it without “save as” or optimisation."
            ),
            "truncated": self.env._(
                "This file is cut short: a part of what you downloaded is missing. "
                "Send the whole signed file."
            ),
            "unsigned": self.env._(
                "This file carries no new signature. Sign it, save it, then send it."
            ),
            "several": self.env._(
                "This file carries more than one new signature. Download it again and "
                "sign once, in the box that is yours."
            ),
            "wrong_field": self.env._(
                "You signed in another box than yours, or in a new one. Download the "
                "file again and sign in the box with your name."
            ),
            "unreadable": self.env._(
                "This file cannot be read as a PDF. Download it again and sign it."
            ),
            "broken": self.env._(
                "This signature cannot be accepted: %(reason)s. Download the file again "
                "and sign it, changing nothing else.",
                reason=reason,
            ),
            "form": self.env._(
                "Your program wrote an older form of signature. Choose “PAdES” (also "
                "called ETSI.CAdES.detached) in its settings, then sign again."
            ),
            "no_time": self.env._(
                "The signature says nowhere when it was made. Let your program write "
                "the time."
            ),
            "future": self.env._(
                "The signature claims a time that has not come yet. Set the clock of "
                "your computer, then sign again."
            ),
            "past": self.env._(
                "The signature claims a time before the file was handed out. Set the "
                "clock of your computer, then sign again."
            ),
            "not_matching": self.env._(
                "The signature was not made by the key of this certificate, or not over "
                "what was to be signed. Start again."
            ),
            "no_anchor": self.env._(
                "No authority that is trusted here issued this certificate, whatever "
                "name it bears. Ask the trust officer which ones are."
            ),
            "not_yet_valid": self.env._("Your certificate is not valid yet."),
            "expired": self.env._("Your certificate has expired. Sign with a new one."),
            "revoked": self.env._(
                "Your certificate was revoked: it signs nothing any more."
            ),
            "wrong_usage": self.env._(
                "This certificate is not for the signature of a person here: "
                "%(reason)s.",
                reason=reason,
            ),
            "weak": self.env._(
                "This signature uses an algorithm that is too weak: %(reason)s.",
                reason=reason,
            ),
            "broken_chain": self.env._(
                "The certificates that came with the signature do not hold: %(reason)s.",
                reason=reason,
            ),
            "anchor_ended": self.env._(
                "The authority of this certificate is not trusted here any more."
            ),
        }
        return SealRefused(sentences[error.code])

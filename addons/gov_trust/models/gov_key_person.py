from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..exceptions import SealUnavailable
from ..lib import ca, keys


class GovKey(models.Model):
    """The key of a person, that opens with a PIN which only that person knows."""

    _inherit = "gov.key"

    user_id = fields.Many2one(
        "res.users",
        string="Holder",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: a key of an administration or of the platform.",
    )
    holder_name = fields.Char(readonly=True, help="As written on the certificate.")

    _holder_uniq = models.UniqueIndex(
        "(user_id) WHERE state = 'active' AND user_id IS NOT NULL",
        "This person has a key in use already.",
    )
    _holder_check = models.Constraint(
        "CHECK ((purpose = 'person') = (user_id IS NOT NULL))",
        "The key of a person names its holder, other keys name none.",
    )

    @api.depends("purpose", "company_id", "fingerprint", "holder_name")
    def _compute_display_name(self):
        done = super()._compute_display_name()
        for key in self.filtered("holder_name"):
            key.display_name = f"{key.holder_name} ({(key.fingerprint or '')[:8]})"
        return done

    # ------------------------------------------------------------------
    # Finding and making
    # ------------------------------------------------------------------
    @api.model
    def _personal(self, user):
        """Return the key a person signs with (as superuser), or an empty recordset.

        :param user: ``res.users`` record
        """
        # Keys are looked up on behalf of people who may not read the list of keys.
        keys_sudo = self.sudo()
        return keys_sudo.search(
            [
                ("user_id", "=", user.id),
                ("purpose", "=", ca.PERSON),
                ("state", "=", "active"),
            ],
            limit=1,
        )

    @api.model
    def _make_personal(self, user, company, pin):
        """Make the key of a person with its certificate; the one before is retired.

        :param user: ``res.users``: the person who asks, or any when a set-up script
            runs as superuser (opening the key needs the PIN in any case)
        :param company: administration the certificate names
        :param str pin: 6 to 12 digits, hard to guess; kept nowhere
        :return: the new key (superuser)
        :raise AccessError: somebody else's key
        :raise PinRefused: the PIN does not do
        :raise SealUnavailable: the master key cannot be used, or this is a copy
        """
        if not self.env.su and self.env.uid != user.id:
            raise AccessError(
                self.env._("Each person makes his or her own key, nobody for another.")
            )
        identity = self.env["gov.trust.identity"]
        if not identity._may_seal():
            raise SealUnavailable(identity._explain())
        chosen = self._check_new_pin(pin)
        before = self._personal(user)
        if before:
            before._end("retired", self.env._("Replaced by a new key."))
        private = keys.generate()
        mark = keys.fingerprint(private.public_key())
        holder = self._person_holder(user, company)
        certificate = self._issue(private.public_key(), holder, ca.PERSON)
        # No group may create a key or read its secret: the platform does, here only.
        keys_sudo = self.sudo()
        key_sudo = keys_sudo.create(
            {
                "company_id": company.id,
                "user_id": user.id,
                "holder_name": ca.common_name(certificate),
                "purpose": ca.PERSON,
                "fingerprint": mark,
            }
        )
        secret = key_sudo._wrapped(private, chosen)
        keys_sudo.env["gov.key.secret"].create({"key_id": key_sudo.id, **secret})
        keys_sudo.env["gov.certificate"]._record(key_sudo, certificate)
        key_sudo._tell(
            "key.created",
            administration=company.id,
            certificate=ca.describe(certificate)["sha256"],
            kind=key_sudo.kind,
            purpose=ca.PERSON,
        )
        self.env.flush_all()
        return key_sudo

    @api.model
    def _person_holder(self, user, company):
        issuer = self.env["gov.seal"]._issuer(company)
        # The name of whoever asks for a key; set-up scripts ask for others.
        user_sudo = user.sudo()
        return ca.Holder(
            issuer["name"],
            country=issuer["country"],
            person=user_sudo.name,
            mark=f"{issuer['code']}-{user.id}",
        )

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------
    def _tell(self, event, **facts):
        """Write an event about this key in the trust stream."""
        # The name of the stream's subject alone; the key itself is not shown.
        key_sudo = self.sudo()
        self.env["gov.journal"]._trust_stream()._append(
            event,
            {
                "fingerprint": key_sudo.fingerprint,
                "holder": key_sudo.user_id.id or None,
                **facts,
            },
            subject=key_sudo,
        )

import base64
import hashlib
import json
import os
import struct
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from .common import PIN, BookCase, pdf

TOTP_SECRET = base64.b32encode(b"12345678901234567890").decode()


def url64(data):
    """Base64 of the web, as browsers give it."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """A passkey in software: it answers like one, so that what the product checks is really checked.

    ES256 key, packed authenticator data, client data in JSON (WebAuthn level 2, §6).
    """

    def __init__(self, origin, host):
        self.origin, self.host = origin, host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential, self.count = os.urandom(16), 0

    def public_key(self):
        """COSE key (RFC 9053): kty EC2, alg ES256, crv P-256, x, y."""
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y

    def enrol(self, env, user):
        """Make this the passkey of ``user``, as the window of Odoo does."""
        keys = env["auth.passkey.key"].with_user(user).sudo()
        passkey = keys.create(
            {"name": "test", "credential_identifier": url64(self.credential)}
        )
        env.cr.execute(
            "UPDATE auth_passkey_key SET public_key = %s, create_uid = %s WHERE id = %s",
            (url64(self.public_key()), user.id, passkey.id),
        )
        env.invalidate_all()
        return passkey

    def answer(self, options, *, origin=None, verified=True, kind="webauthn.get"):
        """What ``navigator.credentials.get`` gives for these options."""
        self.count += 1
        client = json.dumps(
            {
                "type": kind,
                "challenge": options["challenge"],
                "origin": origin or self.origin,
                "crossOrigin": False,
            }
        ).encode()
        flags = 0x05 if verified else 0x01
        data = (
            hashlib.sha256(self.host.encode()).digest()
            + bytes([flags])
            + struct.pack(">I", self.count)
        )
        signature = self.key.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        name = url64(self.credential)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": {
                "clientDataJSON": url64(client),
                "authenticatorData": url64(data),
                "signature": url64(signature),
            },
        }


class PowerCase(BookCase):
    """The director of the town may be replaced by act; a nature of one signature, in the unit PERMITS."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env["gov.absence"]._today(cls.company)
        cls.functional = cls._user("power_admin", "gov_base.group_gov_base_admin")
        cls.orders = cls.env["gov.act.nature"].create(
            {"name": "Orders", "code": "test_orders", "company_id": False}
        )
        cls.quick_circuit = cls._circuit(
            "One signature",
            [{"name": "Signature", "kind": "signature", "users": cls.mayor}],
        )
        cls.quick = cls._nature(act_nature_id=cls.orders.id)
        cls.env["gov.key"]._make_personal(cls.head, cls.company, PIN)

    @classmethod
    def _nature(cls, **settings):
        return cls.env["parapheur.nature"].create(
            {
                "name": "Order",
                "company_id": cls.company.id,
                "circuit_id": cls.quick_circuit.id,
                **settings,
            }
        )

    @classmethod
    def _act(cls, grantor=None, grantee=None, **vals):
        """A delegation of signature in force: by default the mayor's, to the head of permits."""
        act = (
            cls.env["gov.delegation"]
            .with_user(cls.functional)
            .create(
                {
                    "company_id": cls.company.id,
                    "grantor_id": (grantor or cls.mayor).id,
                    "grantor_quality": "la Présidente",
                    "grantee_id": (grantee or cls.head).id,
                    "grantee_quality": "le Chef du service des permis",
                    "reference": "Arrêté n° 12/2026",
                    "act_date": cls.today,
                    "date_from": cls.today,
                    "date_to": cls.today + timedelta(days=30),
                    "act_file": base64.b64encode(pdf(["Arrêté"])),
                    "act_filename": "arrete.pdf",
                    **vals,
                }
            )
        )
        act.action_activate()
        return act

    def _folder(self, nature=None, **kwargs):
        return self._submitted(nature=nature or self.quick, **kwargs)

    def _by_act(self, folder, user=None, pin=PIN, tick=True, **kwargs):
        """Sign by delegation, with the separate tick."""
        own = self._as(folder, user or self.head)
        if tick:
            kwargs["delegation_consent"] = own.get_delegation_consent()["id"]
        return own.action_sign(pin, consent=own.get_consent()["id"], **kwargs)

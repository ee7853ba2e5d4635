import base64
import hashlib
import json

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from odoo import api, fields, models
from odoo.tools import file_open

from ..lib import ca, keys, qr

FOLDER = "gov_trust/static/src/verify_offline/"
SHEETS = (
    "gov_trust/static/src/service/service.css",
    "gov_trust/static/src/verify/verify.css",
    f"{FOLDER}offline.css",
)
SCRIPTS = tuple(f"{FOLDER}{name}.js" for name in ("words", "check", "page"))
#: Characters of a key's fingerprint in a QR code (``lib.qr``).
MARK = 16


class GovVerifyOffline(models.AbstractModel):
    """What a device keeps to check the signed data of QR codes without network (T12)."""

    _name = "gov.verify.offline"
    _description = "Check without network"

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    @api.model
    def _file(self, name):
        """Return what is served below ``/verify/offline``.

        :param str name: ``page``, ``page.css``, ``page.js``, ``worker.js``,
            ``keys.json`` or ``save`` (all of it in one file)
        :return: (text, content type), or None when there is no such file
        """
        made = {
            "page": (self._page, "text/html; charset=utf-8"),
            "page.css": (self._css, "text/css; charset=utf-8"),
            "page.js": (self._js, "text/javascript; charset=utf-8"),
            "worker.js": (self._worker, "text/javascript; charset=utf-8"),
            "keys.json": (self._keys_json, "application/json"),
            "save": (self._single_file, "text/html; charset=utf-8"),
        }.get(name)
        return made and (made[0](), made[1])

    @api.model
    def _page(self):
        return self._assembled(
            '<link rel="icon" href="data:," />'
            '<link rel="stylesheet" href="/verify/offline/page.css" />',
            '<script defer src="/verify/offline/page.js"></script>',
        )

    @api.model
    def _single_file(self):
        """The page, its style, its script and the keys in one file, for a laptop.

        The file allows exactly its own style and script, by their digests.
        """
        css, js = self._css(), self._js()
        allowed = (
            "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
            f"style-src 'sha256-{self._hash(css)}'; "
            f"script-src 'sha256-{self._hash(js)}'"
        )
        # A name that holds "</script>" must not end the element that carries it.
        told = self._keys_json().replace("<", "\\u003c")
        return self._assembled(
            f'<meta http-equiv="Content-Security-Policy" content="{allowed}" />'
            f'<link rel="icon" href="data:," /><style>{css}</style>',
            f'<script type="application/json" id="keys">{told}</script>'
            f"<script>{js}</script>",
        )

    @api.model
    def _assembled(self, style, script):
        page = self._read(f"{FOLDER}offline.html")
        return page.replace("<!--style-->", style).replace("<!--script-->", script)

    @api.model
    def _css(self):
        return "".join(map(self._read, SHEETS))

    @api.model
    def _js(self):
        return "".join(map(self._read, SCRIPTS))

    @api.model
    def _worker(self):
        """The service worker; another version of the page gives another worker."""
        parts = "".join((self._page(), self._css(), self._js()))
        version = hashlib.sha256(parts.encode()).hexdigest()[:16]
        return self._read(f"{FOLDER}worker.js").replace("__VERSION__", version)

    @api.model
    def _read(self, path):
        with file_open(path) as opened:
            return opened.read()

    @api.model
    def _hash(self, text):
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    # ------------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------------
    @api.model
    def _keys_json(self):
        return json.dumps(self._keys(), ensure_ascii=False, separators=(",", ":"))

    @api.model
    def _keys(self):
        """Public keys that sign or signed QR codes, past ones too, with whose they are.

        :return: dict ``v``, ``at`` (UTC instant), ``site`` and ``keys``: each with
            ``key`` (mark in QR codes), ``spki`` (base64), ``name``, ``codes``, ``owner``,
            ``tz``, ``from``, ``until`` and ``revoked_at`` (or None)
        """
        # Certificates and public keys are public; the visitor has no right on the tables.
        certificates_sudo = self.env["gov.certificate"].sudo()
        certificates_sudo = certificates_sudo.search(
            [("key_id.purpose", "in", ("seal", "journal"))], order="key_id, id"
        )
        owners = self._owners(certificates_sudo.company_id)
        found = {}
        for certificate_sudo in certificates_sudo:
            (der,) = ca.der(certificate_sudo.pem)[:1]
            read = x509.load_der_x509_certificate(der)
            public = read.public_key()
            # Other seals sign no QR code: the journals' key does (gov.proof).
            if not qr.fits(public):
                continue
            key_sudo = certificate_sudo.key_id
            told = found.setdefault(key_sudo.id, self._key(key_sudo, public, owners))
            self._add_certificate(told, read)
        return {
            "v": 1,
            "at": self._instant(fields.Datetime.now()),
            "site": self.env["ir.config_parameter"].get_base_url(),
            "keys": list(found.values()),
        }

    @api.model
    def _key(self, key_sudo, public, owners):
        owner = owners.get(key_sudo.company_id.id, {"code": "", "tz": "UTC"})
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        revoked = key_sudo.ended_at if key_sudo.state == "revoked" else None
        return {
            "key": keys.fingerprint(public)[:MARK],
            "spki": base64.b64encode(spki).decode(),
            "owner": key_sudo.company_id.id or 0,
            "name": "",
            "codes": [owner["code"]] if owner["code"] else [],
            "tz": owner["tz"],
            "from": None,
            "until": None,
            "revoked_at": self._instant(revoked) if revoked else None,
        }

    @api.model
    def _add_certificate(self, told, read):
        def said(oid):
            values = read.subject.get_attributes_for_oid(oid)
            return str(values[0].value) if values else ""

        name = said(NameOID.ORGANIZATION_NAME) or said(NameOID.COMMON_NAME)
        told["name"] = name or told["name"]
        code = said(NameOID.ORGANIZATION_IDENTIFIER)
        if code and code not in told["codes"]:
            told["codes"].append(code)
        begin = self._instant(read.not_valid_before_utc)
        end = self._instant(read.not_valid_after_utc)
        # Instants of one form: the texts compare as the instants do.
        told["from"] = min(told["from"] or begin, begin)
        told["until"] = max(told["until"] or end, end)

    @api.model
    def _owners(self, companies):
        """Official code and zone of administrations, read together.

        :return: {id: {"code", "tz"}}; addons that know better override this
        """
        return {
            company.id: {
                "code": company.company_registry or f"A{company.id}",
                "tz": company.partner_id.tz or "UTC",
            }
            for company in companies
        }

    @api.model
    def _instant(self, moment):
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"

"""Files of keys as authorities hand them out, and a token of software."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from .common_pki import pem

PASSWORD = "كلمة السر 7!"
SOFTHSM = next(
    filter(
        os.path.exists,
        ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm.so"),
    ),
    "",
)
TOKEN_PIN = "738291"


def p12(key, certificate, others=(), password=PASSWORD, **more):
    """A PKCS#12 file."""
    return pkcs12.serialize_key_and_certificates(
        b"key",
        key,
        certificate,
        list(others),
        more.get("encryption")
        or serialization.BestAvailableEncryption(password.encode()),
    )


def key_pem(key, password=None, form=serialization.PrivateFormat.PKCS8):
    """A private key in PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        form,
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption(),
    )


def pem_file(key, *certificates, password=None):
    """A PEM file with a key and certificates."""
    return key_pem(key, password) + b"".join(map(pem, certificates))


def parents(authority):
    """Certificates of an authority and of those above it."""
    return [x509.load_der_x509_certificate(der) for der in authority.chain]


def organisation(name="Commune de Rabat", code="RBT-01"):
    """Subject of a seal (EN 319 412-3)."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "MA"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, code),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


class SoftToken:
    """A SoftHSM2 token of one's own, named ``soft`` in the environment."""

    label = "maktab"

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp())
        self.tokens = self.folder / "tokens"
        self.tokens.mkdir()
        conf = self.folder / "softhsm2.conf"
        conf.write_text(
            f"directories.tokendir = {self.tokens}\nobjectstore.backend = file\n"
            "log.level = ERROR\n"
        )
        self.before = {
            name: os.environ.get(name)
            for name in ("SOFTHSM2_CONF", "GOV_TRUST_PKCS11_SOFT")
        }
        os.environ["SOFTHSM2_CONF"] = str(conf)
        os.environ["GOV_TRUST_PKCS11_SOFT"] = SOFTHSM
        self.run("--init-token", "--free", "--label", self.label)
        return self

    def run(self, *arguments):
        """Run softhsm2-util on the token."""
        return subprocess.run(
            ["softhsm2-util", *arguments, "--pin", TOKEN_PIN, "--so-pin", "12345678"],
            check=True,
            capture_output=True,
        )

    def put(self, key, label, ident):
        """Put a private key in the token."""
        path = self.folder / "key.pem"
        path.write_bytes(key_pem(key))
        self.run(
            *("--import", str(path), "--token", self.label),
            *("--label", label, "--id", ident),
        )
        path.unlink()

    def pull(self):
        """Take the token out."""
        self.tokens.rename(self.folder / "out")
        self.tokens.mkdir()

    def plug(self):
        """Put it back."""
        self.tokens.rmdir()
        (self.folder / "out").rename(self.tokens)

    def __exit__(self, *_error):
        for name, value in self.before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(self.folder)

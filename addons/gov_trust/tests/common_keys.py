"""What the tests of keys, seals and proofs share: keys in memory, a small PDF."""

import io
import os
import tempfile
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ..lib import ca, keys, tsa, tsp


def authority(name="Platform"):
    """Return (private key, DER of its root certificate)."""
    private = keys.generate()
    return private, ca.make_root(private, ca.Holder(name, title="Internal authority"))


#: Every kind of key that signs, by name.
KINDS = {
    "P-256": keys.generate,
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
}


def loaded(
    root_key,
    root,
    use=ca.SEAL,
    name="جماعة الرباط أكدال",
    code="RBT-01",
    private=None,
):
    """Return a LoadedKey with a certificate for ``use``."""
    private = private or keys.generate()
    holder = ca.Holder(name, code, "MA", "Seal")
    certificate = ca.issue(root, root_key, private.public_key(), holder, use)
    mark = keys.fingerprint(private.public_key())
    return keys.LoadedKey(private, certificate, (root,), mark)


def person(root_key, root, name="Ahmed Alami", mark="RBT-01-7"):
    """Return a LoadedKey with the certificate of a person."""
    private = keys.generate()
    holder = ca.Holder("Commune de Rabat", country="MA", person=name, mark=mark)
    certificate = ca.issue(root, root_key, private.public_key(), holder, ca.PERSON)
    mark = keys.fingerprint(private.public_key())
    return keys.LoadedKey(private, certificate, (root,), mark)


def timestamper(root_key, root, name="Platform"):
    """Return a LoadedKey with the certificate of a timestamp authority."""
    private = keys.generate()
    certificate = ca.issue(
        root, root_key, private.public_key(), tsa.holder(name), ca.TSA
    )
    mark = keys.fingerprint(private.public_key())
    return keys.LoadedKey(private, certificate, (root,), mark)


def stamp_by(key, now=None):
    """Return a stamp: callable(SHA-256 digest) -> DER of a token made by ``key``."""

    def stamp(digest):
        asked = tsp.request(digest)
        return tsp.read_response(tsa.respond(asked.der, key, now=now), asked).der

    return stamp


def small_pdf(attached=None):
    """Return the bytes of a one-page PDF, with ``attached`` as receipt.json."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    if attached is not None:
        pdf.attachments["receipt.json"] = attached
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


class MasterKeyFile:
    """A master key file of one's own, named by the environment while it is entered."""

    def __init__(self, text="ab" * 32, mode=0o600):
        self.text, self.mode = text, mode

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "master.key"
        self.path.write_text(self.text)
        self.path.chmod(self.mode)
        self.before = os.environ.get("GOV_TRUST_MASTER_KEY_FILE")
        os.environ["GOV_TRUST_MASTER_KEY_FILE"] = str(self.path)
        return self.path

    def __exit__(self, *_error):
        if self.before is None:
            del os.environ["GOV_TRUST_MASTER_KEY_FILE"]
        else:
            os.environ["GOV_TRUST_MASTER_KEY_FILE"] = self.before
        self.folder.cleanup()

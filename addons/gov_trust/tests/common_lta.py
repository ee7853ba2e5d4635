"""What the tests of time-stamps and long-term proof share."""

import dataclasses
import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ..lib import acts, crl, keys, trust, tsp
from .common_acts import ActCase
from .common_keys import stamp_by, timestamper


def store_of(root_key, root, entries=(), **more):
    """A store that believes a root and knows its revocation list."""
    made = crl.make(keys.LoadedKey(root_key, root), 1, entries, **more)
    return dataclasses.replace(trust.Store.of([root]), crls=(made,))


def unavailable(_digest):
    """A time-stamp authority that does not answer."""
    raise tsp.TimestampUnavailable("the authority does not answer")


def issued(name, key, issuer=None, issuer_key=None, *, tsa=False, days=(-1, 365)):
    """DER of a certificate as other authorities make them; an authority's without one.

    :param issuer: DER of the authority's, None to sign itself
    :param days: begin and end of its validity, from now
    """
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above = x509.load_der_x509_certificate(issuer).subject if issuer else subject
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    begin, end = (now + datetime.timedelta(days=number) for number in days)
    authority = not tsa
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(
                not authority,
                *(False,) * 4,
                authority,
                authority,
                *(False,) * 2,
            ),
            critical=True,
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                (issuer_key or key).public_key()
            ),
            critical=False,
        )
    )
    if tsa:
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purposes, critical=True)
    made = builder.sign(issuer_key or key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


class LtaCase(ActCase):
    """Acts, an authority that stamps them, and a store with its revocation list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tsa_key = timestamper(cls.root_key, cls.root)
        cls.stamp = staticmethod(stamp_by(cls.tsa_key))
        cls.bare = trust.Store.of([cls.root])
        cls.store = store_of(cls.root_key, cls.root)
        cls.crl = cls.store.crls[0]

    def assertProven(self, pdf, closed, level):
        """Every checker holds it, and every signature of it has this level."""
        act = acts.check(pdf, self.store)
        self.assertEqual(act.closed, closed)
        self.assertEqual({one.level for one in act.signatures}, {level})
        self.assertActHolds(pdf, closed)
        return act

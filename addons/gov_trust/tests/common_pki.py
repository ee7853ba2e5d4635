"""Authorities of others, made for tests: any depth, any key, any mistake."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_keys = {}


def new_key(kind="p256", mark=""):
    """A private key: ``p256``, ``p384``, ``rsa1024``, ``rsa2048``, ``rsa3072``.

    Making RSA keys is slow: the same ``kind`` and ``mark`` give the same key again.
    """
    if (kind, mark) not in _keys or not mark:
        if kind.startswith("rsa"):
            made = rsa.generate_private_key(65537, int(kind[3:]))
        else:
            curve = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p224": ec.SECP224R1}
            made = ec.generate_private_key(curve[kind]())
        _keys[kind, mark] = made
    return _keys[kind, mark]


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def name(common, organisation="", identifier="", serial="", given="", email=""):
    parts = [
        (NameOID.COUNTRY_NAME, "MA"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATION_IDENTIFIER, identifier),
        (NameOID.GIVEN_NAME, given),
        (NameOID.SERIAL_NUMBER, serial),
        (NameOID.COMMON_NAME, common),
        (NameOID.EMAIL_ADDRESS, email),
    ]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


class Authority:
    """An authority; a root without ``parent``."""

    def __init__(
        self, common="Test root", parent=None, *, kind="p256", mark="", **options
    ):
        self.parent = parent
        self.key = new_key(kind, mark)
        self.certificate = self._made(
            name(common), self.key.public_key(), parent or self, True, **options
        )

    @property
    def der(self):
        return der(self.certificate)

    @property
    def pem(self):
        return pem(self.certificate)

    @property
    def chain(self):
        """Its own certificate and those above, the root last (DER)."""
        return [self.der, *(self.parent.chain if self.parent else ())]

    def issue(self, common="Signer", *, kind="p256", mark="", subject=None, **options):
        """A signer's certificate.

        :return: (certificate, private key)
        """
        key = options.pop("key", None) or new_key(kind, mark)
        made = self._made(
            subject or name(common, **options.pop("names", {})),
            key.public_key(),
            self,
            False,
            **options,
        )
        return made, key

    def crl(self, revoked=(), *, now=None, days=7, number=1, reason=None):
        """DER of a list; ``revoked``: (certificate, aware datetime) pairs."""
        now = now or datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now)
            .next_update(now + days * DAY)
            .add_extension(x509.CRLNumber(number), False)
        )
        for certificate, moment in revoked:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(certificate.serial_number)
                .revocation_date(moment)
            )
            if reason:
                entry = entry.add_extension(x509.CRLReason(reason), False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(
            serialization.Encoding.DER
        )

    def _made(
        self,
        subject,
        public_key,
        issuer,
        authority,
        *,
        begin=None,
        days=365,
        length=None,
        purposes=(DOCUMENTS,),
        critical=False,
        digest=None,
        crl_url="",
        extra=(),
        emails=(),
    ):
        begin = begin or datetime.datetime.now(datetime.UTC) - DAY
        issuer_name = subject if issuer is self and authority else None
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer_name or issuer.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + days * DAY)
            .add_extension(x509.BasicConstraints(authority, length), True)
            .add_extension(_usage(authority), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    issuer.key.public_key()
                ),
                False,
            )
        )
        if purposes and not authority:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical)
        if emails:
            names = x509.SubjectAlternativeName(map(x509.RFC822Name, emails))
            builder = builder.add_extension(names, False)
        if crl_url:
            place = x509.DistributionPoint(
                [x509.UniformResourceIdentifier(crl_url)], None, None, None
            )
            builder = builder.add_extension(x509.CRLDistributionPoints([place]), False)
        for value, is_critical in extra:
            builder = builder.add_extension(value, is_critical)
        return builder.sign(issuer.key, digest or hashes.SHA256())


def _usage(authority):
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


#: Purposes of a timestamp authority (critical).
STAMPS = {"purposes": (ExtendedKeyUsageOID.TIME_STAMPING,), "critical": True}

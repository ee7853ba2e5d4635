"""The parts of a CMS of another program: attributes, certificates, tokens, lists.

:mod:`.cms_any` asks; the same sources. Values are handed out in DER.
"""

import datetime
import hashlib
import hmac

from asn1crypto import cms as asn1, core, ocsp, tsp

#: Hashes that a certificate may be named by.
NAMING = ("sha1", "sha224", "sha256", "sha384", "sha512")
MAX_CERTIFICATES, MAX_TOKENS = 64, 16
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"
_ADOBE_REVOCATION = "1.2.840.113583.1.1.8"
_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"


class OtherBroken(ValueError):
    """The signature of another program does not hold; the text says what was found.

    :ivar code: unreadable, structure, attributes, certificate, algorithm, signature
    """

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class _Lists(core.SequenceOf):
    _child_spec = core.Any


class _Archival(core.Sequence):
    """RevocationInfoArchival, ISO 32000-2 §12.8.3.3.2."""

    _fields = [
        ("crl", _Lists, {"explicit": 0, "optional": True}),
        ("ocsp", _Lists, {"explicit": 1, "optional": True}),
        ("other", _Lists, {"explicit": 2, "optional": True}),
    ]


def void(value):
    return isinstance(value, core.Void)


def attributes(given):
    """Values of signed attributes by OID, in DER; sorted, and each of them once."""
    if void(given):
        return {}
    found, spelled = {}, []
    for attribute in given:
        oid = attribute["type"].dotted
        if oid in found:
            raise OtherBroken("attributes", "a signed attribute stands there twice")
        spelled.append(attribute.dump())
        found[oid] = [value.dump() for value in attribute["values"]]
    if spelled != sorted(spelled):
        raise OtherBroken("attributes", "the signed attributes are not in DER order")
    return found


def one_value(signed, oid, spec):
    values = signed.get(oid, ())
    if len(values) != 1:
        raise OtherBroken("attributes", "a signed attribute is missing or doubled")
    return spec.load(values[0], strict=True)


def signing_time(signed):
    if _SIGNING_TIME not in signed:
        return None
    moment = one_value(signed, _SIGNING_TIME, asn1.Time).native
    return moment.astimezone(datetime.UTC)


def certificates(given, info, signed):
    """(the signer's, the others, whether the signature itself names it)."""
    if void(given) or not len(given):
        raise OtherBroken("certificate", "the signature comes without a certificate")
    if len(given) > MAX_CERTIFICATES:
        raise OtherBroken("certificate", "the signature has too many certificates")
    known = [one.chosen for one in given if one.name == "certificate"]
    if any(one["signature_value"].contents[:1] != b"\0" for one in known):
        # Signatures are whole bytes; readers skip this count of unused bits.
        raise OtherBroken("certificate", "a certificate is not in DER form")
    mine = [one.dump() for one in known if _is_signer(info["sid"], one)]
    references = list(_references(signed))
    fitting = [
        der for der in mine if all(_refers(der, *reference) for reference in references)
    ]
    if not mine or len(set(fitting or mine)) > 1:
        raise OtherBroken("certificate", "the signer's certificate is not there")
    if not fitting:
        raise OtherBroken("certificate", "the signature names another certificate")
    everything = dict.fromkeys(one.dump() for one in known)
    return (
        fitting[0],
        tuple(der for der in everything if der != fitting[0]),
        bool(references) or None,
    )


def _is_signer(sid, certificate):
    if sid.name == "issuer_and_serial_number":
        chosen = sid.chosen
        return (
            chosen["serial_number"].native == certificate.serial_number
            and chosen["issuer"].dump() == certificate.issuer.dump()
        )
    return certificate.key_identifier == sid.chosen.native


def _references(signed):
    for oid, spec in (
        (_SIGNING_CERTIFICATE, tsp.SigningCertificate),
        (_SIGNING_CERTIFICATE_V2, tsp.SigningCertificateV2),
    ):
        if oid in signed:
            first = one_value(signed, oid, spec)["certs"][0]
            old = oid == _SIGNING_CERTIFICATE
            name = "sha1" if old else first["hash_algorithm"]["algorithm"].native
            yield first, name


def _refers(der, reference, hash_name):
    if hash_name not in NAMING:
        return False
    digest = hashlib.new(hash_name, der).digest()
    if not hmac.compare_digest(reference["cert_hash"].native, digest):
        return False
    place = reference["issuer_serial"]
    if void(place):
        return True
    certificate = asn1.Certificate.load(der)
    names = [one.chosen for one in place["issuer"] if one.name == "directory_name"]
    return place["serial_number"].native == certificate.serial_number and names == [
        certificate.issuer
    ]


def tokens(given):
    if void(given):
        return ()
    found = [
        value.dump()
        for attribute in given
        if attribute["type"].dotted == _TIME_STAMP
        for value in attribute["values"]
    ]
    if len(found) > MAX_TOKENS:
        raise OtherBroken("attributes", "the signature has too many time-stamps")
    return tuple(found)


def revocation(given, signed):
    crls, ocsps = [], []
    for one in () if void(given) else given:
        if one.name != "other":
            crls.append(one.chosen.dump())
        elif one.chosen["other_rev_info_format"].dotted == _OCSP_RESPONSE:
            ocsps.append(one.chosen["other_rev_info"].dump())
    if _ADOBE_REVOCATION in signed:
        archive = one_value(signed, _ADOBE_REVOCATION, _Archival)
        for key, into in (("crl", crls), ("ocsp", ocsps)):
            if not void(archive[key]):
                into += [one.dump() for one in archive[key]]
    for one in ocsps:
        ocsp.OCSPResponse.load(one, strict=True)
    return tuple(crls), tuple(ocsps)

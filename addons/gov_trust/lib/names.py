"""Names on certificates: of administrations (EN 319 412-3) and persons (EN 319 412-2)."""

import re
import stringprep
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

#: X.520 upper bound of names.
NAME_MAX = 64


@dataclass(frozen=True)
class Holder:
    """Whom a certificate names.

    :param name: the administration's name
    :param code: its official code (organizationIdentifier)
    :param country: ISO 3166 two letters, or empty
    :param title: what the certificate is for, put before the name
    :param person: name of the person it names, whose administration is ``name``
    :param mark: tells two persons of one name apart (serialNumber)
    :param warning: what the common name must say first, whatever the name
    """

    name: str
    code: str = ""
    country: str = ""
    title: str = ""
    person: str = ""
    mark: str = ""
    warning: str = ""


def subject(holder: Holder) -> x509.Name:
    """Distinguished name of a certificate for ``holder``."""
    name = _one_direction(holder.name) or _one_direction(holder.code)
    if holder.person:
        return _person(holder, name)
    titled = f"{holder.title} – {name}" if holder.title else name
    common = titled if _one_direction(titled) == titled else name
    if holder.warning:
        warned = f"{holder.warning} – {name}"
        common = warned if _one_direction(warned) == warned else holder.warning
    parts = [
        (NameOID.COUNTRY_NAME, holder.country.upper()),
        (NameOID.ORGANIZATION_NAME, _fit(name)),
        (NameOID.ORGANIZATION_IDENTIFIER, _fit(_one_direction(holder.code))),
        (NameOID.COMMON_NAME, _fit(common, wide=True)),
    ]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


def _person(holder: Holder, administration: str) -> x509.Name:
    # X.520 writes a serialNumber in PrintableString.
    mark = re.sub(r"[^A-Za-z0-9 ()+,./:=?-]", "", holder.mark) or "person"
    common = _one_direction(holder.person) or mark
    parts = [
        (NameOID.COUNTRY_NAME, holder.country.upper()),
        (NameOID.ORGANIZATION_NAME, _fit(administration)),
        (NameOID.SERIAL_NUMBER, mark[:NAME_MAX]),
        (NameOID.COMMON_NAME, _fit(common, wide=True)),
    ]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


def _one_direction(text: str) -> str:
    """Keep what RFC 4518 (by RFC 3454 §6) allows in a name that programs compare.

    A name with Arabic letters must begin and end with one and hold no Latin letter;
    validators refuse the whole certificate otherwise. Of a mixed name the script it
    begins with is kept.
    """
    # Letters younger than Unicode 3.2 (Tifinagh) are refused the same way.
    text = "".join(char for char in text if not stringprep.in_table_a1(char))
    text = " ".join(text.split())
    if not any(map(stringprep.in_table_d1, text)):
        return text
    strong = next(
        char
        for char in text
        if stringprep.in_table_d1(char) or stringprep.in_table_d2(char)
    )
    if stringprep.in_table_d2(strong):
        kept = "".join(char for char in text if not stringprep.in_table_d1(char))
        return " ".join(kept.split()).strip(" -–—/|,;:([")
    kept = "".join(char for char in text if not stringprep.in_table_d2(char))
    right = [place for place, char in enumerate(kept) if stringprep.in_table_d1(char)]
    return " ".join(kept[right[0] : right[-1] + 1].split())


def _fit(text: str, wide=False) -> str:
    """Cut at the bound of X.520, visibly where the direction of the text allows it.

    :param wide: count bytes, as cryptography does for common names
    """
    if len(text.encode() if wide else text) <= NAME_MAX:
        return text
    if wide:
        cut = text.encode()[: NAME_MAX - 3].decode(errors="ignore")
    else:
        cut = text[: NAME_MAX - 1]
    if any(map(stringprep.in_table_d1, cut)):
        return _one_direction(cut.rpartition(" ")[0] or cut)
    return cut.rstrip() + "…"

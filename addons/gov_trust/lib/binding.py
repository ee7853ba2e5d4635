"""Whether a certificate from outside is this person's (requirement A5).

What identifies goes first: an e-mail address (or UPN) on the certificate, then an
identifier (EN 319 412-1 §5.1.3), and the name only where neither speaks against it.
Letters that only look alike are different letters.
"""

import re
import unicodedata

from asn1crypto import core, x509

#: Microsoft's user principal name and RFC 9598's address with letters of any script.
UPN, SMTP_UTF8 = "1.3.6.1.4.1.311.20.2.3", "1.3.6.1.5.5.7.8.9"
#: Type and country before an identifier, as EN 319 412-1 §5.1.3 writes them.
_TYPED = re.compile(r"(PAS|IDC|PNO|TAX|TIN)[A-Z]{2}-(.+)", re.DOTALL)
#: Accents of names in Latin letters; a stroke through a letter is another letter.
_ACCENTS = frozenset(
    "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c"
    "\u0323\u0327\u0328\u0331"
)
#: Forms of one Arabic letter that people write without difference.
_ARABIC = str.maketrans("أإآٱىیکةۀہھؤئ", "اااايي" + "كههههوي")
_DASHES = re.compile(r"[\s\-\u2010\u2011\u2013_.,]+")
_QUOTES = str.maketrans("’‘ʼ`´", "'" * 5)
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn"}


class WrongPerson(ValueError):
    """The certificate is not this person's; ``named`` is whom it names."""

    def __init__(self, text, named=""):
        super().__init__(text)
        self.named = named


def check(certificate: bytes, *, name: str, emails, identifiers=()) -> str:
    """Check that a certificate is made out to a person.

    :param certificate: DER
    :param name: the person's name
    :param emails: login and addresses of the person
    :param identifiers: what else identifies him or her (number of an identity card…)
    :return: what it was recognised by: ``email``, ``identifier`` or ``name``
    :raise WrongPerson: it names somebody else, or nobody
    """
    told = read(certificate)
    named = told["names"][0] if told["names"] else ""
    if told["emails"] & {email(one) for one in emails if email(one)}:
        return "email"
    known = {identifier(one) for one in identifiers if identifier(one)}
    if known and known & told["identifiers"]:
        return "identifier"
    if told["emails"]:
        raise WrongPerson("it carries another e-mail address", named)
    if known and told["typed"]:
        raise WrongPerson("it carries another identity number", named)
    if any(hidden(one) for one in told["names"]):
        raise WrongPerson("the name on it holds characters nobody sees", named)
    wanted = normal(name)
    if wanted and wanted in {normal(one) for one in told["names"]}:
        return "name"
    raise WrongPerson("it carries another name", named)


def read(certificate: bytes) -> dict:
    """What identifies somebody on a certificate.

    :return: ``names`` (list, as written), ``emails``, ``identifiers`` (sets, normal
        forms), ``typed`` (whether an identifier says its type)
    :raise WrongPerson: its names cannot be read
    """
    try:
        found = x509.Certificate.load(certificate)
        subject = _subject(found)
        addresses = [*subject.get("email_address", ()), *_alternatives(found)]
    except (ValueError, TypeError, KeyError) as error:
        raise WrongPerson("its names cannot be read") from error
    numbers = subject.get("serial_number", [])
    return {
        "names": _names(subject),
        "emails": {email(one) for one in addresses if email(one)},
        "identifiers": {identifier(one) for one in numbers if identifier(one)},
        "typed": any(_TYPED.fullmatch(one) for one in numbers),
    }


def normal(name: str) -> str:
    """A name without case, accents and forms of Arabic letters."""
    folded = "".join(map(_presentation, str(name or ""))).casefold()
    split = unicodedata.normalize("NFD", folded.translate(_QUOTES))
    kept = "".join(char for char in split if not _dropped(char))
    # An alef that wore its hamza as a mark of its own is a plain alef by now.
    plain = unicodedata.normalize("NFC", kept).translate(_ARABIC)
    return _DASHES.sub(" ", plain).strip()


def email(text: str) -> str:
    """An address as it is compared: Latin capitals are small letters, nothing else."""
    kept = str(text or "")
    return "".join(char.lower() if char.isascii() else char for char in kept)


def identifier(text: str) -> str:
    """A number without its type, blanks and case."""
    kept = "".join(char for char in str(text or "") if char.isascii() and char != " ")
    if len(kept) != len(str(text or "").replace(" ", "")):
        return str(text)
    typed = _TYPED.fullmatch(kept.upper())
    return (typed[2] if typed else kept).upper()


def hidden(text: str) -> bool:
    """Whether a text holds characters that show nothing or turn the others round."""
    return any(unicodedata.category(char) in _HIDDEN for char in text)


def _presentation(char):
    # Only these have an older code of their own; 𝐀 and Ａ stay what they are.
    if "\ufb50" <= char <= "\ufdff" or "\ufe70" <= char <= "\ufefe":
        return unicodedata.normalize("NFKC", char)
    return char


def _dropped(char):
    # Vowel signs, the hamza and madda that NFD set free, and the long line.
    return char in _ACCENTS or "\u064b" <= char <= "\u0655" or char in "\u0640\u0670"


def _subject(certificate):
    found = {}
    for level in certificate.subject.chosen:
        for part in level:
            name = part["type"].native
            value = part["value"].native
            if isinstance(value, str):
                found.setdefault(name, []).append(value)
    return found


def _names(subject):
    names = list(subject.get("common_name", ()))
    given, family = subject.get("given_name", ()), subject.get("surname", ())
    if len(given) == len(family) == 1:
        names += [f"{given[0]} {family[0]}", f"{family[0]} {given[0]}"]
    return names


def _alternatives(certificate):
    """Addresses of the subjectAltName (RFC 5280 §4.2.1.6)."""
    for one in certificate.subject_alt_name_value or ():
        if one.name == "rfc822_name":
            yield one.native
        elif one.name == "other_name" and one.chosen["type_id"].dotted in (
            UPN,
            SMTP_UTF8,
        ):
            value = one.chosen["value"]
            parsed = value.parsed if hasattr(value, "parsed") else value
            if isinstance(parsed, core.AbstractString):
                yield parsed.native

"""A short secret (a password) at rest, under the master key with AES-256-GCM."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .canonical import canonical
from .master import MasterKey, MasterKeyWrong

NONCE_BYTES = 12


def seal(master: MasterKey, place: str, text: str) -> dict:
    """Encrypt ``text``; it opens again only for the same place.

    :param place: what it belongs to, for example ``gov.tsa 7``
    :return: dict with ``ciphertext`` (Base64), ``nonce`` (hexadecimal) and
        ``master_fingerprint``
    """
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(master, place).encrypt(nonce, text.encode(), _bound(place))
    return {
        "ciphertext": base64.b64encode(sealed).decode(),
        "nonce": nonce.hex(),
        "master_fingerprint": master.fingerprint,
    }


def unseal(master: MasterKey, place: str, stored: dict) -> str:
    """Decrypt what :func:`seal` returned.

    :param master: key in use, with the ring that may open what is older
    :raise MasterKeyWrong: no key of the ring sealed it, or it was altered at rest
    """
    member = master.member(stored["master_fingerprint"])
    try:
        plain = _cipher(member, place).decrypt(
            bytes.fromhex(stored["nonce"]),
            base64.b64decode(stored["ciphertext"]),
            _bound(place),
        )
    except InvalidTag as error:
        raise MasterKeyWrong("The password was altered in the database.") from error
    return plain.decode()


def _cipher(master, place):
    return AESGCM(master.derive(f"secret text {place}"))


def _bound(place):
    return canonical({"place": place, "v": 1})

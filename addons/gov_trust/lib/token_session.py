"""Sessions with the tokens of the server (PKCS#11), for :mod:`.token`.

Libraries are named in the server's configuration alone: loading one runs its code. One
session a token and process, behind one lock a library; a session that was lost is opened
again once. A PIN the token refused is not tried a second time: three refusals lock most
tokens for good.
"""

import configparser
import contextlib
import functools
import hashlib
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from . import keys

SECTION, PREFIX, ENVIRONMENT = "gov_trust", "pkcs11_", "GOV_TRUST_PKCS11_"
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_sources: list[Callable[[], str | None]] = []
_locks: dict[str, threading.RLock] = {}
_locks_guard = threading.Lock()
#: By path of the library and label of the token: (PIN digest, session).
_sessions: dict[tuple, tuple] = {}
#: Path, label and PIN digest of what was refused in this process.
_refused: set[tuple] = set()
#: Libraries to be started again: after a fork, or after a token went.
_stale: set[str] = set()


class TokenError(keys.KeyUnavailable):
    """A token cannot be used now.

    :ivar code: no_library, bad_library, no_token, pin_wrong, pin_locked, no_key,
        several_keys, unfit, read_only, lost
    """

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Place:
    """Where a key lies.

    :param library: name in the configuration
    :param token: label of the token
    :param label: label of the key, or empty
    :param ident: id of the key in hexadecimal, or empty
    """

    library: str
    token: str
    label: str = ""
    ident: str = ""


def configure(path: Callable[[], str | None]) -> None:
    """Say where the server's configuration file is."""
    _sources[:] = [path]


def libraries() -> dict[str, str]:
    """Libraries of this server: name → path.

    From the environment (``GOV_TRUST_PKCS11_<NAME>``) and the section ``[gov_trust]`` of
    odoo.conf (``pkcs11_<name> = <path>``); the environment goes first.
    """
    named = {}
    for source in _sources:
        named.update(in_configuration(source()))
    for option, path in os.environ.items():
        if option.startswith(ENVIRONMENT) and path:
            named[option[len(ENVIRONMENT) :].lower()] = path
    return {name: path for name, path in named.items() if _NAME.fullmatch(name)}


def in_configuration(path) -> dict[str, str]:
    """Libraries named in the section ``[gov_trust]`` of a configuration file."""
    try:
        changed = os.stat(path or "").st_mtime_ns
    except OSError:
        return {}
    return dict(_section(str(path), changed))


@functools.lru_cache(maxsize=4)
def _section(path, _changed):
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, ValueError):
        return ()
    if not parser.has_section(SECTION):
        return ()
    return tuple(
        (option[len(PREFIX) :], value.strip())
        for option, value in parser.items(SECTION)
        if option.startswith(PREFIX) and value.strip()
    )


def is_open(place: Place, pin: str) -> bool:
    """Whether this process is logged in to the token with this PIN."""
    with lock(place):
        return _sessions.get(_key_of(place), ("",))[0] == _digest(pin)


def run(place, pin, act):
    """Act in the session of a token; once more when the session was lost."""
    with lock(place):
        try:
            return _acted(place, pin, act)
        except TokenError as error:
            if error.code not in ("lost", "no_key"):
                raise
            # A token that was pulled out and put back is seen after a new start.
            forget(place)
            _stale.add(path_of(place))
            return _acted(place, pin, act)


def _acted(place, pin, act):
    mark = _digest(pin)
    known, session = _sessions.get(_key_of(place), (None, None))
    try:
        if session is None or known != mark:
            forget(place)
            session = open_session(place, pin)
            _sessions[_key_of(place)] = (mark, session)
        return act(session, place)
    except TokenError:
        raise
    except Exception as error:
        forget(place)
        raise explain(error) from error


def open_session(place, pin, writing=False):
    mark = (*_key_of(place), _digest(pin))
    if mark in _refused:
        raise TokenError("pin_wrong", "the token refused this PIN before")
    pkcs11 = module()
    token = _token(pkcs11, _library(pkcs11, place), place)
    final = pkcs11.TokenFlag.USER_PIN_FINAL_TRY | pkcs11.TokenFlag.USER_PIN_LOCKED
    if token.flags & final:
        raise TokenError("pin_locked", "one more wrong PIN locks the token, or did")
    try:
        return token.open(rw=writing, user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
        _refused.add(mark)
        raise TokenError("pin_wrong", "the token refuses the PIN") from error


def forget(place, typed=None):
    """Close the session of a token; a PIN that is typed again may be tried again."""
    if typed is not None:
        _refused.discard((*_key_of(place), _digest(typed)))
    _mark, session = _sessions.pop(_key_of(place), (None, None))
    if session is not None:
        # The session of a token that was pulled out cannot be closed.
        with contextlib.suppress(module().PKCS11Error):
            session.close()


def path_of(place):
    path = libraries().get(place.library)
    if not path:
        raise TokenError("no_library", f"no library {place.library} is configured")
    return path


def _library(pkcs11, place):
    path = path_of(place)
    try:
        library = pkcs11.lib(path)
        if path in _stale:
            _again(pkcs11, library, path)
    except pkcs11.PKCS11Error as error:
        raise TokenError(
            "bad_library", f"the library does not load: {error}"
        ) from error
    return library


def _again(pkcs11, library, path):
    """Start a library again: tokens that came or went are seen only then."""
    for known in [known for known in _sessions if known[0] == path]:
        del _sessions[known]
    # After a fork there is nothing to end in this process.
    with contextlib.suppress(pkcs11.PKCS11Error):
        library.finalize()
    library.initialize()
    _stale.discard(path)


def _token(pkcs11, library, place):
    found = [one for one in library.get_tokens() if one.label == place.token]
    if not found:
        # A token that came after the library was started is seen after a new start.
        _again(pkcs11, library, path_of(place))
        found = [one for one in library.get_tokens() if one.label == place.token]
    if len(found) != 1:
        count = "no token" if not found else "several tokens"
        raise TokenError("no_token", f"{count} with the label {place.token}")
    return found[0]


def lock(place):
    with _locks_guard:
        return _locks.setdefault(path_of(place), threading.RLock())


def _key_of(place):
    return path_of(place), place.token


def _digest(pin):
    return hashlib.sha256(pin.encode(errors="surrogatepass")).hexdigest()


def _after_fork():
    _stale.update(path for path, _label in _sessions)
    _sessions.clear()
    _locks.clear()


os.register_at_fork(after_in_child=_after_fork)


def module():
    try:
        import pkcs11
    except ImportError as error:
        raise TokenError(
            "bad_library", "the Python package python-pkcs11 is not installed"
        ) from error
    return pkcs11


def explain(error):
    pkcs11 = module()
    if isinstance(error, pkcs11.PinLocked):
        return TokenError("pin_locked", "the token is locked")
    unfit = (
        pkcs11.MechanismInvalid,
        pkcs11.KeyTypeInconsistent,
        pkcs11.FunctionNotSupported,
    )
    if isinstance(error, unfit):
        return TokenError("unfit", f"the key of the token does not sign so: {error!r}")
    if isinstance(error, pkcs11.TokenWriteProtected | pkcs11.SessionReadOnly):
        return TokenError("read_only", "nothing can be written in the token")
    if isinstance(error, pkcs11.PKCS11Error):
        return TokenError("lost", f"the token does not answer: {error!r}")
    raise error

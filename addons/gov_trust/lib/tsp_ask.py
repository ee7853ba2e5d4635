"""Ask one timestamp authority, and believe its answer only when all of it holds."""

import datetime
from dataclasses import dataclass, field

from . import tsa, tsp, tsp_http

REMOTE, OWN = "remote", "own"
#: A clock that is further off (seconds) gives timestamps that no check here accepts:
#: five minutes are forgiven everywhere (:data:`lib.held.CLOCKS`), and time passes.
MAX_DRIFT = 240


class AskFailed(Exception):
    """An authority gave nothing usable; ``code`` for programs, the text for people.

    :ivar drift: seconds its clock is ahead, when that is what is wrong
    """

    def __init__(self, code, text, drift=None):
        super().__init__(text)
        self.code, self.drift = code, drift


@dataclass(frozen=True)
class Authority:
    """What is needed to ask an authority, read once for many timestamps.

    :param policies: OIDs that are accepted; empty accepts any
    :param seconds: deadline of a whole exchange
    :param per_minute: most requests in a minute
    :param key: :class:`lib.keys.LoadedKey` of the own authority
    :param trouble: why it cannot even be asked
    """

    id: int
    name: str
    kind: str = REMOTE
    url: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    policies: tuple[str, ...] = ()
    seconds: float = 5
    per_minute: int = 0
    key: object = field(default=None, repr=False)
    trouble: str = ""


@dataclass(frozen=True)
class Answer:
    """A timestamp that holds.

    :ivar response: DER of the TimeStampResp as it came
    :ivar drift: seconds by which the authority's clock is ahead of ours
    """

    token: tsp.Token
    response: bytes = field(repr=False)
    drift: float = 0.0


def ask(authority: Authority, digest: bytes, store) -> Answer:
    """Ask for a timestamp of a SHA-256 digest and check everything in the answer.

    :param store: :class:`lib.trust.Store` that says which authorities are believed
    :raise AskFailed: no answer, or one that lies
    """
    if authority.trouble:
        raise AskFailed("unusable", authority.trouble)
    asked = tsp.request(
        digest, policy=authority.policies[0] if len(authority.policies) == 1 else ""
    )
    before = _now()
    try:
        response = _response(authority, asked)
        after = _now()
        token = tsp.read_response(response, asked, authority.policies)
        tsp.check_token(token, store, after)
    except tsp_http.HttpFailed as error:
        raise AskFailed(error.code, str(error)) from error
    except tsp.TimestampBroken as error:
        raise AskFailed(error.code, str(error)) from error
    drift = _drift(token, before, after)
    if abs(drift) > MAX_DRIFT:
        raise AskFailed(
            "wrong_time",
            f"its clock and the clock of this server differ by {abs(drift):.0f} s",
            drift,
        )
    return Answer(token, response, drift)


def _response(authority, asked):
    if authority.kind == OWN:
        return tsa.respond(asked.der, authority.key)
    return tsp_http.post(
        authority.url,
        asked.der,
        tsa.QUERY_TYPE,
        seconds=authority.seconds,
        login=authority.login,
        password=authority.password,
    )


def _drift(token, before, after) -> float:
    """How far its clock lies outside the time the exchange took (0 inside)."""
    # Clocks of authorities often tell whole seconds, cut off.
    earliest = before - token.accuracy - datetime.timedelta(seconds=1)
    latest = after + token.accuracy
    if token.gen_time < earliest:
        return (token.gen_time - earliest).total_seconds()
    if token.gen_time > latest:
        return (token.gen_time - latest).total_seconds()
    return 0.0


def _now():
    return datetime.datetime.now(datetime.UTC)

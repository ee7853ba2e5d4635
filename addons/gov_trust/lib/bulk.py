"""Many documents signed with one key: loaded once, time-stamps asked for side by side.

Each document is its own act: one signature, one time-stamp, one strict check of the file
made, one result. While one waits for the authority, others are prepared, signed and
checked. Documents are taken as they are needed and given back in their order, so that a
thousand need no more memory than a few.
"""

import concurrent.futures
import datetime
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from . import acts, tsp

#: Documents at work at once; what takes time is the answer of the authority.
WORKERS = 8
#: Tokens of one authority differ by a few bytes: serial number, time, accuracy.
_MARGIN = 512


@dataclass(frozen=True)
class Job:
    """One document to sign.

    :param mark: whatever the caller wants back with the result
    :param pdf: the file, or a callable that gives it when its turn comes (called in
        another thread: it must not use the caller's database cursor)
    :param field: name of the field to fill
    :param fields: :class:`~.acts.Field` objects to prepare first; empty when the file
        is prepared already
    :param appearance: one-page PDF drawn in the box, or None
    :param now: aware datetime of the claimed time, None for now
    :param policy: :class:`.cms.Policy` that the signature follows, or None
    """

    mark: object
    pdf: bytes | Callable[[], bytes] = field(repr=False)
    field: str
    fields: tuple = ()
    appearance: bytes | None = field(default=None, repr=False)
    reason: str | None = None
    name: str | None = None
    location: str | None = None
    now: datetime.datetime | None = None
    policy: object = None


@dataclass(frozen=True)
class Result:
    """What became of one document.

    :param pdf: the whole signed file, None when it was not signed
    :param level: ``B-T``, or ``B-B`` when no authority gave a time-stamp
    :param found: what the strict check says of this signature (:class:`.held.Found`)
    :param why: the reason it was not signed
    :param pending: the reason it has no time-stamp yet
    """

    mark: object
    pdf: bytes | None = field(default=None, repr=False)
    level: str | None = None
    why: str | None = None
    pending: str | None = None
    found: object = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """Whether the file is signed and holds."""
        return self.pdf is not None


def sign_many(jobs, key, stamp, store, *, workers=WORKERS):
    """Sign documents; yield one :class:`Result` for each, in their order.

    What goes wrong with one is in its result and stops no other. A file that does not
    hold the strict check is never given back.

    :param jobs: iterable of :class:`Job`, read as it goes
    :param key: loaded key; used by several threads at once
    :param stamp: callable(SHA-256 digest) → DER of a token, used by several threads at
        once; None to sign without time-stamps
    :param store: :class:`~.trust.Store` or list of DER roots, for the check
    :param workers: documents at work at once, at least 1
    """
    waiting, jobs = deque(), iter(jobs)
    stamp = stamp and _Stamp(stamp)
    pool = concurrent.futures.ThreadPoolExecutor(workers, "bulk-signature")
    try:
        while True:
            for job in itertools.islice(jobs, 2 * workers - len(waiting)):
                waiting.append(pool.submit(_sign, job, key, stamp, store))
            if not waiting:
                return
            yield waiting.popleft().result()
    finally:
        # The caller may stop early: what has not begun is left.
        pool.shutdown(cancel_futures=True)


class _Stamp:
    """A stamp that remembers how large the tokens of its authority are.

    Less room is left for the next ones, which makes files smaller and quicker to check;
    a token that needs more than that makes its signature start again.
    """

    def __init__(self, stamp):
        self._stamp, self.room = stamp, None

    def __call__(self, digest):
        token = self._stamp(digest)
        self.room = max(self.room or 0, len(token) + _MARGIN)
        return token


def _sign(job, key, stamp, store):
    try:
        pdf = job.pdf() if callable(job.pdf) else job.pdf
        if job.fields:
            pdf = acts.prepare(pdf, job.fields)
        signed, pending = _stamped(job, pdf, key, stamp)
        act = acts.check(signed, store)
        (found,) = (one for one in act.signatures if one.field == job.field)
        return Result(job.mark, signed, found.level, pending=pending, found=found)
    except Exception as error:  # noqa: BLE001 – told in the result; the others go on
        return Result(job.mark, why=str(error) or type(error).__name__)


def _stamped(job, pdf, key, stamp):
    """Sign with a time-stamp, without one when no authority gives it."""
    more = {
        "appearance": job.appearance,
        "reason": job.reason,
        "name": job.name,
        "location": job.location,
        "policy": job.policy,
        "now": job.now,
    }
    if stamp is None:
        return acts.sign(pdf, job.field, key, **more), None
    try:
        return acts.sign(pdf, job.field, key, stamp=stamp, **more), None
    except tsp.TimestampUnavailable as error:
        return acts.sign(pdf, job.field, key, **more), str(error)

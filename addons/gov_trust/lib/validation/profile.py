"""What claims to be ours must be in our own form: one form of CMS, one of revisions."""

from .verdict import reason


def check(pdf: bytes, store, now) -> list[dict]:
    """Reasons why a file with a signature of ours is not one of our files.

    A file of one signature may be a sealed document (:mod:`..pades`), any other is an
    act (:mod:`..acts`).
    """
    from .. import acts, acts_check, pades

    try:
        act = acts.check(pdf, store, now)
    except acts_check.ActUntrusted:
        # The other judges tell it: that cannot be established, which is not forged.
        return []
    except acts.ActBroken as broken:
        why = str(broken)
    else:
        return [] if act.closed else [reason("not_closed")]
    try:
        pades.check(pdf, store, now)
    except (pades.SealBroken, pades.NotSealed) as broken:
        # The more telling of the two: an act that is no act is a sealed file.
        return [reason("profile", why=f"{why}; {broken}"[:300])]
    return []

"""Objects of two revisions compared: written the same, appended to, or grown.

What :mod:`.acts_diff` asks of single objects, of the catalog and of the document security
store (:mod:`.dss`).
"""

import functools
import io
from itertools import pairwise

from . import dss


class Changed(ValueError):
    """A revision changed more than it may; the text says what."""


def appended(new, was, now, added):
    """Whether an array is what it was, then added fields (or the same reference).

    :param added: references of the fields, each of them once
    """
    from pyhanko.pdf_utils import generic

    if isinstance(now, generic.IndirectObject):
        if isinstance(was, generic.IndirectObject):
            # The array itself is looked at under its own reference.
            return was == now
        # One that was there before may hold what nobody has seen yet.
        now = new(now.reference)
    if not isinstance(now, generic.ArrayObject) or len(now) <= len(was):
        return False
    more = [now.raw_get(at) for at in range(len(was), len(now))]
    return (
        all(same(was.raw_get(at), now.raw_get(at)) for at in range(len(was)))
        and all(
            isinstance(one, generic.IndirectObject) and one.reference in added
            for one in more
        )
        and len({one.reference for one in more}) == len(more)
    )


def flagged(was, now, key):
    """Keys of a form or a page that may change with ``key``.

    A form may start to say that it is signed (ISO 32000-2 §12.7.3, bits 1 and 2).
    """
    signs = key == "/Fields" and "/SigFlags" in now and now["/SigFlags"] == 3
    if signs and was.get("/SigFlags", 0) in (0, 1, 2):
        return {key, "/SigFlags"}
    return {key}


def only(was, now, keys):
    """Whether two dictionaries differ at most in ``keys`` and lose nothing."""
    from pyhanko.pdf_utils import generic

    return (
        type(was) is type(now)
        and isinstance(now, generic.DictionaryObject)
        and not isinstance(now, generic.StreamObject)
        and not was.keys() - now.keys()
        and not now.keys() - was.keys() - keys
        and all(same(was.raw_get(key), now.raw_get(key)) for key in was.keys() - keys)
    )


def same(was, now):
    """Whether two objects are written the same, references not followed."""
    from pyhanko.pdf_utils import generic

    def spelled(value):
        out = io.BytesIO()
        value.write_to_stream(out, None)
        return out.getvalue()

    if isinstance(was, generic.StreamObject) or isinstance(now, generic.StreamObject):
        return (
            isinstance(was, generic.StreamObject)
            and isinstance(now, generic.StreamObject)
            and was.encoded_data == now.encoded_data
            and dict.__eq__(was, now)
        )
    return type(was) is type(now) and spelled(was) == spelled(now)


def store_parts(reader, before, after):
    """Return the parts of the store that may grow, as references to their objects.

    Revision by revision: what one added, the next one may not replace.

    :raise Changed: the store lost something, or holds what is not its own
    """
    numbers = range(before, after + 1)
    resolvers = [reader.get_historical_resolver(number) for number in numbers]
    shapes = [dss.shape(resolver) for resolver in resolvers]
    for (older, newer), resolver in zip(pairwise(shapes), resolvers, strict=False):
        if not newer.grew_from(older):
            raise Changed("a revision took something out of the store")
        for ref in newer.streams() - older.streams():
            if not resolver.is_ref_unassignable(ref):
                raise Changed("the store names what was there for something else")
    if shapes[0].entries == shapes[-1].entries:
        if shapes[0].containers != shapes[-1].containers:
            raise Changed("a revision added a store that holds nothing new")
        return frozenset()
    dss.read(resolvers[-1])
    both = shapes[0].containers & shapes[-1].containers
    for resolver in (resolvers[0], resolvers[-1]) if both else ():
        resolver._load_reverse_xref_cache()
        for ref in both:
            # The same array could also be, say, what a page shows.
            if any(
                tuple(path)[:2] != ("/Root", "/DSS")
                for path in resolver._get_usages_of_ref(ref)
            ):
                raise Changed("a part of the store is also a part of something else")
    return both


def check_unsigned(reader, before, after, written, about=frozenset()):
    """What nobody signed yet holds entries of the store, and no more than these.

    :param about: references of what tells about the file (:mod:`.acts_about`)
    """
    xrefs = reader.xrefs
    for number in range(before + 1, after + 1):
        older, newer = (
            dss.shape(reader.get_historical_resolver(one))
            for one in (number - 1, number)
        )
        if newer.entries == older.entries:
            raise Changed("the file has a revision that nobody signed")
    last = reader.get_historical_resolver(after)
    found = dss.shape(last)
    known = {last.root_ref, *about, *found.containers, *last.object_streams_used()}
    known |= found.streams()
    known |= {
        xrefs.get_xref_container_info(number).stream_ref
        for number in range(before + 1, after + 1)
    }
    if written - known:
        raise Changed("the file has a revision that nobody signed")


def catalog_holds(new, was, now, added, about=frozenset()):
    """Whether the catalog only names the store, extensions and an added field.

    :param about: keys that only tell about the file (:mod:`.acts_about`)
    """
    from pyhanko.pdf_utils import generic

    if not only(was, now, {"/DSS", "/Extensions", "/AcroForm", *about}):
        return False
    if "/Extensions" in now and not _extended(was, now):
        return False
    forms = [
        one.raw_get("/AcroForm") if "/AcroForm" in one else None for one in (was, now)
    ]
    if forms[0] is None or forms[1] is None:
        return forms[0] is forms[1]
    if same(*forms):
        return True
    return (
        added
        and not isinstance(forms[1], generic.IndirectObject)
        and only(*forms, flagged(*forms, "/Fields"))
        and appended(
            new, forms[0].raw_get("/Fields"), forms[1].raw_get("/Fields"), added
        )
    )


def _extended(was, now):
    """Whether the extensions are what they were, but for those of the store."""
    from pyhanko.pdf_utils import generic

    after = now.raw_get("/Extensions")
    before = was.raw_get("/Extensions") if "/Extensions" in was else None
    if before is not None and same(before, after):
        return True
    if not isinstance(after, generic.DictionaryObject):
        return False
    if before is None:
        before = generic.DictionaryObject()
    known = {"/ESIC", "/ADBE", "/ISO_"}
    return only(before, after, known) and all(
        _names_extension(after.raw_get(key)) for key in known & set(after)
    )


def _names_extension(value):
    """One developer extension or several (ISO 32000-2 §7.12): plain words alone."""
    from pyhanko.pdf_utils import generic

    several = [value]
    if isinstance(value, generic.ArrayObject):
        several = [value.raw_get(at) for at in range(len(value))]
    return all(
        isinstance(one, generic.DictionaryObject)
        and not any(
            isinstance(
                part,
                (
                    generic.IndirectObject,
                    generic.DictionaryObject,
                    generic.ArrayObject,
                ),
            )
            for part in (one.raw_get(key) for key in one)
        )
        for one in several
    )


@functools.lru_cache(maxsize=1)
def strict_policy():
    """Rules of pyHanko without the one that lets the value of any field change."""
    from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
    from pyhanko.sign.diff_analysis.policies import (
        DEFAULT_DIFF_POLICY,
        StandardDiffPolicy,
    )
    from pyhanko.sign.diff_analysis.rules.form_field_rules import (
        SigFieldCreationRule,
        SigFieldModificationRule,
    )

    rules = [SigFieldCreationRule(), SigFieldModificationRule()]
    return StandardDiffPolicy(
        global_rules=list(DEFAULT_DIFF_POLICY.global_rules),
        form_rule=FormUpdatingRule(field_rules=rules),
    )

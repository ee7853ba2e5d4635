"""The document security store: what proves the signatures of a PDF later on.

Certificates, revocation lists and OCSP answers, each a stream of its own, named by the
``/DSS`` of the catalog (EN 319 142-1 §5.4.2, ISO 32000-2 §12.8.4.3). A store only grows:
arrays are appended to, streams are never written again. The optional ``/VRI`` is read,
never written: it says nothing that the lists do not say.
"""

import re
from dataclasses import dataclass, field

LISTS = ("/Certs", "/CRLs", "/OCSPs")
_KEYS = {"/Type", "/VRI", *LISTS}
_VRI_LISTS = ("/Cert", "/CRL", "/OCSP")
_VRI_KEYS = {"/Type", "/TU", "/TS", *_VRI_LISTS}
_VRI_NAME = re.compile(r"/[0-9A-Fa-f]{40}")
#: Entries of one store; more is not read.
MOST = 2000


class StoreBroken(ValueError):
    """The store of the file is not one; the text says what was found."""


@dataclass(frozen=True)
class Kept:
    """What a store holds, DER; each once."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Shape:
    """How a store is written.

    :param entries: list of a path → references of the streams, in order
    :param containers: references of the dictionaries and arrays it is made of
    """

    entries: dict = field(default_factory=dict)
    containers: frozenset = frozenset()

    def streams(self) -> set:
        """References of everything that the store names."""
        return {
            ref
            for path, refs in self.entries.items()
            if path[-1] != "/TU"
            for ref in refs
        }

    def grew_from(self, old: "Shape") -> bool:
        """Whether everything that was there is there still, lists only appended."""
        return all(
            self.entries.get(path, [])[: len(refs)] == refs
            if path[0] in LISTS
            else set(refs) <= set(self.entries.get(path, []))
            for path, refs in old.entries.items()
        )


def shape(handler) -> Shape:
    """Return how the store of a file is written.

    :param handler: pyHanko's reader, writer or historical resolver
    :raise StoreBroken: it holds something a store does not have
    """
    walk = _Walk()
    if "/DSS" not in handler.root:
        return Shape()
    store = walk.dictionary(handler.root.raw_get("/DSS"), _KEYS)
    for key in LISTS:
        if key in store:
            walk.streams((key,), store.raw_get(key))
    if "/VRI" in store:
        named = walk.dictionary(store.raw_get("/VRI"), None)
        for name in named:
            if name == "/Type":
                continue
            if not _VRI_NAME.fullmatch(name):
                raise StoreBroken("the store of the file names no signature")
            walk.one(name, named.raw_get(name))
    return Shape(walk.entries, frozenset(walk.containers))


class _Walk:
    """One walk through a store; every container is met once."""

    def __init__(self):
        self.entries, self.containers, self.count = {}, set(), 0

    def one(self, name, raw):
        """What is said of one signature (/VRI)."""
        told = self.dictionary(raw, _VRI_KEYS)
        for key in _VRI_LISTS:
            if key in told:
                self.streams(("/VRI", name, key), told.raw_get(key))
        if "/TS" in told:
            self.entries["/VRI", name, "/TS"] = [self._stream(told.raw_get("/TS"))]
        if "/TU" in told:
            self.entries["/VRI", name, "/TU"] = [str(told["/TU"])]

    def dictionary(self, raw, keys):
        from pyhanko.pdf_utils import generic

        found = self._open(raw)
        if (
            not isinstance(found, generic.DictionaryObject)
            or isinstance(found, generic.StreamObject)
            or (keys is not None and set(found) - keys)
            or not isinstance(found.get("/Type", generic.NameObject("/")), str)
        ):
            raise StoreBroken("the store of the file holds something else")
        return found

    def streams(self, path, raw):
        from pyhanko.pdf_utils import generic

        found = self._open(raw)
        if not isinstance(found, generic.ArrayObject):
            raise StoreBroken("a list of the store is not a list")
        if found:
            self.entries[path] = [
                self._stream(found.raw_get(at)) for at in range(len(found))
            ]

    def _open(self, raw):
        from pyhanko.pdf_utils import generic

        if not isinstance(raw, generic.IndirectObject):
            return raw
        if raw.reference in self.containers:
            raise StoreBroken("the store of the file holds one part twice")
        self.containers.add(raw.reference)
        return raw.get_object()

    def _stream(self, raw):
        from pyhanko.pdf_utils import generic

        self.count += 1
        if self.count > MOST:
            raise StoreBroken("the store of the file is too large")
        if not isinstance(raw, generic.IndirectObject) or not isinstance(
            raw.get_object(), generic.StreamObject
        ):
            raise StoreBroken("a list of the store names something else than data")
        return raw.reference


def read(handler) -> Kept:
    """Return what the store of a file holds; nothing when there is none.

    :raise StoreBroken: the store is not one
    """
    found = shape(handler)
    lists, purposes = [], _purposes()
    for key in LISTS:
        data = {}
        for ref in found.entries.get((key,), ()):
            der = ref.get_object().read_data(purposes[key])
            if not _is_sequence(der):
                raise StoreBroken("an entry of the store is not what it must be")
            data.setdefault(der)
        lists.append(tuple(data))
    return Kept(*lists)


def _is_sequence(der):
    """Whether these bytes are one DER SEQUENCE and nothing more."""
    if len(der) < 4 or der[0] != 0x30:
        return False
    size, wide = der[1], 0
    if size & 0x80:
        wide = size & 0x7F
        if not 1 <= wide <= 4:
            return False
        size = int.from_bytes(der[2 : 2 + wide], "big")
    return len(der) == 2 + wide + size


def _purposes():
    """Each kind of stream has its own limit when it is decompressed."""
    from pyhanko.pdf_utils.decode_limits import DecodePurpose

    return {
        "/Certs": DecodePurpose.CERTIFICATE,
        "/CRLs": DecodePurpose.CRL,
        "/OCSPs": DecodePurpose.OCSP_RESPONSE,
    }


def add(writer, certificates=(), crls=(), ocsps=()) -> bool:
    """Add to the store what it does not hold; return whether that was anything.

    :param writer: pyHanko's incremental writer
    :param certificates: DER; so are ``crls`` and ``ocsps``
    :raise StoreBroken: the store that is there is not one
    """
    from pyhanko.pdf_utils import generic

    kept = read(writer)
    new = [
        [der for der in dict.fromkeys(given) if der not in there]
        for given, there in (
            (certificates, kept.certificates),
            (crls, kept.crls),
            (ocsps, kept.ocsps),
        )
    ]
    if not any(new):
        return False
    root = writer.root
    if "/DSS" in root:
        store = root["/DSS"]
    else:
        store = generic.DictionaryObject()
        root["/DSS"] = writer.add_object(store)
        writer.update_root()
    for key, ders in zip(LISTS, new, strict=True):
        if not ders:
            continue
        refs = [
            writer.add_object(generic.StreamObject(stream_data=der)) for der in ders
        ]
        if key in store:
            array = store[key]
            array.extend(refs)
            writer.update_container(array)
        else:
            store[key] = generic.ArrayObject(refs)
            writer.update_container(store)
    return True

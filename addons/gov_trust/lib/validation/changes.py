"""What one revision changed, object by object, and whether it was allowed to.

After a signature a revision may fill signature fields, add some, add what proves
signatures (DSS) and note dates; nothing else. Every object it writes again is compared
with what it was.
"""

from . import compare, tables, xmp
from .compare import (
    delta,
    is_stream,
    items,
    raw_of,
    reference_of,
    same,
    spelled,
)
from .roles import Roles
from .structure import entry


class Step:
    """The changes from the revision before ``number`` to ``number``.

    :param signed: signatures of :mod:`.structure` that this revision made
    """

    def __init__(self, reader, number, signed):
        self.old = reader.get_historical_resolver(number - 1)
        self.new = reader.get_historical_resolver(number)
        self.signed = signed
        self.found = []
        self.added = []
        self._roles = self._new_roles = None
        self._number, self._xrefs = number, (xrefs := reader.xrefs)
        self.written = xrefs.explicit_refs_in_revision(number)
        self.freed = xrefs.refs_freed_in_revision(number)

    def changes(self) -> list[dict]:
        """Every change, as ``{"code", "page", "params", "allowed"}``."""
        for one in self.signed:
            code = "timestamp_added" if one.stamp else "signature_added"
            self._tell(code, self._page_of(one), field=one.name)
        self._roots()
        self._hollow()
        for ref in self.freed:
            if self._existed(ref):
                role, page, _name = self.roles.get(ref)
                if role != "object":
                    self._tell("object_removed", page)
        for ref in sorted(self.written, key=lambda ref: ref.idnum):
            if self._existed(ref):
                self._object(ref)
        return self._unique()

    def _existed(self, ref):
        return self._xrefs.get_historical_ref(ref, self._number - 1) is not None

    # -- asking --------------------------------------------------------
    @property
    def roles(self):
        """Of the document before this revision."""
        if self._roles is None:
            self._roles = Roles(self.old)
        return self._roles

    def _tell(self, code, page=None, **params):
        self.found.append(
            {
                "code": code,
                "page": page,
                "params": {key: str(value)[:200] for key, value in params.items()},
                "allowed": code in tables.ALLOWED,
            }
        )

    def _unique(self):
        seen, kept = set(), []
        for one in self.found:
            mark = (one["code"], one["page"], tuple(one["params"].items()))
            if mark not in seen:
                seen.add(mark)
                kept.append(one)
        return kept

    def _page_of(self, one):
        for widget in one.widgets:
            page = widget.get_object()
            if "/P" in page:
                ref = getattr(page.raw_get("/P"), "reference", None)
                if ref in self.roles.pages:
                    return self.roles.pages.index(ref) + 1
        return None

    # -- comparing -----------------------------------------------------
    def _roots(self):
        old, new = self.old.trailer_view, self.new.trailer_view
        if raw_of(old, "/Root") != raw_of(new, "/Root"):
            self._tell("catalog_replaced")
        if raw_of(old, "/Info") != raw_of(new, "/Info"):
            was, now = entry(old, "/Info", {}), entry(new, "/Info", {})
            self._is_info(was, now)
        before, after = self.roles.pages, self._pages_now()
        if before is after:
            return
        old_pages, new_pages = set(before), set(after)
        for place, ref in enumerate(before, 1):
            if ref not in new_pages:
                self._tell("page_removed", place)
        for place, ref in enumerate(after, 1):
            if ref not in old_pages:
                self._tell("page_added", place)
        kept = [ref for ref in before if ref in new_pages]
        if kept != [ref for ref in after if ref in old_pages]:
            self._tell("pages_reordered")

    def _pages_now(self):
        touched = {
            ref for ref, told in self.roles.of.items() if told[0] == "page_tree"
        } | {reference_of(raw_of(self.old.trailer_view, "/Root"))}
        if not touched & self.written:
            return self.roles.pages
        return Roles(self.new).pages

    def _hollow(self):
        """Objects that were named before they existed: prepared to be filled later."""
        for ref in self.written:
            if not self._existed(ref) and ref in self.roles.of:
                role, page, _name = self.roles.get(ref)
                self._tell("hidden_filled", page, what=role)

    def _object(self, ref):
        was, now = self.old(ref), self.new(ref)
        if same(was, now) or compare.is_table(was) and compare.is_table(now):
            return
        role, page, name = self.roles.get(ref)
        self._ref = ref
        if role not in tables.WHOLE and self._is_more(role, was, now):
            return self._tell("object_replaced", page)
        handler = getattr(self, f"_is_{role}", None)
        if handler:
            handler(was, now, page, name)
        elif role in tables.WHOLE:
            self._tell(tables.WHOLE[role], page, what=name)
        else:
            self._tell("object_replaced", page)
        return None

    def _is_more(self, role, was, now):
        """Whether an object is more than its role says: drawn, or with data of its own."""
        if type(was) is not type(now) or role != "metadata" and is_stream(was):
            return True
        if role in tables.TELLS:
            return self.roles.does(self._ref)
        return role != "page" and self.roles.shown(self._ref)

    def _is_catalog(self, was, now, _page, _name):
        for key in sorted(delta(was, now)):
            if key == "/DSS":
                self._is_store(entry(was, key), entry(now, key), None, "")
            elif key in ("/Version", "/Extensions"):
                self._tell("version_changed")
            elif key == "/AcroForm":
                self._is_form(entry(was, key, {}), entry(now, key, {}), None, "")
            elif key == "/Metadata":
                self._is_metadata(entry(was, key), entry(now, key), None, "")
            elif key == "/Perms" and self._certifies(now):
                continue
            else:
                self._tell(tables.CATALOG.get(key, "catalog"), what=key)

    def _certifies(self, now):
        """A certification signature, made in this revision, is named in the catalog."""
        told = now["/Perms"]
        values = {one.value_ref for one in self.signed}
        return (
            set(told) == {"/DocMDP"} and reference_of(raw_of(told, "/DocMDP")) in values
        )

    def _is_store(self, was, now, _page, _name):
        code = "store_added" if compare.store_grew(was, now) else "catalog"
        self._tell(code, **({} if code == "store_added" else {"what": "/DSS"}))

    def _is_form(self, was, now, _page, _name):
        for key in sorted(delta(was, now)):
            if key == "/Fields":
                old = list(items(entry(was, key, ())))
                self._appended(old, list(items(entry(now, key, ()))), None)
            elif key in ("/DR", "/DA") and (key not in was or key == "/DR"):
                if key in was and not compare.only_more(was[key], now[key]):
                    self._tell("form_changed", what=key)
            elif key != "/SigFlags":
                self._tell("form_changed", what=key)

    def _is_fields(self, was, now, _page, _name):
        self._appended(list(items(was)), list(items(now)), None)

    def _is_annotations(self, was, now, page, _name):
        self._appended(list(items(was)), list(items(now)), page)

    def _appended(self, was, now, page):
        """Signature fields may be added at the end of a list; nothing leaves it."""
        removed = [ref for ref in was if not any(same(ref, other) for other in now)]
        for _ref in removed:
            self._tell("annotation_removed" if page else "form_changed", page)
        for ref in now:
            if any(same(ref, other) for other in was):
                continue
            item = ref.get_object()
            kind = str(entry(item, "/Subtype", ""))
            field = self._field_type(item)
            if page is None and "/P" in item:
                place = reference_of(item.raw_get("/P"))
                page = self.roles.get(place)[1]
            if field == "/Sig":
                self.added.append((reference_of(ref), item))
                self._tell("field_added", page, field=entry(item, "/T", ""))
            elif field:
                self._tell("form_field_added", page, field=entry(item, "/T", ""))
            else:
                self._tell("annotation_added", page, what=kind)
        kept = [ref for ref in now if any(same(ref, other) for other in was)]
        if not removed and [spelled(ref) for ref in kept] != [spelled(r) for r in was]:
            self._tell("annotation_changed" if page else "form_changed", page)

    def _field_type(self, item):
        for _depth in range(16):
            if "/FT" in item:
                return entry(item, "/FT")
            if "/Parent" not in item:
                return None
            item = item["/Parent"]
        return None

    def _is_page(self, was, now, page, _name):
        for key in sorted(delta(was, now)):
            if key == "/Annots":
                self._appended(
                    list(items(entry(was, key, ()))),
                    list(items(entry(now, key, ()))),
                    page,
                )
            elif key == "/Contents":
                self._tell("page_content", page)
            elif key in tables.LAYOUT:
                self._tell("page_layout", page)
            elif key == "/Resources":
                self._tell("resource", page)
            else:
                self._tell("page_changed", page, what=key)

    def _is_page_tree(self, was, now, _page, _name):
        from pyhanko.pdf_utils import generic

        if isinstance(was, generic.DictionaryObject) and isinstance(
            now, generic.DictionaryObject
        ):
            for key in sorted(delta(was, now) - {"/Kids", "/Count"}):
                code = "page_layout" if key in tables.LAYOUT else "page_changed"
                self._tell(code, None, what=key)

    def _is_signature_field(self, was, now, page, name):
        keys = delta(was, now)
        mine = {one.field_ref for one in self.signed} | {
            reference_of(widget) for one in self.signed for widget in one.widgets
        }
        if "/V" in was:
            code = "signature_rewritten" if "/V" in keys else "appearance"
            self._tell(code, page, field=name)
        elif self._ref not in mine or keys - tables.FILLED:
            code = "appearance" if keys <= tables.FILLED else "field_changed"
            self._tell(code, page, field=name)

    def _is_form_field(self, was, now, page, name):
        keys = delta(was, now)
        value = keys & {"/V", "/AP", "/AS", "/I"}
        self._tell("form_value" if value else "form_changed", page, field=name)

    def _is_info(self, was, now, _page=None, _name=""):
        # Programs spell the same text in several ways.
        keys = {
            key
            for key in delta(was, now)
            if str(entry(was, key)) != str(entry(now, key))
        }
        if keys - tables.DATES:
            self._tell("metadata", what=", ".join(sorted(keys - tables.DATES)))
        elif keys:
            self._tell("dates_changed")

    def _is_metadata(self, was, now, _page, _name):
        known = entry(self.old.trailer_view, "/Info", {})
        told = {str(entry(known, key)) for key in known}
        self._tell("dates_changed" if xmp.only_dates(was, now, told) else "metadata")

    def _is_tags(self, was, now, _page, _name):
        self._tell(
            "tags_changed" if compare.tags_grew(was, now) else "catalog", what="tags"
        )

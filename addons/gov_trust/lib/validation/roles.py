"""What each object of a PDF is for, and on which page: to say what a change changed."""

from . import limits
from .structure import entry

#: Where a part of the catalog is not looked at one by one, what it is called.
_CATALOG = {
    "/DSS": "store",
    "/Metadata": "metadata",
    "/Names": "names",
    "/Outlines": "outline",
    "/OCProperties": "layers",
    "/StructTreeRoot": "tags",
    "/OpenAction": "action",
    "/AA": "action",
    "/AF": "attachment",
    "/Collection": "attachment",
    "/Perms": "permissions",
    "/AcroForm": "form",
}
_RESOURCES = {"/Font": "font", "/XObject": "image"}
#: Roles of what is looked at on its own, so that nothing is followed through it.
_APART = frozenset(
    {
        *("catalog", "page", "page_tree", "form", "fields", "annotations"),
        *("signature_field", "form_field"),
    }
)
#: Roles of what people see.
_SHOWN = frozenset(
    {
        *("page_content", "page_part", "font", "image", "resource", "appearance"),
        "layers",
    }
)
#: Roles of what a file does or carries.
_DOES = frozenset({"names", "attachment", "action", "catalog_part", "permissions"})


class Roles:
    """Role of every object that can be reached: ``roles[reference] = (role, page, name)``.

    :param resolver: the document as it was in one revision
    """

    def __init__(self, resolver):
        self.of = {}
        self._uses = {}
        self.pages = []
        self._resolver = resolver
        root = resolver.root
        self._put(resolver.trailer_view.raw_get("/Root"), "catalog", None, "")
        if "/Info" in resolver.trailer_view:
            self._put(resolver.trailer_view.raw_get("/Info"), "info", None, "")
        self._form(root)
        self._pages(root)
        for key in root:
            role = _CATALOG.get(key, "catalog_part")
            if key != "/Pages":
                self._spread(root.raw_get(key), role, None, key)

    def get(self, reference):
        """(role, page number from 1 or None, name)"""
        return self.of.get(reference, ("object", None, ""))

    def shown(self, reference):
        """Whether an object is, whatever else it is, a part of what people see."""
        return bool(self._uses.get(reference, frozenset()) & _SHOWN)

    def does(self, reference):
        """Whether an object is, whatever else it is, a part of what a file does."""
        return bool(self._uses.get(reference, frozenset()) & (_SHOWN | _DOES))

    def _put(self, value, role, page, name):
        """Give an object a role, the first it has; False when it has this one already.

        An object may have several: what is below it is looked at once for each.
        """
        reference = getattr(value, "reference", None)
        if reference is None or role in self._uses.get(reference, ()):
            return False
        if len(self.of) > limits.MAX_OBJECTS:
            raise OverflowError("too many objects")
        first = self.of.setdefault(reference, (role, page, name))[0]
        self._uses.setdefault(reference, set()).add(role)
        return first == role or first not in _APART

    def _object(self, value):
        """The object behind a reference; nothing when the file does not have it."""
        xrefs, revision = self._resolver.reader.xrefs, self._resolver.revision
        if xrefs.get_historical_ref(value.reference, revision) is None:
            return None
        return value.get_object()

    def _form(self, root):
        if "/AcroForm" not in root:
            return
        self._put(root.raw_get("/AcroForm"), "form", None, "")
        form = entry(root, "/AcroForm")
        if "/Fields" not in form:
            return
        self._put(form.raw_get("/Fields"), "fields", None, "")
        stack = [(ref, "", None) for ref in entry(form, "/Fields")]
        while stack:
            ref, prefix, kind = stack.pop()
            item = ref.get_object()
            kind = entry(item, "/FT", kind)
            own = str(entry(item, "/T", ""))
            name = ".".join(filter(None, (prefix, own)))
            role = "signature_field" if kind == "/Sig" else "form_field"
            if not self._put(ref, role, None, name) and hasattr(ref, "reference"):
                continue
            stack += [(kid, name, kind) for kid in entry(item, "/Kids", ())]
            if kind == "/Sig" and "/V" in item:
                self._spread(item.raw_get("/V"), "signature_value", None, name)
            if "/AP" in item:
                self._spread(item.raw_get("/AP"), "appearance", None, name)

    def _pages(self, root):
        stack, seen, found = [root.raw_get("/Pages")], set(), []
        while stack:
            ref = stack.pop()
            reference = getattr(ref, "reference", None)
            if reference in seen:
                raise ValueError("pages in a circle")
            seen.add(reference)
            node = ref.get_object()
            if "/Kids" in node and entry(node, "/Type") != "/Page":
                self._put(ref, "page_tree", None, "")
                if hasattr(node.raw_get("/Kids"), "reference"):
                    self._put(node.raw_get("/Kids"), "page_tree", None, "")
                if "/Resources" in node:
                    self._resources(node.raw_get("/Resources"), None)
                for key in set(node) - {"/Kids", "/Parent", "/Resources"}:
                    self._spread(node.raw_get(key), "page_part", None, key)
                stack += reversed(list(entry(node, "/Kids")))
                continue
            if len(self.pages) >= limits.MAX_PAGES:
                raise OverflowError("too many pages")
            self.pages.append(reference)
            found.append(node)
            self._put(ref, "page", len(self.pages), "")
        # Links between pages must not give one page the role of another's link.
        for number, node in enumerate(found, 1):
            self._page(node, number)

    def _page(self, page, number):
        if "/Annots" in page:
            self._put(page.raw_get("/Annots"), "annotations", number, "")
            for note in entry(page, "/Annots") or ():
                role, _page, name = self.get(getattr(note, "reference", None))
                if role in ("signature_field", "form_field"):
                    self.of[note.reference] = (role, number, name)
                else:
                    kind = str(entry(note.get_object(), "/Subtype", ""))
                    self._spread(note, "annotation", number, kind)
        if "/Contents" in page:
            self._spread(page.raw_get("/Contents"), "page_content", number, "")
        if "/Resources" in page:
            self._resources(page.raw_get("/Resources"), number)
        for key in page:
            if key not in ("/Annots", "/Contents", "/Resources", "/Parent"):
                self._spread(page.raw_get(key), "page_part", number, key)

    def _resources(self, raw, number):
        self._put(raw, "resource", number, "")
        resources = raw.get_object()
        for key in resources:
            role = _RESOURCES.get(key, "resource")
            self._spread(resources.raw_get(key), role, number, "")

    def _spread(self, value, role, page, name):
        """Give a role to everything below a value, but for what has another."""
        from pyhanko.pdf_utils import generic

        stack = [value]
        while stack:
            item = stack.pop()
            if isinstance(item, generic.IndirectObject):
                if not self._put(item, role, page, name):
                    continue
                item = self._object(item)
            if isinstance(item, generic.DictionaryObject):
                stack += [
                    item.raw_get(key) for key in item if key not in ("/Parent", "/P")
                ]
            elif isinstance(item, generic.ArrayObject):
                stack += [item.raw_get(at) for at in range(len(item))]

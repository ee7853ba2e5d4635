"""What was prepared before a signature so that a file shows something else after it."""

from .structure import entry
from .verdict import reason

#: Actions that show, hide, fetch or run something (ISO 32000-2 §12.6.4).
_ACTS = frozenset(
    {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition"),
        *("/Hide", "/SetOCGState", "/Movie", "/GoTo3DView", "/RichMediaExecute"),
        *("/ResetForm", "/Trans"),
    }
)
#: What says that a dictionary is an action, if it says it.
_ACTION = ("/Action", "None")
#: Annotations that play something.
_PLAYERS = frozenset({"/RichMedia", "/Movie", "/Screen", "/3D"})


def look(reader):
    """Look for content that can show itself, or hide, without a change of the file.

    :return: (reasons that forbid to call the file valid, remarks for people)
    """
    root, reasons, notes = reader.root, [], []
    xfa = "/XFA" in (entry(root, "/AcroForm") or {})
    if xfa or any(_acts(item) for _ref, item in _objects(reader)):
        reasons.append(reason("active_content"))
    layers = entry(root, "/OCProperties")
    if layers is not None:
        shown = entry(layers, "/D", {})
        if entry(shown, "/OFF") or entry(shown, "/AS") or entry(shown, "/BaseState"):
            reasons.append(reason("layers"))
        else:
            notes.append(reason("layers_shown"))
    if _other_trees(reader):
        reasons.append(reason("hidden_pages"))
    return reasons, notes


def _acts(item):
    """Whether an object, or what is written in it, does more than be shown."""
    from pyhanko.pdf_utils import generic

    stack = [item]
    while stack:
        one = stack.pop()
        if isinstance(one, generic.ArrayObject):
            stack += map(one.raw_get, range(len(one)))
        if not isinstance(one, generic.DictionaryObject):
            continue
        parts = {key: one.raw_get(key) for key in one}
        stack += parts.values()
        if "/JS" in parts or "/JavaScript" in parts:
            return True
        if str(parts.get("/S", "")) in _ACTS and str(parts.get("/Type")) in _ACTION:
            return True
        if str(parts.get("/Subtype", "")) in _PLAYERS and "/Rect" in parts:
            return True
        # Content that is not in the file: somebody else changes it at will.
        if isinstance(one, generic.StreamObject) and {"/F", "/Ref"} & set(parts):
            return True
    return False


def _objects(reader):
    """Every object of the file as it is now, with its reference."""
    refs = set()
    for number in range(reader.xrefs.total_revisions):
        refs |= reader.xrefs.explicit_refs_in_revision(number)
    for ref in refs:
        yield ref, reader.get_object(ref, never_decrypt=True, transparent_decrypt=False)


def _other_trees(reader):
    """Catalogs or page trees that the file holds beside the ones it shows."""
    from pyhanko.pdf_utils import generic

    shown = {reader.root_ref}
    pages = reader.root.raw_get("/Pages")
    if isinstance(pages, generic.IndirectObject):
        shown.add(pages.reference)
    for ref, item in _objects(reader):
        if ref in shown or not isinstance(item, generic.DictionaryObject):
            continue
        kind = entry(item, "/Type")
        if kind == "/Catalog" or kind == "/Pages" and "/Parent" not in item:
            return True
    return False

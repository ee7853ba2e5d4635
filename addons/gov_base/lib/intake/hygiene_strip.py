"""A PDF without anything that acts, hides or changes by itself. Limited process only.

What a reader shows stays; the rest goes, or the file is refused when nobody can say what it shows. Everything is taken by
a list of what may stay (ISO 32000-2, tables 29 and 31), so that a key nobody thought of goes too.
"""

import pikepdf

from . import deep_pdf, hygiene_layers
from .hygiene_rows import MAX_NAMES, refused
from .report import ACTIVE

#: What may stay in the catalog and on a page.
CATALOG = frozenset(
    {
        *("/Type", "/Pages", "/Version", "/Extensions", "/PageLabels", "/Names"),
        *("/Dests", "/PageLayout", "/Outlines", "/Metadata", "/StructTreeRoot"),
        *("/MarkInfo", "/Lang", "/OutputIntents"),
    }
)
PAGE = frozenset(
    {
        *("/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Contents"),
        *("/Rotate", "/Group", "/Annots", "/StructParents", "/Tabs", "/UserUnit"),
    }
)
#: What an action of this kind would do is told by its kind.
KINDS = {
    "javascript": "scripts",
    "open_action": "actions",
    "additional_actions": "actions",
    "launch": "actions",
    "remote_goto": "actions",
    "submit_form": "actions",
    "import_data": "actions",
    "rich_media": "media",
    "embedded_file": "embedded",
}
HIDDEN, NO_VIEW = 2, 32
NOTES = frozenset({"/Text", "/Popup"})
#: PDFium draws these by their own picture only.
UNDRAWN = frozenset(
    {"/Stamp", "/Line", "/Polygon", "/PolyLine", "/Caret", "/Watermark"}
)
MEDIA = frozenset({"/Screen", "/Movie", "/Sound", "/3D", "/RichMedia"})
MAX_OUTLINES = 20_000


def strip(document, rows, limits, clean=True):
    """Take out what may not stay, and tell it.

    :param rows: :class:`.hygiene_rows.Rows`
    :param clean: False only tells, and refuses what acts: a signed file is not touched
    :return: whether annotations are left that have to become part of their pages
    :raise Refusal: with the reason in ``params["hygiene"]``
    """
    _tell_active(document, rows, limits, clean)
    _refuse_foreign(document, rows)
    hygiene_layers.layers(document, rows)
    hygiene_layers.xfa(document, rows)
    if not clean:
        return False
    root = document.Root
    _embedded_names(root, rows)
    if "/Dests" in (names := root.get("/Names", {})):
        root.Names = pikepdf.Dictionary(Dests=names.Dests)
    elif "/Names" in root:
        del root["/Names"]
    _keep(root, CATALOG | {"/AcroForm"})
    _outlines(root, rows)
    left = False
    for number, page in enumerate(document.pages, 1):
        _keep(page.obj, PAGE)
        left |= _annotations(page, number, rows)
    if not left and "/AcroForm" in root:
        del root["/AcroForm"]
    return left


def finish(document, rows):
    """After annotations were drawn: whatever is left of them goes."""
    if "/AcroForm" in document.Root:
        del document.Root["/AcroForm"]
    for number, page in enumerate(document.pages, 1):
        if "/Annots" in page.obj:
            left = len(page.obj.Annots)
            if left:
                rows.add("annotations_gone", number, left)
            del page.obj["/Annots"]
    forget_notes(document)


def forget_notes(document):
    """No page has annotations any more: what still refers to one (tags for screen readers) finds nothing."""
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and (
            item.get("/Type") == "/Annot" or ("/Rect" in item and "/Subtype" in item)
        ):
            for key in set(item.keys()):
                del item[key]


def check_passive(document, limits):
    """Refuse what still acts after all was taken out."""
    _pages, findings = deep_pdf._inspect(document, limits)
    if {finding.code for finding in findings} & ACTIVE:
        raise refused("active")


def _keep(dictionary, names):
    for key in set(dictionary.keys()) - names:
        del dictionary[key]


def _tell_active(document, rows, limits, clean):
    _pages, findings = deep_pdf._inspect(document, limits)
    for finding in findings:
        if finding.code in ACTIVE and not clean:
            raise refused("signed_active")
        code = KINDS.get(finding.code)
        if code:
            rows.add(code, count=finding.count)


def _refuse_foreign(document, rows):
    """Refuse what is drawn from elsewhere; drop what is drawn otherwise on paper."""
    if "/Collection" in document.Root:
        raise refused("portfolio")
    for item in document.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        entries = item.stream_dict
        if "/F" in entries or "/Ref" in entries:
            raise refused("external")
        if entries.get("/Subtype") == "/PS" or entries.get("/Subtype2") == "/PS":
            raise refused("external")
        for key in ("/Alternates", "/OPI"):
            if key in entries:
                del entries[key]
                rows.everywhere = True


def _embedded_names(root, rows):
    """Names of the files that lie in the document, so that the person knows what went."""
    tree = root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    if tree is None:
        return
    try:
        names = [str(key) for key in pikepdf.NameTree(tree)][:MAX_NAMES]
    except Exception:  # noqa: BLE001 a broken tree of names goes like a good one
        names = []
    rows.add("embedded", count=0, names=[name[:80] for name in names])


def _outlines(root, rows):
    """Bookmarks keep where they lead in the file; whatever else they do goes."""
    seen, todo = set(), [root.get("/Outlines")]
    while todo and len(seen) < MAX_OUTLINES:
        item = todo.pop()
        if not isinstance(item, pikepdf.Dictionary) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        action = item.get("/A")
        if action is not None:
            plain = isinstance(action, pikepdf.Dictionary)
            if plain and action.get("/S") == "/GoTo" and "/D" in action:
                item.Dest = action.D
            else:
                rows.add("links")
            del item["/A"]
        for key in ("/AA", "/SE"):
            if key in item:
                del item[key]
        todo += [item.get("/First"), item.get("/Next")]
    if todo:
        # More bookmarks than any document has: they are no part of its pages.
        del root["/Outlines"]


def _annotations(page, number, rows):
    """Keep the annotations that are drawn; True when there are some."""
    kept = []
    for note in page.obj.get("/Annots", []):
        if not isinstance(note, pikepdf.Dictionary):
            continue
        code = _why_gone(note)
        if code is None:
            kept.append(note)
            kind = "form" if note.get("/Subtype") == "/Widget" else "annotations"
            rows.add(kind, number)
        elif code:
            names = [_file_name(note)] if code == "embedded" else []
            rows.add(code, 0 if code in ("links", "embedded", "media") else number)
            if names:
                rows.add(code, count=0, names=names)
    if "/Annots" in page.obj:
        rows.touched.add(number)
        del page.obj["/Annots"]
    if kept:
        page.obj.Annots = pikepdf.Array(kept)
    return bool(kept)


def _why_gone(note):
    """Why an annotation goes; None when it is drawn and stays, empty when it is not told."""
    kind = str(note.get("/Subtype", ""))
    flags = note.get("/F", 0)
    flags = flags if isinstance(flags, int) else 0
    if kind == "/Link":
        return "links"
    if kind == "/FileAttachment":
        # Counted with what lies in the file.
        return "embedded" if "/FS" in note and "/EF" not in note.FS else ""
    if kind in MEDIA:
        return ""
    if kind == "/Popup":
        return ""
    if kind in NOTES:
        return "notes"
    if kind == "/Redact":
        return "redactions"
    if flags & (HIDDEN | NO_VIEW):
        return "hidden_annotations"
    if kind == "/Widget" and _field_type(note) == "/Sig":
        return "empty_signature"
    if kind in UNDRAWN and "/AP" not in note:
        return "annotations_gone"
    return None


def _field_type(note, depth=0):
    kind = note.get("/FT")
    parent = note.get("/Parent")
    if kind is None and isinstance(parent, pikepdf.Dictionary) and depth < 8:
        return _field_type(parent, depth + 1)
    return kind


def _file_name(note):
    spec = note.get("/FS")
    if isinstance(spec, pikepdf.Dictionary):
        spec = spec.get("/UF", spec.get("/F"))
    return str(spec or "?")[:80]

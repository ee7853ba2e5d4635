"""What was prepared before a signature so that a file shows something else after it."""

from .structure import entry
from .verdict import reason

_SCRIPTS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition")


def look(reader):
    """Look for content that can show itself, or hide, without a change of the file.

    :return: (reasons that forbid to call the file valid, remarks for people)
    """
    root, reasons, notes = reader.root, [], []
    if _scripted(root):
        reasons.append(reason("active_content"))
    if "/XFA" in (entry(root, "/AcroForm") or {}):
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


def _scripted(root):
    names = entry(root, "/Names") or {}
    if "/JavaScript" in names:
        return True
    actions = [entry(root, "/OpenAction")]
    actions += [
        entry(entry(root, "/AA") or {}, key) for key in entry(root, "/AA") or ()
    ]
    return any(
        hasattr(one, "keys") and str(entry(one, "/S", "")) in _SCRIPTS
        for one in actions
    )


def _other_trees(reader):
    """Catalogs or page trees that the file holds beside the ones it shows."""
    from pyhanko.pdf_utils import generic

    shown = {reader.root_ref}
    pages = reader.root.raw_get("/Pages")
    if isinstance(pages, generic.IndirectObject):
        shown.add(pages.reference)
    refs = set()
    for number in range(reader.xrefs.total_revisions):
        refs |= reader.xrefs.explicit_refs_in_revision(number)
    for ref in refs:
        if ref in shown:
            continue
        item = reader.get_object(ref, never_decrypt=True, transparent_decrypt=False)
        if not isinstance(item, generic.DictionaryObject):
            continue
        kind = entry(item, "/Type")
        if kind == "/Catalog" or kind == "/Pages" and "/Parent" not in item:
            return True
    return False

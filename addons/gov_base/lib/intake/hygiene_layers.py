"""Layers and second descriptions of a form: what may show otherwise than it does now. Limited process only."""

import pikepdf

from . import deep_pdf
from .hygiene_rows import refused

MAX_DEPTH = 60


def layers(document, rows):
    """Layers that are all shown become plain content; a layer that may be hidden is refused."""
    groups = [
        item
        for item in document.objects
        if isinstance(item, pikepdf.Dictionary)
        and item.get("/Type") in ("/OCG", "/OCMD")
    ]
    properties = document.Root.get("/OCProperties")
    if properties is None and not groups:
        return
    if properties is not None:
        _refuse_hidden_layers(properties)
    for group in groups:
        _refuse_choosing(group)
    count = sum(group.get("/Type") == "/OCG" for group in groups)
    for item in document.objects:
        entries = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        if isinstance(entries, pikepdf.Dictionary | pikepdf.Array):
            _forget(entries)
    for group in groups:
        for key in set(group.keys()):
            del group[key]
    rows.add("layers", count=max(count, 1))
    rows.everywhere = True


def _forget(entries, depth=0):
    """Take what belongs to layers out of an object and of its direct parts."""
    if depth > MAX_DEPTH or b"/OC" not in entries.unparse(resolved=True):
        return
    if isinstance(entries, pikepdf.Dictionary):
        if "/OC" in entries:
            del entries["/OC"]
        if entries.get("/Type") in ("/OCG", "/OCMD") and depth:
            _refuse_choosing(entries)
            for key in set(entries.keys()):
                del entries[key]
        parts = [entries[key] for key in entries.keys()]  # noqa: SIM118 pikepdf's own
    else:
        parts = list(entries)
    for part in parts:
        if isinstance(
            part, pikepdf.Dictionary | pikepdf.Array
        ) and not deep_pdf._indirect(part):
            _forget(part, depth + 1)


def _refuse_choosing(group):
    """Refuse a group that shows something when layers are hidden."""
    if group.get("/Type") == "/OCMD" and (
        "/VE" in group or group.get("/P") in ("/AllOff", "/AnyOff")
    ):
        raise refused("layers")


def _refuse_hidden_layers(properties):
    configurations = [properties.get("/D", pikepdf.Dictionary())]
    configurations += list(properties.get("/Configs", []))
    default = configurations[0]
    if default.get("/BaseState", "/ON") != "/ON" or len(default.get("/OFF", [])):
        raise refused("layers")
    if any(len(one.get("/AS", [])) for one in configurations):
        for group in properties.get("/OCGs", []):
            usage = group.get("/Usage", pikepdf.Dictionary())
            states = [
                usage.get(kind, pikepdf.Dictionary()).get(f"{kind}State")
                for kind in ("/Print", "/View", "/Export")
            ]
            if "/OFF" in states or "/Zoom" in usage or "/User" in usage:
                raise refused("layers")


def xfa(document, rows):
    form = document.Root.get("/AcroForm")
    if form is None or "/XFA" not in form:
        return
    widgets = any(
        note.get("/Subtype") == "/Widget"
        for page in document.pages
        for note in page.obj.get("/Annots", [])
    )
    if document.Root.get("/NeedsRendering", False) or not widgets:
        raise refused("xfa")
    del form["/XFA"]
    rows.add("xfa")
    rows.everywhere = True

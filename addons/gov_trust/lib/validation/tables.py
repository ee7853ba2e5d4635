"""What keys and roles of a PDF mean when they change after a signature."""

import re

#: What filling a signature field writes in it.
FILLED = {"/V", "/AP", "/AS", "/F", "/DA", "/Q", "/MK", "/M"}
DATES = {"/ModDate", "/Producer"}
STORE = {"/Type", "/Certs", "/CRLs", "/OCSPs", "/VRI"}
LAYOUT = {"/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/TrimBox", "/BleedBox"}
DIGEST = re.compile(r"/[0-9A-Fa-f]{40,128}")
#: What changed when the whole object that has this role was written anew.
WHOLE = {
    "page_content": "page_content",
    "page_part": "page_changed",
    "font": "font",
    "image": "image",
    "resource": "resource",
    "appearance": "appearance",
    "annotation": "annotation_changed",
    "signature_value": "signature_rewritten",
    "layers": "layers_changed",
    "names": "attachment_or_script",
    "attachment": "attachment_or_script",
    "action": "action_changed",
    "outline": "catalog",
    "permissions": "catalog",
    "catalog_part": "catalog",
    "object": "object_replaced",
}
CATALOG = {
    "/Names": "attachment_or_script",
    "/AF": "attachment_or_script",
    "/OpenAction": "action_changed",
    "/AA": "action_changed",
    "/OCProperties": "layers_changed",
    "/Pages": "pages_replaced",
}
#: Changes that leave what was signed as it was.
ALLOWED = frozenset(
    {
        "signature_added",
        "timestamp_added",
        "field_added",
        "store_added",
        "dates_changed",
        "version_changed",
        "tags_changed",
    }
)
#: Roles of objects that only tell about a file, or prove it.
TELLS = frozenset({"info", "metadata", "store", "tags"})
#: Keys of the structure tree by which it grows.
TAGS = {"/K", "/Kids", "/Nums", "/Names", "/Limits", "/ParentTreeNextKey"}
PIECES = {"/Type", "/Cert", "/CRL", "/OCSP", "/TU", "/TS"}

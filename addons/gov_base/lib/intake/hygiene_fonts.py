"""Fonts that a PDF relies on and does not hold. Limited process only."""

import pikepdf

STANDARD = (
    *("Helvetica", "Times", "Courier", "Symbol", "ZapfDingbats"),
    *("Arial", "TimesNewRoman", "CourierNew"),
)
FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def tell(document, rows):
    """Name the fonts that are not in the file: another machine may draw them otherwise."""
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        if item.get("/Subtype") in ("/Type0", "/Type3"):
            continue
        descriptor = item.get("/FontDescriptor")
        if isinstance(descriptor, pikepdf.Dictionary) and any(
            name in descriptor for name in FILES
        ):
            continue
        name = str(item.get("/BaseFont", "?")).lstrip("/")[:60]
        plain = name.split("+")[-1].replace(" ", "")
        code = "font_standard" if plain.startswith(STANDARD) else "font_missing"
        rows.add(code, names=[name])

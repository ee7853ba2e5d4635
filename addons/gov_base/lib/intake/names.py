"""File names come from strangers: they are shown, never used as a path."""

import re
import unicodedata

from .limits import EXTENSIONS
from .report import Refusal

# Extensions that make something run, or that hide a second type behind a harmless last one. Every segment of the name but
# the last is compared with them, so that neither `a.exe.pdf` nor `a.php%00.pdf` passes.
_DANGEROUS = """
    exe scr pif cmd bat msi msp mst cpl dll drv jar jnlp js jse mjs vb vbs vbe wsf wsh hta ps1 psm1 psd1 sh bash zsh csh ksh
    php php3 php4 php5 php7 php8 phtml phar phps asp aspx ashx asmx jsp jspx cgi htm html xhtml shtml mht mhtml svg svgz swf
    lnk desktop scf appref-ms apk ipa dmg docm dotm xlsm xltm xlam pptm potm ppsm htaccess htpasswd
"""
DANGEROUS = frozenset(_DANGEROUS.split())
DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}) | {
    f"{kind}{digit}" for kind in ("com", "lpt") for digit in "0123456789¹²³"
}
KEPT_FORMAT = {
    "\u200c",
    "\u200d",
}  # joiners that Arabic-script and Indic names need; every other Cf is dropped
MAX_RAW = 1_000  # nothing before that is looked at
MAX_MARKS = 3  # stacked combining marks after one letter
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
FALLBACK = "document"


def clean_text(value, size):
    """`value` as one line that can be shown anywhere: no control, no direction override, no path character."""
    value = unicodedata.normalize(
        "NFC", value.encode("utf-8", "replace").decode("utf-8")
    )
    kept, marks = [], 0
    for char in value:
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > MAX_MARKS:
                continue
        else:
            marks = 0
        if category in ("Zs", "Zl", "Zp") or char in "\t\r\n":
            char = " "
        elif category in ("Cc", "Cs", "Co", "Cn") or (
            category == "Cf" and char not in KEPT_FORMAT
        ):
            continue
        elif char in '<>:"|?*\\/\ufffd':
            char = "_"
        kept.append(char)
    value = re.sub(r" {2,}", " ", "".join(kept)).strip(" .")
    return value[:size].rstrip(" .\u200c\u200d")


def split_name(filename):
    """`(base, segments)`: the last path component without trailing dots and spaces, and its dotted segments in lower case.

    Characters that a file system or a browser would not show are removed first, so that what is judged is what is seen.
    """
    text = filename[-MAX_RAW:] if isinstance(filename, str) else ""
    text = re.split(r"[\\/]", text.replace("\x00", ""))[-1]
    text = "".join(
        char
        for char in unicodedata.normalize(
            "NFKC", text.encode("utf-8", "replace").decode("utf-8")
        )
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    ).strip(" .\u00a0")
    # NFKC turns look-alike separators into real ones (U+2215 is kept, U+FF0F becomes "/").
    text = re.split(r"[\\/]", text)[-1].strip(" .")
    return text, [
        PERCENT.sub("", segment).strip().casefold() for segment in text.split(".")
    ]


def extension_of(filename):
    """The extension that decides the type, or '' when there is none. Refuses a name that hides a second one."""
    base, segments = split_name(filename)
    if len(segments) < 2:
        raw = (
            re.split(r"[\\/]", filename[-MAX_RAW:])[-1]
            if isinstance(filename, str)
            else ""
        )
        # ".pdf" alone: the dot was stripped as a leading dot, but it is an extension without a name.
        return base.casefold() if raw.strip().startswith(".") and base.isalnum() else ""
    if any(segment in DANGEROUS for segment in segments[1:-1]) or (
        segments[-1] not in EXTENSIONS
        and any(segment in EXTENSIONS for segment in segments[1:-1])
    ):
        raise Refusal(
            "double_extension", base[:200], ending="." + ".".join(segments[-2:])
        )
    return segments[-1]


def clean_name(filename, extension, size=80):
    """The name that is shown and downloaded: `<stem>.<extension>`, at most `size` characters and 200 bytes.

    Letters of every script stay. A name that leaves nothing becomes ``document.<extension>``.
    """
    base, segments = split_name(filename)
    stem = base.rsplit(".", 1)[0] if len(segments) > 1 else base
    if len(segments) == 1 and segments[0] == extension:
        stem = ""
    suffix = f".{extension}"
    stem = clean_text(PERCENT.sub("", stem), size - len(suffix))
    while len((stem + suffix).encode()) > 200:
        stem = stem[:-1].rstrip(" .\u200c\u200d")
    if not any(char.isalnum() for char in stem):
        stem = FALLBACK
    if stem.split(".")[0].strip().casefold() in DEVICES:
        stem = f"_{stem}"[: size - len(suffix)]
    return stem + suffix


def kept_name(filename, size=255):
    """The name as it came, only made storable (no NUL, no lone surrogate, bounded)."""
    text = filename if isinstance(filename, str) else ""
    return (
        text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")[:size]
    )

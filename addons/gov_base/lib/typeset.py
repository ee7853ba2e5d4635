"""HTML to an archivable, tagged PDF with WeasyPrint: nothing is fetched, and the same input gives
the same bytes. Pure Python.
"""

import base64
import binascii
import contextlib
import functools
import io
import logging
import pathlib
import re
import threading
from typing import NamedTuple

from . import bidi, fonts
from .text import strip_bidi_controls

# One INFO line per step, glyph table and font would drown the server's log.
logging.getLogger("fontTools").setLevel(logging.WARNING)
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

# Archivable with files inside (3), with a logical structure and Unicode text (a).
VARIANT = "pdf/a-3a"
FOREIGN_VARIANT = "pdf/a-3b"
STYLESHEET = pathlib.Path(__file__).parent.parent / "report" / "gov_typeset.css"

# What a relative address becomes: something that is refused aloud like any other.
_NOWHERE = "http://nowhere.invalid/"
_DATA_IMAGE = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=%\s]*)\Z")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
# Joiners, direction marks and variation selectors draw nothing by design.
_NO_PICTURE = re.compile("[\u00ad\u200b-\u200f\u2028\u2029\u2060\ufe00-\ufe0f\ufeff]")

# Pango's font map is not for several threads at once, and Python draws one page at a time anyway.
_lock = threading.Lock()


class TypesetError(Exception):
    """The document cannot be set; the message says why, in English, for the log."""


class EngineMissing(TypesetError):
    """WeasyPrint or a system library it needs is not on this machine."""


class Attachment(NamedTuple):
    """A file inside the PDF (PDF/A-3, ``AFRelationship``)."""

    filename: str
    content: bytes
    mimetype: str
    description: str
    relationship: str = (
        "Data"  # Source, Data, Alternative, Supplement, Unspecified (ISO 32000-2)
    )


class _Tools(NamedTuple):
    weasyprint: object
    font_config: object
    stylesheet: object
    fetcher: object


def _make_fetcher(weasyprint):
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class DataImagesOnly(URLFetcher):
        """Gives the PNG and JPEG images written in the document itself, refuses all else."""

        def fetch(self, url, headers=None):
            found = _DATA_IMAGE.match(url)
            if not found:
                raise ValueError(f"a document may not fetch {url[:60]!r}")
            try:
                body = base64.b64decode(
                    found[2].replace("%2B", "+").replace("%2F", "/")
                )
            except binascii.Error as error:
                raise ValueError("an image in the document is damaged") from error
            return URLFetcherResponse(url, body, {"Content-Type": found[1]})

    return DataImagesOnly(fail_on_errors=True)


@functools.lru_cache(maxsize=1)
def _tools():
    """WeasyPrint with our fonts and style sheet, made once per process (0.3 s)."""
    fonts.check()
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as error:
        raise EngineMissing(
            f"WeasyPrint does not start: {error} (pip weasyprint; Debian packages "
            "libpango-1.0-0 and libpangoft2-1.0-0)"
        ) from error
    fetcher = _make_fetcher(weasyprint)
    font_config = FontConfiguration()
    stylesheet = weasyprint.CSS(
        string=STYLESHEET.read_text(encoding="utf-8"),
        font_config=font_config,
        url_fetcher=fetcher,
    )
    return _Tools(weasyprint, font_config, stylesheet, fetcher)


def data_uri(content, mimetype="image/png"):
    """An image as the only kind of address a document may hold.

    :param bytes content: a PNG or JPEG file
    :rtype: str
    """
    return f"data:{mimetype};base64,{base64.b64encode(content).decode()}"


def printable(html):
    """HTML whose every character will be drawn.

    Control characters and those that override the reading order go; a character for which no font
    is installed is written ``[U+1F600]``, since a box says nothing.

    :rtype: str
    """
    clean = strip_bidi_controls(_CONTROLS.sub("", html))
    for char in set(_NOT_ASCII.findall(clean)):
        if not _NO_PICTURE.match(char) and not fonts.can_draw(char):
            clean = clean.replace(char, f"[U+{ord(char):04X}]")
    return clean


def _resolve_directions(root):
    """Give ``bdi`` and ``dir="auto"`` elements the direction of their first letter.

    WeasyPrint sets each inline element by its own ``direction`` and knows no automatic one.
    """
    for element in root.iter():
        wanted = element.get("dir", "auto" if element.tag == "bdi" else "").lower()
        if wanted == "auto":
            element.set("dir", bidi.base_direction("".join(element.itertext())))


def _weasy_attachment(tools, attachment, date):
    return tools.weasyprint.Attachment(
        file_obj=io.BytesIO(attachment.content),
        name=attachment.filename,
        description=attachment.description,
        created=date,
        modified=date,
        relationship=attachment.relationship,
    )


def _finisher(attachments):
    """Set on each attached file what WeasyPrint guesses: its type and its relationship. It goes by
    the content, so that two equal files would share theirs, and lists each file twice."""

    def finish(_document, pdf):
        if not attachments:
            return
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
        extras = (getattr(item, "extra", None) or {} for item in pdf.objects)
        files = [extra for extra in extras if extra.get("Type") == "/EmbeddedFile"]
        specifications = [
            item
            for item in pdf.objects
            if isinstance(item, dict) and item.get("Type") == "/Filespec"
        ]
        for attachment, file, specification in zip(
            attachments, files, specifications, strict=True
        ):
            file["Subtype"] = "/" + attachment.mimetype.replace("/", "#2f")
            specification["AFRelationship"] = f"/{attachment.relationship}"

    return finish


@contextlib.contextmanager
def _silent(wanted):
    """No line in the server's log for each rule of a style sheet that a printed page does not know."""
    logger = logging.getLogger("weasyprint")
    before = logger.level
    if wanted:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _stylesheet(tools, css):
    if css is None:
        return tools.stylesheet
    return tools.weasyprint.CSS(
        string=css, font_config=tools.font_config, url_fetcher=tools.fetcher
    )


def render(html, date, attachments=(), css=None):
    """Set an HTML document as PDF/A-3a (archivable, tagged, Unicode).

    :param str html: a whole document; ``lang``, ``dir`` and ``title`` in it are kept in the PDF
    :param datetime.datetime date: UTC instant written on attachments; same date, same bytes
    :param attachments: :class:`Attachment` s
    :param str css: style sheet of a document that is none of ours, instead of our own
    :return: the PDF file
    :rtype: bytes
    :raise lib.fonts.MissingFont: a font is not installed
    :raise EngineMissing: WeasyPrint or Pango is not installed
    :raise TypesetError: the document asks for something outside itself, or cannot be set
    """
    # What others wrote is set as it is: it has no structure to tag, and style sheets of the web.
    variant = VARIANT if css is None else FOREIGN_VARIANT
    with _lock, _silent(css is not None):
        tools = _tools()
        from weasyprint.urls import FatalURLFetchingError

        try:
            source = tools.weasyprint.HTML(
                string=printable(html), base_url=_NOWHERE, url_fetcher=tools.fetcher
            )
            _resolve_directions(source.etree_element)
            document = source.render(
                stylesheets=[_stylesheet(tools, css)],
                font_config=tools.font_config,
                pdf_variant=variant,
            )
            return document.write_pdf(
                pdf_variant=variant,
                finisher=_finisher(attachments),
                attachments=[
                    _weasy_attachment(tools, item, date) for item in attachments
                ],
            )
        except FatalURLFetchingError as error:
            raise TypesetError(f"refused: {error.__cause__ or error}") from error

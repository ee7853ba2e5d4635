import base64
import logging
import re
import urllib.parse

from lxml import html as lxml_html

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib import fonts, typeset

_logger = logging.getLogger(__name__)
BUNDLE = "web.report_assets_common"
#: what a style sheet fetches: fonts, other style sheets, pictures of the web client
_FETCHED = re.compile(
    r"@font-face\s*\{[^}]*\}|@import[^;]*;|url\(\s*[\"']?(?!data:)[^)]*\)", re.I
)
_PICTURE = re.compile(
    r"/web/image/(?P<model>[a-z0-9_.]+)/(?P<id>\d+)/(?P<field>\w+)(?:[/?].*)?"
)
_BARCODE = re.compile(r"/report/barcode/(?P<kind>\w+)/(?P<value>[^?]+)")
_INSIDE = ("data:image/png;base64,", "data:image/jpeg;base64,")
_DRAWING = "data:image/svg+xml;base64,"
_PAGE = """
@page { size: A4; margin: 14mm 14mm 16mm }
html, body { font-family: "Noto Sans", "Noto Naskh Arabic", "Noto Sans Tifinagh"; font-size: 10pt }
.article + .article { break-before: page }
.footer { margin-top: 8mm }
.d-print-none, .o_hide_report { display: none }
"""


class GovTypeset(models.AbstractModel):
    """Reports of any app, set as our own documents are: offline, archivable, every font in the file."""

    _inherit = "gov.typeset"

    @api.model
    def _render_report(self, report_name, record, lang):
        """Set a report on one record. It reads with the rights of the user.

        :param str report_name: technical name of an ``ir.actions.report`` of type PDF
        :param record: the record it is about
        :param str lang: code of an active language
        :return: a PDF/A-3a file
        :rtype: bytes
        :raise UserError: the report fails, asks for something from outside, or a font is missing
        :raise AccessError: the user may not read the record
        """
        record.check_access("read")
        reports = self.env["ir.actions.report"].with_context(lang=lang)
        try:
            page, _kind = reports._render_qweb_html(report_name, record.ids)
        except UserError:
            raise
        except Exception as error:
            # A report is code of another app: whatever it says is one answer, and is logged.
            _logger.warning("Report %s failed", report_name, exc_info=True)
            raise UserError(
                self.env._(
                    "The report could not be made: it fails on this record (%(error)s). Choose "
                    "another report, or ask whoever maintains it.",
                    error=type(error).__name__,
                )
            ) from error
        return self._report_pdf(page)

    @api.model
    def _report_pdf(self, page):
        source = page.decode() if isinstance(page, bytes) else str(page)
        root = lxml_html.document_fromstring(source)
        for node in root.xpath("//script | //link | //base | //iframe | //object"):
            node.drop_tree()
        for image in root.iter("img"):
            self._bring_in(image)
        for one in root.xpath("//*[contains(@style, 'url(')]"):
            one.set("style", _FETCHED.sub("none", one.get("style")))
        try:
            return typeset.render(
                lxml_html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>"),
                fields.Datetime.now(),
                css=self._report_css(),
            )
        except (fonts.MissingFont, typeset.TypesetError) as error:
            _logger.warning("A report could not be set: %s", error)
            raise UserError(
                self.env._(
                    "The report could not be made into a PDF: %(reason)s.",
                    reason=str(error)[:200],
                )
            ) from error

    @api.model
    def _report_css(self):
        """The style sheet that reports are written for, without what it would fetch."""
        # A file of the platform, the same for everybody.
        qweb_sudo = self.env["ir.qweb"].sudo()
        files = qweb_sudo._get_asset_bundle(BUNDLE, css=True, js=False).css()
        sheet = "\n".join((one.raw or b"").decode() for one in files)
        return _FETCHED.sub("none", sheet) + _PAGE

    @api.model
    def _bring_in(self, image):
        """Put a picture of this platform into the page; it is read with the rights of the user."""
        address = (image.get("src") or "").strip()
        if not address:
            image.drop_tree()
            return
        if address.startswith(_INSIDE):
            return
        content = self._picture(address)
        if not content:
            raise UserError(
                self.env._(
                    "The report shows a picture that is not part of it (%(address)s): nothing "
                    "is fetched for a document that is signed. Choose another report.",
                    address=address[:80],
                )
            )
        kind = "image/jpeg" if content.startswith(b"\xff\xd8") else "image/png"
        image.set("src", typeset.data_uri(content, kind))

    @api.model
    def _picture(self, address):
        if address.startswith(_DRAWING):
            # A drawing that is in the page; what it asks for itself is refused like anything else.
            return base64.b64decode(address.removeprefix(_DRAWING))
        found = _PICTURE.fullmatch(address)
        if found and found["model"] in self.env:
            record = self.env[found["model"]].browse(int(found["id"]))
            field = record._fields.get(found["field"])
            return base64.b64decode(record[field.name] or b"") if field else b""
        parts = urllib.parse.urlsplit(address)
        options = dict(urllib.parse.parse_qsl(parts.query))
        found = _BARCODE.fullmatch(parts.path)
        if found:
            options.update(
                barcode_type=found["kind"], value=urllib.parse.unquote(found["value"])
            )
        if parts.path.startswith("/report/barcode") and not parts.netloc:
            kind, value = options.pop("barcode_type", ""), options.pop("value", "")
            return self.env["ir.actions.report"].barcode(kind, value, **options)
        return b""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib import fonts, typeset

_logger = logging.getLogger(__name__)


class TypesetUnavailable(UserError):
    """The machine cannot set documents at present (font, program missing): try again later."""


class GovTypeset(models.AbstractModel):
    """Human documents (receipt, slip, letter, evidence summary) from QWeb to PDF/A-3a.

    Templates call ``gov_base.typeset_document``; ``readme/USAGE.md`` lists its values and the
    classes of the style sheet.
    """

    _name = "gov.typeset"
    _description = "Typesetting"

    @api.model
    def _render_pdf(
        self, template_xmlid, values, *, lang, title, attachments=(), date=None
    ):
        """Set a document. The same values, date and attachments give the same bytes.

        :param str template_xmlid: QWeb template that calls ``gov_base.typeset_document``
        :param dict values: for the template; ``lang``, ``dir``, ``title``, ``date`` are added
        :param str lang: code of an active language, e.g. ``ar_MA``
        :param str title: title of the document, shown by the reader's window
        :param attachments: tuples ``(filename, bytes, mimetype, description, relationship)``;
            relationship is Source, Data, Alternative, Supplement or Unspecified
        :param datetime.datetime date: UTC instant of the document, now when not given
        :return: a PDF/A-3a file, tagged, every font embedded, not sealed
        :rtype: bytes
        :raise TypesetUnavailable: a font or a program is missing on this machine
        """
        language = self.env["res.lang"]._get_data(code=lang)
        if not language:
            raise UserError(
                self.env._(
                    "The document cannot be made in the language %(code)s, which is not active. "
                    "A system administrator can activate it in the settings.",
                    code=lang,
                )
            )
        instant = date or fields.Datetime.now()
        html = (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render(
                template_xmlid,
                {
                    **values,
                    "lang": self._bcp47(lang),
                    "dir": language.direction,
                    "title": title,
                    "date": instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
                },
                minimal_qcontext=True,
                raise_if_not_found=True,
            )
        )
        files = [typeset.Attachment(*attachment) for attachment in attachments]
        try:
            return typeset.render(str(html), instant, files)
        except fonts.MissingFont as error:
            _logger.error("typesetting: %s", error)
            raise TypesetUnavailable(
                self.env._(
                    "The document cannot be made: these fonts are missing on the server: "
                    "%(names)s. The system administrator has to install the package %(package)s.",
                    names=", ".join(error.names),
                    package=fonts.DEBIAN_PACKAGE,
                )
            ) from error
        except typeset.EngineMissing as error:
            _logger.error("typesetting: %s", error)
            raise TypesetUnavailable(
                self.env._(
                    "The document cannot be made: the typesetting program is missing on the "
                    "server. The system administrator has to install WeasyPrint and the packages "
                    "libpango-1.0-0 and libpangoft2-1.0-0."
                )
            ) from error

    @api.model
    def _bcp47(self, lang):
        """``ar_MA`` as pages and PDF files want it: ``ar-MA``."""
        return lang.partition("@")[0].replace("_", "-")

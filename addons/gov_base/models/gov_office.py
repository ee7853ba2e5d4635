import logging

from odoo import api, models
from odoo.exceptions import UserError

from ..lib import office

_logger = logging.getLogger(__name__)


class GovOffice(models.AbstractModel):
    """Word files with merge fields, and office files to PDF: what the limited processes say, as sentences."""

    _name = "gov.office"
    _description = "Office files"

    # ------------------------------------------------------------------
    # Word files with merge fields
    # ------------------------------------------------------------------
    @api.model
    def _docx_problems(self, content, keys, loops=None, strict=True):
        """Say what is wrong with a Word file as a template.

        :param bytes content: a .docx that the intake let in
        :param dict keys: merge fields that may stand in it: key -> label
        :param dict loops: name of a list -> ``label`` and ``keys``, as ``gov.template._merge_loops``
        :param bool strict: whether names that are not among them are wrong
        :return: (keys that stand in it, sentences)
        :rtype: tuple[list[str], list[str]]
        """
        try:
            found, problems = office.inspect(content, keys, self._loop_names(loops))
        except office.Wrong as wrong:
            found, problems = [], wrong.problems
        if not strict:
            problems = [one for one in problems if one.code not in ("unknown", "list")]
        return found, [self._docx_sentence(one, keys, loops) for one in problems]

    @api.model
    def _docx_fill(self, content, values, keys, loops=None):
        """Fill in a Word file. Values are text, whatever they hold: nothing of them is ever read as code or markup.

        :param bytes content: a .docx that the intake let in
        :param dict values: key -> text; name of a list -> list of dicts, key of an item -> text
        :return: the .docx
        :rtype: bytes
        :raise UserError: what stands in it cannot be filled in; each is named with its place
        """
        try:
            return office.fill(content, values, keys, self._loop_names(loops))
        except office.Wrong as wrong:
            raise UserError(
                "\n".join(
                    self._docx_sentence(one, keys, loops) for one in wrong.problems
                )
            ) from wrong

    @api.model
    def _loop_names(self, loops):
        return {name: list(loop["keys"]) for name, loop in (loops or {}).items()}

    @api.model
    def _docx_sentence(self, problem, keys, loops):
        """What is wrong at one place of a Word file, and what to do."""
        env = self.env
        place = self._docx_place(problem)
        match problem.code:
            case "unknown":
                return env._(
                    "%(place)s: “%(key)s” is not a merge field of this document. You may use: "
                    "%(allowed)s.",
                    place=place,
                    key=problem.words,
                    allowed=self._docx_allowed(keys, loops),
                )
            case "list":
                return env._(
                    "%(place)s: “%(key)s” is not a list of this document. You may go over: "
                    "%(allowed)s.",
                    place=place,
                    key=problem.words,
                    allowed=", ".join(loops or ()) or "–",
                )
            case "code":
                return env._(
                    "%(place)s: “%(words)s” is not allowed in a template. Write merge fields, "
                    "{%% if field %%} … {%% endif %%} and {%% for row in list %%} … "
                    "{%% endfor %%} only.",
                    place=place,
                    words=problem.words,
                )
            case "syntax":
                return env._(
                    "%(place)s: a merge field is not closed, or is cut by something else. "
                    "Type it again in one go, for example {{ %(example)s }}.",
                    place=place,
                    example=next(iter(keys), "date"),
                )
            case "field":
                return env._(
                    "%(place)s: the field of Word “%(words)s” is not allowed: it brings in or "
                    "asks something from outside the file. Remove it.",
                    place=place,
                    words=problem.words,
                )
            case "part":
                return env._(
                    "The file brings another document along (%(words)s): copy its text into "
                    "the file instead.",
                    words=problem.words,
                )
            case "place":
                return env._(
                    "Merge fields cannot stand in %(words)s: put them in the text, the header "
                    "or the footer.",
                    words=problem.words,
                )
            case "heavy":
                return env._(
                    "The file is too heavy to be filled in: a letter of some pages is meant, "
                    "without large tables of drawings. Make it simpler."
                )
        return env._(
            "The file could not be read as a document of Word: save it again as .docx."
        )

    @api.model
    def _docx_place(self, problem):
        env = self.env
        part = {
            "header": env._("In the header"),
            "footer": env._("In the footer"),
            "text": env._("In the text"),
        }.get(problem.part, env._("In the file"))
        if not problem.place:
            return part
        return env._("%(part)s, at “%(words)s”", part=part, words=problem.place)

    @api.model
    def _docx_allowed(self, keys, loops):
        names = [f"{{{{ {key} }}}} ({label})" for key, label in keys.items()]
        for name, loop in (loops or {}).items():
            names += [
                f"{{{{ row.{key} }}}} ({label}, {name})"
                for key, label in loop["keys"].items()
            ]
        return ", ".join(names) or "–"

    # ------------------------------------------------------------------
    # To PDF
    # ------------------------------------------------------------------
    @api.model
    def _to_pdf(self, content, extension):
        """Make a PDF of a text document, offline and within bounds.

        :param bytes content: a file that the intake let in
        :param str extension: ``docx`` or ``odt``
        :return: a PDF/A-2b file
        :rtype: bytes
        :raise UserError: LibreOffice is missing, hangs or cannot read the file
        """
        try:
            return office.to_pdf(content, extension)
        except office.Absent as error:
            raise UserError(
                self.env._(
                    "The document cannot be made: LibreOffice is not installed on the server. "
                    "The system administrator has to install the package libreoffice-writer."
                )
            ) from error
        except office.Hanging as error:
            _logger.warning("LibreOffice: %s", error)
            raise UserError(
                self.env._(
                    "The document was not made: LibreOffice did not answer in time. Try again "
                    "in a moment; if it happens again, make the template simpler."
                )
            ) from error
        except office.Failed as error:
            _logger.warning("LibreOffice: %s", error)
            raise UserError(
                self.env._(
                    "The document was not made: LibreOffice could not read the template. Open "
                    "it in Word, save it again as .docx and put that file in."
                )
            ) from error

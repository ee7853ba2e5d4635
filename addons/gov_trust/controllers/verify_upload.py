from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..lib.http import client_key, secure_headers
from .verify import PAGE

#: Files a source may send in a minute.
LIMIT, PERIOD = 10, 60
#: Seconds to wait when too many files are checked at once.
AGAIN = 15
MB = 1024 * 1024
MAX_FILE = 50 * MB
#: The form around the file.
MAX_BODY = MAX_FILE + 64 * 1024
#: Formats of an answer, and what a client that names none accepts.
FORMATS = {
    "page": "text/html",
    "json": "application/json",
    "xml": "application/xml",
    "pdf": "application/pdf",
}


class VerifyUploadController(http.Controller):
    """A signed PDF is sent, judged and forgotten: no attachment, no name in a log."""

    @http.route("/verify/upload", methods=["GET"], readonly=True, **PAGE)
    def ask(self, **_others):
        """Lead back to the form: an answer has no address of its own."""
        return secure_headers(request.redirect("/verify#report"))

    @http.route(
        "/verify/upload",
        methods=["POST"],
        csrf=False,
        gov_upload=True,
        max_content_length=MAX_BODY,
        **PAGE,
    )
    def upload(self, **_fields):
        """Judge the file of the form (field ``file``) and forget it.

        Answers in the format that the field ``format`` or ``Accept`` asks: ``page``,
        ``json``, ``xml`` (ETSI TS 119 102-2) or ``pdf``; ``fragment`` is the report
        alone, for our own script.
        """
        wait = request.env["gov.rate"]._hit(
            "verify.upload", client_key(request), LIMIT, PERIOD
        )
        if wait:
            return self._refused(
                429,
                request.env._(
                    "Too many files were sent from here. Wait %(seconds)s seconds, then "
                    "send the file again.",
                    seconds=wait,
                ),
                wait,
            )
        file, refusal = self._file()
        if refusal:
            return self._refused(*refusal)
        validation = request.env["gov.validation"]
        told = validation._validate(file) if validation._take_place() else None
        if told is None or told["state"] == "busy":
            return self._refused(
                503,
                request.env._(
                    "This site is checking other files: yours was not checked. Send it "
                    "again in a moment."
                ),
                AGAIN,
            )
        return self._answer(told, file)

    # ------------------------------------------------------------------
    # What came
    # ------------------------------------------------------------------
    def _file(self):
        """Return (stream of the one file, None), or (None, (status, sentence))."""
        http_request, _t = request.httprequest, request.env._
        if http_request.mimetype != "multipart/form-data":
            return None, (
                415,
                _t(
                    "No file came: send it as a form (multipart/form-data), in the field "
                    "“file”."
                ),
            )
        sent = [
            (name, file)
            for name, file in http_request.files.items(multi=True)
            if file.filename or file.content_length or file.stream.read(1)
        ]
        files = [file for name, file in sent if name == "file"]
        if not files and sent:
            return None, (
                400,
                _t("The file came in another field: send it in the field “file”."),
            )
        if not files:
            return None, (
                400,
                _t("No file came. Choose the PDF you received, then send it."),
            )
        if len(sent) > 1:
            return None, (
                400,
                _t("Several files came: one is checked at a time. Choose one."),
            )
        stream = files[0].stream
        size = stream.seek(0, 2)
        # A request that is tried again reads its file again.
        stream.seek(0)
        if not size:
            return None, (
                400,
                _t("This file is empty. Choose the PDF exactly as you received it."),
            )
        if size > MAX_FILE:
            return None, (413, self._large())
        return stream, None

    def _large(self):
        return request.env._(
            "This file is larger than %(limit)s MB: it was not checked. With its digest "
            "it can be compared whatever its size: choose it under “With the file”.",
            limit=MAX_FILE // MB,
        )

    def _too_large(self):
        """Answer for a body that was larger than allowed, not read to its end."""
        return self._refused(413, self._large())

    # ------------------------------------------------------------------
    # What goes
    # ------------------------------------------------------------------
    def _format(self):
        """Return the format asked for: that of the form, else what is accepted."""
        asked = request.httprequest.form.get("format", "")
        if asked in FORMATS or asked == "fragment":
            return asked
        best = request.httprequest.accept_mimetypes.best_match(
            list(FORMATS.values()), default="text/html"
        )
        return next(name for name, kind in FORMATS.items() if kind == best)

    def _answer(self, told, file):
        validation = request.env["gov.validation"]
        wanted = self._format()
        if wanted == "json":
            receipt = validation._receipt(told, file)
            return self._json(validation._verdict_object(told, receipt))
        if wanted == "xml":
            if not told.get("etsi_xml"):
                return self._refused(
                    422,
                    request.env._(
                        "There is no report in XML for this file: it carries no signature "
                        "that could be read."
                    ),
                )
            return self._download(told["etsi_xml"], "application/xml", "report.xml")
        if wanted == "pdf":
            return self._pdf(told)
        report = validation._report(told)
        if wanted == "fragment":
            panel = request.env["ir.qweb"]._render(
                "gov_trust.verify_report", {"report": report, "again": True}
            )
            return secure_headers(request.make_response(panel))
        return secure_headers(
            request.render("gov_trust.verify_page", {"told": None, "report": report})
        )

    def _pdf(self, told):
        try:
            pdf = request.env["gov.validation"]._report_pdf(told, request.env.lang)
        except UserError as error:
            # No key, no font: a sentence for people, and the report as a page remains.
            return self._refused(503, error.args[0], PERIOD)
        if pdf is None:
            return self._refused(
                422,
                request.env._(
                    "This site makes no reports in PDF. Print the page, or take the "
                    "report in XML."
                ),
            )
        return self._download(pdf, "application/pdf", "report.pdf")

    def _download(self, content, kind, name):
        headers = [
            ("Content-Type", kind),
            ("Content-Disposition", f'attachment; filename="{name}"'),
        ]
        return secure_headers(request.make_response(content, headers))

    def _refused(self, status, sentence, wait=None):
        """Answer that nothing was checked, and why, in the format asked for."""
        accepts = request.httprequest.accept_mimetypes
        if accepts.best_match(["text/html", "application/json"]) == "application/json":
            validation = request.env["gov.validation"]
            response = self._json(validation._refusal_object(sentence), status)
        else:
            response = secure_headers(
                request.render(
                    "gov_trust.verify_page",
                    {"told": None, "refusal": sentence},
                    status=status,
                )
            )
        if wait:
            response.headers["Retry-After"] = str(wait)
        return response

    def _json(self, told, status=200):
        return secure_headers(request.make_json_response(told, status=status))

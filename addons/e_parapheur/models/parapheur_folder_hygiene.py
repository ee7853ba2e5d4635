from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import hygiene, placement
from odoo.addons.gov_trust.exceptions import SealRefused


class ParapheurFolder(models.Model):
    """The gate of documents: each main document is examined and made clean before it circulates (S7)."""

    _inherit = "parapheur.folder"

    hygiene_ids = fields.One2many(
        "parapheur.hygiene", "folder_id", string="Check of the documents", readonly=True
    )

    def action_check_documents(self):
        """Examine the main documents of this draft as the submission will, and keep the report.

        :return: what :meth:`get_hygiene` returns
        :raise UserError: submitted already, or the check cannot run now
        :raise AccessError: not one's own draft
        """
        self.ensure_one()
        self._check_documents_open()
        self._examine_mains()
        return self.get_hygiene()

    def get_hygiene(self):
        """Return what was found in the main documents, as a reader shows it.

        :return: list, one a main document in order: ``{"document_id", "name", "checked"
            (False: not examined since it was added), "level" (``info``, ``changed``,
            ``warning``, ``refused`` or False), "digest" (SHA-256 of the report, or False),
            "rows": [{"level", "level_text", "page" (from 1; 0: the whole), "code",
            "sentence"}]}``
        :raise AccessError: the user may not read this folder
        """
        self.ensure_one()
        self.check_access("read")
        labels = dict(
            self.env["parapheur.hygiene"]
            ._fields["level"]
            ._description_selection(self.env)
        )
        return [
            {
                "document_id": document.id,
                "name": document.name,
                "checked": bool(rows),
                "level": rows[:1].level,
                "digest": rows and self._hygiene_digest(rows),
                "rows": [
                    {
                        "level": row.level,
                        "level_text": labels[row.level],
                        "page": row.page,
                        "code": row.code,
                        "sentence": row.sentence,
                    }
                    for row in rows
                ],
            }
            for document, rows in self._hygiene_rows()
        ]

    def _hygiene_rows(self):
        """(document, its rows about what was or will be submitted) for each main document."""
        originals = {piece.document_id: piece.original_id for piece in self.piece_ids}
        found = self.hygiene_ids.grouped("version_id")
        none = self.env["parapheur.hygiene"]
        return [
            (
                document,
                found.get(
                    originals.get(document) or document.current_version_id, none
                ).sorted(lambda row: (row.weight, row.page, row.id)),
            )
            for document in self._in_order(self.main_ids)
        ]

    @api.model
    def _hygiene_digest(self, rows):
        """SHA-256 of a report: what was found, in which file, whatever the language."""
        return hygiene.digest(
            [
                rows.version_id.sha256,
                [
                    [row.level, row.code, row.page, row.facts]
                    for row in rows.sorted("id")
                ],
            ]
        )

    def _hygiene_digest_of(self, piece):
        """SHA-256 of the report about a document in circuit; False for an earlier software."""
        rows = dict(self._hygiene_rows()).get(piece.document_id)
        return self._hygiene_digest(rows) if rows else False

    def _hygiene_summary(self, document):
        """Geometry, digests and tags of a document as it was examined; empty when it was not."""
        rows = dict(self._hygiene_rows()).get(document)
        return (rows and rows.filtered(lambda row: row.code == "pages").facts) or {}

    # ------------------------------------------------------------------
    # Examining
    # ------------------------------------------------------------------
    def _examine_mains(self):
        """Examine every main document that may be, and keep what was found.

        :return: {document: :class:`~odoo.addons.gov_base.lib.hygiene.Report`}
        """
        self.ensure_one()
        examined = {}
        # The report is the platform's; the right on the draft was checked.
        rows_sudo = self.env["parapheur.hygiene"].sudo()
        for document in self._in_order(self.main_ids):
            if self._document_problem(document):
                continue
            version = document.current_version_id
            report = examined[document] = self._examine(
                version._read_content(), document.name
            )
            if not report.refusal:
                self._tell_tags(document, report)
            rows_sudo._put(self, version, report)
        self.invalidate_recordset(["hygiene_ids"])
        return examined

    def _examine(self, content, name):
        """Examine one file; what somebody signed elsewhere is only looked at."""
        signed = placement.is_signed(content)
        try:
            report = hygiene.examine(
                content, self._nature_version()._tag_words(), clean=not signed
            )
        except hygiene.Busy as error:
            raise UserError(
                self.env._(
                    "%(file)s could not be examined now: the server is busy. Nothing was "
                    "changed, try again in a moment.",
                    file=name,
                )
            ) from error
        if signed and not report.refusal:
            self._tell_signers(report, content)
        return report

    def _tell_signers(self, report, content):
        """Say who signed a document before it came; its signatures are checked by gov_trust."""
        try:
            names = self.env["gov.sign"]._came_with(content, self.company_id)
        except SealRefused as refusal:
            report.refusal = "signed_broken"
            report.facts = {"reason": str(refusal.args[0]).rstrip(".")}
            return
        report.content = content
        report.rows.append(("signed", 0, {"count": len(names), "names": names}))

    def _tell_tags(self, document, report):
        """Say which tags do not place a block, or that there is none."""
        wanted = self._wanted(len(self._boxes_planned()))
        facts = {"pages": report.pages, "tags": report.tags}
        _fixed, _origins, notes = self._fixed(document, wanted, facts)
        report.rows += [(code, 0, {"names": tags}) for code, tags in notes]
        if not report.tags:
            report.rows.append(("tag_missing", 0, {}))

    def _hygiene_problems(self, examined):
        """Sentences: which documents may not circulate, and why."""
        rows = self.hygiene_ids.filtered(
            lambda row: row.level == "refused" and row.document_id in examined
        )
        return [
            self.env._(
                "%(file)s: %(problem)s", file=row.document_id.name, problem=row.sentence
            )
            for row in rows
        ]

    # ------------------------------------------------------------------
    # What was shown is what is closed
    # ------------------------------------------------------------------
    def _check_closed(self, item, pdf):
        """Raise unless a file is the closed form of what was signed.

        :param dict item: of :meth:`_final_inputs`
        :raise UserError: not closed, does not begin with what was signed, looks different
        """
        act = self.env["gov.sign"]._check(pdf, self.company_id)
        if not act.closed or not pdf.startswith(item["pdf"]):
            raise UserError(
                self.env._(
                    "%(file)s is not the closed form of what was signed: nothing was kept.",
                    file=item["filename"],
                )
            )
        self._check_shown(item["piece"], pdf)

    def _check_shown(self, piece, content):
        """Raise unless each page of a file looks as it was shown to the signers.

        :raise UserError: a page looks different, or this cannot be seen now
        """
        try:
            same = piece._shows_the_same(content)
        except (hygiene.Busy, ValueError) as error:
            raise UserError(
                self.env._(
                    "The pages of %(file)s could not be compared with what was shown.",
                    file=piece.document_id.name,
                )
            ) from error
        if not same:
            raise UserError(
                self.env._(
                    "The pages of %(file)s are not those that were shown to the signers: it "
                    "was not closed.",
                    file=piece.document_id.name,
                )
            )

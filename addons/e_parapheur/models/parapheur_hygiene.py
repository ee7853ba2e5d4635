from odoo import api, fields, models
from odoo.fields import Domain

LEVELS = [
    ("refused", "Refused"),
    ("warning", "To be looked at"),
    ("changed", "Made clean"),
    ("info", "For information"),
]
#: the heaviest first
WEIGHTS = {level: number for number, (level, _label) in enumerate(LEVELS)}


class ParapheurHygiene(models.Model):
    """One thing that was found in a main document before it circulates (S7, S12).

    Written by the folder's own methods only; whoever reads the folder reads it.
    """

    _name = "parapheur.hygiene"
    _description = "Check of a main document"
    _inherit = ["gov.document.access"]
    _order = "folder_id, document_id, weight, page, id"
    _rec_name = "code"
    _check_company_auto = True

    folder_id = fields.Many2one(
        "parapheur.folder",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="folder_id.company_id", store=True, readonly=True
    )
    document_id = fields.Many2one(
        "gov.document", required=True, readonly=True, ondelete="cascade", index=True
    )
    version_id = fields.Many2one(
        "gov.document.version",
        string="Examined",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    level = fields.Selection(LEVELS, required=True, readonly=True)
    weight = fields.Integer(readonly=True)
    page = fields.Integer(readonly=True, help="0 where it is not about one page.")
    code = fields.Char(required=True, readonly=True)
    facts = fields.Json(readonly=True)
    sentence = fields.Char(compute="_compute_sentence")

    @api.depends("code", "page", "facts", "level")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for row in self:
            row.sentence = row._sentence()

    def _put(self, folder, version, report):
        """Replace what is known of a document by a new report; call it as the platform.

        :param report: :class:`~odoo.addons.gov_base.lib.hygiene.Report`
        """
        document = version.document_id
        self.search(
            [("folder_id", "=", folder.id), ("document_id", "=", document.id)]
        ).unlink()
        return self.create(
            [
                {
                    "folder_id": folder.id,
                    "document_id": document.id,
                    "version_id": version.id,
                    "level": level,
                    "weight": WEIGHTS[level],
                    "page": page,
                    "code": code,
                    "facts": facts,
                }
                for level, code, page, facts in self._rows_of(report)
            ]
        )

    # ------------------------------------------------------------------
    # Who reads: whoever reads the folder
    # ------------------------------------------------------------------
    @api.model
    def _gov_visible_domain(self):
        return Domain(
            "folder_id", "in", self.env["parapheur.folder"]._search(Domain.TRUE)
        )

    def _gov_owner_references(self):
        # Read past the rights that are being computed.
        rows_sudo = self.sudo()
        return {row.id: ("parapheur.folder", row.folder_id.id) for row in rows_sudo}

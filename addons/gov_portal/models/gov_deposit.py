import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

UPLOAD_LIFE = timedelta(hours=24)
DRAFT_LIFE = timedelta(days=90)


class GovDeposit(models.Model):
    """A letter on its way in: a draft while the person writes, then the proof of sending.

    A draft holds what was typed and uploaded, so that nothing is lost by an error, a
    language change or a closed page. Once sent, what was typed lives in the letter alone
    and is erased here; the row stays as the key that makes a second sending of the same
    page answer the same receipt.
    """

    _name = "gov.deposit"
    _inherit = ["gov.document.owner"]
    _description = "Online deposit"
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "public_id"

    office_id = fields.Many2one(
        "registry.office", string="Desk", required=True, index=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        readonly=True,
    )
    subject_type_id = fields.Many2one(
        "registry.subject", string="Subject", readonly=True, index="btree_not_null"
    )
    has_subject_choice = fields.Boolean(readonly=True)
    state = fields.Selection(
        [("draft", "Being written"), ("submitted", "Sent")],
        default="draft",
        required=True,
        index=True,
        readonly=True,
    )
    lang = fields.Selection("_selection_lang", string="Language", readonly=True)
    token_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    browser_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    draft_values = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    file_ids = fields.One2many("gov.deposit.file", "deposit_id", readonly=True)
    has_files = fields.Boolean(readonly=True)
    seconds = fields.Integer(
        string="Time to write",
        readonly=True,
        help="Seconds between the first page and the sending. Very small values are "
        "those of programs.",
    )
    submitted_at = fields.Datetime(string="Sent at", readonly=True, index=True)
    letter_id = fields.Many2one(
        "registry.letter", readonly=True, index="btree_not_null"
    )
    receipt_id = fields.Many2one(
        "registry.receipt", readonly=True, index="btree_not_null"
    )
    public_id = fields.Char(string="Public reference", readonly=True, copy=False)
    track_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    control_digests = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

    _token_uniq = models.Constraint(
        "UNIQUE(token_digest)", "This draft already exists."
    )
    _letter_uniq = models.Constraint(
        "UNIQUE(letter_id)", "This letter already has its deposit."
    )
    _public_uniq = models.Constraint(
        "UNIQUE(public_id)", "This reference already exists."
    )
    _track_uniq = models.Constraint("UNIQUE(track_digest)", "This code already exists.")
    _sweep_idx = models.Index("(write_date) WHERE state = 'draft'")

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    def action_open_letter(self):
        """Open the letter that this deposit became.

        :return: window action
        """
        self.ensure_one()
        return self.letter_id._get_records_action()

    # ------------------------------------------------------------------
    # Sweeping what was never sent
    # ------------------------------------------------------------------

    @api.model
    def _sweep_drafts(self, limit=200):
        """Delete the uploads of drafts left for a day, and drafts left for 90 days."""
        now = fields.Datetime.now()
        old = self.search(
            [("state", "=", "draft"), ("write_date", "<", now - DRAFT_LIFE)],
            limit=limit,
        )
        idle_files = self.env["gov.deposit.file"].search(
            [
                ("deposit_id.state", "=", "draft"),
                ("create_date", "<", now - UPLOAD_LIFE),
                ("deposit_id.write_date", "<", now - UPLOAD_LIFE),
            ],
            limit=limit,
        )
        swept = len(old), len(idle_files)
        (idle_files | old.file_ids)._drop()
        old.unlink()
        _logger.info("swept %s idle drafts and %s idle uploads", *swept)
        if limit in swept:
            self.env.ref("gov_portal.ir_cron_gov_deposit_sweep")._trigger()
        return swept

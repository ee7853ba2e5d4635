from odoo import api, fields, models
from odoo.exceptions import UserError


class GovConsultation(models.Model):
    """Who opened which file, and when. Written by the download, changed by nobody."""

    _name = "gov.consultation"
    _description = "Consultation"
    _order = "id desc"
    _log_access = False
    _rec_name = "user_name"

    company_id = fields.Many2one(
        "res.company", string="Administration", readonly=True, index=True
    )
    # Plain numbers and copied names: deleting a user or a record takes nothing away from the log.
    user_id = fields.Integer("User id", readonly=True, index=True)
    user_name = fields.Char("User", readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Integer("Record id", readonly=True)
    version_id = fields.Integer("Version id", readonly=True)
    filename = fields.Char(readonly=True)
    read_at = fields.Datetime("Opened on", readonly=True, required=True)

    _record_idx = models.Index("(res_model, res_id)")

    @api.model
    def _log(self, version):
        """Record that the current user opens `version`."""
        # The reader has no right on the log; what is logged was checked by the caller.
        self_sudo = self.sudo()
        version_sudo = version.sudo()
        return self_sudo.create(
            {
                "company_id": version_sudo.company_id.id,
                "user_id": self.env.uid,
                "user_name": self.env.user.name,
                "res_model": version_sudo.document_id.res_model,
                "res_id": version_sudo.document_id.res_id,
                "version_id": version_sudo.id,
                "filename": version_sudo.filename,
                "read_at": fields.Datetime.now(),
            }
        )

    def write(self, vals):
        """Refused."""
        raise UserError(self.env._("The log of consultations cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of consultations cannot be changed."))

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import clean_context


class GovCircuitPart(models.AbstractModel):
    """A row of a run: read by whoever reads the run, written by its operations alone."""

    _name = "gov.circuit.part"
    _description = "Part of a document's circuit"
    _inherit = ["gov.document.access"]

    @api.model_create_multi
    def create(self, vals_list):
        # Defaults may come by RPC: they would put words in the mouth of somebody.
        # pylint: disable-next=context-overridden
        rows = self.with_context(clean_context(self.env.context))
        return super(GovCircuitPart, rows).create(vals_list).with_env(self.env)

    @api.model
    def _gov_visible_domain(self):
        return Domain("run_id", "in", self.env["gov.circuit.run"]._search(Domain.TRUE))

    def _gov_forbidden(self):
        """The rows of runs that the user may not read."""
        # Read past the rights that are being computed.
        rows_sudo = self.sudo()
        runs = self.env["gov.circuit.run"].browse(rows_sudo.run_id.ids)
        readable = set(runs._filtered_access("read")._ids)
        return self.browse(row.id for row in rows_sudo if row.run_id.id not in readable)

    def _gov_access_error(self):
        return self.env["gov.circuit.run"]._unreadable()

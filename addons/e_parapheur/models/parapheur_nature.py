from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.gov_base.lib import text


class ParapheurNature(models.Model):
    """A type of act: the circuit it follows, the form it carries, how long it is kept.

    Circuit and form are versioned by themselves; a folder keeps the versions it was
    submitted with, so that changing a nature never moves what is under way.
    """

    _name = "parapheur.nature"
    _description = "Nature of act"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    description = fields.Text(
        string="When to use it",
        translate=True,
        help="Shown to whoever starts a folder of this nature.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    circuit_id = fields.Many2one(
        "gov.circuit",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'published')]",
        help="Who gives opinion, visa and signature, and in which order.",
    )
    form_id = fields.Many2one(
        "gov.form",
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'published')]",
        help="What the folder says besides its documents: an amount, a beneficiary…",
    )
    confidentiality = fields.Selection(
        [
            ("normal", "People of the circuit, head of the unit, supervisors"),
            ("restricted", "People of the circuit only"),
        ],
        string="Who follows it",
        required=True,
        default="normal",
        help="Auditors read every folder.",
    )
    retention_years = fields.Integer(
        string="Kept (years)",
        default=10,
        help="How long a finished folder is kept, from the day it is closed.",
    )
    not_eligible = fields.Boolean(
        string="Not eligible for electronic signature",
        help="The law wants these acts on paper: folders go for opinion, visa and "
        "validation, and are refused when the circuit has a signature.",
    )
    not_eligible_reason = fields.Char(
        string="Because of", help="Law and article, shown with the refusal."
    )
    folder_count = fields.Integer(compute="_compute_folder_count", string="Folders")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_folder_count(self):
        folders = self.env["parapheur.folder"]
        counts = {}
        if folders.has_access("read"):
            counts = dict(
                folders._read_group(
                    [("nature_id", "in", self.ids)], ["nature_id"], ["__count"]
                )
            )
        for nature in self:
            nature.folder_count = counts.get(nature, 0)

    @api.constrains("retention_years")
    def _check_retention_years(self):
        for nature in self:
            if not 0 < nature.retention_years <= 1000:
                raise ValidationError(
                    self.env._(
                        "A folder is kept from 1 to 1,000 years: %(years)s was typed.",
                        years=nature.retention_years,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_vals(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._clean_vals(vals)
        return super().write(vals)

    @api.model
    def _clean_vals(self, vals):
        for name in ("name", "not_eligible_reason"):
            if vals.get(name):
                vals[name] = text.clean_line(vals[name]) or False

    def action_open_folders(self):
        """Open the folders of this nature that the user may see.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "e_parapheur.parapheur_folder_action"
        )
        return {**action, "domain": [("nature_id", "=", self.id)], "context": {}}

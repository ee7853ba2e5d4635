import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib import pattern
from .registry_office import DIRECTIONS


class RegistryRegister(models.Model):
    """One numbered series of an office: its incoming, outgoing or internal letters."""

    _name = "registry.register"
    _description = "Register"
    _inherit = ["registry.role.mixin", "gov.remembered", "mail.thread"]
    _order = "office_id, direction, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        required=True,
        tracking=True,
        help="Short code, unique in the office; it is part of the journal's name.",
    )
    office_id = fields.Many2one(
        "registry.office",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    direction = fields.Selection(DIRECTIONS, required=True, default="incoming")
    tz = fields.Selection(
        "_selection_tz",
        string="Time zone",
        required=True,
        default=lambda self: self._default_tz(),
        help="The year of a number is the year of the register's clock.",
    )
    number_pattern = fields.Char(
        required=True,
        default="{year}/{number:06d}",
        tracking=True,
        help="What a number looks like. Use {year}, {number} or {number:06d} for six "
        "digits, {office}, {register}, {direction}.",
    )
    number_preview = fields.Char(compute="_compute_number_preview")
    number_warning = fields.Char(compute="_compute_number_preview")
    journal_id = fields.Many2one(
        "gov.journal",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Append-only journal that holds every event of this register.",
    )
    year_ids = fields.One2many("registry.year", "register_id")
    closing_ids = fields.One2many("registry.closing", "register_id")
    has_entries = fields.Boolean(compute="_compute_has_entries")
    entry_count = fields.Integer(compute="_compute_entry_count")
    last_number = fields.Char(compute="_compute_entry_count")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(office_id, code)",
        "Another register of this office has the same code.",
    )

    @api.model
    def _default_tz(self):
        return self.env.company.gov_tz or "Africa/Casablanca"

    @api.depends("number_pattern", "code", "direction", "office_id.code", "tz")
    def _compute_number_preview(self):
        for register in self:
            register.number_warning = False
            try:
                register.number_preview = register._preview_number()
                if not pattern.has_year(register.number_pattern):
                    register.number_warning = self.env._(
                        "Without {year}, the same numbers come back every year."
                    )
            except pattern.PatternError as error:
                register.number_preview = False
                register.number_warning = register._pattern_sentence(error)

    def _compute_has_entries(self):
        # Evidence is counted whatever the reader may see: see SUDO list.
        entries_sudo = self.env["registry.entry"].sudo()
        for register in self:
            known = register._origin
            register.has_entries = bool(
                known
                and entries_sudo.search_count([("register_id", "=", known.id)], limit=1)
            )

    def _compute_entry_count(self):
        groups = self.env["registry.entry"]._read_group(
            [("register_id", "in", self.ids), ("sequence", "!=", False)],
            ["register_id"],
            ["__count"],
        )
        counts = {register.id: count for register, count in groups}
        for register in self:
            register.entry_count = counts.get(register.id, 0)
            last = self.env["registry.entry"].search(
                [("register_id", "=", register.id), ("sequence", "!=", False)],
                order="year desc, sequence desc",
                limit=1,
            )
            register.last_number = last.number or False

    @api.model
    def _selection_tz(self):
        return [(name, name) for name in pytz.common_timezones]

    @api.constrains("code")
    def _check_code(self):
        for register in self:
            if not pattern.slug(register.code) or len(register.code) > 16:
                raise ValidationError(
                    self.env._(
                        "The code “%(code)s” needs one to sixteen letters or digits "
                        "without accent, for example IN.",
                        code=register.code,
                    )
                )

    @api.constrains("number_pattern")
    def _check_number_pattern(self):
        for register in self:
            try:
                register._preview_number()
            except pattern.PatternError as error:
                raise ValidationError(register._pattern_sentence(error)) from error

    @api.constrains("office_id", "company_id")
    def _check_office_company(self):
        for register in self:
            if register.office_id.company_id != register.company_id:
                raise ValidationError(
                    self.env._(
                        "The register %(register)s and its office belong to two "
                        "administrations. Choose an office of %(company)s.",
                        register=register.name,
                        company=register.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            office = self.env["registry.office"].browse(vals.get("office_id"))
            if office.exists() and not vals.get("company_id"):
                vals["company_id"] = office.company_id.id
            if office.exists() and not vals.get("tz"):
                vals["tz"] = office.company_id.gov_tz or self._default_tz()
        registers = super().create(vals_list)
        registers._ensure_journal()
        return registers

    def write(self, vals):
        fixed = {"office_id", "company_id", "direction", "code", "tz"} & vals.keys()
        if fixed:
            for register in self.filtered("has_entries"):
                if any(self._value_changes(register, name, vals) for name in fixed):
                    raise UserError(
                        self.env._(
                            "The register %(register)s has lines: its office, code, "
                            "direction and time zone are part of them and cannot "
                            "change. Create another register.",
                            register=register.name,
                        )
                    )
        if "journal_id" in vals and not self.env.su:
            raise UserError(self.env._("The journal of a register is set once."))
        result = super().write(vals)
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands a register to an administration he may
            # not change.
            self.check_access("write")
        if "tz" in vals:
            # The sequencer reads the year by the journal's clock: one zone for both.
            for register_sudo in self.sudo():
                register_sudo.journal_id.tz = register_sudo.tz
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_entries(self):
        if self.filtered("has_entries"):
            raise UserError(
                self.env._(
                    "A register with lines is never deleted. Archive it: its lines "
                    "stay readable and it registers nothing more."
                )
            )

    @staticmethod
    def _value_changes(register, name, vals):
        current = register[name]
        return vals[name] != (current.id if hasattr(current, "_ids") else current)

    def action_open_entries(self):
        """Open the lines of this register.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "digital_registry.registry_entry_action"
        )
        return {**action, "domain": [("register_id", "=", self.id)]}

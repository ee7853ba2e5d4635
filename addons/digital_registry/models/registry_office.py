from odoo import Command, api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..lib import pattern

DIRECTIONS = [
    ("incoming", "Incoming"),
    ("outgoing", "Outgoing"),
    ("internal", "Internal"),
]
CHANNELS = [
    ("counter", "Counter"),
    ("post", "Post"),
    ("hand", "By hand"),
    ("email", "E-mail"),
    ("portal", "Online deposit"),
    ("exchange", "Another administration"),
    ("desk", "Made here"),
]


class RegistryOffice(models.Model):
    """A bureau d'ordre: the desk that receives, numbers and acknowledges letters."""

    _name = "registry.office"
    _description = "Mail office"
    _inherit = ["registry.role.mixin", "gov.remembered", "mail.thread"]
    _order = "company_id, code, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        tracking=True,
        help="Name as citizens read it, for example: Bureau d'ordre de Rabat-Agdal.",
    )
    code = fields.Char(
        required=True,
        tracking=True,
        help="Short code, in capitals, used in numbers and in the name of the journal. "
        "It cannot change once a letter is registered.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    unit_id = fields.Many2one(
        "hr.department",
        check_company=True,
        index="btree_not_null",
        help="Unit that answers for this office; it is printed on receipts.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        tracking=True,
        help="A closed office keeps its registers readable and registers nothing more.",
    )
    is_published = fields.Boolean(
        string="Receives deposits online",
        tracking=True,
        help="Shown in the public directory when the portal is installed.",
    )
    address = fields.Text(translate=True, help="Postal address printed on receipts.")
    phone = fields.Char()
    email = fields.Char()
    hours = fields.Text(string="Opening hours", translate=True)
    accepts = fields.Text(
        string="What it accepts",
        translate=True,
        help="One or two sentences for the person who hesitates between two offices.",
    )
    recourse = fields.Text(
        string="Ways of recourse",
        translate=True,
        help="Printed on receipts. Leave empty to print the sentence of the "
        "administration.",
    )
    receipt_bilingual = fields.Boolean(
        string="Receipts in two languages",
        default=True,
        help="Arabic beside French (or the depositor's language) on every receipt.",
    )
    register_ids = fields.One2many("registry.register", "office_id")
    register_count = fields.Integer(compute="_compute_register_count")
    subject_ids = fields.Many2many(
        "registry.subject",
        check_company=True,
        help="Subjects this office offers, with those that every office offers.",
    )
    own_subject_ids = fields.One2many(
        "registry.subject", "home_office_id", string="Subjects made for this office"
    )
    accepts_exchange = fields.Boolean(
        string="Receives letters of other administrations",
        default=True,
        tracking=True,
        help="Other administrations of this platform find the office by its name and "
        "send it their letters, which wait here until a registrar accepts them.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(company_id, code)",
        "Another office of this administration has the same code.",
    )

    @api.model
    def default_get(self, fields):
        """Propose the usual three registers in the form of a new office."""
        values = super().default_get(fields)
        if "register_ids" in fields and self.env.context.get("propose_registers"):
            registers = self.env["registry.register"]
            values["register_ids"] = [
                Command.create(vals) for vals in registers._usual_registers()
            ]
        return values

    @api.depends("register_ids")
    def _compute_register_count(self):
        for office in self:
            office.register_count = len(office.register_ids)

    @api.constrains("code")
    def _check_code(self):
        for office in self:
            if not pattern.slug(office.code) or len(office.code) > 16:
                raise ValidationError(
                    self.env._(
                        "The code “%(code)s” needs one to sixteen letters or digits "
                        "without accent, for example RABAT-AGDAL.",
                        code=office.code,
                    )
                )

    def write(self, vals):
        if {"code", "company_id"} & vals.keys():
            self._check_nothing_registered(vals)
        result = super().write(vals)
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands an office to an administration he may
            # not change.
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if self.register_ids.filtered("has_entries"):
            raise UserError(
                self.env._(
                    "This office has registered letters: its registers are kept. "
                    "Close the office instead."
                )
            )

    def unlink(self):
        # A subject that no office names is offered by all: those of this one are not.
        only_here = self.own_subject_ids.filtered(
            lambda subject: subject.office_ids <= self
        )
        only_here.active = False
        return super().unlink()

    def _check_nothing_registered(self, vals):
        for office in self.with_context(active_test=False):
            changed = any(
                vals[name]
                != (office[name].id if name == "company_id" else office[name])
                for name in ("code", "company_id")
                if name in vals
            )
            if changed and office.register_ids.filtered("has_entries"):
                raise UserError(
                    self.env._(
                        "The office %(office)s has registered letters: its code and "
                        "its administration are in their numbers and cannot change. "
                        "Create another office.",
                        office=office.name,
                    )
                )

    def action_create_registers(self):
        """Create the registers this office lacks: incoming, outgoing, internal.

        :return: True; existing registers are left as they are
        """
        registers = self.env["registry.register"]
        vals_list = []
        for office in self:
            present = set(office.register_ids.mapped("direction"))
            lacking = [
                direction
                for direction, _label in DIRECTIONS
                if direction not in present
            ]
            if lacking:
                vals_list += [
                    {
                        **vals,
                        "office_id": office.id,
                        "company_id": office.company_id.id,
                    }
                    for vals in registers._usual_registers(lacking)
                ]
        registers.create(vals_list)
        return True

    def action_open_registers(self):
        """Open the registers of this office.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "digital_registry.registry_register_action"
        )
        return {
            **action,
            "domain": [("office_id", "=", self.id)],
            "context": {"default_office_id": self.id},
        }

    def _get_register(self, direction="incoming"):
        """Return the open register of this office for ``direction``, or an empty set."""
        self.ensure_one()
        register_id = self._register_ids().get(direction)
        return self.env["registry.register"].browse(register_id)

    @tools.ormcache("self.id")
    def _register_ids(self):
        """Return {direction: id of the first active register of this office}."""
        # Remembered for everybody; the records themselves keep their rules.
        registers_sudo = self.env["registry.register"].sudo()
        return dict(
            registers_sudo._read_group(
                [("office_id", "=", self.id)], ["direction"], ["id:min"]
            )
        )

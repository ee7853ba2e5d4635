from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .registry_letter_circuit import KINDS


class DeskCircuitChoice(models.Model):
    """Which circuit is usual for which unit and category of letters."""

    _name = "desk.circuit.choice"
    _description = "Usual circuit of the desk"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    circuit_id = fields.Many2one(
        "gov.circuit",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        domain="[('company_id', '=', company_id), ('state', '=', 'published')]",
        help="Any version: the published one is used.",
    )
    purpose = fields.Selection(
        [("letter", "On the letter"), ("reply", "On the reply")],
        string="Where",
        required=True,
        default="letter",
        help="On the letter: opinions and visas before it is treated. On the reply: who "
        "validates it.",
    )
    unit_id = fields.Many2one(
        "hr.department",
        check_company=True,
        ondelete="cascade",
        index="btree_not_null",
        domain="[('company_id', '=', company_id)]",
        help="And the units below it. Empty: any unit.",
    )
    category_id = fields.Many2one(
        "registry.category",
        check_company=True,
        ondelete="cascade",
        index="btree_not_null",
        help="And the categories within it. Empty: any category.",
    )
    automatic = fields.Boolean(
        string="Starts by itself",
        help="As soon as a letter is dispatched to the unit. Otherwise it is proposed "
        "first.",
    )

    _once = models.UniqueIndex(
        "(company_id, circuit_id, purpose, COALESCE(unit_id, 0), "
        "COALESCE(category_id, 0))",
        "This circuit is there already for the same unit and category.",
    )

    @api.constrains("purpose", "automatic", "circuit_id")
    def _check_circuit(self):
        for choice in self:
            if choice.automatic and choice.purpose == "reply":
                raise ValidationError(
                    self.env._(
                        "A circuit on the reply starts when the reply is submitted: "
                        "only one on the letter starts by itself."
                    )
                )
            kinds = set(choice.circuit_id.step_ids.mapped("kind"))
            if not kinds <= KINDS:
                raise ValidationError(
                    self.env._(
                        "The circuit %(circuit)s has steps that are not of the desk: "
                        "choose one of opinions, visas and validations.",
                        circuit=choice.circuit_id.name,
                    )
                )
            chosen = choice.circuit_id.step_ids.filtered(
                lambda step: step.actor_rule == "chosen" and not step.user_ids
            )
            if choice.automatic and chosen:
                raise ValidationError(
                    self.env._(
                        "At the step “%(step)s” the sender chooses who acts: such a "
                        "circuit cannot start by itself.",
                        step=chosen[0].name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands a choice to an
            # administration he may not change.
            self.check_access("write")
        return result

    @api.model
    def _for_letter(self, letter, purpose, unit=None):
        """Return the choices for ``letter``, the closest first: category, then unit."""
        unit = unit or letter.desk_unit_id
        # The units above and the circuits are looked for, not shown.
        path = [int(one) for one in (unit.sudo().parent_path or "").split("/") if one]
        category = letter.sudo().category_id
        categories = (category | category.parent_id).ids
        choices_sudo = self.sudo().search(
            Domain("company_id", "=", letter.company_id.id)
            & Domain("purpose", "=", purpose)
            & Domain("unit_id", "in", [*path, False])
            & Domain("category_id", "in", [*categories, False])
        )

        def closeness(choice):
            units = path.index(choice.unit_id.id) + 1 if choice.unit_id else 0
            within = choice.category_id == category and bool(category)
            return -(2 * within + bool(choice.category_id)), -units, choice.sequence

        return choices_sudo.sorted(closeness).with_env(self.env)

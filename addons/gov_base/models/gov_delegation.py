from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib import formula, text

KINDS = [
    ("delegation", "Delegation of signature"),
    ("interim", "Interim"),
    ("po", "By order (P.O.)"),
]
STATES = [("draft", "Draft"), ("active", "In force"), ("revoked", "Revoked")]


class GovDelegation(models.Model):
    """The power to sign in the place of somebody: a legal act, with reference, scope and dates (B8).

    Who is merely a substitute (``gov.absence``) has none of it.
    """

    _name = "gov.delegation"
    _description = "Delegation of signature"
    _inherit = ["mail.thread", "gov.gated", "gov.document.owner"]
    _order = "date_from desc, id desc"
    _rec_name = "reference"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    kind = fields.Selection(KINDS, required=True, default="delegation", tracking=True)
    grantor_id = fields.Many2one(
        "res.users",
        string="Holder of the power",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        context={"active_test": False},
        tracking=True,
        help="In whose place it is signed.",
    )
    grantor_quality = fields.Char(
        "Function of the holder",
        required=True,
        translate=True,
        help="As it is printed: the Director General, the Head of…",
    )
    grantee_id = fields.Many2one(
        "res.users",
        string="Signs in that place",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id), ('id', '!=', grantor_id)]",
        tracking=True,
    )
    grantee_quality = fields.Char("Function of who signs", translate=True)
    reference = fields.Char(
        "Reference of the act",
        required=True,
        tracking=True,
        help="Number and date of the decision, as it is cited.",
    )
    act_date = fields.Date("Date of the act", required=True)
    date_from = fields.Date("In force from", required=True, tracking=True)
    date_to = fields.Date(
        "Until (included)", tracking=True, help="Empty: until it is revoked."
    )
    nature_ids = fields.Many2many(
        "gov.act.nature",
        string="Natures of acts",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Empty: every nature.",
    )
    unit_ids = fields.Many2many(
        "hr.department",
        "gov_delegation_unit_rel",
        "delegation_id",
        "unit_id",
        string="Units",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="With those below them. Empty: those that the holder heads.",
    )
    amount_max = fields.Monetary(
        "Up to the amount", help="Nothing: the act sets no amount."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    may_subdelegate = fields.Boolean(
        "The act allows to delegate further", tracking=True
    )
    parent_id = fields.Many2one(
        "gov.delegation",
        string="Under the delegation",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('state', '=', 'active'), "
        "('may_subdelegate', '=', True), ('grantee_id', '=', grantor_id)]",
        help="For somebody who holds the power by a delegation himself.",
    )
    child_ids = fields.One2many("gov.delegation", "parent_id")
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    revoked_on = fields.Datetime(readonly=True, copy=False)
    revoked_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )
    revoke_reason = fields.Char("Revoked because", readonly=True, copy=False)
    situation = fields.Selection(
        [
            ("draft", "Draft"),
            ("coming", "To come"),
            ("now", "In force"),
            ("over", "Ended"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_situation",
        search="_search_situation",
    )
    formula = fields.Char("Printed", compute="_compute_formula")

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A delegation ends on the day it begins, or later.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount_max >= 0)", "An amount is not negative."
    )
    _two_persons = models.Constraint(
        "CHECK (grantor_id <> grantee_id)",
        "Nobody delegates to himself: choose two persons.",
    )
    _grantee_idx = models.Index(
        "(company_id, grantee_id, date_from) WHERE state = 'active'"
    )

    @api.depends("reference", "grantee_id.name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for one in self:
            # Who signs in whose place is shown to everybody in the administration.
            name = one.sudo().grantee_id.name or ""
            parts = (name, kinds.get(one.kind), one.reference)
            one.display_name = " – ".join(part for part in parts if part)

    @api.depends("state", "date_from", "date_to", "company_id")
    def _compute_situation(self):
        for one in self:
            today = self.env["gov.absence"]._today(one.company_id)
            if one.state != "active":
                one.situation = one.state
            elif one.date_to and one.date_to < today:
                one.situation = "over"
            else:
                one.situation = "coming" if one.date_from > today else "now"

    @api.model
    def _search_situation(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env["gov.absence"]._today(self.env.company)
        active = Domain("state", "=", "active")
        meaning = {
            "draft": Domain("state", "=", "draft"),
            "revoked": Domain("state", "=", "revoked"),
            "coming": active & Domain("date_from", ">", today),
            "over": active & Domain("date_to", "<", today),
            "now": active & self._in_force_domain(today),
        }
        return Domain.OR(meaning.get(one, Domain.FALSE) for one in value)

    @api.model
    def _in_force_domain(self, day):
        return Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

    @api.depends("kind", "grantor_quality", "reference")
    @api.depends_context("lang")
    def _compute_formula(self):
        for one in self:
            one.formula = one._formula(self.env.lang or "fr_FR")

    def _formula(self, lang):
        """What is printed above the name, in the language of the letter.

        :param str lang: code of a language
        :return: for example “P/ le Directeur général, Par délégation (décision n° 12/2026)”
        """
        self.ensure_one()
        quality = self.with_context(lang=lang).grantor_quality or ""
        words = formula.formula(self.kind, lang or "fr")
        return (
            f"{formula.in_place_of(quality, lang or 'fr')}, {words} ({self.reference})"
        )

    @api.constrains("act_date", "date_from")
    def _check_not_backdated(self):
        for one in self:
            if one.date_from < one.act_date:
                raise ValidationError(
                    self.env._(
                        "The act is of %(act)s: it gives no power before that day, from "
                        "%(from)s on.",
                        act=format_date(self.env, one.act_date),
                        **{"from": format_date(self.env, one.date_from)},
                    )
                )

    @api.model
    def _clean_vals(self, vals):
        for name in ("reference", "grantor_quality", "grantee_quality"):
            if name in vals:
                vals[name] = text.clean_line(vals[name]) or False
        return vals

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

#: longest absence, in days: beyond, somebody typed a wrong year
LONGEST = 731
NATURES = [
    ("all", "Everything"),
    ("work", "Letters and files only"),
    ("circuits", "Opinions, visas and validations only"),
]


class GovAbsence(models.Model):
    """A person is away from one day to another, and who handles the baskets meanwhile (B8).

    It hands on work, for a time: never the power to sign, which is a legal act (``gov.delegation``). Why somebody is away
    is not written here.
    """

    _name = "gov.absence"
    _description = "Absence"
    _inherit = ["mail.thread", "mail.activity.mixin", "gov.gated"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who is away",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    substitute_id = fields.Many2one(
        "res.users",
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id), ('id', '!=', user_id)]",
        tracking=True,
        help="Handles the baskets of this person meanwhile. Nobody: the head of the unit, else "
        "the one above.",
    )
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date("To (included)", required=True, tracking=True)
    unit_id = fields.Many2one(
        "hr.department",
        string="Only for the unit",
        check_company=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        tracking=True,
        help="With those below it. Empty: everything the person has. Steps of circuits, which "
        "are asked of a person and not of a unit, are handed on only when it is empty.",
    )
    nature = fields.Selection(
        NATURES, string="What is handed on", required=True, default="all", tracking=True
    )
    state = fields.Selection(
        [
            ("proposed", "To confirm"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="confirmed",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    origin = fields.Selection(
        [
            ("person", "The person"),
            ("above", "Somebody above"),
            ("admin", "The functional administrator"),
            ("time_off", "Approved time off"),
        ],
        "Set by",
        required=True,
        default="person",
        readonly=True,
        copy=False,
    )
    situation = fields.Selection(
        [
            ("proposed", "To confirm"),
            ("coming", "To come"),
            ("now", "Now"),
            ("over", "Over"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_situation",
        search="_search_situation",
    )
    sentence = fields.Char("Who stands in", compute="_compute_sentence")

    _dates_ordered = models.Constraint(
        "CHECK (date_to >= date_from)",
        "An absence ends on the day it begins, or later.",
    )
    _coming_idx = models.Index(
        "(company_id, user_id, date_to) WHERE state = 'confirmed'"
    )

    @api.depends("user_id", "date_from", "date_to")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = self.env._(
                "%(name)s, %(from)s – %(to)s",
                # Names of colleagues are shown to everybody in the administration.
                name=absence.sudo().user_id.name or "",
                **{
                    "from": format_date(self.env, absence.date_from),
                    "to": format_date(self.env, absence.date_to),
                },
            )

    @api.model
    def _today(self, company):
        """The day it is in this administration."""
        # The zone of an administration is no secret of it.
        zoned = self.with_context(tz=company.sudo().gov_tz)
        return fields.Date.context_today(zoned)

    @api.depends("state", "date_from", "date_to", "company_id")
    def _compute_situation(self):
        for absence in self:
            today = self._today(absence.company_id)
            if absence.state != "confirmed":
                absence.situation = absence.state
            elif not absence.date_from or not absence.date_to:
                # Being written.
                absence.situation = "coming"
            elif absence.date_to < today:
                absence.situation = "over"
            else:
                absence.situation = "coming" if absence.date_from > today else "now"

    @api.model
    def _search_situation(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._today(self.env.company)
        confirmed = Domain("state", "=", "confirmed")
        meaning = {
            "proposed": Domain("state", "=", "proposed"),
            "cancelled": Domain("state", "=", "cancelled"),
            "coming": confirmed & Domain("date_from", ">", today),
            "over": confirmed & Domain("date_to", "<", today),
            "now": confirmed
            & Domain("date_from", "<=", today)
            & Domain("date_to", ">=", today),
        }
        return Domain.OR(meaning.get(one, Domain.FALSE) for one in value)

    @api.depends("user_id", "substitute_id", "date_from", "date_to", "unit_id", "state")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for absence in self:
            if not absence.date_to or absence.situation not in ("coming", "now"):
                absence.sentence = False
                continue
            day = max(absence.date_from, self._today(absence.company_id))
            nature = "circuits" if absence.nature == "circuits" else "work"
            absence.sentence = self._substitute(
                absence.user_id,
                on=day,
                unit=absence.unit_id,
                company=absence.company_id,
                nature=nature,
            )[1]

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        for absence in self:
            if (absence.date_to - absence.date_from).days >= LONGEST:
                raise ValidationError(
                    self.env._(
                        "From %(from)s to %(to)s is more than two years: check the dates.",
                        **{
                            "from": format_date(self.env, absence.date_from),
                            "to": format_date(self.env, absence.date_to),
                        },
                    )
                )

    @api.constrains(
        "user_id", "company_id", "date_from", "date_to", "unit_id", "nature", "state"
    )
    def _check_once(self):
        """Two substitutes for the same thing at the same time: nobody would know who acts."""
        for absence in self.filtered(lambda one: one.state == "confirmed"):
            same = Domain("nature", "in", ("all", absence.nature))
            if absence.nature == "all":
                same = Domain.TRUE
            # Whoever sets the second one is told of the first, also where he could not open it.
            other = self.sudo().search(
                [
                    ("id", "!=", absence.id),
                    ("state", "=", "confirmed"),
                    ("user_id", "=", absence.user_id.id),
                    ("company_id", "=", absence.company_id.id),
                    ("date_from", "<=", absence.date_to),
                    ("date_to", ">=", absence.date_from),
                    ("unit_id", "=", absence.unit_id.id),
                ]
                + list(same)
            )[:1]
            if other:
                raise ValidationError(
                    self.env._(
                        "There is an absence at that time already: %(other)s. Change that "
                        "one, or choose other days, another unit or another kind of work.",
                        other=other.display_name,
                    )
                )

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ParapheurSecretary(models.Model):
    """Who prepares the desk of a signatory, from one day to another (S20).

    A secretary reads what waits for the signatory and is not restricted, puts it in order, says
    what is urgent and places the blocks. It never gives the right to act: no step asks a secretary.
    """

    _name = "parapheur.secretary"
    _description = "Secretary of a signatory"
    _inherit = ["gov.gated"]
    _order = "date_from desc, id desc"
    _rec_name = "secretary_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    signatory_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Whose desk is prepared.",
    )
    secretary_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who prepares it.",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env["gov.absence"]._today(self.env.company),
    )
    date_to = fields.Date("To", help="Without it, until it is ended.")
    ended_at = fields.Datetime("Ended on", readonly=True, copy=False)
    situation = fields.Selection(
        [("coming", "To come"), ("now", "Prepares the desk"), ("over", "Over")],
        compute="_compute_situation",
        search="_search_situation",
    )

    @api.depends("signatory_id", "secretary_id")
    def _compute_display_name(self):
        for row in self:
            # Names of colleagues are shown to everybody in the administration.
            row_sudo = row.sudo()
            row.display_name = self.env._(
                "%(secretary)s for %(signatory)s",
                secretary=row_sudo.secretary_id.name or "",
                signatory=row_sudo.signatory_id.name or "",
            )

    @api.depends("date_from", "date_to", "ended_at", "company_id")
    def _compute_situation(self):
        for row in self:
            today = self.env["gov.absence"]._today(row.company_id)
            if row.ended_at or (row.date_to and row.date_to < today):
                row.situation = "over"
            else:
                later = not row.date_from or row.date_from > today
                row.situation = "coming" if later else "now"

    @api.model
    def _search_situation(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env["gov.absence"]._today(self.env.company)
        over = Domain("ended_at", "!=", False) | Domain("date_to", "<", today)
        meaning = {
            "over": over,
            "coming": ~over & Domain("date_from", ">", today),
            "now": ~over & Domain("date_from", "<=", today),
        }
        return Domain.OR(meaning.get(one, Domain.FALSE) for one in value)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(row.date_to and row.date_to < row.date_from for row in self):
            raise ValidationError(
                self.env._("The last day is before the first one: check the dates.")
            )

    @api.constrains("signatory_id", "secretary_id", "company_id")
    def _check_people(self):
        for row in self:
            if row.signatory_id == row.secretary_id:
                raise ValidationError(
                    self.env._("Nobody is his own secretary: choose another person.")
                )
            people = row.signatory_id | row.secretary_id
            there = self.env["gov.access"]._present(people, row.company_id)
            for person in people:
                if person not in there or not person.has_group(
                    "e_parapheur.group_e_parapheur_agent"
                ):
                    # Only names of this administration are told to who designs its desks.
                    person_sudo = (person & there).sudo()
                    raise ValidationError(
                        self.env._(
                            "%(name)s has no role in the signature book of %(company)s: "
                            "choose somebody who has.",
                            name=person_sudo.name or self.env._("This person"),
                            company=row.company_id.display_name,
                        )
                    )

    @api.constrains("signatory_id", "secretary_id", "date_from", "date_to", "ended_at")
    def _check_once(self):
        """Two rows for the same two persons at the same time: ending one would change nothing."""
        for row in self.filtered(lambda one: not one.ended_at):
            domain = Domain("id", "!=", row.id) & Domain(
                [
                    ("signatory_id", "=", row.signatory_id.id),
                    ("secretary_id", "=", row.secretary_id.id),
                    ("company_id", "=", row.company_id.id),
                    ("ended_at", "=", False),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", row.date_from),
                ]
            )
            if row.date_to:
                domain &= Domain("date_from", "<=", row.date_to)
            # Whether there is another row is asked past what the caller may read.
            if self.sudo().search_count(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(name)s prepares this desk already at those dates: change or end "
                        "that line instead.",
                        name=row.secretary_id.sudo().name,
                    )
                )

    # ------------------------------------------------------------------
    # Asked by the rules at each question
    # ------------------------------------------------------------------
    @api.model
    def _signatories(self, user):
        """The signatories whose desk `user` prepares today, by administration.

        :return: ``{company id: [user id, …]}``
        """
        # Whose secretary a person is is asked about himself.
        rows_sudo = self.sudo().search(
            Domain("secretary_id", "=", user.id)
            & Domain("ended_at", "=", False)
            & Domain("company_id", "in", user.sudo().company_ids.ids)
        )
        # Day by the zone of each administration.
        return {
            company.id: rows.signatory_id.ids
            for company, rows in rows_sudo.filtered(lambda row: row.situation == "now")
            .grouped("company_id")
            .items()
        }

    @api.model
    def _secretaries(self, signatories, company):
        """Who prepares the desk of one of `signatories` in `company` today."""
        # Names of secretaries are shown to those who read a folder.
        rows_sudo = self.sudo().search(
            [
                ("signatory_id", "in", signatories.ids),
                ("company_id", "=", company.id),
                ("ended_at", "=", False),
            ]
        )
        live = rows_sudo.filtered(lambda row: row.situation == "now")
        return self.env["res.users"].browse(live.secretary_id.ids)

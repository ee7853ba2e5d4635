from odoo import api, fields, models
from odoo.exceptions import AccessError


class GovPersonInvite(models.TransientModel):
    """Asks what an invitation needs; ``gov.person`` decides and does it."""

    _name = "gov.person.invite"
    _description = "Invitation of a person"

    name = fields.Char(required=True)
    email = fields.Char(
        "E-mail",
        required=True,
        help="The invitation goes there, and the person signs in with it.",
    )
    allowed_company_ids = fields.Many2many("res.company", compute="_compute_allowed")
    company_id = fields.Many2one(
        "res.company",
        "Administration",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    unit_id = fields.Many2one(
        "hr.department",
        domain="[('company_id', '=', company_id)]",
    )
    job_title = fields.Char("Function")
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        required=True,
        default=lambda self: self.env.lang or self.env.user.lang,
    )
    allowed_role_ids = fields.Many2many("res.groups", compute="_compute_allowed")
    role_ids = fields.Many2many(
        "res.groups",
        "gov_person_invite_role_rel",
        string="Roles",
        domain="[('id', 'in', allowed_role_ids)]",
    )

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends_context("uid")
    def _compute_allowed(self):
        for wizard in self:
            wizard.allowed_company_ids = self.env.user.company_ids
            wizard.allowed_role_ids = self.env["gov.person"]._grantable_roles()

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.unit_id.company_id != self.company_id:
            self.unit_id = False

    def action_invite(self):
        """Make the account, send the invitation, open the person.

        Where no mail can be sent, the address to hand over is shown once.

        :return: action for the web client
        :raise AccessError, UserError: what ``gov.person`` refuses
        """
        self.ensure_one()
        person = self.env["gov.person"]._invite(
            {
                "name": self.name,
                "email": self.email,
                "company": self.company_id,
                "unit": self.unit_id,
                "job_title": self.job_title,
                "lang": self.lang,
                "roles": self.role_ids,
            }
        )
        opened = {
            "type": "ir.actions.act_window",
            "res_model": "gov.person",
            "res_id": person.id,
            "views": [[self.env.ref("gov_base.gov_person_view_form").id, "form"]],
        }
        if person._send_invitation():
            return self._told(
                self.env._(
                    "%(name)s is invited: a mail was sent to %(address)s.",
                    name=person.name,
                    address=person.email,
                ),
                "success",
                opened,
            )
        try:
            link = person._first_link()
        except AccessError:
            return self._told(
                self.env._(
                    "%(name)s has an account, but the mail server did not take the "
                    "invitation: press “Send the invitation again” later.",
                    name=person.name,
                ),
                "warning",
                opened,
            )
        return self._show_link(person, link)

    @api.model
    def _told(self, message, kind, following):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "sticky": kind != "success",
                "next": following,
            },
        }

    @api.model
    def _show_link(self, person, link):
        """Open the dialog that shows the link; it is stored nowhere."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand this link to %(name)s", name=person.name),
            "res_model": "gov.person.link",
            "view_mode": "form",
            "target": "new",
            "context": {"default_person_id": person.id, "default_link": link},
        }

import logging
import re

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..lib.text import clean_line

_logger = logging.getLogger(__name__)

_ADDRESS = re.compile(r"[^\s@<>\"',;]+@[^\s@<>\"',;]+\.[^\s@<>\"',;]+")


class GovPerson(models.Model):
    """Somebody new: the account, the staff file, the invitation."""

    _inherit = "gov.person"

    def action_send_password(self):
        """Send a mail with which the person chooses a (new) password, to his own address.

        :return: a notification for the web client
        :raise AccessError: this person cannot be changed by the user
        :raise UserError: the mail could not be sent
        """
        self.ensure_one()
        self._check_change()
        if not self._send_invitation():
            raise UserError(
                self.env._(
                    "The mail to %(address)s was not sent: no outgoing mail server answers. "
                    "See Server check, or tell whoever runs the server.",
                    address=self.email,
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "A mail was sent to %(address)s.", address=self.email
                ),
            },
        }

    @api.model
    def _invite(self, vals):
        """Make the account and the staff file of somebody new.

        :param dict vals: ``name``, ``email`` (also the name to sign in with), ``company``,
            ``unit``, ``job_title``, ``lang``, ``roles``
        :return: the person; nothing is sent yet (``_send_invitation``)
        :raise AccessError: not a functional administrator of that administration, or a role
            that he does not give
        :raise UserError: the address is no address, or somebody signs in with it already
        """
        self._check_admin()
        company, unit, roles = vals["company"], vals["unit"], vals["roles"]
        self._check_place(company, unit)
        self._check_roles(roles)
        address = self._clean_address(vals["email"])
        self._check_free(address)
        agent = self.env.ref("base.group_user")
        # He has no right on accounts: a closed list of values is written for him.
        users_sudo = self.env["res.users"].sudo().with_context(no_reset_password=True)
        user_sudo = users_sudo.create(
            {
                "name": self._clean_name(vals["name"]),
                "login": address,
                "email": address,
                "lang": vals["lang"] or self.env.lang,
                "tz": company.gov_tz,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set((agent | roles).ids)],
            }
        )
        person = self.browse(user_sudo.id)
        person._make_staff_file(
            {
                "department_id": unit.id,
                "job_title": clean_line(vals["job_title"]) or False,
            }
        )
        person._note(
            "person.invited", roles=self._role_names(roles), unit=unit.id or None
        )
        return person

    def _send_invitation(self):
        """Odoo's own mail: an invitation before the first sign-in, else a new password.

        :return: whether the mail left this server
        """
        self.ensure_one()
        first = self.state == "invited"
        # The mail goes to the address of the account; the link is shown to nobody here.
        user_sudo = self.user_id.sudo().with_context(create_user=first)
        try:
            with self.env.cr.savepoint():
                kind = "signup" if first else "reset"
                user_sudo._action_reset_password(signup_type=kind)
        except (MailDeliveryException, OSError):
            _logger.info("The invitation of user %s could not be sent", user_sudo.id)
            return False
        self._note("person.mailed")
        return True

    def _first_link(self):
        """The address where somebody who never signed in chooses a password.

        Whoever has it is that person: it is handed over only where no mail can be sent,
        and ends with the first sign-in or after six days. Never for an account in use, nor
        for one that can do more than what a functional administrator gives.
        """
        self.ensure_one()
        self._check_change()
        checks_sudo = self.env["gov.server.check"].sudo()
        if (
            checks_sudo._has_mail_server()
            or self.state != "invited"
            or self._has_more()
        ):
            raise AccessError(
                self.env._(
                    "The password of %(name)s is chosen by mail only.", name=self.name
                )
            )
        # The token belongs to the account, which he may not read.
        partner_sudo = self.user_id.sudo().partner_id
        partner_sudo.signup_prepare(signup_type="signup")
        link = partner_sudo._get_signup_url_for_action()[partner_sudo.id]
        self._note("person.link")
        return link

    def _has_more(self):
        """Whether the account holds a group that a functional administrator cannot give."""
        agent = self.env.ref("base.group_user")
        # Which groups an account holds is read whoever asks; only the answer leaves.
        held = self.user_id.sudo().group_ids
        return bool(held - self._grantable_roles() - agent.sudo().all_implied_ids)

    @api.model
    def _clean_address(self, address):
        cleaned = clean_line(address).lower()
        if not _ADDRESS.fullmatch(cleaned):
            raise ValidationError(
                self.env._(
                    "Give one e-mail address in the form name@example.org: the invitation "
                    "goes there, and the person signs in with it."
                )
            )
        return cleaned

    @api.model
    def _check_free(self, address):
        # Addresses are unique on a platform: whether one is taken is asked whoever asks;
        # a name is told only of his own administration.
        rows = self.env.execute_query(
            SQL("SELECT id FROM res_users WHERE lower(login) = %s LIMIT 1", address)
        )
        if not rows:
            return
        known = self.env["res.users"].sudo().browse(rows[0][0])
        if known.company_id in self.env.user.company_ids:
            raise UserError(
                self.env._(
                    "%(name)s already has an account with %(address)s; look under “Left” if "
                    "it was closed.",
                    name=known.name,
                    address=address,
                )
            )
        raise UserError(
            self.env._(
                "%(address)s cannot be used for a new account. If the person comes from "
                "another administration, ask the system administrator.",
                address=address,
            )
        )

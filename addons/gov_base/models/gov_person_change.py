from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..lib.text import clean_line


class GovPerson(models.Model):
    """What a functional administrator does to people: closed lists of values, one event each."""

    _inherit = "gov.person"

    def _set_place(self, vals):
        """Change name, unit, function and language.

        :param dict vals: any of ``name`` (before the first sign-in), ``unit``,
            ``job_title``, ``lang``
        :raise AccessError: this person cannot be changed by the user
        :raise UserError: a unit of another administration, or a name in use
        """
        self.ensure_one()
        self._check_change()
        unit = vals.get("unit", self.unit_id)
        self._check_place(self.company_id, unit)
        before = self.unit_id
        # He has no right on accounts and staff files: closed lists of values.
        user_sudo = self.user_id.sudo()
        account = {"lang": vals["lang"]} if vals.get("lang") else {}
        if vals.get("name") and vals["name"] != self.name:
            account["name"] = self._new_name(vals["name"])
        if account:
            user_sudo.write(account)
        place = {"department_id": unit.id}
        if "job_title" in vals:
            place["job_title"] = clean_line(vals["job_title"]) or False
        staff_sudo = self._staff_sudo()
        if staff_sudo:
            staff_sudo.write(place)
        else:
            self._make_staff_file(place)
        self.invalidate_recordset()
        self._note("person.placed", before=before.id or None, unit=unit.id or None)

    def _set_roles(self, roles):
        """Give and take roles: afterwards the person holds these roles of the mail office.

        What other applications gave stays as it is.

        :param roles: ``res.groups`` records
        :raise AccessError: refused person or role
        """
        self.ensure_one()
        self._check_change()
        self._check_roles(roles)
        given, taken = roles - self.role_ids, self.role_ids - roles
        if not (given or taken):
            return
        # He has no right on accounts: only checked roles are linked and unlinked.
        user_sudo = self.user_id.sudo()
        user_sudo.write(
            {
                "group_ids": [
                    *(Command.link(role.id) for role in given),
                    *(Command.unlink(role.id) for role in taken),
                ]
            }
        )
        self.invalidate_recordset()
        self._note(
            "person.roles", given=self._role_names(given), taken=self._role_names(taken)
        )
        self._forget_after_commit()

    def _close(self, reason):
        """Close the account of somebody who leaves; roles end, what he did stays.

        :param str reason: why, for the journal
        """
        self.ensure_one()
        self._check_change()
        reason = clean_line(reason)
        if not reason:
            raise UserError(self.env._("Say in one line why the account is closed."))
        # He has no right on accounts and staff files: only this person is archived.
        user_sudo = self.user_id.sudo()
        staff_sudo = self._staff_sudo()
        user_sudo.active = False
        staff_sudo.active = False
        self.invalidate_recordset()
        self._note("person.closed", reason=reason)
        self._forget_after_commit()

    def _forget_after_commit(self):
        """Let no process go on with what it remembers of this account.

        Odoo forgets when the change is written: a request of that person which runs
        before the commit reads the old state again, and its session would live on.
        """
        registry = self.env.registry

        def forget():
            registry.clear_cache()
            registry.signal_changes()

        self.env.cr.postcommit.add(forget)

    def action_reopen(self):
        """Open a closed account again, with the roles it had.

        :return: True
        :raise AccessError: this person cannot be changed by the user
        """
        for person in self:
            person._check_change()
            # He has no right on accounts and staff files: only this person comes back.
            user_sudo = person.user_id.sudo()
            user_sudo.active = True
            person._staff_sudo().active = True
            person.invalidate_recordset()
            person._note("person.reopened")
        return True

    def _new_name(self, name):
        """A name is corrected until the person has signed in: acts and seals bear it after."""
        if self.state != "invited":
            raise UserError(
                self.env._(
                    "%(name)s signs acts under this name: only a system administrator "
                    "changes it.",
                    name=self.name,
                )
            )
        return self._clean_name(name)

    def _staff_sudo(self):
        """The staff file of this person in his administration, archived or not."""
        # He has no right on staff files; the callers write a closed list of values.
        staff_sudo = self.env["hr.employee"].sudo().with_context(active_test=False)
        return staff_sudo.search(
            [
                ("user_id", "=", self.user_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            order="active DESC, id",
            limit=1,
        )

    def _make_staff_file(self, place):
        # As in _staff_sudo: name and address are those of the account.
        staff_sudo = self.env["hr.employee"].sudo().with_company(self.company_id)
        staff_sudo.create(
            {
                "name": self.name,
                "user_id": self.user_id.id,
                "company_id": self.company_id.id,
                "work_email": self.email,
                **place,
            }
        )

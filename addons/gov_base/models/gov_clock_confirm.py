from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.text import clean_line


class GovClock(models.Model):
    """Confirming what the law says, and adapting a model."""

    _inherit = "gov.clock"

    def action_confirm(self, reference=None):
        """Confirm this rule for its administration: its legal effect may be printed from now on.

        Clocks that run with this version are confirmed too: their terms are the same.

        :param str reference: the text or decision relied on; without it, open the form that asks
        :return: True, or the window action of the form
        :raise AccessError: no right to change the rule
        :raise UserError: no reference, or the rule is a model
        """
        self.ensure_one()
        self._check_changeable()
        if reference is None:
            return self._open_dialog("confirm", self.env._("Confirm"))
        reference = clean_line(reference, 300)
        if not reference:
            raise UserError(
                self.env._(
                    "Give the reference of the text or decision that says so. Nothing "
                    "was confirmed."
                )
            )
        self._set_protected(
            confirmed=True,
            reference=reference,
            confirmed_by_id=self.env.uid,
            confirmed_at=fields.Datetime.now(),
        )
        self._tell_runs()
        return True

    def action_withdraw(self):
        """Withdraw the confirmation: no legal effect of this rule is printed any more.

        :return: True
        :raise AccessError: no right to change the rule
        """
        for clock in self:
            clock._check_changeable()
            clock._set_protected(
                confirmed=False,
                reference=False,
                confirmed_by_id=False,
                confirmed_at=False,
            )
            clock._tell_runs()
        return True

    def _tell_runs(self):
        """Let the running clocks of this very version follow its confirmation."""
        # The rule was allowed to change; its clocks belong to letters of many readers.
        runs_sudo = self.env["gov.clock.run"].sudo()
        runs_sudo.search(
            [
                ("clock_id", "=", self.id),
                ("clock_version", "=", self.version),
                ("state", "in", ("running", "suspended", "expired")),
                ("effect", "=", False),
            ]
        ).write({"confirmed": self.confirmed, "reference": self.reference})

    def action_adapt(self):
        """Copy this model for the user's administration, or open the copy that is there.

        :return: window action of the copy
        :raise AccessError: not the functional administrator
        """
        self.ensure_one()
        self.check_access("read")
        self.browse().check_access("create")
        if self.company_id:
            return self._open_form()
        company = self.env.company
        mine = self.search(
            [("company_id", "=", company.id), ("origin_id", "=", self.id)], limit=1
        )
        if not mine:
            mine = self.copy(
                {"company_id": company.id, "name": self.name, "code": self.code}
            )
            mine._set_protected(origin_id=self.id)
        return mine._open_form()

    def _check_changeable(self):
        self.ensure_one()
        self.check_access("read")
        if not self.company_id:
            raise UserError(
                self.env._(
                    "“%(name)s” is a model of the platform: adapt it for your "
                    "administration first, then confirm your own rule.",
                    name=self.name,
                )
            )
        self.check_access("write")
        if not (
            self.env.su or self.env.user.has_group("gov_base.group_gov_base_admin")
        ):
            raise AccessError(
                self.env._("Only the functional administrator confirms a legal length.")
            )

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _open_dialog(self, operation, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "gov.clock.dialog",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_clock_id": self.id,
                "default_operation": operation,
                "dialog_size": "medium",
            },
        }

import datetime

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..lib.trust import TIMESTAMP
from ..lib.tsp_ask import OWN
from .gov_tsa import GATE


class GovTsa(models.Model):
    """Which authorities are in use; a trust officer decides."""

    _inherit = "gov.tsa"

    def action_enable(self):
        """Use these authorities, once somebody said that they are trusted.

        :return: True
        :raise AccessError: the caller is not trust officer
        :raise UserError: no trust anchor would believe their timestamps
        """
        self._check_officer()
        for authority in self.filtered(lambda one: one.state != "enabled"):
            authority._check_ready()
            authority._gated_write("enabled")
        return True

    def action_disable(self):
        """Do not ask these authorities any more; what they stamped stays valid.

        :return: True
        :raise AccessError: the caller is not trust officer
        """
        self._check_officer()
        for authority in self.filtered(lambda one: one.state != "disabled"):
            authority._gated_write("disabled")
        return True

    def action_forget_password(self):
        """Forget the password of this authority.

        :return: True
        """
        self.ensure_one()
        return self.write({"password": ""})

    def _check_ready(self):
        if self.kind == OWN:
            if not self._own_is_on():
                raise UserError(
                    self.env._(
                        "The own authority is off. An operator of the platform turns it "
                        "on first (Trust ▸ Timestamps ▸ Own authority)."
                    )
                )
            return
        store = self.env["gov.anchor"]._store(self.company_id)
        now = datetime.datetime.now(datetime.UTC)
        if not any(
            TIMESTAMP in anchor.uses
            and not anchor.internal
            and not (anchor.until and anchor.until < now)
            for anchor in store.anchors
        ):
            raise UserError(
                self.env._(
                    "Nothing says that the timestamps of “%(name)s” are trusted: add its "
                    "root certificate with the use “timestamp” first (Trust ▸ "
                    "Certificates ▸ Trust anchors).",
                    name=self.name,
                )
            )

    def _gated_write(self, state):
        self.with_context(gov_tsa_gate=GATE).write({"state": state})
        self._tell(state, **self._facts())

    def _check_officer(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "gov_trust.group_gov_trust_officer"
        ):
            raise AccessError(
                self.env._("Only a trust officer decides about authorities.")
            )

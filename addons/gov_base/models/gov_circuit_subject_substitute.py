from odoo import models


class GovCircuitSubject(models.AbstractModel):
    """What a subject answers about who signs in the place of another person."""

    _inherit = "gov.circuit.subject"

    def _circuit_scope(self):
        """What a delegation of signature is compared with: ``unit``, ``nature`` (code of a ``gov.act.nature``), ``amount``, ``on``. Called as superuser."""
        return {"unit": self._circuit_unit()}

    def _circuit_delegations(self, step, grantor, grantee):
        """The acts in force by which `grantee` does `step` in the place of `grantor` here, the best first.

        :param step: ``gov.circuit.run.step`` of a kind that is delegated
        :param grantor: ``res.users`` who is asked
        :param grantee: ``res.users`` who would sign
        :return: ``gov.delegation``
        """
        self.ensure_one()
        # Unit, nature and amount are compared, whoever asks.
        scope = self.sudo()._circuit_scope()
        return self.env["gov.delegation"]._find(
            grantor, grantee, company=self.company_id, **scope
        )

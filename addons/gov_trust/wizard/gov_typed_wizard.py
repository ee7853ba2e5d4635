import base64
import binascii

from odoo import api, models
from odoo.exceptions import UserError


class GovTypedWizard(models.AbstractModel):
    """A wizard that is told secrets: they are used while it is made, and kept nowhere."""

    _name = "gov.typed.wizard"
    _description = "Wizard that keeps no secret"

    @api.model
    def _typed_names(self):
        """Names of the fields that never reach the database. Models override this."""
        return ()

    @api.model_create_multi
    def create(self, vals_list):
        """Make the wizard without what is secret, and do what it is for."""
        names = self._typed_names()
        typed = [{name: vals.get(name) for name in names} for vals in vals_list]
        # A copy: a request that met another one is run again with the same values.
        kept = [
            {name: value for name, value in vals.items() if name not in names}
            for vals in vals_list
        ]
        wizards = super().create(kept)
        for wizard, told in zip(wizards, typed, strict=True):
            wizard._apply(**told)
        return wizards

    def _apply(self, **typed):
        """Do what the wizard is for. Models override this."""
        raise NotImplementedError

    @api.model
    def _bytes(self, uploaded):
        """Bytes of a file as a form hands it over (base64)."""
        try:
            return base64.b64decode(uploaded or b"", validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            ) from error

    def _keep_key(self, key):
        """Remember the key this wizard made, to show it."""
        # Nobody writes these wizards once they are made.
        wizard_sudo = self.sudo()
        wizard_sudo.key_id = key.id

    def _show_key(self):
        """Open the key this wizard made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gov.key",
            "res_id": self.key_id.id,
            "views": [(False, "form")],
        }

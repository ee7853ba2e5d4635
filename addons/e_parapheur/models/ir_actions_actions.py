from odoo import models


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    def get_bindings(self, model_name):
        """Leave out “Send to the signature book” where no sending is in use in the administrations of the user.

        :param str model_name: technical name of a model
        :return: dict: type of binding -> list of actions
        """
        result = super().get_bindings(model_name)
        sources = self.env["parapheur.source"]
        if model_name not in sources._shown():
            return result
        if sources._used(model_name, self.env.companies):
            return result
        # Only the ids of our own buttons are compared.
        buttons = set(sources._button(model_name).ids)
        kept = {
            kind: [action for action in actions if action["id"] not in buttons]
            for kind, actions in result.items()
        }
        return {kind: actions for kind, actions in kept.items() if actions}

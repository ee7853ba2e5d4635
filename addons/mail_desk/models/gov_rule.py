from odoo import api, models


class GovRule(models.Model):
    """What happens to a letter at the desk, for rules."""

    _inherit = "gov.rule"

    @api.model
    def _rule_events(self):
        env = self.env
        labels = {
            "desk_registered": env._("a letter is registered"),
            "desk_dispatched": env._("a letter is dispatched"),
            "desk_returned": env._("a letter is returned"),
            "desk_refused": env._("a unit refuses a letter"),
            "desk_redirected": env._("a letter is redirected"),
            "desk_completed": env._("the sender completes a letter"),
            "desk_replied": env._("a reply to a letter is sent"),
            "desk_closed": env._("a letter is closed"),
        }
        own = {
            key: {"label": label, "model": "registry.letter"}
            for key, label in labels.items()
        }
        return {**super()._rule_events(), **own}

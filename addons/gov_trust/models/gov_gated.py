from odoo import api, models


class GovGated(models.AbstractModel):
    """A model with fields that only its actions change.

    Its ``create`` and ``write`` refuse them in the values they are given. A caller can also
    name them in his context (``default_state``): such defaults are not heard.
    """

    _name = "gov.gated"
    _description = "Model with protected fields"

    @api.model
    def _gated_names(self):
        """Names of the fields that only actions change. Models override this."""
        return frozenset()

    @api.model
    def default_get(self, fields):
        foreign = {f"default_{name}" for name in self._gated_names()}
        if foreign & self.env.context.keys():
            kept = {
                key: value
                for key, value in self.env.context.items()
                if key not in foreign
            }
            self = self.with_context(kept)  # pylint: disable=context-overridden
        return super().default_get(fields)

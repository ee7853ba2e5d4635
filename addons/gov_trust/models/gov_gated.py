from odoo import api, models
from odoo.exceptions import LockError, UserError


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

    def _check_transition(self, new):
        """Raise what ``_transition_refusal(new)`` of the model says of one of these."""
        for record in self:
            refusal = record._transition_refusal(new)
            if refusal:
                raise refusal

    def _lock_or_tell(self, sentence):
        """Take these rows until the transaction ends, and read them again.

        Of two persons who act at once the second one is told, and then reads what the first did.

        :param str sentence: what he is told
        :raise UserError: somebody else holds one of them
        """
        try:
            # Whoever acts may have no write access; the lock is the gate's own.
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(sentence) from error
        self.invalidate_recordset()

from odoo import api, fields, models
from odoo.exceptions import UserError


class GovCircuit(models.Model):
    """For which documents a circuit is: their fields are what its conditions look at."""

    _inherit = "gov.circuit"

    subject_model = fields.Selection(
        "_selection_subject_model",
        "For",
        help="Documents that go through it. Conditions and required fields need to know.",
    )
    no_self_approval = fields.Boolean(
        "The sender does not decide",
        help="A circuit in which its sender would agree to his own document does not start.",
    )

    @api.model
    def _selection_subject_model(self):
        """The kinds of documents that go through circuits, by their names."""
        names = self._subject_models()
        # Names of models are shown to who designs a circuit.
        models_sudo = self.env["ir.model"].sudo()
        return sorted(
            ((name, models_sudo._get(name).name) for name in names),
            key=lambda one: one[1],
        )

    @api.model
    def _subject_models(self):
        return [
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            and not model._transient
            and issubclass(model, self.env.registry["gov.circuit.subject"])
        ]

    def _subject_env(self):
        """The empty recordset of the documents this circuit is for, or None."""
        return self.env.get(self.subject_model)

    def _condition_model(self):
        """Name of the model that conditions of this circuit look at, or None: it must say what may be looked at."""
        model = self._subject_env()
        return self.subject_model if hasattr(model, "_rule_fields") else None

    def write(self, vals):
        result = super().write(vals)
        if "subject_model" in vals:
            self.step_ids._check_conditions()
            self.step_ids._check_keys()
        return result

    def _check_fits(self, subject):
        """Raise unless documents like ``subject`` may go through this circuit."""
        if self.subject_model and self.subject_model != subject._name:
            labels = dict(self._selection_subject_model())
            raise UserError(
                self.env._(
                    "The circuit %(name)s is made for other documents (%(kind)s). Choose "
                    "another circuit.",
                    name=self.name,
                    kind=labels.get(self.subject_model, self.subject_model),
                )
            )

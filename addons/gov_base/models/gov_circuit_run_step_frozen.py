from odoo import api, fields, models

from .gov_circuit_step_need import FROZEN


class GovCircuitRunStep(models.Model):
    """The frozen rules of a step: how many must agree, what it asks, whom it tells, why it was left out."""

    _inherit = "gov.circuit.run.step"

    quorum = fields.Integer("How many must agree", readonly=True)
    required_on_approve = fields.Json(readonly=True)
    required_on_refuse = fields.Json(readonly=True)
    due = fields.Date("Asked by", readonly=True)
    attachment_required = fields.Boolean(readonly=True)
    # [[id, name]] in order; {"users": ids, "group": id}
    replacements = fields.Json(readonly=True)
    told = fields.Json("Told when it is passed", readonly=True)
    conditions = fields.Json(readonly=True)
    condition_text = fields.Char("Only if", readonly=True, translate=True)
    left_out_code = fields.Char(readonly=True)
    left_out_args = fields.Json(readonly=True)

    def _again_values(self):
        """What a row that is done again keeps."""
        names = (*FROZEN, "due", "replacements", "told", "conditions", "condition_text")
        return {name: self[name] for name in names}

    def _copy_words(self, origin):
        """Keep name and condition in each language, as ``origin`` has them. Called as superuser."""
        for name in ("name", "condition_text"):
            words = origin._fields[name]._get_stored_translations(origin)
            self._update_field_translations(name, words or {})

    def _freeze_words(self, origin):
        """Keep name and condition of a step of a circuit in each language. Called as superuser."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        if len(languages) < 2:
            return
        names = origin._fields["name"]._get_stored_translations(origin)
        self._update_field_translations("name", names or {})
        if origin.conditions:
            words = {
                code: origin.with_context(lang=code)._condition_words()
                for code in languages
            }
            self._update_field_translations("condition_text", words)

    @api.model
    def _left_out_sentence(self, code, args, condition):
        """Why a step is not part of the way, in the reader's language."""
        if code == "condition":
            return self.env._(
                "Left out, because this is not so: %(condition)s", condition=condition
            )
        if code == "is_head":
            return self.env._(
                "Left out: the sender heads %(unit)s", unit=(args or {}).get("unit")
            )
        return self.env._("Left out")

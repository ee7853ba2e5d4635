from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_KEYS = 50
#: what a run copies from a step, and a step done again from the row before
FROZEN = (
    "quorum",
    "required_on_approve",
    "required_on_refuse",
    "attachment_required",
)
#: which list of the subject answers for which field of the step
KEY_LISTS = {
    "required_on_approve": "form_fields",
    "required_on_refuse": "form_fields",
}


class GovCircuitStep(models.Model):
    """What a step asks before it is passed, and who is told once it is."""

    _inherit = "gov.circuit.step"

    required_on_approve = fields.Json(
        "To fill in before agreeing",
        copy=True,
        help="Fields of the document's form that must be filled in by then.",
    )
    required_on_refuse = fields.Json("To fill in before refusing", copy=True)
    attachment_required = fields.Boolean(
        "A document must be attached",
        help="Whoever agrees has attached a document at this step.",
    )
    # A circuit has no day of its own; who asks by hand may name one.
    deadline_date = fields.Date("By", store=False, copy=False)
    notify_user_ids = fields.Many2many(
        "res.users",
        "gov_circuit_step_notify_rel",
        "step_id",
        "user_id",
        string="Persons told",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="They are told when the step is passed.",
    )
    notify_group_id = fields.Many2one(
        "res.groups",
        "Role told",
        ondelete="restrict",
        domain=lambda self: self._domain_group(),
    )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_keys()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if {*KEY_LISTS, "circuit_id"} & vals.keys():
            self._check_keys()
        return result

    def _check_keys(self):
        """Keep each list of keys in its canonical form, or refuse it."""
        for step in self:
            for name, listed in KEY_LISTS.items():
                clean = step._keys_clean(step[name], listed)
                if (step[name] or []) != clean:
                    step._write_plain({name: clean})

    def _keys_clean(self, keys, listed):
        if keys in (None, False, []):
            return []
        known = {one["key"] for one in self._subject_lists(listed)}
        texts = isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        if not texts or len(keys) > MAX_KEYS or not known.issuperset(keys):
            raise ValidationError(
                self.env._(
                    "Step “%(step)s”: a field that it asks for does not exist on these "
                    "documents. Remove it and pick it again.",
                    step=self.name,
                )
            )
        return list(dict.fromkeys(keys))

    def _subject_lists(self, name):
        """What the documents of this circuit offer to pick: ``form_fields`` or ``user_fields``, ``[{key, label}]``."""
        model = self.circuit_id._subject_env()
        if model is None:
            return []
        return getattr(model, f"_circuit_{name}")(self.company_id)

    def _write_plain(self, vals):
        """Write what was just checked, past the checks."""
        return super().write(vals)

    def _frozen(self):
        """Values of the row that a run keeps of this step."""
        # Whom to tell and who replaces is kept as accounts, whoever starts the circuit.
        step_sudo = self.sudo()
        replacements = [
            [user.id, user.name] for user in step_sudo.replacement_ids.user_id._origin
        ]
        told = step_sudo.notify_user_ids._origin.ids
        group = step_sudo.notify_group_id._origin.id
        return {
            **{name: self[name] for name in FROZEN},
            "due": self.deadline_date,
            "replacements": replacements or False,
            "told": {"users": told, "group": group} if told or group else False,
            "conditions": self.conditions or False,
            "condition_text": self.condition_text,
        }

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_WAYS = 30


class ParapheurNatureWay(models.Model):
    """Another circuit for some folders of a nature: the first whose conditions all hold is taken."""

    _name = "parapheur.nature.way"
    _description = "Circuit for some folders of a nature"
    _inherit = ["gov.condition"]
    _order = "version_id, sequence, id"
    _check_company_auto = True

    version_id = fields.Many2one(
        "parapheur.nature.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    circuit_id = fields.Many2one(
        "gov.circuit",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'published'), ('company_id', '=', company_id)]",
    )
    creation_circuit_id = fields.Many2one(
        "gov.circuit",
        string="Preparation circuit",
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'published'), ('company_id', '=', company_id)]",
    )
    sentence = fields.Char("Only if", compute="_compute_sentence")
    editor = fields.Json(compute="_compute_editor")

    def _condition_target(self):
        return "parapheur.folder"

    @api.depends("company_id", "version_id.form_id")
    @api.depends_context("lang")
    def _compute_editor(self):
        for way in self:
            company = way.company_id or way.version_id.company_id or self.env.company
            known = way._definitions(company)
            way.editor = {
                "fields": [
                    one
                    for one in way._condition_editor(way._condition_target(), company)
                    if one["key"] in known
                ]
            }

    @api.depends("conditions")
    @api.depends_context("lang")
    def _compute_sentence(self):
        memo = {}
        for way in self:
            definitions = way._definitions(way.company_id)
            parts = [
                self._condition_sentence(one, definitions[one["field"]], None, memo)
                for one in way.conditions or ()
                if one.get("field") in definitions
            ]
            way.sentence = (
                self._joined(parts, self.env._("%(before)s and %(last)s"))
                if parts
                else self.env._("always")
            )

    @api.depends("version_id", "sentence")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for way in self:
            # Whoever reads where a circuit is in use reads which folders take it.
            way.display_name = f"{way.version_id.display_name} – {way.sentence}"

    def _definitions(self, company):
        """What the conditions of this way may look at: the folder, and the form of the nature."""
        listed = self._condition_fields(self._condition_target(), company)
        # Questions are labels; whoever describes a nature reads them.
        questions_sudo = self.version_id.form_id.sudo()._current().field_ids
        known = {f"form:{key}" for key in questions_sudo.mapped("key")}
        return {
            key: definition
            for key, definition in listed.items()
            if key != "nature" and (not key.startswith("form:") or key in known)
        }

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        ways = super().create(vals_list)
        ways.version_id._check_draft()
        ways._check_conditions()
        for version in ways.version_id:
            if len(version.way_ids) > MAX_WAYS:
                raise ValidationError(
                    self.env._(
                        "A nature has %(limit)s other circuits at most: make two natures.",
                        limit=MAX_WAYS,
                    )
                )
        return ways

    def write(self, vals):
        self.version_id._check_draft()
        result = super().write(vals)
        self.version_id._check_draft()
        if {"conditions", "version_id"} & vals.keys():
            self._check_conditions()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.version_id._check_draft()

    def _write_plain(self, vals):
        """Write what was just checked, past the checks."""
        return super().write(vals)

    def _check_conditions(self):
        """Put conditions in their canonical form, or refuse them by name."""
        for way in self:
            clean = self._conditions_clean(
                way.conditions, self._condition_target(), way.company_id
            )
            if (way.conditions or []) != clean:
                way._write_plain({"conditions": clean})

    def _problems(self):
        """Sentences that say why this way could not work."""
        self.ensure_one()
        if not self.conditions:
            return [
                self.env._(
                    "The circuit %(circuit)s is for some folders only: say for which, or "
                    "make it the circuit of the nature.",
                    circuit=self.circuit_id.name or "",
                )
            ]
        try:
            self._conditions_clean(
                self.conditions, self._condition_target(), self.company_id
            )
        except ValidationError as error:
            return [str(error)]
        definitions = self._definitions(self.company_id)
        if any(one["field"] not in definitions for one in self.conditions):
            return [
                self.env._(
                    "A condition of the circuit %(circuit)s looks at a field that the form "
                    "of this nature does not ask: remove it, or choose that form.",
                    circuit=self.circuit_id.name,
                )
            ]
        return []

    def _fits(self, folder):
        """Whether a folder takes this way: every condition holds."""
        self.ensure_one()
        verdicts = self._conditions_test(self.conditions, folder)
        return bool(verdicts) and all(verdict.holds for verdict in verdicts)

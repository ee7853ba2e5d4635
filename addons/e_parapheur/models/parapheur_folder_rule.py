from odoo import api, models

#: what conditions look at: {key: kind}; the answers to the form come beside, as "form:<key>"
KINDS = {
    "nature": "record",
    "unit": "record",
    "sender": "record",
    "amount": "number",
    "title": "words",
    "language": "choice",
    "priority": "choice",
    "restricted": "flag",
}
RECORDS = {
    "nature": ("nature_id", "parapheur.nature"),
    "unit": ("unit_id", "hr.department"),
    "sender": ("initiator_id", "res.users"),
}


class ParapheurFolder(models.Model):
    """What conditions may look at on a folder: those of a nature, of a circuit, of a rule."""

    _name = "parapheur.folder"
    _inherit = ["gov.form.rule.subject", "parapheur.folder"]

    @api.model
    def _rule_labels(self):
        env = self.env
        return {
            **super()._rule_labels(),
            "nature": (env._("Nature of act"), env._("the nature")),
            "unit": (env._("Unit"), env._("the unit")),
            "sender": (env._("Sender"), env._("the sender")),
            "amount": (env._("Amount"), env._("the amount")),
            "title": (env._("Words of the title"), env._("the title")),
            "language": (env._("Language of the blocks"), env._("the language")),
            "priority": (env._("Order"), env._("the order")),
            "restricted": (env._("Restricted"), env._("“restricted”")),
        }

    @api.model
    def _rule_field(self, key, label, words, company):
        definition = super()._rule_field(key, label, words, company)
        if key in RECORDS:
            definition["model"] = RECORDS[key][1]
            definition["domain"] = (
                [["share", "=", False], ["company_ids", "in", [company.id]]]
                if key == "sender"
                else [["company_id", "in", [company.id, False]]]
            )
        if KINDS[key] == "choice":
            definition["options"] = self._rule_options(key)
        return definition

    @api.model
    def _rule_kinds(self):
        return {**super()._rule_kinds(), **KINDS}

    def _rule_found(self, key):
        if key == "unit":
            # Units may be hidden from the sender; only their places are compared.
            path = self.unit_id.sudo().parent_path or ""
            return [int(part) for part in path.split("/") if part]
        if key in RECORDS:
            return self[RECORDS[key][0]].ids
        if key == "amount":
            return self._amount_found()
        if key == "restricted":
            return self.is_restricted
        if key in ("language", "priority"):
            return [self[key]] if self[key] else []
        if key == "title":
            return self.title or ""
        return super()._rule_found(key)

    # ------------------------------------------------------------------
    # Rehearsal
    # ------------------------------------------------------------------
    def _rule_name(self):
        return self.reference

    def _rule_words(self):
        return self.title or ""

    def _rule_moment(self):
        return self.submitted_at or self.create_date

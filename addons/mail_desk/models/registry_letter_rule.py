from odoo import api, models

from .desk_event_rule import EVENTS

#: what rules look at: {key: kind}; own fields of forms come beside, as "form:<key>"
KINDS = {
    "category": "record",
    "nature": "record",
    "about": "record",
    "subject": "words",
    "text": "words",
    "sender": "words",
    "sender_kind": "choice",
    "office": "record",
    "direction": "choice",
    "channel": "choice",
    "language": "choice",
    "priority": "record",
    "keywords": "record",
    "for_unit": "record",
    "unit": "record",
    "closing": "choice",
    "late": "flag",
}
RECORDS = {
    "category": ("category_id", "registry.category"),
    "nature": ("nature_id", "registry.nature"),
    "about": ("subject_type_id", "registry.subject"),
    "office": ("office_id", "registry.office"),
    "priority": ("priority_id", "registry.priority"),
    "keywords": ("keyword_ids", "registry.keyword"),
    "for_unit": ("unit_id", "hr.department"),
    "unit": ("desk_unit_id", "hr.department"),
}
CHOICES = {
    "sender_kind": "sender_kind",
    "direction": "direction",
    "channel": "channel",
    "language": "language",
    "closing": "desk_closing",
}


class RegistryLetter(models.Model):
    """What rules may look at on a letter."""

    _name = "registry.letter"
    _inherit = ["gov.form.rule.subject", "registry.letter"]

    @api.model
    def _rule_labels(self):
        env = self.env
        return {
            **super()._rule_labels(),
            "category": (env._("Category"), env._("the category")),
            "nature": (env._("Nature"), env._("the nature")),
            "about": (env._("About"), env._("what it is about")),
            "subject": (env._("Words of the subject"), env._("the subject")),
            "text": (
                env._("Words of the subject or the text"),
                env._("the subject or the text"),
            ),
            "sender": (env._("Name of the correspondent"), env._("the correspondent")),
            "sender_kind": (
                env._("Kind of correspondent"),
                env._("the kind of correspondent"),
            ),
            "office": (env._("Office"), env._("the office")),
            "direction": (env._("Register"), env._("the register")),
            "channel": (env._("Received by"), env._("the way it was received")),
            "language": (env._("Language"), env._("the language")),
            "priority": (env._("Priority"), env._("the priority")),
            "keywords": (env._("Keyword"), env._("the keyword")),
            "for_unit": (
                env._("Unit named by the sender"),
                env._("the unit named by the sender"),
            ),
            "unit": (env._("Unit it is with"), env._("the unit it is with")),
            "closing": (env._("How it was closed"), env._("the way it was closed")),
            "late": (
                env._("Registered late"),
                env._("“registered after the day of arrival”"),
            ),
        }

    @api.model
    def _rule_field(self, key, label, words, company):
        definition = super()._rule_field(key, label, words, company)
        if key in RECORDS:
            definition["model"] = RECORDS[key][1]
            definition["domain"] = [["company_id", "in", [company.id, False]]]
        if key in CHOICES:
            options = self._rule_options(CHOICES[key])
            if key == "direction":
                options = [one for one in options if one["value"] != "outgoing"]
            definition["options"] = options
        return definition

    # ------------------------------------------------------------------
    # What is found on a letter
    # ------------------------------------------------------------------
    @api.model
    def _rule_kinds(self):
        return {**super()._rule_kinds(), **KINDS}

    def _rule_found(self, key):
        if key in RECORDS:
            return self._rule_found_records(self[RECORDS[key][0]])
        if key in CHOICES:
            value = self[CHOICES[key]]
            return [value] if value else []
        if key in KINDS:
            return getattr(self, f"_rule_found_{key}")()
        return super()._rule_found(key)

    def _rule_found_records(self, records):
        """Ids of these records and of those they are within."""
        if records._name == "hr.department":
            path = records._recall().parent_path or ""
            return [int(part) for part in path.split("/") if part]
        if records._name == "registry.category":
            return [*records.ids, *records._recall().parent_id.ids]
        return records.ids

    def _rule_found_subject(self):
        return self.subject or ""

    def _rule_found_text(self):
        return f"{self.subject or ''} {self.body or ''}"

    def _rule_found_sender(self):
        # Only whether the words of the rule are there is kept.
        parties_sudo = self.sudo().party_ids
        names = [self.sender_name, *parties_sudo.mapped("name")]
        names += parties_sudo.mapped("organisation")
        return " ".join(name for name in names if name)

    def _rule_found_late(self):
        # Whether the line is late is public to whoever works on the letter.
        return self.sudo().is_late

    # ------------------------------------------------------------------
    # Rehearsal
    # ------------------------------------------------------------------
    def _rule_name(self):
        return self.number or self.reference

    def _rule_words(self):
        return self.subject or ""

    def _rule_moment(self):
        return self.received_at or self.create_date

    @api.model
    def _rule_sample(self, event, company, limit):
        # A rehearsal shows numbers and reasons; the subject only to who may read the letter.
        letters_sudo = self.sudo()
        domain = [("company_id", "=", company.id), ("desk_state", "!=", False)]
        if kind := self._rule_event_kinds().get(event):
            domain.append(("desk_event_ids.kind", "in", kind))
        return letters_sudo.search(domain, limit=limit, order="id desc")

    @api.model
    def _rule_event_kinds(self):
        """{event of rules: kinds of lines of the timeline}; a registration has no line."""
        kinds = {}
        for kind, event in EVENTS.items():
            kinds.setdefault(event, []).append(kind)
        return kinds

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.text import clean_line
from .gov_form import MAX_NAME

#: (from, to) of a form
TRANSITIONS = {("draft", "published"), ("published", "retired")}
#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()

#: only ``action_*`` change these; the value each has on a form that is made
PROTECTED = {"state": "draft", "version": 1, "base_id": False}
#: fixed once published: what was asked stays as it was asked
FIXED = {"name", "company_id"}


class GovForm(models.Model):
    """States of a form: being prepared, in use, withdrawn. One gate."""

    _inherit = "gov.form"

    can_publish = fields.Boolean(compute="_compute_can")
    can_new_version = fields.Boolean(compute="_compute_can")
    can_retire = fields.Boolean(compute="_compute_can")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        for form in self:
            form.can_publish = not form._transition_refusal("published")
            form.can_retire = not form._transition_refusal("retired")
            form.can_new_version = not form._new_version_refusal()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_protected(vals)
        # Given one by one: a default of the context is a value nobody checked.
        fixed = {} if self._gate_is_open() else PROTECTED
        defaults = self.default_get(["name"])
        return super().create([{**defaults, **vals, **fixed} for vals in vals_list])

    def write(self, vals):
        self.check_access("write")
        self._check_protected(vals)
        result = super().write(self._clean_vals(vals))
        if "company_id" in vals:
            # rules are checked before a change: nobody hands a form to a company he may not change
            self.check_access("write")
        return result

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        self.check_access("write")
        if field_name == "name":
            translations = {
                lang: text and clean_line(text, MAX_NAME)
                for lang, text in translations.items()
            }
            self._check_translations(self, field_name, translations)
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        kept = self.filtered(lambda form: form.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "The form %(form)s was in use: what was filled in with it must stay readable, so it is not "
                    "deleted. Withdraw it: nobody is offered it any more.",
                    form=kept[0].display_name,
                )
            )

    def action_publish(self):
        """Put the form in use; the version that was in use before is withdrawn. It does not change any more.

        :raise UserError: it is not being prepared, has no field, or a choice has no option
        :raise AccessError: the user is not a functional administrator of this administration
        """
        for form in self:
            form._check_transition("published")
            form._check_complete()
            previous = form._current()
            previous._gated().state = "retired"
            previous.flush_recordset(["state"])
            form._gated().state = "published"
            form.flush_recordset(["state"])
        return True

    def action_retire(self):
        """Withdraw the form: it is offered no more, and what was filled in with it stays readable.

        :raise UserError: it is not in use
        :raise AccessError: the user is not a functional administrator of this administration
        """
        for form in self:
            form._check_transition("retired")
        self._gated().state = "retired"
        return True

    def action_new_version(self):
        """Open the next version of the form, to be changed and published; it starts as a copy of this one.

        :return: the action that shows it; when a next version is being prepared already, that one
        :raise UserError: the form is still being prepared
        :raise AccessError: the user is not a functional administrator of this administration
        """
        self.ensure_one()
        return self._new_version()._action_open()

    def _new_version(self):
        """The draft of the next version: the one there is, or a copy of this version."""
        self.ensure_one()
        refusal = self._new_version_refusal()
        if refusal:
            raise refusal
        lineage = self.search([("base_id", "=", self.base_id.id)])
        draft = lineage.filtered(lambda form: form.state == "draft")
        if draft:
            return draft
        vals = {
            "name": self.name,
            "base_id": self.base_id.id,
            "version": max(lineage.mapped("version")) + 1,
        }
        return self._gated().copy(vals).with_env(self.env)

    def _transition_refusal(self, new):
        """Return why this form cannot become ``new`` now, or None."""
        self.ensure_one()
        if not self._may_design():
            return self._design_refusal()
        if (self.state, new) in TRANSITIONS:
            return None
        if new == "published":
            return UserError(
                self.env._(
                    "The form %(form)s is not being prepared. To change it, make a new version and publish that one.",
                    form=self.display_name,
                )
            )
        return UserError(
            self.env._(
                "The form %(form)s is not in use: there is nothing to withdraw.",
                form=self.display_name,
            )
        )

    def _new_version_refusal(self):
        self.ensure_one()
        if not self._may_design():
            return self._design_refusal()
        if self.state == "draft":
            return UserError(
                self.env._(
                    "The form %(form)s is still being prepared: change it as it is.",
                    form=self.display_name,
                )
            )
        return None

    def _may_design(self):
        return self.env.su or self.env.user.has_group("gov_base.group_gov_base_admin")

    def _design_refusal(self):
        return AccessError(
            self.env._("Only a functional administrator designs forms. Ask yours.")
        )

    def _check_transition(self, new):
        self.check_access("write")
        refusal = self._transition_refusal(new)
        if refusal:
            raise refusal

    def _check_complete(self):
        """A form that asks nothing, or offers an empty choice, is of no use to anybody."""
        if not self.field_ids:
            raise UserError(
                self.env._(
                    "The form %(form)s asks nothing yet: add a field before you publish it.",
                    form=self.display_name,
                )
            )
        empty = self.field_ids.filtered(
            lambda field: field._is_choice() and not field.option_ids
        )
        if empty:
            raise UserError(
                self.env._(
                    "These choices offer nothing to choose: %(fields)s. Add their options before you publish the form.",
                    fields=", ".join(empty.mapped("label")),
                )
            )

    def _gated(self):
        """These forms with the right to change what the gate protects."""
        return self.with_context(gov_form_gate=GATE)

    @api.model
    def _gate_is_open(self):
        return self.env.context.get("gov_form_gate") is GATE

    def _check_protected(self, vals):
        """Refuse in create and write what only ``action_*`` methods change, and what is fixed once published."""
        if self._gate_is_open():
            return
        touched = PROTECTED.keys() & vals.keys()
        if any(self._changes(name, vals[name]) for name in touched):
            raise AccessError(
                self.env._(
                    "The state and the version of a form change only with its buttons: Publish, New version, Withdraw."
                )
            )
        if FIXED & vals.keys():
            frozen = self._frozen()
            if set(vals) & FIXED == {"name"}:
                frozen._check_translations(
                    frozen, "name", {self.env.lang or "en_US": vals["name"]}
                )
            else:
                frozen._refuse_frozen()

    def _changes(self, name, value):
        """Tell whether writing ``value`` changes field ``name`` (or sets it, at create)."""
        if not self:
            return (value or False) != PROTECTED[name]
        return any(
            value != (form[name].id if name == "base_id" else form[name])
            for form in self
        )

    def _frozen(self):
        return self.filtered(lambda form: form.state != "draft")

    def _frozen_unless_gated(self):
        return self.browse() if self._gate_is_open() else self._frozen()

    def _refuse_frozen(self):
        if self:
            raise UserError(
                self.env._(
                    "The form %(form)s is in use: its questions stay as they were asked. Only a translation that is "
                    "missing may be added. To change the form, make a new version.",
                    form=self[0].display_name,
                )
            )

    def _check_translations(self, records, field_name, translations):
        """Let a missing translation of a frozen form be added, and no other be changed.

        :param records: forms, fields or options that belong to these forms
        :param translations: language -> new text, or False to drop it
        """
        if not self._frozen() or self._gate_is_open():
            return
        field = records._fields[field_name]
        for record in records:
            stored = field._get_stored_translations(record) or {}
            for lang, text in translations.items():
                if not self._may_add_translation(stored, lang, text):
                    self._frozen()._refuse_frozen()

    @api.model
    def _may_add_translation(self, stored, lang, text):
        if text == stored.get(lang):
            return True
        # Odoo keeps what was typed first, in any language, as the English text too.
        others = [value for code, value in stored.items() if code != lang]
        if not others:
            return False  # nothing was asked there: what is new is not a translation
        missing = not stored.get(lang) or (lang == "en_US" and stored[lang] in others)
        return bool(text) and missing

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib import given
from ..lib.text import clean_line

KINDS = [("letter", "Letter"), ("note", "Note"), ("other", "Other text")]
MAX_SUBJECT = 300


class GovTemplate(models.Model):
    """A text that is written once and used many times: answers, requests for a missing piece, notes.

    It is a document of blocks (``gov_template_blocks``); what changes from letter to letter is a merge field,
    ``{{ key }}``, of a closed list. Templates without administration are models that everybody reads and adapts.
    """

    _name = "gov.template"
    _description = "Template"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
        help="Without administration, the template is a model to adapt.",
    )
    kind = fields.Selection(KINDS, required=True, default="letter")
    lang = fields.Selection(
        "_selection_lang",
        string="Language",
        required=True,
        default=lambda self: self._default_lang(),
        help="The language the text is written in.",
    )
    lang_direction = fields.Char(compute="_compute_lang_direction")
    subject = fields.Char(help="Subject of the letter. Merge fields may stand in it.")
    body = fields.Html(
        "Text",
        sanitize_style=False,
        help="The whole text of the document: what is searched. Writing it makes one block of text of it.",
    )
    origin_id = fields.Many2one(
        "gov.template",
        string="Adapted from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    version = fields.Integer(readonly=True, copy=False)
    version_ids = fields.One2many(
        "gov.template.version", "template_id", string="Versions", readonly=True
    )
    is_model = fields.Boolean(compute="_compute_is_model")

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _default_lang(self):
        codes = [code for code, _name in self._selection_lang()]
        return self.env.lang if self.env.lang in codes else codes[0]

    @api.depends("lang")
    def _compute_lang_direction(self):
        for template in self:
            lang = self.env["res.lang"]._get_data(code=template.lang or "en_US")
            template.lang_direction = lang.direction if lang else "ltr"

    @api.depends("company_id")
    def _compute_is_model(self):
        for template in self:
            template.is_model = not template.company_id

    @api.constrains("lang")
    def _check_lang(self):
        codes = {code for code, _name in self._selection_lang()}
        if any(template.lang not in codes for template in self):
            raise ValidationError(
                self.env._(
                    "A template is written in a language that is active: choose one of the list."
                )
            )

    @api.constrains("subject", "blocks", "kind", "second_lang")
    def _check_merge_fields(self):
        for template in self:
            refusal = template._merge_refusal()
            if refusal:
                raise ValidationError(refusal)

    @api.model_create_multi
    def create(self, vals_list):
        # A default of the context is checked as what is given.
        defaults = self.default_get(["name", "subject", "body", "blocks", "kind"])
        given = [
            {**self._document_defaults(defaults, vals), **vals} for vals in vals_list
        ]
        templates = super().create(
            [
                self._document_vals(self._clean_vals(vals), vals.get("kind"))
                for vals in given
            ]
        )
        templates._keep_version()
        return templates

    def write(self, vals):
        cleaned = self._clean_vals(vals)
        if "body" in cleaned and "blocks" not in cleaned:
            for template in self:
                super(GovTemplate, template).write(
                    template._document_vals(cleaned, template.kind, template.blocks)
                )
            result = True
        else:
            result = super().write(self._document_vals(cleaned, None))
        if "company_id" in vals:
            # rules are checked before a change: nobody hands a template to a company he may not change
            self.check_access("write")
        if {"subject", "body", "blocks", "second_lang"} & vals.keys():
            self._keep_version()
        return result

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        for template, vals in zip(self, copies, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=template.name)
            if "company_id" not in (default or {}):
                vals["company_id"] = template.company_id.id or self.env.company.id
        return copies

    def action_preview(self):
        """Show the page as it is printed, with sample values or with a record that the user chooses.

        :return: the action that shows it
        :raise AccessError: the user may not read this template
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["gov.template.preview"]._open({"template_id": self.id})

    def action_adapt(self):
        """Copy this template for the user's administration; when it was adapted already, open that one.

        :return: the action that shows the copy
        :raise AccessError: the user may not write templates of his administration
        """
        self.ensure_one()
        adapted = self._adapted(self.env.company) or self._adapt(self.env.company)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": adapted.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_restore_version(self, version_id):
        """Put an earlier text back; the text of now stays among the versions.

        :param int version_id: a `gov.template.version` of this template
        :raise UserError: it is not a version of this template
        :raise AccessError: the user may not write this template
        """
        self.ensure_one()
        version = self.env["gov.template.version"].search(
            [("id", "=", given.record_id(version_id)), ("template_id", "=", self.id)]
        )
        if not version:
            raise UserError(
                self.env._(
                    "This is no version of the template %(template)s: choose one in its list of versions.",
                    template=self.display_name,
                )
            )
        self.write(version._document())
        return True

    def action_restore_default(self):
        """Put back the text of the model this template was adapted from; the text of now stays among the versions.

        :raise UserError: it was adapted from no model
        :raise AccessError: the user may not write this template
        """
        self.ensure_one()
        if not self.origin_id:
            raise UserError(
                self.env._(
                    "The template %(template)s was not adapted from a model: there is no default to restore.",
                    template=self.display_name,
                )
            )
        model = self.origin_id
        self.write(
            {
                "subject": model.subject,
                "blocks": model.blocks,
                "second_lang": model.second_lang,
            }
        )
        return True

    @api.model
    def _ensure_defaults(self, company):
        """The models of every active language as templates of `company`; those it has already stay as they are.

        :return: the templates of `company` that come from a model
        """
        models_found = self.with_context(active_test=False).search(
            [("company_id", "=", False), ("active", "=", True)]
        )
        for model in models_found - models_found._adapted(company).origin_id:
            model._adapt(company)
        return models_found._adapted(company)

    def _adapted(self, company):
        return self.with_context(active_test=False).search(
            [("origin_id", "in", self.ids), ("company_id", "=", company.id)]
        )

    def _adapt(self, company):
        return self.copy(
            {"name": self.name, "company_id": company.id, "origin_id": self.id}
        )

    @api.model
    def _clean_vals(self, vals):
        cleaned = dict(vals)
        if "name" in vals:
            cleaned["name"] = clean_line(vals["name"], 120)
            if not cleaned["name"]:
                raise ValidationError(
                    self.env._("The template has no name: give it one.")
                )
        if "subject" in vals:
            cleaned["subject"] = clean_line(vals["subject"], MAX_SUBJECT) or False
        return cleaned

    def _keep_version(self):
        """Keep subject and document as they are now, when they differ from the last version."""
        lasts = {version.template_id.id: version for version in self._last_versions()}
        # Versions are a history: nobody writes them, saving the template was allowed just before.
        versions_sudo = self.env["gov.template.version"].sudo()
        vals_list = []
        for template in self:
            last = lasts.get(template.id, versions_sudo)
            if last and last._is(template):
                continue
            number = (last.number or 0) + 1
            vals_list.append(versions_sudo._vals_of(template, number))
            super(GovTemplate, template).write({"version": number})
        return versions_sudo.create(vals_list)

    def _last_versions(self):
        versions = self.env["gov.template.version"].search(
            [("template_id", "in", self.ids)]
        )
        found = versions.browse()
        for _template, of_template in versions.grouped("template_id").items():
            found |= max(of_template, key=lambda version: version.number)
        return found

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..lib import blocks, blocks_fill, merge


class GovTemplate(models.Model):
    """Merge fields: the closed list, the filling in, the preview."""

    _inherit = "gov.template"

    preview_subject = fields.Char(compute="_compute_preview")
    preview_body = fields.Html(
        "Preview", compute="_compute_preview", sanitize_style=False
    )
    preview_notice = fields.Char(compute="_compute_preview")

    @api.depends("subject", "blocks", "kind", "lang", "second_lang", "company_id")
    def _compute_preview(self):
        for template in self:
            refusal = template._merge_refusal()
            template.preview_notice = refusal
            if refusal:
                template.preview_subject = template.preview_body = False
                continue
            samples = template._samples(template.lang)
            template.preview_subject = merge.merge_line(template.subject, samples)
            template.preview_body = template._fill(
                samples,
                template._samples(template.second_lang)
                if template.second_lang
                else None,
            )

    @api.model
    def _merge_keys(self, kind):
        """The merge fields that a template of this kind may hold. An app adds its own for the kinds it fills in.

        :param str kind: ``letter``, ``note``, ``other`` or one that an app added
        :return: key -> label in the user's language, in the order in which they are offered
        :rtype: dict[str, str]
        """
        return {
            "date": self.env._("Date"),
            "administration": self.env._("Administration"),
            "unit": self.env._("Unit"),
            "author": self.env._("Author"),
        }

    @api.model
    def _merge_loops(self, kind):
        """The lists that a template of this kind may go over. An app adds its own for the kinds it fills in.

        :param str kind: kind of a template
        :return: name -> ``label`` and ``keys``, the merge fields of an item: key -> label
        :rtype: dict[str, dict]
        """
        return {}

    @api.model
    def _merge_models(self, kind):
        """Names of the models whose records fill in a template of this kind: each mixes in `gov.template.subject`.

        :rtype: list[str]
        """
        return []

    @api.model
    def _merge_samples(self, kind):
        """A value for each merge field of this kind, as it could be; the environment has the language of the template.

        :rtype: dict[str, str]
        """
        return {
            "date": format_date(self.env, fields.Date.context_today(self)),
            "administration": self._company_name(self.env.company),
            "unit": self.env._("Legal affairs"),
            "author": self.env.user.name,
        }

    def _merge_base_values(
        self, company, *, unit=None, author=None, date=None, lang=None
    ):
        """Values of the merge fields that every kind has.

        :param company: the administration that writes
        :param unit: its `hr.department`, or None
        :param author: the `res.users` who writes, or None
        :param datetime.date date: day of the letter; today when not given
        :param str lang: code of the language of the values; that of this template when not given
        :rtype: dict[str, str]
        """
        self.ensure_one()
        lang = lang or self.lang
        here = self.with_context(lang=lang)
        day = date or fields.Date.context_today(self)
        return {
            "date": format_date(here.env, day, lang_code=lang),
            "administration": here._company_name(company),
            "unit": unit.with_context(lang=lang).name if unit else "",
            "author": author.name if author else "",
        }

    @api.model
    def _company_name(self, company):
        company = company.with_context(lang=self.env.lang)
        return company.gov_name or company.name

    def _merge(self, values, second=None):
        """Fill in the template. Values are text, whatever they hold; one without value gives nothing.

        :param dict values: key -> text (str, or what ``str()`` writes as people read it); name of a list -> list of
            dicts, key of an item -> text
        :param dict second: the same, written in the other language of a template in two languages
        :return: (subject as plain text, body as HTML that may be stored and set)
        :rtype: tuple[str, markupsafe.Markup]
        :raise UserError: a key of the template or of ``values`` is not a merge field of this kind
        """
        self.ensure_one()
        refusal = self._merge_refusal([*values, *(second or ())])
        if refusal:
            raise UserError(refusal)
        return merge.merge_line(self.subject, values), self._fill(values, second)

    def _merge_for(self, record):
        """Fill in the template with a record, in the languages of the template.

        :param record: of a model that mixes in `gov.template.subject`
        :rtype: tuple[str, markupsafe.Markup]
        :raise AccessError: the user may not read the record
        """
        return self._merge(*self._values_for(record))

    def _values_for(self, record):
        """Values of a record in the first and, when there is one, in the other language of this template."""
        self.ensure_one()
        record._template_check()
        other = self.second_lang
        return (
            self._allowed(record._template_values(self, self.lang)),
            self._allowed(record._template_values(self, other)) if other else None,
        )

    def _allowed(self, values):
        """Of values of a record, those that this kind of template may say."""
        names = {**self._merge_keys(self.kind), **self._merge_loops(self.kind)}
        return {key: value for key, value in values.items() if key in names}

    def _merge_missing(self, values):
        """The merge fields of this template that would give nothing.

        :param dict values: as for :meth:`_merge`
        :return: their keys, in the order of the text; labels are in :meth:`_merge_keys`
        :rtype: list[str]
        """
        self.ensure_one()
        used = dict.fromkeys(
            [*merge.keys_of(self.subject), *blocks.keys_of(self.blocks or [])]
        )
        return [key for key in used if not blocks_fill.is_given(values.get(key))]

    def _merge_refusal(self, values=()):
        """Return why this template cannot be filled in, or None."""
        self.ensure_one()
        allowed, loops = self._merge_keys(self.kind), self._merge_loops(self.kind)
        found = [("key", key) for key in merge.keys_of(self.subject)]
        found += [("key", key) for key in values if key not in loops]
        found = [(code, key) for code, key in found if key not in allowed]
        found += [("broken", piece) for piece in merge.broken_fields(self.subject)]
        found += blocks.problems(
            self.blocks or [],
            allowed,
            {name: loop["keys"] for name, loop in loops.items()},
        )
        if found:
            return self._problem_sentence(*found[0], allowed, loops)
        return self._language_refusal()

    @api.model
    def _problem_sentence(self, code, name, allowed, loops):
        """Say what is wrong with a document of blocks."""
        env = self.env
        if code == "key":
            return env._(
                "“%(key)s” is not a merge field of this kind of template. You may use: %(allowed)s.",
                key=name,
                allowed=self._merge_list(allowed),
            )
        if code == "broken":
            return env._(
                "“%(piece)s” is not a merge field that can be read: write it in one piece, without bold or another style "
                "inside. You may use: %(allowed)s.",
                piece=name,
                allowed=self._merge_list(allowed),
            )
        if code == "no_key":
            return env._(
                "A block “only if” does not say which merge field it looks at: choose one."
            )
        if code == "no_column":
            return env._("A table has no column: choose at least one.")
        if code == "column":
            return env._(
                "“%(key)s” is no column of this table: choose its columns again.",
                key=name,
            )
        return env._(
            "“%(name)s” is not a list of this kind of template. You may go over: %(allowed)s.",
            name=name or "–",
            allowed=", ".join(loop["label"] for loop in loops.values()) or "–",
        )

    @api.model
    def _merge_list(self, allowed):
        return ", ".join(f"{{{{ {key} }}}} ({label})" for key, label in allowed.items())

    def _samples(self, lang):
        """Values as they could be, in a language: each merge field has one, each list two items."""
        company = self.company_id or self.env.company
        here = self.with_context(lang=lang).with_company(company)
        samples = here._merge_samples(self.kind)
        values = {
            key: samples.get(key) or f"[{key}]" for key in self._merge_keys(self.kind)
        }
        for name, loop in here._merge_loops(self.kind).items():
            values[name] = samples.get(name) or [
                {key: f"{label} {number}" for key, label in loop["keys"].items()}
                for number in (1, 2)
            ]
        return values

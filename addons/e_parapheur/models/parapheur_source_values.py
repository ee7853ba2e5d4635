import hashlib

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date, format_datetime, formatLang, html2plaintext

from odoo.addons.gov_base.lib import merge, text
from odoo.addons.gov_trust.lib.canonical import canonical

from .parapheur_source_path import LISTS

MAX_ROWS = 200
MAX_VALUE = 5_000
MAX_TITLE = 240


class ParapheurSource(models.Model):
    """What a record says: read with the rights of whoever sends it, written as people read it."""

    _inherit = "parapheur.source"

    def _facts(self, record, lang=None):
        """The values of a record, one a row, in the language of this sending.

        :param record: of :attr:`model`
        :param str lang: another language in which they are written
        :return: list of ``{"path", "key", "list", "label", "text", "raw", "locked"}``; within a list ``text`` and ``raw``
            are lists, one item a row
        :rtype: list[dict]
        :raise AccessError: the user may not read one of them
        :raise UserError: a field is there no more, a list is too long
        """
        self.ensure_one()
        here = self._spoken(record, lang)
        return [
            {
                "path": row.path,
                "key": row.key,
                "list": row.list_name or False,
                "label": row.label,
                "locked": row.is_locked,
                **self._read_path(here, row),
            }
            for row in self.field_ids
        ]

    def _spoken(self, record, lang=None):
        """A record in the language and the zone in which its values are written."""
        company = self.company_id
        return record.with_context(
            lang=lang or self.lang,
            # A document and its comparison are written the same way, whoever asks.
            tz=company.gov_tz or "UTC",
            active_test=False,
        ).with_company(company)

    def _read_path(self, record, row):
        """The value at a path of a record: ``text`` and ``raw``."""
        try:
            path = self._path_fields(self.model, row.path)
        except ValidationError as error:
            raise UserError(
                self.env._(
                    "“%(label)s” cannot be read: the field is not there any more, or you may "
                    "not read it. Ask your administrator of the signature book.",
                    label=row.label,
                )
            ) from error
        first, *rest = path
        if rest and first.type in LISTS:
            items = self._related(record, first)
            if len(items) > MAX_ROWS:
                raise UserError(
                    self.env._(
                        "“%(label)s” has %(count)s rows: %(limit)s at most are put in a "
                        "document.",
                        label=row.label,
                        count=len(items),
                        limit=MAX_ROWS,
                    )
                )
            found = [self._value_at(item, rest) for item in items]
            return {"text": [one[0] for one in found], "raw": [one[1] for one in found]}
        shown, raw = self._value_at(record, path)
        return {"text": shown, "raw": raw}

    def _value_at(self, record, path):
        """(text, canonical value) at the end of a path of single steps."""
        *steps, last = path
        for field in steps:
            record = self._related(record, field)
            if not record:
                return "", None
        shown, raw = self._value_of(record, last)
        return text.clean_block(shown, MAX_VALUE), raw

    def _related(self, record, field):
        """The records behind a field, when the user may read them."""
        self._check_readable(record, field)
        found = record[field.name]
        if found and not found.has_access("read"):
            raise AccessError(
                self.env._(
                    "You may not read “%(field)s” of %(record)s: it stands in the document, so "
                    "you cannot send it.",
                    field=self._field_label(field),
                    record=record.display_name,
                )
            )
        return found

    def _check_readable(self, record, field):
        record._check_field_access(field, "read")

    def _value_of(self, record, field):
        """(text, canonical value) of one field of one record."""
        self._check_readable(record, field)
        value, env = record[field.name], record.env
        match field.type:
            case "many2one":
                name = self._related(record, field).display_name or ""
                return name, [value.id, name] if value else None
            case "one2many" | "many2many":
                names = self._related(record, field)[:MAX_ROWS].mapped("display_name")
                return ", ".join(filter(None, names)), sorted(filter(None, names))
            case "selection":
                label = dict(field._description_selection(env)).get(value, "")
                return label or "", value or None
            case "boolean":
                return env._("Yes") if value else env._("No"), bool(value)
            case "date":
                return format_date(env, value) if value else "", self._day(value)
            case "datetime":
                shown = (
                    format_datetime(env, value, tz=env.context["tz"]) if value else ""
                )
                return shown, fields.Datetime.to_string(value) if value else None
            case "integer":
                return formatLang(env, value, digits=0), int(value)
            case "float" | "monetary":
                return self._number(record, field, value)
            case "html":
                plain = html2plaintext(value or "").strip()
                return plain, plain or None
        return value or "", value or None

    def _day(self, value):
        return fields.Date.to_string(value) if value else None

    def _number(self, record, field, value):
        """A number as people read it, and as text that is the same on every machine."""
        env = record.env
        if field.type == "monetary":
            name = field.get_currency_field(record)
            currency = record[name] if name else env["res.currency"]
            shown = (
                formatLang(env, value, currency_obj=currency)
                if currency
                else formatLang(env, value, digits=2)
            )
            return shown, f"{value:.{currency.decimal_places if currency else 2}f}"
        digits = field.get_digits(env)
        places = digits[1] if digits else 2
        return formatLang(env, value, digits=places), f"{value:.{places}f}"

    # ------------------------------------------------------------------
    # What is made of them
    # ------------------------------------------------------------------
    def _texts(self, facts):
        """Values as templates want them: key -> text; name of a list -> list of rows."""
        values = {one["key"]: one["text"] for one in facts if not one["list"]}
        for name in {one["list"] for one in facts if one["list"]}:
            columns = {one["key"]: one["text"] for one in facts if one["list"] == name}
            count = max(len(column) for column in columns.values())
            values[name] = [
                {
                    key: column[number] if number < len(column) else ""
                    for key, column in columns.items()
                }
                for number in range(count)
            ]
        return values

    def _merge_labels(self):
        """(merge fields, lists) of this sending, as ``gov.template`` and ``gov.office`` want them."""
        self.ensure_one()
        template = self.env["gov.template"]
        keys, loops = dict(template._merge_keys("other")), {}
        for row in self.field_ids:
            if not row.list_name:
                keys[row.key] = row.label
                continue
            loop = loops.setdefault(
                row.list_name,
                {
                    "label": self._path_label(self.model, row.list_name),
                    "keys": {},
                },
            )
            loop["keys"][row.key] = row.label
        return keys, loops

    def _title_for(self, record, texts):
        title = merge.merge_line(self.title, texts) if self.title else ""
        title = title or f"{self.name} – {self._spoken(record).display_name}"
        return text.clean_line(title, MAX_TITLE)

    def _digest(self, record, facts):
        """SHA-256 of the values, whatever the language of their labels."""
        values = {one["path"]: one["raw"] for one in facts}
        plain = {"model": record._name, "id": record.id, "values": values}
        return hashlib.sha256(canonical(plain)).hexdigest()

    def _answers(self, form, facts):
        """Answers to the form of the folder.

        :return: (answers that fit, labels of the values that do not)
        :rtype: tuple[dict, list[str]]
        """
        by_key = {one["key"]: one for one in facts}
        asked = form._definition()["fields"] if form else []
        questions = {field["key"]: field for field in asked}
        given, labels, missed = {}, {}, []
        for row in self.field_ids.filtered("form_key"):
            question, fact = questions.get(row.form_key), by_key.get(row.key)
            if question is None or fact is None or fact["list"]:
                missed.append(row.label)
                continue
            given[row.form_key] = self._answer(question, fact)
            labels[row.form_key] = fact["label"]
        clean = form._keep(given) if form else {}
        missed += [
            labels[key]
            for key, value in given.items()
            if value not in (None, "", []) and key not in clean
        ]
        return clean, missed

    def _answer(self, question, fact):
        """One value as an answer of this type."""
        raw, shown = fact["raw"], fact["text"]
        match question["type"]:
            case "amount":
                return raw if isinstance(raw, str | int) else None
            case "integer":
                whole = isinstance(raw, str) and raw.partition(".")[2].strip("0") == ""
                return raw.partition(".")[0] if whole else raw
            case "date":
                return raw[:10] if isinstance(raw, str) else None
            case "boolean":
                return raw if isinstance(raw, bool) else None
            case "choice":
                return self._option(question, raw, shown)
            case "choices":
                option = self._option(question, raw, shown)
                return [option] if option else None
        return shown or None

    def _option(self, question, raw, shown):
        wanted = {str(raw or "").casefold(), shown.casefold()}
        for option in question["options"]:
            if {option["value"].casefold(), option["label"].casefold()} & wanted:
                return option["value"]
        return shown or None

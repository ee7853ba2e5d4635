from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib import blocks, blocks_fill


class GovTemplate(models.Model):
    """The document: letterhead, texts, what is conditional or repeated, two languages, signature (``lib/blocks``)."""

    _inherit = "gov.template"

    blocks = fields.Json("Document", default=lambda self: self._default_blocks())
    second_lang = fields.Selection(
        "_selection_lang",
        string="Other language",
        help="For a letter in two languages: the language of its second text.",
    )
    designer = fields.Json(compute="_compute_designer")

    def _init_column(self, column_name):
        """Give no default document to the templates that are there: theirs is made of their text."""
        if column_name == "blocks":
            return
        super()._init_column(column_name)

    @api.model
    def _default_blocks(self):
        kind = self.env.context.get("default_kind") or "letter"
        return self._first_blocks(kind)

    @api.model
    def _framed_kinds(self):
        """Kinds that are printed on letterhead and signed; the others leave inside a mail or another document."""
        return {"letter", "note", "other"}

    @api.model
    def _first_blocks(self, kind):
        """The document that a template of this kind begins with."""
        text = blocks.text_block("")
        if kind not in self._framed_kinds():
            return [text]
        return blocks.clean([{"kind": "letterhead"}, text, {"kind": "signature"}])

    @api.depends("kind", "lang", "second_lang", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_designer(self):
        """What the designer offers: merge fields, lists, letterheads, the languages and their directions."""
        for template in self:
            loops = self._merge_loops(template.kind)
            letterheads = self.env["gov.letterhead"].search(
                [("company_id", "=", template.company_id.id)]
            )
            template.designer = {
                "keys": self._pairs(self._merge_keys(template.kind)),
                "loops": [
                    {
                        "key": name,
                        "label": loop["label"],
                        "keys": self._pairs(loop["keys"]),
                    }
                    for name, loop in loops.items()
                ],
                "letterheads": [
                    {"id": letterhead.id, "name": letterhead.name}
                    for letterhead in letterheads
                ],
                "framed": template.kind in self._framed_kinds(),
                "first": template._language_of(template.lang),
                "second": template._language_of(template.second_lang),
            }

    @api.model
    def _pairs(self, labels):
        return [{"key": key, "label": label} for key, label in labels.items()]

    @api.model
    def _language_of(self, code):
        lang = self.env["res.lang"]._get_data(code=code) if code else None
        if not lang:
            return None
        return {"code": code, "name": lang.name, "direction": lang.direction}

    @api.constrains("second_lang", "lang")
    def _check_second_lang(self):
        codes = {code for code, _name in self._selection_lang()}
        for template in self:
            other = template.second_lang
            if other and (other not in codes or other == template.lang):
                raise ValidationError(
                    self.env._(
                        "The other language of a template is an active one that differs from the first: choose one of "
                        "the list."
                    )
                )

    @api.model
    def _document_defaults(self, defaults, vals):
        """Defaults of a template to be created: the document of the context gives way to what is given."""
        if {"body", "blocks"} & vals.keys():
            return {
                name: value
                for name, value in defaults.items()
                if name not in ("body", "blocks")
            }
        if defaults.get("body"):
            return {name: defaults[name] for name in defaults if name != "blocks"}
        return defaults

    @api.model
    def _document_vals(self, vals, kind, frame=None):
        """Values with a clean document and the whole text of it; of a text alone, a document is made.

        :param str kind: kind of the template, for the frame of a text without document
        :param list frame: document whose frame is kept around a text
        """
        if "blocks" in vals:
            document = self._clean_document(vals["blocks"])
        elif "body" in vals:
            [block] = self._clean_document([blocks.text_block(vals["body"])])
            document = blocks.framed(
                block["html"], frame or self._first_blocks(kind or "letter")
            )
        else:
            return vals
        return {**vals, "blocks": document, "body": blocks.flat(document)}

    @api.model
    def _clean_document(self, document):
        try:
            return blocks.clean(document)
        except blocks.BlocksRefused as refused:
            raise ValidationError(self._document_refusal(refused)) from None

    @api.model
    def _document_refusal(self, refused):
        """Say why what was given is no document."""
        env = self.env
        if refused.code == "long":
            return env._(
                "The text is too long for a letter: pictures take most of the room, make them smaller or "
                "remove them."
            )
        if refused.code == "many":
            return env._(
                "A template has at most %(count)s blocks: put several texts in one.",
                count=blocks.MAX_BLOCKS,
            )
        if refused.code == "deep":
            return env._("These blocks stand too deep in each other: take one out.")
        if refused.code == "twice":
            return env._(
                "A template has one letterhead and one place for the signature: remove the second one."
            )
        if refused.code == "inside":
            return env._(
                "This block cannot stand inside that one: a letterhead and a signature stand by themselves, a list not "
                "in a list, two languages not in two languages."
            )
        return env._(
            "This is not a document of blocks: letterhead, text, two languages, only if, for each, signature."
        )

    def _language_refusal(self):
        """Return why the languages do not fit the document, or None."""
        pairs = [
            block
            for block, _over in blocks.walk(self.blocks or [])
            if block["kind"] == "pair"
        ]
        if pairs and not self.second_lang:
            return self.env._(
                "A block is written in two languages: choose the other language of the template."
            )
        return None

    @api.model
    def _blocks_from_bodies(self):
        """Make documents of the texts of templates that have none yet: each keeps its words, between the letterhead
        and the signature that every letter had. Their versions are read the same way (`gov.template.version`).

        :return: how many templates were changed
        :rtype: int
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, kind, body FROM gov_template WHERE blocks IS NULL OR blocks = 'null'::jsonb"
            )
        )
        for template_id, kind, body in rows:
            vals = self._document_vals({"body": body}, kind)
            self.env.cr.execute(
                SQL(
                    "UPDATE gov_template SET blocks = %s, body = %s WHERE id = %s",
                    Json(vals["blocks"]),
                    str(vals["body"]),
                    template_id,
                )
            )
        self.invalidate_model(["blocks", "body"])
        return len(rows)

    @api.model
    def _outline(self, document):
        """Name each block of a document, with its text.

        :return: pairs (what kind of block it is, its HTML)
        :rtype: list[tuple[str, str]]
        """
        env = self.env
        outline = []
        for block, _over in blocks.walk(document or []):
            kind, mark = block["kind"], ""
            if kind == "letterhead":
                mark = env._("letterhead")
            elif kind == "signature":
                mark = env._("signature")
            elif kind == "pair":
                mark = env._("two languages")
            elif kind == "loop":
                mark = env._("for each: %(name)s", name=block["over"])
            elif kind == "if":
                mark = (
                    env._("only if given: %(name)s", name=block["key"])
                    if block["present"]
                    else env._("only if missing: %(name)s", name=block["key"])
                )
            outline.append((mark, block.get("html") or ""))
        return outline

    def _fill(self, values, second=None):
        """The text of this document, filled in; without its frame."""
        self.ensure_one()
        return blocks_fill.fill(self.blocks or [], *self._languages(values, second))

    def _languages(self, values, second=None):
        """The languages of this template as `lib.blocks_fill` wants them; the other one is None for one language."""
        first = self._language(self.lang, values)
        if not self.second_lang:
            return first, None
        return first, self._language(
            self.second_lang, values if second is None else second
        )

    def _language(self, code, values):
        loops = self.with_context(lang=code)._merge_loops(self.kind)
        labels = {
            key: label for loop in loops.values() for key, label in loop["keys"].items()
        }
        lang = self.env["res.lang"]._get_data(code=code)
        return blocks_fill.Language(
            self.env["gov.typeset"]._bcp47(code),
            lang.direction if lang else "ltr",
            values,
            labels,
        )

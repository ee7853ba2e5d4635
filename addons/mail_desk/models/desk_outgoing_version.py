import difflib
import hashlib

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext


class DeskOutgoingVersion(models.Model):
    """A version of a draft: its words as they were saved, by whom and when."""

    _name = "desk.outgoing.version"
    _description = "Version of a draft"
    _inherit = ["desk.role.mixin", "gov.gated"]
    _order = "outgoing_id, number desc"
    _rec_name = "number"

    outgoing_id = fields.Many2one(
        "desk.outgoing", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="outgoing_id.company_id", store=True, precompute=True
    )
    number = fields.Integer(readonly=True, required=True, aggregator=None)
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=True)
    digest = fields.Char(readonly=True, required=True)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    saved_at = fields.Datetime(
        readonly=True, required=True, default=fields.Datetime.now
    )
    changes = fields.Html(
        string="Compared with the one before",
        compute="_compute_changes",
        sanitize=False,
    )

    _number_uniq = models.UniqueIndex("(outgoing_id, number)")

    @api.depends("number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "Version %(number)s", number=version.number
            )

    def _compute_changes(self):
        for version in self:
            before = version.outgoing_id.version_ids.filtered(
                lambda other, version=version: other.number == version.number - 1
            )
            version.changes = self._compared(before, version)

    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    @api.model_create_multi
    def create(self, vals_list):
        if not self._desk_gate_is_open():
            raise AccessError(self.env._("Versions are kept by the platform itself."))
        return super().create(vals_list)

    def write(self, vals):
        """Refused: a version does not change."""
        raise AccessError(self.env._("A version of a draft does not change."))

    @api.model
    def _digest(self, subject, body):
        return hashlib.sha256(f"{subject or ''}\n{body or ''}".encode()).hexdigest()

    @api.model
    def _compared(self, before, after):
        """Return both texts in one, word by word: what went struck, what came marked."""

        def words(version):
            lines = f"{version.subject or ''}\n\n{html2plaintext(version.body or '')}"
            return [
                word for line in lines.split("\n") for word in (*line.split(" "), "\n")
            ]

        old, new = (words(before) if before else []), words(after)
        parts = []
        for kind, start, end, new_start, new_end in difflib.SequenceMatcher(
            None, old, new, autojunk=False
        ).get_opcodes():
            if kind == "equal":
                parts.append(self._plain_words(new[new_start:new_end]))
                continue
            if end > start:
                parts.append(
                    Markup("<del>%s</del>") % self._plain_words(old[start:end])
                )
            if new_end > new_start:
                parts.append(
                    Markup("<ins>%s</ins>") % self._plain_words(new[new_start:new_end])
                )
        return Markup('<div class="o_desk_compared" dir="auto">%s</div>') % Markup(
            " "
        ).join(parts)

    @staticmethod
    def _plain_words(words):
        return escape(" ".join(words)).replace("\n", Markup("<br/>"))

    def action_restore(self):
        """Take these words again: they become the newest version of the draft.

        :return: True
        :raise UserError: the letter is not a draft any more
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.outgoing_id._restore(self)
        return True

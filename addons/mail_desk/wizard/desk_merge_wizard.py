from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import html2plaintext

from odoo.addons.gov_base.lib import compare


class DeskMergeWizard(models.TransientModel):
    """Asks what becomes of a text that was changed when its model is filled in again."""

    _name = "desk.merge.wizard"
    _description = "Fill in a letter again"

    outgoing_id = fields.Many2one("desk.outgoing", required=True, readonly=True)
    template_id = fields.Many2one(related="outgoing_id.template_id", string="Model")
    mode = fields.Selection(
        [
            ("keep", "Keep what was written, renew the rest"),
            ("append", "Put the text of the model under what was written"),
            ("replace", "Replace everything"),
        ],
        string="The text that was changed",
        required=True,
        default="keep",
    )
    notice = fields.Char(compute="_compute_proposal")
    changes = fields.Html(
        string="The letter would read", compute="_compute_proposal", sanitize=False
    )

    @api.depends("outgoing_id", "mode")
    def _compute_proposal(self):
        for wizard in self:
            outgoing = wizard.outgoing_id
            _subject, theirs = outgoing._merged()
            body, clashes = outgoing._joined(wizard.mode, theirs)
            wizard.notice = outgoing._clash_sentence(clashes) if clashes else False
            wizard.changes = Markup(
                '<div class="o_desk_compared" dir="auto">%s</div>'
            ) % compare.compared(
                html2plaintext(outgoing.body or ""), html2plaintext(body)
            )

    def action_confirm(self):
        """Fill in the letter as chosen.

        :return: action that closes the form, with a notice where words of both met
        :raise UserError: the letter is no draft any more
        :raise AccessError: the letter is not the user's to change
        """
        self.ensure_one()
        self.check_access("write")
        done = self.outgoing_id.action_apply_template(mode=self.mode)
        return done if done is not True else {"type": "ir.actions.act_window_close"}

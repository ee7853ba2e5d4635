import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ParapheurSourceTry(models.TransientModel):
    """A sending tried on a real record: the document as it would be signed, the title, the values. Nothing is sent."""

    _name = "parapheur.source.try"
    _description = "Trial of a sending"

    source_id = fields.Many2one(
        "parapheur.source", readonly=True, required=True, ondelete="cascade"
    )
    model = fields.Selection(related="source_id.model", string="Kind of record")
    record_id = fields.Many2oneReference("Try with", model_field="model_name")
    model_name = fields.Char(readonly=True)
    pdf = fields.Binary("Document", compute="_compute_pdf", attachment=False)
    has_pdf = fields.Boolean(compute="_compute_pdf")
    notice = fields.Text(compute="_compute_pdf")
    title = fields.Char(compute="_compute_pdf")
    values = fields.Text(compute="_compute_pdf")

    # Not of ``record_id``: the reader fetches the page of what is saved, `action_refresh` saves it.
    @api.depends("source_id")
    def _compute_pdf(self):
        # The reader asks for the size of the page; templates are read whole.
        for trial in self.with_context(bin_size=False, bin_size_pdf=False):
            trial.pdf = trial.notice = trial.title = trial.values = False
            try:
                trial._fill_in()
            except (UserError, AccessError) as error:
                trial.notice = error.args[0]
            trial.has_pdf = bool(trial.pdf)

    def _fill_in(self):
        source = self.source_id
        source.check_access("read")
        problems = source._problems() if source.state == "draft" else []
        if problems:
            raise UserError("\n".join(problems))
        record = self.env[source.model].browse(self.record_id or 0).exists()
        if not record:
            raise UserError(self.env._("Choose a record to try it with."))
        source._check_record(record)
        facts = source._facts(record)
        texts = {**source._base_texts(record), **source._texts(facts)}
        self.title = source._title_for(record, texts)
        self.values = "\n".join(
            f"{one['label']}: {self._shown(one['text'])}" for one in facts
        )
        self.pdf = base64.b64encode(source._make_pdf(record, facts))

    @staticmethod
    def _shown(text):
        return " · ".join(text) if isinstance(text, list) else text or "–"

    @api.model
    def _open(self, source):
        """The trial of a sending, with the latest record that the user may read."""
        record = self.env[source.model].search(
            [("id", ">", 0)], limit=1, order="id desc"
        )
        trial = self.create(
            {
                "source_id": source.id,
                "model_name": source.model,
                "record_id": record.id,
            }
        )
        return trial.action_refresh()

    def action_refresh(self):
        """Make the document again, with the record that is chosen.

        :return: the action that shows it
        :raise AccessError: the trial is that of somebody else
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trial"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

from odoo import fields, models


class GovCompleted(models.AbstractModel):
    """A record with a signed PDF that is completed later, when an authority answers.

    It never says more of itself than its file has: what is B-B with a timestamp that
    waits is B-B.
    """

    _name = "gov.completed"
    _description = "Record whose proof is completed"

    signature_level = fields.Char(
        string="Level of the signature",
        compute="_compute_signature_level",
        help="B-B: signed. B-T: with a proven time. B-LT: with all that is needed to "
        "check it later. B-LTA: kept for the long run.",
    )
    timestamp_pending = fields.Boolean(
        string="Timestamp pending", compute="_compute_signature_level"
    )
    signature_sentence = fields.Char(
        string="Proof of time", compute="_compute_signature_level"
    )

    def _completion_pdf(self):
        """Return the bytes of the signed PDF as it is now. Models override this.

        :return: bytes, or None when there is nothing to complete
        """
        raise NotImplementedError

    def _completion_done(self, pdf, level):
        """Keep a PDF that was taken further. Models override this.

        Called in the transaction that notes it, once for each step further; the file
        begins with what :meth:`_completion_pdf` returned.

        :param bytes pdf: the whole file
        :param str level: B-B, B-T, B-LT or B-LTA: what it has, no more
        """
        raise NotImplementedError

    def _completion_name(self):
        """Return how the list of what waits calls this record.

        Auditors and operators read it: no subject, no name of a person. Models with a
        number may give it.
        """
        kind = self.env["ir.model"]._get(self._name).name
        return f"{kind} {self.id}"

    def _completion_locked(self):
        """Take the lock under which the file changes, if the model has one."""

    def _compute_signature_level(self):
        # What waits is the platform's own list; only the level of this record is told.
        completions_sudo = self.env["gov.completion"].sudo()
        found = completions_sudo._latest(self._name, self.ids)
        for record in self:
            completion_sudo = found.get(record.id, completions_sudo.browse())
            record.signature_level = completion_sudo.level or False
            record.timestamp_pending = completion_sudo._is_time_pending()
            record.signature_sentence = completion_sudo._sentence()

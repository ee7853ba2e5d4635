from odoo import models
from odoo.exceptions import UserError

from ..lib import step_order


class GovCircuit(models.Model):
    """Circuits whose acts cannot stand in this order are not published."""

    _inherit = "gov.circuit"

    def _problems(self):
        problems = super()._problems()
        refusal = self._order_refusal(
            [(step.rank, step.kind, step.name) for step in self.step_ids]
        )
        return [*problems, refusal.args[0]] if refusal else problems

    def _order_refusal(self, steps):
        """Return why acts cannot stand in this order, or None.

        :param steps: list of (rank, kind, name)
        """
        found = step_order.problem(steps)
        if not found:
            return None
        code, step, other = found
        sentences = {
            "paper": self.env._(
                "“%(step)s” cannot come with or after “%(other)s”: printing a document "
                "loses its electronic signatures. Have it signed on paper first.",
                step=step,
                other=other,
            ),
            "closed": self.env._(
                "“%(step)s” cannot come with or after “%(other)s”: the documents are closed "
                "by the seal then. Put it before.",
                step=step,
                other=other,
            ),
            "order": self.env._(
                "“%(step)s” cannot come with or after “%(other)s”: the seal comes first, "
                "then the dispatch, then the archive, one after the other.",
                step=step,
                other=other,
            ),
            "twice": self.env._(
                "“%(step)s” comes after “%(other)s”, which does the same: keep one of them.",
                step=step,
                other=other,
            ),
        }
        return UserError(sentences[code])

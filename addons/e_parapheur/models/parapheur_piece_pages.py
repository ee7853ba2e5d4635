from odoo import fields, models

from odoo.addons.gov_base.lib import hygiene


class ParapheurPiece(models.Model):
    """What the pages of a main document look like: what was shown is what is signed."""

    _inherit = "parapheur.piece"

    base_size = fields.Integer(
        readonly=True,
        help="The prepared file up to here is the document; what follows are its boxes.",
    )
    box_steps = fields.Json(
        readonly=True, help="Step of the circuit that each box was made for."
    )
    page_facts = fields.Json(
        readonly=True, help="Geometry and SHA-256 of the picture of each page as shown."
    )

    def _page_digests(self):
        """SHA-256 of the picture of each page as it was shown to the signers.

        :return: list of str, in order of the pages; empty for a document of an earlier version
            of this software
        """
        self.ensure_one()
        return (self.page_facts or {}).get("digests") or []

    def _shows_the_same(self, content):
        """Whether a file shows what was shown: the picture of each page, boxes left out.

        :param bytes content: a later file of this document
        :raise ValueError: it cannot be drawn
        :raise Busy: nothing can be said now
        """
        self.ensure_one()
        facts = self.page_facts or {}
        if not facts.get("digests"):
            return True
        now, engine = hygiene.digests(content)
        shown = facts["digests"]
        if engine != facts.get("engine"):
            # Drawn by another PDFium since: both are drawn again.
            shown, _engine = hygiene.digests(self.prepared_id._read_content())
        return now == shown

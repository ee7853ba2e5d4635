import json

from pyhanko.pdf_utils.reader import PdfFileReader

from odoo import api, models

from ..lib.validation.structure import entry

#: States of a file that is, byte for byte, what was issued here.
ISSUED = frozenset(("authentic", "superseded", "cancelled"))
NAME = "receipt.json"
MAX_NODES = 32


class GovValidationReceipt(models.AbstractModel):
    """The receipt that a file issued here carries as data (receipt.json)."""

    _inherit = "gov.validation"

    @api.model
    def _receipt(self, told, stream):
        """Return the facts of the receipt inside a file, or None.

        Only a file whose digest is the one that was issued is opened here: it is ours.

        :param dict told: answer of ``_validate`` for this file
        :param stream: the file, seekable, open for reading in binary mode
        :return: the same facts as ``tools/verify.py`` prints under ``receipt``
        """
        if told["state"] not in ISSUED or not told["document"]:
            return None
        stream.seek(0)
        for name, specification in self._files(PdfFileReader(stream).root):
            if str(name) == NAME:
                content = specification["/EF"]["/F"].data
                return json.loads(content).get("receipt")
        return None

    @api.model
    def _files(self, root):
        """(name, specification) of the files inside a PDF (ISO 32000-2 §7.9.6)."""
        tree = entry(entry(root, "/Names", {}), "/EmbeddedFiles")
        nodes = [tree] if tree else []
        for _turn in range(MAX_NODES):
            if not nodes:
                return
            node = nodes.pop()
            kids = entry(node, "/Kids", ())
            nodes += [kids[place] for place in range(len(kids))]
            names = entry(node, "/Names", ())
            for place in range(0, len(names) - 1, 2):
                yield names[place], names[place + 1]

import contextlib
import os
import threading
import time

from odoo import api, models

PARTIAL = "gov_partial"
PARTIAL_KEPT_SECONDS = 24 * 3600


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _file_write(self, bin_value, checksum):
        """Write the file whole or not at all.

        Stock writes under the final name: a process killed in between leaves a piece there, and the same content is then
        refused for ever ("collides with an existing file").
        """
        name, path = self._get_path(bin_value, checksum)
        if not os.path.exists(path):
            folder = os.path.join(self._filestore(), PARTIAL)
            os.makedirs(folder, exist_ok=True)
            partial = os.path.join(
                folder, f"{os.getpid()}-{threading.get_ident()}-{checksum}"
            )
            try:
                with open(partial, "wb") as stream:
                    stream.write(bin_value)
                os.replace(partial, path)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(partial)
                raise
            self._mark_for_gc(name)
        return name

    @api.autovacuum
    def _gc_gov_partial(self):
        """Drop what killed processes left half written."""
        folder = os.path.join(self._filestore(), PARTIAL)
        with contextlib.suppress(OSError):
            for entry in os.scandir(folder):
                if time.time() - entry.stat().st_mtime > PARTIAL_KEPT_SECONDS:
                    os.unlink(entry.path)

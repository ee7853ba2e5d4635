from odoo import models

from ..lib import ca, keys


class GovKey(models.Model):
    """What a key shows of itself without its PIN: the certificate it signs with."""

    _inherit = "gov.key"

    def _shown(self):
        """Return the certificate and chain of this key, as ``gov.sign._check_certificate`` takes them.

        :return: :class:`~odoo.addons.gov_trust.lib.keys.LoadedKey` that signs nothing
        """
        self.ensure_one()
        row = self._stored(self.env.cr)
        (certificate,) = ca.der(row["certificate"])
        chain = tuple(ca.der(row["chain"])) if row["chain"] else ()
        return keys.LoadedKey(None, certificate, chain, row["fingerprint"])

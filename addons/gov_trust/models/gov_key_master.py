from odoo import api, models
from odoo.tools import config

from ..exceptions import SealUnavailable
from ..lib import master


def _named_in_conf():
    # The option of Odoo's own section is an older way to say it; Odoo warns of it.
    option = config.get("gov_trust_master_key_file")
    return master.in_configuration(config.get("config")) or option


master.configure(_named_in_conf)


class GovKey(models.Model):
    """The master key that opens the keys, and what is wrong with it in words."""

    _inherit = "gov.key"

    @api.model
    def _master(self):
        """The master key of this server.

        :raise SealUnavailable: with a sentence that says what to do
        """
        try:
            return master.default()
        except master.MasterKeyError as error:
            raise SealUnavailable(self._explain(error)) from error

    @api.model
    def _explain(self, error):
        """Sentence for a person: what is wrong with the master key, what to do."""
        return {
            "missing": self.env._(
                "The master key of this server cannot be read, so nothing can be "
                "numbered or sealed. Put its file back where "
                "GOV_TRUST_MASTER_KEY_FILE says, then try again."
            ),
            "invalid": self.env._(
                "The master key file does not hold a master key. Put the right file "
                "back from its backup, then try again."
            ),
            "exposed": self.env._(
                "The master key file may be read by other accounts of the server. "
                "Give it mode 600, then try again."
            ),
            "wrong": self.env._(
                "The keys of this database were encrypted under another master key, "
                "or were altered. Put back the master key that belongs to this "
                "database, then try again."
            ),
        }.get(error.code, str(error))

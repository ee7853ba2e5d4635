from odoo import api, models
from odoo.tools import SQL, config

PLACE_SPACE = 0x676F7676  # "govv": first key of the advisory locks


class GovValidationPlace(models.AbstractModel):
    """How many files are judged at once, so that letters go on being deposited.

    A server of several processes serves one request in each: a file that is judged
    holds one of them. Half of them at most are given to it; in a server of threads the
    queue of ``lib.validation.service`` counts alone.
    """

    _inherit = "gov.validation"

    @api.model
    def _take_place(self):
        """Take a place until the transaction ends.

        :return: False when all of them are taken: ask the visitor to come again
        """
        processes = config["workers"]
        if not processes:
            return True
        places = max(1, processes // 2)
        # As many a second, so that between two files letters have all processes.
        if self.env["gov.rate"]._hit("verify.place", "all", places, 1):
            return False
        for place in range(places):
            self.env.cr.execute(
                SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", PLACE_SPACE, place)
            )
            if self.env.cr.fetchone()[0]:
                return True
        return False

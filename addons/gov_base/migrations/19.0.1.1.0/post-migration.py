from odoo.api import Environment

SUPERUSER_ID = 1


def migrate(cr, version):
    """Make documents of blocks of the texts that templates held."""
    if version:
        Environment(cr, SUPERUSER_ID, {})["gov.template"]._blocks_from_bodies()

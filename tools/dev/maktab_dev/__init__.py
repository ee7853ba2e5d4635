"""Set-up, run, test and lint tooling of the Maktab repository (no Odoo inside)."""

"""A seal whose authority was made while the transaction ran is believed at once."""

from __future__ import annotations

SCRIPT = """
import io
import pikepdf
from odoo import api, SUPERUSER_ID

env.cr.execute("SELECT 1")  # the snapshot of this transaction
with env.registry.cursor() as cr:
    apart = api.Environment(cr, SUPERUSER_ID, {})
    keys = apart["gov.key"]
    keys.search([("purpose", "in", ["ca", "seal"])]).write({"state": "retired"})
    cr.postcommit.clear()
pdf, out = pikepdf.new(), io.BytesIO()
pdf.add_blank_page()
pdf.save(out)
company = env["res.company"].search([], limit=1)
sealed = env["gov.seal"]._seal_pdf(company, out.getvalue())
assert len(sealed) > len(out.getvalue())
print("sealed by an authority made meanwhile")
env.cr.rollback()
"""


def test_the_first_seal_of_an_authority(databases, template):
    with databases.clone(template, "first_seal") as name:
        told = databases.shell(name, SCRIPT)
    assert "sealed by an authority made meanwhile" in told

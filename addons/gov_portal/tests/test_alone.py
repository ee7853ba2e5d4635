from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install", "alone")
class TestAlone(PortalCase):
    """The register and the portal alone: a letter goes in, a number comes out."""

    def test_deposit_alone(self):
        page = self.deposit()
        mark = page.one("//*[@data-number]")
        self.assertRegex(mark.get("data-number"), r"^\d{4}/\d{6}$")
        page = self.send(
            self.get("/track"),
            number=mark.get("data-number"),
            code=mark.get("data-code"),
            control="m.benallal@example.ma",
        )
        self.assertIn(mark.get("data-number"), page.main)

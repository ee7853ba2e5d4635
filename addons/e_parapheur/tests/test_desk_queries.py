from odoo.tests import tagged

from .common import AGENT
from .common_power import PowerCase


@tagged("post_install", "-at_install")
class TestDeskQueries(PowerCase):
    """A list costs the same with two folders and with eight, whoever looks at it."""

    def _cost(self, user, *args):
        """Statements of one reading of the desk, and how many rows it gave."""
        self.env.flush_all()
        self.env.invalidate_all()
        book = self.env["parapheur.folder"].with_user(user).with_company(self.company)
        before = self.env.cr.sql_log_count
        rows = book.get_desk(*args)["folders"]
        return self.env.cr.sql_log_count - before, len(rows)

    def test_constant(self):
        self._act()
        secretary = self._user("book_secretary", AGENT, name="Salma Secretary")
        self.env["parapheur.secretary"].create(
            {
                "signatory_id": self.mayor.id,
                "secretary_id": secretary.id,
                "company_id": self.company.id,
            }
        )
        views = {
            "own": (self.mayor, "sign"),
            "late": (self.mayor, "late"),
            "delegated": (self.head, "delegated", self.mayor.id),
            "prepared": (secretary, "prepare", self.mayor.id),
        }
        found = []
        for more in (2, 6):
            for _number in range(more):
                self._folder().sudo().deadline = "2020-01-01"
            found.append({name: self._cost(*view) for name, view in views.items()})
        for name in views:
            (few, few_rows), (many, many_rows) = found[0][name], found[1][name]
            self.assertEqual((few_rows, many_rows), (2, 8), name)
            self.assertLessEqual(many, few + 2, f"{name}: {few} then {many}")

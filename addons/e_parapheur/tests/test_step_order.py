from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..lib import step_order
from .common import BookCase


@tagged("post_install", "-at_install")
class TestStepOrder(BaseCase):
    """In which order acts can stand: pure."""

    def problem(self, *kinds):
        steps = [
            (rank, kind, f"{kind}{rank}")
            for rank, group in enumerate(kinds, 1)
            for kind in group.split("+")
        ]
        found = step_order.problem(steps)
        return found and found[0]

    def test_orders_that_hold(self):
        for kinds in (
            ("visa", "signature"),
            ("visa",),
            ("paper", "signature", "seal"),
            ("paper", "paper", "seal", "dispatch", "dispatch", "archive"),
            ("visa+visa", "signature+signature", "dispatch"),
            ("opinion", "archive"),
        ):
            self.assertIsNone(self.problem(*kinds), kinds)

    def test_orders_that_do_not(self):
        for code, *kinds in (
            ("paper", "signature", "paper"),
            ("paper", "signature+paper"),
            ("closed", "seal", "signature"),
            ("closed", "dispatch", "visa"),
            ("closed", "visa+seal"),
            ("twice", "seal", "seal"),
            ("order", "dispatch", "seal"),
            ("order", "archive", "dispatch"),
            ("order", "seal+dispatch"),
            ("twice", "archive", "archive"),
        ):
            self.assertEqual(self.problem(*kinds), code, kinds)


@tagged("post_install", "-at_install")
class TestStepOrderOfCircuits(BookCase):
    """Circuits and folders in which acts cannot follow each other."""

    def test_not_published(self):
        with self.refused(UserError, "cannot come with or after “Sign”: printing"):
            self._circuit(
                "Wrong",
                [
                    {"name": "Sign", "kind": "signature", "users": self.signer},
                    {"name": "By hand", "kind": "paper", "users": self.mayor},
                ],
            )
        with self.refused(UserError, "an act of a person"):
            self._circuit("Wrong", [{"name": "V", "kind": "visa", "rule": "platform"}])
        with self.refused(UserError, "goes to the archive by itself"):
            self._circuit(
                "Wrong", [{"name": "A", "kind": "archive", "users": self.head}]
            )

    def test_not_added_on_the_way(self):
        circuit = self._circuit(
            "By hand",
            [
                {"name": "By hand", "kind": "paper", "users": self.head},
                {"name": "Seal", "kind": "seal", "rule": "platform"},
            ],
        )
        nature = self.env["parapheur.nature"].create(
            {
                "name": "On paper",
                "company_id": self.company.id,
                "circuit_id": circuit.id,
            }
        )
        folder = self._submitted(nature=nature)
        seal = folder.sudo().run_id.step_ids[-1]
        with self.refused(UserError, "closed by the seal"):
            self._as(folder, self.clerk).action_add_signer(
                self.signer.ids, after=seal.id
            )
        with self.refused(UserError, "printing a document"):
            self._as(folder, self.clerk).action_add_signer(self.signer.ids)
        with self.refused(UserError, "closed by the seal"):
            folder.run_id.action_add_step("visa", self.signer.ids, after=seal.id)

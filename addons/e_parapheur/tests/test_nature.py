from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import BookCase


@tagged("post_install", "-at_install")
class TestNature(BookCase):
    """Natures are data of the functional administrator; what runs keeps what it had."""

    def _as_admin(self):
        return self.env["parapheur.nature"].with_user(self.admin)

    def test_the_functional_administrator_describes(self):
        nature = self._as_admin().create(
            {
                "name": " Ordre\u202e de mission ",
                "circuit_id": self.circuit.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(nature.name, "Ordre de mission")
        self.assertEqual(nature.folder_count, 0)
        nature.active = False
        for user in (self.clerk, self.auditor, self.supervisor):
            with self.assertRaises(AccessError):
                nature.with_user(user).write({"name": "x"})
        with self.assertRaises(AccessError):
            self._as_admin().env["parapheur.folder"].with_user(self.admin).create(
                {"title": "x", "nature_id": nature.id}
            )

    def test_years_are_sensible(self):
        for years in (0, -1, 5000):
            with self.refused(ValidationError, "from 1 to 1,000 years"):
                self.nature.with_user(self.admin).retention_years = years

    def test_another_administration(self):
        with self.assertRaises(AccessError):
            self.nature.with_user(self.stranger).read(["name"])
        with self.assertRaises(UserError):
            self._as_admin().create(
                {
                    "name": "x",
                    "company_id": self.company.id,
                    "circuit_id": self.env["gov.circuit"]
                    .create({"name": "Theirs", "company_id": self.elsewhere.id})
                    .id,
                }
            )

    def test_not_eligible(self):
        nature = self.nature.copy(
            {"not_eligible": True, "not_eligible_reason": "law 53-05, article 2"}
        )
        folder = self._draft(nature=nature)
        with self.refused(UserError, "not signed electronically: law 53-05, article 2"):
            folder.action_submit()
        self.assertEqual(folder.state, "draft")
        visas = self._circuit(
            "Visas", [{"name": "Visa", "kind": "visa", "users": self.head}]
        )
        nature.circuit_id = visas
        folder.action_submit()
        self.assertEqual(folder.state, "running")
        with self.refused(UserError, "not signed electronically"):
            self._as(folder, self.head).action_add_signer(self.signer.ids)

    def test_what_runs_keeps_its_circuit(self):
        folder = self._submitted()
        draft = self.circuit.with_user(self.admin)
        new = self.env["gov.circuit"].browse(draft.action_new_version()["res_id"])
        new.step_ids.filtered(lambda step: step.kind == "signature").unlink()
        new.action_publish()
        self.assertEqual(len(folder.run_id.sudo().step_ids), 3)
        later = self._submitted(title="Later")
        self.assertEqual(len(later.run_id.sudo().step_ids), 1, "the published version")
        self.assertEqual(later.run_id.version, 2)

    def test_no_published_version(self):
        folder = self._draft()
        self.circuit.action_retire()
        with self.refused(UserError, "No version of the circuit"):
            folder.action_submit()

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install", "gov_acl")
class TestHandingOver(DeskCase):
    """What belongs to one administration is not put into another, nor into everybody's."""

    def refused_elsewhere(self, record, *companies, **more):
        for company_id in companies:
            with (
                self.subTest(model=record._name, company=company_id),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                record.write({"company_id": company_id, **more})

    def test_lists_and_circuits(self):
        env = self.env(user=self.desk_admin)
        other = self.other_company.id
        instruction = env["desk.instruction"].create(
            {"name": "Alone", "company_id": self.company.id}
        )
        self.refused_elsewhere(instruction, other, False)
        circuit = env["gov.circuit"].create(
            {"name": "Alone", "company_id": self.company.id}
        )
        self.refused_elsewhere(circuit, other)

    def test_a_draft(self):
        draft = (
            self.env["desk.outgoing"]
            .with_user(self.supervisor)
            .create({"kind": "letter", "subject": "x", "unit_id": self.urbanism.id})
        )
        self.refused_elsewhere(
            draft,
            self.other_company.id,
            unit_id=self.other_unit.id,
            office_id=self.other_office.id,
        )

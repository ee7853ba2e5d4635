from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_classification import ClassificationCommon


@tagged("post_install", "-at_install", "gov_acl")
class TestHandingOver(ClassificationCommon):
    """Nobody puts his offices and lists into another administration, nor into everybody's."""

    def test_an_administration_is_not_changed_for_another(self):
        env = self.env(user=self.admin)
        office = env["registry.office"].create({"name": "Free", "code": "FREE"})
        records = [
            office,
            *(
                env[model].create({"name": "Alone"})
                for model in (
                    "registry.subject",
                    "registry.category",
                    "registry.keyword",
                    "registry.nature",
                    "registry.priority",
                )
            ),
        ]
        for record in records:
            companies = [self.other_company.id]
            if not record._fields["company_id"].required:
                companies.append(False)
            for company_id in companies:
                with (
                    self.subTest(model=record._name, company=company_id),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    record.write({"company_id": company_id})

    def test_a_register_does_not_go_into_an_office_of_others(self):
        office = self.env(user=self.admin)["registry.office"].create(
            {"name": "Free", "code": "FREE"}
        )
        office.action_create_registers()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            office.register_ids[:1].write(
                {
                    "office_id": self.other_office.id,
                    "company_id": self.other_company.id,
                    "code": "THEIRS",
                }
            )

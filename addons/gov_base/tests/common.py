from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class OfficeCase(TransactionCase):
    """Two administrations and the people of the first one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agdal, cls.souissi = cls.env["res.company"].create(
            [
                {
                    "name": "Test commune T01",
                    "gov_code": "T01",
                    "gov_name": "Commune d'Agdal",
                },
                {
                    "name": "Test commune T02",
                    "gov_code": "T02",
                    "gov_name": "Commune de Souissi",
                },
            ]
        )
        cls.admin = cls.user_of(cls.agdal, "gov_admin", "gov_base.group_gov_base_admin")
        cls.agent = cls.user_of(cls.agdal, "gov_agent", "gov_base.group_gov_base_agent")

    @classmethod
    def user_of(cls, company, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @contextmanager
    def refused(self, exception, words):
        """Expect a refusal that says ``words``; unlike assertRaisesRegex, undo what it left."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

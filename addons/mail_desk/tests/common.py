from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.digital_registry.tests.common import RegistryCommon

PREFIX = "mail_desk.group_mail_desk_"


class DeskCase(RegistryCommon):
    """A commune: secretariat (arrivals), a direction with two services, and its people.

    ``dg`` heads the direction; ``hu`` heads urbanism, with agents ``au`` and ``au2``;
    ``hl`` heads legal affairs, with the agent ``al``; ``hs`` heads the secretariat.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {}
        cls.direction = cls._unit("Direction générale", "DG")
        cls.secretariat = cls._unit("Bureau d’ordre", "BO", cls.direction)
        cls.urbanism = cls._unit("Urbanisme", "URB", cls.direction)
        cls.legal = cls._unit("Affaires juridiques", "JUR", cls.direction)
        cls.other_unit = cls._unit("Urbanisme de Fès", "URB", company=cls.other_company)
        cls.dg = cls._person("dg", cls.direction, head=True)
        cls.hs = cls._person("hs", cls.secretariat, head=True)
        cls.hu = cls._person("hu", cls.urbanism, head=True)
        cls.au = cls._person("au", cls.urbanism)
        cls.au2 = cls._person("au2", cls.urbanism)
        cls.hl = cls._person("hl", cls.legal, head=True)
        cls.al = cls._person("al", cls.legal)
        cls.stranger = cls._person("stranger", cls.other_unit, head=True)
        cls.supervisor = cls._user("supervisor", "supervisor", cls.company)
        cls.desk_admin = cls._user("desk_admin", "admin", cls.company)
        cls.desk_auditor = cls._user("desk_auditor", "auditor", cls.company)
        cls.office.desk_unit_id = cls.secretariat
        cls.other_office.desk_unit_id = cls.other_unit
        cls.action = cls.env.ref("mail_desk.desk_instruction_attribution")
        cls.information = cls.env.ref("mail_desk.desk_instruction_information")

    @classmethod
    def _unit(cls, name, code, parent=None, company=None):
        return cls.env["hr.department"].create(
            {
                "name": name,
                "gov_code": code,
                "parent_id": parent.id if parent else False,
                "company_id": (company or cls.company).id,
            }
        )

    @classmethod
    def _user(cls, login, role, company):
        return new_test_user(
            cls.env,
            login=f"md_{login}",
            name=f"{login.upper()} Desk",
            groups=PREFIX + role,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _person(cls, login, unit, head=False, role="agent"):
        user = cls._user(login, role, unit.company_id)
        employee = cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "department_id": unit.id,
                "company_id": unit.company_id.id,
            }
        )
        if head:
            unit.manager_id = employee
        cls.people[login] = employee
        return user

    def _arrived(self, **vals):
        """A letter registered at the counter, for urbanism; as the platform sees it."""
        return self._register(unit_id=self.urbanism.id, **vals)

    def _register(self, user=None, **vals):
        return super()._register(user, **vals).with_env(self.env)

    def _row(self, letter, user=None):
        row = letter.sudo()._desk_row()
        return row.with_user(user) if user else row.with_env(self.env)

    def _assigned(self, **vals):
        """A letter of urbanism that its head gave to ``au``."""
        letter = self._arrived()
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id, **vals)
        return letter

    def _sentences(self, letter, user, lang="en_US"):
        letter = letter.with_user(user).with_context(lang=lang)
        letter.invalidate_recordset(["desk_event_ids"])
        return letter.desk_event_ids.mapped("sentence")

    @contextmanager
    def refused(self, exception, words):
        """Expect a refusal that says ``words``, and undo what it left."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

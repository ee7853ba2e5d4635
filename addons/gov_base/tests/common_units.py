from .common import OfficeCase


class UnitCase(OfficeCase):
    """Units of an administration with their people: TOWN (director) above PERMITS (head, clerk) above COUNTER; FINANCE."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = {}
        cls.town = cls.unit("TOWN")
        cls.permits = cls.unit("PERMITS", cls.town)
        cls.counter = cls.unit("COUNTER", cls.permits)
        cls.finance = cls.unit("FINANCE")
        cls.director = cls.person("gov_director", cls.town)
        cls.head = cls.person("gov_head", cls.permits)
        cls.clerk = cls.person("gov_clerk", cls.permits)
        cls.town.manager_id = cls.staff[cls.director]
        cls.permits.manager_id = cls.staff[cls.head]
        elsewhere = cls.unit("ELSEWHERE", company=cls.souissi)
        cls.stranger = cls.person("gov_stranger", elsewhere, company=cls.souissi)
        cls.env.flush_all()

    @classmethod
    def unit(cls, code, parent=None, company=None):
        return cls.env["hr.department"].create(
            {
                "name": code.title(),
                "gov_code": code,
                "company_id": (company or cls.agdal).id,
                "parent_id": parent and parent.id,
            }
        )

    @classmethod
    def person(cls, login, unit=None, company=None):
        company = company or cls.agdal
        user = cls.user_of(company, login, "gov_base.group_gov_base_agent")
        cls.staff[user] = (
            cls.env["hr.employee"]
            .with_company(company)
            .create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": company.id,
                    "department_id": unit and unit.id,
                }
            )
        )
        return user

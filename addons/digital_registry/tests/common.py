import base64
import io

from odoo.tests import TransactionCase, new_test_user

PREFIX = "digital_registry.group_digital_registry_"
ARABIC_NAME = "محمد بن علال"
TIFINAGH_NAME = "ⵎⵓⵃⴰⵎⵎⴰⴷ ⴰⵢⵜ ⵄⵍⵍⴰⵍ"


def pdf_file(text="Letter", pages=1):
    """Return a small real PDF."""
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for page in range(pages):
        canvas.drawString(100, 700, f"{text} {page + 1}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


class RegistryCommon(TransactionCase):
    """Two administrations, an office with its three registers in each, one user a role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the database may hold already (demo, another run) waits meanwhile.
        cls.env.cr.execute(
            "UPDATE registry_receipt SET next_attempt_at = now() + interval '1 day', "
            "mail_next_at = now() + interval '1 day'"
        )
        cls.company = cls._make_company("RBT", "Commune de Rabat", "جماعة الرباط")
        cls.other_company = cls._make_company("FES", "Commune de Fès", "جماعة فاس")
        cls.users = {}
        for company, suffix in ((cls.company, ""), (cls.other_company, "2")):
            for role in ("registrar", "head", "auditor", "admin"):
                cls.users[role + suffix] = new_test_user(
                    cls.env,
                    login=f"dr_{role}{suffix}",
                    groups=PREFIX + role,
                    company_id=company.id,
                    company_ids=[(6, 0, company.ids)],
                )
        cls.users["agent"] = new_test_user(
            cls.env,
            login="dr_agent",
            groups="gov_base.group_gov_base_agent",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.registrar, cls.head = cls.users["registrar"], cls.users["head"]
        cls.auditor, cls.admin = cls.users["auditor"], cls.users["admin"]
        cls.office = cls._make_office(cls.company, "AGDAL", "Bureau d’ordre Agdal")
        cls.other_office = cls._make_office(cls.other_company, "MEDINA", "مكتب الضبط")
        cls.register = cls.office._get_register("incoming")
        cls.other_register = cls.other_office._get_register("incoming")

    @classmethod
    def _make_company(cls, code, french, arabic):
        company = cls.env["res.company"].create(
            {"name": f"{french} ({code}-test)", "gov_code": f"{code}-T"}
        )
        company.gov_tz = "Africa/Casablanca"
        company.with_context(lang="fr_FR").gov_name = french
        company.with_context(lang="ar_MA").gov_name = arabic
        return company

    @classmethod
    def _make_office(cls, company, code, name):
        office = cls.env["registry.office"].create(
            {"name": name, "code": code, "company_id": company.id}
        )
        office.action_create_registers()
        return office

    def _draft(self, user=None, **vals):
        user = user or self.registrar
        return (
            self.env["registry.letter"]
            .with_user(user)
            .create(
                {
                    "register_id": self.register.id,
                    "sender_name": ARABIC_NAME,
                    "subject": "Demande de permis",
                    **vals,
                }
            )
        )

    def _register(self, user=None, **vals):
        letter = self._draft(user, **vals)
        letter.action_register()
        self._drain()
        return letter

    def _deposit(self, **vals):
        letter = self.env["registry.letter"]._register_deposit(
            {
                "office_id": self.office.id,
                "subject": "Demande d’attestation",
                "body": "Bonjour,\nje demande une attestation.",
                "name": ARABIC_NAME,
                "email": "citizen@example.ma",
                "phone": "+212612345678",
                "language": "fr",
                **vals,
            }
        )
        self._drain()
        return letter

    def _drain(self):
        """Let the sequencer run as it does after a commit."""
        self.env.flush_all()
        self.env.cr.flush()

    def _ingest(self, content=None, filename="letter.pdf", company=None):
        return self.env["gov.document"]._ingest(
            content or pdf_file(),
            filename,
            company=company or self.company,
            origin="portal",
        )

    @staticmethod
    def _b64(content):
        return base64.b64encode(content)

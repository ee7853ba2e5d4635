import base64
import io
from contextlib import contextmanager

from reportlab.pdfgen.canvas import Canvas

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

PIN = "135791"
AGENT = "e_parapheur.group_e_parapheur_agent"


def pdf(lines=("Decision",), pages=1, size=(595, 842)):
    """Bytes of a plain PDF with some text at the top of each page."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size)
    for number in range(pages):
        for row, line in enumerate(lines):
            canvas.drawString(72, size[1] - 170 - 18 * row, f"{line} ({number + 1})")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


class BookSetUp:
    """Two administrations; in the first a unit with its head, two signers and a circuit."""

    @classmethod
    def _set_up_book(cls):
        cls.env["ir.config_parameter"].sudo().set_param("gov_base.clamd_address", False)
        cls.company, cls.elsewhere = cls.env["res.company"].create(
            [
                {
                    "name": "Test commune S01",
                    "gov_code": "S01",
                    "gov_name": "Commune d'Agdal",
                    "gov_tz": "Africa/Casablanca",
                    "city": "Rabat",
                },
                {"name": "Test commune S02", "gov_code": "S02"},
            ]
        )
        cls.company.with_context(lang="ar_MA").gov_name = "جماعة أكدال"
        cls.town = cls._unit("TOWN")
        cls.permits = cls._unit("PERMITS", cls.town)
        cls.staff = {}
        cls.clerk = cls._person("book_clerk", "Amina Clerk", cls.permits)
        cls.head = cls._person("book_head", "Karim Head", cls.permits)
        cls.signer = cls._person("book_signer", "Mohamed Benallal", cls.town)
        cls.mayor = cls._person("book_mayor", "فاطمة الزهراء العلوي", cls.town)
        cls.other = cls._person("book_other", "Other Agent", cls.town)
        cls.permits.manager_id = cls.staff[cls.head]
        cls.town.manager_id = cls.staff[cls.mayor]
        cls.staff[cls.signer].job_title = "Directeur des services"
        cls.staff[cls.mayor].job_title = "رئيسة الجماعة"
        cls.supervisor = cls._user(
            "book_supervisor", "e_parapheur.group_e_parapheur_supervisor"
        )
        cls.auditor = cls._user("book_auditor", "e_parapheur.group_e_parapheur_auditor")
        cls.admin = cls._user("book_admin", "e_parapheur.group_e_parapheur_admin")
        cls.stranger = cls._user("book_stranger", AGENT, company=cls.elsewhere)
        cls.circuit = cls._circuit(
            "Visa and signatures",
            [
                {"name": "Visa", "kind": "visa", "users": cls.head},
                {"name": "Signature", "kind": "signature", "users": cls.signer},
                {"name": "Last signature", "kind": "signature", "users": cls.mayor},
            ],
        )
        cls.nature = cls.env["parapheur.nature"].create(
            {
                "name": "Decision",
                "company_id": cls.company.id,
                "circuit_id": cls.circuit.id,
            }
        )
        keys = cls.env["gov.key"]
        for user in (cls.signer, cls.mayor):
            keys._make_personal(user, cls.company, PIN)

    @classmethod
    def _user(cls, login, groups, company=None, name=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            name=name or login,
            password=login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _unit(cls, code, parent=None):
        return cls.env["hr.department"].create(
            {
                "name": code.title(),
                "gov_code": code,
                "company_id": cls.company.id,
                "parent_id": parent and parent.id,
            }
        )

    @classmethod
    def _person(cls, login, name, unit):
        user = cls._user(login, AGENT, name=name)
        cls.staff[user] = (
            cls.env["hr.employee"]
            .with_company(cls.company)
            .create(
                {
                    "name": name,
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    "department_id": unit.id,
                }
            )
        )
        return user

    @classmethod
    def _circuit(cls, name, steps, publish=True):
        """A published circuit; a step is a dict with ``name``, ``kind``, ``users``, ``rank``, ``mode``."""
        circuit = cls.env["gov.circuit"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": step["name"],
                            "kind": step["kind"],
                            "rank": step.get("rank", number),
                            "mode": step.get("mode", "all"),
                            "actor_rule": step.get("rule", "person"),
                            "user_ids": [Command.set(step["users"].ids)]
                            if step.get("users")
                            else [],
                        }
                    )
                    for number, step in enumerate(steps, 1)
                ],
            }
        )
        if publish:
            circuit.action_publish()
        return circuit

    def _draft(
        self, title="Decision 14", mains=1, user=None, nature=None, content=None
    ):
        user = user or self.clerk
        folder = (
            self.env["parapheur.folder"]
            .with_user(user)
            .with_company(self.company)
            .create(
                {
                    "title": title,
                    "nature_id": (nature or self.nature).id,
                    "language": "fr",
                }
            )
        )
        for number in range(mains):
            data = content or pdf([title, f"document {number}"])
            folder.action_add_document(
                f"decision-{number}.pdf", base64.b64encode(data).decode()
            )
        return folder

    def _submitted(self, **kwargs):
        folder = self._draft(**kwargs)
        folder.action_submit()
        return folder

    def _as(self, folder, user):
        return folder.with_user(user).with_company(self.company)

    def _consent(self):
        return self.env["parapheur.folder"].get_consent()["id"]

    def _sign(self, folder, user, pin=PIN, base="now"):
        folder = self._as(folder, user)
        if base == "now":
            base = folder._circuit_base()
        return folder.action_sign(pin, base=base, consent=self._consent())

    def _signed(self, **kwargs):
        """A folder in which everybody has acted."""
        folder = self._submitted(**kwargs)
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        return folder.sudo()

    def _closed(self, **kwargs):
        folder = self._signed(**kwargs)
        folder._process_closings()
        folder._process_slips()
        return folder

    def _bytes(self, folder, number=0):
        return folder.sudo().piece_ids[number]._current()._read_content()

    def _events(self, folder, kind=None):
        domain = [
            ("subject_model", "=", "parapheur.folder"),
            ("subject_id", "=", folder.id),
        ]
        if kind:
            domain.append(("kind", "=", kind))
        return self.env["gov.journal.event"].sudo().search(domain, order="id")


class BookCase(BookSetUp, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_book()

    @contextmanager
    def refused(self, exception, words):
        """Expect a refusal that says ``words``; unlike assertRaisesRegex, undo what it left."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

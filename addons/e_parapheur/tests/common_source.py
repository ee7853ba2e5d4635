import base64

from odoo import Command

from odoo.addons.gov_base.tests.office_files import word

from .common import PIN, BookCase

MANAGER = "hr.group_hr_manager"
PARTNERS = "base.group_partner_manager"
DOCX = "attestation.docx"


class SourceCase(BookCase):
    """A sending of employees by a file of Word: set up by an administrator, used by a clerk of human resources."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk.group_ids += cls.env.ref(MANAGER)
        cls.admin.group_ids += cls.env.ref(MANAGER) + cls.env.ref(PARTNERS)
        cls.employee = cls.staff[cls.other]
        cls.employee.write(
            {"job_title": "Technicien", "parent_id": cls.staff[cls.head].id}
        )
        cls.one_step = cls._circuit(
            "One signature",
            [{"name": "Signature", "kind": "signature", "users": cls.signer}],
        )
        cls.certificate = cls._nature("Work certificate", cls.one_step)
        cls.source = cls._source()

    @classmethod
    def _nature(cls, name, circuit, **vals):
        return cls.env["parapheur.nature"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "circuit_id": circuit.id,
                **vals,
            }
        )

    @classmethod
    def _source(cls, content=None, **vals):
        values = {
            "name": "Work certificate",
            "company_id": cls.company.id,
            "model": "hr.employee",
            "nature_id": cls.certificate.id,
            "title": "Certificate – {{ name }}",
            "lang": "en_US",
            "field_ids": [
                Command.create({"path": "name"}),
                Command.create({"path": "job_title"}),
                Command.create({"path": "department_id.manager_id.name"}),
            ],
            **vals,
        }
        source = (
            cls.env["parapheur.source"]
            .with_user(cls.admin)
            .with_company(cls.company)
            .create(values)
        )
        if values.get("document_kind", "docx") == "docx":
            content = content or word(
                "I certify that {{ name }} works as {{ job_title }}.",
                "Head: {{ department_manager_name }}",
                header="{{ administration }}",
            )
            source.action_set_docx(DOCX, base64.b64encode(content).decode())
        return source

    def _published(self, **vals):
        source = self._source(**vals) if vals else self.source
        source.action_publish()
        return source

    def _employee(self, user=None):
        return self._as(self.employee, user or self.clerk)

    def _sent(self, source=None, record=None, user=None):
        """The draft that a clerk makes of the record."""
        source = (source or self.source).with_user(user or self.clerk)
        source = source.with_company(self.company)
        folder, _missed = source._send(record or self._employee(user))
        return folder

    def _sign_alone(self, folder):
        """The one signature of the circuit, and the seal."""
        self._sign(folder, self.signer, pin=PIN)
        folder.sudo()._process_closings()
        return folder.sudo()

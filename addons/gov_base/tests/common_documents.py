from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from . import intake_files as files


class DocumentCase(TransactionCase):
    """Two administrations, agents of each, and a record of each that owns documents.

    The owner is a partner with a company: everybody's stock rules already keep it inside its company.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Commune of tests A"})
        cls.other_company = cls.env["res.company"].create(
            {"name": "Commune of tests B"}
        )
        cls.owner = cls._owner_of(cls.company)
        cls.other_owner = cls._owner_of(cls.other_company)
        agent = "gov_base.group_gov_base_agent"
        cls.agent = cls._user("docs_agent", cls.company, agent)
        cls.auditor = cls._user(
            "docs_auditor", cls.company, "gov_base.group_gov_base_auditor"
        )
        cls.admin = cls._user(
            "docs_admin", cls.company, "gov_base.group_gov_base_admin"
        )
        cls.other_agent = cls._user("docs_agent_b", cls.other_company, agent)
        cls.system = cls._user("docs_system", cls.company, f"base.group_system,{agent}")
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        cls.parameters.set_param("gov_base.clamd_address", False)
        # Files that are in the database already (demo data, other addons) take no part.
        cls.env.cr.execute(
            "UPDATE gov_document_version SET state = 'released', av_state = 'clean'"
        )
        cls.documents = cls.env["gov.document"]
        cls.versions = cls.env["gov.document.version"]
        cls.intake = cls.env["gov.intake"]

    @classmethod
    def _owner_of(cls, company):
        return cls.env["res.partner"].create(
            {"name": f"Owner in {company.name}", "company_id": company.id}
        )

    @classmethod
    def _user(cls, login, company, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def ingest(self, content=None, filename="letter.pdf", **kwargs):
        kwargs.setdefault("company", self.company)
        kwargs.setdefault(
            "owner",
            self.owner if kwargs["company"] == self.company else self.other_owner,
        )
        return self.documents._ingest(
            files.pdf() if content is None else content, filename, **kwargs
        )

    @contextmanager
    def background(self):
        """Let the batches run inside the test's transaction."""
        with patch.object(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda *_args, **_kwargs: float("inf"),
        ):
            yield

    def process(self, limit=50):
        with self.background():
            self.intake._process_scan(limit)

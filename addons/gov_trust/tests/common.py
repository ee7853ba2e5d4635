from odoo.tests import TransactionCase


class JournalCase(TransactionCase):
    """A stream of its own, and the one gesture that stands for a commit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.env["gov.journal"].create(
            {
                "name": "Test stream",
                "code": "test-stream",
                "kind": "register",
                "company_id": cls.env.company.id,
                "tz": "Africa/Casablanca",
            }
        )

    def append(self, kind="test.done", **body):
        return self.journal._append(kind, body)

    def append_numbered(self, pattern="{year}/{number:06}"):
        return self.journal._append("test.numbered", {}, number_format=pattern)

    def commit(self):
        """What a commit does: the drain runs and records are read again."""
        self.env.cr.flush()

import re
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import RegistryCommon, pdf_file

#: queries of one deposit with a file already taken in: 8 reads, 8 writes. The drain
#: and its commit come after, once for all that arrived meanwhile.
DEPOSIT_QUERIES = 16
LIST_FIELDS = {
    "display_name": {},
    "category_id": {"fields": {"display_name": {}}},
    "keyword_ids": {"fields": {"display_name": {}, "color": {}}},
    "registered_at": {},
    "sender_name": {},
    "subject": {},
    "channel": {},
    "receipt_state": {},
    "state": {},
}


@tagged("post_install", "-at_install", "gov_perf")
class TestPerformance(RegistryCommon):
    def _vals(self):
        version = self._ingest(pdf_file())
        return {
            "office_id": self.office.id,
            "subject": "Demande",
            "body": "Bonjour",
            "name": "Ali",
            "email": "a@example.ma",
            "document_ids": version.document_id.ids,
        }

    def test_deposit(self):
        letters = self.env["registry.letter"]
        letters._register_deposit(self._vals())
        self._drain()
        vals = self._vals()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        letters._register_deposit(vals)
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, DEPOSIT_QUERIES)

    def test_classified_deposit(self):
        """A subject that carries a category costs nothing once it is known by heart."""
        form = self.env["gov.form"].create(
            {
                "name": "Permit",
                "company_id": self.company.id,
                "field_ids": [Command.create({"label": "Plot"})],
            }
        )
        form.action_publish()
        category = self.env["registry.category"].create(
            {
                "name": "Permits",
                "company_id": self.company.id,
                "nature_id": self.env.ref(
                    "digital_registry.registry_nature_request"
                ).id,
                "priority_id": self.env.ref(
                    "digital_registry.registry_priority_normal"
                ).id,
                "form_id": form.id,
            }
        )
        subject = self.env["registry.subject"].create(
            {
                "name": "Permit",
                "company_id": self.company.id,
                "category_id": category.id,
            }
        )
        letters = self.env["registry.letter"]
        letters._register_deposit({**self._vals(), "subject_type_id": subject.id})
        self._drain()
        vals = {**self._vals(), "subject_type_id": subject.id}
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        letter = letters._register_deposit(vals)
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, DEPOSIT_QUERIES)
        self.assertEqual((letter.category_id, letter.form_id), (category, form))

    def test_list_is_constant(self):
        def count(number):
            for _index in range(number):
                letters._register_deposit(
                    {"office_id": self.office.id, "subject": "S", "name": "N"}
                )
            self._drain()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            user_letters.web_search_read([], LIST_FIELDS, limit=80)
            return self.env.cr.sql_log_count - before

        letters = self.env["registry.letter"]
        user_letters = letters.with_user(self.registrar)
        count(1)
        few = count(2)
        self.assertEqual(count(20), few)

    def test_two_offices_share_no_row(self):
        """A deposit updates nothing shared: it inserts, and moves its own documents."""
        letters = self.env["registry.letter"]
        vals = self._vals()
        letters._register_deposit(vals)
        self._drain()
        vals = self._vals()
        self.env.flush_all()
        queries = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, params=None, **kwargs):
            queries.append(getattr(query, "code", query))
            return execute(cursor, query, params, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            letters._register_deposit(vals)
            self.env.flush_all()
        updates = {
            match[1] or match[2]
            for query in queries
            for match in re.finditer(
                r'(?:UPDATE|FOR UPDATE OF)\s+(?:"(\w+)"|(\w+))', query
            )
        }
        self.assertTrue(any("INSERT INTO" in query for query in queries))
        self.assertLessEqual(updates, {"gov_document"}, updates)

import threading
from functools import partial

from odoo import api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from . import intake_files as files


@tagged("alone", "standard", "post_install", "-at_install")
class TestDocumentRace(BaseCase):
    """Two real transactions store the same new content at once: one blob, two documents, no error."""

    def setUp(self):
        super().setUp()
        # The thread that runs the tests holds the lock of the registries.
        self.patch(Registry, "_lock", DummyRLock())
        self.registry = Registry(get_db_name())
        self.content = files.pdf(filler=2_000)
        self.vaults, self.calls = [], []
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            vaults = env["gov.document.vault"].browse(set(self.vaults))
            env["gov.document.version"].search(
                [("vault_id", "in", vaults.ids)]
            ).document_id.unlink()
            vaults.unlink()

    def deposit(self, name, opened, go, results):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            # Both snapshots are taken before either writes.
            env["res.company"].search_count([])
            opened.wait(10)
            go.wait(10)

            def store():
                self.calls.append(name)
                company = env.ref("base.main_company")
                version = env["gov.document"]._ingest(
                    self.content, name, company=company
                )
                self.vaults.append(version.vault_id.id)
                return version.id, version.vault_id.id

            results[name] = retrying(partial(store), env)

    def test_same_content_at_once(self):
        opened, go, results = threading.Barrier(3), threading.Event(), {}
        threads = [
            threading.Thread(
                target=self.deposit, args=(f"{name}.pdf", opened, go, results)
            )
            for name in ("a", "b")
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            opened.wait(10)
            go.set()
            for thread in threads:
                thread.join(60)
        self.assertEqual(set(results), {"a.pdf", "b.pdf"})
        # Whoever came second was refused by the database once, and replayed.
        self.assertEqual(len(self.calls), 3)
        (first, vault), (second, other_vault) = results.values()
        self.assertNotEqual(first, second)
        self.assertEqual(vault, other_vault)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            versions = env["gov.document.version"].browse([first, second])
            self.assertEqual(len(versions.exists()), 2)
            for version in versions:
                self.assertEqual(version._read_content(), self.content)
            cr.execute(
                "SELECT count(*) FROM ir_attachment WHERE res_model = 'gov.document.vault' AND res_id = %s",
                (vault,),
            )
            self.assertEqual(cr.fetchone()[0], 1)

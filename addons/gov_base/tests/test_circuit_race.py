import threading
from functools import partial
from types import SimpleNamespace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.orm.model_classes import add_to_registry  # noqa: TID251 a model of the tests alone
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

SUBJECT = "gov.test.race"


def subject_class():
    """A subject without a table and without a journal: only the run is at stake here."""

    class TestRace(models.AbstractModel):
        _module = None
        _name = "gov.test.race"
        _description = "Subject of races"
        _inherit = ["gov.circuit.subject"]

        def _circuit_journal(self):
            return SimpleNamespace(_append=lambda *_args, **_kwargs: None)

    return TestRace


@tagged("alone", "standard", "post_install", "-at_install")
class TestCircuitRace(BaseCase):
    """Real transactions that act in one run at once: one act each, the others get the sentence."""

    def setUp(self):
        super().setUp()
        # The thread that runs the tests holds the lock of the registries.
        self.patch(Registry, "_lock", DummyRLock())
        self.registry = Registry(get_db_name())
        self.users, self.run = [], None
        self.addCleanup(self.clean)
        with self.registry.cursor() as cr:
            add_to_registry(self.registry, subject_class())
            self.registry._setup_models__(cr, [SUBJECT])
        with self.registry.cursor() as cr:
            self.make(api.Environment(cr, api.SUPERUSER_ID, {}))

    def make(self, env):
        company = env.ref("base.main_company")
        users = env["res.users"]
        for login in ("race_one", "race_two"):
            users += new_test_user(
                env,
                login=login,
                groups="gov_base.group_gov_base_agent",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
        run = env["gov.circuit.run"].create(
            {
                "name": "Race",
                "company_id": company.id,
                "res_model": SUBJECT,
                "res_id": 1,
                "initiator_id": users[0].id,
            }
        )
        step = env["gov.circuit.run.step"].create(
            {
                "run_id": run.id,
                "company_id": company.id,
                "rank": 1,
                "name": "One of them",
                "kind": "visa",
                "mode": "any",
                "state": "current",
            }
        )
        step._add_actors([(user, "person", {}) for user in users], state="current")
        self.users, self.run = users.ids, run.id

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["gov.circuit.run"].browse(self.run).unlink()
            users = env["res.users"].browse(self.users)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            del self.registry[SUBJECT]
            self.registry._setup_models__(cr, [])

    def click(self, user_id, opened, results):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user_id, {})
            run = env["gov.circuit.run"].browse(self.run)
            # Both have looked before either clicks.
            run.read(["can_act"])
            opened.wait(10)
            try:
                retrying(partial(run.action_act, "approve"), env)
            except UserError as refusal:
                results.append(str(refusal))
            else:
                results.append("acted")

    def race(self, user_ids):
        opened, results = threading.Barrier(len(user_ids)), []
        threads = [
            threading.Thread(target=self.click, args=(user_id, opened, results))
            for user_id in user_ids
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        with self.registry.cursor() as cr:
            run = api.Environment(cr, api.SUPERUSER_ID, {})["gov.circuit.run"].browse(
                self.run
            )
            self.assertEqual(run.state, "done")
            acts = len(run.actor_ids.filtered(lambda row: row.state == "done"))
        self.assertEqual(results.count("acted"), acts)
        return acts, [sentence for sentence in results if sentence != "acted"]

    def test_one_of_two_persons(self):
        acts, (sentence,) = self.race(self.users)
        self.assertEqual(acts, 1)
        self.assertIn("already", sentence)

    def test_one_person_clicks_twice(self):
        acts, (sentence,) = self.race([self.users[0]] * 2)
        self.assertEqual(acts, 1)
        self.assertIn("already", sentence)

    def test_both_of_two_persons(self):
        """Each would see the other still missing: without the lock nobody would end the step."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["gov.circuit.run"].browse(self.run).step_ids.mode = "all"
        acts, refused = self.race(self.users)
        self.assertEqual((acts, refused), (2, []))

    def test_votes_of_two_persons(self):
        """Two votes that are both needed, at once: both count, and the step ends."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            step = env["gov.circuit.run"].browse(self.run).step_ids
            step.write({"mode": "quorum", "quorum": 2})
        acts, refused = self.race(self.users)
        self.assertEqual((acts, refused), (2, []))

import base64
import json

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import BookCase


@tagged("post_install", "-at_install")
class TestNatureVersion(BookCase):
    """Settings of a nature are published as versions; a folder keeps the one it was submitted with."""

    def _admin(self, record):
        return record.with_user(self.admin).with_company(self.company)

    def _new_version(self, nature=None):
        nature = self._admin(nature or self.nature)
        return nature.version_ids.browse(nature.action_new_version()["res_id"])

    def test_a_change_is_a_version(self):
        first = self.nature.version_id
        self.assertEqual((first.number, first.state), (1, "published"))
        draft = self._new_version()
        self.assertEqual((draft.number, draft.circuit_id), (2, self.circuit))
        self.assertEqual(self._new_version(), draft, "the draft there is")
        draft.write({"reauth": "pin+totp", "note": "  A code\u202e too "})
        self.assertEqual(self.nature.reauth, "pin", "not published yet")
        draft.action_publish()
        self.assertEqual(self.nature.reauth, "pin+totp")
        self.assertEqual(
            (first.state, draft.state, draft.published_by, draft.note),
            ("retired", "published", self.admin.name, "A code too"),
        )
        events = self.env["gov.journal.event"].sudo()
        logged = events.search(
            [("kind", "=", "nature.published"), ("subject_id", "=", draft.id)]
        )
        self.assertEqual(len(logged), 1)

    def test_who_writes_a_setting_publishes_a_version(self):
        nature = self._admin(self.nature)
        nature.write({"retention_years": 30, "name": "Decree"})
        self.assertEqual((nature.version_id.number, nature.retention_years), (2, 30))
        self.assertEqual(
            nature.version_ids.sorted("number").mapped("retention_years"), [10, 30]
        )
        draft = self._new_version()
        with self.refused(UserError, "Version 3 of “Decree” is being prepared"):
            nature.retention_years = 40
        draft.unlink()
        nature.retention_years = 40
        self.assertEqual(nature.version_id.number, 3)

    def test_what_was_published_never_changes(self):
        version = self._admin(self.nature.version_id)
        for vals in (
            {"retention_years": 3},
            {"note": "x"},
            {"way_ids": [Command.create({"circuit_id": self.circuit.id})]},
        ):
            with self.refused(UserError, "was published: it does not change"):
                version.write(vals)
        with self.refused(UserError, "was published"):
            version.unlink()
        for vals in ({"state": "draft"}, {"number": 7}, {"published_by": "x"}):
            with self.assertRaises(AccessError):
                version.write(vals)
        with self.assertRaises(AccessError):
            self._admin(self.nature).write({"version_id": False})
        draft = self._new_version()
        with self.assertRaises(AccessError):
            draft.state = "published"
        with self.assertRaises(AccessError):
            draft.nature_id = self.nature.copy()
        born = draft.with_context(default_state="published", default_number=1)
        with self.assertRaises(AccessError):
            born.create({"nature_id": self.nature.id, "state": "published"})

    def test_only_the_functional_administrator(self):
        draft = self._new_version()
        for user in (self.clerk, self.supervisor, self.auditor):
            for act in ("action_publish", "action_retire", "action_new_version"):
                with self.assertRaises(AccessError):
                    getattr(draft.with_user(user), act)()
        with self.assertRaises(AccessError):
            draft.with_user(self.stranger).read(["number"])

    def test_problems_are_said_before_it_is_published(self):
        nature = self._admin(self.env["parapheur.nature"]).create({"name": "Empty"})
        draft = nature.draft_id
        self.assertFalse(nature.version_id)
        with self.refused(UserError, "Choose the circuit"):
            draft.action_publish()
        draft.write({"circuit_id": self.circuit.id, "policy_oid": "1.2.250.1"})
        self.assertIn("object identifier and a text", draft.problems)
        with self.refused(UserError, "object identifier and a text"):
            draft.action_publish()
        draft.policy_file = base64.b64encode(b"The policy")
        self.assertEqual(len(draft.policy_sha256), 64)
        draft.action_publish()
        self.assertEqual(nature.circuit_id, self.circuit)

    def test_odd_values(self):
        draft = self._new_version()
        for vals, words in (
            ({"policy_oid": "1.2.x"}, "no object identifier"),
            ({"policy_oid": "3.1"}, "no object identifier"),
            ({"policy_uri": "javascript:alert(1)"}, "begins with http"),
            ({"policy_file": "%%%"}, "did not arrive whole"),
            ({"level_min": "qualified", "level_max": "simple"}, "above the highest"),
            ({"retention_years": 0}, "from 1 to 1,000 years"),
        ):
            with self.refused(ValidationError, words), self.env.cr.savepoint():
                draft.write(vals)

    def test_a_folder_keeps_the_version_it_was_submitted_with(self):
        folder = self._submitted()
        draft = self._draft(title="Later")
        self.assertEqual(folder.nature_version_id.number, 1)
        self.assertFalse(draft.nature_version_id)
        visas = self._circuit(
            "Visas", [{"name": "Visa", "kind": "visa", "users": self.head}]
        )
        self._admin(self.nature).write(
            {"circuit_id": visas.id, "confidentiality": "restricted"}
        )
        self.assertEqual(folder._nature_version().number, 1)
        self.assertEqual((folder.is_restricted, draft.is_restricted), (False, True))
        draft.action_submit()
        self.assertEqual(draft.nature_version_id.number, 2)
        self.assertEqual(len(draft.run_id.sudo().step_ids), 1)
        for name, value in (
            ("nature_version_id", False),
            ("is_restricted", False),
            ("amount", 3),
            ("chained_from_id", folder.id),
            ("recycled_from_id", folder.id),
        ):
            with self.assertRaises(AccessError):
                draft.write({name: value})

    def test_taken_back_it_follows_its_nature_again(self):
        folder = self._submitted()
        self._admin(self.nature).retention_years = 20
        folder.action_recall()
        self.assertFalse(folder.nature_version_id)
        folder.action_submit()
        self.assertEqual(folder.nature_version_id.number, 2)

    def test_a_draft_is_asked_what_the_version_in_use_asks(self):
        draft = self._draft()
        form = self.env["gov.form"].create(
            {
                "name": "Order",
                "company_id": self.company.id,
                "field_ids": [
                    Command.create(
                        {"label": "Amount", "type": "amount", "required": True}
                    )
                ],
            }
        )
        form.action_publish()
        version = self._new_version()
        version.write({"form_id": form.id, "amount_field_id": form.field_ids.id})
        version.action_publish()
        self.assertEqual(draft.form_id, form)
        with self.refused(UserError, "Amount"):
            draft.action_submit()
        draft.form_values = {"amount": "84000,50"}
        self.assertEqual(draft.amount, 84000.5)
        draft.action_submit()

    def test_a_draft_started_while_the_nature_changed(self):
        draft = self._draft()
        form = self.env["gov.form"].create(
            {
                "name": "Order",
                "company_id": self.company.id,
                "field_ids": [Command.create({"label": "Why", "type": "text"})],
            }
        )
        form.action_publish()
        self._admin(self.nature).form_id = form.id
        # As a draft that another transaction had inserted meanwhile.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE parapheur_folder SET form_id = NULL WHERE id = %s", (draft.id,)
        )
        self.env.invalidate_all()
        with self.refused(UserError, "save the folder again"):
            draft.action_submit()
        draft.note = "Saved again"
        self.assertEqual(draft.form_id, form)
        draft.action_submit()

    def test_it_stays_in_its_administration(self):
        with self.assertRaises(UserError):
            self.nature.company_id = self.elsewhere

    def test_a_nature_of_some_units(self):
        version = self._new_version()
        version.unit_ids = self.permits
        version.action_publish()
        natures = self.env["parapheur.nature"].with_company(self.company)
        offered = [("is_offered", "=", True), ("id", "=", self.nature.id)]
        self.assertTrue(natures.with_user(self.clerk).search(offered))
        self.assertFalse(natures.with_user(self.signer).search(offered))
        folder = self._draft(user=self.signer)
        with self.refused(UserError, "is for Permits: choose another nature"):
            folder.action_submit()
        self._draft().action_submit()

    def test_a_retired_nature_starts_nothing(self):
        folder, draft = self._submitted(), self._draft(title="Later")
        self._admin(self.nature.version_id).action_retire()
        with self.refused(
            UserError, "No version of the nature “Decision” is published"
        ):
            draft.action_submit()
        self._as(folder, self.head).action_approve()
        self.assertEqual(folder.nature_version_id.number, 1)

    def test_versions_are_compared(self):
        first = self._admin(self.nature.version_id)
        second = self._new_version()
        second.write({"reauth": "pin+passkey", "retention_years": 30})
        rows = {row["label"]: row for row in second.get_differences(first.id)}
        self.assertEqual(
            (rows["Kept (years)"]["before"], rows["Kept (years)"]["after"]),
            ("10", "30"),
        )
        self.assertEqual(rows["To sign, one gives"]["after"], "PIN and passkey")
        self.assertEqual(len(rows), 2)
        self.assertIn("PIN and passkey", second.changes)
        for odd in (0, None, "x", [first.id], 2**40, self.nature.copy().version_ids.id):
            with self.assertRaises(UserError):
                second.get_differences(odd)

    def test_a_bare_copy_is_prepared_first(self):
        copy = self._admin(self.nature).copy()
        self.assertFalse(copy.version_id)
        self.assertEqual(copy.draft_id.circuit_id, self.circuit)
        self.assertEqual(copy.name, "Decision (copy)")
        copy.draft_id.action_publish()
        self.assertTrue(copy.version_id)

    def test_deadline_and_order_stay_open_while_it_circulates(self):
        folder = self._submitted()
        folder.write({"deadline": "2030-01-31", "priority": "urgent"})
        (event,) = self._events(folder, "folder.changed")
        self.assertEqual(json.loads(event.body)["priority"], ["sign", "urgent"])
        folder.write({"priority": "urgent"})
        self.assertEqual(len(self._events(folder, "folder.changed")), 1)
        with self.assertRaises(AccessError):
            self._as(folder, self.head).write({"deadline": "2031-01-31"})
        self._as(folder, self.head).action_refuse("No")
        with self.refused(UserError, "not in circuit any more: its deadline"):
            folder.write({"deadline": "2031-01-31"})

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_circuit import CircuitCase

ACCESS_LOG = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.models",
)


@tagged("alone", "standard", "at_install")
class TestCircuitAccess(CircuitCase):
    """Who reads runs, who writes them (nobody), what people are shown and told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Somebody who may not read subjects at all.
        cls.outsider = cls.user_of(cls.agdal, "gov_outsider", "base.group_user")

    def records(self, run):
        return [run, run.step_ids, run.actor_ids]

    @mute_logger(*ACCESS_LOG)
    def test_nobody_writes(self):
        run = self.start(("First", "visa", self.head))
        for user in (
            self.head,
            self.clerk,
            self.admin,
            self.env.ref("base.user_admin"),
        ):
            for records in self.records(run):
                own = records.with_user(user)
                for change in (
                    lambda own=own: own.write({"state": "done"}),
                    lambda own=own: own.unlink(),
                    lambda own=own: own.create({}),
                    lambda own=own: own.copy(),
                ):
                    with self.subTest(user.login, model=own._name):
                        with self.assertRaises(AccessError):
                            change()
        with self.assertRaises(AccessError):
            run.actor_ids.with_user(self.head).read(["comment_salt"])

    def test_the_circuit_of_a_subject_is_not_written(self):
        run = self.start(("First", "visa", self.head))
        other = self.subjects.create({"company_id": self.agdal.id})
        for subject in (other, other.with_user(self.clerk), other.sudo()):
            with self.refused(AccessError, "only with its buttons"):
                subject.write({"run_id": run.id})
            with self.refused(AccessError, "only with its buttons"):
                subject.write({"run_ids": [Command.link(run.id)]})
        with self.refused(AccessError, "only with its buttons"):
            self.subjects.create({"run_id": run.id})
        forged = self.subjects.with_context(default_run_id=run.id)
        self.assertFalse(forged.create({"company_id": self.agdal.id}).run_id)
        # A context that comes by RPC holds no object.
        with self.refused(AccessError, "only with its buttons"):
            other.with_context(circuit_run_gate=True).write({"run_id": run.id})

    def test_defaults_of_the_context_forge_nothing(self):
        run = self.start(("First", "visa", self.head))
        forger = run.with_user(self.head).with_context(
            default_state="done",
            default_decision="approve",
            default_acted_at="2026-01-01",
            default_comment="Fine",
            default_base="forged",
            default_user_id=self.director.id,
            default_run_id=1,
        )
        step = run.step_ids.browse(forger.action_add_step("visa", self.clerk.ids))
        forger.action_transfer(self.agent.id, "Away")
        self.assertEqual(step.state, "current")
        for row in step.actor_ids | run.actor_ids[-1]:
            self.assertEqual((row.state, row.decision), ("current", False))
            self.assertFalse(row.acted_at or row.comment or row.base)
        self.assertEqual(self.waits_for(run), self.clerk | self.agent)

    @mute_logger(*ACCESS_LOG)
    def test_readers(self):
        run = self.start(("First", "visa", self.head), ("Then", "visa", self.outsider))
        models = [records._name for records in self.records(run)]
        # Readers of the subject, and a person of the circuit who may not read it.
        for user in (self.clerk, self.agent, self.outsider):
            for records in self.records(run):
                own = records.with_user(user)
                own.read(["display_name"])
                self.assertEqual(own.search([("id", "in", own.ids)]), own)
            self.assertEqual(run.with_user(user).get_picture()["name"], "First")
        unrelated = self.user_of(self.agdal, "gov_unrelated", "base.group_user")
        for user in (unrelated, self.stranger):
            for name, records in zip(models, self.records(run), strict=True):
                self.assertFalse(self.env[name].with_user(user).search([]))
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["state"])

    def test_company_of_the_person_is_needed(self):
        run = self.start(("First", "visa", self.head))
        self.head.write(
            {
                "company_id": self.souissi.id,
                "company_ids": [Command.set(self.souissi.ids)],
            }
        )
        self.assertFalse(run.with_user(self.head).search([]))
        with self.refused(AccessError, "another administration"):
            self.act(run, self.head)

    def test_buttons_come_from_the_gate(self):
        run = self.start(
            ("First", "visa", self.head), ("Second", "visa", self.director)
        )

        def buttons(user):
            own = run.with_user(user)
            names = ("act", "return", "transfer", "recall", "add_step", "cancel")
            return {name for name in names if own[f"can_{name}"]}

        self.assertEqual(buttons(self.head), {"act", "transfer", "add_step"})
        self.assertEqual(buttons(self.director), set())
        self.assertEqual(buttons(self.clerk), {"add_step", "cancel"})
        self.assertEqual(buttons(self.admin), {"cancel"})
        self.assertEqual(run.with_user(self.head).my_kind, "visa")
        self.act(run, self.head)
        self.assertEqual(buttons(self.head), {"recall"})
        self.assertEqual(
            buttons(self.director), {"act", "return", "transfer", "add_step"}
        )
        self.act(run, self.director)
        for user in (self.head, self.director, self.clerk, self.admin):
            self.assertEqual(buttons(user), set())

    def test_baskets_find_whom_a_run_waits_for(self):
        run = self.start(("First", "visa", self.head))
        domain = [("run_id.current_user_ids", "in", self.head.ids)]
        found = self.subjects.with_user(self.head)
        self.assertEqual(found.search(domain), self.subject)
        self.act(run, self.head)
        self.assertFalse(found.search(domain))

    # -- activities

    def activities(self, user):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", self.subject._name),
                ("res_id", "=", self.subject.id),
                ("user_id", "=", user.id),
            ]
        )

    def test_activities_follow(self):
        run = self.start(
            ("First", "visa", self.head | self.clerk, {"mode": "any", "days": 4}),
            ("Second", "visa", self.director),
        )
        activity = self.activities(self.head)
        self.assertEqual(activity.summary, "First")
        self.assertEqual(activity.date_deadline, run.step_ids[0].deadline)
        self.assertTrue(self.activities(self.clerk))
        self.assertFalse(self.activities(self.director))
        self.act(run, self.head)
        self.assertFalse(self.activities(self.head) | self.activities(self.clerk))
        self.assertEqual(self.activities(self.director).summary, "Second")
        run.with_user(self.head).action_recall("why")
        self.assertFalse(self.activities(self.director))
        self.assertTrue(self.activities(self.head))
        run.with_user(self.head).action_transfer(self.agent.id, "why")
        self.assertFalse(self.activities(self.head))
        self.assertTrue(self.activities(self.agent))
        self.act(run, self.agent)
        first = run.step_ids[0]
        run.with_user(self.director).action_return(first.id, "why")
        self.assertFalse(self.activities(self.director))
        self.assertTrue(self.activities(self.agent))
        run.with_user(self.clerk).action_cancel("why")
        self.assertFalse(self.activities(self.agent))

    def test_closing_an_activity_decides_nothing(self):
        run = self.start(("First", "visa", self.head))
        self.activities(self.head).with_user(self.head).action_feedback()
        self.assertEqual(self.waits_for(run), self.head)
        self.act(run, self.head)

    def test_a_removed_application_leaves_readable_runs(self):
        run = self.start(("First", "visa", self.head))
        for model in ("res.partner", "gov.test.gone"):
            run.sudo().write({"res_model": model})
            own = run.with_user(self.head)
            self.assertFalse(own.can_act)
            self.assertTrue(own.get_picture()["groups"])
            with self.refused(UserError, "application .* was removed"):
                own.action_act("approve")
        run.sudo().write({"res_model": self.subject._name})

    def test_a_deleted_subject_takes_its_run_along(self):
        run = self.start(("First", "visa", self.head))
        self.subject.unlink()
        self.assertFalse(run.exists())
        self.assertFalse(
            self.env["mail.activity"].search([("user_id", "=", self.head.id)])
        )

    # -- what is shown

    def test_picture(self):
        run = self.start(
            ("First", "visa", self.head | self.clerk, {"days": 2}),
            ("Second", "opinion", self.director, {"question": "Is it legal?"}),
        )
        self.act(run, self.head, comment="Fine")
        picture = run.with_user(self.clerk).get_picture()
        first, second = (group["steps"][0] for group in picture["groups"])
        self.assertEqual((first["state"], second["state"]), ("current", "waiting"))
        self.assertEqual(first["mode"], "All of them")
        self.assertIn("by ", first["note"])
        acted, waiting = first["people"]
        self.assertEqual(acted["state_label"], "Agreed")
        self.assertTrue(acted["date"])
        arabic = run.with_context(lang="ar_MA")._picture()
        read = arabic["groups"][0]["steps"][0]["people"][0]["date"]
        # No mark in it that turns day and year round.
        self.assertNotIn("\u200f", read)
        self.assertEqual(acted["comment"], "Fine")
        self.assertEqual(waiting["why"], f"Chosen by {self.clerk.name}")
        self.assertEqual(second["question"], "Is it legal?")
        self.assertEqual(self.subject.run_picture["groups"], run.picture["groups"])

    def test_dialogs(self):
        run = self.start(
            ("First", "visa", self.head), ("Second", "visa", self.director)
        )
        self.act(run, self.head)
        own = run.with_user(self.director)
        dialog = self.dialog(own.action_open_return(), self.director)
        self.assertEqual(dialog.step_id, run.step_ids[0])
        dialog.reason = "Wrong amount"
        dialog.save().action_confirm()
        self.assertEqual(self.waits_for(run), self.head)
        dialog = self.dialog(run.with_user(self.head).action_open_transfer(), self.head)
        dialog.user_id = self.agent
        dialog.reason = "Away"
        dialog.save().action_confirm()
        self.assertEqual(self.waits_for(run), self.agent)
        dialog = self.dialog(
            run.with_user(self.agent).action_open_add_step(), self.agent
        )
        dialog.user_ids = self.clerk
        dialog.ask = "Is it legal?"
        dialog.save().action_confirm()
        opinion = self.dialog(
            run.with_user(self.clerk).action_open_opinion(), self.clerk
        )
        self.assertEqual(opinion.question, "Is it legal?")
        opinion.reason = "Yes"
        opinion.save().action_confirm()
        dialog = self.dialog(
            run.with_user(self.agent).action_open_approve(), self.agent
        )
        dialog.save().action_confirm()
        dialog = self.dialog(run.with_user(self.agent).action_open_recall(), self.agent)
        dialog.reason = "Too fast"
        dialog.save().action_confirm()
        self.assertEqual(self.waits_for(run), self.agent)
        dialog = self.dialog(run.with_user(self.agent).action_open_refuse(), self.agent)
        dialog.reason = "No"
        dialog.save().action_confirm()
        self.assertEqual(run.state, "refused")

    def test_a_dialog_remembers_what_was_read(self):
        run = self.start(("First", "visa", self.head))
        dialog = self.dialog(
            run.with_user(self.head).action_open_approve(), self.head
        ).save()
        self.subject.text = "v2"
        with self.refused(Exception, "changed since you opened it"):
            dialog.action_confirm()

    @mute_logger(*ACCESS_LOG)
    def test_a_dialog_is_of_who_opened_it(self):
        """Nobody reads what another is writing, nor changes what he is about to confirm."""
        run = self.start(("First", "visa", self.head | self.clerk))
        dialog = self.dialog(run.with_user(self.head).action_open_refuse(), self.head)
        dialog.reason = "Between us"
        dialog = dialog.save()
        for user in (self.clerk, self.admin, self.outsider):
            own = dialog.with_user(user)
            self.assertFalse(own.search([("id", "=", dialog.id)]), user.login)
            for change in (
                lambda own=own: own.read(["reason"]),
                lambda own=own: own.write({"operation": "approve"}),
                lambda own=own: own.action_confirm(),
            ):
                with self.assertRaises(AccessError):
                    change()
        dialog.action_confirm()
        self.assertEqual(run.state, "refused")

    def dialog(self, action, user):
        return Form(
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
        )

    # -- cost

    def test_statements_do_not_grow_with_the_runs(self):
        subjects = self.subjects.create(
            [{"name": f"S{n}", "company_id": self.agdal.id} for n in range(8)]
        )
        runs = self.env["gov.circuit.run"]
        for subject in subjects:
            runs += self.start(
                ("First", "visa", self.head),
                ("Second", "visa", self.director),
                subject=subject,
            )
        names = ["name", "state", "can_act", "can_recall", "can_cancel", "picture"]

        def statements(some):
            self.env.invalidate_all()
            own = some.with_user(self.head)
            before = self.env.cr.sql_log_count
            own.read(names)
            return self.env.cr.sql_log_count - before

        statements(runs[:1])
        few = statements(runs[:2])
        self.assertEqual(statements(runs), few)
        self.assertLessEqual(few, 25)

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.orm.model_classes import add_to_registry  # noqa: TID251 a model of the tests alone

from .common_units import UnitCase

SUBJECT = "gov.test.subject"


def subject_class():  # noqa: C901 a list of hooks
    """The smallest model that goes through circuits; it exists in the tests' registry only."""

    class TestSubject(models.Model):
        _module = None  # never loaded with an addon
        _name = "gov.test.subject"
        _description = "Subject of tests"
        _inherit = ["gov.circuit.subject", "gov.rule.subject"]

        name = fields.Char()
        company_id = fields.Many2one("res.company")
        unit_id = fields.Many2one("hr.department")
        text = fields.Char()
        heard = fields.Json()
        refuses = fields.Char()
        amount = fields.Float()
        owner_id = fields.Many2one("res.users")
        supervisor_id = fields.Many2one("res.users")
        never = fields.Char()
        answers = fields.Json()
        attached = fields.Boolean()
        platform = fields.Char()

        def _rule_kinds(self):
            return {"amount": "number", "unit": "record", "text": "words"}

        def _rule_fields(self, company):
            unit = {"model": "hr.department", "domain": []}
            return [
                {"key": "amount", "label": "Amount", "kind": "number"},
                {"key": "unit", "label": "Unit", "kind": "record", **unit},
                {"key": "text", "label": "Text", "kind": "words"},
            ]

        def _rule_found(self, key):
            return self.unit_id.ids if key == "unit" else self[key]

        def _circuit_form_fields(self, company):
            return [{"key": "budget", "label": "Budget line"}]

        def _circuit_missing(self, keys):
            labels = {"budget": "Budget line"}
            return [labels[key] for key in keys if not (self.answers or {}).get(key)]

        def _circuit_attached(self, step, user):
            return self.attached

        def _circuit_user_fields(self, company):
            return [{"key": "owner", "label": "Owner"}]

        def _circuit_field_users(self, key):
            return self.owner_id if key == "owner" else self.owner_id.browse()

        def _circuit_supervised_by(self, user):
            return user == self.supervisor_id

        def _circuit_never_bypassed(self):
            return (self.never,) if self.never else ()

        def _circuit_platform_step(self, run, step):
            self._hear(f"platform {step.name}")
            if self.platform == "done":
                run._platform_done(step, {"file": "abc"})
            elif self.platform:
                run._platform_failed(step, self.platform)

        def _circuit_notify(self, run, step, users):
            self._hear(f"told {step.name} " + " ".join(users.mapped("login")))

        def _circuit_bypass_asked(self, run, step):
            self._hear(f"bypass asked {step.name}")

        def _circuit_bypassed(self, run, step):
            self._hear(f"bypassed {step.name}")

        def _circuit_journal(self):
            return self.env["gov.journal"]._ensure(
                f"test-circuit-{self.company_id.id}",
                kind="book",
                company_id=self.company_id.id,
            )

        def _circuit_facts(self):
            return {"subject": self.id}

        def _circuit_base(self):
            return self.text or ""

        def _circuit_unit(self):
            return self.unit_id

        def _circuit_own_kinds(self):
            return ("validation",)

        def _circuit_act_refusal(self, step, user, decision):
            if self.refuses and decision == self.refuses:
                return UserError(f"The subject refuses {decision}")
            return None

        def _hear(self, word):
            subject_sudo = self.sudo()
            subject_sudo.heard = [*(subject_sudo.heard or []), word]

        def _circuit_opened(self, run, steps):
            self._hear("opened " + " ".join(steps.mapped("name")))

        def _circuit_acted(self, run, step, actor):
            self._hear(f"acted {actor.name} {actor.decision}")

        def _circuit_done(self, run):
            self._hear("done")

        def _circuit_refused(self, run, actor):
            self._hear(f"refused {actor.name}")

        def _circuit_returned(self, run, step):
            self._hear(f"returned {step.name}")

        def _circuit_recalled(self, run, step):
            self._hear(f"recalled {step.name}")

        def _circuit_transferred(self, run, step, actor):
            self._hear(f"transferred {actor.name}")

        def _circuit_step_added(self, run, step):
            self._hear(f"added {step.name}")

        def _circuit_cancelled(self, run):
            self._hear("cancelled")

    return TestSubject


class CircuitCase(UnitCase):
    """A subject that goes through circuits, in an administration with three people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_subject_model()
        cls.subjects = cls.env[SUBJECT]
        cls.subject = cls.subjects.create(
            {
                "name": "S1",
                "company_id": cls.agdal.id,
                "unit_id": cls.permits.id,
                "text": "v1",
            }
        )
        cls.other_subject = cls.subjects.create(
            {"name": "S2", "company_id": cls.souissi.id, "text": "v1"}
        )
        cls.env.flush_all()

    @classmethod
    def _add_subject_model(cls):
        add_to_registry(cls.registry, subject_class())
        cls.addClassCleanup(cls._drop_subject_model)
        cls.registry._setup_models__(cls.env.cr, [SUBJECT])
        cls.registry.init_models(cls.env.cr, [SUBJECT], {"models_to_check": True})
        model = cls.env["ir.model"]._get(SUBJECT)
        cls.env["ir.model.access"].create(
            {
                "name": "subject of tests",
                "model_id": model.id,
                "group_id": cls.env.ref("gov_base.group_gov_base_agent").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
        cls.env["ir.rule"].create(
            {
                "name": "subject of tests",
                "model_id": model.id,
                "domain_force": "[('company_id', 'in', company_ids)]",
            }
        )

    @classmethod
    def _drop_subject_model(cls):
        del cls.registry[SUBJECT]
        cls.registry._setup_models__(cls.env.cr, [])

    def start(self, *steps, subject=None, user=None, **options):
        """Start a run: each step is (name, kind, users, extra) or a dict, by `user` (the clerk)."""
        specs = []
        for number, step in enumerate(steps, 1):
            if not isinstance(step, dict):
                name, kind, users, *extra = step
                step = {"name": name, "kind": kind, "users": users}
                step.update(*extra)
            specs.append({"rank": number, **step})
        subject = (subject or self.subject).with_user(user or self.clerk)
        return subject._circuit_start(steps=specs, **options).with_env(self.env)

    def act(self, run, user, decision="approve", comment=None, **options):
        return run.with_user(user).action_act(decision, comment, **options)

    def states(self, run):
        return {step.name: step.state for step in run._live_steps()}

    def waits_for(self, run):
        return run.current_user_ids

    def heard(self, subject=None):
        return (subject or self.subject).heard or []

    def events(self, run):
        found = self.env["gov.journal.event"].search(
            [("subject_model", "=", run.res_model), ("subject_id", "=", run.res_id)],
            order="id",
        )
        return [event.kind.removeprefix("circuit.") for event in found]

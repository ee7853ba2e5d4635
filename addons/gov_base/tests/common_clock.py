from datetime import date

from freezegun import freeze_time

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry  # noqa: TID251 a model of the tests alone

from .common_units import UnitCase

SUBJECT = "gov.test.clocked"


def subject_class():
    """The smallest model with a legal clock; it exists in the tests' registry only."""

    class TestClocked(models.Model):
        _module = None  # never loaded with an addon
        _name = "gov.test.clocked"
        _description = "Subject of clocks"
        _inherit = ["gov.clocked"]

        name = fields.Char()
        company_id = fields.Many2one("res.company")
        heard = fields.Json()
        fails = fields.Boolean()

        def _hear(self, word):
            subject_sudo = self.sudo()
            if subject_sudo.fails:
                raise ValueError("the subject fails")
            subject_sudo.heard = [*(subject_sudo.heard or []), word]

        def _clock_changed(self, run, before, why):
            self._hear(why)

        def _clock_warned(self, run, days):
            self._hear(f"warned {days}")

        def _clock_expired(self, run):
            self._hear("run out")

        def _clock_qualified(self, run):
            self._hear(f"qualified {run.effect}")

    return TestClocked


class ClockCase(UnitCase):
    """A subject with clocks, in an administration of Casablanca's zone; Friday 2 January 2026."""

    start = date(2026, 1, 2)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time("2026-01-02 10:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls._add_subject_model()
        (cls.agdal | cls.souissi).gov_tz = "Africa/Casablanca"
        # What a localisation brought is not what these tests count with.
        cls.env["gov.holiday"].search([("company_id", "=", False)]).unlink()
        cls.rule = cls._rule(name="Thirty days", length=30)
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
                "name": "subject of clocks",
                "model_id": model.id,
                "group_id": cls.env.ref("gov_base.group_gov_base_agent").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
        cls.env["ir.rule"].create(
            {
                "name": "subject of clocks",
                "model_id": model.id,
                "domain_force": "[('company_id', 'in', company_ids)]",
            }
        )

    @classmethod
    def _drop_subject_model(cls):
        del cls.registry[SUBJECT]
        cls.registry._setup_models__(cls.env.cr, [])

    @classmethod
    def _rule(cls, company=None, **vals):
        return cls.env["gov.clock"].create(
            {"company_id": (company or cls.agdal).id, "unit": "days", **vals}
        )

    @classmethod
    def subject(cls, company=None, **vals):
        return cls.env[SUBJECT].create(
            {"name": "S", "company_id": (company or cls.agdal).id, **vals}
        )

    @classmethod
    def running(cls, rule=None, subject=None, on=None):
        subject = subject or cls.subject()
        return subject._clock_start(rule or cls.rule, on or cls.start)

    @classmethod
    def holiday(cls, first, last=None, company=None, **vals):
        return cls.env["gov.holiday"].create(
            {
                "name": "Feast",
                "date_from": first,
                "date_to": last or first,
                "company_id": (company or cls.agdal).id,
                **vals,
            }
        )

    def at(self, day, hour="10:00:00"):
        return freeze_time(f"{day} {hour}")

    def process(self):
        self.env["gov.clock.run"]._process_clocks()

    def heard(self, run):
        subject = self.env[SUBJECT].browse(run.res_id)
        subject.invalidate_recordset(["heard"])
        return subject.heard or []

    def history(self, run):
        run.invalidate_recordset(["change_ids"])
        return [change.kind for change in run.change_ids.sorted("id")]

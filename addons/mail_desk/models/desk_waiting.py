from odoo import fields, models
from odoo.tools import SQL


class DeskWaiting(models.Model):
    """Who is blocked by whom: one row for each person a letter or a reply waits for now."""

    _name = "desk.waiting"
    _description = "Who waits for whom"
    _auto = False
    _order = "since, id"
    _depends = {
        "gov.circuit.run.actor": ["run_id", "step_id", "user_id", "state"],
        "gov.circuit.run.step": ["kind", "state", "opened_at", "deadline"],
        "gov.circuit.run": [
            "company_id",
            "initiator_id",
            "res_model",
            "res_id",
            "state",
        ],
        "registry.letter": ["desk_unit_id", "desk_user_id"],
        "desk.outgoing": ["answers_id", "unit_id", "user_id"],
    }

    company_id = fields.Many2one("res.company", string="Administration", readonly=True)
    letter_id = fields.Many2one("registry.letter", readonly=True)
    outgoing_id = fields.Many2one("desk.outgoing", string="Reply", readonly=True)
    unit_id = fields.Many2one("hr.department", string="Unit that waits", readonly=True)
    user_id = fields.Many2one("res.users", string="Who waits", readonly=True)
    blocker_id = fields.Many2one("res.users", string="For whom", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["gov.circuit.step"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        string="What for",
        readonly=True,
    )
    since = fields.Datetime(readonly=True)
    deadline = fields.Date(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT a.id, r.company_id, s.kind, s.opened_at AS since, s.deadline,
                   a.user_id AS blocker_id,
                   COALESCE(l.id, o.answers_id) AS letter_id,
                   o.id AS outgoing_id,
                   COALESCE(o.unit_id, l.desk_unit_id) AS unit_id,
                   COALESCE(o.user_id, l.desk_user_id, r.initiator_id) AS user_id
              FROM gov_circuit_run_actor a
              JOIN gov_circuit_run_step s ON s.id = a.step_id AND s.state = 'current'
              JOIN gov_circuit_run r ON r.id = a.run_id AND r.state = 'running'
         LEFT JOIN registry_letter l
                ON r.res_model = 'registry.letter' AND l.id = r.res_id
         LEFT JOIN desk_outgoing o
                ON r.res_model = 'desk.outgoing' AND o.id = r.res_id
             WHERE a.state = 'current'
               AND COALESCE(l.id, o.id) IS NOT NULL
            """
        )

    def action_open_subject(self):
        """Open the letter or the reply that waits.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        if self.outgoing_id:
            return self.outgoing_id.action_open()
        return self.letter_id.action_open_desk()

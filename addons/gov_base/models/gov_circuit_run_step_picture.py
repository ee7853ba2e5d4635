from odoo import models
from odoo.tools import format_date


class GovCircuitRunStep(models.Model):
    """The step of a document as one box of the picture."""

    _inherit = "gov.circuit.run.step"

    def _box(self):
        """One box of the picture."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("kind", "state")
        }
        rows = self.run_id._actors_of(self).sorted("id")
        return {
            "id": str(self.id),
            "key": self.id,
            "name": self.name,
            "kind": labels["kind"].get(self.kind, self.kind),
            "mode": self._mode_text(rows),
            "state": self.state,
            "state_label": self.env._("Late")
            if self.is_late
            else labels["state"][self.state],
            "who": self.env._("Done by the application")
            if self.rule == "platform"
            else "",
            "people": [actor._line() for actor in rows],
            "note": self.env._("by %(date)s", date=format_date(self.env, self.deadline))
            if self.deadline and self.state == "current"
            else "",
            "late": self.is_late,
            "question": self._bypass_sentence() or self.reason or self.question or "",
            "problem": self._box_problem(rows),
            "condition": self.condition_text or "",
            "left_out": self._left_out_sentence(
                self.left_out_code, self.left_out_args, self.condition_text
            )
            if self.state == "left_out"
            else "",
        }

    def _named(self):
        """Names of these steps and of those who act in them, for a dialog."""
        return [
            {
                "id": step.id,
                "name": step.name,
                "people": [
                    actor.acted_name
                    for actor in step.actor_ids
                    if actor.state in ("done", "current")
                ],
            }
            for step in self.sorted(lambda step: (step.rank, step.id))
        ]

    def _mode_text(self, rows):
        """All of them, one of them, or how many of how many; nothing for one person."""
        places = rows.filtered(lambda row: row.state not in ("transferred", "replaced"))
        places = places.filtered(lambda row: row.state != "recused" or row.vacant)
        if self.mode == "quorum":
            chair = places.filtered("is_chair").user_id
            return self.env["gov.circuit.step"]._quorum_text(
                self.quorum, len(places), chair
            )
        modes = dict(self._fields["mode"]._description_selection(self.env))
        return modes[self.mode] if len(places) > 1 else ""

    def _box_problem(self, rows):
        """What stops this step, for all to see."""
        vacant = rows.filtered("vacant")
        if self.state != "current":
            return ""
        if self.platform_error:
            return self.platform_error
        # Whether an account is closed is asked whoever looks.
        left_sudo = rows.sudo().filtered(
            lambda row: row.state == "current" and not row.user_id.active
        )
        if left_sudo:
            return self.env._(
                "The account of %(names)s is closed: somebody must be named in this place.",
                names=", ".join(left_sudo.mapped("name")),
            )
        if vacant:
            return self.env._(
                "The place of %(names)s is vacant: somebody must be named.",
                names=", ".join(vacant.mapped("name")),
            )
        return ""

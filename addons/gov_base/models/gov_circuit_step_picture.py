from odoo import models


class GovCircuitStep(models.Model):
    """The step as one box of the picture."""

    _inherit = "gov.circuit.step"

    def _box(self, people=(), problem=None):
        """One box of the picture."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "id": str(self.id),
            "key": self._origin.id or getattr(self.id, "ref", None) or 0,
            "name": self.name or "",
            "kind": kinds.get(self.kind, ""),
            "mode": self._mode_text(len(people)) if self._asks_several(people) else "",
            "state": "",
            "state_label": "",
            "who": self.actor_text if not people else "",
            "people": list(people),
            "note": self.env._("%(days)s working days", days=self.deadline_days)
            if self.deadline_days
            else "",
            "late": False,
            "question": self.question or "",
            "problem": problem or "",
            "condition": self.condition_text or "",
            "left_out": "",
        }

    def _asks_several(self, people):
        if self.actor_rule == "platform":
            return False
        if people:
            return len(people) > 1
        return (
            self.mode == "quorum"
            or self.actor_rule in ("group", "chosen", "office")
            or len(self.user_ids) > 1
        )

    def _mode_text(self, count=0):
        """All of them, one of them, or how many of how many."""
        if self.mode == "quorum":
            count = count or (len(self.user_ids) if self.actor_rule == "person" else 0)
            return self._quorum_text(self.quorum, count, self.chair_id._origin)
        modes = dict(self._fields["mode"]._description_selection(self.env))
        return modes.get(self.mode, "")

    def _quorum_text(self, needed, count, chair):
        """“2 of 3 must agree”, with the president when there is one."""
        if count:
            text = self.env._(
                "%(needed)s of %(count)s must agree", needed=needed, count=count
            )
        else:
            text = self.env._("%(needed)s must agree", needed=needed)
        # The name of the president is shown to everybody in a circuit.
        chair_sudo = chair.sudo()
        if chair_sudo:
            text = self.env._(
                "%(rule)s, president: %(name)s", rule=text, name=chair_sudo.name
            )
        return text

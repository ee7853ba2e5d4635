from odoo import models

#: what a change of these columns means: the letter is somewhere else
PLACE = {"desk_state", "desk_unit_id", "desk_user_id"}
#: state of a reply → stage of the letter it answers, the furthest first
STAGE_OF_REPLY = {
    "numbering": "sending",
    "sealed": "sending",
    "validated": "sending",
    "signing": "signing",
    "paper": "signing",
    "validating": "validating",
}


class RegistryLetter(models.Model):
    """At which stage a letter is, and since when: each change leaves a ``desk.passage``."""

    _inherit = "registry.letter"

    def _desk_write(self, vals):
        result = super()._desk_write(vals)
        if PLACE & vals.keys():
            self.env["desk.passage"]._follow(self)
        return result

    def _desk_place(self):
        """Return (stage, unit id, agent id) of this letter now, or None when it is closed."""
        self.ensure_one()
        # Where a letter stands is a fact, whoever acts on it.
        letter_sudo = self.sudo()
        if letter_sudo.desk_state in (False, "closed"):
            return None
        stage = letter_sudo.desk_state
        if stage == "assigned":
            stage = letter_sudo._desk_stage_of_work()
        return stage, letter_sudo.desk_unit_id.id, letter_sudo.desk_user_id.id

    def _desk_stage_of_work(self):
        """Return what is going on with a letter that somebody treats."""
        states = set(self.outgoing_ids.mapped("state"))
        for state, stage in STAGE_OF_REPLY.items():
            if state in states:
                return stage
        steps = self.run_ids.step_ids
        if any(step.kind == "opinion" and step.state == "current" for step in steps):
            return "opinion"
        return "assigned"

    def _desk_first_place(self):
        """Return the place where a letter with no passage yet arrived, or None."""
        # Where a letter arrived is a fact, whoever acts on it.
        row = self.sudo().assignment_ids.sorted("id")[:1]
        if not row:
            return None
        return "to_dispatch", (row.from_unit_id or row.unit_id).id, False

    def _circuit_opened(self, run, steps):
        result = super()._circuit_opened(run, steps)
        self.env["desk.passage"]._follow(self)
        return result

    def _circuit_acted(self, run, step, actor):
        result = super()._circuit_acted(run, step, actor)
        self.env["desk.passage"]._follow(self)
        return result

    def _circuit_done(self, run):
        result = super()._circuit_done(run)
        self.env["desk.passage"]._follow(self)
        return result

    def _circuit_cancelled(self, run):
        result = super()._circuit_cancelled(run)
        self.env["desk.passage"]._follow(self)
        return result

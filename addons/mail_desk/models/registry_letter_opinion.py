from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given, text


class RegistryLetter(models.Model):
    """Opinions asked about a letter: several persons at once, with a date."""

    _name = "registry.letter"
    _inherit = ["gov.circuit.subject", "registry.letter"]

    opinion_step_ids = fields.Many2many(
        "gov.circuit.run.step", string="Opinions", compute="_compute_opinion_step_ids"
    )
    opinion_actor_ids = fields.Many2many(
        "gov.circuit.run.actor", string="Asked", compute="_compute_opinion_step_ids"
    )
    desk_can_ask = fields.Boolean(compute="_compute_opinion_step_ids")
    desk_can_answer = fields.Boolean(compute="_compute_opinion_step_ids")

    @api.depends("run_ids.step_ids.state", "run_ids.actor_ids.state", "desk_state")
    @api.depends_context("uid")
    def _compute_opinion_step_ids(self):
        for letter in self:
            steps = letter.run_ids.step_ids.filtered(
                lambda step: step.kind == "opinion"
            )
            letter.opinion_step_ids = steps
            letter.opinion_actor_ids = steps.actor_ids.sorted("id", reverse=True)
            letter.desk_can_ask = not letter._desk_ask_refusal()
            letter.desk_can_answer = bool(letter._desk_asked())

    def _desk_asked(self):
        """Return the rows by which the user owes an opinion on this letter."""
        self.ensure_one()
        return self.run_ids.actor_ids.filtered(
            lambda actor: (
                actor.state == "current"
                and actor._is_for(self.env.user)
                and actor.step_id.kind == "opinion"
            )
        )

    def _desk_ask_refusal(self):
        self.ensure_one()
        if not self.desk_state or self.desk_state == "closed":
            return UserError(
                self.env._(
                    "The letter %(letter)s is closed or not at the desk: no opinion is "
                    "asked on it.",
                    letter=self.display_name,
                )
            )
        if not self._desk_treats():
            return AccessError(
                self.env._(
                    "Only the agent who has the letter %(letter)s, the head of the unit, "
                    "a deputy or a supervisor of the desk asks for an opinion.",
                    letter=self.display_name,
                )
            )
        return None

    def action_ask_opinion(self, user_ids=None, question=None, days=0):
        """Ask persons for their opinion on this letter, all at the same time.

        :param list user_ids: ``res.users`` of the same administration
        :param str question: what is asked, in one line
        :param int days: working days to answer, 0 for no date
        :return: True, or the window action of the form without ``user_ids``
        :raise UserError: nobody, no question, another administration, letter closed
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        if refusal := self._desk_ask_refusal():
            raise refusal
        if user_ids is None:
            return self._desk_open_form(
                "desk.opinion.wizard", self.env._("Ask an opinion")
            )
        question = text.clean_line(question)
        users = self.env["res.users"].browse(given.record_ids(user_ids))
        self._desk_check_asked(users, question)
        self.run_id._check_days(days)
        self._desk_start_opinion(users, question, days)
        return True

    def _desk_start_opinion(self, users, question, days=0, due=None):
        """Ask ``users`` at the same time, within working days or by a day. The caller passed a gate and checked them."""
        self.ensure_one()
        run = self._circuit_start(
            steps=[
                {
                    "name": self.env._("Opinion"),
                    "kind": "opinion",
                    "users": users,
                    "mode": "all",
                    "days": days or 0,
                    "due": due,
                    "question": question,
                }
            ],
            name=self.env._("Opinion: %(question)s", question=question)[:200],
        )
        self._desk_log(
            "opinion_asked",
            {
                "users": users.ids,
                "question": question,
                "due": run.step_ids[:1].deadline,
            },
        )

    def _desk_check_asked(self, users, question, company=None):
        company = company or self.company_id
        if not users:
            raise UserError(self.env._("Choose at least one person to ask."))
        if not question:
            raise UserError(
                self.env._(
                    "Write what you ask: the person sees the letter and this line."
                )
            )
        known = users.exists()
        # Which administrations a person works in is compared, not shown.
        strangers_sudo = known.sudo().filtered(
            lambda user: (
                user.share or not user.active or company not in user.company_ids
            )
        )
        if strangers_sudo or known != users:
            raise UserError(
                self.env._(
                    "An opinion is asked from active people of the administration of the "
                    "letter only. Nobody was asked."
                )
            )
        if users == self.env.user:
            raise UserError(self.env._("Ask somebody else than yourself."))

    def action_give_opinion(self, opinion=None):
        """Give the opinion that was asked of the user on this letter.

        :param str opinion: the words; without them, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: no words, or no opinion is waited for
        """
        self.ensure_one()
        self.check_access("read")
        rows = self._desk_asked()
        if not rows:
            raise UserError(
                self.env._(
                    "No opinion of yours is waited for on the letter %(letter)s.",
                    letter=self.display_name,
                )
            )
        if opinion is None:
            return self._desk_open_form(
                "desk.answer.wizard", self.env._("Give an opinion")
            )
        for row in rows:
            row.run_id.action_act("opinion", comment=opinion, step_id=row.step_id.id)
        return True

    def _desk_open_form(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_id": self.id},
        }

    # Hooks of gov.circuit.subject

    def _circuit_remember(self, run):
        # Rights follow the persons of the run: what was read before it is forgotten.
        self.invalidate_recordset(["run_ids"])
        return super()._circuit_remember(run)

    def _circuit_journal(self):
        # An agent has no right on the journal of the register; circuits append to it.
        return self.register_id.journal_id.sudo()

    def _circuit_facts(self):
        # An agent of the desk reads no register line beyond its number.
        entry_sudo = self.sudo().entry_id
        return {"register": self.register_id.code, "entry": entry_sudo.event_uid}

    def _circuit_unit(self):
        return self.desk_unit_id

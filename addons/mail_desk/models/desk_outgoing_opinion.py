from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given, text

#: states of a letter on which an opinion may be asked
ASKING = ("draft", "validating", "validated")


class DeskOutgoing(models.Model):
    """Opinions on a draft, beside its validation: they agree to nothing and hold nothing."""

    _inherit = "desk.outgoing"

    opinion_actor_ids = fields.Many2many(
        "gov.circuit.run.actor", string="Asked", compute="_compute_opinions"
    )
    can_ask_opinion = fields.Boolean(compute="_compute_opinions")
    can_give_opinion = fields.Boolean(compute="_compute_opinions")

    @api.depends("run_ids.actor_ids.state", "state")
    @api.depends_context("uid")
    def _compute_opinions(self):
        for outgoing in self:
            actors = outgoing._opinion_runs().actor_ids
            outgoing.opinion_actor_ids = actors.sorted("id", reverse=True)
            outgoing.can_ask_opinion = not outgoing._ask_refusal()
            outgoing.can_give_opinion = bool(outgoing._asked_of_me())

    def _opinion_runs(self):
        """Return the circuits that only ask for opinions on this letter."""
        return self.run_ids.filtered(
            lambda run: set(run.step_ids.mapped("kind")) == {"opinion"}
        )

    def _asked_of_me(self):
        """Return the rows by which the user owes an opinion on this letter."""
        return self._opinion_runs().actor_ids.filtered(
            lambda actor: actor.state == "current" and actor._is_for(self.env.user)
        )

    def _ask_refusal(self):
        self.ensure_one()
        if self.state not in ASKING:
            return UserError(
                self.env._(
                    "The letter %(letter)s is not a draft any more: no opinion is asked "
                    "on it.",
                    letter=self.display_name,
                )
            )
        if not self._is_ours():
            return self._author_refusal()
        return None

    def action_ask_opinion(self, user_ids=None, question=None, days=0):
        """Ask persons for their opinion on this draft, all at the same time.

        They read the draft and the letter it answers; the author goes on meanwhile.

        :param list user_ids: ``res.users`` of the same administration
        :param str question: what is asked, in one line
        :param int days: days to answer, 0 for no date
        :return: True, or the window action of the form without ``user_ids``
        :raise UserError: nobody, no question, another administration, numbered already
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if refusal := self._ask_refusal():
            raise refusal
        if user_ids is None:
            return self._open_form(
                "desk.opinion.wizard", self.env._("Ask an opinion on the draft")
            )
        question = text.clean_line(question)
        users = self.env["res.users"].browse(given.record_ids(user_ids))
        self.env["registry.letter"]._desk_check_asked(
            users, question, company=self.company_id
        )
        self.run_id._check_days(days)
        shown = self.run_id
        run = self._circuit_start(
            steps=[
                {
                    "name": self.env._("Opinion"),
                    "kind": "opinion",
                    "users": users,
                    "mode": "all",
                    "days": days or 0,
                    "question": question,
                }
            ],
            name=self.env._("Opinion: %(question)s", question=question)[:200],
        )
        if shown and self.state != "draft":
            # The circuit that is shown and decides stays the validation.
            self._circuit_remember(shown)
        self._log(
            "draft_opinion_asked",
            {
                "users": users.ids,
                "question": question,
                "due": run.step_ids[:1].deadline,
            },
        )
        return True

    def action_give_opinion(self, opinion=None, base=None):
        """Give the opinion that was asked of the user on this draft.

        :param str opinion: the words; without them, open the form that asks
        :param str base: digest of what was read (see ``opinion_base``); an older one is
            refused
        :return: True, or the window action of the form
        :raise UserError: no words, none is waited for, the draft changed since
        """
        self.ensure_one()
        self.check_access("read")
        rows = self._asked_of_me()
        if not rows:
            raise UserError(
                self.env._(
                    "No opinion of yours is waited for on the letter %(letter)s.",
                    letter=self.display_name,
                )
            )
        if opinion is None:
            return self._open_form(
                "desk.answer.wizard", self.env._("Give an opinion on the draft")
            )
        for row in rows:
            row.run_id.action_act(
                "opinion", comment=opinion, base=base, step_id=row.step_id.id
            )
        return True

    def action_leave_opinions(self, reason=None):
        """Stop waiting for the opinions asked on this draft.

        :param str reason: why, in one line
        :return: True
        :raise UserError: none is waited for, no reason
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        if not self._is_ours():
            raise self._author_refusal()
        waiting = self._opinion_runs().filtered(lambda run: run.state == "running")
        if not waiting:
            raise UserError(
                self.env._(
                    "No opinion is waited for on the letter %(letter)s.",
                    letter=self.display_name,
                )
            )
        waiting._cancel(
            text.clean_line(reason) or self.env._("The author goes on without it.")
        )
        return True

    def _is_opinion_run(self, run):
        return run in self._opinion_runs()

    def _todo_sentence(self):
        asked = self._asked_of_me()[:1]
        if not asked:
            return super()._todo_sentence()
        return self.env._(
            "%(user)s asks your opinion: %(question)s",
            # Who asks is named to whoever is asked.
            user=asked.run_id.initiator_id.sudo().name,
            question=asked.step_id.question or "",
        )

    def _desk_write(self, vals):
        done = super()._desk_write(vals)
        if vals.get("state") in ("cancelled", "numbering"):
            # Nobody needs an opinion on what is given up, or has its number.
            outgoing_sudo = self.sudo()
            for outgoing in outgoing_sudo:
                outgoing._opinion_runs()._cancel(
                    self.env._("The letter is not a draft any more.")
                )
        return done

    # Hooks of gov.circuit.subject

    def _circuit_base(self):
        # While it is written, what is read is the newest version of the words.
        if self.state == "draft":
            outgoing_sudo = self.sudo()
            return outgoing_sudo.version_ids.sorted("number")[-1:].digest or ""
        return super()._circuit_base()

    def _circuit_acted(self, run, step, actor):
        if not self._is_opinion_run(run):
            return super()._circuit_acted(run, step, actor)
        return self._log("draft_opinion_given", {"text": actor.comment})

    def _circuit_done(self, run):
        # An opinion agrees to nothing.
        return None if self._is_opinion_run(run) else super()._circuit_done(run)

    def _circuit_cancelled(self, run):
        if not self._is_opinion_run(run):
            return super()._circuit_cancelled(run)
        return self._log("draft_opinion_withdrawn", {"reason": run.reason})

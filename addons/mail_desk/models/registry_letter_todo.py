from odoo import api, fields, models
from odoo.tools import format_date

from .registry_letter_reply import UNDER_WAY

NEXT = [
    ("answer", "Give my opinion"),
    ("visa", "Give my visa"),
    ("validate", "Decide on the reply"),
    ("approve", "Approve or refuse"),
    ("dispatch", "Dispatch"),
    ("reply", "Reply"),
    ("follow", "Go on with the reply"),
    ("close", "Close"),
    ("seen", "Mark as seen"),
    ("none", "Nothing"),
]


class RegistryLetter(models.Model):
    """What the reader must do with this letter, and until when, in one sentence."""

    _inherit = "registry.letter"

    desk_next = fields.Selection(NEXT, compute="_compute_desk_next")
    desk_todo = fields.Char(string="What to do", compute="_compute_desk_next")
    desk_is_late = fields.Boolean(compute="_compute_desk_is_late")

    @api.depends("desk_due_date", "desk_state")
    def _compute_desk_is_late(self):
        today = fields.Date.context_today(self)
        for letter in self:
            letter.desk_is_late = bool(
                letter.desk_due_date
                and letter.desk_due_date < today
                and letter.desk_state in ("to_dispatch", "assigned")
            )

    @api.depends(
        "desk_state", "desk_due_date", "assignment_ids.state", "outgoing_ids.state"
    )
    @api.depends_context("uid", "lang")
    def _compute_desk_next(self):
        for letter in self:
            letter.desk_next, letter.desk_todo = letter._desk_task()

    def _desk_task(self):
        """Return (what is next for the user, the sentence that says it)."""
        self.ensure_one()
        for task in (
            self._task_opinion,
            self._task_visa,
            self._task_validate,
            self._task_approve,
            self._task_own,
            self._task_copy,
        ):
            if found := task():
                return found
        return "none", self._desk_whereabouts()

    def _task_opinion(self):
        asked = self._desk_asked()[:1]
        if not asked:
            return None
        step, by = asked.step_id, asked.run_id.initiator_id.sudo().name
        if step.deadline:
            return "answer", self.env._(
                "%(user)s asks your opinion by %(date)s: %(question)s",
                user=by,
                date=format_date(self.env, step.deadline),
                question=step.question or "",
            )
        return "answer", self.env._(
            "%(user)s asks your opinion: %(question)s",
            user=by,
            question=step.question or "",
        )

    def _task_visa(self):
        asked = self._desk_visas()[:1]
        if not asked:
            return None
        # Who asks is named to whoever is asked.
        step, by = asked.step_id, asked.run_id.initiator_id.sudo().name
        if step.deadline:
            return "visa", self.env._(
                "%(user)s asks your visa by %(date)s: %(question)s",
                user=by,
                date=format_date(self.env, step.deadline),
                question=step.question or step.name,
            )
        return "visa", self.env._(
            "%(user)s asks your visa: %(question)s",
            user=by,
            question=step.question or step.name,
        )

    def _task_validate(self):
        # Asked about the user's own turn; a registrar reads no reply.
        replies_sudo = self.sudo().outgoing_ids
        waiting_sudo = replies_sudo.filtered(
            lambda reply: (
                reply.state == "validating" and reply.run_id._actor_of(self.env.user)
            )
        )
        if waiting_sudo:
            return "validate", self.env._(
                "A reply waits for your decision: read it, then approve it or send it "
                "back."
            )
        for reply in replies_sudo.with_env(self.env)._filtered_access("read"):
            if reply.can_give_opinion:
                return "validate", reply.todo
        return None

    def _task_approve(self):
        if not self.desk_can_insist:
            return None
        sentence = self.env._(
            "%(user)s asks to close this letter without a reply: %(reason)s",
            # Who asks is named to whoever decides.
            user=self.desk_no_reply_by_id.sudo().name,
            reason=self.desk_no_reply_reason,
        )
        return "approve", " ".join([sentence, *self._desk_blockers()])

    def _task_own(self):
        row = self._desk_row()
        if not row:
            return None
        if row.state == "to_dispatch":
            if not row.can_dispatch:
                return None
            return "dispatch", self._with_due(
                self.env._(
                    "Dispatch this letter: choose a unit, an agent and what to do."
                )
            )
        if not row._is_holder():
            return None
        if self.desk_no_reply_at:
            return "none", self.env._(
                "Waits for the head of the unit, who approves that no reply is needed: "
                "%(reason)s",
                reason=self.desk_no_reply_reason,
            )
        if self._desk_is_replied():
            sentence = self.env._(
                "The reply is sent: close the letter when nothing else is to be done."
            )
            return "close", " ".join([sentence, *self._desk_blockers()])
        under_way = self.outgoing_ids.filtered(lambda reply: reply.state in UNDER_WAY)
        if under_way:
            return "follow", self._with_due(
                self.env._("Your reply: %(what)s", what=under_way[:1].todo)
            )
        draft = self.outgoing_ids.filtered(lambda reply: reply.state == "draft")[:1]
        if draft:
            return "reply", self._with_due(
                self.env._("Finish your reply and submit it.")
            )
        if row.instruction_id.expects_reply or not row.instruction_id:
            return "reply", self._with_due(
                self.env._(
                    "Answer this letter (%(instruction)s).",
                    instruction=row.instruction_id.name or self.env._("to treat"),
                )
            )
        return "close", self._with_due(
            self.env._(
                "%(instruction)s: close the letter once it is done.",
                instruction=row.instruction_id.name,
            )
        )

    def _task_copy(self):
        if not self._desk_copies():
            return None
        return "seen", self.env._("You have a copy for information: mark it as seen.")

    def _with_due(self, sentence):
        if not self.desk_due_date:
            return sentence
        day = format_date(self.env, self.desk_due_date)
        if self.desk_is_late:
            return self.env._("%(task)s Late since %(date)s.", task=sentence, date=day)
        return self.env._("%(task)s Until %(date)s.", task=sentence, date=day)

    def _desk_whereabouts(self):
        """Return where the letter is, for who has nothing to do with it now."""
        env = self.env
        if self.desk_state == "closed":
            how = dict(self._fields["desk_closing"]._description_selection(env)).get(
                self.desk_closing, ""
            )
            if self.joined_to_id:
                # Its number is said to whoever reads this letter, nothing else of it.
                how = f"{how} ({self.joined_to_id.sudo().number})"
            return env._("Closed: %(how)s. Nothing is left to do.", how=how)
        if not self.desk_state:
            return env._("This letter is not at the desk.")
        row = self._desk_row()
        # Names of who has the letter are shown to whoever reads it.
        row_sudo = row.sudo()
        if row.state == "to_dispatch":
            return self._with_due(
                env._("%(unit)s has to dispatch it.", unit=row_sudo.unit_id.name or "–")
            )
        return self._with_due(env._("With %(who)s.", who=row_sudo.display_name))

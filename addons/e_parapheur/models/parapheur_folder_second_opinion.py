from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import text

from .gov_circuit_step import SENT_KINDS

#: rows of persons in whose place somebody else acts now
GONE = ("transferred", "recused", "replaced")
#: what waits until the second opinion is there, or no longer asked for
HELD = ("approve", "refuse", "opinion", "return")


class ParapheurFolder(models.Model):
    """Second opinions: who has to act asks others first; they advise, he decides."""

    _inherit = "parapheur.folder"

    def action_second_opinion(self, user_ids, question, days=None):
        """Ask others before one acts; the folder comes back when all have answered.

        :param list user_ids: persons of this administration
        :param str question: what they are asked, required
        :param int days: days to answer; without it, no deadline
        :return: id of the new ``gov.circuit.run.step``
        :raise UserError: no question, oneself, persons who cannot act, asked already, ended
        :raise AccessError: not somebody who has to act now
        """
        self.ensure_one()
        self._check_in_circuit()
        question = text.clean_block(question) if isinstance(question, str) else ""
        if not question:
            raise UserError(
                self.env._("Write what you ask them: nobody was asked anything.")
            )
        run, user = self.run_id, self.env.user
        run._lock()
        refusal = self._second_opinion_refusal()
        if refusal:
            raise refusal
        actor = run._actor_of(user, self._my_step())
        persons = run._persons(user_ids)
        if user in persons or actor.user_id in persons:
            raise UserError(
                self.env._(
                    "You act yourself at this step: ask somebody else. Nobody was asked."
                )
            )
        step = run._add_step(
            "opinion",
            persons,
            question=question,
            days=days,
            name=self.env._("Second opinion"),
        )
        # Rows of a circuit are written by the platform; the question was just accepted.
        step_sudo = step.sudo()
        step_sudo.write({"comes_back_to_id": actor.id, "is_second_opinion": True})
        return step.id

    def action_second_opinion_withdraw(self, reason):
        """Go on without the second opinion that one asked for and that has not come.

        :param str reason: why, read by those who were asked
        :return: True
        :raise UserError: none is waited for, no reason, ended
        """
        self.ensure_one()
        self._check_in_circuit()
        reason = self._needed_reason(reason)
        run = self.run_id
        run._lock()
        awaited = self._awaited_opinions(self.env.user)
        if not awaited:
            raise UserError(
                self.env._("You wait for no second opinion: nothing was changed.")
            )
        # Rows of a circuit are written by the platform; these are the user's own questions.
        awaited_sudo = awaited.sudo()
        awaited_sudo._close("skipped")
        awaited_sudo.write({"reason": reason})
        run._sync()
        run._log(
            "second_opinion_left",
            {"steps": awaited.ids, "user": self.env.uid},
        )
        return True

    # ------------------------------------------------------------------
    # Who waits for whom
    # ------------------------------------------------------------------
    def _second_opinion_refusal(self):
        """Return why the user cannot ask others now, or None."""
        self.ensure_one()
        if self.state != "running":
            return self._impossible_sentence("signed")
        step = self._my_step()
        if not step:
            return AccessError(
                self.env._("Only who has to act now asks others for their opinion.")
            )
        if step.kind in SENT_KINDS or step.is_second_opinion:
            return UserError(
                self.env._(
                    "“%(step)s” decides nothing: there is no second opinion to ask for.",
                    step=step.name,
                )
            )
        return self._awaited_refusal(step, self.env.user)

    def _awaited_opinions(self, user, step=None):
        """The second opinions that hold ``user`` up, at ``step`` if given."""
        return self.run_id._current_steps().filtered(
            lambda one: (
                one.comes_back_to_id.state == "current"
                and one.comes_back_to_id._is_for(user)
                and (not step or one.comes_back_to_id.step_id == step)
            )
        )

    def _awaited_refusal(self, step, user):
        awaited = self._awaited_opinions(user, step)
        if not awaited:
            return None
        waiting = self.run_id._actors_of(awaited).filtered(
            lambda row: row.state == "current"
        )
        return UserError(
            self.env._(
                "You asked %(names)s for an opinion: it comes back to you once it is given. "
                "To go on without, withdraw your question.",
                names=", ".join(waiting.mapped("name")),
            )
        )

    def _circuit_act_refusal(self, step, user, decision):
        refusal = super()._circuit_act_refusal(step, user, decision)
        if refusal or decision not in HELD:
            return refusal
        return self._awaited_refusal(step, user)

    def _circuit_acted(self, run, step, actor):
        result = super()._circuit_acted(run, step, actor)
        asker = step.comes_back_to_id
        if step.state != "current" and asker.state == "current":
            # Who asked is told by the platform; he reads the folder.
            folder_sudo = self.sudo()
            folder_sudo._tell(
                asker.user_id,
                self.env._(
                    "%(folder)s: the second opinion you asked for is there.",
                    folder=self.reference,
                ),
            )
        return result

    def _circuit_transferred(self, run, step, actor):
        result = super()._circuit_transferred(run, step, actor)
        # Rows of a circuit are written by the platform; who receives waits instead.
        asked_sudo = run.sudo().step_ids.filtered(
            lambda one: (
                one.state == "current"
                and one.comes_back_to_id.step_id == step
                and one.comes_back_to_id.state in GONE
            )
        )
        asked_sudo.write({"comes_back_to_id": actor.id})
        return result

    def _circuit_returned(self, run, step):
        # Rows of a circuit are written by the platform; the return was just checked.
        again_sudo = run.sudo().step_ids.filtered(
            lambda one: one.is_second_opinion and one.state == "waiting"
        )
        if again_sudo:
            again_sudo._close("returned")
        return super()._circuit_returned(run, step)

    def _tell(self, users, body):
        """Write in the folder, and tell these persons. Called on a superuser's record."""
        self.message_post(
            body=body,
            partner_ids=users.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

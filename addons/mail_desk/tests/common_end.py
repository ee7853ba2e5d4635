from odoo.exceptions import AccessError, UserError

from .common_outgoing import OutgoingCase


class EndCase(OutgoingCase):
    """Letters in each state, and every act that ends one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_office.accepts_exchange = True
        cls.acts = {
            "answered": lambda letter: letter.action_close("x", kind="answered"),
            "treated": lambda letter: letter.action_close("x", kind="treated"),
            "no_reply": lambda letter: letter.action_close("x", kind="no_reply"),
            "approve_no_reply": lambda letter: letter.action_approve_no_reply(),
            "refuse_no_reply": lambda letter: letter.action_refuse_no_reply("x"),
            "withdraw_no_reply": lambda letter: letter.action_withdraw_no_reply(),
            "joined": lambda letter: letter.action_join(cls.lead.id, "x"),
            "transfer": lambda letter: letter.action_transfer(cls.other_office.id, "x"),
            "transferred": lambda letter: letter.action_close("x", kind="transferred"),
            "reopen": lambda letter: letter.action_reopen("x"),
        }

    def _informed(self):
        return self._assigned(instruction_id=self.information.id)

    def _try(self, letter, act, user):
        """Do ``act`` as ``user`` and undo it; return the state it led to, or None."""
        mine = letter.with_user(user)
        with self.env.cr.savepoint(flush=True) as savepoint:
            try:
                self.acts[act](mine)
                self.env.flush_all()
                return letter.sudo().desk_state
            except (AccessError, UserError) as refusal:
                self.assertGreater(len(str(refusal)), 12)
                return None
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def _kinds(self, letter):
        return letter.sudo().desk_event_ids.mapped("kind")

    def _closed_by_reply(self):
        reply = self._sealed()
        reply.action_send("post", "RR 1")
        return reply, reply.answers_id.sudo(False).with_env(self.env)

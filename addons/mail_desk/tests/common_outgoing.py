from .common import DeskCase


class OutgoingCase(DeskCase):
    def _reply(self, letter=None, user=None, **vals):
        letter = letter or self._assigned()
        user = user or self.au
        action = letter.with_user(user).action_reply()
        reply = self.env["desk.outgoing"].with_user(user).browse(action["res_id"])
        reply.write({"body": "<p>Votre demande est acceptée.</p>", **vals})
        return reply

    def _validated(self, **vals):
        reply = self._reply(**vals)
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        self.assertEqual(reply.state, "validated")
        return reply

    def _sealed(self, **vals):
        reply = self._validated(**vals)
        reply.action_number()
        self._close()
        self.assertEqual(reply.state, "sealed", reply.closing_error)
        return reply

    def _close(self):
        self._drain()
        self.env["registry.letter"].sudo()._process_closings()
        self.env.invalidate_all()

from odoo.addons.gov_base.tests.common_smtp import SmtpSetUp

from .common_outgoing import OutgoingCase


class SmtpCase(SmtpSetUp, OutgoingCase):
    """Letters that leave through a real mail server on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office.email = "agdal@example.ma"
        cls.company.alias_domain_id = cls.env["mail.alias.domain"].create(
            {"name": "commune.example.ma", "bounce_alias": "bounce"}
        )
        cls._set_up_smtp()

    def _process(self):
        self.env["desk.sending"].sudo()._process_sendings()
        self.env.invalidate_all()

    def _sent_by_mail(self, address="citizen@example.ma", **vals):
        """A reply that left by e-mail, and the message as the server got it."""
        _controller, received, _answers = self._smtp()
        reply = self._sealed(recipient_email=address, **vals)
        reply.action_send("email")
        self._process()
        self.assertEqual(reply.state, "sent", reply.sending_ids.error)
        return reply, received[-1]

import email
import email.policy
import socket
from unittest.mock import patch

from aiosmtpd.controller import Controller


class SmtpSetUp:
    """A real mail server on this machine; ``answers`` are what it says to each recipient."""

    @classmethod
    def _set_up_smtp(cls):
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["ir.mail_server"],
                "_disable_send",
                classmethod(lambda _cls: False),
            )
        )

    def _smtp(self, started=True):
        received, answers = [], {}

        class Handler:
            async def handle_RCPT(self, _server, _session, envelope, address, _options):
                answer = answers.get(address, "250 OK")
                if answer.startswith("250"):
                    envelope.rcpt_tos.append(address)
                return answer

            async def handle_DATA(self, _server, _session, envelope):
                message = email.message_from_bytes(
                    envelope.content, policy=email.policy.default
                )
                # What Odoo tells its own people is none of this.
                if not envelope.rcpt_tos[0].endswith("@example.com"):
                    received.append((envelope.mail_from, envelope.rcpt_tos, message))
                return "250 kept"

        controller = Controller(Handler(), hostname="127.0.0.1", port=0)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            controller.port = probe.getsockname()[1]
        self.env["ir.mail_server"].create(
            {
                "name": "loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": controller.port,
                "sequence": -10,
            }
        )
        if started:
            controller.start()
            self.addCleanup(controller.stop)
        return controller, received, answers

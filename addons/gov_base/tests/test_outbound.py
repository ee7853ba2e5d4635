import contextlib
import pathlib
import re
import socket
from unittest.mock import patch

import requests

from odoo.exceptions import AccessError
from odoo.modules import module as odoo_module
from odoo.modules.module import Manifest
from odoo.tests import HttpCase, TransactionCase, common, tagged
from odoo.tools import mute_logger

from odoo.addons.iap.tools import iap_tools

from ..models import gov_outbound

_LOOPBACK = re.compile(r"127\.|::1$|localhost$|0\.0\.0\.0$")


class OutboundWatch:
    @contextlib.contextmanager
    def watch(self):
        """Record every address outside this machine that anybody asks for, and refuse it."""
        asked = []

        def refuse_outside(host):
            if isinstance(host, bytes):
                host = host.decode()
            if host and not _LOOPBACK.match(str(host)):
                asked.append(str(host))
                raise ConnectionRefusedError(f"outside: {host}")

        def connect(sock, address):
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                refuse_outside(address[0])
            return real_connect(sock, address)

        def getaddrinfo(host, *args, **kwargs):
            refuse_outside(host)
            return real_getaddrinfo(host, *args, **kwargs)

        real_connect, real_getaddrinfo = socket.socket.connect, socket.getaddrinfo
        with (
            patch.object(socket.socket, "connect", connect),
            patch.object(socket, "getaddrinfo", getaddrinfo),
            # Odoo's test runner stops requests before they reach a socket: put the real thing back
            patch.object(requests.Session, "send", common._super_send),
        ):
            yield asked


@tagged("post_install", "-at_install", "alone")
class TestOutbound(OutboundWatch, TransactionCase):
    """No call to a third party (environment.md, P13): neither by itself nor by a click."""

    def test_the_watch_sees_a_call(self):
        with self.watch() as asked, self.assertRaises(requests.ConnectionError):
            requests.get("http://iap.odoo.example/x", timeout=2)
        self.assertEqual(asked, ["iap.odoo.example"])
        with self.watch() as asked, self.assertRaises(OSError):
            socket.create_connection(("192.0.2.1", 80), timeout=1)
        self.assertEqual(asked, ["192.0.2.1"])

    def test_publisher_is_told_nothing(self):
        with self.watch() as asked:
            self.env["publisher_warranty.contract"].update_notification(cron_mode=False)
        self.assertEqual(asked, [])
        self.assertFalse(self.env.ref("mail.ir_cron_module_update_notification").active)

    def test_every_scheduled_action(self):
        crons = self.env["ir.cron"].search([("active", "=", True)])
        self.assertGreater(len(crons), 3)
        with self.watch() as asked, self.enter_registry_test_mode():
            for cron in crons:
                cron.method_direct_trigger()
        self.assertEqual(asked, [])

    def test_new_company_partner_and_message(self):
        with self.watch() as asked:
            company = self.env["res.company"].create(
                {
                    "name": "Outbound",
                    "email": "contact@ministry.example",
                    "website": "ministry.example",
                }
            )
            partner = self.env["res.partner"].create(
                {
                    "name": "Ben Allal",
                    "email": "ben@ministry.example",
                    "vat": "12345678",
                }
            )
            partner.message_post(
                body="see https://www.example.org/page", message_type="comment"
            )
        self.assertEqual(asked, [])
        self.assertTrue(company.partner_id)

    def test_links_in_messages_are_not_fetched(self):
        previews = self.env["mail.link.preview"]
        self.assertFalse(previews._is_link_preview_enabled())
        with self.watch() as asked:
            self.assertFalse(
                previews._search_or_create_from_url("https://www.example.org/page")
            )
        self.assertEqual(asked, [])

    def test_web_push_is_not_sent(self):
        device = self.env["mail.push.device"].create(
            {
                "endpoint": "https://push.example.org/1",
                "keys": '{"p256dh": "x", "auth": "y"}',
            }
        )
        with self.watch() as asked:
            self.env.user.partner_id._web_push_send_notification(
                device, "key", "key", payload={}
            )
        self.assertEqual(asked, [])
        self.assertFalse(
            self.env["mail.push"].search([("mail_push_device_id", "=", device.id)])
        )

    @mute_logger("odoo.addons.iap.tools.iap_tools", "odoo.tools.translate")
    def test_paid_services_of_odoo_are_closed(self):
        """iap comes by itself with hr and mail; its code is there even when it is not installed."""
        with self.watch() as asked:
            endpoint = iap_tools.iap_get_endpoint(self.env)
            # in tests iap refuses by itself: make it believe that this is none
            with (
                patch.object(odoo_module, "current_test", None),
                self.assertRaises(AccessError),
            ):
                iap_tools.iap_jsonrpc(endpoint + "/iap/1/credit", timeout=2)
        self.assertEqual(asked, [])
        self.assertIn("127.0.0.1", endpoint)

    def test_every_address_parameter_of_odoo_is_known(self):
        """A new service in a later revision of Odoo fails here, not in production."""
        wanted = set()
        for name in (
            "html_editor",
            "iap",
            "iap_mail",
            "mail",
            "partner_autocomplete",
            "sms",
            "snailmail",
            "website",
            "web_unsplash",
        ):
            folder = pathlib.Path(Manifest.for_addon(name).path)
            for path in folder.rglob("*.py"):
                if "tests" not in path.parts:
                    source = path.read_text(encoding="utf-8")
                    wanted.update(
                        re.findall(r"""['"]([a-z_.]+\.?[a-z_]*endpoint)['"]""", source)
                    )
        wanted = {name for name in wanted if "." in name}
        self.assertIn("iap.endpoint", wanted)
        self.assertLessEqual(wanted, set(gov_outbound._ENDPOINTS))

    def test_a_chosen_address_is_kept(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("sms.endpoint", "http://sms.intranet.example")
        parameters.set_param("iap.endpoint", False)
        self.env["gov.outbound"]._switch_off()
        self.assertEqual(
            parameters.get_param("sms.endpoint"), "http://sms.intranet.example"
        )
        self.assertIn("127.0.0.1", parameters.get_param("iap.endpoint"))


@tagged("post_install", "-at_install", "alone")
class TestOutboundRoutes(OutboundWatch, HttpCase):
    """Doors of stock Odoo through which anybody could make the server call an address."""

    def test_link_preview_for_anybody(self):
        self.authenticate(None, None)
        with self.watch() as asked:
            for address in (
                "https://www.example.org/page",
                "http://169.254.169.254/latest",
            ):
                answer = self.make_jsonrpc_request(
                    "/html_editor/link_preview_external", {"preview_url": address}
                )
                self.assertEqual(answer, {})
        self.assertEqual(asked, [])

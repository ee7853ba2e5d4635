import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.gov_base.exceptions import IntakeRefused

from .common import ARABIC_NAME, pdf_file
from .common_born import BornDigitalCommon


class ExchangeCommon(BornDigitalCommon):
    """Rabat sends to Fès, which has a second office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._make_office(cls.other_company, "NORD", "Bureau Nord")
        cls.third_company = cls._make_company("TNG", "Commune de Tanger", "جماعة طنجة")
        cls.other_office.email = "medina@example.ma"
        cls.office.email = "agdal@example.ma"
        cls.theirs = cls.users["registrar2"]

    def _sent(self, **vals):
        """A scanned outgoing letter of Rabat, registered and sent to Fès."""
        letter = self._outgoing(**vals)
        action = letter.action_exchange(self.other_office.id, "For Mrs Alami")
        exchange = self.env["registry.exchange"].browse(action["res_id"])
        self._drain()
        return letter, exchange

    def _outgoing(self, **vals):
        letter = self._draft(
            register_id=self.outgoing.id,
            sender_name="Commune de Fès",
            sender_kind="administration",
            subject="Transmission d’un dossier",
            body="Veuillez trouver ci-joint.",
            channel="post",
            **vals,
        )
        letter._add_document(pdf_file("Cover"), "cover.pdf")
        letter._add_document(pdf_file("File"), "file.pdf")
        letter.action_register()
        self._drain()
        return letter

    def _events(self, register):
        return (
            self.env["gov.journal.event"]
            .search(
                [
                    ("journal_id", "=", register.sudo().journal_id.id),
                    ("kind", "=like", "exchange.%"),
                    ("seq", "!=", False),
                ],
                order="seq",
            )
            .mapped("kind")
        )


@tagged("post_install", "-at_install")
class TestExchange(ExchangeCommon):
    def test_offices_are_found_by_name_as_plain_values(self):
        exchanges = self.env["registry.exchange"].with_user(self.registrar)
        found = exchanges.find_offices("fès nord")
        self.assertEqual(
            found,
            [
                {
                    "id": self.second.id,
                    "name": "Bureau Nord",
                    "code": "NORD",
                    "administration": self.other_company.gov_name,
                }
            ],
        )
        self.assertFalse(exchanges.find_offices("Agdal"), "not our own")
        self.second.accepts_exchange = False
        self.assertFalse(exchanges.find_offices("nord"))
        self.second.write({"accepts_exchange": True, "state": "closed"})
        self.assertFalse(exchanges.find_offices("nord"))
        with self.assertRaises(AccessError):
            exchanges.with_user(self.auditor).find_offices("nord")

    def test_accepted(self):
        letter, exchange = self._sent()
        self.assertEqual(exchange.state, "pending")
        self.assertEqual(exchange.from_number, letter.number)
        self.assertEqual(exchange.piece_count, 2)
        theirs = exchange.with_user(self.theirs)
        self.assertTrue(theirs.can_decide)
        self.assertEqual(theirs.gov_document_ids.mapped("role"), ["main", "annex"])
        self.assertEqual(
            theirs.main_document_id.current_version_id._read_content(),
            pdf_file("Cover"),
        )
        action = theirs.action_accept()
        self._drain()
        received = (
            self.env["registry.letter"].with_user(self.theirs).browse(action["res_id"])
        )
        self.assertEqual(received.company_id, self.other_company)
        self.assertEqual(received.register_id, self.other_register)
        self.assertEqual(received.sender_reference, letter.number)
        self.assertEqual((received.channel, received.state), ("exchange", "registered"))
        self.assertEqual(received.subject, letter.subject)
        self.assertEqual(received.body, letter.body)
        self.assertEqual(received.sender_name, exchange.from_name)
        self.assertEqual(received.party_ids.mapped("role"), ["sender", "recipient"])
        self.assertEqual(received.party_ids[1].name, "Commune de Fès")
        self.assertEqual(
            received._current_versions().mapped("sha256"),
            letter._current_versions().mapped("sha256"),
        )
        self.assertEqual(
            set(received._current_versions().mapped("company_id").ids),
            {self.other_company.id},
        )
        self.assertEqual(exchange.state, "accepted")
        self.assertEqual(exchange.to_number, received.number)
        self.assertEqual(exchange.first_registered_at, letter.registered_at)
        self.assertEqual(
            self._events(self.outgoing), ["exchange.sent", "exchange.accepted"]
        )
        self.assertEqual(self._events(self.other_register), ["exchange.received"])
        self.assertTrue(self.outgoing._verify()["ok"])
        self.assertTrue(self.other_register._verify()["ok"])
        receipt = received.sudo().receipt_id
        receipt._ensure_pdf()
        self.assertEqual(receipt.state, "sealed")
        self.assertEqual(receipt._mail_address(), "agdal@example.ma")

    def test_sealed_copy_is_sent(self):
        letter = self._born()
        with self.assertRaisesRegex(UserError, "still being made"):
            letter.with_user(self.registrar).action_exchange(self.other_office.id)
        self.assertFalse(letter.with_user(self.registrar).can_exchange)
        self._close()
        letter.with_user(self.registrar).action_exchange(self.other_office.id)
        exchange = letter.exchange_ids
        theirs = exchange.with_user(self.theirs).gov_document_ids
        self.assertEqual(theirs.sha256, letter.closing_version_id.sha256)
        exchange.with_user(self.theirs).action_accept()
        self._drain()
        self.assertTrue(exchange.to_letter_id.number)

    def test_rejected(self):
        letter, exchange = self._sent()
        theirs = exchange.with_user(self.theirs)
        with self.assertRaisesRegex(UserError, "Say why"):
            theirs.action_reject(" ")
        theirs.action_reject("Not for us: Meknès")
        self._drain()
        self.assertEqual(
            exchange.with_user(self.registrar).reason, "Not for us: Meknès"
        )
        self.assertEqual(
            self._events(self.outgoing), ["exchange.sent", "exchange.rejected"]
        )
        self.assertEqual(self._events(self.other_register), ["exchange.rejected"])
        event = self.env["gov.journal.event"].search(
            [("kind", "=", "exchange.rejected")], limit=1
        )
        self.assertNotIn("Meknès", event.body)
        self.assertIn("reason", json.loads(event.body)["salted"])
        self.assertFalse(exchange.to_letter_id)
        for call in (
            theirs.action_accept,
            lambda: theirs.action_reject("again"),
            lambda: theirs.action_forward(self.second.id, "again"),
        ):
            with self.assertRaisesRegex(UserError, "decided already: Rejected"):
                call()
        # It may be sent again then.
        letter.action_exchange(self.other_office.id)
        self.assertEqual(len(letter.exchange_ids), 2)

    def test_forwarded(self):
        letter, exchange = self._sent()
        theirs = exchange.with_user(self.theirs)
        for office in (self.office, self.other_office):
            with self.assertRaisesRegex(UserError, "another open office"):
                theirs.action_forward(office.id, "Not here")
        theirs.action_forward(self.second.id, "The north handles it")
        following = exchange.next_ids
        self.assertEqual((exchange.state, following.state), ("forwarded", "pending"))
        self.assertEqual(following.first_registered_at, letter.registered_at)
        self.assertEqual(following.with_user(self.registrar).to_name, following.to_name)
        self.assertNotEqual(following.uid, exchange.uid)
        following.with_user(self.theirs).action_accept()
        self._drain()
        self.assertEqual(
            following.to_letter_id.register_id, self.second._get_register("incoming")
        )
        self.assertEqual(following.to_letter_id.document_count, 2)
        self.assertEqual(letter.exchange_count, 2)

    def test_refusals_on_the_sending_side(self):
        draft = self._draft(register_id=self.outgoing.id)
        incoming = self._register()
        for letter in (draft, incoming):
            self.assertFalse(letter.can_exchange)
            with self.assertRaisesRegex(UserError, "registered outgoing letter"):
                letter.action_exchange(self.other_office.id)
        letter, _exchange = self._sent()
        with self.assertRaisesRegex(UserError, "waits at .* already"):
            letter.action_exchange(self.other_office.id)
        with self.assertRaisesRegex(UserError, "receives no letters"):
            letter.action_exchange(self.office.id)
        self.second.accepts_exchange = False
        with self.assertRaisesRegex(UserError, "receives no letters"):
            letter.action_exchange(self.second.id)
        with self.assertRaises(AccessError):
            letter.with_user(self.auditor).action_exchange(self.other_office.id)

    def test_file_the_other_does_not_take(self):
        letter = self._outgoing()
        before = self.env["registry.exchange"].search_count([])
        with (
            patch.object(
                type(self.env["gov.intake"]),
                "_inspect",
                side_effect=IntakeRefused("too_large", "The file is too large"),
            ),
            self.assertRaisesRegex(UserError, "does not take cover.pdf"),
            self.env.cr.savepoint(),
        ):
            letter.action_exchange(self.other_office.id)
        self.assertEqual(self.env["registry.exchange"].search_count([]), before)

    def test_cancelled_meanwhile(self):
        letter, exchange = self._sent()
        letter.with_user(self.head).action_cancel("Wrong file", "Note 7")
        with self.assertRaisesRegex(UserError, "has cancelled it since"):
            exchange.with_user(self.theirs).action_accept()
        exchange.with_user(self.theirs).action_reject("Cancelled")
        self.assertEqual(exchange.state, "rejected")

    def test_wizards(self):
        letter = self._outgoing()
        action = letter.action_exchange()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.registrar)
            .with_context(**action["context"])
        )
        with self.assertRaisesRegex(UserError, "Choose the office"):
            wizard.save().action_confirm()
        record = wizard.save()
        record.office_ref = self.other_office.id
        record.action_confirm()
        exchange = letter.exchange_ids
        action = exchange.with_user(self.theirs).action_forward()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.theirs)
            .with_context(**action["context"])
        )
        wizard.office_id = self.second
        wizard.reason = "North"
        wizard.save().action_confirm()
        self.assertEqual(exchange.state, "forwarded")
        action = exchange.next_ids.with_user(self.theirs).action_reject()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.theirs)
            .with_context(**action["context"])
        )
        wizard.reason = "No"
        wizard.save().action_confirm()
        self.assertEqual(exchange.next_ids.state, "rejected")


@tagged("post_install", "-at_install", "gov_acl")
class TestExchangeAccess(ExchangeCommon):
    """Each side sees its half; a third administration sees nothing."""

    def test_each_side_sees_its_half(self):
        letter, exchange = self._sent(
            sender_reference="CONFIDENTIAL-7", envelope_holder="Secret holder"
        )
        theirs = exchange.with_user(self.theirs)
        theirs.read()
        with self.assertRaises(AccessError):
            letter.with_user(self.theirs).read(["subject"])
        with self.assertRaises(AccessError):
            _name = theirs.from_letter_id.sender_reference
        with self.assertRaises(AccessError):
            _name = theirs.from_office_id.code
        theirs.action_accept()
        self._drain()
        ours = exchange.with_user(self.registrar)
        ours.read()
        self.assertTrue(ours.to_number)
        with self.assertRaises(AccessError):
            ours.to_letter_id.read(["subject"])
        self.assertFalse(
            self.env["registry.letter"]
            .with_user(self.registrar)
            .search([("sender_reference", "=", letter.number)])
        )
        received = exchange.sudo().to_letter_id
        for version in received._current_versions():
            self.assertFalse(version.with_user(self.registrar)._is_readable())
            self.assertTrue(version.with_user(self.theirs)._is_readable())
        for version in letter.sudo()._current_versions():
            self.assertFalse(version.with_user(self.theirs)._is_readable())
        self.assertNotIn("Secret holder", json.dumps(theirs.read(), default=str))
        self.assertNotIn(ARABIC_NAME, json.dumps(theirs.read(), default=str))

    def test_third_administration_sees_nothing(self):
        _letter, exchange = self._sent()
        stranger = self.users["head"].copy(
            {
                "login": "dr_stranger",
                "company_id": self.third_company.id,
                "company_ids": [(6, 0, self.third_company.ids)],
            }
        )
        model = self.env["registry.exchange"].with_user(stranger)
        self.assertFalse(model.search([]))
        self.assertEqual(model.search_count([("id", "=", exchange.id)]), 0)
        for call in (
            lambda: exchange.with_user(stranger).read(["subject"]),
            lambda: exchange.with_user(stranger).action_accept(),
            lambda: exchange.with_user(stranger).action_reject("x"),
            lambda: exchange.with_user(stranger).action_forward(self.second.id, "x"),
            lambda: exchange.with_user(stranger).action_open_letter(),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_who_decides(self):
        _letter, exchange = self._sent()
        for user in (self.registrar, self.head):
            mine = exchange.with_user(user)
            self.assertFalse(mine.can_decide)
            for call in (
                mine.action_accept,
                lambda mine=mine: mine.action_reject("x"),
                lambda mine=mine: mine.action_forward(self.second.id, "x"),
            ):
                with self.assertRaises(UserError):
                    call()
        with self.assertRaises(AccessError):
            exchange.with_user(self.users["auditor2"]).action_accept()
        for name in ("admin2", "agent"):
            self.assertFalse(exchange.with_user(self.users[name]).has_access("read"))
        self.assertEqual(exchange.state, "pending")

    def test_nobody_writes(self):
        _letter, exchange = self._sent()
        for user in self.users.values():
            for operation in ("write", "create", "unlink"):
                self.assertFalse(exchange.with_user(user).has_access(operation))
        with self.assertRaises(AccessError):
            exchange.with_user(self.theirs).write({"state": "accepted"})
        with self.assertRaises(AccessError):
            exchange.with_user(self.theirs).read(["salts"])

    def test_received_and_sent(self):
        _letter, exchange = self._sent()
        model = self.env["registry.exchange"]
        ours, theirs = model.with_user(self.registrar), model.with_user(self.theirs)
        self.assertIn(exchange, theirs.search([("is_received", "=", True)]))
        self.assertNotIn(exchange, theirs.search([("is_received", "=", False)]))
        self.assertIn(exchange, ours.search([("is_received", "=", False)]))

    def test_list_is_constant(self):
        spec = {
            name: {}
            for name in ("from_number", "from_name", "to_name", "to_number", "state")
        }

        def count(number):
            for _index in range(number):
                self._sent()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["registry.exchange"].with_user(self.theirs).web_search_read(
                [], spec, limit=80
            )
            return self.env.cr.sql_log_count - before

        count(1)
        few = count(2)
        self.assertEqual(count(6), few)

    def test_odd_arguments_are_refused_with_a_sentence(self):
        letter, exchange = self._sent()
        received = exchange.with_user(self.theirs)
        odd = (-1, 10**30, 1.5, True, "1", "abc", "\x00", [[1]], {"id": 1})
        for value in odd:
            for call in (
                lambda value=value: letter.action_exchange(value),
                lambda value=value: received.action_forward(value, "Why"),
            ):
                with (
                    self.subTest(value=value),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    call()
        offices = self.env["registry.exchange"].with_user(self.registrar)
        for value in (*odd, None):
            self.assertIsInstance(offices.find_offices(value, value), list)
        self.assertEqual(exchange.state, "pending")

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ARABIC_NAME, TIFINAGH_NAME, RegistryCommon


@tagged("post_install", "-at_install", "gov_numbering")
class TestRegistration(RegistryCommon):
    def test_a_draft_has_no_number(self):
        letter = self._draft()
        self._drain()
        self.assertRegex(letter.reference, r"^P-20\d\d-[0-9A-Z]{5}-[0-9A-Z]{5}$")
        self.assertFalse(letter.number)
        self.assertFalse(letter.entry_id)
        self.assertEqual(letter.display_name, letter.reference)

    def test_register_gives_number_and_instant_together(self):
        letter = self._draft()
        self.assertTrue(letter.action_register())
        self.assertEqual(letter.state, "registered")
        self.assertTrue(letter.is_number_pending)
        self.assertEqual(letter.display_name, letter.reference)
        self.assertEqual(letter.entry_id.state, "pending")
        self._drain()
        entry = letter.entry_id
        year = self.register._local_year()
        self.assertEqual(letter.number, f"{year}/000001")
        self.assertEqual(letter.display_name, letter.number)
        self.assertEqual(entry.display_name, letter.number)
        self.assertEqual((entry.year, entry.sequence), (year, 1))
        self.assertEqual(entry.display_number, entry.number)
        self.assertTrue(entry.registered_at)
        self.assertEqual(entry.state, "valid")
        self.assertFalse(letter.is_number_pending)
        event = self.env["gov.journal.event"].search([("uid", "=", entry.event_uid)])
        self.assertEqual(event.number_text, entry.number)
        self.assertEqual(event.sequenced_at, entry.registered_at)

    def test_without_the_master_key_the_letter_says_what_its_number_waits_for(self):
        letter = self._draft()
        letter.action_register()
        identity = type(self.env["gov.trust.identity"])
        with (
            patch.object(identity, "_may_seal", lambda self: False),
            patch.object(identity, "_state", lambda self: "no_master_key"),
        ):
            self.assertIn("master key", letter.number_waits_for)
        letter.invalidate_recordset()
        self.assertFalse(letter.number_waits_for, "a matter of a moment")
        self._drain()
        self.assertTrue(letter.number)
        self.assertFalse(letter.number_waits_for)

    def test_thirty_in_a_row(self):
        letters = self.env["registry.letter"]
        for _index in range(30):
            letters |= self._draft()
        letters.action_register()
        self._drain()
        self.assertEqual(letters.entry_id.mapped("sequence"), list(range(1, 31)))

    def test_registers_count_apart(self):
        self._register()
        outgoing = self._register(register_id=self.office._get_register("outgoing").id)
        self.assertEqual(outgoing.entry_id.sequence, 1)
        self.assertEqual(outgoing.direction, "outgoing")
        self.assertEqual(outgoing.party_ids.role, "recipient")

    def test_register_twice_is_refused(self):
        letter = self._register()
        with self.assertRaisesRegex(UserError, "registered already"):
            letter.action_register()
        self._drain()
        self.assertEqual(
            self.env["registry.entry"].search_count(
                [("register_id", "=", self.register.id)]
            ),
            1,
        )

    def test_what_is_missing_is_named(self):
        for vals, sentence in (
            ({"subject": False}, "subject is missing"),
            ({"subject": "\u200b\u200f \u202e"}, "subject is missing"),
            ({"sender_name": False}, "correspondent is missing"),
        ):
            letter = self._draft(**vals)
            with self.assertRaisesRegex(UserError, sentence):
                letter.action_register()
            self.assertEqual(letter.state, "draft")

    def test_subject_too_long(self):
        with self.assertRaisesRegex(UserError, "241 signs, 240 at most"):
            self._deposit(subject="x" * 241)

    def test_odd_names_are_kept(self):
        for name in (
            "O'Brien-أيت ⴰⵢⵜ, 李",
            TIFINAGH_NAME,
            "ن",
            "x" * 200,
        ):
            letter = self._register(sender_name=name)
            self.assertEqual(letter.entry_id.sender_name, name)
        hostile = self._register(sender_name="a\u202eb\x00c\r\nBcc: x")
        self.assertEqual(hostile.sender_name, "abc Bcc: x")

    def test_form(self):
        with Form(self.env["registry.letter"].with_user(self.registrar)) as form:
            form.register_id = self.register
            form.sender_name = ARABIC_NAME
            form.sender_email = "m@example.ma"
            form.subject = "Réclamation"
        letter = form.record
        self.assertEqual(letter.party_ids.name, ARABIC_NAME)
        self.assertEqual(letter.party_ids.email, "m@example.ma")
        self.assertTrue(letter.can_register)
        letter.action_register()
        self._drain()
        self.assertTrue(letter.number)
        with self.assertRaises(AssertionError), Form(letter) as form:
            form.subject = "Changed"

    def test_year_of_the_register_clock(self):
        # A zone that never changes: four hours ahead of UTC.
        self.register.with_user(self.admin).tz = "Asia/Dubai"
        with freeze_time("2027-12-31 19:30:00"):
            before = self._register()
        # The year has changed there, not in UTC.
        with freeze_time("2027-12-31 20:30:00"):
            after = self._register()
        self.assertEqual(before.number, "2027/000001")
        self.assertEqual(after.number, "2028/000001")
        self.assertEqual(after.entry_id.registered_at.year, 2027)
        receipts = self.env["registry.receipt"].sudo()
        # A key made in the frozen time is not valid today: no seal is wanted here.
        with patch.object(type(receipts), "_ensure_pdf"):
            receipts._process_sequenced(10)
        self.assertEqual(set(self.register.year_ids.mapped("year")), {2027, 2028})

    def test_closed_year_and_office(self):
        self._register()
        self.register.with_user(self.head).action_open_year()
        year = self.register.year_ids
        year.with_user(self.head).action_close()
        with self.assertRaisesRegex(UserError, "is closed: nothing was registered"):
            self._draft().action_register()
        with self.assertRaisesRegex(UserError, "never opened again"):
            self.register.with_user(self.head).action_open_year()
        with self.assertRaisesRegex(UserError, "closed already"):
            year.with_user(self.head).action_close()
        self.other_office.state = "closed"
        with self.assertRaisesRegex(UserError, "office .* is closed"):
            self._deposit(office_id=self.other_office.id)

    def test_open_year_twice(self):
        register = self.register.with_user(self.admin)
        register.action_open_year()
        register.action_open_year()
        self.assertEqual(len(self.register.year_ids), 1)
        with self.assertRaises(AccessError):
            self.register.with_user(self.registrar).action_open_year()

    def test_start_at(self):
        register = self.register.with_user(self.admin)
        action = register.action_start_at()
        with Form(
            self.env[action["res_model"]]
            .with_user(self.admin)
            .with_context(**action["context"])
        ) as form:
            form.first_number = 142
            form.act = "PV 12/2026"
        form.record.action_confirm()
        letter = self._register()
        self.assertEqual(letter.number, f"{register._local_year()}/000142")
        self.assertEqual(self.register.year_ids.start_act, "PV 12/2026")
        self._register()
        result = self.register._verify()
        self.assertTrue(result["ok"], result["sentence"])
        self.assertIn("142 → 143 intact", result["sentence"])
        with self.assertRaisesRegex(UserError, "started already"):
            register.action_start_at(200, "PV 13/2026")
        for number, act in ((1, "PV"), (0, "PV"), (10**8, "PV"), (5, " ")):
            with self.assertRaisesRegex(UserError, "Nothing was changed"):
                register.action_start_at(number, act)
        with self.assertRaises(AccessError):
            self.register.with_user(self.registrar).action_start_at(5, "PV")

    def test_late_registration(self):
        late = self._register(arrival_date="2020-01-02")
        self.assertTrue(late.is_late)
        self.assertFalse(self._register().is_late)

    def test_number_pattern_is_data(self):
        register = self.office._get_register("internal").with_user(self.admin)
        with Form(register) as form:
            form.number_pattern = "{office}/{direction}/{year}/{number:04d}"
            self.assertIn("AGDAL/INT/", form.number_preview)
            form.number_pattern = "{number}"
            self.assertIn("come back every year", form.number_warning)
            form.number_pattern = "{nombre}"
            self.assertIn("is not a token", form.number_warning)
            form.number_pattern = "{office}/{direction}/{year}/{number:04d}"
        with self.assertRaises(ValidationError) as refusal:
            register.number_pattern = "{year}"
        self.assertIn("needs {number}", str(refusal.exception))
        letter = self._register(register_id=register.id)
        self.assertEqual(letter.number, f"AGDAL/INT/{register._local_year()}/0001")
        register.number_pattern = "{year}-{number:06d}"
        letter = self._register(register_id=register.id)
        self.assertEqual(letter.number, f"{register._local_year()}-000002")
        with self.assertRaisesRegex(UserError, "cannot change"):
            register.code = "X"

    def test_office_in_one_form(self):
        with Form(self.env["registry.office"].with_user(self.admin)) as form:
            form.name = "مكتب الضبط المركزي"
            form.code = "CENTRE"
        office = form.record
        office.action_create_registers()
        office.action_create_registers()
        self.assertEqual(
            sorted(office.register_ids.mapped("direction")),
            ["incoming", "internal", "outgoing"],
        )
        codes = office.register_ids.journal_id.sudo().mapped("code")
        self.assertEqual(
            sorted(codes), ["rbt-t-centre-in", "rbt-t-centre-int", "rbt-t-centre-out"]
        )
        letter = self._register(register_id=office._get_register("incoming").id)
        self.assertTrue(letter.number)

    def test_envelope(self):
        letter = self._register(envelope_kind="bid", envelope_holder="Coffre 2")
        with self.assertRaisesRegex(UserError, "Only the head"):
            letter.action_open_envelope()
        letter.with_user(self.head).action_open_envelope()
        self.assertEqual(letter.envelope_opened_by, self.head.name)
        with self.assertRaisesRegex(UserError, "open already"):
            letter.with_user(self.head).action_open_envelope()

    def test_deposit(self):
        version = self._ingest()
        letter = self._deposit(
            document_ids=version.document_id.ids,
            name="Atlas SARL",
            on_behalf_of="Association ⴰⵎⴰⵏ",
            sender_kind="company",
        )
        self.assertEqual(letter.channel, "portal")
        self.assertEqual(letter.sender_name, "Association ⴰⵎⴰⵏ")
        self.assertEqual(letter.party_ids.mapped("role"), ["sender", "representative"])
        self.assertEqual(letter.document_ids.current_version_id, version)
        self.assertEqual(letter.entry_id.document_count, 1)
        self.assertTrue(letter.number)
        self.assertEqual(letter.received_at, letter.entry_id.submitted_at)
        status = self.env["registry.letter"]._public_status(letter)
        self.assertEqual(status["number"], letter.number)
        self.assertNotIn(letter.subject, str(status))
        self.assertNotIn("Atlas", str(status))

    def test_deposit_without_register(self):
        office = self.env["registry.office"].create(
            {"name": "Empty", "code": "EMPTY", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "no register for incoming letters"):
            self._deposit(office_id=office.id)

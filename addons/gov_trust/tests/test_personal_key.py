import logging
import time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service import model as rpc
from odoo.tests import BaseCase, Form, TransactionCase, new_test_user, tagged

from ..exceptions import PinRefused, SealRefused, SealUnavailable
from ..lib import acts, ca, pin as pins, redact
from .common_keys import MasterKeyFile, small_pdf

PIN, OTHER_PIN = "482915", "730264"
FIELDS = [
    acts.Field("S1", "signature", acts.Box(0, (50, 50, 200, 100))),
    acts.Field("S2", "signature", acts.Box(0, (220, 50, 370, 100))),
    acts.Field("Seal", "seal", acts.Box(0, (380, 740, 560, 800))),
]


@tagged("standard", "alone")
class TestPin(BaseCase):
    def test_normal(self):
        self.assertEqual(pins.normal(" 48 29\t15 "), PIN)
        self.assertEqual(pins.normal("٤٨٢٩١٥"), PIN)
        self.assertEqual(pins.normal(None), "")

    def test_shape(self):
        for text in (PIN, "1" * 12):
            self.assertTrue(pins.is_pin(text))
        for text in ("", "48291", "4" * 13, "48291a", "48-2915", "4829¹5"):
            self.assertFalse(pins.is_pin(pins.normal(text)), text)

    def test_weak(self):
        for text in (
            *("111111", "000000", "123456", "654321", "890123", "123123", "121212"),
            *("112233", "332211", "123321", "112211", "147258", "12345678", "987654"),
            *("121121", "482482", "111222333"),
        ):
            self.assertTrue(pins.is_weak(text), text)
        for text in (PIN, OTHER_PIN, "135791", "246813", "905187", "48291548291"):
            self.assertFalse(pins.is_weak(text), text)

    def test_parameters_are_stored_and_bounded(self):
        stretch = pins.Stretch(b"s" * 16, 2**10, 8, 1)
        again = pins.Stretch.parse(str(stretch))
        self.assertEqual(again(PIN), stretch(PIN))
        self.assertNotEqual(stretch(PIN), stretch(OTHER_PIN))
        self.assertNotEqual(pins.Stretch(b"t" * 16, 2**10)(PIN), stretch(PIN))
        for text in ("", "md5:1:8:1:" + "00" * 16, f"scrypt:{2**30}:8:1:" + "00" * 16):
            with self.assertRaises(ValueError):
                pins.Stretch.parse(text)

    def test_never_in_the_log_of_calls(self):
        logger = logging.getLogger("odoo.service.model")
        with self.assertLogs(logger, "DEBUG") as logs:
            logger.debug(
                "call %s.%s(%s)",
                "parapheur.folder(7,)",
                "action_sign",
                rpc.Params(
                    (PIN, int(PIN), "٤٨٢٩١٥"),
                    {
                        "items": [{"id": 7, "pin": "48 29"}],
                        "vals": {
                            "new_pin": "x",
                            "password": "s3cret",
                            "key_file": "TUlJ",
                        },
                    },
                ),
            )
        (line,) = logs.output
        for secret in (PIN, "٤٨٢٩١٥", "48 29", "'x'", "s3cret", "TUlJ"):
            self.assertNotIn(secret, line)
        self.assertIn("'id': 7", line)
        self.assertIn(redact.HIDDEN, line)


class PersonalCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.amina = new_test_user(cls.env, "amina", name="أمينة الفاسي")
        cls.omar = new_test_user(cls.env, "omar", name="Omar Bennis")
        cls.officer = new_test_user(
            cls.env, "officer", groups="gov_trust.group_gov_trust_officer"
        )
        keys_model = cls.env["gov.key"]
        cls.key = keys_model._make_personal(cls.amina, cls.company, PIN)
        cls.other = keys_model._make_personal(cls.omar, cls.company, OTHER_PIN)
        cls.ours = [cls.key.id, cls.other.id]

    def mine(self, user):
        return self.env["gov.key"].with_user(user)._personal(user)

    def unlock(self, user, pin):
        return self.mine(user).with_user(user)._unlock(pin)

    def refused(self, user, pin):
        """Refuse without the savepoint of assertRaises, which undoes the count too."""
        try:
            self.unlock(user, pin)
        except PinRefused as error:
            return error
        return self.fail("the PIN was taken")

    def events(self, kind):
        about = [("subject_model", "=", "gov.key"), ("subject_id", "in", self.ours)]
        return self.env["gov.journal.event"].search([("kind", "=", kind), *about])


@tagged("standard", "alone")
class TestPersonalKey(PersonalCase):
    def test_opens_with_the_pin_of_its_holder(self):
        loaded = self.unlock(self.amina, PIN)
        self.assertEqual(loaded.fingerprint, self.key.fingerprint)
        again = self.unlock(self.amina, "٤٨٢٩١٥")
        self.assertEqual(again.fingerprint, loaded.fingerprint)
        self.assertTrue(ca.is_person(loaded.certificate))
        self.assertEqual(ca.common_name(loaded.certificate), "أمينة الفاسي")
        told = ca.describe(loaded.certificate)
        self.assertIn(f"-{self.amina.id}", told["subject"])

    def test_only_the_holder(self):
        for user in (
            self.omar,
            self.officer,
            self.env.user,
            self.env.ref("base.user_root"),
        ):
            key = self.env["gov.key"].with_user(user).browse(self.key.id)
            for asked in (key, key.sudo()):
                with self.assertRaisesRegex(AccessError, "of another person"):
                    asked._unlock(PIN)
        with self.assertRaises(AccessError):
            self.env["gov.key"].with_user(self.omar)._make_personal(
                self.amina, self.company, PIN
            )

    def test_the_server_alone_cannot(self):
        with self.assertRaisesRegex(SealUnavailable, "PIN only"):
            self.key._load()

    def test_without_the_master_key(self):
        with MasterKeyFile(), self.assertRaisesRegex(SealUnavailable, "another master"):
            self.unlock(self.amina, PIN)

    def test_without_a_key(self):
        nobody = new_test_user(self.env, "nobody")
        with self.assertRaisesRegex(PinRefused, "no signature key yet"):
            self.unlock(nobody, PIN)

    def test_weak_and_odd_pins(self):
        for pin in ("111111", "123456"):
            with self.assertRaisesRegex(PinRefused, "among the first"):
                self.env["gov.key"]._make_personal(self.amina, self.company, pin)
        for pin in ("", None, "12345", "secret", "1" * 13):
            with self.assertRaisesRegex(PinRefused, "6 to 12 digits"):
                self.env["gov.key"]._make_personal(self.amina, self.company, pin)
        self.unlock(self.amina, PIN)

    def test_five_wrong_pins_lock(self):
        for left in (4, 3, 2, 1):
            error = self.refused(self.amina, OTHER_PIN)
            self.assertEqual(error.left, left)
            self.assertIn(f"left: {left}", str(error))
        error = self.refused(self.amina, OTHER_PIN)
        self.assertEqual(error.left, 0)
        self.assertIn("15 minutes", str(error))
        # Now even the right one waits; others are not touched.
        self.assertIn("locked", str(self.refused(self.amina, PIN)))
        self.unlock(self.omar, OTHER_PIN)
        self.assertEqual(len(self.events("key.locked")), 1)
        self.env.cr.execute(
            "UPDATE gov_key_attempt SET until = clock_timestamp() WHERE key_id = %s",
            (self.key.id,),
        )
        self.assertEqual(self.refused(self.amina, OTHER_PIN).left, 4)
        self.unlock(self.amina, PIN)
        self.assertEqual(self.refused(self.amina, OTHER_PIN).left, 4)

    def test_attempts_that_never_came_back_count(self):
        """A worker that dies between the count and the answer gives no free try."""
        for _attempt in range(5):
            self.env["gov.key.attempt"]._begin(self.key.id)
        self.assertIn("locked", str(self.refused(self.amina, PIN)))

    def test_nothing_of_the_pin_is_kept(self):
        secret = self.env["gov.key.secret"].search([("key_id", "=", self.key.id)])
        self.assertTrue(secret.stretch.startswith("scrypt:65536:8:1:"))
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT k::text || s::text FROM gov_key k JOIN gov_key_secret s "
            "ON s.key_id = k.id WHERE k.id = %s",
            (self.key.id,),
        )
        (row,) = self.env.cr.fetchone()
        self.assertNotIn(PIN, row)
        for event in self.env["gov.journal.event"].search([]):
            self.assertNotIn(PIN, event.body)

    def test_another_pin(self):
        mine = self.mine(self.amina).with_user(self.amina)
        with self.assertRaisesRegex(PinRefused, "not your PIN"):
            mine._change_pin(OTHER_PIN, "905187")
        with self.assertRaisesRegex(PinRefused, "is the old one"):
            mine._change_pin(PIN, PIN)
        mine._change_pin(PIN, "905187")
        self.assertEqual(
            self.unlock(self.amina, "905187").fingerprint, self.key.fingerprint
        )
        self.refused(self.amina, PIN)
        self.assertEqual(len(self.events("key.pin_changed")), 1)

    def test_a_new_key_retires_the_old_one(self):
        keys_model = self.env["gov.key"].with_user(self.amina)
        new = keys_model._make_personal(self.amina, self.company, "905187")
        self.assertEqual(self.key.state, "retired")
        self.assertEqual(self.mine(self.amina), new)
        self.assertEqual(len(self.events("key.retired")), 1)
        with self.assertRaisesRegex(PinRefused, "retired or revoked"):
            self.key.with_user(self.amina)._unlock(PIN)

    def test_revoked(self):
        key = self.env["gov.key"].with_user(self.officer).browse(self.key.id)
        with self.assertRaisesRegex(UserError, "Say why"):
            key.action_revoke("  ")
        for user in (self.amina, self.omar):
            with self.assertRaises(AccessError):
                self.key.with_user(user).action_revoke("mine")
        loaded = self.unlock(self.amina, PIN)
        key.action_revoke("Left the service")
        self.assertEqual(self.key.state, "revoked")
        (event,) = self.events("key.revoked")
        self.assertIn("Left the service", event.body)
        with self.assertRaisesRegex(PinRefused, "retired or revoked"):
            self.key.with_user(self.amina)._unlock(PIN)
        prepared = self.env["gov.sign"]._prepare(small_pdf(), FIELDS)
        with self.assertRaisesRegex(SealUnavailable, "retired or revoked"):
            self.env["gov.sign"]._sign(self.company, prepared, "S1", loaded)
        with self.assertRaisesRegex(UserError, "once signed can be revoked"):
            key.action_revoke("again")
        authority = self.env["gov.key"]._get(self.env["res.company"], "ca")
        with self.assertRaisesRegex(UserError, "key of an authority"):
            authority.with_user(self.officer).action_revoke("lost")

    def test_odd_arguments(self):
        key = self.key.with_user(self.amina)
        for odd in ("\ud800", "12345\ud800", "\x00" * 6, {"pin": PIN}, [PIN]):
            with self.assertRaisesRegex(PinRefused, "not your PIN|locked"):
                key._unlock(odd)
        key = self.env["gov.key"].with_user(self.officer).browse(self.key.id)
        for odd in ("\x00", "\ud800", {}, [], 0, None):
            with self.assertRaisesRegex(UserError, "Say why"):
                key.action_revoke(odd)
        key.action_revoke("Le\x00ft\ud800")
        self.assertEqual(self.key.end_reason, "Left")

    def test_a_copy_makes_no_key(self):
        identity = type(self.env["gov.trust.identity"])
        self.patch(identity, "_may_seal", lambda _self: False)
        self.patch(identity, "_explain", lambda _self, state=None: "It is a copy.")
        with self.assertRaisesRegex(SealUnavailable, "It is a copy"):
            self.env["gov.key"]._make_personal(self.amina, self.company, PIN)

    def test_nobody_writes_keys_by_rpc(self):
        for user in (self.amina, self.officer, self.env.ref("base.user_admin")):
            key = self.env["gov.key"].with_user(user).browse(self.key.id)
            with self.assertRaises(AccessError):
                key.write({"state": "active"})


@tagged("standard", "alone")
class TestGovSign(PersonalCase):
    def setUp(self):
        super().setUp()
        self.sign = self.env["gov.sign"]
        self.prepared = self.sign._prepare(small_pdf(), FIELDS)

    def test_two_persons_and_the_seal(self):
        signed = self.prepared
        for user, pin, name in (
            (self.amina, PIN, "S1"),
            (self.omar, OTHER_PIN, "S2"),
        ):
            before = signed
            signed = self.sign.with_user(user)._sign(
                self.company, signed, name, self.unlock(user, pin), reason="Approved"
            )
            self.assertTrue(signed.startswith(before))
        act = self.sign._check(signed)
        self.assertFalse(act.closed)
        closed = self.sign._close(self.company, signed, "Seal", reason="2026/000142")
        act = self.sign._check(closed)
        self.assertTrue(act.closed)
        self.assertEqual(
            [(one.field, one.kind, one.name) for one in act.signatures][:2],
            [
                ("S1", "signature", "أمينة الفاسي"),
                ("S2", "signature", "Omar Bennis"),
            ],
        )
        self.assertEqual(act.signatures[2].kind, "seal")
        with self.assertRaisesRegex(SealRefused, "closed by its seal"):
            self.sign._sign(self.company, closed, "S1", self.unlock(self.amina, PIN))

    def test_what_cannot_be(self):
        key = self.unlock(self.amina, PIN)
        with self.assertRaisesRegex(SealRefused, "cannot close an act"):
            self.sign._sign(self.company, self.prepared, "Seal", key)
        with self.assertRaisesRegex(SealRefused, "never stands for a person"):
            self.sign._close(self.company, self.prepared, "S1")
        with self.assertRaisesRegex(SealRefused, "has no field"):
            self.sign._sign(self.company, self.prepared, "S9", key)
        with self.assertRaisesRegex(SealRefused, "do not hold"):
            self.sign._check(self.prepared)
        signed = self.sign._sign(self.company, self.prepared, "S1", key)
        with self.assertRaisesRegex(SealRefused, "signed already"):
            self.sign._sign(self.company, signed, "S1", key)
        with self.assertRaisesRegex(SealRefused, "signed already"):
            self.sign._prepare(signed, FIELDS)
        with self.assertRaisesRegex(SealRefused, "do not hold"):
            self.sign._check(signed + b"\n")

    def test_a_copy_signs_nothing(self):
        key = self.unlock(self.amina, PIN)
        identity = type(self.env["gov.trust.identity"])
        self.patch(identity, "_may_seal", lambda _self: False)
        self.patch(identity, "_explain", lambda _self, state=None: "It is a copy.")
        with self.assertRaisesRegex(SealUnavailable, "It is a copy"):
            self.sign._sign(self.company, self.prepared, "S1", key)
        with self.assertRaisesRegex(SealUnavailable, "It is a copy"):
            self.sign._close(self.company, self.prepared, "Seal")

    def test_signed_after_it_was_revoked(self):
        signed = self.sign._sign(
            self.company, self.prepared, "S1", self.unlock(self.amina, PIN)
        )
        # Signed and revoked within one second would count as revoked.
        time.sleep(1.1)
        self.key.with_user(self.officer).action_revoke("PIN told to somebody")
        self.sign._check(signed)
        self.key.ended_at = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        with self.assertRaisesRegex(SealRefused, "after the key was revoked"):
            self.sign._check(signed)


@tagged("standard", "alone")
class TestMySignature(PersonalCase):
    def wizard(self, user):
        return Form(self.env["gov.signature.wizard"].with_user(user))

    def test_nobody_chooses_the_name_on_his_certificate(self):
        nora = new_test_user(
            self.env, "nora", "base.group_user,base.group_partner_manager", name="Nora"
        )
        mine = nora.with_user(nora)
        for record, vals in (
            (mine, {"name": "Omar Bennis"}),
            (mine, {"email": "omar@example.com"}),
            (mine, {"tz": "UTC", "name": "Omar Bennis"}),
            (mine.partner_id, {"name": "Omar Bennis"}),
            (mine.partner_id, {"email": "omar@example.com"}),
        ):
            with self.assertRaises(AccessError):
                record.write(vals)
        # What is nobody's identity stays one's own.
        mine.write({"tz": "Africa/Casablanca", "signature": "N."})
        nora.write({"name": "Nora Alami"})
        self.assertEqual(nora.name, "Nora Alami")

    def test_a_first_key(self):
        nora = new_test_user(self.env, "nora", name="Nora")
        form = self.wizard(nora)
        self.assertFalse(form.has_key)
        self.assertEqual(form.holder_name, "Nora")
        form.pin = form.pin_again = "905187"
        done = form.save().action_done()
        self.assertEqual(done["params"]["type"], "success")
        self.assertEqual(self.mine(nora).holder_name, "Nora")
        self.unlock(nora, "905187")
        self.assertTrue(self.wizard(nora).has_key)

    def test_another_pin(self):
        form = self.wizard(self.amina)
        form.old_pin, form.pin, form.pin_again = PIN, "905187", "905187"
        wizard = form.save()
        self.assertEqual(
            self.unlock(self.amina, "905187").fingerprint, self.key.fingerprint
        )
        # The table of the wizard has no column for a PIN.
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT w::text FROM gov_signature_wizard w WHERE id = %s", (wizard.id,)
        )
        (row,) = self.env.cr.fetchone()
        self.assertNotIn("905187", row)
        self.assertNotIn(PIN, row)

    def test_what_is_refused(self):
        for values, why in (
            ({"old_pin": PIN, "pin": "905187", "pin_again": "905188"}, "not the same"),
            ({"old_pin": "1", "pin": "905187", "pin_again": "905187"}, "not your PIN"),
            ({"old_pin": PIN, "pin": "111111", "pin_again": "111111"}, "among the"),
            ({"old_pin": PIN, "pin": "", "pin_again": ""}, "6 to 12"),
        ):
            with self.assertRaisesRegex(PinRefused, why) as caught:
                self.env["gov.signature.wizard"].with_user(self.amina).create(values)
            self.assertNotIn(PIN, str(caught.exception))
        self.unlock(self.amina, PIN)

    def test_a_forgotten_pin(self):
        form = self.wizard(self.amina)
        form.forgot = True
        form.pin = form.pin_again = "905187"
        form.save()
        self.assertEqual(self.key.state, "retired")
        self.unlock(self.amina, "905187")

    def test_revoked_by_the_officer(self):
        wizard = self.env["gov.key.revoke.wizard"].with_user(self.officer)
        form = Form(wizard.with_context(default_key_id=self.key.id))
        form.code = "affiliationChanged"
        form.reason = "Left the service"
        form.save().action_confirm()
        self.assertEqual(self.key.state, "revoked")
        self.assertEqual(self.key.end_reason, "Left the service")
        with self.assertRaises(AccessError):
            wizard.with_user(self.omar).create(
                {"key_id": self.other.id, "reason": "mine"}
            )

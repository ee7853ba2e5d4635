import base64
import hashlib
import json
import time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.auth_passkey._vendor.webauthn import (
    base64url_to_bytes,
    verify_authentication_response,
)
from odoo.addons.auth_totp.models.totp import TIMESTEP, hotp
from odoo.addons.gov_trust.exceptions import PinRefused
from odoo.addons.gov_trust.lib.canonical import canonical

from .common import PIN
from .common_power import TOTP_SECRET, Authenticator, PowerCase


@tagged("post_install", "-at_install")
class TestReauth(PowerCase):
    """Proving again who one is, at the moment of deciding: it never skips, by any door, and once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(
            "web.base.url", "http://localhost:8069"
        )
        visa = cls._circuit(
            "Visa then signature",
            [
                {"name": "Visa", "kind": "visa", "users": cls.head},
                {"name": "Signature", "kind": "signature", "users": cls.mayor},
            ],
        )
        cls.by_code = cls._nature(
            circuit_id=visa.id, reauth="pin+totp", reauth_visa="totp"
        )
        cls.by_passkey = cls._nature(
            circuit_id=visa.id, reauth="pin+passkey", reauth_visa="passkey"
        )
        cls.signed = cls._nature(reauth="pin+passkey")

    def _code(self, user, ahead=0):
        """The code of now (RFC 6238), or of a later moment; a new secret each time it is asked the first time."""
        if not user.sudo().totp_secret:
            user.sudo().totp_secret = TOTP_SECRET
        counter = int(time.time() / TIMESTEP) + ahead
        return f"{hotp(base64.b32decode(TOTP_SECRET), counter):06d}"

    def _passkey(self, user):
        passkey = Authenticator("http://localhost:8069", "localhost")
        passkey.enrol(self.env, user)
        return passkey

    def _consents(self, folder):
        return {"consent": folder.get_consent()["id"]}

    # ------------------------------------------------------------------
    # Code
    # ------------------------------------------------------------------
    def test_a_code_for_a_visa_once(self):
        folder = self._as(self._folder(nature=self.by_code), self.head)
        with self.refused(UserError, "authenticator application and you have not"):
            folder.action_approve()
        code = self._code(self.head)
        for missing in (None, {}, {"totp": ""}, {"totp": 123456}, "x", {"totp": ["1"]}):
            with self.refused(UserError, "six digits"):
                folder.action_approve(reauth=missing)
        with self.refused(UserError, "not the code"):
            folder.action_approve(reauth={"totp": "12345"})
        folder.action_approve(reauth={"totp": code})
        acted = self._events(folder, "circuit.acted")[-1]
        self.assertEqual(json.loads(acted.body)["authentication"]["kind"], "totp")
        self.assertNotIn(code, acted.body)
        # The same code, for another folder, is refused; the next one is taken.
        other = self._as(self._folder(nature=self.by_code), self.head)
        with self.refused(UserError, "used already"):
            other.action_approve(reauth={"totp": code})
        other.action_approve(reauth={"totp": self._code(self.head, 1)})

    def test_no_door_skips_it(self):
        folder = self._as(self._folder(nature=self.by_code), self.head)
        step = folder.run_id._current_steps()
        for door in (
            lambda: folder.run_id.action_act("approve", step_id=step.id),
            lambda: folder.with_context(parapheur_proof=True).action_approve(),
            lambda: folder.run_id.with_context(
                parapheur_proof={"kind": "passkey"}
            ).action_act("approve", step_id=step.id),
            lambda: folder.run_id._act(self.head, "approve"),
        ):
            with self.refused(UserError, "asks for"):
                door()
        self.assertEqual(folder.run_id._current_steps(), step)
        # Refusing asks for nothing: it binds nobody.
        folder.action_refuse("no")

    def test_signing_needs_pin_and_code(self):
        folder = self._as(self._folder(nature=self.by_code), self.head)
        folder.action_approve(reauth={"totp": self._code(self.head)})
        folder = self._as(folder, self.mayor)
        code = self._code(self.mayor)
        with self.refused(UserError, "six digits"):
            folder.action_sign(PIN, **self._consents(folder))
        with self.refused(PinRefused, "not your PIN"):
            folder.action_sign(
                "246802", **self._consents(folder), reauth={"totp": code}
            )
        with self.refused(UserError, "six digits"):
            desk = self.env["parapheur.folder"].with_user(self.mayor)
            opened = desk.with_company(self.company).action_open_signing(
                PIN, [{"id": folder.id}], folder.get_consent()["id"]
            )
            self.assertFalse(opened)
        (one,) = folder.browse().action_sign_many(
            PIN, [{"id": folder.id}], folder.get_consent()["id"]
        )
        self.assertIn("six digits", one["error"])
        folder.action_sign(PIN, **self._consents(folder), reauth={"totp": code})
        self.assertEqual(folder.sudo().signature_ids.proof, "totp")

    def test_wrong_codes_are_counted(self):
        folder = self._as(self._folder(nature=self.by_code), self.head)
        code = self._code(self.head)
        wrong = f"{(int(code) + 1) % 1000000:06d}"
        told = []
        for given in [wrong] * 5 + [code]:
            # Not assertRaises: it would undo the count, which outlives a refusal.
            try:
                folder.action_approve(reauth={"totp": given})
            except UserError as refusal:
                told.append(str(refusal))
        self.assertIn("Attempts left: 4", told[0])
        self.assertIn("Too many wrong codes", told[4])
        self.assertIn("Too many wrong codes", told[5], "the right code comes too late")
        self.assertTrue(
            self.env["gov.journal.event"]
            .sudo()
            .search_count([("kind", "=", "person.reauth_locked")])
        )

    # ------------------------------------------------------------------
    # Passkey
    # ------------------------------------------------------------------
    def test_a_passkey_over_what_is_decided(self):
        folder = self._as(self._folder(nature=self.signed), self.mayor)
        asked = folder.get_sign_request([folder.id])
        self.assertIn("make one first", asked["items"][0]["refusal"])
        self.assertFalse(asked["request"])
        # One that cannot be proved holds no other of the list.
        plain = self._folder()
        both = folder.get_sign_request([folder.id, plain.id])
        self.assertEqual([bool(one["refusal"]) for one in both["items"]], [True, False])
        self.assertEqual(both["reauth"]["kind"], "none")
        opened = folder.browse().action_open_signing(
            PIN, [{"id": folder.id}, {"id": plain.id}], folder.get_consent()["id"]
        )
        self.assertEqual(opened["items"], [plain.id])
        self.assertIn("make one first", opened["refused"][0]["error"])
        with self.refused(UserError, "make one first"):
            folder.action_sign(PIN, **self._consents(folder))
        passkey = self._passkey(self.mayor)
        asked = folder.get_sign_request([folder.id])
        self.assertEqual(asked["reauth"]["kind"], "passkey")
        self.assertTrue(asked["reauth"]["ready"])
        base = asked["items"][0]["base"]
        reauth = {
            "request": asked["request"],
            "passkey": passkey.answer(asked["reauth"]["options"]),
        }
        folder.action_sign(PIN, base=base, **self._consents(folder), reauth=reauth)
        self.assertEqual(folder.sudo().signature_ids.proof, "passkey")
        # What the journal keeps is enough to check it again, without the platform.
        (told,) = (
            self.env["gov.journal.event"]
            .sudo()
            .search([("kind", "=", "folder.list_proved")], order="id desc", limit=1)
        )
        told = json.loads(told.body)
        item = told["list"]["items"][0]
        self.assertEqual(item[:3], [folder.id, item[1], base])
        (event,) = self._events(folder, "folder.signed")
        kept = json.loads(event.body)["authentication"]
        self.assertEqual(kept, told["authentication"])
        challenge = hashlib.sha256(canonical(told["list"])).digest()
        self.assertEqual(kept["challenge"], challenge.hex())
        verified = verify_authentication_response(
            credential=kept["assertion"],
            expected_challenge=challenge,
            expected_rp_id="localhost",
            expected_origin="http://localhost:8069",
            credential_public_key=base64url_to_bytes(kept["public_key"]),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        self.assertEqual(verified.new_sign_count, 1)

    def test_an_assertion_is_for_one_thing_and_one_time(self):
        passkey = self._passkey(self.mayor)
        folder, other = (
            self._as(self._folder(nature=self.signed), self.mayor) for _two in range(2)
        )
        asked = folder.get_sign_request([folder.id])
        options, consent = asked["reauth"]["options"], self._consents(folder)
        answer = {"request": asked["request"], "passkey": passkey.answer(options)}
        with self.refused(UserError, "not what was shown"):
            other.action_sign(PIN, **consent, reauth=answer)
        # Another list: the same challenge does not do.
        again = other.get_sign_request([other.id])
        crossed = {"request": again["request"], "passkey": passkey.answer(options)}
        with self.refused(UserError, "does not prove"):
            other.action_sign(PIN, **consent, reauth=crossed)
        # Another person's list, or one to agree with instead of signing.
        for name, user in (("sign", self.signer), ("approve", self.mayor)):
            with self.refused(UserError, "not known any more"):
                self.env["parapheur.signing"].with_user(user)._own(
                    asked["request"], "approve" if name == "approve" else "sign"
                )
        folder.action_sign(PIN, **consent, reauth=answer)
        with self.refused(UserError, "proved already"):
            self.env["parapheur.signing"].with_user(self.mayor)._own(
                asked["request"], "sign"
            )._prove("passkey", answer)

    @mute_logger("odoo.addons.auth_passkey")
    def test_hostile_assertions(self):
        passkey, stranger = self._passkey(self.mayor), self._passkey(self.signer)
        folder = self._as(self._folder(nature=self.signed), self.mayor)
        asked = folder.get_sign_request([folder.id])
        options = asked["reauth"]["options"]
        good = passkey.answer(options)
        empty = {"clientDataJSON": "", "authenticatorData": "", "signature": ""}
        odd = [
            "x",
            7,
            [],
            {},
            {"id": good["id"]},
            {"id": 7, "response": good["response"]},
            {**good, "response": empty},
            {**good, "response": {**good["response"], "signature": "%%%"}},
            {**good, "response": {**good["response"], "authenticatorData": "AAAA"}},
            {**good, "response": {**good["response"], "clientDataJSON": "e30"}},
            {**good, "response": {**good["response"], "signature": "A" * 9000}},
            {**good, "id": "ghost", "rawId": "ghost"},
            stranger.answer(options),
            passkey.answer(options, origin="http://evil.example"),
            passkey.answer(options, verified=False),
            passkey.answer(options, kind="webauthn.create"),
        ]
        for given in odd:
            self.env["parapheur.reauth.attempt"]._forget(self.mayor.id)
            with self.refused(UserError, "passkey"):
                folder.action_sign(
                    PIN,
                    **self._consents(folder),
                    reauth={"request": asked["request"], "passkey": given},
                )
        for request in ("x", -1, 2**40, True, [], {"id": 1}, 10**7):
            with self.refused(UserError, "not known any more|passkey"):
                folder.action_sign(
                    PIN,
                    **self._consents(folder),
                    reauth={"request": request, "passkey": good},
                )
        self.assertFalse(folder.sudo().signature_ids)

    def test_a_passkey_for_several_visas(self):
        passkey = self._passkey(self.head)
        folders = self.env["parapheur.folder"]
        for _two in range(2):
            folders += self._folder(nature=self.by_passkey)
        folders = self._as(folders, self.head)
        asked = folders.get_visa_request()
        reauth = {
            "request": asked["request"],
            "passkey": passkey.answer(asked["reauth"]["options"]),
        }
        items = [
            {"id": folder.id, "base": folder._circuit_base()} for folder in folders
        ]
        book = folders.browse()
        with self.refused(UserError, "asks for your passkey"):
            book.action_approve_many(items)
        told = book.action_approve_many(items, None, reauth)
        self.assertEqual([one["ok"] for one in told], [True, True], told)
        for folder in folders:
            acted = self._events(folder, "circuit.acted")[-1]
            self.assertIn("assertion", json.loads(acted.body)["authentication"])
        other = self._as(self._folder(nature=self.by_passkey), self.head)
        with self.refused(UserError, "not what was shown"):
            other.action_approve(reauth=reauth)

import hashlib
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.exceptions import PinRefused

from .common import PIN, BookCase, pdf


@tagged("post_install", "-at_install")
class TestSign(BookCase):
    """Signing with one's own key: the version one saw, in one's turn, once."""

    def setUp(self):
        super().setUp()
        self.folder = self._submitted()
        self._as(self.folder, self.head).action_approve()

    def test_two_signatures_lie_one_upon_the_other(self):
        prepared = self._bytes(self.folder)
        self._sign(self.folder, self.signer)
        first = self._bytes(self.folder)
        self._sign(self.folder, self.mayor)
        second = self._bytes(self.folder)
        self.assertTrue(first.startswith(prepared))
        self.assertTrue(second.startswith(first))
        act = self.env["gov.sign"]._check(second)
        self.assertEqual(
            [one.name for one in act.signatures],
            ["Mohamed Benallal", "فاطمة الزهراء العلوي"],
        )
        self.assertFalse(act.closed)
        self.assertEqual(self.folder.sudo().state, "closing")

    def test_what_is_kept_of_a_signature(self):
        base = self._as(self.folder, self.signer)._circuit_base()
        seen = self.folder.sudo().piece_ids._current()
        self._sign(self.folder, self.signer, base=base)
        row = self.folder.sudo().signature_ids
        self.assertEqual(
            row.sha256, hashlib.sha256(self._bytes(self.folder)).hexdigest()
        )
        self.assertEqual(row.base_id, seen)
        self.assertEqual(row.quality, "Directeur des services")
        event = self._events(self.folder, "folder.signed")
        self.assertEqual(len(event), 1)
        body = json.loads(event.body)
        self.assertEqual(body["signed"], row.sha256)
        self.assertEqual(body["seen"], seen.sha256)
        self.assertEqual(body["certificate"], row.certificate_sha256)
        self.assertEqual(body["consent"]["id"], self._consent())
        self.assertEqual(body["consent"]["sha256"], row.consent_sha256)
        self.assertNotIn(PIN, event.body)
        self.assertNotIn("Decision 14", event.body)
        self.assertEqual(event._journal().kind, "book")

    def test_wrong_pin_then_locked(self):
        folder = self._as(self.folder, self.signer)
        before = self._bytes(self.folder)
        told = []
        for pin in ["246802"] * 5 + [PIN]:
            # Not assertRaises: it would undo the count, which outlives a refusal.
            try:
                folder.action_sign(pin, consent=self._consent())
            except PinRefused as refusal:
                told.append(str(refusal))
        self.assertEqual(len(told), 6)
        self.assertIn("Attempts left: 4", told[0])
        self.assertIn("Attempts left: 1", told[3])
        self.assertIn("locked", told[4])
        self.assertIn("locked", told[5], "the right PIN does not open a locked key")
        self.assertEqual(self._bytes(self.folder), before)
        self.assertFalse(self.folder.sudo().signature_ids)

    def test_without_consent_or_with_an_old_one(self):
        folder = self._as(self.folder, self.signer)
        with self.refused(UserError, "tick that you accept"):
            folder.action_sign(PIN)
        for odd in ("2019-1-fr", "2026-1-xx", "x", True, 7):
            with self.refused(UserError, "has changed"):
                folder.action_sign(PIN, consent=odd)

    def test_an_older_version(self):
        base = self._as(self.folder, self.mayor)._circuit_base()
        self._sign(self.folder, self.signer)
        with self.refused(UserError, "changed since you opened it"):
            self._sign(self.folder, self.mayor, base=base)
        self.assertEqual(len(self.folder.sudo().signature_ids), 1)
        self._sign(self.folder, self.mayor)

    def test_out_of_turn_twice_and_out_of_role(self):
        with self.refused(UserError, "not your turn yet"):
            self._sign(self.folder, self.mayor)
        self._sign(self.folder, self.signer)
        with self.refused(UserError, "acted already"):
            self._sign(self.folder, self.signer)
        with self.refused(UserError, "acted already"):
            self._sign(self.folder, self.head)
        with self.refused(
            AccessError, "not among those who act|You may not|doesn't have"
        ):
            self._sign(self.folder, self.other)

    def test_a_visa_is_not_a_signature_and_the_reverse(self):
        with self.refused(UserError, "more than an agreement by click"):
            self._as(self.folder, self.signer).action_approve()
        with self.refused(UserError, "more than an agreement by click"):
            self._as(self.folder, self.signer).run_id.action_act("approve")
        other = self._submitted(title="Another")
        self.env["gov.key"]._make_personal(self.head, self.company, PIN)
        with self.refused(UserError, "not for a signature"):
            self._sign(other, self.head)

    def test_another_administration(self):
        with self.assertRaises(AccessError):
            self.folder.with_user(self.stranger).action_sign(
                PIN, consent=self._consent()
            )
        self.assertEqual(
            self.env["parapheur.folder"]
            .with_user(self.stranger)
            .search_count([("id", "=", self.folder.id)]),
            0,
        )

    def test_superuser_signs_for_nobody(self):
        with self.assertRaises(UserError):
            self.folder.sudo().action_sign(PIN, consent=self._consent())
        with self.assertRaises(AccessError):
            self.folder.with_user(self.other).sudo().run_id._act(self.signer, "approve")

    def test_without_a_key(self):
        self.env["gov.key"]._personal(self.signer).sudo()._end("retired", "test")
        with self.refused(UserError, "no personal key yet"):
            self._sign(self.folder, self.signer)

    def test_every_main_document_is_signed(self):
        folder = self._submitted(title="Two", mains=2)
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self.assertEqual(len(folder.sudo().signature_ids), 2)
        self.assertEqual(len(self._events(folder, "folder.signed")), 2)
        for number in (0, 1):
            act = self.env["gov.sign"]._check(self._bytes(folder, number))
            self.assertEqual(len(act.signatures), 1)

    def test_parallel_signers(self):
        circuit = self._circuit(
            "Together",
            [
                {
                    "name": "Both",
                    "kind": "signature",
                    "users": self.signer | self.mayor,
                }
            ],
        )
        nature = self.nature.copy({"circuit_id": circuit.id})
        folder = self._submitted(title="Both", nature=nature)
        base = self._as(folder, self.mayor)._circuit_base()
        prepared = folder.sudo().piece_ids._current()
        self._sign(folder, self.signer, base=base)
        with self.refused(UserError, "changed since you opened it"):
            self._sign(folder, self.mayor, base="0" * 64)
        # What she saw and one more signature: the pages are the same.
        self._sign(folder, self.mayor, base=base)
        act = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertEqual(len(act.signatures), 2)
        first, second = folder.sudo().signature_ids.sorted("id")
        self.assertEqual(second.base_id, first.version_id)
        self.assertEqual(second.seen_sha256, prepared.sha256)
        event = self._events(folder, "folder.signed")[-1]
        body = json.loads(event.body)
        self.assertEqual(body["seen"], prepared.sha256)
        self.assertEqual(body["upon"], first.sha256)

    def test_a_signer_inserted_on_the_way(self):
        self.env["gov.key"]._make_personal(self.other, self.company, PIN)
        self._as(self.folder, self.signer).action_add_signer(
            self.other.ids, after=self.folder.run_id.my_step_id.id or None
        )
        self._sign(self.folder, self.signer)
        for user in (self.other, self.mayor):
            self._sign(self.folder, user)
        folder = self.folder.sudo()
        act = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertEqual(len(act.signatures), 3)
        self.assertEqual(folder.state, "closing")

    def test_a_signature_never_changes(self):
        self._sign(self.folder, self.signer)
        row = self.folder.sudo().signature_ids
        for vals in ({"sha256": "0"}, {"state": "withdrawn"}, {"signer_name": "x"}):
            with self.refused(AccessError, "never changes"):
                row.write(vals)
        with self.refused(AccessError, "never deleted"):
            row.unlink()

    @mute_logger("odoo.addons.gov_trust.models.gov_trust_identity")
    def test_rotated_and_long_files(self):
        for size, pages in (((842, 595), 1), ((842, 1191), 3)):
            folder = self._submitted(
                title=f"Odd {size}", content=pdf(["odd"], pages=pages, size=size)
            )
            self._as(folder, self.head).action_approve()
            self._sign(folder, self.signer)
            self.assertEqual(
                len(self.env["gov.sign"]._check(self._bytes(folder)).signatures), 1
            )

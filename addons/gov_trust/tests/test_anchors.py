import base64
import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..lib import algorithms, ca, trust
from ..lib.anchors import read
from . import common_anchors
from .common_anchors import OFFICER, OPERATOR, enable, propose
from .common_keys import MasterKeyFile
from .common_pki import DAY, Authority, der, pem

NOW = datetime.datetime.now(datetime.UTC)


class AnchorCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(MasterKeyFile())
        common_anchors.make_people(cls)
        cls.root = Authority("Root")

    def events(self, kind):
        return self.env["gov.journal.event"].search([("kind", "=", kind)])

    def store(self, company=None):
        return self.env["gov.anchor"]._store(company)


@tagged("standard", "alone")
class TestAnchors(AnchorCase):
    def test_two_people(self):
        anchor = propose(self, self.root)
        self.assertEqual(anchor.state, "proposed")
        self.assertNotIn(self.root.der, self.store().roots)
        self.assertFalse(anchor.with_user(self.officer).can_enable)
        with self.assertRaisesRegex(UserError, "another trust officer"):
            anchor.with_user(self.officer).action_enable()
        for user in (self.auditor, self.agent):
            with self.assertRaises(AccessError):
                anchor.with_user(user).action_enable()
        self.assertFalse(anchor.with_user(self.second).can_enable)
        with self.assertRaisesRegex(UserError, "every administration"):
            anchor.with_user(self.second).action_enable()
        self.assertTrue(anchor.with_user(self.operator).can_enable)
        anchor.with_user(self.operator).action_enable()
        self.assertEqual(anchor.state, "enabled")
        self.assertIn(self.root.der, self.store().roots)
        with self.assertRaisesRegex(UserError, "already"):
            anchor.with_user(self.second).action_enable()
        self.assertTrue(self.events("anchor.proposed"))
        self.assertTrue(self.events("anchor.enabled"))

    def test_levels_and_uses(self):
        leaf, _key = self.root.issue("Amina")
        enable(self, self.root, level="qualified", uses=["signature", "timestamp"])
        path = self.store().path(der(leaf), [], NOW, "signature")
        self.assertEqual(path.level, "qualified")
        with self.assertRaises(trust.NotTrusted):
            self.store().path(der(leaf), [], NOW, "seal")

    def test_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        enable(self, self.root, company=self.env.company)
        self.assertIn(self.root.der, self.store(self.env.company).roots)
        self.assertNotIn(self.root.der, self.store(other).roots)
        self.assertNotIn(self.root.der, self.store().roots)
        with self.assertRaises(AccessError):
            propose(self, Authority("Theirs"), company=other)

    def test_withdrawal(self):
        leaf, _key = self.root.issue("Amina")
        anchor = enable(self, self.root)
        for user in (self.operator, self.auditor):
            with self.assertRaises(AccessError):
                anchor.with_user(user).action_withdraw("No more")
        officer = anchor.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Say why"):
            officer.action_withdraw(" \u200b\x00 ")
        with self.assertRaises(UserError):
            officer.action_withdraw("x", fields.Datetime.now() + DAY)
        wizard = (
            self.env["gov.anchor.withdraw.wizard"]
            .with_user(self.officer)
            .create({"anchor_id": anchor.id, "reason": "Contract ended"})
        )
        wizard.action_confirm()
        self.assertEqual(anchor.state, "withdrawn")
        store = self.store()
        self.assertTrue(store.path(der(leaf), [], NOW - DAY / 2, "signature"))
        with self.assertRaises(trust.NotTrusted) as caught:
            store.path(der(leaf), [], NOW + DAY, "signature")
        self.assertEqual(caught.exception.code, "anchor_ended")
        with self.assertRaises(UserError):
            anchor.unlink()
        # It may come back, as another decision of two people.
        self.assertEqual(propose(self, self.root).state, "proposed")

    def test_stolen_key(self):
        leaf, _key = self.root.issue("Amina")
        anchor = enable(self, self.root)
        since = fields.Datetime.now() - DAY / 2
        anchor.with_user(self.officer).action_withdraw("Stolen", since)
        with self.assertRaises(trust.NotTrusted):
            self.store().path(der(leaf), [], NOW - DAY / 4, "signature")

    def test_proposal_withdrawn_is_never_trusted(self):
        anchor = propose(self, self.root)
        anchor.with_user(self.officer).action_withdraw("Wrong one")
        self.assertNotIn(self.root.der, self.store().roots)

    def test_refused(self):
        leaf, key = self.root.issue("Amina")
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        binary = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"x"),
        )
        bag = pkcs12.serialize_key_and_certificates(
            b"x", key, leaf, None, serialization.BestAvailableEncryption(b"x")
        )
        forged = Authority("Forged")
        forged.certificate = Authority("Forged", self.root).certificate
        cases = {
            "private key": [secret, self.root.pem + secret, binary, bag],
            "No certificate": [b"", b"hello", self.root.der[:-1], self.root.der + b"x"],
            "several": [self.root.pem + Authority("Two").pem],
            "not an authority": [pem(leaf), der(leaf)],
            "too weak": [Authority("Weak", kind="rsa1024", mark="weak").pem],
            "expired": [Authority("Old", begin=NOW - 20 * DAY, days=10).pem],
            "not valid yet": [Authority("New", begin=NOW + DAY).pem],
            "too large": [b"x" * 300_000],
        }
        anchors = self.env["gov.anchor"].with_user(self.officer)
        for sentence, blobs in cases.items():
            for blob in blobs:
                with (
                    self.subTest(sentence=sentence),
                    self.assertRaisesRegex(UserError, sentence),
                ):
                    anchors._propose(
                        blob, level="simple", uses=["seal"], purpose="Because"
                    )
        with self.assertRaisesRegex(UserError, "Say why"):
            propose(self, self.root, purpose=" ")
        with self.assertRaisesRegex(UserError, "at least one use"):
            propose(self, self.root, uses=[])
        with self.assertRaisesRegex(UserError, "at least one use"):
            propose(self, self.root, level="supreme")
        with self.assertRaisesRegex(UserError, "does not lead"):
            propose(self, self.root, intermediates=Authority("Foreign").pem)
        propose(self, self.root)
        with self.assertRaisesRegex(UserError, "already"):
            propose(self, self.root)
        with self.assertRaisesRegex(UserError, "already"):
            propose(self, self.root, company=self.env.company)

    def test_der_that_ends_like_a_blank(self):
        # The last octet of a signature is any: six of 256 are blanks to strip().
        for last in b"\n ":
            root = next(
                one
                for one in (Authority(f"Blank {last}") for _try in range(20_000))
                if one.der[-1] == last
            )
            for blob in (root.der, root.der + b"\r\n", b" \n" + root.der):
                self.assertEqual(read(blob, algorithms.default(), NOW), root.der)

    def test_own_authority(self):
        key = self.env["gov.key"]._get(self.env["res.company"], "ca")
        blob = key.certificate_ids.pem.encode()
        anchors = self.env["gov.anchor"].with_user(self.officer)
        with self.assertRaisesRegex(UserError, "own authority"):
            anchors._propose(blob, level="qualified", uses=["seal"], purpose="More")
        (root,) = ca.der(blob)
        (found,) = [one for one in self.store().anchors if one.certificate == root]
        self.assertTrue(found.internal)
        self.assertEqual(found.level, "simple")

    def test_below(self):
        inner = Authority("Inner", self.root)
        deep = Authority("Deep", inner)
        leaf, _key = deep.issue("Amina")
        enable(self, self.root, intermediates=deep.pem + inner.pem)
        self.assertTrue(self.store().path(der(leaf), [], NOW, "signature"))

    def test_wizard(self):
        values = {
            "certificate": base64.b64encode(self.root.der),
            "level": "advanced",
            "use_seal": True,
            "purpose": "Accredited",
        }
        wizards = self.env["gov.anchor.propose.wizard"].with_user(self.officer)
        action = wizards.create(values).action_confirm()
        anchor = self.env["gov.anchor"].browse(action["res_id"])
        self.assertEqual(anchor.name, "Root")
        self.assertEqual(anchor._uses(), {"signature", "seal"})
        _leaf, key = self.root.issue("x")
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        for name in ("certificate", "intermediates"):
            with self.assertRaisesRegex(UserError, "private key"):
                wizards.create({**values, name: base64.b64encode(secret)})

    def test_nobody_writes(self):
        anchor = enable(self, self.root)
        for user in (self.officer, self.operator, self.auditor, self.agent):
            mine = anchor.with_user(user)
            with self.subTest(user=user.login):
                for attempt in (
                    lambda mine=mine: mine.write({"level": "qualified"}),
                    lambda mine=mine: mine.unlink(),
                    lambda mine=mine: mine.create({"name": "x"}),
                    lambda mine=mine: mine.list_ids.create({"issuer": "x"}),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        with self.assertRaises(AccessError):
            anchor.with_user(self.agent).read(["name"])
        for user in (self.operator, self.auditor, self.agent):
            with self.assertRaises(AccessError):
                anchors = self.env["gov.anchor"].with_user(user)
                anchors._propose(
                    Authority("x").pem, level="simple", uses=["seal"], purpose="x"
                )

    def test_store_costs_one_statement(self):
        enable(self, self.root)
        self.env.cr.flush()
        self.store(self.env.company)
        with self.assertQueryCount(1):
            self.store(self.env.company)

    def test_level_of_certificates(self):
        key = self.env["gov.key"]._get(self.env.company, "seal")
        self.assertEqual(key.certificate_ids.level, "simple")
        inner = Authority("Inner", self.root)
        leaf, _private = inner.issue("Amina")
        made = self.env["gov.certificate"]._record(key, der(leaf), inner.chain)
        self.assertFalse(made.level)
        enable(self, self.root, level="qualified")
        made.invalidate_recordset(["level"])
        self.assertEqual(made.level, "qualified")
        anchor = self.env["gov.anchor"].search([("sha256", "!=", False)], limit=1)
        anchor.with_user(self.officer).action_withdraw("Ended")
        made.invalidate_recordset(["level"])
        self.assertFalse(made.level)


@tagged("standard", "alone")
class TestAlgorithmRows(AnchorCase):
    def test_rows_are_the_default(self):
        rows = self.env["gov.algorithm"]._policy().rows
        self.assertEqual(set(rows), set(algorithms.default().rows))

    def test_change(self):
        row = self.env.ref("gov_trust.gov_algorithm_rsa_2048")
        before = self.env["gov.algorithm"]._policy().version
        row.with_user(self.officer).write(
            {"sign_until": "2027-12-31", "validate_until": "2028-12-31"}
        )
        self.assertTrue(self.events("algorithm.changed"))
        self.assertNotEqual(self.env["gov.algorithm"]._policy().version, before)

    def test_a_line_is_added_with_its_event_whatever_the_context(self):
        rows = self.env["gov.algorithm"].with_user(self.officer)
        told = len(self.events("algorithm.changed"))
        for count, context in enumerate(({}, {"install_mode": True}), 1):
            rows.with_context(**context).create({"name": "rsa", "bits": 8000 + count})
            self.assertEqual(len(self.events("algorithm.changed")), told + count)

    def test_refused(self):
        sha1 = self.env.ref("gov_trust.gov_algorithm_sha1").with_user(self.officer)
        rsa = self.env.ref("gov_trust.gov_algorithm_rsa_2048").with_user(self.officer)
        for attempt in (
            lambda: sha1.write({"never": False}),
            lambda: rsa.write({"bits": 1024}),
            lambda: rsa.write({"name": "rot13"}),
            lambda: rsa.write({"validate_until": "2026-01-01"}),
        ):
            with self.assertRaises(ValidationError):
                attempt()
        with self.assertRaises(AccessError):
            rsa.unlink()
        with self.assertRaises(UserError):
            rsa.sudo().unlink()
        for user in (self.operator, self.auditor, self.agent):
            with self.assertRaises(AccessError):
                rsa.with_user(user).write({"never": True})


@tagged("standard", "alone")
class TestSeparation(AnchorCase):
    def test_officer_is_not_operator(self):
        with self.assertRaisesRegex(ValidationError, "at once"):
            new_test_user(self.env, "both", groups=f"{OFFICER},{OPERATOR}")
        for user, name in ((self.officer, OPERATOR), (self.operator, OFFICER)):
            with self.assertRaisesRegex(ValidationError, "at once"):
                user.group_ids = [Command.link(self.env.ref(name).id)]

    def test_through_groups(self):
        group = self.env["res.groups"].create({"name": "Both"})
        self.officer.group_ids += group
        with self.assertRaisesRegex(ValidationError, "at once"):
            group.implied_ids = self.env.ref(OPERATOR)
        with self.assertRaisesRegex(ValidationError, "at once"):
            self.env.ref(OPERATOR).user_ids += self.officer

    def test_administrator_stays(self):
        admin = self.env.ref("base.user_admin")
        self.assertTrue(admin.has_group(OPERATOR))
        admin._refuse_both()

    def test_operator_touches_no_key(self):
        keys = self.env["gov.key"].with_user(self.operator)
        key = self.env["gov.key"]._get(self.env.company, "seal")
        with self.assertRaises(AccessError):
            keys.browse(key.id).read(["state"])
        for attempt in ("write", "unlink"):
            with self.assertRaises(AccessError):
                keys.browse(key.id).check_access(attempt)

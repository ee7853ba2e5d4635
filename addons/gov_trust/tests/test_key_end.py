import datetime
import json

from cryptography import x509
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..exceptions import SealUnavailable
from ..lib import ca, crl, pades
from ..models import gov_key
from .common_keys import MasterKeyFile, small_pdf
from .common_tsa import DIGEST, WithClocks

PIN = "482915"


class KeyCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.platform = cls.env.company, cls.env["res.company"]
        cls.officer = new_test_user(
            cls.env, "key-officer", groups="gov_trust.group_gov_trust_officer"
        )
        cls.amina = new_test_user(cls.env, "key-amina", name="Amina El Fassi")
        cls.keys = cls.env["gov.key"]
        cls.seal = cls.keys._get(cls.company, "seal")
        cls.crls = cls.env["gov.crl"]

    def as_officer(self, key):
        return self.keys.with_user(self.officer).browse(key.id)

    def events(self, kind):
        return self.env["gov.journal.event"].search([("kind", "=", kind)])

    def listed(self, issuer=None):
        """Serial numbers (hexadecimal) → reason, on the newest list."""
        told = crl.parse(self.crls._current(issuer))
        return {f"{serial:x}": entry.reason for serial, entry in told.entries.items()}


@tagged("standard")
class TestRevoke(KeyCase):
    def test_a_seal(self):
        before = self.env["gov.seal"]._seal_pdf(self.company, small_pdf())
        old = self.seal
        number = self.crls._latest().number
        self.as_officer(old).action_revoke("stolen", "keyCompromise")
        self.assertEqual((old.state, old.revocation_code), ("revoked", "keyCompromise"))
        self.assertGreater(self.crls._latest().number, number)
        self.assertEqual(self.listed()[old.certificate_ids.serial], "keyCompromise")
        told = json.loads(self.events("key.revoked")[:1].body)
        self.assertEqual((told["code"], told["reason"]), ("keyCompromise", "stolen"))
        with self.assertRaisesRegex(SealUnavailable, "signs nothing any more"):
            old._load()
        # The next seal makes its key; what was sealed before still reads well.
        after = self.env["gov.seal"]._seal_pdf(self.company, small_pdf())
        new = self.keys._find(self.company, "seal")
        self.assertNotEqual(new, old)
        self.assertNotIn(new.certificate_ids.serial, self.listed())
        roots = [
            der for pem in self.env["gov.certificate"]._roots() for der in ca.der(pem)
        ]
        for sealed in (before, after):
            pades.check(sealed, roots)

    def test_every_reason_and_purpose(self):
        journal = self.keys._get(self.company, "journal")
        person = self.keys._make_personal(self.officer, self.company, PIN)
        self.as_officer(journal).action_revoke("left", "cessationOfOperation")
        # His own key too.
        self.as_officer(person).action_revoke("lost", "superseded")
        listed = self.listed()
        self.assertEqual(listed[journal.certificate_ids.serial], "cessationOfOperation")
        self.assertEqual(listed[person.certificate_ids.serial], "superseded")
        self.assertEqual(
            set(crl.REASONS), set(dict(self.keys._fields["revocation_code"].selection))
        )

    def test_refused(self):
        authority = self.keys._find(self.platform, "ca")
        key = self.as_officer(self.seal)
        for arguments, words in {
            ("", "keyCompromise"): "Say why",
            ("lost", "aACompromise"): "Choose why",
            ("lost", False): "Choose why",
        }.items():
            with self.assertRaisesRegex(UserError, words):
                key.action_revoke(*arguments)
        with self.assertRaisesRegex(UserError, "successor"):
            self.as_officer(authority).action_revoke("lost", "keyCompromise")
        auditor = new_test_user(
            self.env, "key-auditor", groups="gov_trust.group_gov_trust_auditor"
        )
        for user in (auditor, self.amina, self.env.ref("base.user_admin")):
            for action in ("action_revoke", "action_rotate"):
                with self.assertRaises(AccessError):
                    getattr(self.seal.with_user(user), action)("lost")
        key.action_revoke("lost")
        with self.assertRaisesRegex(UserError, "once signed"):
            key.action_revoke("again")

    def test_a_retired_key_is_revoked_too(self):
        self.as_officer(self.seal).action_rotate("test")
        self.assertNotIn(self.seal.certificate_ids.serial, self.listed())
        self.as_officer(self.seal).action_revoke("found on a disk", "keyCompromise")
        self.assertIn(self.seal.certificate_ids.serial, self.listed())

    def test_without_the_master_key(self):
        serial = self.seal.certificate_ids.serial
        wizards = self.env["gov.key.revoke.wizard"].with_user(self.officer)
        with MasterKeyFile("cd" * 32), self.assertLogs("odoo.addons.gov_trust"):
            form = Form(wizards.with_context(default_key_id=self.seal.id))
            form.code, form.reason = "keyCompromise", "stolen"
            told = form.save().action_confirm()
            self.assertEqual(told["params"]["type"], "warning")
            self.assertEqual(self.seal.state, "revoked")
            self.assertNotIn(serial, self.listed())
        self.crls._renew()
        self.assertIn(serial, self.listed())

    def test_wizard(self):
        wizards = self.env["gov.key.revoke.wizard"].with_user(self.officer)
        form = Form(wizards.with_context(default_key_id=self.seal.id))
        form.code, form.reason = "superseded", "test"
        told = form.save().action_confirm()
        self.assertEqual(told["params"]["type"], "success")
        self.assertEqual(self.seal.revocation_code, "superseded")


@tagged("standard")
class TestRotate(KeyCase):
    def test_a_journal(self):
        journal = self.keys._get(self.platform, "journal")
        stream = self.env["gov.journal"]._trust_stream()
        self.env.cr.flush()
        self.as_officer(journal).action_rotate("test")
        self.env.cr.flush()
        # Heads that the old key signed still hold, and are shown with its certificate.
        self.assertTrue(stream._verify()["ok"])
        self.assertEqual(journal._chain_pems()[0], stream._certificates(journal.id)[0])

    def test_a_seal(self):
        self.seal._load()
        self.assertIn(self.seal.id, [place[1] for place in gov_key._loaded])
        wizards = self.env["gov.key.rotate.wizard"].with_user(self.officer)
        form = Form(wizards.with_context(default_key_id=self.seal.id))
        form.reason = "it ends soon"
        with self.assertRaisesRegex(UserError, "Tick the box"):
            form.save().action_confirm()
        form.understood = True
        new = self.keys.browse(form.save().action_confirm()["res_id"])
        self.assertEqual((self.seal.state, new.state), ("retired", "active"))
        self.assertEqual(self.keys._find(self.company, "seal"), new)
        with self.assertRaises(SealUnavailable):
            self.seal._load()
        self.assertNotIn(self.seal.id, [place[1] for place in gov_key._loaded])
        self.assertEqual(new._load().fingerprint, new.fingerprint)
        told = json.loads(self.events("key.rotated")[:1].body)
        self.assertEqual(told["successor"], new.fingerprint)
        with self.assertRaisesRegex(UserError, "not in use any more"):
            self.as_officer(self.seal).action_rotate("again")

    def test_the_authority(self):
        old = self.keys._find(self.platform, "ca")
        sealed = self.env["gov.seal"]._seal_pdf(self.company, small_pdf())
        new = self.as_officer(old).action_rotate("every ten years")
        first, second = self.env["gov.certificate"]._roots()[:2]
        self.assertEqual(first, new.certificate_ids.pem)
        self.assertEqual(second, old.certificate_ids.pem)
        names = [
            x509.load_pem_x509_certificate(pem.encode()).subject
            for pem in (first, second)
        ]
        self.assertNotEqual(*names)
        roots = [*ca.der(first), *ca.der(second)]
        pades.check(sealed, roots)
        # Leaves of today go on; their authority still makes its own list.
        again = self.env["gov.seal"]._seal_pdf(self.company, small_pdf())
        pades.check(again, roots)
        serial = self.seal.certificate_ids.serial
        self.as_officer(self.seal).action_revoke("test", "superseded")
        self.assertIn(serial, self.listed(old.certificate_ids))
        self.assertNotIn(serial, self.listed(new.certificate_ids))
        crl.check(self.crls._current(old.certificate_ids), roots[1])
        crl.check(self.crls._current(), roots[0])
        self.assertEqual(len(self.crls._all()), len(self.crls._authorities()))
        # New leaves come from the new one, and say where its list is.
        seal = self.keys._get(self.company, "seal")
        self.assertEqual(seal.certificate_ids.issuer_id, new.certificate_ids)
        leaf = x509.load_pem_x509_certificate(seal.certificate_ids.pem.encode())
        point = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints)
        self.assertTrue(
            point.value[0].full_name[0].value.endswith(new.certificate_ids.sha256[:16])
        )
        pades.check(self.env["gov.seal"]._seal_pdf(self.company, small_pdf()), roots)

    def test_refused(self):
        person = self.keys._make_personal(self.officer, self.company, PIN)
        with self.assertRaisesRegex(UserError, "his or her own"):
            self.as_officer(person).action_rotate("test")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.as_officer(self.seal).action_rotate(" ")
        self.seal.origin = "imported"
        with self.assertRaisesRegex(UserError, "from outside"):
            self.as_officer(self.seal).action_rotate("test")
        self.assertEqual(self.seal.state, "active")

    def test_nothing_ends_when_nothing_can_be_made(self):
        with (
            mute_logger("odoo.addons.gov_trust.models.gov_journal_drain"),
            MasterKeyFile("cd" * 32),
            self.assertRaises(SealUnavailable),
        ):
            self.as_officer(self.seal).action_rotate("test")
        self.assertEqual(self.seal.state, "active")


@tagged("standard")
class TestRotatePage(HttpCase):
    def test_both_roots_are_served(self):
        keys = self.env["gov.key"]
        self.env.user.group_ids |= self.env.ref("gov_trust.group_gov_trust_officer")
        old = keys._get(self.env["res.company"], "ca")
        new = old.action_rotate("test")
        served = self.url_open("/trust/ca.pem").text
        for key in (old, new):
            self.assertIn(key.certificate_ids.pem, served)
        lists = [
            self.url_open(f"/trust/crl{asked}").content
            for asked in (
                "",
                *(f"?ca={key.certificate_ids.sha256[:16]}" for key in (new, old)),
            )
        ]
        self.assertEqual(lists[0], lists[1])
        crl.check(lists[1], ca.der(new.certificate_ids.pem)[0])
        crl.check(lists[2], ca.der(old.certificate_ids.pem)[0])


@tagged("standard", "post_install", "-at_install")
class TestExpiry(KeyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(
            cls.env, "key-officer-2", groups="gov_trust.group_gov_trust_officer"
        )
        cls.certificate = cls.seal.certificate_ids
        cls.others = cls.env["gov.certificate"].search([]) - cls.certificate

    def warn(self, days):
        """The daily task, so many days before the end: open activities, events."""
        before = len(self.told())
        self.certificate.not_after = fields.Datetime.now() + datetime.timedelta(
            days=days
        )
        self.env["gov.expiring"]._warn_all()
        activities = self.certificate._activities()
        return len(activities), len(self.told()) - before

    def told(self):
        return self.events("certificate.expiring").filtered(
            lambda event: event.subject_id == self.certificate.id
        )

    def test_steps(self):
        officers = len(self.certificate._officers())
        self.assertGreaterEqual(officers, 2)
        for days, expected in (
            (61, (0, 0)),
            (59.9, (officers, 1)),
            (59, (officers, 0)),
            (29, (officers, 1)),
            (29, (officers, 0)),
            (6, (officers, 1)),
            (-1, (officers, 1)),
            (-9, (officers, 0)),
        ):
            with self.subTest(days):
                self.assertEqual(self.warn(days), expected)
        steps = [json.loads(event.body)["days"] for event in self.told().sorted("id")]
        self.assertEqual(steps, [60, 30, 7, 0])
        self.assertIn("has ended", self.certificate._activities()[0].summary)

    def test_settled_by_one_is_settled_for_him(self):
        count, _events = self.warn(50)
        mine = self.certificate._activities().filtered(
            lambda found: found.user_id == self.officer
        )
        mine.with_user(self.officer).action_done()
        self.assertEqual(self.warn(49), (count - 1, 0))
        # Who is named officer later is told.
        new_test_user(self.env, "key-3", groups="gov_trust.group_gov_trust_officer")
        self.assertEqual(self.warn(48), (count, 0))

    def test_closed_when_rotated(self):
        self.warn(20)
        self.as_officer(self.seal).action_rotate("it ends")
        self.assertFalse(self.certificate._activities())
        self.assertEqual(self.warn(10), (0, 0))

    def test_closed_when_it_does_not_end_any_more(self):
        self.warn(20)
        self.assertEqual(self.warn(400), (0, 0))

    def test_officers_of_other_administrations_are_not_told(self):
        companies = self.env["res.company"]
        elsewhere = companies.search([("id", "!=", self.company.id)], limit=1)
        elsewhere = elsewhere or companies.create({"name": "Elsewhere"})
        self.second.write(
            {"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]}
        )
        self.warn(5)
        users = self.certificate._activities().user_id
        self.assertIn(self.officer, users)
        self.assertNotIn(self.second, users)


@tagged("standard", "alone")
class TestExpiryOutside(WithClocks, TransactionCase):
    """Authorities from outside, and those that give the time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_trust()

    def told(self, record):
        self.env["gov.expiring"]._warn_all()
        events = self.env["gov.journal.event"].search(
            [("kind", "=", "certificate.expiring"), ("subject_id", "=", record.id)]
        )
        return [
            json.loads(event.body)["days"]
            for event in events.sorted("id")
            if event.subject_model == record._name
        ]

    def test_an_authority_from_outside(self):
        anchor = self.anchor.sudo()
        anchor.not_after = fields.Datetime.now() + datetime.timedelta(days=90)
        self.assertEqual(self.told(anchor), [])
        anchor.until = fields.Datetime.now() + datetime.timedelta(days=20)
        self.assertEqual(self.told(anchor), [30])
        self.assertIn(self.officer, anchor._activities().user_id)
        self.anchor.with_user(self.officer).action_withdraw("Its contract ended")
        self.assertEqual(self.told(anchor), [30])
        self.assertFalse(anchor._activities())

    def test_who_gives_the_time(self):
        clock = self.clock()
        authority = self.add(clock.url)
        self.assertEqual(self.told(authority), [])
        self.env["gov.tsa"]._stamper(self.env.company)(DIGEST)
        end = authority._expiry_end()
        with freeze_time(end - datetime.timedelta(days=5)):
            self.assertEqual(self.told(authority), [7])
        authority.action_disable()
        self.told(authority)
        self.assertFalse(authority._activities())

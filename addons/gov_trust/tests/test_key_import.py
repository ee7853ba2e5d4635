import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from ..exceptions import EnrolmentRefused, PinRefused, SealUnavailable
from ..lib import acts, ca, keys
from . import common_anchors
from .common_acts import fields as act_fields, page_pdf
from .common_enrol import PASSWORD, organisation, p12, parents, pem_file
from .common_keys import MasterKeyFile, small_pdf
from .common_pki import Authority, der, name

PIN, OTHER_PIN = "482915", "730264"


class ImportCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        common_anchors.make_people(cls)
        cls.company = cls.env.company
        cls.root = Authority("Outside root")
        cls.middle = Authority("Outside authority", cls.root)
        common_anchors.enable(cls, cls.root, uses=["signature", "seal"])
        cls.amina = new_test_user(
            cls.env, "amina", name="أمينة الفاسي", email="amina@commune.ma"
        )
        cls.keys = cls.env["gov.key"]

    def seal_file(self, **options):
        leaf, key = self.middle.issue(subject=organisation(), **options)
        return p12(key, leaf, parents(self.middle)), leaf, key

    def person_file(self, common="أمينة الفاسي", password=PASSWORD, **options):
        names = options.pop("names", {"given": "أمينة"})
        leaf, key = self.middle.issue(subject=name(common, **names), **options)
        return p12(key, leaf, parents(self.middle), password), leaf, key

    def import_seal(self, blob, password=PASSWORD, user=None, company=None):
        return self.keys.with_user(user or self.officer)._import_seal(
            company or self.company, blob, password
        )

    def import_personal(self, blob, password=PASSWORD, pin=PIN, user=None):
        user = user or self.amina
        return self.keys.with_user(user)._import_personal(
            user, self.company, blob, password, pin
        )

    def assertRefused(self, code, call, *args, **kwargs):
        before = self.keys.search_count([])
        with self.assertRaises(EnrolmentRefused) as caught:
            call(*args, **kwargs)
        self.assertEqual(caught.exception.code, code, str(caught.exception))
        self.assertEqual(self.keys.search_count([]), before)
        return str(caught.exception)

    def events(self, kind, key):
        return self.env["gov.journal.event"].search(
            [
                *(("kind", "=", kind), ("subject_model", "=", "gov.key")),
                ("subject_id", "in", key.ids),
            ]
        )


@tagged("standard", "alone")
class TestImportSeal(ImportCase):
    def test_import(self):
        before = self.keys._get(self.company, "seal")
        blob, leaf, _key = self.seal_file()
        key = self.import_seal(blob)
        self.assertEqual((key.state, key.origin), ("active", "imported"))
        self.assertEqual(before.state, "retired")
        self.assertEqual(self.keys._get(self.company, "seal"), key)
        loaded = key._load()
        self.assertEqual(loaded.certificate, der(leaf))
        self.assertEqual(list(loaded.chain), self.middle.chain)
        self.assertEqual(key.level, "advanced")
        self.assertEqual(key.certificate_ids.issuer, "CN=Outside authority,C=MA")
        self.assertFalse(key.certificate_ids.issuer_id)
        (event,) = self.events("key.imported", key)
        self.assertIn("advanced", event.body)
        self.assertTrue(self.events("key.retired", before))
        sealed = self.env["gov.seal"]._seal_pdf(self.company, small_pdf())
        self.assertTrue(sealed)

    def test_rsa(self):
        blob, _leaf, _key = self.seal_file(kind="rsa2048", mark="import")
        key = self.import_seal(blob)
        self.assertEqual(key._load().scheme, keys.RSA)
        self.assertTrue(self.env["gov.seal"]._seal_pdf(self.company, small_pdf()))

    def test_pem(self):
        leaf, key = self.middle.issue(subject=organisation())
        blob = pem_file(key, leaf, *parents(self.middle))
        self.assertEqual(self.import_seal(blob, "").state, "active")

    def test_refusals(self):
        blob, leaf, key = self.seal_file()
        said = self.assertRefused("wrong_password", self.import_seal, blob, "no")
        self.assertIn("password", said)
        self.assertNotIn("%(", said)
        self.assertRefused("not_a_key_file", self.import_seal, b"junk")
        alone = p12(key, leaf)
        said = self.assertRefused("incomplete_chain", self.import_seal, alone)
        self.assertIn("Outside authority", said)
        stranger = Authority("Stranger 100%(x)s")
        leaf, key = stranger.issue(subject=organisation())
        foreign = p12(key, leaf, parents(stranger))
        said = self.assertRefused("unknown_anchor", self.import_seal, foreign)
        self.assertIn("Stranger 100%(x)s", said)
        person, _leaf, _key = self.person_file()
        self.assertRefused("wrong_kind", self.import_seal, person)
        with self.assertRaises(UserError):
            self.import_seal(b"")

    def test_once(self):
        blob, _leaf, private = self.seal_file()
        key = self.import_seal(blob)
        self.assertRefused("already", self.import_seal, blob)
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids += other
        self.assertRefused("already", self.import_seal, blob, company=other)
        self.import_seal(self.seal_file()[0])
        self.assertEqual(key.state, "retired")
        self.assertRefused("already", self.import_seal, blob)
        leaf, _key = self.middle.issue(subject=organisation(), key=private)
        again = p12(private, leaf, parents(self.middle))
        self.assertRefused("already", self.import_seal, again)

    def test_renewed(self):
        blob, _leaf, private = self.seal_file()
        key = self.import_seal(blob)
        key._load()
        leaf, _key = self.middle.issue(subject=organisation(), key=private, days=1000)
        again = self.import_seal(p12(private, leaf, parents(self.middle)))
        self.assertEqual(again, key)
        self.assertEqual(key.state, "active")
        self.assertEqual(len(key.certificate_ids), 2)
        self.assertEqual(key._load().certificate, der(leaf))

    def test_rights(self):
        blob, _leaf, _key = self.seal_file()
        for user in (self.operator, self.auditor, self.agent, self.amina):
            with self.assertRaises(AccessError):
                self.import_seal(blob, user=user)
            with self.assertRaises(AccessError):
                self.env["gov.key.import.wizard"].with_user(user).create({})
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            self.import_seal(blob, company=other)
        key = self.import_seal(blob)
        for user in (self.operator, self.auditor, self.agent):
            with self.assertRaises(AccessError):
                key.with_user(user).read(["state"])
        key.certificate_ids.with_user(self.auditor).read(["subject", "chain_pem"])
        for user in (self.operator, self.officer):
            with self.assertRaises(AccessError):
                key.with_user(user).write({"state": "active"})

    def test_wizard_keeps_nothing(self):
        blob, _leaf, _key = self.seal_file()
        wizards = self.env["gov.key.import.wizard"].with_user(self.officer)
        values = {"key_file": base64.b64encode(blob).decode(), "password": PASSWORD}
        wizard = wizards.create(values)
        # Odoo runs a request again, with the same values, when two met.
        self.assertEqual(values["password"], PASSWORD)
        self.assertEqual(wizard.key_id.state, "active")
        self.assertEqual(wizard.action_confirm()["res_id"], wizard.key_id.id)
        self.assertFalse(wizard.key_file)
        self.assertFalse(wizard.password)
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM gov_key_import_wizard")
        columns = [column.name for column in self.env.cr.description]
        self.assertFalse({"key_file", "password"} & set(columns))
        attached = self.env["ir.attachment"].search_count(
            [("res_model", "=", wizards._name)]
        )
        self.assertFalse(attached)
        (event,) = self.events("key.imported", wizard.key_id)
        self.assertNotIn(PASSWORD, event.body)
        with self.assertRaises(UserError):
            wizards.create({"key_file": "not base64!", "password": "x"})

    def test_wizard_form(self):
        form = Form(self.env["gov.key.import.wizard"].with_user(self.officer))
        form.key_file = base64.b64encode(self.seal_file()[0])
        form.password = PASSWORD
        self.assertTrue(form.save().key_id)

    def test_without_the_master_key(self):
        blob, _leaf, _key = self.seal_file()
        with MasterKeyFile() as path:
            path.unlink()
            with self.assertRaises(SealUnavailable):
                self.import_seal(blob)


@tagged("standard", "alone")
class TestImportPersonal(ImportCase):
    def test_import_and_sign(self):
        before = self.keys.with_user(self.amina)._make_personal(
            self.amina, self.company, PIN
        )
        blob, leaf, _key = self.person_file()
        key = self.import_personal(blob, pin=OTHER_PIN)
        self.assertEqual((key.user_id, key.origin), (self.amina, "imported"))
        self.assertEqual(before.state, "retired")
        self.assertEqual(key.holder_name, "أمينة الفاسي")
        mine = self.keys.with_user(self.amina)._personal(self.amina)
        loaded = mine.with_user(self.amina)._unlock(OTHER_PIN)
        self.assertEqual(loaded.certificate, der(leaf))
        self.assertEqual(list(loaded.chain), self.middle.chain)
        with self.assertRaises(SealUnavailable):
            key._load()
        pdf = acts.prepare(page_pdf(), act_fields())
        signs = self.env["gov.sign"].with_user(self.amina)
        signed = signs._sign(self.company, pdf, "S1", loaded)
        act = acts.check(signed, self.env["gov.anchor"]._store(self.company))
        self.assertEqual(act.signatures[0].trust, "advanced")
        (event,) = self.events("key.imported", key)
        self.assertIn("recognised_by", event.body)

    def test_pin(self):
        blob, _leaf, _key = self.person_file()
        for pin in ("111111", "", "abc"):
            with self.assertRaises(PinRefused):
                self.import_personal(blob, pin=pin)
        self.import_personal(blob)
        mine = self.keys.with_user(self.amina)._personal(self.amina)
        with self.assertRaises(PinRefused):
            mine.with_user(self.amina)._unlock(OTHER_PIN)
        mine.with_user(self.amina)._change_pin(PIN, OTHER_PIN)
        mine.with_user(self.amina)._unlock(OTHER_PIN)

    def test_only_oneself(self):
        blob, _leaf, _key = self.person_file()
        for user in (self.officer, self.operator, self.agent):
            with self.assertRaises(AccessError):
                self.keys.with_user(user)._import_personal(
                    self.amina, self.company, blob, PASSWORD, PIN
                )

    def test_wrong_person(self):
        for common, options in (
            ("Omar Bennis", {}),
            ("أمينة الفاسي", {"emails": ["omar@commune.ma"]}),
            ("أمينة القاسي", {}),
        ):
            blob, _leaf, _key = self.person_file(common, **options)
            said = self.assertRefused("wrong_person", self.import_personal, blob)
            self.assertIn("not yours", said)
        blob, _leaf, _key = self.person_file("A. F.", emails=["Amina@commune.ma"])
        self.import_personal(blob)

    def test_seal_is_no_person(self):
        self.assertRefused("wrong_kind", self.import_personal, self.seal_file()[0])

    def test_anchor_not_for_signatures(self):
        sealing = Authority("Seals only")
        common_anchors.enable(self, sealing, uses=["seal"])
        leaf, key = sealing.issue(subject=name("أمينة الفاسي", given="أمينة"))
        blob = p12(key, leaf, parents(sealing))
        self.assertRefused("anchor_use", self.import_personal, blob)

    def test_key_of_another(self):
        blob, _leaf, _key = self.person_file(emails=["amina@commune.ma"])
        self.import_personal(blob)
        twin = new_test_user(
            self.env, "twin", name="أمينة الفاسي", email="amina@commune.ma"
        )
        said = self.assertRefused("already", self.import_personal, blob, user=twin)
        self.assertNotIn("amina", said)

    def test_my_signature(self):
        blob, leaf, _key = self.person_file()
        wizards = self.env["gov.signature.wizard"].with_user(self.amina)
        values = {
            "way": "file",
            "key_file": base64.b64encode(blob).decode(),
            "password": PASSWORD,
            "pin": PIN,
            "pin_again": PIN,
        }
        with self.assertRaises(PinRefused):
            wizards.create({**values, "pin_again": OTHER_PIN})
        wizard = wizards.create(values)
        self.assertEqual(wizard.action_done()["tag"], "display_notification")
        self.assertEqual(wizard.fingerprint, ca.describe(der(leaf))["sha256"])
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM gov_signature_wizard")
        for secret in ("key_file", "password", "pin", "certificate_file"):
            self.assertNotIn(secret, [c.name for c in self.env.cr.description])

import datetime
import hashlib
import importlib.util
import io
from unittest.mock import patch

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import SigSeedSubFilter

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..exceptions import SealRefused
from ..lib import acts, cms, elsewhere, pdf_fill
from ..lib.validation import service
from . import common_anchors
from .common_acts import TOOL, block_pdf, fields as boxes, page_pdf
from .common_anchors import enable
from .common_keys import MasterKeyFile
from .common_pki import DAY, Authority, der, pem
from .common_programs import openssl_sign, provider, pyhanko_sign, stamper_of

NOW = datetime.datetime.now(datetime.UTC)


def sign_value(key, data):
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def tool():
    """The verifier that is handed out, as a module."""
    spec = importlib.util.spec_from_file_location("maktab_verify_elsewhere", TOOL)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


class ElsewhereCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(service.service.close)
        cls.enterClassContext(MasterKeyFile())
        common_anchors.make_people(cls)
        cls.company = cls.env.company
        cls.amina = new_test_user(
            cls.env, "amina@example.ma", name="Amina Alaoui", groups="base.group_user"
        )
        cls.root, cls.inner = provider()
        cls.anchor = enable(cls, cls.root, uses=["signature", "timestamp"])
        cls.base = acts.prepare(page_pdf(), boxes(2))
        cls.leaf, cls.key = cls.inner.issue("Amina Alaoui", emails=["amina@example.ma"])
        cls.chain = [cls.inner.der]

    @property
    def sign(self):
        return self.env["gov.sign"].with_user(self.amina)

    @property
    def waiting(self):
        return self.env["gov.sign.waiting"].with_user(self.amina)

    def accept(self, signed, base=None, field="S1", **more):
        return self.sign._accept_elsewhere(
            self.company, self.amina, base or self.base, signed, field, **more
        )

    def refused(self, sentence, signed, *args, error=SealRefused, **more):
        with self.assertRaisesRegex(error, sentence):
            self.accept(signed, *args, **more)

    def signed(self, pdf=None, field="S1", leaf=None, key=None, chain=None, **more):
        return pyhanko_sign(
            pdf or self.base,
            field,
            leaf or self.leaf,
            key or self.key,
            self.chain if chain is None else chain,
            **more,
        )


@tagged("standard")
class TestBroughtBack(ElsewhereCase):
    def test_pyhanko(self):
        for kind in ("p256", "p384", "rsa2048"):
            leaf, key = self.inner.issue(
                "Amina Alaoui", kind=kind, mark=kind, emails=["amina@example.ma"]
            )
            with self.subTest(kind=kind):
                pdf, act = self.accept(self.signed(leaf=leaf, key=key))
                self.assertTrue(pdf.startswith(self.base))
                (found,) = act.signatures
                self.assertEqual(
                    (found.field, found.trust, found.made_by, found.level),
                    ("S1", "advanced", "elsewhere", "B-B"),
                )

    def test_with_timestamp_and_store(self):
        stamper = stamper_of(self.root)
        _pdf, act = self.accept(self.signed(stamper=stamper))
        self.assertEqual(act.signatures[0].level, "B-T")
        signed = self.signed(
            stamper=stamper,
            roots=[self.root.der],
            crls=[self.inner.crl(), self.root.crl()],
        )
        _pdf, act = self.accept(signed)
        self.assertIn(act.signatures[0].level, ("B-T", "B-LT"))

    def test_openssl(self):
        pdf, act = self.accept(
            openssl_sign(self.base, "S1", self.leaf, self.key, [self.inner.pem])
        )
        self.assertEqual(act.signatures[0].made_by, "elsewhere")
        self.refused(
            "cannot be accepted",
            openssl_sign(self.base, "S1", self.leaf, self.key, [self.inner.pem], ()),
        )

    def test_next_signer_and_seal_follow(self):
        pdf, _act = self.accept(self.signed())
        again = self.signed(pdf, "S2")
        pdf, act = self.accept(again, base=pdf, field="S2")
        self.assertEqual([one.field for one in act.signatures], ["S1", "S2"])

    def test_wrong_person(self):
        other, key = self.inner.issue("Brahim", emails=["brahim@example.ma"])
        self.refused("made out to", self.signed(leaf=other, key=key))
        with self.assertRaises(AccessError):
            self.env["gov.sign"].with_user(self.agent)._accept_elsewhere(
                self.company, self.amina, self.base, self.signed(), "S1"
            )

    def test_wrong_place(self):
        self.refused("another box", self.signed(field="S2"))
        new = pyhanko_sign(self.base, "Mine", self.leaf, self.key, self.chain)
        self.refused("another box", new)
        twice = self.signed(self.signed(), "S2")
        self.refused("more than one", twice)

    def test_base_changed(self):
        other = acts.prepare(page_pdf(3), boxes(2))
        self.refused("not the file you downloaded", self.signed(other))
        signed = self.signed()
        self.refused("no new signature", self.base)
        self.refused("cut short", self.base[:-100])
        self.refused("not the file", b"x" * 100)
        for cut in (1, 10, 3000):
            with self.assertRaises(SealRefused):
                self.accept(signed[:-cut])
        with pikepdf.open(io.BytesIO(signed)) as pdf:
            out = io.BytesIO()
            pdf.save(out)
        self.refused("not the file you downloaded", out.getvalue())
        for extra in (b"\n", b"x", b"%%EOF\n", signed[len(self.base) :]):
            with self.assertRaises(SealRefused):
                self.accept(signed + extra)
        garbage = self.base + b"garbage" * 50
        with self.assertRaises(SealRefused):
            self.accept(garbage)

    def test_other_programs(self):
        """What other programs write of themselves, and what hides behind it."""
        stamper = stamper_of(self.root)
        lists = [self.inner.crl(), self.root.crl()]
        more = {"stamper": stamper, "roots": [self.root.der], "crls": lists}
        pdf, _act = self.accept(self.signed(**more))
        again, act = self.accept(self.signed(pdf, "S2", **more), base=pdf, field="S2")
        self.assertEqual(len(act.signatures), 2)
        key = self.env["gov.key"]._get(self.company, "seal")
        self.assertTrue(key)
        closed = self.env["gov.sign"]._close(self.company, again, "Seal")
        store = self.env["gov.anchor"]._store()
        self.assertTrue(acts.check(closed, store).closed)
        roots = [x509.load_der_x509_certificate(one) for one in store.roots]
        told = tool().check(closed, roots)
        self.assertEqual(told["verdict"], "valid", told["reasons"])

    def test_what_programs_tell_of_themselves(self):
        moment = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=1)))
        told = {
            "Prop_Build": generic.DictionaryObject(
                {
                    generic.pdf_name("/App"): generic.DictionaryObject(
                        {generic.pdf_name("/Name"): generic.pdf_name("/Reader")}
                    )
                }
            ),
            "ContactInfo": generic.pdf_string("amina@example.ma"),
            "M": generic.pdf_string(f"D:{moment:%Y%m%d%H%M%S}+01'00'"),
        }
        arguments = (self.base, "S1", self.leaf, self.key, [self.inner.pem])
        _pdf, act = self.accept(openssl_sign(*arguments, **told))
        self.assertLess(
            abs(act.signatures[0].claimed_at - moment), datetime.timedelta(seconds=5)
        )
        odd = {"Odd": generic.NumberObject(1)}
        self.refused("another kind", openssl_sign(*arguments, **odd))
        old = openssl_sign(
            *arguments, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED, **told
        )
        self.refused("older form", old)
        for years in (-1, 1):
            late = moment + datetime.timedelta(days=365 * years)
            told["M"] = generic.pdf_string(f"D:{late:%Y%m%d%H%M%S}+01'00'")
            self.refused("claims a time", openssl_sign(*arguments, **told))

    def changed(self, change):
        """The base, changed by one more revision, then signed."""
        writer = pdf_fill.open_writer(self.base)
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        certificate = der(self.leaf)
        made = elsewhere.prepare(out.getvalue(), "S1", certificate, self.chain)
        value = sign_value(self.key, made.to_sign)
        value = elsewhere.value(certificate, value, made.to_sign)
        whole = cms.assemble(certificate, self.chain, made.digest, value)
        return elsewhere.complete(made.pdf, made.begin, made.end, whole)

    def test_hidden_changes(self):
        def title(writer):
            info = writer.trailer["/Info"]
            info["/Title"] = generic.pdf_string("Another")
            writer.update_container(info)

        def rotate(writer):
            page = writer.root["/Pages"]["/Kids"][0]
            page["/Rotate"] = generic.NumberObject(90)
            writer.update_container(page)

        def content_as_metadata(writer):
            page = writer.root["/Pages"]["/Kids"][0]
            writer.root["/Metadata"] = page.raw_get("/Contents")
            writer.update_root()

        def stream_as_metadata(writer):
            stream = generic.StreamObject(stream_data=b"x")
            stream["/Type"] = generic.pdf_name("/Metadata")
            stream["/Subtype"] = generic.pdf_name("/XML")
            stream["/More"] = writer.root.raw_get("/Pages")
            writer.root["/Metadata"] = writer.add_object(stream)
            writer.update_root()

        def action(writer):
            writer.root["/OpenAction"] = generic.ArrayObject()
            writer.update_root()

        def layers(writer):
            writer.root["/OCProperties"] = generic.DictionaryObject()
            writer.update_root()

        def extension(writer):
            writer.root["/Extensions"] = generic.DictionaryObject(
                {generic.pdf_name("/ISO_"): writer.root.raw_get("/Pages")}
            )
            writer.update_root()

        self.accept(self.changed(lambda writer: None))
        for change in (
            *(title, rotate, content_as_metadata, stream_as_metadata),
            *(action, layers, extension),
        ):
            with self.subTest(change=change.__name__):
                self.refused("cannot be accepted", self.changed(change))

    def test_famous_name(self):
        root = Authority("Provider", kind="rsa3072", mark="false")
        inner = Authority("Provider persons", root)
        leaf, key = inner.issue("Amina Alaoui", emails=["amina@example.ma"])
        chain = [inner.der, root.der]
        self.refused(
            "No authority that is trusted", self.signed(leaf=leaf, key=key, chain=chain)
        )

    def test_certificate_states(self):
        mail = {"emails": ["amina@example.ma"]}
        old, key = self.inner.issue("Amina Alaoui", begin=NOW - 9 * DAY, days=2, **mail)
        self.refused("has expired", self.signed(leaf=old, key=key))
        seal, key = self.inner.issue(
            "Office", names={"identifier": "NTRMA-1"}, kind="p256", **mail
        )
        self.refused("not for the signature", self.signed(leaf=seal, key=key))
        listed = self.inner.crl([(self.leaf, NOW - DAY / 2)])
        lists = self.env["gov.anchor.list"].with_user(self.officer)
        with self.assertRaisesRegex(Exception, "has signed"):
            lists._receive(self.anchor, listed)

    def test_revoked(self):
        root = Authority("Direct")
        anchor = enable(self, root)
        leaf, key = root.issue("Amina Alaoui", emails=["amina@example.ma"])
        signed = self.signed(leaf=leaf, key=key, chain=())
        self.accept(signed)
        lists = self.env["gov.anchor.list"].with_user(self.officer)
        lists._receive(anchor, root.crl([(leaf, NOW - DAY / 2)]))
        self.refused("was revoked", signed)

    def test_times(self):
        signed = self.signed()
        self.refused(
            "before the file was handed out",
            signed,
            since=fields.Datetime.now() + datetime.timedelta(hours=1),
        )

    def test_anchor_withdrawn(self):
        signed = self.signed()
        self.anchor.with_user(self.officer).action_withdraw("Ended")
        with self.assertRaises(SealRefused):
            self.accept(signed)

    def test_seal_of_the_platform(self):
        key = self.env["gov.key"]._get(self.company, "seal")._load()
        certificate = key.certificate
        signed = self.signed(
            leaf=x509.load_der_x509_certificate(certificate),
            key=key.private_key,
            chain=(),
        )
        self.refused("not for the signature", signed)


@tagged("standard")
class TestPrepared(ElsewhereCase):
    def begin(self, leaf=None, chain=None, field="S1", **more):
        return self.waiting._begin(
            self.company,
            self.amina,
            self.base,
            field,
            [der(leaf or self.leaf), *(self.chain if chain is None else chain)],
            **more,
        )

    def refused_value(self, sentence, token, value, error=SealRefused, **more):
        with self.assertRaisesRegex(error, sentence):
            self.waiting._complete(token, value, **more)

    def test_keys(self):
        for kind in ("p256", "p384", "rsa2048"):
            leaf, key = self.inner.issue(
                "Amina Alaoui", kind=kind, mark=kind, emails=["amina@example.ma"]
            )
            with self.subTest(kind=kind):
                told = self.begin(leaf, appearance=block_pdf("Amina"), reason="Yes")
                self.assertEqual(
                    told["digest"], hashlib.sha256(told["to_sign"]).hexdigest()
                )
                value = sign_value(key, told["to_sign"])
                pdf = self.waiting._complete(told["id"], value)
                self.assertTrue(pdf.startswith(self.base))
                act = acts.check(pdf, self.env["gov.anchor"]._store(self.company))
                self.assertEqual(act.signatures[0].made_by, "here")
                self.assertEqual(act.signatures[0].trust, "advanced")
                self.refused_value("delivered already", told["id"], value)

    def test_raw_pair(self):
        told = self.begin()
        r, s = decode_dss_signature(sign_value(self.key, told["to_sign"]))
        pair = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        self.assertTrue(self.waiting._complete(told["id"], pair, base=self.base))

    def test_refused_values(self):
        told = self.begin()
        _leaf, other = self.inner.issue("x")
        good = sign_value(self.key, told["to_sign"])
        for value in (
            b"",
            b"\x30\x00",
            good[:-1],
            sign_value(other, told["to_sign"]),
            sign_value(self.key, b"something else"),
        ):
            self.refused_value("not made by the key", told["id"], value)
        self.refused_value("document changed", told["id"], good, base=self.base + b" ")
        self.refused_value("Nothing waits", told["id"] + "x", good)
        with self.assertRaisesRegex(SealRefused, "Nothing waits"):
            self.env["gov.sign.waiting"].with_user(self.agent)._complete(
                told["id"], good
            )
        self.assertTrue(self.waiting._complete(told["id"], good))

    def test_expired(self):
        told = self.begin()
        row = self.waiting.sudo().search([("user_id", "=", self.amina.id)])
        row.expires_at = fields.Datetime.now() - DAY * 2
        value = sign_value(self.key, told["to_sign"])
        self.refused_value("time to sign is over", told["id"], value)
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            self.env["gov.sign.waiting"]._process_expired()
        self.assertFalse(row.exists())

    def test_parameter(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("gov_trust.elsewhere_minutes", "3")
        told = self.begin()
        left = told["expires"] - fields.Datetime.now()
        self.assertLessEqual(left, datetime.timedelta(minutes=3))

    def test_a_later_one_replaces(self):
        first, second = self.begin(), self.begin()
        value = sign_value(self.key, first["to_sign"])
        self.refused_value("Nothing waits", first["id"], value)
        value = sign_value(self.key, second["to_sign"])
        self.assertTrue(self.waiting._complete(second["id"], value))

    def test_revoked_meanwhile(self):
        root = Authority("Direct")
        anchor = enable(self, root)
        leaf, key = root.issue("Amina Alaoui", emails=["amina@example.ma"])
        told = self.begin(leaf, ())
        lists = self.env["gov.anchor.list"].with_user(self.officer)
        lists._receive(anchor, root.crl([(leaf, NOW - DAY / 2)]))
        value = sign_value(key, told["to_sign"])
        self.refused_value("was revoked", told["id"], value)

    def test_refused_beginnings(self):
        other, _key = self.inner.issue("Brahim")
        with self.assertRaisesRegex(SealRefused, "made out to"):
            self.begin(other)
        with self.assertRaisesRegex(SealRefused, "No authority"):
            self.begin(chain=[])
        for field in ("S9", "Seal"):
            with self.assertRaisesRegex(SealRefused, "cannot be signed"):
                self.begin(field=field)
        with self.assertRaises(AccessError):
            self.env["gov.sign.waiting"].with_user(self.agent)._begin(
                self.company, self.amina, self.base, "S1", [der(self.leaf)]
            )

    def test_nobody_reads(self):
        self.begin()
        row = self.env["gov.sign.waiting"].search([], limit=1)
        for user in (self.amina, self.officer, self.operator, self.auditor):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["field_name"])
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "gov.sign.waiting"), ("res_field", "=", "content")]
        )
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            attachment[:1].with_user(self.env.ref("base.user_admin")).read(["datas"])


@tagged("standard")
class TestOutsideLists(ElsewhereCase):
    def test_received(self):
        lists = self.env["gov.anchor.list"].with_user(self.officer)
        first = lists._receive(self.anchor, self.root.crl(now=NOW - DAY))
        same = lists._receive(self.anchor, self.root.crl(now=NOW - DAY))
        newer = lists._receive(self.anchor, self.root.crl(now=NOW, number=2))
        self.assertNotEqual(first, newer)
        with self.assertRaisesRegex(Exception, "newer"):
            lists._receive(self.anchor, self.root.crl(now=NOW - 2 * DAY))
        with self.assertRaisesRegex(Exception, "later than now"):
            lists._receive(self.anchor, self.root.crl(now=NOW + DAY))
        for blob in (b"", b"hello", Authority("Provider").crl(), pem(self.leaf)):
            with self.assertRaisesRegex(Exception, "cannot be used"):
                lists._receive(self.anchor, blob)
        for user in (self.operator, self.auditor, self.agent):
            with self.assertRaises(AccessError):
                self.env["gov.anchor.list"].with_user(user)._receive(
                    self.anchor, self.root.crl()
                )
        self.assertTrue(same)
        store = self.env["gov.anchor"]._store()
        self.assertEqual(len(store.crls) - len(self.env["gov.crl"]._all()), 1)

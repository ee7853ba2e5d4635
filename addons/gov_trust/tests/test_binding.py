from asn1crypto import core
from cryptography import x509

from odoo.tests import BaseCase, tagged

from ..lib import binding
from .common_pki import Authority, der, name


def other_name(oid, text):
    value = core.UTF8String(text).dump()
    found = x509.OtherName(x509.ObjectIdentifier(oid), value)
    return x509.SubjectAlternativeName([found]), False


@tagged("standard", "alone")
class TestBinding(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = Authority()

    def certificate(self, common="Ahmed Alami", **options):
        names = options.pop("names", {})
        made, _key = self.root.issue(subject=name(common, **names), **options)
        return der(made)

    def check(self, certificate, person="Ahmed Alami", emails=(), identifiers=()):
        return binding.check(
            certificate, name=person, emails=emails, identifiers=identifiers
        )

    def assertWrong(self, certificate, *args, **kwargs):
        with self.assertRaises(binding.WrongPerson) as caught:
            self.check(certificate, *args, **kwargs)
        return caught.exception

    def test_email(self):
        mine = ["ahmed", "A.Alami@Commune.ma", False, None]
        for certificate in (
            self.certificate("A. ALAMI", emails=["a.alami@commune.ma"]),
            self.certificate("X", names={"email": "a.alami@COMMUNE.ma"}),
            self.certificate(
                "X", extra=[other_name(binding.UPN, "a.alami@commune.ma")]
            ),
            self.certificate(
                "X", extra=[other_name(binding.SMTP_UTF8, "a.alami@commune.ma")]
            ),
            self.certificate("X", emails=["other@x.ma", "a.alami@commune.ma"]),
        ):
            self.assertEqual(self.check(certificate, emails=mine), "email")

    def test_login_that_is_no_address(self):
        certificate = self.certificate("X", extra=[other_name(binding.UPN, "ahmed")])
        self.assertEqual(self.check(certificate, emails=["ahmed"]), "email")

    def test_email_of_somebody_else(self):
        # A namesake: the address speaks against it.
        certificate = self.certificate(emails=["ahmed@elsewhere.ma"])
        self.assertWrong(certificate, emails=["ahmed@commune.ma"])
        self.assertWrong(certificate, emails=[])

    def test_hostile_addresses(self):
        for address in (
            "ahmed@commune.ma.evil.com",
            "ahmed@commune.ma ",
            "xahmed@commune.ma",
            "ahmed@cоmmune.ma",  # Cyrillic о
            "ahmed@commune.ma\0.evil.com",
            "\u212ahmed@commune.ma",  # the kelvin sign is no k
        ):
            certificate = self.certificate(
                "X", extra=[other_name(binding.UPN, address)]
            )
            self.assertWrong(
                certificate, emails=["ahmed@commune.ma", "khmed@commune.ma"]
            )

    def test_nothing_matches_nothing(self):
        certificate = self.certificate("X", extra=[other_name(binding.UPN, "")])
        self.assertWrong(certificate, person="", emails=["", False])

    def test_identifier(self):
        for serial in ("IDCMA-AB123456", "ab123456", "PNOMA-AB 123456"):
            certificate = self.certificate("X", names={"serial": serial})
            self.assertEqual(
                self.check(certificate, identifiers=["AB123456"]), "identifier"
            )
        namesake = self.certificate(names={"serial": "IDCMA-ZZ999999"})
        self.assertWrong(namesake, identifiers=["AB123456"])
        # A number of the authority's own says nothing.
        numbered = self.certificate(names={"serial": "0000017"})
        self.assertEqual(self.check(numbered, identifiers=["AB123456"]), "name")
        for look_alike in ("AВ123456", "AB12345６"):
            text = x509.NameAttribute(
                x509.NameOID.SERIAL_NUMBER, look_alike, x509.name._ASN1Type.UTF8String
            )
            made, _key = self.root.issue(subject=x509.Name([text]))
            self.assertWrong(der(made), identifiers=["AB123456"])

    def test_names(self):
        for written, person in (
            ("AHMED ALAMI", "Ahmed Alami"),
            ("Fátima-Zahra  El Idrissi", "Fatima Zahra El Idrissi"),
            ("M’hamed Naïm", "M'HAMED NAIM"),
            ("أحمد العلمي", "احمد العلمى"),
            ("أَحْمَد العَلَمي", "أحمد العلمي"),
            ("فاطمة آيت", "فاطمه ايت"),
            ("مـــحمد", "محمد"),
            ("ﺃﺣﻤﺪ", "أحمد"),
            ("یوسف کريم", "يوسف كريم"),
            ("ⵎⵓⵃⴰ ⵣ", "ⵎⵓⵃⴰ ⵣ"),
        ):
            self.assertEqual(self.check(self.certificate(written), person), "name")

    def test_given_name_and_surname(self):
        made, _key = self.root.issue(
            subject=x509.Name(
                [
                    x509.NameAttribute(x509.NameOID.GIVEN_NAME, "Ahmed"),
                    x509.NameAttribute(x509.NameOID.SURNAME, "ALAMI"),
                    x509.NameAttribute(x509.NameOID.COMMON_NAME, "ALAMI Ahmed 7"),
                ]
            )
        )
        self.assertEqual(self.check(der(made)), "name")

    def test_other_names(self):
        for written, person in (
            ("Ahmed Alaoui", "Ahmed Alami"),
            # First name and family name the other way round are another person's.
            ("Omar Hassan", "Hassan Omar"),
            ("Ahmed", "Ahmed Alami"),
            ("Аhmed Alami", "Ahmed Alami"),  # Cyrillic А
            ("Ａhmed Alami", "Ahmed Alami"),  # a wide A
            ("Ahmed A1ami", "Ahmed Alami"),
            ("Ahmeđ Alami", "Ahmed Alami"),
            ("أحمد العلوي", "أحمد العلمي"),
            ("حمد", "أحمد"),
        ):
            wrong = self.assertWrong(self.certificate(written), person)
            self.assertEqual(wrong.named, written)

    def test_hidden_characters(self):
        for written in ("Ahmed\u200b Alami", "\u202eimalA demhA", "Ahmed Alami\u2066"):
            self.assertWrong(self.certificate(written))
            # Not even for a user who was named so.
            self.assertWrong(self.certificate(written), written)

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.gov_base.lib import folding

from ..forms import LIMITS, read_letter, read_who
from ..lib import contact, qr_svg, tokens


@tagged("post_install", "-at_install")
class TestLib(BaseCase):
    def test_search_key_meets_spellings(self):
        same = [
            ("Préfecture de l'Agdal", "prefecture DE L AGDAL"),
            ("الجماعةُ أكدال", "الجماعه اكدال"),
            ("مُديريّة الشؤون", "مديرية الشوون"),
            ("ŒUVRES", "oeuvres"),
            ("٢٠٢٦", "2026"),
        ]
        for one, other in same:
            self.assertEqual(folding.search_key(one), folding.search_key(other), one)
        self.assertNotEqual(folding.search_key("أكدال"), folding.search_key("أكادير"))

    def test_number_key(self):
        for text in ("2026/000142", "٢٠٢٦/٠٠٠١٤٢", " 2026 / 142 ", "2026-142"):
            self.assertEqual(folding.number_key(text), "2026/142", text)
        self.assertNotEqual(
            folding.number_key("2026/1420"), folding.number_key("2026/142")
        )

    def test_email_is_one_address(self):
        refused = [
            "a@b",
            "x@example.com\nBcc: z@example.com",
            "x@example.com\r\nBcc: z@example.com",
            "x@example.com\u2028Bcc: z@example.com",
            "a@example.com, b@example.com",
            "a@example.com;b@example.com",
            "Name <a@example.com>",
            '"a b"@example.com',
            "a@@example.com",
            "a..b@example.com",
            "a@-example.com",
            "x" * 65 + "@example.com",
            "x@" + "d" * 310 + ".com",
            "é@example.com",
        ]
        for text in refused:
            with self.assertRaises(contact.Invalid, msg=text):
                contact.email_address(text)
        self.assertEqual(
            contact.email_address(" A.b+c@Exemple.MA "), "A.b+c@exemple.ma"
        )
        self.assertEqual(
            contact.email_address("a@مثال.المغرب"), "a@xn--mgbh0fb.xn--mgbc0a9azcg"
        )
        self.assertEqual(contact.email_address(""), "")

    @given(st.text(max_size=300))
    def test_email_never_carries_a_header(self, text):
        try:
            address = contact.email_address(text)
        except contact.Invalid:
            return
        self.assertLessEqual(len(address.splitlines()), 1)
        self.assertTrue(address.isascii() and " " not in address)
        self.assertLessEqual(len(address), 254)

    def test_phone(self):
        for text in ("0612345678", "06 12 34 56 78", "+212 612-345678"):
            self.assertEqual(contact.phone_number(text, "MA"), "+212612345678", text)
        self.assertEqual(contact.phone_number("0612345678"), "0612345678")
        for text in ("12", "call me", "+212612345678;ext=1", "0" * 60):
            with self.assertRaises(contact.Invalid, msg=text):
                contact.phone_number(text, "MA")

    def test_names_in_every_script_are_accepted(self):
        for name in ("O'Brien-أيت ⴰⵢⵜ, 李", "Björk", "م", "x" * 200, "José  Ñandú"):
            values, errors = read_who({"kind": "citizen", "name": name})
            self.assertNotIn("name", errors, name)
            self.assertTrue(values["name"])
        for blank in ("", "   ", "\u200b\u200f", "\u202e", "\u2800"):
            _values, errors = read_who({"kind": "citizen", "name": blank})
            self.assertEqual(errors["name"], "name_missing", repr(blank))
        _values, errors = read_who({"kind": "citizen", "name": "x" * 201})
        self.assertEqual(errors["name"], "name_long")

    def test_overrides_are_taken_away(self):
        values, _errors = read_who({"kind": "citizen", "name": "Ali\u202egnp.exe"})
        self.assertEqual(values["name"], "Alignp.exe")

    def test_arabic_digits_in_a_phone(self):
        values, errors = read_who(
            {"kind": "citizen", "name": "م", "phone": "٠٦١٢٣٤٥٦٧٨"}, "MA"
        )
        self.assertFalse(errors)
        self.assertEqual(values["phone"], "+212612345678")

    def test_letter_limits(self):
        cases = [
            ({"subject": "x" * 100_000, "body": "b"}, {"subject": "subject_long"}),
            ({"subject": "s", "body": "b" * 4001}, {"body": "body_long"}),
            ({"subject": "s", "body": "b" * LIMITS["body"]}, {}),
            ({"subject": "\u200b \u200f", "body": "b"}, {"subject": "subject_missing"}),
            ({"subject": "s", "body": " \n\u200b"}, {"body": "body_missing"}),
        ]
        for form, expected in cases:
            values, errors = read_letter(form, False)
            self.assertEqual(errors, expected)
            if "long" in str(expected):
                field = next(iter(expected))
                self.assertEqual(values[field], form[field], "nothing typed is lost")
        self.assertFalse(read_letter({"subject": "s"}, True)[1])

    def test_tokens(self):
        one, other = tokens.new_token(), tokens.new_token()
        self.assertNotEqual(one, other)
        self.assertGreaterEqual(len(one), 32)
        self.assertEqual(tokens.digest(one), tokens.digest(one))
        for bad in (None, "", "short", "a/b" * 20, "x" * 65, 3):
            self.assertEqual(tokens.digest(bad), tokens.NO_DIGEST)

    def test_qr_is_one_path(self):
        size, path = qr_svg.qr_path("https://example.ma/verify/ABCD#x")
        self.assertGreater(size, 20)
        self.assertRegex(path, r"^(M\d+ \d+h\d+v1H\d+z)+$")

import base64

import pypdfium2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.digital_registry.tests.common import pdf_file
from odoo.addons.gov_base.lib import ink

from ..models.desk_slip import PREFIX, STATES
from ..models.desk_slip_gate import TRANSITIONS
from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install")
class TestSlip(OutgoingCase):
    """Transmission slip: what is handed over, and the receipt for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.city = "Rabat"

    def _slip(self, letters=None, **vals):
        letters = letters or self._sealed()
        action = letters.action_slip()
        slip = self.env["desk.slip"].with_user(self.au).browse(action["res_id"])
        slip.write({"recipient_name": "Préfecture de Rabat", **vals})
        return slip

    def _issued(self, **vals):
        slip = self._slip(**vals)
        slip.action_issue()
        return slip

    def _pdf(self, slip):
        return slip.sudo().slip_version_id._read_content()

    def _words(self, pdf):
        document = pypdfium2.PdfDocument(pdf)
        self.addCleanup(document.close)
        return [page.get_textpage().get_text_bounded() for page in document]

    def test_handed_over_and_signed(self):
        letter = self._sealed()
        slip = self._slip(letter)
        form = Form(slip)
        with form.line_ids.new() as line:
            line.designation = "Plan au 1/500"
            line.pieces = 3
        form.save()
        self.assertEqual(slip.piece_count, 4)
        self.assertFalse(letter.sending_ids)
        slip.action_issue()
        sending = letter.sending_ids
        self.assertEqual(
            (letter.state, sending.channel, sending.state), ("sent", "hand", "sent")
        )
        self.assertIn(slip.code, sending.note)
        page = self._words(self._pdf(slip))[0]
        self.assertEqual(len(self._words(self._pdf(slip))), 1)
        for words in (
            letter.number,
            "Plan au 1/500",
            "Total des pièces",
            "Rabat",
            slip.code,
        ):
            self.assertIn(words, page)
        self.assertEqual(ink.codes(self._pdf(slip)), [(0, PREFIX + slip.code)])
        scan = base64.b64encode(self._pdf(slip)).decode()
        for name in ("", "\x00", " \u200b"):
            with self.refused(UserError, "Write who signed"):
                slip.action_signed(name)
        slip.action_signed("M. Tazi, bureau d’ordre", None, scan, "retour.pdf")
        self.assertEqual((slip.state, sending.state), ("signed", "delivered"))
        self.assertIn("M. Tazi", sending.delivery_note)
        self.assertIn("Signed slip", slip.gov_document_ids.mapped("name"))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            slip.sudo().gov_document_ids.unlink()

    def test_scan_of_another_slip(self):
        slip, other = self._issued(), self._issued()
        scan = base64.b64encode(self._pdf(other)).decode()
        with self.refused(UserError, "that of another one"):
            slip.action_signed("M. Tazi", None, scan)
        with self.refused(UserError, "that of another one"):
            slip.action_signed("M. Tazi", None, scan, is_checked=True)
        blank = base64.b64encode(pdf_file("Sans code")).decode()
        with self.refused(UserError, "No code can be read"):
            slip.action_signed("M. Tazi", None, blank)
        for odd in ("§", 7, ["x"], base64.b64encode(b"x").decode()):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                slip.action_signed("M. Tazi", None, odd)
        for day in ("2001-01-01", "soon", 5, "2999-01-01"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                slip.action_signed("M. Tazi", day)
        self.assertEqual(slip.state, "issued")
        slip.action_signed("M. Tazi", None, blank, is_checked=True)
        self.assertEqual(slip.state, "signed")

    def test_cancelled(self):
        letter = self._sealed()
        slip = self._slip(letter)
        slip.action_issue()
        with self.refused(UserError, "why"):
            slip.action_cancel(" ")
        slip.action_cancel("Coursier absent")
        self.assertEqual(
            (slip.state, letter.sending_ids.state), ("cancelled", "cancelled")
        )
        self.assertEqual(letter.state, "sealed")
        self._slip(letter).action_issue()
        self.assertEqual(letter.state, "sent")

    def test_nothing_is_added_afterwards(self):
        slip = self._issued()
        line = slip.line_ids
        with self.refused(UserError, "is out"), self.env.cr.savepoint():
            slip.write({"recipient_name": "X"})
        with self.refused(UserError, "is out"), self.env.cr.savepoint():
            line.write({"pieces": 9})
        with self.refused(UserError, "is out"), self.env.cr.savepoint():
            line.create({"slip_id": slip.id, "designation": "x"})
        with self.refused(UserError, "is out"), self.env.cr.savepoint():
            line.unlink()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            slip.unlink()
        draft = self._slip()
        with self.refused(UserError, "is out"), self.env.cr.savepoint():
            draft.line_ids.write({"slip_id": slip.id})

    def test_every_pair_of_states(self):
        slip = self._issued()
        acts = {
            "issued": ("can_issue", "action_issue", {}),
            "signed": ("can_sign", "action_signed", {"signed_by": "X"}),
            "cancelled": ("can_cancel", "action_cancel", {"reason": "X"}),
        }
        for state, _label in STATES:
            for new, (name, action, arguments) in acts.items():
                for user in (self.au, self.hu, self.au2):
                    slip.sudo()._desk_gated().write({"state": state})
                    seen = slip.with_user(user)
                    allowed = user != self.au2 and (state, new) in TRANSITIONS
                    with self.subTest(state=state, new=new, user=user.login):
                        self.assertEqual(seen[name], allowed)
                        if not allowed:
                            with self.assertRaises(UserError), self.env.cr.savepoint():
                                getattr(seen, action)(**arguments)
                            self.assertEqual(slip.state, state)

    def test_what_is_missing_is_named(self):
        slip = self._slip(place=False, date=False, recipient_name="\u200b")
        with self.refused(UserError, "the recipient, place and date"):
            slip.action_issue()
        empty = self.env["desk.slip"].with_user(self.au).create({"recipient_name": "X"})
        with self.refused(UserError, "line by line"):
            empty.action_issue()
        letter = self._sealed()
        double = self._slip(letter)
        double.line_ids.create({"slip_id": double.id, "outgoing_id": letter.id})
        with self.refused(UserError, "twice"):
            double.action_issue()
        self.assertFalse(letter.sending_ids)

    def test_who_may(self):
        slip = self._issued()
        self.assertTrue(slip.with_user(self.hu).has_access("read"))
        self.assertFalse(slip.with_user(self.al).has_access("read"))
        for vals in ({"state": "signed"}, {"code": "X"}, {"user_id": self.au2.id}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                slip.write(vals)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["desk.slip"].with_user(self.au).create({"state": "signed"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["desk.slip"].with_user(self.au).create({"unit_id": self.legal.id})
        draft = self._reply()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            draft.action_slip()

    def test_several_recipients(self):
        one = self._sealed()
        two = self._sealed(recipient_name="Autre")
        with self.refused(UserError, "several recipients"):
            (one | two).action_slip()

    def test_many_lines_and_hostile_words(self):
        slip = self._slip()
        line = slip.line_ids
        for number in range(40):
            line.create(
                {
                    "slip_id": slip.id,
                    "designation": f"<b>وثيقة {number}</b> 2026/{number:06}",
                    "observations": "{{x}} \u202eabc",
                    "pieces": number + 1,
                }
            )
        slip.action_issue()
        pages = self._words(self._pdf(slip))
        self.assertGreater(len(pages), 1)
        self.assertIn("<b>", " ".join(pages))

    def test_words_of_the_administration(self):
        self.env["gov.template"].create(
            {
                "name": "Bordereau",
                "kind": "slip",
                "lang": "fr_FR",
                "company_id": self.company.id,
                "body": "<p>À transmettre à {{ recipient }} : {{ pieces_count }} pièce</p>",
            }
        )
        self.env["gov.letterhead"].create(
            {
                "name": "P",
                "company_id": self.company.id,
                "lines_fr": "Papier des services",
            }
        )
        pages = self._words(self._pdf(self._issued(recipient_name="<b>Wilaya</b>")))
        self.assertEqual(len(pages), 1)
        self.assertIn("À transmettre à <b>Wilaya</b> : 1 pièce", pages[0])
        self.assertIn("Papier des services", pages[0])

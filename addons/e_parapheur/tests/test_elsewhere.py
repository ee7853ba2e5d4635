import base64
import time
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.auth_totp.models.totp import TIMESTEP, hotp
from odoo.addons.gov_trust.lib.validation import service
from odoo.addons.gov_trust.tests import common_anchors, common_pki
from odoo.addons.gov_trust.tests.common_programs import pyhanko_sign

from .common import BookCase
from .common_power import TOTP_SECRET


@tagged("post_install", "-at_install")
class TestElsewhere(BookCase):
    """A signatory takes the file along, signs with a tool of his own, hands it in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(service.service.close)
        common_anchors.make_people(cls)
        cls.root = common_pki.Authority("Accredited root")
        cls.inner = common_pki.Authority("Accredited authority", cls.root)
        cls.mayor.email = "mayor@example.ma"

    def setUp(self):
        super().setUp()
        self.folder = self._submitted(mains=2)
        self._as(self.folder, self.head).action_approve()
        self.mine = self._as(self.folder, self.signer)

    def trusted(self, **more):
        common_anchors.enable(self, self.root, level="qualified", **more)

    def certificate(self, user=None, name=None, **more):
        user = user or self.signer
        emails = [user.email] if user.email else []
        return self.inner.issue(name or user.name, emails=emails, **more)

    def window(self, user=None):
        folder = self._as(self.folder, user or self.signer)
        action = folder.action_take_along(folder._circuit_base())
        return (
            self.env[action["res_model"]]
            .with_user(user or self.signer)
            .browse(action["res_id"])
        )

    def fill(self, window, certificate=None, key=None):
        if certificate is None:
            certificate, key = self.certificate()
        for line in window.line_ids:
            version = self.env["gov.document.version"].sudo().browse(line.version_id)
            signed = pyhanko_sign(
                version._read_content(),
                line.field_name,
                certificate,
                key,
                [self.inner.der],
            )
            line.signed = base64.b64encode(signed)
        window.is_accepted = True

    def test_without_a_trusted_authority(self):
        self.assertFalse(self.mine.get_desk_folder()["can"]["elsewhere"])
        with self.refused(UserError, "No authority is trusted"):
            self.mine.action_take_along()

    def test_signed_and_handed_in(self):
        self.trusted()
        self.assertTrue(self.mine.get_desk_folder()["can"]["elsewhere"])
        window = self.window()
        self.assertEqual(window.line_ids.mapped("field_name"), ["Sign1", "Sign1"])
        url = window.line_ids[0].action_download()["url"]
        self.assertTrue(url.startswith("/gov/document/"))
        self.fill(window)
        window.action_hand_in()
        signatures = self.folder.sudo().signature_ids
        self.assertEqual(signatures.mapped("made"), ["elsewhere"] * 2)
        self.assertEqual(set(signatures.mapped("trust")), {"qualified"})
        self.assertEqual(set(signatures.mapped("level")), {"B-B"})
        self.assertEqual(len(self._events(self.folder, "folder.signed")), 2)
        # The next one signs here, and the seal closes what both made.
        self._sign(self.folder, self.mayor)
        folder = self.folder.sudo()
        folder._process_closings()
        self.assertEqual(folder.state, "done")
        act = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertTrue(act.closed)
        self.assertEqual(
            [one.made_by for one in act.signatures], ["elsewhere", "here", "here"]
        )

    def test_signed_first_and_the_window_opened_again_later(self):
        self.trusted()
        with freeze_time(datetime.now() - timedelta(hours=1)):
            first = self.window()
            self.fill(first)
        again = self.window()
        for line, signed in zip(again.line_ids, first.line_ids, strict=True):
            line.signed = signed.signed
        again.is_accepted = True
        again.action_hand_in()
        made = self.folder.sudo().signature_ids.mapped("made")
        self.assertEqual(made, ["elsewhere"] * 2)

    def test_the_same_file_is_handed_out_again(self):
        self.trusted()
        self.mine.action_add_signer(self.other.ids)
        self._sign(self.folder, self.signer)
        first, again = (
            self.window(self.other).line_ids.mapped("version_id") for _turn in (1, 2)
        )
        self.assertEqual(first, again)

    def test_consent_is_asked(self):
        self.trusted()
        window = self.window()
        self.fill(window)
        window.is_accepted = False
        with self.refused(UserError, "tick that you accept"):
            window.action_hand_in()

    def test_every_file_is_asked(self):
        self.trusted()
        window = self.window()
        self.fill(window)
        window.line_ids[1].signed = False
        with self.refused(UserError, "is missing"):
            window.action_hand_in()
        with self.refused(UserError, "is missing"):
            self.mine._take_in({}, self._consent())
        self.assertFalse(self.folder.sudo().signature_ids)

    def test_wrong_person(self):
        self.trusted()
        window = self.window()
        self.fill(window, *self.certificate(self.mayor))
        with self.refused(UserError, "made out to"):
            window.action_hand_in()

    def test_another_file(self):
        self.trusted()
        window = self.window()
        self.fill(window)
        first, second = window.line_ids
        first.signed, second.signed = second.signed, first.signed
        with self.refused(UserError, "not the file you downloaded"):
            window.action_hand_in()
        self.assertFalse(self.folder.sudo().signature_ids)

    def test_garbage(self):
        self.trusted()
        window = self.window()
        self.fill(window)
        window.line_ids[0].signed = base64.b64encode(b"%PDF-1.7 no")
        with self.refused(UserError, "."):
            window.action_hand_in()

    def test_too_late(self):
        self.trusted()
        window = self.window()
        self.fill(window)
        handed = self.env["parapheur.elsewhere"].sudo().search([])
        past = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        self.env.cr.execute(
            "UPDATE parapheur_elsewhere SET expires_at = %s WHERE id IN %s",
            (past, tuple(handed.ids)),
        )
        handed.invalidate_recordset()
        with self.refused(UserError, "too long ago"):
            window.action_hand_in()
        handed._forget_expired()
        self.assertFalse(handed.exists())

    def test_out_of_turn(self):
        self.trusted()
        with self.refused(UserError, "."):
            self._as(self.folder, self.mayor).action_take_along()
        with self.assertRaises(AccessError):
            self._as(self.folder, self.other).action_take_along()
        window = self.window()
        self.fill(window)
        self._sign(self.folder, self.signer)
        with self.refused(UserError, "."):
            window.action_hand_in()

    def test_files_of_another_person(self):
        self.trusted()
        window = self.window()
        files = dict.fromkeys(window.line_ids.mapped("elsewhere_id"), b"x")
        with self.refused(UserError, "."):
            self._as(self.folder, self.mayor)._take_in(files, self._consent())
        rows = self.env["parapheur.elsewhere"].with_user(self.mayor).search([])
        self.assertFalse(rows)
        with self.assertRaises(AccessError):
            self.env["parapheur.elsewhere"].with_user(self.signer).search([]).write(
                {"field_name": "Seal"}
            )

    def test_somebody_inserted_late(self):
        self.trusted()
        self.mine.action_add_signer(self.other.ids)
        self._sign(self.folder, self.signer)
        for user in (self.other, self.mayor):
            window = self.window(user)
            self.fill(window, *self.certificate(user))
            window.action_hand_in()
        act = self.env["gov.sign"]._check(self._bytes(self.folder))
        self.assertEqual(
            [one.made_by for one in act.signatures], ["here", "elsewhere", "elsewhere"]
        )
        self.assertEqual(self.folder.sudo().state, "closing")

    def test_lines_are_the_window_s_alone(self):
        self.trusted()
        window = self.window()
        with self.assertRaises(AccessError):
            window.with_user(self.mayor).read(["consent_text"])
        with self.assertRaises(AccessError):
            window.with_user(self.mayor).write({"line_ids": [Command.clear()]})

    def test_a_nature_that_asks_for_a_code_asks_it_here_too(self):
        """The PIN of a token is not seen here: what the nature asks besides is."""
        self.trusted()
        nature = self.nature.copy({"reauth": "pin+totp", "level_min": "qualified"})
        self.folder = self._submitted(nature=nature)
        self._as(self.folder, self.head).action_approve()
        window = self.window()
        self.assertEqual(window.proof_kind, "totp")
        self.fill(window)
        with self.refused(UserError, "authenticator application and you have not"):
            window.action_hand_in()
        self.signer.sudo().totp_secret = TOTP_SECRET
        for odd in (False, {"totp": "000"}, {"passkey": {}}, 7):
            window.proof = odd
            with self.refused(UserError, "digits|not the code|can be read"):
                window.action_hand_in()
        counter = int(time.time() / TIMESTEP)
        window.proof = {"totp": f"{hotp(base64.b32decode(TOTP_SECRET), counter):06d}"}
        window.action_hand_in()
        row = self.folder.sudo().signature_ids
        self.assertEqual((row.proof, row.trust), ("totp", "qualified"))

    def test_the_level_of_what_was_made_elsewhere_counts(self):
        common_anchors.enable(self, self.root, level="simple")
        nature = self.nature.copy({"level_min": "advanced"})
        self.folder = self._submitted(nature=nature)
        self._as(self.folder, self.head).action_approve()
        window = self.window()
        self.fill(window)
        with self.refused(UserError, "at least advanced"):
            window.action_hand_in()
        self.assertFalse(self.folder.sudo().signature_ids)

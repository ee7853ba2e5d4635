import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PIN, BookCase

WORDS = {"text_fr": "J’ai tout lu.", "text_ar": "قرأت كل شيء."}


@tagged("post_install", "-at_install", "alone")
class TestConsent(BookCase):
    """What is accepted before signing: published once, kept by each signature."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consents = (
            cls.env["parapheur.consent"].with_user(cls.admin).with_company(cls.company)
        )

    def _shown(self, lang="fr_FR", **kwargs):
        return self.consents._shown(lang, self.company, **kwargs)

    def test_the_text_of_the_product(self):
        shown = self._shown()
        self.assertEqual(shown["id"], "2026-1-fr")
        self.assertEqual(
            shown["sha256"], hashlib.sha256(shown["text"].encode()).hexdigest()
        )
        self.assertEqual(self._shown("ar_MA")["id"], "2026-1-ar")
        self.assertEqual(self._shown("zgh_MA")["id"], "2026-1-fr")
        self.assertEqual(
            self._shown(purpose="delegation")["id"], "2026-1-D-fr", "separate"
        )
        text = self.consents.search([("code", "=", "2026-1")])
        for act in (text.action_retire, text.action_publish):
            with self.assertRaises(AccessError):
                act()
        with self.refused(UserError, "was published"):
            text.write({"text_fr": "x"})

    def test_an_administration_has_its_own(self):
        own = self.consents.create(WORDS)
        self.assertEqual(own.company_id, self.company)
        self.assertEqual(self._shown()["id"], "2026-1-fr", "not published yet")
        self.assertIsNone(self.consents._of(f"{own.code}-fr"), "no draft is accepted")
        own.action_publish()
        self.assertEqual(self._shown()["text"], "J’ai tout lu.")
        self.assertEqual(self._shown("en_US")["id"], f"{own.code}-fr", "no English")
        self.assertEqual(
            self.consents._shown("fr_FR", self.elsewhere)["id"], "2026-1-fr"
        )
        own.action_retire()
        self.assertEqual(self._shown()["id"], "2026-1-fr")
        self.assertEqual(self.consents._of(f"{own.code}-fr")["text"], "J’ai tout lu.")

    def test_what_was_published_never_changes(self):
        own = self.consents.create(WORDS)
        own.action_publish()
        for vals in ({"text_fr": "x"}, {"note": "x"}, {"company_id": False}):
            with self.refused(UserError, "was published"):
                own.write(vals)
        for vals in ({"state": "draft"}, {"code": "x"}, {"sha256_fr": "x"}):
            with self.assertRaises(AccessError):
                own.write(vals)
        with self.refused(UserError, "was published"):
            own.unlink()
        born = self.consents.with_context(default_state="published")
        self.assertEqual(born.create(WORDS).state, "draft")
        with self.assertRaises(AccessError):
            self.consents.create({**WORDS, "code": "2026-1"})
        draft = self.consents.create(WORDS)
        with self.assertRaises(AccessError):
            draft.company_id = False

    def test_a_text_that_was_replaced_is_not_accepted(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        old = self._consent()
        own = self.consents.create(WORDS)
        own.action_publish()
        signer = self._as(folder, self.signer)
        for odd in (old, f"{own.code}-en", f"{own.code}-xx", "x", 3, ["x"], {}):
            with self.assertRaises(UserError):
                signer.action_sign(PIN, base=folder._circuit_base(), consent=odd)
        folders = signer.with_context(lang="fr_FR")
        accepted = folders.get_consent()["id"]
        signer.action_sign(PIN, base=folder._circuit_base(), consent=accepted)
        signature = folder.sudo().signature_ids
        self.assertEqual(signature.consent_id, accepted)
        self.assertEqual(signature.consent_sha256, own.sha256_fr)

    def test_only_the_functional_administrator(self):
        own = self.consents.create(WORDS)
        for user in (self.clerk, self.supervisor, self.auditor, self.stranger):
            with self.assertRaises(AccessError):
                own.with_user(user).action_publish()
            with self.assertRaises(AccessError):
                self.env["parapheur.consent"].with_user(user).create(WORDS)

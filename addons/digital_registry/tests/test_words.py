from odoo.tests import tagged

from .common import RegistryCommon


@tagged("post_install", "-at_install")
class TestWords(RegistryCommon):
    """A letter is found by any of its words, whichever of its columns holds them."""

    def setUp(self):
        super().setUp()
        self.letter = self._register(
            subject="Permis de construire", sender_name="Fatima Zahra"
        ).with_env(self.env)
        self.other = self._register(
            subject="Étal au marché", sender_name="محمد بن علال"
        ).with_env(self.env)
        self._drain()
        self.both = self.letter | self.other

    def found(self, words, operator="ilike"):
        letters = self.env["registry.letter"]
        domain = [("id", "in", self.both.ids), ("words", operator, words)]
        return letters.search(domain)

    def test_each_column(self):
        self.assertTrue(self.letter.number)
        for words in (self.letter.number, self.letter.reference, "permis", "zahra"):
            self.assertEqual(self.found(words), self.letter, words)
        for words in (self.other.number[-6:], "etal", "علال", self.other.reference[2:]):
            self.assertIn(self.other, self.found(words), words)
        self.assertFalse(self.found("nothing of the kind"))
        self.assertEqual(self.found("nothing of the kind", "not ilike"), self.both)
        self.assertEqual(self.found("permis", "not ilike"), self.other)
        self.assertEqual(self.found("100%_"), self.env["registry.letter"])

    def test_what_is_found_shows_why(self):
        words = self.letter.words
        for part in (self.letter.number, self.letter.subject, self.letter.sender_name):
            self.assertIn(part, words)

    def test_kept_of_those_at_hand(self):
        self.assertEqual(
            self.both.filtered_domain([("words", "ilike", "fatima")]), self.letter
        )

    def test_a_list_of_choices(self):
        letters = self.env["registry.letter"]
        found = letters.name_search("Permis de construire", limit=None)
        self.assertIn(self.letter.id, dict(found))
        self.assertNotIn(self.other.id, dict(found))

    def test_another_administration_stays_closed(self):
        self.assertFalse(
            self.env["registry.letter"]
            .with_user(self.users["registrar2"])
            .search([("words", "ilike", "permis de construire")])
            & self.both
        )

from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestDesks(PortalCase):
    def test_directory_shows_published_desks_only(self):
        page = self.get("/desks")
        self.assertEqual(page.status, 200)
        self.assertIn("Bureau d'ordre d'Agdal", page.main)
        self.assertIn("Commune d'Agdal", page.main)
        self.assertIn("Letters to the services", page.main)
        self.assertNotIn("Bureau d'ordre interne", page.main)

    def test_search_in_any_script(self):
        self.closed_desk.with_context(lang="ar_MA").name = "مكتب الميناء"
        for query in ("مَكتب الضّبط اكدال", "ⴰⴳⴷⴰⵍ", "LÉTTERS commune"):
            page = self.get("/desks", params={"q": query})
            self.assertIn(f"/desks/{self.desk.portal_slug}", page.text, query)
            self.assertNotIn(f"/desks/{self.closed_desk.portal_slug}", page.text, query)
        page = self.get("/desks", params={"q": "مكتب المينا"})
        self.assertIn(f"/desks/{self.closed_desk.portal_slug}", page.text)
        page = self.get("/desks", params={"q": "zzz<script>alert(1)</script>"})
        self.assertIn("No desk matches", page.text)
        self.assertNotIn("<script>alert", page.text)

    def test_search_signs_are_words_not_patterns(self):
        for query in ("%", "_", "%%%", "' OR 1=1 --", "\\"):
            self.assertEqual(self.get("/desks", params={"q": query}).status, 200)

    def test_desk_page(self):
        page = self.get(f"/desks/{self.desk.portal_slug}")
        self.assertEqual(page.status, 200)
        self.assertIn("Urbanisme", page.text)
        self.assertTrue(page.all(f"//a[@href='/deposit/{self.desk.portal_slug}']"))
        arabic = self.get(f"/ar/desks/{self.desk.portal_slug}")
        self.assertIn("مكتب الضبط أكدال", arabic.text)

    def test_closed_desk_says_where_to_go(self):
        self.closed_desk.portal_closed_note = "Works until June."
        for place in ("desks", "deposit"):
            page = self.get(f"/{place}/{self.closed_desk.portal_slug}")
            self.assertEqual(page.status, 200)
            self.assertIn("Works until June.", page.text)
            self.assertTrue(page.all(f"//a[@href='/deposit/{self.desk.portal_slug}']"))
            self.assertFalse(page.all("//main//form[@method='post']"))

    def test_unpublished_and_unknown_are_the_same_404(self):
        bodies = set()
        for slug in (self.hidden_desk.portal_slug, "nowhere", "x" * 500):
            for place in ("desks", "deposit"):
                page = self.get(f"/{place}/{slug}")
                self.assertEqual(page.status, 404)
                bodies.add(page.main)
        self.assertEqual(len(bodies), 1)

    def test_slug_is_unique_and_readable(self):
        self.assertEqual(self.desk.portal_slug, "gpt-agd")
        company = self.env["res.company"].create(
            {"name": "Other (GPT2)", "gov_tz": "Africa/Casablanca"}
        )
        twin = self.env["registry.office"].create(
            {"name": "Twin", "code": "GPT-AGD", "company_id": company.id}
        )
        self.assertNotEqual(twin.portal_slug, self.desk.portal_slug)

    def test_directory_queries_do_not_grow(self):
        self.get("/desks")
        offices = self.env["registry.office"]
        few, _total = offices._portal_directory("")
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            offices._portal_directory("")
        for number in range(20):
            self.env["registry.office"].create(
                {
                    "name": f"Desk {number}",
                    "code": f"D{number}",
                    "company_id": self.company.id,
                    "is_published": True,
                }
            )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            many, _total = offices._portal_directory("")
        self.assertEqual(len(many), len(few) + 20)

    def test_closed_desks_come_last(self):
        self._make_desk("ZZZ", "Zzz", is_published=True)
        cards, _total = self.env["registry.office"]._portal_directory("")
        states = [card["is_open"] for card in cards]
        self.assertEqual(states, sorted(states, reverse=True))

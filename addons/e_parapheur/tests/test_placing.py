from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.gov_base.tests.pdf_files import changed, drawn
from odoo.addons.gov_trust.tests.common_elsewhere import sign_elsewhere
from odoo.addons.gov_trust.tests.common_pki import Authority

from .common import BookCase, pdf


@tagged("post_install", "-at_install", "alone")
class TestPlacing(BookCase):
    """Blocks where a person or a tag puts them, until the first signature."""

    def placed(self, folder, user=None):
        folder = self._as(folder, user or self.clerk)
        told = folder.get_placement(folder.main_ids[0].id)
        return told, {box["name"]: box for box in told["boxes"]}

    def tagged(self, draw, **kwargs):
        return self._draft(content=drawn(draw, **kwargs))

    def test_usual_places(self):
        folder = self._draft()
        told, boxes = self.placed(folder)
        self.assertTrue(told["editable"])
        self.assertEqual(list(boxes), ["Sign1", "Sign2", "Seal"])
        self.assertEqual({box["origin"] for box in boxes.values()}, {"default"})
        self.assertIn("Mohamed Benallal", boxes["Sign1"]["label"])
        folder.action_submit()
        _told, after = self.placed(folder)
        for name, box in boxes.items():
            for key in ("page", "x", "y", "width", "height"):
                self.assertAlmostEqual(box[key], after[name][key], delta=0.2)

    def test_placed_in_the_draft_and_moved_in_circuit(self):
        folder = self._draft(content=pdf(pages=2))
        document = folder.main_ids.id
        place = {"name": "Sign2", "page": 0, "x": 100.0, "y": 400.0}
        folder.action_place(document, [place])
        folder.action_submit()
        _told, boxes = self.placed(folder)
        self.assertEqual(
            [boxes["Sign2"][key] for key in ("page", "x", "y", "origin")],
            [0, 100, 400, "person"],
        )
        before = self._bytes(folder)
        base = before[: folder.sudo().piece_ids.base_size]
        self._as(folder, self.head).action_approve()
        signer = self._as(folder, self.signer)
        signer.action_place(
            document, [{"name": "Sign1", "page": 1, "x": -50, "y": 5e3}]
        )
        _told, boxes = self.placed(folder)
        self.assertEqual((boxes["Sign1"]["x"], boxes["Sign1"]["page"]), (0, 1))
        self.assertAlmostEqual(boxes["Sign1"]["y"], 842 - 74, delta=0.1)
        after = self._bytes(folder)
        self.assertTrue(after.startswith(base))
        self.assertTrue(folder.sudo().piece_ids._shows_the_same(after))
        self.assertEqual(len(self._events(folder, "folder.placed")), 1)
        self._sign(folder, self.signer)
        told, _boxes = self.placed(folder, self.mayor)
        self.assertFalse(told["editable"])
        with self.refused(UserError, "signed already"):
            self._as(folder, self.mayor).action_place(document, [place])
        self._sign(folder, self.mayor)
        folder.sudo()._process_closings()
        folder.invalidate_recordset()
        self.assertEqual(folder.sudo().state, "done")

    def test_who_may_not(self):
        folder = self._draft()
        document = folder.main_ids.id
        place = [{"name": "Seal", "page": 0, "x": 10, "y": 10}]
        for user in (self.signer, self.other, self.admin, self.stranger):
            with self.refused(AccessError, "."):
                self._as(folder, user).action_place(document, place)
        folder.action_submit()
        for user in (self.head, self.supervisor, self.auditor):
            with self.refused(AccessError, "Blocks are placed by"):
                self._as(folder, user).action_place(document, place)
        with self.refused(AccessError, "."):
            folder.write({"placements": {}})
        with self.refused(AccessError, "."):
            folder.copy({"placements": {"1": {}}})

    def test_odd_places(self):
        folder = self._draft()
        document = folder.main_ids.id
        good = {"name": "Seal", "page": 0, "x": 10, "y": 10}
        for odd in (
            None,
            [],
            "x",
            [1],
            [{}],
            [{**good, "name": "Sign9"}],
            [{**good, "name": ["Seal"]}],
            [{**good, "page": 1}],
            [{**good, "page": -1}],
            [{**good, "page": True}],
            [{**good, "page": "0"}],
            [{**good, "x": float("nan")}],
            [{**good, "x": "10"}],
            [{**good, "y": None}],
            [{**good, "y": float("inf")}],
            [good] * 101,
        ):
            with (
                self.subTest(odd=odd),
                self.refused(UserError, "nothing was moved|reload"),
            ):
                folder.action_place(document, odd)
        for odd in (0, -1, 10**30, "1", None, [document], folder.id + 10**6):
            with self.subTest(odd=odd), self.refused(UserError, "not in the folder"):
                folder.action_place(odd, [good])
            with self.subTest(odd=odd), self.refused(UserError, "not in the folder"):
                folder.get_placement(odd)
        over = [good, {**good, "name": "Sign1", "x": 60}]
        with self.refused(UserError, "would lie over"):
            folder.action_place(document, over)
        folder.action_place(document, [good])
        told = folder.action_place(document, [{"name": "Seal", "page": None}])
        self.assertEqual({box["origin"] for box in told["boxes"]}, {"default"})

    def test_tags_place_the_blocks(self):
        def draw(canvas):
            canvas.drawString(300, 200, "#signature1#")
            canvas.drawString(60, 500, "#Signature 2#")
            canvas.drawString(60, 700, "#cachet#")

        folder = self.tagged(draw, pages=2)
        folder.action_check_documents()
        _told, boxes = self.placed(folder)
        self.assertEqual({box["origin"] for box in boxes.values()}, {"tag"})
        self.assertEqual((boxes["Sign2"]["page"], round(boxes["Sign2"]["x"])), (0, 60))
        self.assertAlmostEqual(boxes["Sign2"]["y"], 842 - 500 - 9, delta=6)
        # Both pages have the tags: the first place counts, and it is said.
        sentences = [row["sentence"] for row in folder.get_hygiene()[0]["rows"]]
        self.assertTrue([one for one in sentences if "more than once" in one])
        folder.action_submit()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        signed = folder.sudo().signature_ids
        self.assertEqual(signed.field_name, "Sign1")

    def test_two_tags_on_one_line_and_a_tag_for_nobody(self):
        def draw(canvas):
            canvas.drawString(60, 300, "#signature1#")
            canvas.drawString(140, 300, "#signature2#")
            canvas.drawString(60, 200, "#signature7#")

        folder = self.tagged(draw)
        folder.action_check_documents()
        _told, boxes = self.placed(folder)
        one, other = boxes["Sign1"], boxes["Sign2"]
        self.assertEqual((one["origin"], other["origin"]), ("tag", "tag"))
        self.assertEqual(one["y"], other["y"])
        self.assertGreaterEqual(other["x"], one["x"] + one["width"])
        rows = {row["code"]: row for row in folder.get_hygiene()[0]["rows"]}
        self.assertIn("#signature7#", rows["tag_without_signer"]["sentence"])
        folder.action_submit()

    def test_no_tag_is_said_and_words_are_those_of_the_nature(self):
        folder = self._draft()
        folder.action_check_documents()
        codes = [row["code"] for row in folder.get_hygiene()[0]["rows"]]
        self.assertIn("tag_missing", codes)
        nature = self.nature.copy({"sign_tags": "visa"})
        folder = self._draft(
            nature=nature,
            content=drawn(lambda canvas: canvas.drawString(60, 300, "#visa#")),
        )
        _told, boxes = self.placed(folder)
        self.assertEqual(boxes["Sign1"]["origin"], "tag")
        for words in ("a b", "x1", "cachet", "#"):
            if words == "#":
                self.nature.copy({"sign_tags": words})
                continue
            with self.subTest(words=words), self.refused(ValidationError, "tag"):
                self.nature.copy({"sign_tags": words})

    def test_turned_pages_take_their_blocks_upright(self):
        for turn in (90, 180, 270):
            with self.subTest(turn=turn):
                folder = self._draft(
                    content=changed(
                        pdf(),
                        lambda one, turn=turn: setattr(
                            one.pages[0].obj, "Rotate", turn
                        ),
                    )
                )
                place = {"name": "Sign1", "page": 0, "x": 30, "y": 40}
                folder.action_place(folder.main_ids.id, [place])
                folder.action_submit()
                _told, boxes = self.placed(folder)
                self.assertAlmostEqual(boxes["Sign1"]["x"], 30, delta=0.1)
                self.assertAlmostEqual(boxes["Sign1"]["y"], 40, delta=0.1)
                self.assertEqual(boxes["Sign1"]["width"], 185)

    def test_an_inserted_signer_does_not_take_the_box_of_another(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        keys = self.env["gov.key"]
        keys._make_personal(self.other, self.company, "246802")
        added = self._as(folder, self.signer).action_add_signer(self.other.ids)
        self.assertTrue(added)
        self._sign(folder, self.other, pin="246802")
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        self.assertEqual(
            folder.sudo().signature_ids.sorted("id").mapped("field_name"),
            ["Sign3", "Sign1", "Sign2"],
        )

    def test_the_secretary_of_the_signatory_places(self):
        folder = self._submitted()
        document = folder.main_ids.id
        place = [{"name": "Sign1", "page": 0, "x": 40, "y": 300}]
        self.env["parapheur.secretary"].with_user(self.signer).with_company(
            self.company
        ).create({"signatory_id": self.signer.id, "secretary_id": self.other.id})
        own = self._as(folder, self.other)
        with self.refused(AccessError, "."):
            own.action_place(document, place)
        self._as(folder, self.head).action_approve()
        told = own.action_place(document, place)
        self.assertTrue(told["editable"])
        self._sign(folder, self.signer)
        with self.refused(UserError, "."):
            own.action_place(document, place)

    def test_a_turned_page_that_somebody_signed_elsewhere(self):
        theirs = Authority("Their root")
        certificate, key = theirs.issue("Société Atlas", kind="rsa2048", mark="turn")
        turned = changed(pdf(), lambda one: setattr(one.pages[0].obj, "Rotate", 90))
        content = sign_elsewhere(turned, certificate, key, [theirs.der])
        folder = self._draft(content=content)
        folder.action_place(
            folder.main_ids.id, [{"name": "Sign1", "page": 0, "x": 300, "y": 40}]
        )
        folder.action_submit()
        (report,) = folder.get_hygiene()
        self.assertIn("Société Atlas", " ".join(r["sentence"] for r in report["rows"]))
        self.assertTrue(self._bytes(folder).startswith(content))
        _told, boxes = self.placed(folder)
        self.assertAlmostEqual(boxes["Sign1"]["x"], 300, delta=0.1)
        self.assertAlmostEqual(boxes["Sign1"]["y"], 40, delta=0.1)
        self.assertEqual(boxes["Sign1"]["width"], 185)
        folder.action_place(
            folder.main_ids.id, [{"name": "Sign1", "page": 0, "x": 310, "y": 50}]
        )
        self.assertTrue(self._bytes(folder).startswith(content))
        _told, boxes = self.placed(folder)
        self.assertAlmostEqual(boxes["Sign1"]["x"], 310, delta=0.1)

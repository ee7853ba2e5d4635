from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestBoard(DeskCase):
    """What the dispatch board reads and does."""

    def _board(self, user):
        board = self.env["desk.board"].with_user(user).with_company(user.company_id)
        self.env.flush_all()
        self.env.invalidate_all()
        return board

    def _wait(self, count=3, **vals):
        letters = [self._register(**vals) for _number in range(count)]
        return self.env["registry.letter"].union(*letters)

    def test_list(self):
        letters = self._wait()
        today = fields.Date.context_today(letters)
        letters[1]._desk_write({"desk_due_date": today - timedelta(days=2)})
        letters[2]._desk_write({"desk_due_date": today + timedelta(days=5)})
        board = self._board(self.hs).load()
        self.assertEqual(
            [row["id"] for row in board["letters"]],
            [letters[1].id, letters[2].id, letters[0].id],
        )
        self.assertEqual((board["count"], board["found"]), (3, 3))
        self.assertEqual([row["days"] for row in board["letters"]], [-2, 5, None])
        self.assertEqual(board["letters"][0]["number"], letters[1].number)
        self.assertIn(self.urbanism.id, [unit["id"] for unit in board["units"]])
        self.assertNotIn(self.other_unit.id, [unit["id"] for unit in board["units"]])
        self.assertTrue(board["instructions"])
        self.assertFalse(self._board(self.al).load()["letters"])
        self.assertFalse(self._board(self.stranger).load()["letters"])
        self.assertEqual(self._board(self.supervisor).load()["count"], 3)
        for user in (self.registrar, self.desk_auditor):
            with self.refused(AccessError, "for the people of the mail desk"):
                self._board(user).load()

    def test_search_and_counts(self):
        letters = self._wait(subject="Permis de construire")
        self._register(subject="Facture")
        board = self._board(self.hs)
        found = board.load("permis", with_words=False)
        self.assertEqual((found["count"], found["found"]), (4, 3))
        self.assertNotIn("units", found)
        self.assertEqual(board.load(letters[0].number)["found"], 1)
        self.assertEqual(board.load("%")["found"], 0)
        self.assertEqual(board.load({"x": 1})["found"], 4)
        self._assigned()
        self.assertEqual(self._board(self.hu).load()["working"], 1)

    def test_queries_do_not_grow_with_the_rows(self):
        counts = []
        self._wait(1)
        self._board(self.hs).load()
        for more in (2, 5):
            self._wait(more)
            board = self._board(self.hs)
            before = self.env.cr.sql_log_count
            board.load()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_the_next_letter_in_ten_queries(self):
        letter = self._register()
        self._row(letter, self.hs).action_dispatch(
            unit_id=self.urbanism.id, note="Voir avec M. Tazi"
        )
        self._row(letter, self.hu).action_refuse("Non")
        self._row(letter, self.hs).action_dispatch(unit_id=self.urbanism.id)
        # What a warm server knows already: rules, groups, the time zone of the browser.
        board = self._board(self.hu).with_context(tz="Africa/Casablanca")
        board.open(letter.id)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        shown = board.open(letter.id)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 10)
        self.assertEqual(shown["number"], letter.number)
        self.assertEqual(
            shown["can"],
            {"dispatch": True, "return": True, "redirect": True, "refuse": True},
        )
        self.assertEqual(shown["unit_id"], self.urbanism.id)
        self.assertEqual(shown["from_unit_id"], self.secretariat.id)
        self.assertEqual(
            [(one["what"], one["reason"]) for one in shown["came_back"]],
            [("refused", "Non")],
        )

    def test_a_letter_of_others(self):
        letter = self._register()
        for user in (self.al, self.stranger):
            with self.refused(UserError, "no longer, yours to read"):
                self._board(user).open(letter.id)
        for wrong in (10**6, "x", None, [letter.id], True):
            with self.refused(UserError, "no longer, yours to read"):
                self._board(self.hs).open(wrong)

    def test_people_of_a_unit(self):
        self._assigned()
        people = self._board(self.hs).agents(self.urbanism.id)
        self.assertEqual(
            [(one["name"], one["load"]) for one in people],
            [("AU2 Desk", 0), ("HU Desk", 0), ("AU Desk", 1)],
        )
        self.assertEqual([one["is_head"] for one in people], [False, True, False])
        for wrong in (self.other_unit.id, "x", 10**6):
            with self.refused(UserError, "no such unit"):
                self._board(self.hs).agents(wrong)

    def test_find_people(self):
        board = self._board(self.hs)
        found = board.find_people("desk", self.company.id)
        names = [one["name"] for one in found]
        self.assertIn("AU Desk", names)
        self.assertNotIn("HS Desk", names)
        self.assertNotIn("STRANGER Desk", names)
        self.assertEqual(
            [(one["id"], one["unit"]) for one in board.find_people("AU2")],
            [(self.au2.id, "Urbanisme")],
        )
        self.assertFalse(board.find_people("desk", self.other_company.id))
        for wrong in ({"x": 1}, None, "%"):
            self.assertLessEqual(len(board.find_people(wrong, "x")), 8)
        with self.refused(AccessError, "for the people of the mail desk"):
            self._board(self.registrar).find_people("AU")

    def test_each_as_proposed(self):
        category = self.env["registry.category"].create(
            {
                "name": "Contentieux",
                "company_id": self.company.id,
                "unit_id": self.legal.id,
            }
        )
        # The category names the unit of letters that come without one.
        known = self._register(unit_id=self.secretariat.id, category_id=category.id)
        done = self._board(self.hs).dispatch_as_proposed(
            [known.id, 10**6], {"note": "Voir", "unit_id": self.urbanism.id}
        )
        self.assertEqual([one["ok"] for one in done], [True, False])
        self.assertEqual(known.desk_unit_id, self.legal)
        self.assertRegex(done[1]["sentence"], "no longer, yours to read")

    def test_many_at_once_and_those_that_could_not(self):
        letters = self._wait(4)
        self._row(letters[1], self.hs).action_dispatch(unit_id=self.legal.id)
        letters[2].with_user(self.supervisor).action_close("Double", kind="no_reply")
        strange = self._arrived()
        done = self._board(self.hs).dispatch(
            [*letters.ids, strange.id, 10**6],
            {
                "unit_id": self.urbanism.id,
                "user_id": self.au.id,
                "instruction_id": self.action.id,
                "copy_unit_ids": self.legal.ids,
                "state": "done",
            },
        )
        self.assertEqual(
            [one["ok"] for one in done], [True, False, False, True, False, False]
        )
        self.assertEqual(done[0]["sentence"], "Urbanisme – AU Desk")
        self.assertRegex(done[1]["sentence"], "Only the head of Affaires juridiques")
        self.assertRegex(done[2]["sentence"], "nothing is left to dispatch")
        self.assertRegex(done[4]["sentence"], "no longer, yours to read")
        self.assertEqual(letters[3].desk_user_id, self.au)
        self.assertEqual(letters[1].desk_unit_id, self.legal)

    def test_wrong_forms(self):
        letters = self._wait(1)
        board = self._board(self.hs)
        with self.refused(UserError, "Choose the unit first"):
            board.dispatch(letters.ids, {"unit_id": False})
        with self.refused(UserError, "Choose the unit first"):
            board.dispatch(letters.ids, "x")
        with self.refused(UserError, "at least one letter"):
            board.dispatch([], {"unit_id": self.legal.id})
        with self.refused(UserError, "too many"):
            board.dispatch(list(range(1, 300)), {"unit_id": self.legal.id})
        with self.refused(UserError, "choose one of them"):
            board.move(letters.ids, "unlink", {})
        with self.refused(UserError, "choose one of them"):
            board.move(letters.ids, {"a": 1}, {})
        with self.refused(AccessError, "for the people of the mail desk"):
            self._board(self.registrar).dispatch(
                letters.ids, {"unit_id": self.legal.id}
            )
        (one,) = board.dispatch(letters.ids, {"unit_id": self.other_unit.id})
        self.assertRegex(one["sentence"], "not one of the administration")
        self.assertEqual(letters.desk_state, "to_dispatch")

    def test_moves_and_undo(self):
        letters = self._wait(2)
        board = self._board(self.hs)
        board.dispatch(letters.ids, {"unit_id": self.urbanism.id})
        back = board.move(letters[0].ids, "withdraw")
        self.assertTrue(back[0]["ok"])
        self.assertEqual(letters[0].desk_unit_id, self.secretariat)
        head = self._board(self.hu)
        (one,) = head.move(letters[1].ids, "refuse", {"reason": " "})
        self.assertRegex(one["sentence"], "Say why")
        (one,) = head.move(letters[1].ids, "refuse", {"reason": "Non"})
        self.assertTrue(one["ok"])
        board.dispatch(letters[1].ids, {"unit_id": self.urbanism.id})
        (one,) = self._board(self.hu).move(
            letters[1].ids,
            "redirect",
            {"reason": "Contentieux", "unit_id": self.legal.id, "keep_copy": True},
        )
        self.assertEqual((one["ok"], one["sentence"]), (True, "Affaires juridiques"))
        (one,) = self._board(self.hl).move(
            letters[1].ids, "return", {"reason": "Permis"}
        )
        self.assertTrue(one["ok"])
        self.assertEqual(letters[1].desk_unit_id, self.secretariat)

    def test_two_heads_at_once(self):
        letter = self._register()
        first, second = self._board(self.hs), self._board(self.dg)
        shown = second.open(letter.id)
        first.dispatch(letter.ids, {"unit_id": self.legal.id})
        rows = {str(letter.id): shown["row_id"]}
        # DG heads the unit below too: he is told what HS did, nothing is done over it.
        (one,) = second.dispatch(letter.ids, {"unit_id": self.urbanism.id}, rows)
        self.assertRegex(one["sentence"], "dispatched already, by HS Desk")
        (one,) = second.move(letter.ids, "return", {"reason": "x"}, rows)
        self.assertRegex(one["sentence"], "is with Affaires juridiques now")
        self.assertEqual(letter.desk_unit_id, self.legal)
        # The row of another letter is not heard.
        (one,) = first.dispatch(
            letter.ids, {"unit_id": self.legal.id}, {letter.id: self._arrived().id}
        )
        self.assertFalse(one["ok"])

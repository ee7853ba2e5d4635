from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DeskCase

READ = {
    "subject": {},
    "desk_state": {},
    "desk_unit_id": {"fields": {"display_name": {}}},
}


@tagged("post_install", "-at_install", "alone")
class TestReader(DeskCase):
    """Who reads a letter is one question, asked live and from the person's side."""

    def readers(self, letter):
        """Return the logins of those who find the letter and may read it; the two agree."""
        found = set()
        for user in (self.hs, self.hu, self.au, self.au2, self.hl, self.al, self.dg):
            seen = letter.with_user(user)
            finds = bool(seen.search([("id", "=", letter.id)]))
            self.assertEqual(finds, seen.has_access("read"), user.login)
            self.assertEqual(finds, seen.sudo().desk_readable, user.login)
            if finds:
                found.add(user.login.removeprefix("md_"))
        return found

    def test_the_unit_and_those_above(self):
        letter = self._arrived()
        before = self.readers(letter)
        self.assertLessEqual({"hu", "au", "dg"}, before)
        self.assertFalse({"hl", "al"} & before)

    def test_a_dispatch_opens_it_in_the_same_transaction(self):
        letter = self._assigned()
        self.assertFalse(letter.with_user(self.al).has_access("read"))
        self._row(letter, self.hu).action_redirect(
            unit_id=self.legal.id, reason="Not ours"
        )
        self.assertTrue(letter.with_user(self.al).has_access("read"))
        self.assertLessEqual({"hl", "al"}, self.readers(letter))

    def test_who_moves_reads_other_letters_at_once(self):
        letter = self._arrived()
        seen = letter.with_user(self.al)
        self.assertFalse(seen.has_access("read"))
        self.people["al"].department_id = self.urbanism
        self.assertTrue(seen.has_access("read"))
        self.people["al"].department_id = self.legal
        with self.assertRaises(AccessError):
            seen.check_access("read")

    def test_who_is_asked(self):
        letter = self._assigned()
        self.assertFalse(letter.with_user(self.al).has_access("read"))
        letter.with_user(self.au).action_ask_opinion(self.al.ids, "What do you think?")
        self.assertTrue(letter.with_user(self.al).has_access("read"))
        self.assertIn("al", self.readers(letter))

    def test_both_answers(self):
        mine, theirs = self._arrived(), self._register(unit_id=self.legal.id)
        letters = (mine | theirs).with_user(self.supervisor)
        for name in ("desk_readable", "desk_with_me"):
            mine_only = letters.with_user(self.au).sudo()
            self.assertEqual(mine_only.filtered(name), mine_only & mine.sudo())
            for operator, value, wanted in (
                ("=", True, mine),
                ("!=", True, theirs),
                ("=", False, theirs),
                ("in", [True, False], mine | theirs),
            ):
                domain = [("id", "in", letters.ids), (name, operator, value)]
                self.assertEqual(set(mine_only.search(domain).ids), set(wanted.ids))

    def test_a_list_costs_the_same_whatever_its_length(self):
        def queries(count):
            env = self.env(user=self.au)
            env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = env["registry.letter"].web_search_read(
                [("desk_state", "=", "to_dispatch")], READ, limit=80
            )
            self.assertEqual(found["length"], count)
            return self.env.cr.sql_log_count - before

        for _number in range(2):
            self._arrived()
        self.env.flush_all()
        queries(2)
        few = queries(2)
        for _number in range(6):
            self._arrived()
        self.env.flush_all()
        self.assertEqual(queries(8), few)

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install")
class TestBaskets(OutgoingCase):
    def _counts(self, user):
        self.env.invalidate_all()
        baskets = self.env["desk.basket"].with_user(user).search([])
        return {basket.key: basket.count for basket in baskets}

    def _listed(self, user, key):
        basket = self.env["desk.basket"].with_user(user).search([("key", "=", key)])
        action = basket.action_open()
        return self.env[action["res_model"]].with_user(user).search(action["domain"])

    def test_counts_and_lists_agree(self):
        before = {
            user: self._counts(user)
            for user in (self.hu, self.au, self.al, self.hl, self.dg, self.supervisor)
        }
        waiting = self._arrived()
        mine = self._assigned()
        late = self._assigned()
        late._desk_write(
            {"desk_due_date": fields.Date.context_today(late) - timedelta(days=2)}
        )
        self._row(waiting, self.hu)._send_copies(self.legal.ids)
        mine.with_user(self.au).action_ask_opinion(
            user_ids=self.al.ids, question="Oui ?"
        )
        reply = self._reply(mine)
        reply.action_submit(levels=1)
        expected = {
            self.hu: {"to_dispatch": 1, "unit": 3, "late": 1, "to_validate": 1},
            self.au: {"mine": 2, "unit": 3, "late": 1},
            self.al: {"opinions": 1, "following": 1},
            self.hl: {"following": 1},
            # The units below have heads of their own.
            self.dg: {"to_dispatch": 0},
            self.supervisor: {"to_dispatch": 1, "all": 3},
        }
        for user, counts in expected.items():
            now = self._counts(user)
            for key in now:
                added = now[key] - before[user].get(key, 0)
                self.assertEqual(added, counts.get(key, 0), f"{user.login} {key}")
                self.assertEqual(
                    len(self._listed(user, key)), now[key], f"{user.login} {key}"
                )

    def test_without_head_the_one_above_dispatches(self):
        self.urbanism.manager_id = False
        letter = self._arrived()
        self.assertIn(letter, self._listed(self.dg, "to_dispatch").with_env(self.env))

    def test_all_is_for_supervisors(self):
        self.assertNotIn("all", self._counts(self.au))
        self.assertIn("all", self._counts(self.supervisor))

    def test_the_home_costs_the_same_with_more_letters(self):
        def cost():
            baskets = self.env["desk.basket"].with_user(self.au).search([])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            baskets.read(["name", "count", "icon"])
            return self.env.cr.sql_log_count - before

        self._assigned()
        cost()
        few = cost()
        for _number in range(5):
            self._assigned()
        self.assertEqual(cost(), few)
        self.assertLessEqual(few, 9)

    def test_the_list_costs_the_same_with_more_letters(self):
        names = [
            "display_name",
            "subject",
            "desk_unit_id",
            "desk_user_id",
            "desk_state",
        ]

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            specification = {name: {} for name in names}
            for name in ("desk_unit_id", "desk_user_id"):
                specification[name] = {"fields": {"display_name": {}}}
            self.env["registry.letter"].with_user(self.au).web_search_read(
                [("desk_state", "!=", False)], specification, limit=80
            )
            return self.env.cr.sql_log_count - before

        self._assigned()
        cost()
        few = cost()
        for _number in range(5):
            self._assigned()
        self.assertEqual(cost(), few)

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestSteering(DeskCase):
    """Figures of the desk: each is the length of the list it opens."""

    def _figures(self, user, **options):
        return self.env["desk.steering"].with_user(user).figures(**options)

    def _block(self, user, key, **options):
        blocks = self._figures(user, **options)["blocks"]
        return next(block for block in blocks if block["key"] == key)["rows"]

    def _listed(self, user, row):
        opened = row["open"]
        return self.env[opened["model"]].with_user(user).search(opened["domain"])

    def test_each_figure_is_its_list(self):
        letter, late = self._assigned(), self._assigned()
        late._desk_write(
            {"desk_due_date": fields.Date.context_today(late) - timedelta(days=2)}
        )
        self._row(self._arrived(), self.hu).action_redirect(
            unit_id=self.legal.id, reason="Not ours"
        )
        letter.with_user(self.au).action_ask_opinion(
            user_ids=self.al.ids, question="May we?"
        )
        found = self._figures(self.supervisor)
        for row in [row for block in found["blocks"] for row in block["rows"]]:
            with self.subTest(row["label"]):
                listed = self._listed(self.supervisor, row)
                if row["open"]["model"] == "desk.passage":
                    self.assertTrue(listed)
                else:
                    self.assertEqual(len(listed), row["value"])
        totals = {row["label"]: row["value"] for row in found["totals"]}
        self.assertGreaterEqual(totals["Open"], 3)
        self.assertIn(
            self.al.name,
            [row["label"] for row in self._block(self.supervisor, "waiting")],
        )
        self.assertIn(
            "Urbanisme",
            [row["label"] for row in self._block(self.supervisor, "redirections")],
        )

    def test_a_head_counts_his_units_only(self):
        self._assigned()
        names = {row["label"] for row in self._block(self.hl, "load")}
        self.assertNotIn(self.au.name, names)
        names = {row["label"] for row in self._block(self.dg, "load")}
        self.assertIn(self.au.name, names)
        self.assertFalse(self._block(self.stranger, "load"))

    def test_a_unit_narrows_and_nothing_else_does(self):
        self._assigned()
        rows = self._block(self.supervisor, "load", unit_id=self.legal.id)
        self.assertNotIn(self.au.name, {row["label"] for row in rows})
        for hostile in ("x", [1], {"a": 1}, -1, 10**30, self.other_unit.id):
            with self.subTest(hostile=hostile):
                found = self._figures(self.supervisor, unit_id=hostile, period=hostile)
                self.assertFalse(found["unit"])
                self.assertEqual(found["period"], 30)

    def test_only_people_of_the_desk(self):
        with self.refused(AccessError, "people of the desk"):
            self._figures(self.desk_admin)

    def test_stages_are_followed(self):
        letter = self._assigned()
        passages = self.env["desk.passage"].search(
            [("letter_id", "=", letter.id)], order="id"
        )
        self.assertEqual(passages.mapped("stage"), ["to_dispatch", "assigned"])
        self.assertEqual(passages[-1].user_id, self.au)
        self.assertFalse(passages[-1].left_at)
        letter.with_user(self.au).action_ask_opinion(
            user_ids=self.al.ids, question="May we?"
        )
        last = self.env["desk.passage"].search([("letter_id", "=", letter.id)], limit=1)
        self.assertEqual(last.stage, "opinion")
        waiting = self.env["desk.waiting"].search([("letter_id", "=", letter.id)])
        self.assertEqual((waiting.user_id, waiting.blocker_id), (self.au, self.al))

    def test_nobody_writes_passages(self):
        self._assigned()
        passage = (
            self.env["desk.passage"].with_user(self.supervisor).search([], limit=1)
        )
        with self.assertRaises(AccessError):
            passage.write({"days": 0})
        with self.assertRaises(AccessError):
            passage.unlink()


@tagged("post_install", "-at_install")
class TestDigest(DeskCase, MockEmail):
    """A head is told what waits, once, as often as he chose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hu.email = "hu@example.com"

    def setUp(self):
        super().setUp()
        self._arrived()

    def _run_on(self, day):
        self.patch(fields.Date, "context_today", staticmethod(lambda *_args: day))
        with self.mock_mail_gateway():
            self.env["desk.digest"]._process_digests()
        return [
            mail for mail in self._mails if "hu@example.com" in str(mail["email_to"])
        ]

    def test_weekly_on_monday_once(self):
        self.assertFalse(self._run_on(date(2026, 12, 1)))
        (mail,) = self._run_on(date(2026, 12, 7))
        self.assertIn("/odoo/desk", mail["body"])
        self.assertFalse(self._run_on(date(2026, 12, 7)))

    def test_daily_and_never(self):
        self.hu.with_user(self.hu).write({"desk_digest": "daily"})
        self.assertEqual(len(self._run_on(date(2026, 12, 1))), 1)
        self.hu.desk_digest = "never"
        self.assertFalse(self._run_on(date(2026, 12, 2)))

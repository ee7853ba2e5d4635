from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BookCase


@tagged("post_install", "-at_install")
class TestSupervision(BookCase):
    """What is late, what is stuck and why, under the reader's rights; each figure opens its list."""

    def _figures(self, user=None, **kwargs):
        return (
            self.env["parapheur.supervision"]
            .with_user(user or self.supervisor)
            .with_company(self.company)
            .get_figures(**kwargs)
        )

    def _block(self, key, figures=None):
        figures = figures or self._figures()
        return next(one for one in figures["blocks"] if one["key"] == key)

    def _opened(self, row, user=None):
        folders = self.env[row["open"]["model"]].with_user(user or self.supervisor)
        return folders.with_company(self.company).search(row["open"]["domain"])

    def _stuck(self, folder):
        folder = folder.with_user(self.supervisor).with_company(self.company)
        folder.invalidate_recordset()
        return folder.stuck, folder.stuck_sentence

    def _away(self, user, substitute=None):
        today = self.env["gov.absence"]._today(self.company)
        self.env["gov.absence"].create(
            {
                "user_id": user.id,
                "company_id": self.company.id,
                "date_from": today,
                "date_to": today + timedelta(days=3),
                "substitute_id": substitute and substitute.id,
            }
        )

    def test_only_who_supervises(self):
        for user in (self.clerk, self.signer, self.admin):
            with self.assertRaises(AccessError):
                self._figures(user)
        self.assertTrue(self._figures(self.auditor)["totals"])
        for odd in ("x", None, True, [90], {}, 10**9):
            self.assertEqual(self._figures(period=odd, nature_id=odd)["period"], 90)

    def test_a_folder_that_moves(self):
        folder = self._submitted()
        self.assertEqual(self._stuck(folder), (False, "Waits for Karim Head (Visa)"))
        self.assertFalse(self._block("stuck")["rows"])
        (row,) = self._block("signatories")["rows"]
        self.assertEqual((row["label"], row["value"]), (self.head.name, 1))
        self.assertEqual(self._opened(row), folder)

    def test_absent_with_and_without_substitute(self):
        folder = self._submitted()
        self._away(self.head)
        self.assertFalse(self._stuck(folder)[0], "the mayor, above, stands in")
        self._away(self.mayor)
        code, sentence = self._stuck(folder)
        self.assertEqual(code, "absent")
        self.assertIn("Waits for Karim Head (Visa): absent until", sentence)
        (row,) = self._block("stuck")["rows"]
        self.assertEqual(row["value"], 1)
        self.assertEqual(self._opened(row), folder)
        self.assertFalse(
            self.env["parapheur.folder"]
            .with_user(self.supervisor)
            .with_company(self.company)
            .search([("stuck", "=", False), ("id", "=", folder.id)])
        )
        self.env["gov.absence"].search([("user_id", "=", self.head.id)]).action_cancel()
        self._away(self.head, self.other)
        self.assertFalse(self._stuck(folder)[0], "somebody stands in for the visa")

    def test_a_substitute_signs_nothing(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._away(self.signer, self.other)
        self.assertEqual(self._stuck(folder)[0], "absent", "nobody has his power")

    def test_without_key_and_with_an_old_certificate(self):
        circuit = self._circuit(
            "One", [{"name": "Signature", "kind": "signature", "users": self.other}]
        )
        folder = self._submitted(nature=self.nature.copy({"circuit_id": circuit.id}))
        self.assertEqual(self._stuck(folder)[0], "no_key")
        keys = self.env["gov.key"]
        keys._make_personal(self.other, self.company, "135791")
        self.assertFalse(self._stuck(folder)[0])
        certificate = keys._personal(self.other).certificate_ids
        self.env.cr.execute(
            "UPDATE gov_certificate SET not_after = %s WHERE id IN %s",
            (fields.Datetime.now() - timedelta(days=1), tuple(certificate.ids)),
        )
        self.env.invalidate_all()
        self.assertEqual(self._stuck(folder)[0], "certificate")

    def test_somebody_left(self):
        folder = self._submitted()
        self.head.active = False
        code, sentence = self._stuck(folder)
        self.assertEqual(code, "left")
        self.assertIn("nobody replaces", sentence)

    def test_one_of_several_is_enough(self):
        circuit = self._circuit(
            "Any",
            [
                {
                    "name": "Visa",
                    "kind": "visa",
                    "mode": "any",
                    "users": self.head | self.other,
                }
            ],
        )
        folder = self._submitted(nature=self.nature.copy({"circuit_id": circuit.id}))
        self._away(self.mayor)
        self._away(self.head)
        self.assertFalse(self._stuck(folder)[0])
        self._away(self.other)
        self.assertEqual(self._stuck(folder)[0], "absent")

    def test_the_seal_that_fails(self):
        folder = self._signed()
        folder._gated().closing_error = "The seal is pending."
        self.assertEqual(self._stuck(folder), ("closing", "The seal is pending."))

    def test_restricted_folders_are_in_no_figure_of_a_supervisor(self):
        folder = self._draft()
        folder.is_confidential = True
        folder.action_submit()
        self._away(self.mayor)
        self._away(self.head)
        self.assertFalse(self._block("stuck")["rows"])
        self.assertEqual(self._figures()["totals"][0]["value"], 0)
        self.assertEqual(self._figures(self.auditor)["totals"][0]["value"], 1)

    def test_late_and_medians(self):
        folder = self._submitted()
        folder.deadline = fields.Date.today() - timedelta(days=2)
        closed = self._closed(title="Closed")
        figures = self._figures()
        late = figures["totals"][1]
        self.assertEqual((late["value"], late["late"]), (1, True))
        self.assertEqual(self._opened(late), folder)
        self.assertEqual(figures["totals"][2]["value"], 1)
        steps = self._block("steps", figures)["rows"]
        self.assertIn("Decision: Visa", [row["label"] for row in steps])
        self.assertEqual(self._opened(steps[0]), closed)
        (row,) = self._block("durations", figures)["rows"]
        self.assertEqual(self._opened(row), closed)
        (row,) = self._block("natures", figures)["rows"]
        self.assertEqual(row["text"], "1, 1 late")
        self.assertTrue(closed.retention_until)
        self.assertFalse(closed.is_retention_over)
        closed.flush_recordset()
        self.env.cr.execute(
            "UPDATE parapheur_folder SET retention_until = '2020-01-01' WHERE id = %s",
            (closed.id,),
        )
        closed.invalidate_recordset()
        folders = self.env["parapheur.folder"]
        self.assertIn(closed, folders.search([("is_retention_over", "=", True)]))
        with self.assertRaises(AccessError):
            folder.duration_days = 3

    def test_the_list_asks_a_constant_number_of_times(self):
        names = ["reference", "stuck", "stuck_sentence", "waiting_since"]
        few = self._submitted() | self._submitted(title="B")
        many = few | self._submitted(title="C") | self._submitted(title="D")

        def queries(folders):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            folders.with_user(self.supervisor).with_company(self.company).read(names)
            return self.env.cr.sql_log_count - before

        queries(few)
        self.assertEqual(queries(few), queries(many))

    def test_an_automatic_step_that_fails(self):
        folder = self._submitted()
        folder.sudo().run_id._current_steps().platform_error = "The server is away."
        code, sentence = self._stuck(folder)
        self.assertEqual(code, "platform")
        self.assertIn(
            "“Visa” could not be done by itself: The server is away.", sentence
        )

    def test_a_timestamp_that_is_still_to_come(self):
        folder = self._closed()
        completions = self.env["gov.completion"].sudo()
        document = folder.piece_ids.document_id
        line = completions.search(
            [("res_model", "=", "gov.document"), ("res_id", "=", document.id)]
        )
        line.unlink()
        completions.create(
            {
                "company_id": self.company.id,
                "res_model": "gov.document",
                "res_id": document.id,
                "wanted": "B-LTA",
                "state": "pending",
                "attempts": 2,
                "asked_at": fields.Datetime.now(),
            }
        )
        self.assertEqual(self._stuck(folder)[0], "timestamp")
        (row,) = self._block("stuck")["rows"]
        self.assertEqual(self._opened(row), folder)

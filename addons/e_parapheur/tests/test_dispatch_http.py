from odoo.tests import HttpCase, tagged

from odoo.addons.gov_base.tests.common_smtp import SmtpSetUp

from .common import BookSetUp


@tagged("post_install", "-at_install")
class TestDispatchHttp(SmtpSetUp, BookSetUp, HttpCase):
    """What a recipient without account sees: the page, the code, the file; nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_book()
        cls._set_up_smtp()
        circuit = cls._circuit(
            "Visa", [{"name": "Visa", "kind": "visa", "users": cls.head}]
        )
        cls.secret = cls.env["parapheur.nature"].create(
            {
                "name": "Secret",
                "company_id": cls.company.id,
                "circuit_id": circuit.id,
                "confidentiality": "restricted",
            }
        )

    def test_from_the_link_to_the_file(self):
        self._smtp()
        folder = self._draft(title="Sanction disciplinaire", nature=self.secret)
        folder.action_plan_dispatch(["a@example.ma"])
        folder.action_submit()
        self._as(folder, self.head).action_approve()
        told = folder.sudo()
        told._process_closings()
        self.env["parapheur.dispatch"].sudo()._process_dispatches()
        row = told.dispatch_ids
        self.assertEqual(row.state, "sent", row.error)
        page = f"/book/files/{row.token}"
        answer = self.url_open(page)
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("Sanction", answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        wrong = self.url_open(f"{page}/code", data={"code": "NOTHING2"})
        self.assertNotIn("Sanction", wrong.text)
        self.assertEqual(
            self.url_open(f"{page}/1", data={"code": "NOTHING2"}).status_code, 404
        )
        right = self.url_open(f"{page}/code", data={"code": row.code})
        self.assertIn("Sanction", right.text)
        file = self.url_open(f"{page}/1", data={"code": row.code})
        self.assertEqual(file.content, told.piece_ids.final_id._read_content())
        self.assertEqual(file.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("attachment", file.headers["Content-Disposition"])
        self.assertIn(self.url_open(f"{page}/1").status_code, (404, 405))
        self.assertEqual(self.url_open("/book/files/" + "x" * 32).status_code, 404)
        self.assertTrue(row.fetched_at)

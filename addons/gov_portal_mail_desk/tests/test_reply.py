from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.digital_registry.tests.common import pdf_file
from odoo.addons.gov_portal.tests.common import PortalCase

CONTROL = "m.benallal@example.ma"


@tagged("post_install", "-at_install", "alone")
class TestReply(PortalCase):
    """What the sender sees of the work, and the reply with proof of reading."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._unit("Service Urbanisme", "URB")
        cls.desk.unit_id = cls._unit("Bureau d’ordre", "BO")
        cls.boss = cls._person("gpmd_boss", cls.desk.unit_id, head=True)
        cls.head = cls._person("gpmd_head", cls.unit, head=True)
        cls.agent = cls._person("gpmd_agent", cls.unit)

    @classmethod
    def _unit(cls, name, code):
        return cls.env["hr.department"].create(
            {"name": name, "gov_code": code, "company_id": cls.company.id}
        )

    @classmethod
    def _person(cls, login, unit, head=False):
        user = new_test_user(
            cls.env,
            login=login,
            groups="mail_desk.group_mail_desk_agent",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        employee = cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "department_id": unit.id,
                "company_id": cls.company.id,
            }
        )
        if head:
            unit.manager_id = employee
        return user

    def _deposited(self):
        mark = self.deposit().one("//*[@data-number]")
        self.keys = {
            "number": mark.get("data-number"),
            "code": mark.get("data-code"),
            "control": CONTROL,
        }
        return self.letters().sorted("id")[-1]

    def _track(self, prefix=""):
        return self.send(self.get(f"{prefix}/track"), **self.keys)

    def _dispatch(self, letter):
        letter._desk_row().with_user(self.boss).action_dispatch(unit_id=self.unit.id)
        letter._desk_row().with_user(self.head).action_dispatch(user_id=self.agent.id)

    def _sealed(self, letter, annex=None):
        self._dispatch(letter)
        reply = (
            self.env["desk.outgoing"]
            .with_user(self.agent)
            .with_company(self.company)
            .create({"kind": "reply", "answers_id": letter.id})
        )
        reply.write({"subject": "Your request", "body": "<p>Agreed.</p>"})
        if annex:
            reply._add_annex(pdf_file("Plan"), annex)
        reply.action_submit(levels=1)
        reply.with_user(self.head).action_decide("approve", base=reply.base)
        reply.action_number()
        self.env.flush_all()
        self.env.cr.flush()
        self.env["registry.letter"]._process_closings()
        reply.invalidate_recordset()
        return reply

    def test_units_are_shown_agents_are_not(self):
        letter = self._deposited()
        self.assertIn("In the hands of the administration", self._track().main)
        self._dispatch(letter)
        page = self._track()
        self.assertIn("With Service Urbanisme", page.main)
        self.assertNotIn("In the hands of", page.main)
        for user in (self.boss, self.head, self.agent):
            self.assertNotIn(user.name, page.main)

    def test_reply_is_read_only_after_a_decision(self):
        letter = self._deposited()
        reply = self._sealed(letter)
        self.assertNotIn("The reply is here", self._track().main)
        reply.action_send("portal")
        page = self._track()
        self.assertIn("The reply is here", page.main)
        self.assertIn("Opening the reply is recorded", page.main)
        self.assertEqual(reply.state, "sent")
        base = page.url.rstrip("/")
        self.assertEqual(self.url_open(f"{base}/reply/1.pdf").status_code, 404)
        forms = page.all("//main//form[contains(@action, '/reply/')]")
        fields = {
            node.get("name"): node.get("value") for node in forms[0].xpath(".//input")
        }
        action = forms[0].get("action")
        self.url_open(action, data=fields, method="POST")
        reply.invalidate_recordset()
        self.assertEqual(reply.state, "read")
        self.assertEqual(reply.sudo().sending_ids.state, "delivered")
        first = reply.read_at
        self.url_open(action, data=fields, method="POST")
        reply.invalidate_recordset()
        self.assertEqual(reply.read_at, first, "read once, recorded once")
        events = self.env["gov.journal.event"].search([("kind", "=", "reply.read")])
        entry = reply.sudo().letter_id.entry_id
        mine = events.filtered(lambda event: event.subject_id == entry.id)
        self.assertEqual(len(mine), 1)
        answer = self.url_open(f"{base}/reply/1.pdf")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, reply.sudo().final_version_id._read_content())
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("no-store", answer.headers["Cache-Control"])

    def test_nobody_else_reads_it(self):
        letter = self._deposited()
        reply = self._sealed(letter)
        reply.action_send("portal")
        page = self._track()
        base = page.url.rstrip("/")
        for order in ("0", "2", "99999"):
            self.assertEqual(
                self.url_open(f"{base}/reply/{order}.pdf").status_code, 404
            )
        self.other_browser()
        answer = self.url_open(f"{base}/reply/1.pdf", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/track?ended=1", answer.headers["Location"])
        reply.invalidate_recordset()
        self.assertEqual(reply.state, "sent")

    @mute_logger("odoo.http")
    def test_odd_orders_and_a_forged_form(self):
        letter = self._deposited()
        reply = self._sealed(letter)
        reply.action_send("portal")
        base = self._track().url.rstrip("/")
        for order in ("x", "-1", "1.5", "9" * 20, "9" * 5000, "%00", "1%20", ""):
            for end, method in (("", "POST"), (".pdf", "GET")):
                with self.subTest(order=order[:20], method=method):
                    answer = self.url_open(f"{base}/reply/{order}{end}", method=method)
                    self.assertIn(answer.status_code, (400, 404, 405))
        # Another site cannot open a reply in the name of its reader.
        answer = self.url_open(
            f"{base}/reply/1", data={"csrf_token": "forged"}, method="POST"
        )
        self.assertEqual(answer.status_code, 400)
        reply.invalidate_recordset()
        self.assertEqual(reply.state, "sent")

    def test_only_a_deposit_is_answered_on_the_website(self):
        letter = self._deposited()
        reply = self._sealed(letter)
        self.assertIn("portal", reply._possible_channels())
        self.env["gov.deposit"].search(
            [("letter_id", "=", letter.id)]
        ).letter_id = False
        reply.invalidate_recordset()
        self.assertNotIn("portal", reply._possible_channels())
        with self.assertRaisesRegex(UserError, "no online deposit"):
            reply.action_send("portal")

    def test_a_reply_that_left_another_way(self):
        letter = self._deposited()
        reply = self._sealed(letter)
        reply.action_send("post", "RR 123 456 789 MA")
        page = self._track()
        self.assertIn("A reply was sent to you by post", page.main)
        self.assertNotIn("RR 123", page.main)
        self.assertNotIn("Open the reply", page.main)
        self.assertNotIn("The reply will be here", page.main)
        reply.sending_ids.action_returned("moved", "Parti sans adresse")
        page = self._track()
        self.assertIn("It came back undelivered", page.main)
        self.assertNotIn("Parti sans adresse", page.main)
        self.assertIn("The reply will be here", page.main)
        # Sent again on the website: the same reply, opened there.
        reply.sending_ids.action_resend("portal")
        self.assertIn("The reply is here", self._track().main)
        with self.assertRaisesRegex(UserError, "sent this way already"):
            reply.action_send("portal")

    def test_annexes_come_with_the_reply(self):
        letter = self._deposited()
        reply = self._sealed(letter, annex="plan.pdf")
        reply.action_send("portal")
        page = self._track()
        base = page.url.rstrip("/")
        self.assertNotIn("plan.pdf", page.main)
        self.assertEqual(self.url_open(f"{base}/reply/1/annex/1").status_code, 404)
        form = page.all("//main//form[contains(@action, '/reply/')]")[0]
        fields = {
            node.get("name"): node.get("value") for node in form.xpath(".//input")
        }
        self.url_open(form.get("action"), data=fields, method="POST")
        self.assertIn("plan.pdf", self._track().main)
        answer = self.url_open(f"{base}/reply/1/annex/1")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, reply.sudo()._sent_annexes()._read_content())
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        for rank in ("0", "2", "x", "-1", "9" * 5000):
            answer = self.url_open(f"{base}/reply/1/annex/{rank}")
            self.assertEqual(answer.status_code, 404)
        self.other_browser()
        answer = self.url_open(f"{base}/reply/1/annex/1", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)

    def test_one_answer_to_many_deposits(self):
        letters, keys = [], []
        for _number in range(2):
            letters.append(self._deposited())
            keys.append(self.keys)
            self._dispatch(letters[-1])
            self.other_browser()
        both = letters[0] | letters[1]
        action = both.with_user(self.agent).action_answer_together()
        draft = self.env["desk.outgoing"].with_user(self.agent).browse(action["res_id"])
        draft.body = "<p>One answer.</p>"
        draft.action_submit(levels=1)
        draft.with_user(self.head).action_decide("approve", base=draft.base)
        draft.action_number()
        self.env.flush_all()
        self.env.cr.flush()
        self.env["registry.letter"]._process_closings()
        draft.mailing_id.action_start()
        self.env["desk.mailing.recipient"].sudo()._process_mailings()
        self.env.invalidate_all()
        self.assertEqual(set(draft.sending_ids.mapped("channel")), {"portal"})
        self.assertEqual(set(both.mapped("desk_closing")), {"answered"})
        for mine, letter in zip(keys, letters, strict=True):
            self.other_browser()
            self.keys = mine
            page = self._track()
            self.assertIn("The reply is here", page.main)
            self.assertIn(draft.number, page.main)
            form = page.all("//main//form[contains(@action, '/reply/')]")[0]
            fields = {
                node.get("name"): node.get("value") for node in form.xpath(".//input")
            }
            self.url_open(form.get("action"), data=fields, method="POST")
            self.env.invalidate_all()
            read = draft.sending_ids.filtered(lambda s: s.state == "delivered")
            self.assertIn(letter, read.answers_id)
            if letter == letters[0]:
                self.assertEqual(read.answers_id, letter, "each by its own sender")

    def test_closed_letter_says_so(self):
        letter = self._deposited()
        self._dispatch(letter)
        letter.with_user(self.head).action_close("Sent twice", "no_reply")
        page = self._track()
        self.assertIn("Closed", page.main)
        self.assertNotIn("Sent twice", page.main)

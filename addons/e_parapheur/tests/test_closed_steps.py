from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gov_base.tests.common_smtp import SmtpSetUp

from .common import BookCase

MAIL = "odoo.addons.mail.models.mail_mail"


class ClosedCase(SmtpSetUp, BookCase):
    """Circuits that end with seal, dispatch, archive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_smtp()
        cls.holder = cls._user("book_holder", "e_parapheur.group_e_parapheur_seal")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Préfecture", "email": "prefecture@example.ma"}
        )

    @classmethod
    def _nature_of(cls, *steps, **vals):
        circuit = cls._circuit("Closed", list(steps))
        return cls.env["parapheur.nature"].create(
            {
                "name": "Closed",
                "company_id": cls.company.id,
                "circuit_id": circuit.id,
                **vals,
            }
        )

    def _visa(self):
        return {"name": "Visa", "kind": "visa", "users": self.head}

    def _auto(self, kind):
        return {"name": kind.title(), "kind": kind, "rule": "platform"}

    def _batches(self, folder):
        folder = folder.sudo()
        folder._process_closings()
        for _round in range(3):
            folder._process_steps()
            self.env["parapheur.dispatch"].sudo()._process_dispatches()
        folder.env.invalidate_all()
        return folder


@tagged("post_install", "-at_install")
class TestClosedSteps(ClosedCase):
    """What comes once everybody has decided: by the application, or by whom it asks."""

    def test_all_by_the_application(self):
        nature = self._nature_of(
            self._visa(),
            self._auto("seal"),
            self._auto("dispatch"),
            self._auto("archive"),
        )
        _controller, received, _answers = self._smtp()
        folder = self._draft(nature=nature)
        folder.action_plan_dispatch(
            [{"name": "M. Alami", "email": "Alami@Example.ma"}, "second@example.ma"]
        )
        folder.action_submit()
        self._as(folder, self.head).action_approve()
        self.assertEqual(folder.sudo().state, "closing")
        told = self._batches(folder)
        self.assertEqual(told.state, "done")
        self.assertEqual(told.run_id.state, "done")
        self.assertEqual(set(told.dispatch_ids.mapped("state")), {"sent"})
        self.assertTrue(told.archived_at)
        self.assertEqual(
            told.retention_until.year, told.ended_at.year + 10, "as the nature says"
        )
        addresses = sorted(to for _from, tos, _message in received for to in tos)
        self.assertEqual(addresses, ["alami@example.ma", "second@example.ma"])
        (attached,) = received[0][2].iter_attachments()
        self.assertEqual(
            attached.get_content(), told.piece_ids.final_id._read_content()
        )
        kinds = self._events(folder).mapped("kind")
        for kind in ("folder.closed", "folder.dispatched", "folder.archived"):
            self.assertIn(kind, kinds)
        told._process_slips()
        self.assertTrue(told.slip_id)

    def test_frozen_in_the_archive(self):
        nature = self._nature_of(self._visa(), self._auto("archive"))
        folder = self._submitted(nature=nature)
        self._as(folder, self.head).action_approve()
        self._batches(folder)
        mine = self._as(folder, self.clerk)
        for call in (
            lambda: mine.write({"deadline": "2030-01-01"}),
            lambda: mine.action_comment("late"),
            lambda: mine.action_dispatch(["a@example.ma"]),
            lambda: mine.action_keep(),
        ):
            with self.refused(UserError, "in the archive|not in circuit any more"):
                call()

    def test_put_in_the_archive_by_hand(self):
        folder = self._submitted()
        mine = self._as(folder, self.clerk)
        with self.refused(UserError, "has not ended"):
            mine.action_keep()
        self._as(folder, self.head).action_refuse("No")
        with self.refused(AccessError, "or a supervisor does this"):
            self._as(folder, self.head).action_keep()
        mine.action_keep()
        self.assertTrue(folder.sudo().archived_at)
        self.assertTrue(folder.sudo().retention_until)

    def test_sealed_by_its_holder(self):
        nature = self._nature_of(
            self._visa(), {"name": "Seal", "kind": "seal", "users": self.holder}
        )
        folder = self._submitted(nature=nature)
        self._as(folder, self.head).action_approve()
        mine = self._as(folder, self.holder)
        self.assertTrue(mine.can_seal)
        self.assertEqual(folder.sudo().state, "running")
        with self.refused(UserError, "more than an agreement by click"):
            mine.action_approve()
        with self.refused(UserError, "changed since"):
            mine.action_seal(base="0" * 64)
        with self.refused(UserError, "holder of the seal|Holder of the seal"):
            mine.action_transfer(self.signer.id, "You")
        with self.refused(AccessError, "not among those"):
            self._as(folder, self.clerk).action_seal()
        mine.action_seal(base=mine._circuit_base())
        told = self._batches(folder)
        self.assertEqual(told.state, "done")
        with self.refused(UserError, "not in circuit"):
            mine.action_seal()

    def test_who_does_not_hold_the_seal_is_not_asked(self):
        nature = self._nature_of({"name": "Seal", "kind": "seal", "users": self.signer})
        with self.refused(UserError, "does not hold the seal"):
            self._submitted(nature=nature)
        nature = self._nature_of({"name": "Seal", "kind": "seal", "users": self.holder})
        folder = self._submitted(nature=nature)
        self.holder.group_ids -= self.env.ref("e_parapheur.group_e_parapheur_seal")
        self.holder.group_ids += self.env.ref("e_parapheur.group_e_parapheur_agent")
        with self.refused(AccessError, "does not hold the seal"):
            self._as(folder, self.holder).action_seal()

    def test_sent_by_a_person(self):
        nature = self._nature_of(
            self._visa(), {"name": "Send", "kind": "dispatch", "users": self.other}
        )
        _controller, received, _answers = self._smtp()
        folder = self._submitted(nature=nature)
        self._as(folder, self.head).action_approve()
        mine = self._as(folder, self.other)
        with self.refused(UserError, "are being sealed"):
            mine.action_dispatch(["a@example.ma"])
        folder.sudo()._process_closings()
        self.assertTrue(mine.can_dispatch)
        with self.refused(UserError, "documents of the folder .* are sealed"):
            mine.action_refuse("Too late") if mine.state == "running" else (
                mine.run_id.action_act("refuse", "Too late")
            )
        with self.refused(UserError, "nobody is named"):
            mine.action_dispatch([])
        with self.refused(UserError, "is no e-mail address"):
            mine.action_dispatch(["not an address"])
        mine.action_dispatch([{"name": "x", "email": "a@example.ma"}])
        told = self._batches(folder)
        self.assertEqual(told.state, "done")
        self.assertEqual(len(received), 1)

    def test_nobody_to_send_to(self):
        nature = self._nature_of(self._visa(), self._auto("dispatch"))
        with self.refused(UserError, "and nobody is named"):
            self._submitted(nature=nature)
        circuit = self.env["gov.circuit"].create(
            {
                "name": "To the prefecture",
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Send",
                            "kind": "dispatch",
                            "actor_rule": "platform",
                            "dispatch_partner_ids": [Command.set(self.partner.ids)],
                        }
                    )
                ],
            }
        )
        circuit.action_publish()
        nature.circuit_id = circuit
        nature.action_publish() if hasattr(nature, "action_publish") else None

    @mute_logger(MAIL)
    def test_a_failure_is_seen_and_tried_again(self):
        nature = self._nature_of(self._visa(), self._auto("dispatch"))
        _controller, received, answers = self._smtp()
        answers["bad@example.ma"] = "451 try again later"
        folder = self._draft(nature=nature)
        folder.action_plan_dispatch(["bad@example.ma"])
        folder.action_submit()
        self._as(folder, self.head).action_approve()
        told = self._batches(folder)
        row = told.dispatch_ids
        self.assertEqual(row.state, "pending")
        self.assertTrue(row.error)
        for _attempt in range(5):
            row._gated().write({"next_attempt_at": False})
            self.env["parapheur.dispatch"].sudo()._process_dispatches()
        self.assertEqual(row.state, "failed")
        told._process_steps()
        step = told.run_id._current_steps()
        self.assertIn("Not sent to bad@example.ma", step.platform_error)
        self.assertEqual(told.state, "closing")
        self.assertIn("bad@example.ma", told.dispatch_problem)
        for user in (self.other, self.head, self.supervisor, self.admin):
            with self.assertRaises(AccessError):
                row.with_user(user).action_resend()
        del answers["bad@example.ma"]
        row.with_user(self.clerk).action_resend()
        self._batches(folder)
        self.assertEqual(told.state, "done")
        self.assertEqual(len(received), 1)

    @mute_logger(MAIL)
    def test_cancelled_instead(self):
        nature = self._nature_of(self._visa(), self._auto("dispatch"))
        self._smtp(started=False)
        folder = self._draft(nature=nature)
        folder.action_plan_dispatch(["a@example.ma"])
        folder.action_submit()
        self._as(folder, self.head).action_approve()
        self._batches(folder)
        row = folder.sudo().dispatch_ids
        with self.refused(UserError, "Say why"):
            row.with_user(self.clerk).action_cancel("")
        row.with_user(self.clerk).action_cancel("Wrong person")
        told = self._batches(folder)
        self.assertEqual(told.state, "done")
        self.assertEqual(row.state, "cancelled")

    def test_sent_afterwards(self):
        _controller, received, _answers = self._smtp()
        folder = self._closed()
        with self.refused(AccessError, "Only Amina Clerk"):
            self._as(folder, self.signer).action_dispatch(["a@example.ma"])
        self._as(folder, self.clerk).action_dispatch(["a@example.ma"])
        self._batches(folder)
        self.assertEqual(folder.dispatch_ids.state, "sent")
        self.assertEqual(len(received), 1)


@tagged("post_install", "-at_install")
class TestDispatchLink(ClosedCase):
    """Files of a restricted folder: a link and a code, never an attachment."""

    def setUp(self):
        super().setUp()
        nature = self._nature_of(self._visa(), confidentiality="restricted")
        _controller, self.received, _answers = self._smtp()
        folder = self._draft(nature=nature, title="Secret sanction")
        folder.action_plan_dispatch(["a@example.ma"])
        folder.action_submit()
        self._as(folder, self.head).action_approve()
        self.folder = self._batches(folder)
        self.row = self.folder.dispatch_ids

    def test_the_message_says_nothing(self):
        self.assertEqual(self.row.state, "sent")
        self.assertEqual(self.row.way, "link")
        ((_from, _to, message),) = self.received
        self.assertFalse(list(message.iter_attachments()))
        text = message.as_string()
        for word in ("Secret", self.folder.reference, self.row.code):
            self.assertNotIn(word, text)
        self.assertIn(self.row.token, message.get_body(("html",)).get_content())

    def test_the_code(self):
        page = self.env["parapheur.dispatch"]._fetch_page
        told = page(self.row.token)
        self.assertTrue(told["needs_code"])
        self.assertFalse(told["title"] or told["files"] or told["reference"])
        self.assertTrue(page(self.row.token, "WRONG234")["wrong"])
        fetch = self.env["parapheur.dispatch"]._fetch_file
        self.assertFalse(fetch(self.row.token, 1))
        self.assertFalse(fetch(self.row.token, 1, "WRONG234"))
        typed = f"{self.row.code[:4].lower()}-{self.row.code[4:]}"
        told = page(self.row.token, typed)
        self.assertEqual([one["number"] for one in told["files"]], [1])
        version = fetch(self.row.token, 1, typed)
        self.assertEqual(version, self.folder.piece_ids.final_id)
        self.assertEqual(self.row.fetched_count, 1)
        self.assertFalse(fetch(self.row.token, 2, typed))
        self.assertFalse(fetch(self.row.token, 0, typed))
        self.assertEqual(len(self._events(self.folder, "folder.fetched")), 1)

    def test_wrong_codes_are_counted(self):
        page = self.env["parapheur.dispatch"]._fetch_page
        for _try in range(5):
            page(self.row.token, "WRONG234")
        told = page(self.row.token, self.row.code)
        self.assertTrue(told["wait"])
        self.assertTrue(told["needs_code"])

    def test_links_that_do_not_work(self):
        page = self.env["parapheur.dispatch"]._fetch_page
        for token in ("", "x", None, 12, ["a"], "a" * 32, self.row.token.swapcase()):
            self.assertIsNone(page(token), token)
        self.row.with_user(self.clerk).action_cancel("Sent to the wrong person")
        self.assertIsNone(page(self.row.token))

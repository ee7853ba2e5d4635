from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import AGENT, BookCase


@tagged("post_install", "-at_install")
class TestSecretary(BookCase):
    """Who prepares a desk reads what waits there, puts it in order, and never acts (S19, S20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls._user("book_secretary", AGENT, name="Salma Secretary")
        circuit = cls._circuit(
            "Sign", [{"name": "Signature", "kind": "signature", "users": cls.signer}]
        )
        cls.quick = cls.nature.copy({"circuit_id": circuit.id})

    def _rows(self, user):
        return self.env["parapheur.secretary"].with_user(user)

    def _named(self, user=None, **vals):
        return (
            self._rows(user or self.signer)
            .with_company(self.company)
            .create({"secretary_id": self.secretary.id, **vals})
        )

    def _reads(self, folder, user):
        """Whether `user` reads the folder in a request of his own."""
        self.env.invalidate_all()
        return self._as(folder, user).has_access("read")

    def _desk(self, user, *args):
        folders = self.env["parapheur.folder"].with_user(user)
        return folders.with_company(self.company).get_desk(*args)

    def test_reads_what_waits_and_nothing_else(self):
        folder = self._submitted(nature=self.quick)
        visa = self._submitted()
        secret = self._submitted(
            nature=self.quick.copy({"confidentiality": "restricted"})
        )
        mine = self._as(folder, self.secretary)
        self.assertFalse(self._reads(folder, self.secretary))
        self.assertEqual(self._desk(self.secretary)["signatories"], [])
        row = self._named()
        self.assertTrue(self._reads(folder, self.secretary))
        self.assertFalse(self._reads(visa, self.secretary))
        self.assertFalse(self._reads(secret, self.secretary))
        self.assertTrue(folder._is_prepared_by(self.secretary))
        self.assertFalse(secret.sudo()._is_prepared_by(self.secretary))
        desk = self._desk(self.secretary, "prepare", self.signer.id)
        self.assertEqual([one["id"] for one in desk["folders"]], folder.ids)
        self.assertEqual(
            desk["signatories"],
            [{"id": self.signer.id, "name": "Mohamed Benallal", "count": 1}],
        )
        shown = mine.get_desk_folder()
        self.assertFalse(shown["step"])
        can = [name for name, it_can in shown["can"].items() if it_can]
        self.assertEqual(can, ["comment", "order", "place"], "prepares, never decides")
        self.assertEqual(shown["acts"], [])
        mine.action_comment("The amount was checked")
        self._sign(folder, self.signer)
        self.assertFalse(self._reads(folder, self.secretary), "signed since")
        other = self._submitted(nature=self.quick)
        self.assertTrue(self._reads(other, self.secretary))
        row.with_user(self.secretary).action_end()
        self.assertFalse(self._reads(other, self.secretary))
        with self.refused(UserError, "over"):
            row.with_user(self.signer).action_end()

    def test_never_acts(self):
        folder = self._submitted(nature=self.quick)
        self._named()
        self.env["gov.key"]._make_personal(self.secretary, self.company, "135791")
        mine = self._as(folder, self.secretary)
        run = mine.run_id
        step = run._current_steps()
        with self.assertRaises(AccessError):
            self._sign(folder, self.secretary)
        for act in (
            lambda: mine.action_approve("ok"),
            lambda: mine.action_refuse("no"),
            lambda: mine.action_return(step.id, "no"),
            lambda: mine.action_recall("no"),
            lambda: mine.action_cancel("no"),
            lambda: mine.action_add_signer(self.mayor.ids),
            lambda: mine.write({"title": "x"}),
            lambda: run.action_transfer(self.mayor.id, "x"),
            lambda: run.action_add_step("opinion", self.mayor.ids),
        ):
            with self.refused(UserError, "."):
                act()
        self.assertEqual(folder.state, "running")
        self.assertFalse(run.actor_ids.filtered("acted_at"))

    def test_order(self):
        folders = [self._submitted(title=f"F{n}", nature=self.quick) for n in range(4)]
        ids = [folder.id for folder in folders]
        book = self.env["parapheur.folder"].with_company(self.company)
        with self.refused(AccessError, "do not prepare the desk"):
            book.with_user(self.secretary).action_set_order(
                self.signer.id, [{"id": ids[0]}]
            )
        self._named()
        hers = book.with_user(self.secretary)
        hers.action_set_order(
            self.signer.id,
            [
                {"id": ids[3], "priority": "read"},
                {"id": ids[2], "priority": "sign"},
                {"id": ids[1], "priority": "urgent"},
            ],
        )
        desk = self._desk(self.signer)
        self.assertEqual(
            [row["id"] for row in desk["folders"]], [ids[1], ids[2], ids[0], ids[3]]
        )
        self.assertEqual(
            [row["priority"] for row in desk["folders"]],
            ["urgent", "sign", "sign", "read"],
        )
        events = self.env["gov.journal.event"].sudo()
        event = events.search([("kind", "=", "desk.ordered")], order="id desc", limit=1)
        self.assertIn(folders[1].reference, event.body)
        # The signatory has the last word on his own desk.
        book.with_user(self.signer).action_set_order(
            None, [{"id": one, "priority": "sign"} for one in ids]
        )
        self.assertEqual([row["id"] for row in self._desk(self.signer)["folders"]], ids)

    def test_order_refused(self):
        folder = self._submitted(nature=self.quick)
        elsewhere = self._submitted()
        secret = self._submitted(
            nature=self.quick.copy({"confidentiality": "restricted"})
        )
        self._named()
        book = self.env["parapheur.folder"].with_company(self.company)
        hers = book.with_user(self.secretary)
        good = {"id": folder.id}
        for items, sentence in (
            (None, "From 1 to 1000"),
            ("x", "From 1 to 1000"),
            ([], "From 1 to 1000"),
            ([good] * 1001, "From 1 to 1000"),
            ([good, good], "named twice"),
            ([{"id": folder.id, "priority": "now"}], "urgent, to sign or to read"),
            ([{"id": folder.id, "priority": ["urgent"]}], "urgent, to sign or"),
            (["x"], "not wait"),
            ([{"id": "1"}], "not wait"),
            ([{"id": 2**40}], "not wait"),
            ([good, {"id": elsewhere.id}], "not wait"),
            ([{"id": secret.id}], "not wait"),
        ):
            with self.refused(UserError, sentence):
                hers.action_set_order(self.signer.id, items)
        for person in (self.mayor.id, "1", -3, 2**40, [1]):
            with self.refused(AccessError, "do not prepare"):
                hers.action_set_order(person, [good])
            with self.refused(AccessError, "do not prepare"):
                hers.get_desk("prepare", person)
        for model in ("parapheur.order", "parapheur.private.comment"):
            for user in (self.secretary, self.signer, self.supervisor, self.admin):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_named_by_the_signatory_or_the_administrator(self):
        with self.refused(AccessError, "."):
            self._named(self.other, signatory_id=self.signer.id)
        with self.refused(AccessError, "."):
            self._named(self.secretary, signatory_id=self.signer.id)
        with self.refused(ValidationError, "own secretary"):
            self._named(secretary_id=self.signer.id)
        with self.refused(UserError, "."):
            self._named(secretary_id=self.stranger.id)
        with self.refused(ValidationError, "no role"):
            self._named(secretary_id=self.admin.id)
        both = self._user(
            "book_both", f"{AGENT},e_parapheur.group_e_parapheur_admin", name="Both"
        )
        with self.refused(AccessError, "yourself"):
            self._named(both, signatory_id=self.signer.id, secretary_id=both.id)
        row = self._named(self.admin, signatory_id=self.signer.id)
        with self.refused(ValidationError, "already"):
            self._named()
        with self.refused(AccessError, "End"):
            row.with_user(self.signer).write({"ended_at": fields.Datetime.now()})
        with self.refused(UserError, "said once"):
            row.with_user(self.signer).write({"secretary_id": self.other.id})
        with self.refused(UserError, "."):
            row.with_user(self.signer).unlink()
        with self.assertRaises(AccessError):
            row.with_user(self.secretary).write({"date_to": "2099-01-01"})
        row.with_user(self.signer).write({"date_to": "2099-01-01"})
        with self.refused(ValidationError, "before the first"):
            row.with_user(self.signer).write({"date_to": "2000-01-01"})
        row.with_user(self.signer).action_end()
        self.assertEqual(row.situation, "over")
        events = self.env["gov.journal.event"].sudo()
        kinds = events.search(
            [("subject_model", "=", row._name), ("subject_id", "=", row.id)], order="id"
        ).mapped("kind")
        self.assertEqual(
            kinds, ["secretary.named", "secretary.changed", "secretary.ended"]
        )
        told = self.env["mail.message"].sudo()
        self.assertEqual(
            told.search_count([("partner_ids", "in", self.secretary.partner_id.ids)]),
            3,
        )
        later = self._named(date_from="2099-01-01")
        self.assertEqual(later.situation, "coming")
        folder = self._submitted(nature=self.quick)
        self.assertFalse(self._reads(folder, self.secretary))

    def test_private_comments(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        signers = self._as(folder, self.signer)
        signers.action_comment_privately("Between us", self.head.ids)
        signers.action_comment_privately("For me")

        def words(user):
            shown = self._as(folder, user).get_desk_folder()["comments"]
            return [one["words"] for one in shown if one["what"] == "private"]

        self.assertEqual(words(self.signer), ["Between us", "For me"])
        self.assertEqual(words(self.head), ["Between us"])
        for user in (self.clerk, self.supervisor, self.auditor):
            self.assertEqual(words(user), [])
        messages = (
            self.env["mail.message"].sudo().search([("body", "ilike", "Between")])
        )
        self.assertFalse(messages, "its words are in no message")
        events = " ".join(self._events(folder).mapped("body"))
        self.assertIn("commented_privately", str(self._events(folder).mapped("kind")))
        self.assertNotIn("Between", events)
        for people in (self.other.ids, ["x"], [2**40], "x", self.stranger.ids):
            with self.refused(AccessError, "does not read this folder"):
                signers.action_comment_privately("x", people)
        for nothing in ("", None, False, "\u200b"):
            with self.refused(UserError, "Write your comment"):
                signers.action_comment_privately(nothing)
        with self.assertRaises(AccessError):
            self._as(folder, self.other).action_comment_privately("x")

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.parapheur_folder_acts_gate import ACTS
from .common import PIN, BookCase

#: what people do to a folder at each moment; who is not named does nothing at all
ALLOWED = {
    "draft": {"sender": {"cancel", "plan_dispatch"}},
    "visa": {
        "sender": {"add_signer", "bypass_ask", "cancel", "recall"},
        "actor": {
            "add_signer",
            "approve",
            "attach",
            "recuse",
            "refuse",
            "second_opinion",
            "transfer",
        },
        "supervisor": {"bypass_ask"},
        "admin": set(),
        "system": set(),
    },
    "seal": {
        "sender": {"add_signer", "cancel"},
        "earlier": {"recall"},
        "holder": {
            "add_signer",
            "attach",
            "recuse",
            "refuse",
            "return",
            "seal",
            "second_opinion",
            "transfer",
        },
        "supervisor": set(),
    },
    "dispatch": {
        "sender": {"bypass_ask"},
        "sends": {"dispatch", "recuse", "transfer"},
        "supervisor": {"bypass_ask"},
    },
    "done": {
        "sender": {"chain", "dispatch", "keep"},
        "earlier": {"chain"},
        "holder": {"chain"},
        "sends": {"chain"},
        "supervisor": {"keep"},
    },
    "refused": {"sender": {"keep", "recycle"}, "supervisor": {"keep"}},
}


@tagged("post_install", "-at_install")
class TestActsMatrix(BookCase):
    """Each act by each role at each moment: what the screen does not offer is refused by call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls._user("book_holder", "e_parapheur.group_e_parapheur_seal")
        cls.system = cls._user(
            "book_system", "base.group_system,e_parapheur.group_e_parapheur_admin"
        )
        circuit = cls._circuit(
            "Whole way",
            [
                {"name": "Visa", "kind": "visa", "users": cls.head},
                {"name": "Seal", "kind": "seal", "users": cls.holder},
                {"name": "Send", "kind": "dispatch", "users": cls.other},
            ],
        )
        cls.way = cls.env["parapheur.nature"].create(
            {
                "name": "Whole way",
                "company_id": cls.company.id,
                "circuit_id": circuit.id,
            }
        )
        cls.roles = {
            "sender": cls.clerk,
            "actor": cls.head,
            "earlier": cls.head,
            "holder": cls.holder,
            "sends": cls.other,
            "signer": cls.signer,
            "supervisor": cls.supervisor,
            "auditor": cls.auditor,
            "admin": cls.admin,
            "system": cls.system,
            "stranger": cls.stranger,
        }

    def _at(self, moment):
        """A folder at this moment."""
        folder = self._draft(nature=self.way)
        if moment == "draft":
            return folder
        folder.action_submit()
        if moment == "visa":
            return folder
        if moment == "refused":
            self._as(folder, self.head).action_refuse("No")
            return folder
        self._as(folder, self.head).action_approve()
        if moment == "seal":
            return folder
        self._as(folder, self.holder).action_seal()
        folder.sudo()._process_closings()
        if moment == "done":
            self._as(folder, self.other).action_dispatch(["a@example.ma"])
        return folder

    def _calls(self, folder):
        """One plausible call for each act."""
        step = folder.sudo().run_id._live_steps().sorted("rank")
        actor = folder.sudo().run_id.actor_ids[:1].id
        document = folder.sudo().main_ids.id
        return {
            "sign": lambda one: one.action_sign(PIN, consent=self._consent()),
            "approve": lambda one: one.action_approve("Yes"),
            "opinion": self._opinion,
            "paper": lambda one: one.action_paper_print(),
            "seal": lambda one: one.action_seal(),
            "dispatch": lambda one: one.action_dispatch(["b@example.ma"]),
            "refuse": lambda one: one.action_refuse("No"),
            "return": lambda one: one.action_return(step[:1].id, "Again"),
            "transfer": lambda one: one.action_transfer(self.mayor.id, "You"),
            "recuse": lambda one: one.action_recuse("Cousin"),
            "second_opinion": lambda one: one.action_second_opinion(
                self.mayor.ids, "Well?"
            ),
            "second_opinion_withdraw": lambda one: one.action_second_opinion_withdraw(
                "x"
            ),
            "add_signer": lambda one: one.action_add_signer(self.signer.ids),
            "recall": lambda one: one.action_recall("Oh"),
            "cancel": lambda one: one.action_cancel("Stop"),
            "bypass_ask": lambda one: one.action_bypass_ask(
                one.run_id._current_steps()[:1].id, "Stuck"
            ),
            "bypass_confirm": lambda one: one.action_bypass_confirm(
                one.run_id._current_steps()[:1].id
            ),
            "replace": lambda one: one.action_replace(actor, self.mayor.id, "Left"),
            "attach": lambda one: one.action_attach("a.txt", "aGVsbG8="),
            "fill": lambda one: one.action_fill({"line": "1"}),
            "replace_document": lambda one: one.action_replace_document(
                document, "a.pdf", "aGVsbG8="
            ),
            "keep": lambda one: one.action_keep(),
            "plan_dispatch": lambda one: one.action_plan_dispatch(["b@example.ma"]),
            "recycle": lambda one: one.action_recycle(),
            "chain": lambda one: one.action_chain(self.way.id),
        }

    def _opinion(self, folder):
        if not folder.run_id:
            words = "No circuit to give an opinion in."
            raise UserError(words)
        folder.run_id.action_act("opinion", "Words")

    def _check(self, moment):
        folder = self._at(moment)
        calls = self._calls(folder)
        self.assertEqual(set(calls), set(ACTS))
        expected = ALLOWED[moment]
        users = {}
        for role, user in self.roles.items():
            users.setdefault(user, set()).update(expected.get(role, set()))
        for user, allowed in users.items():
            mine = self._as(folder, user)
            try:
                offered = {name for name, can in mine.get_acts().items() if can}
            except AccessError:
                offered = set()
            self.assertEqual(offered, allowed, f"{user.login} at {moment}")
            for name in sorted(set(calls) - allowed):
                # Refused by a sentence, and nothing is left of it.
                with self.subTest(f"{user.login} {name} at {moment}"):
                    with self.assertRaises(UserError):
                        calls[name](mine)
                    mine.env.invalidate_all()

    def test_draft(self):
        self._check("draft")

    def test_visa(self):
        self._check("visa")

    def test_seal(self):
        self._check("seal")

    def test_dispatch(self):
        self._check("dispatch")

    def test_done(self):
        self._check("done")

    def test_refused(self):
        self._check("refused")

    def test_windows(self):
        folder = self._at("visa")
        for what in ("nothing", None, 3, ["x"], "dispatch_cancel", "recycle", "chain"):
            with self.refused(UserError, "no such act|is not finished"):
                self._as(folder, self.head).action_open_act(what)
        action = self._as(folder, self.head).action_open_act("transfer")
        self.assertEqual(action["res_model"], "parapheur.act")
        for user in (self.clerk, self.supervisor, self.admin):
            with self.assertRaises(UserError):
                self._as(folder, user).action_open_act("transfer")
            dialog = self.env["parapheur.act"].with_user(user)
            with self.assertRaises(UserError):
                dialog.create(
                    {
                        "folder_id": folder.id,
                        "what": "transfer",
                        "user_id": self.mayor.id,
                        "reason": "x",
                    }
                ).action_confirm()

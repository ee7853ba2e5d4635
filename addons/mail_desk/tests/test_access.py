from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.digital_registry.tests.common import pdf_file

from .common import DeskCase

#: model: {role: operations}; r read, w write, c create, d delete. Roles not named: none.
MATRIX = {
    "desk.precedent": {"supervisor": "r", "auditor": "r", "admin": "rd"},
    "desk.assignment": {
        "agent": "r",
        "supervisor": "r",
        "auditor": "r",
        "registrar": "r",
        "registry_auditor": "r",
    },
    "desk.basket": {"agent": "r", "supervisor": "r", "admin": "r"},
    "desk.basket.setting": {"admin": "rw"},
    "desk.handover": {"agent": "rwcd", "supervisor": "rwcd", "auditor": "r"},
    "desk.handover.target": {"agent": "rwcd", "supervisor": "rwcd", "auditor": "r"},
    "desk.handover.line": {"agent": "r", "supervisor": "r", "auditor": "r"},
    "desk.circuit.choice": {
        "agent": "r",
        "supervisor": "r",
        "auditor": "r",
        "admin": "rwcd",
    },
    "desk.completion": {"agent": "r", "supervisor": "r", "auditor": "r"},
    "desk.digest": {"admin": "r"},
    "desk.fiche": {"agent": "r", "supervisor": "r", "auditor": "r"},
    "desk.margin": {"agent": "r", "supervisor": "r", "auditor": "r"},
    "desk.passage": {"agent": "r", "supervisor": "r", "auditor": "r"},
    "desk.waiting": {"agent": "r", "supervisor": "r", "auditor": "r"},
    "desk.event": {"agent": "r", "supervisor": "r", "auditor": "r"},
    "desk.instruction": {
        "agent": "r",
        "supervisor": "r",
        "auditor": "r",
        "admin": "rwcd",
        "registrar": "r",
        "registry_auditor": "r",
        "registry_admin": "r",
    },
    "desk.outgoing": {"agent": "rwcd", "supervisor": "rwcd", "auditor": "r"},
    "desk.outgoing.version": {"agent": "r", "supervisor": "r", "auditor": "r"},
    "desk.sending": {"agent": "r", "supervisor": "r", "auditor": "r"},
    # Written through the gate of the model alone, but for what its author types.
    "desk.mailing": {"agent": "rw", "supervisor": "rw", "auditor": "r"},
    "desk.mailing.recipient": {"agent": "rwcd", "supervisor": "rwcd", "auditor": "r"},
    "desk.slip": {"agent": "rwcd", "supervisor": "rwcd", "auditor": "r"},
    "desk.slip.line": {"agent": "rwcd", "supervisor": "rwcd", "auditor": "r"},
    "registry.letter": {
        "agent": "r",
        "supervisor": "r",
        "auditor": "r",
        "registrar": "rwcd",
        "registry_auditor": "r",
    },
    "registry.party": {
        "agent": "r",
        "supervisor": "r",
        "auditor": "r",
        "registrar": "rwcd",
        "registry_auditor": "r",
    },
    "registry.entry": {
        "agent": "r",
        "supervisor": "r",
        "auditor": "r",
        "registrar": "r",
        "registry_auditor": "r",
        "registry_admin": "r",
    },
    "registry.receipt": {"registrar": "r", "registry_auditor": "r"},
    "registry.entry.detail": {"registrar": "r", "registry_auditor": "r"},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


@tagged("post_install", "-at_install", "gov_acl", "alone")
class TestAccess(DeskCase):
    def test_matrix(self):
        roles = {
            "agent": self.au,
            "supervisor": self.supervisor,
            "auditor": self.desk_auditor,
            "admin": self.desk_admin,
            "registrar": self.registrar,
            "registry_auditor": self.auditor,
            "registry_admin": self.admin,
            "citizen": self.env.ref("base.public_user"),
        }
        for model, rights in MATRIX.items():
            for role, user in roles.items():
                for letter, operation in OPERATIONS.items():
                    self.assertEqual(
                        self.env[model].with_user(user).has_access(operation),
                        letter in rights.get(role, ""),
                        f"{role} {operation} {model}",
                    )

    def test_every_model_is_in_the_matrix(self):
        models = self.env["ir.model"].search(
            [
                ("model", "=like", "desk.%"),
                ("abstract", "=", False),
                ("transient", "=", False),
            ]
        )
        self.assertFalse(set(models.mapped("model")) - set(MATRIX))

    def test_who_reads_a_letter(self):
        letter = self._assigned(copy_unit_ids=self.secretariat.ids)
        readers = (
            self.au,
            self.au2,
            self.hu,
            self.dg,
            self.hs,
            self.supervisor,
            self.desk_auditor,
            self.registrar,
            self.head,
            self.auditor,
        )
        others = (self.al, self.hl, self.stranger, self.users["registrar2"])
        for users, expected in ((readers, True), (others, False)):
            for user in users:
                mine = letter.with_user(user)
                self.assertEqual(mine.has_access("read"), expected, user.login)
                found = mine.search([("id", "=", letter.id)])
                self.assertEqual(bool(found), expected, user.login)
                parties = self.env["registry.party"].with_user(user)
                self.assertEqual(
                    bool(parties.search([("letter_id", "=", letter.id)])),
                    expected,
                    user.login,
                )
                entries = self.env["registry.entry"].with_user(user)
                self.assertEqual(
                    bool(entries.search([("id", "=", letter.entry_id.id)])),
                    expected,
                    user.login,
                )

    def test_documents_follow_the_letter(self):
        draft = self._draft(unit_id=self.urbanism.id)
        draft._add_document(pdf_file(), "letter.pdf")
        draft.action_register()
        self._drain()
        version = draft.document_ids.current_version_id.with_env(self.env)
        for user, expected in ((self.au, True), (self.hu, True), (self.al, False)):
            self.assertEqual(version.with_user(user)._is_readable(), expected)

    def test_an_agent_changes_nothing_of_a_letter(self):
        letter = self._assigned().with_user(self.au)
        for vals in ({"subject": "x"}, {"unit_id": self.legal.id}, {"keyword_ids": []}):
            with self.assertRaises(UserError):
                letter.write(vals)
        with self.assertRaises(AccessError):
            letter.unlink()

    def test_an_agent_finds_by_number(self):
        letter = self._assigned()
        found = (
            self.env["registry.letter"].with_user(self.au).name_search(letter.number)
        )
        self.assertEqual([found[0][0]], letter.ids)
        self.assertEqual(found[0][1], letter.number)
        none = self.env["registry.letter"].with_user(self.al).name_search(letter.number)
        self.assertFalse(none)

    def test_a_registrar_reads_all_fields(self):
        letter = self._assigned().with_user(self.registrar)
        values = letter.read()[0]
        self.assertEqual(values["desk_state"], "assigned")
        self.assertNotIn("outgoing_ids", values)

    def test_the_roles_bring_nothing_else(self):
        for user in (self.desk_admin, self.supervisor, self.au):
            self.assertFalse(user.has_group("base.group_system"))
            self.assertFalse(
                user.has_group("digital_registry.group_digital_registry_registrar")
            )

from odoo.tests import tagged

from .common import RegistryCommon

#: lists that a functional administrator keeps
LIST = {"registrar": "r", "head": "r", "auditor": "r", "admin": "rwcd", "agent": "r"}
#: model: {role: operations}; r read, w write, c create, d delete. Roles not named: none.
MATRIX = {
    "registry.nature": LIST,
    "registry.category": LIST,
    "registry.priority": LIST,
    "registry.keyword": {**LIST, "registrar": "rc", "head": "rc"},
    "registry.exchange": {"registrar": "r", "head": "r", "auditor": "r"},
    "registry.exchange.wizard": {"registrar": "rwc", "head": "rwc"},
    "registry.exchange.decision.wizard": {"registrar": "rwc", "head": "rwc"},
    "registry.office": {"registrar": "r", "head": "r", "auditor": "r", "admin": "rwcd"},
    "registry.subject": {
        "registrar": "r",
        "head": "r",
        "auditor": "r",
        "admin": "rwcd",
    },
    "registry.register": {
        "registrar": "r",
        "head": "r",
        "auditor": "r",
        "admin": "rwcd",
    },
    "registry.year": {"registrar": "r", "head": "r", "auditor": "r", "admin": "r"},
    "registry.letter": {"registrar": "rwcd", "head": "rwcd", "auditor": "r"},
    "registry.party": {"registrar": "rwcd", "head": "rwcd", "auditor": "r"},
    "registry.entry": {"registrar": "r", "head": "r", "auditor": "r", "admin": "r"},
    "registry.entry.detail": {"registrar": "r", "head": "r", "auditor": "r"},
    "registry.entry.status": {
        "registrar": "r",
        "head": "r",
        "auditor": "r",
        "admin": "r",
    },
    "registry.receipt": {"registrar": "r", "head": "r", "auditor": "r"},
    "registry.closing": {"registrar": "r", "head": "r", "auditor": "r", "admin": "r"},
    "registry.cancel.wizard": {"head": "rwc"},
    "registry.rectify.wizard": {"head": "rwc"},
    "registry.start.wizard": {"head": "rwc", "admin": "rwc"},
    "registry.verify.result": {
        "registrar": "rwc",
        "head": "rwc",
        "auditor": "rwc",
        "admin": "rwc",
    },
    "registry.verify.result.line": {
        "registrar": "rwc",
        "head": "rwc",
        "auditor": "rwc",
        "admin": "rwc",
    },
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


@tagged("post_install", "-at_install", "gov_acl", "alone")
class TestAccess(RegistryCommon):
    def test_matrix(self):
        roles = ("registrar", "head", "auditor", "admin", "agent")
        for model, rights in MATRIX.items():
            for role in roles:
                user = self.users[role]
                for letter, operation in OPERATIONS.items():
                    expected = letter in rights.get(role, "")
                    found = self.env[model].with_user(user).has_access(operation)
                    self.assertEqual(found, expected, f"{role} {operation} {model}")

    def test_every_model_is_in_the_matrix(self):
        models = self.env["ir.model"].search(
            [("model", "=like", "registry.%"), ("abstract", "=", False)]
        )
        self.assertFalse(set(models.mapped("model")) - set(MATRIX))

    def test_nobody_outside(self):
        for user in (self.env.ref("base.public_user"), self.env.ref("base.user_root")):
            if user == self.env.ref("base.user_root"):
                continue
            for model in MATRIX:
                for operation in OPERATIONS.values():
                    self.assertFalse(
                        self.env[model].with_user(user).has_access(operation), model
                    )

    def test_functional_admin_is_no_system_administrator(self):
        self.assertFalse(self.admin.has_group("base.group_system"))
        for role in ("registrar", "head", "auditor"):
            self.assertFalse(self.users[role].has_group("base.group_system"))

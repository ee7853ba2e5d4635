from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

ADMIN = "gov_base.group_gov_base_admin"
OFFICER = "gov_trust.group_gov_trust_officer"


@tagged("standard", "alone")
class TestSeparation(TransactionCase):
    """Whoever looks after keys does not also say who works where."""

    def test_officer_is_not_functional_administrator(self):
        with self.assertRaisesRegex(ValidationError, "at once"):
            new_test_user(self.env, "both", groups=f"{ADMIN},{OFFICER}")
        admin = new_test_user(self.env, "one", groups=ADMIN)
        with self.assertRaisesRegex(ValidationError, "at once"):
            admin.group_ids += self.env.ref(OFFICER)

    def test_administrator_of_the_platform_stays(self):
        self.env.ref("base.user_admin")._refuse_both()

    def test_nobody_chooses_the_address_he_is_recognised_by(self):
        """The address of the staff file is the account's, which certificates are compared with."""
        user = new_test_user(self.env, "clerk", email="clerk@example.com")
        self.env["hr.employee"].create({"name": "Clerk", "user_id": user.id})
        with self.assertRaises(AccessError):
            user.with_user(user).write({"work_email": "governor@example.com"})
        self.assertEqual(user.email, "clerk@example.com")

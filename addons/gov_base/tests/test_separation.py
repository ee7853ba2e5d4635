from odoo.exceptions import ValidationError
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

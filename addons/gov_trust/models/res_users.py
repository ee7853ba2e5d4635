from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError

OFFICER = "gov_trust.group_gov_trust_officer"
#: What stands on the certificate of a person, or is compared with one from outside.
CERTIFIED = ("name", "email")


class ResUsers(models.Model):
    """Separation of duties: who looks after trust neither runs nor describes the rest."""

    _inherit = "res.users"

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Without what a certificate says of a person: nobody chooses it for himself."""
        allowed = super().SELF_WRITEABLE_FIELDS
        return [name for name in allowed if name not in CERTIFIED]

    @api.model
    def _incompatible_groups(self):
        """Pairs of groups (external identifiers) that nobody holds together.

        Addons with roles of their own add theirs: ``[*super()…, (one, other)]``.
        """
        return [
            (OFFICER, "gov_trust.group_gov_trust_operator"),
            (OFFICER, "base.group_system"),
        ]

    @api.constrains("group_ids")
    def _check_separation(self):
        self._refuse_both()

    def _refuse_both(self):
        """Refuse users who hold two groups that are kept apart.

        :raise ValidationError: with both names
        """
        # Who holds a group is asked of people who may not read groups.
        groups_sudo = self.sudo().with_context(active_test=False).env["res.groups"]
        for names in self._incompatible_groups():
            one, other = (groups_sudo.env.ref(name, False) for name in names)
            if not one or not other:
                continue
            # Few people hold either; those who are asked about may be thousands.
            both = one.all_user_ids & other.all_user_ids & self
            # The account of the platform itself is nobody's: it has every right anyhow.
            both = both.filtered(lambda user: user.id != SUPERUSER_ID)
            if both:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be “%(one)s” and “%(other)s” at once: what one "
                        "of them does, the other looks at. Give one of the two roles "
                        "to another person.",
                        name=both[0].name,
                        one=one.name,
                        other=other.name,
                    )
                )

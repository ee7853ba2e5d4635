from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .desk_role_mixin import HEADS


class DeskBasket(models.Model):
    """A card of the home page: a question about letters, and how many answer it now."""

    _name = "desk.basket"
    _description = "Basket"
    _inherit = ["desk.role.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    help = fields.Char(translate=True)
    key = fields.Char(required=True)
    icon = fields.Char()
    sequence = fields.Integer(default=10)
    supervisors_only = fields.Boolean()
    count = fields.Integer(compute="_compute_count")
    is_urgent = fields.Boolean(compute="_compute_count")

    _key_uniq = models.UniqueIndex("(key)")

    @api.depends("key")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_count(self):
        counts = self._counts()
        for basket in self:
            basket.count = counts.get(basket.key, 0)
            basket.is_urgent = basket.key == "late" and basket.count > 0

    @api.model
    def _counts(self):
        """Return {key: number of records the user may read}: one statement for all."""
        parts = []
        for basket in self:
            model, domain = basket._question()
            query = self.env[model]._search(domain)
            parts.append(
                SQL(
                    "SELECT %s AS key, count(*) FROM (%s) AS found",
                    basket.key,
                    query.select(),
                )
            )
        if not parts:
            return {}
        return dict(self.env.execute_query(SQL(" UNION ALL ").join(parts)))

    def _question(self):
        """Return (model, domain) of what is in this basket, for the user."""
        self.ensure_one()
        return getattr(self, f"_question_{self.key}")()

    # The domains travel to the client: plain values only, evaluated under the rules.

    @api.model
    def _mine_or_my_units(self):
        return Domain("desk_user_id", "=", self.env.uid) | Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            [("user_id", "=", self.env.uid), ("inherited", "=", False)],
        )

    @api.model
    def _question_to_dispatch(self):
        waiting = Domain("desk_state", "=", "to_dispatch")
        if self.env.user.has_group("mail_desk.group_mail_desk_supervisor"):
            return "registry.letter", waiting
        # Units below have their own head: theirs come up only where there is none.
        mine = Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            [
                ("user_id", "=", self.env.uid),
                ("role", "in", HEADS),
                ("inherited", "=", False),
            ],
        )
        headless = Domain(
            "desk_unit_id.gov_access_ids",
            "not any",
            [("role", "in", HEADS), ("inherited", "=", False)],
        ) & Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            [("user_id", "=", self.env.uid), ("role", "in", HEADS)],
        )
        return "registry.letter", waiting & (mine | headless)

    @api.model
    def _question_mine(self):
        return "registry.letter", Domain("desk_user_id", "=", self.env.uid) & Domain(
            "desk_state", "in", ("assigned", "replied")
        )

    @api.model
    def _question_unit(self):
        return "registry.letter", self._mine_or_my_units() & Domain(
            "desk_state", "in", ("to_dispatch", "assigned", "replied")
        )

    @api.model
    def _question_late(self):
        return (
            "registry.letter",
            self._mine_or_my_units()
            & Domain("desk_state", "in", ("to_dispatch", "assigned"))
            & Domain("desk_due_date", "<", fields.Date.context_today(self)),
        )

    @api.model
    def _question_following(self):
        open_copy = [
            ("role", "=", "copy"),
            ("state", "=", "assigned"),
            "|",
            ("user_id", "=", self.env.uid),
            (
                "unit_id.gov_access_ids",
                "any",
                [("user_id", "=", self.env.uid), ("inherited", "=", False)],
            ),
        ]
        return "registry.letter", Domain("assignment_ids", "any", open_copy)

    @api.model
    def _question_opinions(self):
        asked = [
            ("user_id", "=", self.env.uid),
            ("state", "=", "current"),
            ("step_id.kind", "=", "opinion"),
        ]
        return "registry.letter", Domain(
            "run_ids", "any", [("state", "=", "running"), ("actor_ids", "any", asked)]
        )

    @api.model
    def _question_to_validate(self):
        return "desk.outgoing", Domain("state", "=", "validating") & Domain(
            "run_id.current_user_ids", "in", self.env.uid
        )

    @api.model
    def _question_all(self):
        return "registry.letter", Domain("desk_state", "!=", False)

    def action_open(self):
        """Open the list of what is in this basket.

        :return: window action
        """
        self.ensure_one()
        model, domain = self._question()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.registry_letter_action_desk"
            if model == "registry.letter"
            else "mail_desk.desk_outgoing_action"
        )
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "path": False,
            "domain": list(domain),
            "context": {"desk_basket": self.key},
            "help": f'<p class="o_view_nocontent_smiling_face">{self.help or ""}</p>',
        }

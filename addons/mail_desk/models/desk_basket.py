import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.gov_base.lib import given

from .desk_role_mixin import HEADS

#: what a filter that somebody typed may raise, when it is read or asked
BROKEN = (
    psycopg2.DataError,
    psycopg2.ProgrammingError,
    ValueError,
    KeyError,
    TypeError,
    UserError,
)


#: in the context of our own counts only: a plain object cannot come by RPC
COUNTING = object()
#: what an absent person would have to do; not what a role gives, nor what is only to be read
LENT = (
    "to_dispatch",
    "mine",
    "unit",
    "opinions",
    "draft_opinions",
    "to_validate",
    "to_approve",
    "late",
)


class DeskBasket(models.Model):
    """A card of the home page: a question about letters, and how many answer it now."""

    _name = "desk.basket"
    _description = "Basket"
    _inherit = ["desk.role.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    help = fields.Char(translate=True)
    key = fields.Char(required=True, readonly=True, copy=False)
    icon = fields.Char()
    sequence = fields.Integer(default=10)
    supervisors_only = fields.Boolean()
    count = fields.Integer(compute="_compute_count")
    is_urgent = fields.Boolean(compute="_compute_count")
    is_broken = fields.Boolean(compute="_compute_count")
    for_others = fields.Json(string="For who is absent", compute="_compute_count")

    _key_uniq = models.UniqueIndex("(key)")

    @api.depends("key")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_count(self):
        absent = self._absent()
        counts = self._counted(absent)
        for basket in self:
            found = counts.get((basket.key, self.env.uid))
            basket.is_broken = found is None
            basket.count = found or 0
            basket.is_urgent = basket.key == "late" and basket.count > 0
            basket.for_others = [
                {
                    "id": user.id,
                    "count": counts[basket.key, user.id],
                    # Who stands in for somebody knows that person's name.
                    "label": self.env._("For %(name)s", name=user.sudo().name),
                }
                for user in absent
                if counts.get((basket.key, user.id))
            ]

    @api.model
    def _counts(self):
        """Return {key: number of records the user may read}: one statement for all."""
        counts = self._counted(self.env["res.users"])
        return {
            key: found for (key, _user), found in counts.items() if found is not None
        }

    @api.model
    def _absent(self):
        """Return the people in whose place the user works on letters or decides now."""
        return self.env["gov.absence"]._replaced_by(self.env.user)

    def _question(self):
        """Return (model, domain) of what is in this basket, for the user."""
        self.ensure_one()
        return getattr(self, f"_question_{self.key}")()

    def _is_shared(self):
        """Tell whether somebody made this basket of a filter."""
        return False

    def _is_lent(self):
        """Tell whether who stands in has this basket of the absent person too: what that person has to do."""
        return self.key in LENT

    # The domains travel to the client: plain values only, evaluated under the rules.

    @api.model
    def _whose(self):
        """Return whose basket it is: the user's, or of somebody in whose place he works."""
        asked = given.record_id(self.env.context.get("desk_for"))
        return self._absent().filtered(lambda user: user.id == asked) or self.env.user

    @api.model
    def _own_access(self, *more):
        """Domain of ``gov.access``: the rows of that person himself."""
        own = [("user_id", "=", self._whose().id), ("substitute_id", "=", False)]
        return [*own, *more]

    @api.model
    def _sees_all(self):
        """A supervisor sees what every unit has; that role is not lent."""
        return self._whose() == self.env.user and self.env.user.has_group(
            "mail_desk.group_mail_desk_supervisor"
        )

    @api.model
    def _mine_or_my_units(self):
        return Domain("desk_user_id", "=", self._whose().id) | Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            self._own_access(("inherited", "=", False)),
        )

    @api.model
    def _question_to_dispatch(self):
        waiting = Domain("desk_state", "=", "to_dispatch")
        if self._sees_all():
            return "registry.letter", waiting
        # Units below have their own head: theirs come up only where there is none.
        mine = Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            self._own_access(("role", "in", HEADS), ("inherited", "=", False)),
        )
        headless = Domain(
            "desk_unit_id.gov_access_ids",
            "not any",
            [
                ("role", "in", HEADS),
                ("inherited", "=", False),
                ("substitute_id", "=", False),
            ],
        ) & Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            self._own_access(("role", "in", HEADS)),
        )
        return "registry.letter", waiting & (mine | headless)

    @api.model
    def _to_dispatch_everywhere(self):
        """Return the domain of what the user dispatches, in his own place and in that of others."""
        return Domain.OR(
            self.with_context(desk_for=user.id)._question_to_dispatch()[1]
            for user in self.env.user | self._absent()
        )

    @api.model
    def _question_mine(self):
        return "registry.letter", Domain(
            "desk_user_id", "=", self._whose().id
        ) & Domain("desk_state", "in", ("assigned", "replied"))

    @api.model
    def _question_unit(self):
        return "registry.letter", self._mine_or_my_units() & Domain(
            "desk_state", "in", ("to_dispatch", "assigned", "replied")
        )

    @api.model
    def _question_gone(self):
        """Letters of an agent whose account is closed: somebody has to get them."""
        headed = Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            self._own_access(("role", "in", HEADS)),
        )
        gone = Domain("desk_state", "in", ("assigned", "replied")) & Domain(
            "desk_user_id.active", "=", False
        )
        return "registry.letter", gone if self._sees_all() else gone & headed

    @api.model
    def _question_late(self):
        return (
            "registry.letter",
            self._mine_or_my_units() & self.env["registry.letter"]._desk_late_domain(),
        )

    @api.model
    def _question_following(self):
        open_copy = [
            ("role", "=", "copy"),
            ("state", "=", "assigned"),
            "|",
            ("user_id", "=", self._whose().id),
            (
                "unit_id.gov_access_ids",
                "any",
                self._own_access(("inherited", "=", False)),
            ),
        ]
        return "registry.letter", Domain("assignment_ids", "any", open_copy)

    @api.model
    def _question_opinions(self):
        asked = [
            ("user_id", "=", self._whose().id),
            ("state", "=", "current"),
            ("step_id.kind", "=", "opinion"),
        ]
        return "registry.letter", self._asked_in_run(asked)

    @api.model
    def _asked_in_run(self, asked):
        """Domain of the subjects of running circuits where somebody is ``asked``.

        Counting, whose circuits may be read is not asked again: these are rows of the reader.
        """
        if self.env.context.get("desk_counting") is COUNTING:
            rows = Domain("actor_ids", "any!", Domain(asked))
            return Domain("run_ids", "any!", Domain("state", "=", "running") & rows)
        return Domain(
            "run_ids", "any", [("state", "=", "running"), ("actor_ids", "any", asked)]
        )

    @api.model
    def _question_to_validate(self):
        return "desk.outgoing", Domain("state", "=", "validating") & Domain(
            "run_id.current_user_ids", "in", self._whose().id
        )

    @api.model
    def _question_all(self):
        return "registry.letter", Domain("desk_state", "!=", False)

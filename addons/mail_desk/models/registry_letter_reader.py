from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

#: ids that are looked up one by one; whoever reads more is served by joining tables
FEW = 5000
#: states of an assignment whose unit and agent read the letter
READING = ("to_dispatch", "assigned", "done")


class RegistryLetter(models.Model):
    """Which letters a person reads at the desk: the one question of its record rules.

    He treats one, his unit has or had it, he prepares it, he was asked about it. The
    answer is a set of letters made from the person's side, so that a list costs what he
    has, whatever his administration has: the same conditions joined by “or” on each
    letter would have every assignment read for each list.
    """

    _inherit = "registry.letter"

    desk_with_me = fields.Boolean(
        string="With me or my units",
        compute="_compute_desk_with_me",
        search="_search_desk_with_me",
        help="You or one of your units treat this letter or have a copy of it.",
    )
    desk_readable = fields.Boolean(
        string="Open to me at the desk",
        compute="_compute_desk_readable",
        search="_search_desk_readable",
        help="You or one of your units treat this letter, prepare it or were asked.",
    )

    @api.depends(
        "assignment_ids.state", "assignment_ids.user_id", "assignment_ids.unit_id"
    )
    @api.depends_context("uid")
    def _compute_desk_with_me(self):
        self._compute_desk_question("desk_with_me")

    @api.depends(
        "desk_with_me",
        "prepared_ids.user_id",
        "prepared_ids.unit_id",
        "run_ids.actor_ids.state",
        "outgoing_ids.run_ids.actor_ids.state",
        "prepared_ids.run_ids.actor_ids.state",
    )
    @api.depends_context("uid")
    def _compute_desk_readable(self):
        self._compute_desk_question("desk_readable")

    def _compute_desk_question(self, name):
        # Rules ask this: they do not apply to their own question.
        letters_sudo = self.sudo().with_context(active_test=False)
        domain = [("id", "in", self._origin.ids), (name, "=", True)]
        found = set(letters_sudo.search(domain)._ids)
        for letter in self:
            letter[name] = letter._origin.id in found

    @api.model
    def _search_desk_with_me(self, operator, value):
        return self._search_desk_question(
            operator, value, lambda letters: letters._desk_with_me_parts()
        )

    @api.model
    def _search_desk_readable(self, operator, value):
        return self._search_desk_question(
            operator,
            value,
            lambda letters: [
                *letters._desk_with_me_parts(),
                *letters._desk_readable_parts(),
            ],
        )

    @api.model
    def _search_desk_question(self, operator, value, parts):
        if operator != "in":
            return NotImplemented
        if set(value) == {True, False}:
            return Domain.TRUE
        # The database guesses that a person reads as much as any other: it is told.
        shape = "%s = ANY(ARRAY(%s))" if self._desk_reads_few() else "%s IN (%s)"
        answer = Domain.custom(
            to_sql=lambda letters, alias, _query: SQL(
                shape,
                SQL.identifier(alias, "id"),
                SQL(" UNION ALL ").join(parts(letters)),
            )
        )
        return answer if True in value else ~answer

    @api.model
    @tools.ormcache("self.env.uid")
    def _desk_reads_few(self):
        """Tell whether the user reads few letters: how to ask, never what is answered."""
        parts = [*self._desk_with_me_parts(), *self._desk_readable_parts()]
        ((count,),) = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT 1 FROM (%s) AS found LIMIT %s) AS few",
                SQL(" UNION ALL ").join(parts),
                FEW + 1,
            )
        )
        return count <= FEW

    @api.model
    def _words_one_by_one(self):
        if self.env.su:
            return super()._words_one_by_one()
        rule = self.env["ir.rule"]._compute_domain(self._name, "read")
        names = {condition.field_expr for condition in rule.iter_conditions()}
        return "desk_readable" in names and self._desk_reads_few()

    @api.model
    def _desk_with_me_parts(self):
        """Return statements that select ids of letters, each served by an index."""
        reading = ("state", "in", READING)
        mine = ("user_id", "=", self.env.uid)
        ours = ("unit_id", "any", self._desk_column("gov.access", [mine], "unit_id"))
        return [
            self._desk_column("desk.assignment", [reading, who], "letter_id")
            for who in (mine, ours)
        ]

    @api.model
    def _desk_readable_parts(self):
        """Return those of letters a person prepares or was asked about."""
        mine = [("user_id", "=", self.env.uid)]
        units = self._desk_column("gov.access", mine, "unit_id")
        ours = [("unit_id", "any", units)]
        asked = self._desk_column(
            "gov.circuit.run.actor", [*mine, ("state", "!=", "waiting")], "run_id"
        )
        runs = {
            model: self._desk_column(
                "gov.circuit.run",
                [("res_model", "=", model), ("id", "any", asked)],
                "res_id",
            )
            for model in ("registry.letter", "desk.outgoing")
        }
        prepared = [("letter_id", "!=", False)]
        replies = [("id", "any", runs["desk.outgoing"])]
        return [
            self._desk_column("desk.outgoing", [*prepared, *mine], "letter_id"),
            self._desk_column("desk.outgoing", [*prepared, *ours], "letter_id"),
            self._desk_column("desk.outgoing", [*prepared, *replies], "letter_id"),
            self._desk_column(
                "desk.outgoing", [("answers_id", "!=", False), *replies], "answers_id"
            ),
            runs["registry.letter"],
        ]

    @api.model
    def _desk_column(self, name, domain, column):
        """Return the statement that selects one column of a model."""
        # Who may read what is asked here: no rule applies to the question itself.
        model_sudo = self.env[name].sudo().with_context(active_test=False)
        query = model_sudo._search(domain)
        return query.select(model_sudo._field_to_sql(query.table, column, query))

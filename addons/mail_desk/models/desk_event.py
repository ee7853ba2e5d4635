from odoo import api, fields, models
from odoo.exceptions import AccessError

#: who may read a note
AUDIENCES = [
    ("letter", "Everyone on the letter"),
    ("unit", "My unit only"),
    ("people", "Persons I choose"),
]


class DeskEvent(models.Model):
    """One line of the timeline: who did what, when, and to whom.

    A line is a kind and plain arguments; the sentence is made in the reader's language
    (``desk_event_sentence``). A note is a line too, with its text and its audience.
    """

    _name = "desk.event"
    _description = "Line of the timeline"
    _inherit = ["desk.role.mixin", "gov.gated"]
    _order = "happened_at desc, id desc"
    _check_company_auto = True

    letter_id = fields.Many2one(
        "registry.letter",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    outgoing_id = fields.Many2one(
        "desk.outgoing", index="btree_not_null", ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        "res.company", string="Administration", required=True, index=True
    )
    kind = fields.Char(required=True, readonly=True)
    args = fields.Json(readonly=True)
    text = fields.Text(string="Note", readonly=True)
    audience = fields.Selection(
        AUDIENCES,
        default="letter",
        required=True,
        readonly=True,
    )
    reader_ids = fields.Many2many(
        "res.users",
        "desk_event_reader_rel",
        "event_id",
        "user_id",
        string="For",
        readonly=True,
    )
    unit_id = fields.Many2one(
        "hr.department", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    actor_name = fields.Char(readonly=True)
    happened_at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now
    )
    sentence = fields.Char(string="What happened", compute="_compute_sentence")
    icon = fields.Char(compute="_compute_sentence")

    _subject_known = models.Constraint(
        "CHECK(letter_id IS NOT NULL OR outgoing_id IS NOT NULL)",
        "A line of the timeline belongs to a letter.",
    )

    @api.depends("kind", "args", "actor_name")
    @api.depends_context("lang", "tz")
    def _compute_sentence(self):
        sentences = self._sentences()
        for event in self:
            event.sentence, event.icon = sentences[event.id]

    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    @api.model_create_multi
    def create(self, vals_list):
        if not self._desk_gate_is_open():
            raise AccessError(
                self.env._("The timeline is written by the platform itself.")
            )
        return super().create(vals_list)

    def write(self, vals):
        """Refused: what happened does not change."""
        raise AccessError(self.env._("What happened does not change."))

    @api.model
    def _log(
        self,
        kind,
        args,
        *,
        letter=None,
        outgoing=None,
        text=None,
        unit=None,
        readers=None,
    ):
        """Write a line for ``letter`` or ``outgoing`` (of one administration).

        :param unit: its people alone read the line
        :param readers: these ``res.users`` alone read the line
        """
        subject = letter or outgoing
        # Nobody may write the timeline; the caller passed the gate of what it says.
        events_sudo = self.sudo()._desk_gated()
        return events_sudo.create(
            {
                "letter_id": letter.id if letter else False,
                "outgoing_id": outgoing.id if outgoing else False,
                "company_id": subject.company_id.id,
                "kind": kind,
                "args": self._plain(args),
                "text": text,
                "audience": "people" if readers else "unit" if unit else "letter",
                "reader_ids": [fields.Command.set(readers.ids if readers else [])],
                "unit_id": unit.id if unit else False,
                **self._actor(),
            }
        )

    @api.model
    def _actor(self):
        """Who acts: the user, or the rule in whose name the platform does."""
        if acting := self.env["gov.rule"]._acting():
            name = self.env._("The rule “%(rule)s”", rule=acting.name)
            return {"user_id": False, "actor_name": name}
        # The name of who acts is written down whoever may read it.
        user_sudo = self.env.user.sudo()
        return {"user_id": self.env.uid, "actor_name": user_sudo.name}

    @staticmethod
    def _plain(args):
        return {
            key: value.isoformat() if hasattr(value, "isoformat") else value
            for key, value in args.items()
            if value
        }

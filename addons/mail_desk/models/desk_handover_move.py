from odoo import api, models
from odoo.exceptions import UserError

from .desk_outgoing_circuit import AGREEING

#: a letter in preparation that nobody has to finish any more
OVER = ("sent", "read", "cancelled")


class DeskHandover(models.Model):
    """Each thing moves by its own gate, alone: one that is refused stops no other."""

    _inherit = "desk.handover"

    def _try(self, line, receivers, move):
        """Give one thing to the first of ``receivers`` who may have it; return its line of the report."""
        why = self.env._("Nobody is named for it.")
        for receiver in receivers:
            try:
                with self.env.cr.savepoint():
                    move(receiver)
            except UserError as refusal:
                why = str(refusal)
                continue
            return {**line, "moved": True, "receiver_id": receiver.id}
        return {**line, "moved": False, "sentence": why[:500]}

    @staticmethod
    def _in_turn(receivers, number):
        """The same people, beginning with another one each time: each gets a share."""
        people = list(receivers)
        start = number % len(people) if people else 0
        return people[start:] + people[:start]

    def _move_letters(self):
        rows = self.env["desk.assignment"].search(self._open_domain(), order="id")
        lines, given = [], {}
        for row in rows:
            receivers = self._receivers(row.unit_id)
            number = given[row.unit_id] = given.get(row.unit_id, -1) + 1
            lines.append(
                self._try(
                    {
                        "what": "copy" if row.role == "copy" else "letter",
                        "letter_id": row.letter_id.id,
                    },
                    self._in_turn(receivers, number),
                    lambda receiver, row=row: row.action_reassign(
                        user_id=receiver.id, reason=self.reason
                    ),
                )
            )
        # How many others there are is said; which ones is not the reader's.
        everything_sudo = self.env["desk.assignment"].sudo()
        hidden = everything_sudo.search_count(
            [*self._open_domain(), ("id", "not in", rows.ids)]
        )
        # What was moved is not open any more; what was refused is among ``rows``.
        if hidden:
            lines.append(
                {
                    "what": "letter",
                    "moved": False,
                    "sentence": self.env._(
                        "%(count)s more are in units that you do not head: their heads or "
                        "a supervisor hand them over.",
                        count=hidden,
                    ),
                }
            )
        return lines

    def _move_opinions(self):
        return self._move_steps(("opinion",))

    def _move_validations(self):
        return self._move_steps(AGREEING)

    def _move_steps(self, kinds):
        """Hand on the steps of circuits of letters that wait for this person."""
        # Steps of the person are looked for whoever hands over; each is checked below.
        actors_sudo = (
            self.env["gov.circuit.run.actor"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.user_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "current"),
                    ("run_id.state", "=", "running"),
                    ("run_id.res_model", "in", list(self._step_models())),
                    ("step_id.kind", "in", list(kinds)),
                ],
                order="id",
            )
        )
        lines = []
        for number, actor_sudo in enumerate(actors_sudo):
            run = self.env["gov.circuit.run"].browse(actor_sudo.run_id.id)
            actor = self.env["gov.circuit.run.actor"].browse(actor_sudo.id)
            model, res_id = actor_sudo.run_id.res_model, actor_sudo.run_id.res_id
            key = self._step_models()[model]
            what = self._step_what(actor_sudo.step_id)
            # What the reader of the report may not read is not named in it.
            known = self.env[model].browse(res_id).has_access("read")
            lines.append(
                self._try(
                    {"what": what, **({key: res_id} if key and known else {})},
                    self._in_turn(self._receivers(), number),
                    lambda receiver, run=run, actor=actor: self._hand_step(
                        run, actor, receiver
                    ),
                )
            )
        return lines

    @api.model
    def _step_models(self):
        """{model whose circuits are handed over: field of the report that names it}."""
        return {"registry.letter": "letter_id", "desk.outgoing": "outgoing_id"}

    @api.model
    def _step_what(self, step):
        return "opinion" if step.kind == "opinion" else "validation"

    def _may_hand_step(self, run):
        """Whether the user hands on what this circuit asks of the person who leaves."""
        return self._desk_is("supervisor") or self._is_above()

    def _hand_step(self, run, actor, receiver):
        if not self._may_hand_step(run):
            raise UserError(
                self.env._(
                    "Somebody above this person, or a supervisor of the desk, hands on what "
                    "is asked of that person."
                )
            )
        run._hand_on(actor, receiver, self.reason)

    def _move_drafts(self):
        drafts = self.env["desk.outgoing"].search(
            [
                ("user_id", "=", self.user_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "not in", OVER),
            ],
            order="id",
        )
        return [
            self._try(
                {"what": "draft", "outgoing_id": draft.id},
                self._in_turn(self._receivers(draft.unit_id), number),
                lambda receiver, draft=draft: draft._hand_over(receiver, self.reason),
            )
            for number, draft in enumerate(drafts)
        ]

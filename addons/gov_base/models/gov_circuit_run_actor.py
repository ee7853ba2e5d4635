import base64
import secrets

from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import format_datetime
from odoo.tools.misc import clean_context

from odoo.addons.gov_trust.lib.journal_leaf import salted_digest

from ..lib.text import clean_line

STATES = [
    ("waiting", "To come"),
    ("current", "Has to act"),
    ("done", "Acted"),
    ("skipped", "Did not have to act"),
    ("transferred", "Handed on"),
    ("recalled", "Took the act back"),
    ("recused", "Withdrew"),
    ("replaced", "Replaced"),
]
DECISIONS = [
    ("approve", "Agreed"),
    ("refuse", "Refused"),
    ("opinion", "Opinion given"),
    ("return", "Sent back"),
]


class GovCircuitRunActor(models.Model):
    """A person at a step: why this person, and what he decided."""

    _name = "gov.circuit.run.actor"
    _description = "Person in a document's circuit"
    _inherit = ["gov.circuit.part"]
    _order = "id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "gov.circuit.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "gov.circuit.run.step",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    # Copied: read later by people who may not read this account.
    name = fields.Char(required=True, readonly=True)
    reason_code = fields.Char(required=True, readonly=True)
    reason_args = fields.Json(readonly=True)
    reason = fields.Char("Why this person", compute="_compute_reason")
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    is_chair = fields.Boolean("President", readonly=True)
    vacant = fields.Boolean(
        "Place vacant", readonly=True, help="Nobody took the place of this person yet."
    )
    decision = fields.Selection(DECISIONS, readonly=True)
    comment = fields.Text(readonly=True)
    recall_reason = fields.Text("Taken back because", readonly=True)
    comment_salt = fields.Char(readonly=True, groups=NO_ACCESS)
    acted_at = fields.Datetime("Acted on", readonly=True)
    base = fields.Char(
        "Acted on the version", readonly=True, help="Digest of what was acted on."
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )

    @api.depends("reason_code", "reason_args")
    @api.depends_context("lang")
    def _compute_reason(self):
        for actor in self:
            actor.reason = self._reason_sentence(
                actor.reason_code, actor.reason_args or {}
            )

    @api.model
    def _reason_sentence(self, code, args):
        """Why a person acts, in the reader's language, from what was frozen when the circuit started."""
        text = {
            "person": self.env._("Named in the circuit"),
            "group": self.env._("Has the role %(group)s", group=args.get("group")),
            "chosen": self.env._("Chosen by %(by)s", by=args.get("by")),
            "asked": self.env._("Asked by %(by)s", by=args.get("by")),
            "handed": self.env._("Received from %(by)s", by=args.get("by")),
            "recused": self.env._("Replaces %(of)s, who withdrew", of=args.get("of")),
            "named": self.env._(
                "Named by %(by)s in the place of %(of)s",
                by=args.get("by"),
                of=args.get("of"),
            ),
            "field": self.env._(
                "Named in the document: %(field)s", field=args.get("field")
            ),
            "office": self.env._(
                "Holds the office %(office)s", office=args.get("office")
            )
            if not args.get("unit")
            else self.env._(
                "Holds the office %(office)s, %(unit)s",
                office=args.get("office"),
                unit=args.get("unit"),
            ),
            "head": self.env._("Head of the unit %(unit)s", unit=args.get("unit")),
            "deputy": self.env._("Deputy in the unit %(unit)s", unit=args.get("unit")),
            "manager": self.env._(
                "N+%(level)s of %(of)s", level=args.get("level"), of=args.get("of")
            ),
        }.get(code, code)
        if args.get("below"):
            text = self.env._(
                "%(why)s, above %(unit)s which has no head",
                why=text,
                unit=args["below"],
            )
        if args.get("also"):
            text = self.env._(
                "%(why)s. Also acts just before, at “%(step)s”",
                why=text,
                step=args["also"],
            )
        return text

    # ------------------------------------------------------------------
    # Changes, by the operations of the run
    # ------------------------------------------------------------------
    def _record(self, state, *, decision=None, comment=None, base=None):
        """Write what this person did."""
        salt = secrets.token_bytes(16) if comment else b""
        self.write(
            {
                "state": state,
                "decision": decision,
                "comment": comment,
                "comment_salt": base64.b64encode(salt).decode() or False,
                "acted_at": fields.Datetime.now(),
                "base": base,
            }
        )

    def _comment_digest(self):
        """Salted digest of the comment for the journal: it proves the words without holding them."""
        if not self.comment:
            return None
        return salted_digest(base64.b64decode(self.comment_salt), self.comment)

    def _again(self, state, step=None):
        """Rows with the same persons and reasons, to act (again)."""
        return self.create(
            [
                {
                    "run_id": actor.run_id.id,
                    "step_id": (step or actor.step_id).id,
                    "company_id": actor.company_id.id,
                    "user_id": actor.user_id.id,
                    "name": actor.name,
                    "reason_code": actor.reason_code,
                    "reason_args": actor.reason_args,
                    "is_chair": actor.is_chair,
                    "state": state,
                }
                for actor in self
            ]
        )

    def _schedule(self):
        """One activity on the subject for each person who has to act."""
        kind = self.env.ref("gov_base.mail_activity_type_circuit")
        model = self.env["ir.model"]._get(self.run_id[:1].res_model)
        today = fields.Date.context_today(self)
        rows = self.filtered(lambda actor: actor.user_id.active)
        # What the caller proposes for new records is not for these.
        context = clean_context(self.env.context)
        # pylint: disable-next=context-overridden
        todo = self.env["mail.activity"].with_context(context)
        activities = todo.create(
            [
                {
                    "activity_type_id": kind.id,
                    "summary": actor.step_id.with_context(lang=actor.user_id.lang).name,
                    "automated": True,
                    "date_deadline": actor.step_id.deadline or today,
                    "res_model_id": model.id,
                    "res_id": actor.run_id.res_id,
                    "user_id": actor.user_id.id,
                }
                for actor in rows
            ]
        )
        for actor, activity in zip(rows, activities, strict=True):
            actor.activity_id = activity

    def _unschedule(self):
        self.activity_id.unlink()

    def _skip(self):
        self._unschedule()
        self.write({"state": "skipped"})

    # ------------------------------------------------------------------
    # Picture
    # ------------------------------------------------------------------
    def _line(self):
        """One person of a box."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("state", "decision")
        }
        return {
            "name": self.acted_name,
            "chair": self.is_chair,
            "state": self.state,
            "state_label": labels["decision"].get(self.decision)
            if self.state == "done"
            else labels["state"][self.state],
            # Without the marks that turn a date round in Arabic, as other dates are shown.
            "date": clean_line(
                format_datetime(self.env, self.acted_at, dt_format="short")
                if self.acted_at
                else ""
            ),
            "why": self.reason,
            "comment": self.recall_reason or self.comment or "",
        }

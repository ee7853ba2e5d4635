from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.gov_base.lib import text

from ..lib import consent as consents
from .gov_circuit_step import SIGNATURE

BASKETS = ("sign", "visa", "opinion", "late", "done")
LIMIT = 80
MAX_COMMENT = 4000


class ParapheurFolder(models.Model):
    """What the signatory's desk shows: plain values, from two methods."""

    _inherit = "parapheur.folder"

    @api.model
    def get_desk(self, basket="sign"):
        """Return what waits for the user, counted by basket, and the folders of one basket.

        :param str basket: ``sign``, ``visa``, ``opinion``, ``late`` or ``done``
        :return: ``{"basket", "counts": {basket: number}, "folders": [row], "has_key",
            "consent": {"id", "text", "sha256"}}``; a row has ``id``, ``reference``, ``title``,
            ``nature``, ``initiator``, ``kind``, ``step``, ``deadline``, ``days`` (left, may be
            negative or None), ``state``, ``base``
        """
        if basket not in BASKETS:
            basket = "sign"
        waiting = self._desk_waiting()
        acted = self._desk_acted()
        baskets = {
            "sign": [row for row in waiting if row["kind"] == SIGNATURE],
            "visa": [
                row for row in waiting if row["kind"] not in (SIGNATURE, "opinion")
            ],
            "opinion": [row for row in waiting if row["kind"] == "opinion"],
            "late": [row for row in waiting if (row["days"] or 0) < 0],
            "done": acted,
        }
        chosen = baskets[basket][:LIMIT]
        # Together, so that what they read is fetched once.
        for row, folder in zip(
            chosen, self.browse(row["id"] for row in chosen), strict=True
        ):
            row["base"] = folder._circuit_base()
        return {
            "basket": basket,
            "counts": {name: len(rows) for name, rows in baskets.items()},
            "folders": chosen,
            "has_key": bool(self.env["gov.key"]._personal(self.env.user)),
            "consent": consents.shown(self.env.lang),
        }

    def get_desk_folder(self):
        """Return one folder as the desk shows it, with what the user may do with it now.

        :return: dict of plain values; ``base`` goes back to ``action_sign`` and others
        :raise AccessError: the user may not read this folder
        """
        self.ensure_one()
        self.check_access("read")
        step = self._my_step()
        actor = step and self.run_id._actor_of(self.env.user, step)
        return {
            "id": self.id,
            "reference": self.reference,
            "title": self.title or "",
            "note": self.note or "",
            "nature": self.nature_id.name,
            "initiator": self.initiator_id.name,
            "unit": self.unit_id.name or "",
            "state": self.state,
            "state_text": self._state_text(),
            "deadline": self.deadline and self.deadline.isoformat(),
            "end_reason": self.end_reason or "",
            "base": self._circuit_base(),
            "run_id": self.run_id.id,
            "quality": self._quality(self.env.user),
            "step": step
            and {
                "id": step.id,
                "name": step.name,
                "kind": step.kind,
                "question": step.question or "",
                "deadline": step.deadline and step.deadline.isoformat(),
                "reason": self._why_me(actor),
            },
            "can": self._desk_can(step),
            "return_steps": [
                {"id": one.id, "name": one.name, "people": one.actor_ids.mapped("name")}
                for one in (
                    self.run_id._return_targets() if self.run_id.can_return else ()
                )
            ],
            "documents": self._desk_documents(),
            "fields": self._form_display(),
            "comments": self._desk_comments(),
            "slip_id": self.slip_id.id,
        }

    def action_comment(self, words):
        """Write a comment that everybody who reads the folder reads.

        :param str words: the comment
        :return: True
        :raise UserError: nothing written, or too long
        """
        self.ensure_one()
        self.check_access("read")
        words = text.clean_block(words or "")
        if not words:
            raise UserError(self.env._("Write your comment first."))
        if len(words) > MAX_COMMENT:
            raise UserError(
                self.env._(
                    "The comment is too long: %(length)s signs, %(limit)s at most.",
                    length=len(words),
                    limit=MAX_COMMENT,
                )
            )
        self.message_post(
            body=words, message_type="comment", subtype_xmlid="mail.mt_note"
        )
        return True

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    def _desk_waiting(self):
        """Rows of what waits for the user, the most urgent first."""
        # A person reads his own turns whatever else he may read; folders keep their rules.
        actors_sudo = self.env["gov.circuit.run.actor"].sudo()
        rows_sudo = actors_sudo.search(
            self.env["gov.circuit.run"]._my_actors_domain()
            & Domain("state", "=", "current")
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("run_id.res_model", "=", self._name)
            & Domain("run_id.state", "=", "running"),
            order="id",
        ).filtered(lambda row: row._is_for(self.env.user))
        steps = {row.run_id.res_id: row.step_id for row in reversed(rows_sudo)}
        folders = self.browse(steps)._filtered_access("read")
        rows = [folder._desk_row(steps[folder.id]) for folder in folders]
        return sorted(
            rows, key=lambda row: (row["days"] is None, row["days"] or 0, row["id"])
        )

    def _desk_acted(self):
        """Rows of folders in which the user acted, the latest first."""
        # A person reads his own acts whatever else he may read; folders keep their rules.
        actors_sudo = self.env["gov.circuit.run.actor"].sudo()
        rows_sudo = actors_sudo.search(
            [
                "|",
                ("user_id", "=", self.env.uid),
                ("acted_by_id", "=", self.env.uid),
                ("decision", "!=", False),
                ("company_id", "in", self.env.companies.ids),
                ("run_id.res_model", "=", self._name),
            ],
            order="acted_at desc, id desc",
            limit=4 * LIMIT,
        )
        steps = {}
        for row in rows_sudo:
            steps.setdefault(row.run_id.res_id, row.step_id)
        folders = self.browse(list(steps)[:LIMIT])._filtered_access("read")
        return [folder._desk_row(steps[folder.id]) for folder in folders]

    def _desk_row(self, step):
        dates = [date for date in (step.deadline, self.deadline) if date]
        deadline = min(dates, default=None)
        return {
            "id": self.id,
            "reference": self.reference,
            "title": self.title or "",
            "nature": self.nature_id.name,
            "initiator": self.initiator_id.name,
            "kind": step.kind,
            "step": step.name,
            "deadline": deadline and deadline.isoformat(),
            "days": (deadline - fields.Date.context_today(self)).days
            if deadline
            else None,
            "state": self.state,
            "state_text": self._state_text(),
        }

    def _state_text(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _desk_can(self, step):
        run = self.run_id
        acts = bool(step) and self.state == "running" and run.can_act
        return {
            "sign": acts and step.kind == SIGNATURE,
            "elsewhere": acts and step.kind == SIGNATURE and self._accepts_elsewhere(),
            "approve": acts and step.kind != SIGNATURE,
            "opinion": acts and step.kind == "opinion",
            "refuse": acts and step.kind != "opinion",
            "return": self.state == "running" and run.can_return,
            "recall": self.can_recall and bool(run._last_act(self.env.user)),
        }

    def _desk_documents(self):
        documents = self.main_ids.sorted("id") | self.annex_ids.sorted("id")
        return [
            {
                "id": document.id,
                "name": document.name,
                "role": document.role,
                "version_id": document.current_version_id.id,
                "pages": document.pages,
                "size": document.size,
                "sha256": document.sha256,
                "state": document.state,
            }
            for document in documents
        ]

    def _desk_comments(self):
        """Words of those who acted and comments, in order."""
        said = [
            {
                "who": actor.acted_name,
                "when": fields.Datetime.to_string(actor.acted_at),
                "what": actor.decision or "",
                "what_text": self._decision_text(actor),
                "step": actor.step_id.name,
                "words": actor.comment or "",
                "undone": actor.state == "recalled"
                or actor.step_id.state == "returned",
            }
            for actor in self.run_id.actor_ids
            if actor.acted_at
        ]
        # Names of authors are shown to everybody who reads the folder.
        messages_sudo = self.sudo().message_ids.filtered(
            lambda one: one.message_type == "comment" and one.author_id
        )
        said += [
            {
                "who": message.author_id.name,
                "when": fields.Datetime.to_string(message.date),
                "what": "comment",
                "what_text": "",
                "step": "",
                "words": html2plaintext(message.body).strip(),
                "undone": False,
            }
            for message in messages_sudo
        ]
        return sorted(said, key=lambda one: one["when"])

    @api.model
    def _decision_text(self, actor):
        labels = dict(actor._fields["decision"]._description_selection(self.env))
        if actor.decision == "approve" and actor.step_id.kind == SIGNATURE:
            return self.env._("Signed")
        return labels.get(actor.decision, "")

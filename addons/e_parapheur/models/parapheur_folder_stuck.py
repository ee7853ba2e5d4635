from odoo import api, fields, models
from odoo.fields import Domain

from .gov_circuit_step import SIGNATURE

#: why a folder does not move, the heaviest first
STUCK = [
    ("closing", "Seal or slip pending"),
    ("platform", "Automatic step failing"),
    ("left", "Person left"),
    ("no_key", "Signatory without key"),
    ("certificate", "Certificate expired"),
    ("absent", "Person absent"),
    ("timestamp", "Timestamp pending"),
]


class ParapheurFolder(models.Model):
    """Why a folder does not move: for whom it waits, since when, and what keeps that person."""

    _inherit = "parapheur.folder"

    stuck = fields.Selection(STUCK, compute="_compute_stuck", search="_search_stuck")
    stuck_sentence = fields.Char("Waits for", compute="_compute_stuck")
    waiting_since = fields.Datetime(compute="_compute_stuck")

    @api.depends("state", "run_id", "closing_error")
    @api.depends_context("lang")
    def _compute_stuck(self):
        found = self._stuck_found()
        for folder in self:
            code, sentence, since = found.get(folder.id, (False, False, False))
            folder.stuck = code
            folder.stuck_sentence = sentence
            folder.waiting_since = since

    @api.model
    def _search_stuck(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Every folder that may be stuck is looked at; the outer search keeps the reader's rights.
        folders_sudo = self.sudo().search(self._may_be_stuck_domain())
        ids = {}
        for folder_id, (code, *_rest) in folders_sudo._stuck_found().items():
            ids.setdefault(code, []).append(folder_id)
        wanted = [one for code in value if code for one in ids.get(code, ())]
        domain = Domain("id", "in", wanted)
        if False in value:
            moving = [one for code, found in ids.items() if code for one in found]
            domain |= Domain("id", "not in", moving)
        return domain

    @api.model
    def _may_be_stuck_domain(self):
        return Domain("company_id", "in", self.env.companies.ids) & (
            Domain("state", "in", ("running", "signed", "closing"))
            | Domain("id", "in", self._untimed_ids())
        )

    @api.model
    def _untimed_ids(self):
        """Folders with a document whose timestamp or long proof was tried, and is still to come."""
        # The list of completions is the platform's; only which folders they belong to is taken.
        completions_sudo = self.env["gov.completion"].sudo()
        rows_sudo = completions_sudo.search(
            [
                ("res_model", "=", "gov.document"),
                ("state", "=", "pending"),
                ("attempts", ">", 0),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        documents_sudo = self.env["gov.document"].sudo()
        return (
            documents_sudo.browse(rows_sudo.mapped("res_id"))
            .exists()
            .filtered(lambda one: one.res_model == self._name)
            .mapped("res_id")
        )

    # ------------------------------------------------------------------
    # Reasons
    # ------------------------------------------------------------------
    def _stuck_found(self):
        """{folder id: (code or False, sentence, since when)}: a constant number of queries.

        Folders that move have no code, and the sentence says for whom they wait.
        """
        found = {}
        for folder in self.filtered("closing_error"):
            found[folder.id] = ("closing", folder.closing_error, folder.completed_at)
        untimed = set(self._untimed_ids()) if self.filtered(self._is_closed) else set()
        for folder in self:
            if folder.id in untimed and folder.id not in found:
                found[folder.id] = (
                    "timestamp",
                    self.env._(
                        "Finished; the timestamp of its documents is still to come."
                    ),
                    folder.ended_at,
                )
        running = self.filtered(lambda one: one.state == "running")
        for company, folders in running.grouped("company_id").items():
            found |= folders._stuck_running(company)
        return found

    @staticmethod
    def _is_closed(folder):
        return folder.state == "done"

    def _stuck_running(self, company):
        # Whoever reads a folder reads for whom it waits and what keeps them.
        runs_sudo = self.sudo().run_id
        steps_sudo = runs_sudo.step_ids.filtered(lambda step: step.state == "current")
        actors_sudo = steps_sudo.actor_ids.filtered(lambda one: one.state == "current")
        blocked = actors_sudo._hindrances(company)
        of_run, found = steps_sudo.grouped("run_id"), {}
        for folder, folder_sudo in zip(self, self.sudo(), strict=True):
            steps = of_run.get(folder_sudo.run_id, steps_sudo.browse())
            told = [folder._stuck_step(step, blocked) for step in steps]
            order = [code for code, _label in STUCK]
            told.sort(key=lambda one: order.index(one[0]) if one[0] else len(order))
            if told:
                since = min(
                    (step.opened_at for step in steps if step.opened_at), default=False
                )
                found[folder.id] = (told[0][0], told[0][1], since)
        return found

    def _stuck_step(self, step, blocked):
        """(code or False, sentence) for one step that waits. Called on superuser's steps."""
        if step.platform_error:
            return "platform", self.env._(
                "“%(step)s” could not be done by itself: %(reason)s",
                step=step.name,
                reason=step.platform_error,
            )
        actors = step._current_actors()
        hindered = [actor for actor in actors if actor.id in blocked]
        free = len(actors) - len(hindered)
        if hindered and self._is_blocking(step, free):
            code, sentence = blocked[hindered[0].id]
            return code, self.env._(
                "Waits for %(names)s (%(step)s): %(reason)s",
                names=", ".join(actor.name for actor in hindered),
                step=step.name,
                reason=sentence,
            )
        return False, self.env._(
            "Waits for %(names)s (%(step)s)",
            names=", ".join(actors.mapped("name")) or "–",
            step=step.name,
        )

    @api.model
    def _is_blocking(self, step, free):
        """Whether the step cannot end with those who are free to act alone."""
        if step.mode == "any":
            return not free
        if step.mode == "quorum":
            agreed = step.actor_ids.filtered(
                lambda one: one.state == "done" and one.decision == "approve"
            )
            return free + len(agreed) < step.quorum
        return True

    @api.model
    def _signing_kinds(self):
        return (SIGNATURE,)

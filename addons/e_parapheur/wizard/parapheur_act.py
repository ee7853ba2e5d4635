from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.parapheur_folder_acts_open import DIALOGS

#: acts that say why
WITH_REASON = (
    "refuse",
    "return",
    "transfer",
    "recuse",
    "second_opinion_withdraw",
    "recall",
    "cancel",
    "bypass_ask",
    "replace",
    "dispatch_cancel",
)


class ParapheurAct(models.TransientModel):
    """Asks what an act on a folder needs, then calls that act: it decides nothing itself."""

    _name = "parapheur.act"
    _description = "Act on a folder"

    folder_id = fields.Many2one(
        "parapheur.folder", required=True, readonly=True, ondelete="cascade"
    )
    what = fields.Selection(DIALOGS, required=True, readonly=True)
    base = fields.Char(readonly=True)
    company_id = fields.Many2one(related="folder_id.company_id")
    wants_reason = fields.Boolean(compute="_compute_wants")
    reason = fields.Text("Why")
    comment = fields.Text("Words")
    wants_code = fields.Boolean(compute="_compute_wants")
    totp = fields.Char("Code of your authenticator", size=12)
    question = fields.Text("What do you ask them?")
    days = fields.Integer("Days to answer")
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Persons",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    offered_step_ids = fields.Many2many(
        "gov.circuit.run.step", compute="_compute_offered"
    )
    step_id = fields.Many2one(
        "gov.circuit.run.step",
        domain="[('id', 'in', offered_step_ids)]",
    )
    offered_actor_ids = fields.Many2many(
        "gov.circuit.run.actor", compute="_compute_offered"
    )
    actor_id = fields.Many2one(
        "gov.circuit.run.actor",
        string="In the place of",
        domain="[('id', 'in', offered_actor_ids)]",
    )
    resume = fields.Selection(
        [
            ("all", "Everything from that step on is done again"),
            ("here", "That step alone; then it comes straight back to me"),
        ],
        default="all",
    )
    effects = fields.Text("What becomes of what was done", compute="_compute_effects")
    recipients = fields.Text(
        "Send to", help="One recipient a line: an e-mail address, or Name <address>."
    )
    dispatch_id = fields.Many2one("parapheur.dispatch", readonly=True)
    document_id = fields.Many2one(
        "gov.document",
        domain="[('res_model', '=', 'parapheur.folder'), ('res_id', '=', folder_id), ('role', '=', 'main')]",
    )
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    nature_id = fields.Many2one(
        "parapheur.nature",
        domain="[('company_id', '=', company_id)]",
    )
    role = fields.Selection(
        [("main", "Main documents"), ("annex", "Annexes only")],
        string="The closed documents become",
        default="main",
    )
    form_id = fields.Many2one("gov.form", compute="_compute_asked")
    asked_keys = fields.Json(compute="_compute_asked")
    form_values = fields.Json("What is asked")
    needs_file = fields.Boolean(compute="_compute_asked")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        folder = self.env["parapheur.folder"].browse(values.get("folder_id"))
        if folder and values.get("what") in ("return", "bypass_ask", "bypass_confirm"):
            values["step_id"] = folder._offered_steps(values["what"])[-1:].id
        if folder and values.get("what") == "replace":
            values["actor_id"] = folder._replaceable_actors()[:1].id
        if folder and values.get("what") == "plan_dispatch":
            values["recipients"] = "\n".join(
                f"{one.name} <{one.email}>" if one.name else one.email
                for one in folder.dispatch_ids
                if one.state == "planned"
            )
        if folder and values.get("what") == "replace_document":
            values["document_id"] = folder.main_ids[:1].id
        return values

    @api.depends("what", "folder_id")
    def _compute_wants(self):
        for act in self:
            act.wants_reason = act.what in WITH_REASON
            wanted = act.folder_id._proof_wanted("approve")
            act.wants_code = act.what in ("approve", "seal") and wanted == "totp"

    @api.depends("folder_id", "what")
    def _compute_offered(self):
        for act in self:
            act.offered_step_ids = act.folder_id._offered_steps(act.what)
            act.offered_actor_ids = (
                act.folder_id._replaceable_actors()
                if act.what == "replace"
                else act.offered_actor_ids.browse()
            )

    @api.depends("folder_id", "what", "step_id", "resume")
    def _compute_effects(self):
        for act in self:
            act.effects = bool(act.step_id) and act.folder_id._act_effects(
                act.what, act.step_id, act.resume
            )

    @api.depends("folder_id", "what")
    def _compute_asked(self):
        for act in self:
            folder, missing = act.folder_id, {}
            step = folder._my_step()
            if step and act.what in ("approve", "refuse", "fill", "seal", "dispatch"):
                missing = folder._missing_at(step, act.what)
            act.form_id = folder.form_id if missing.get("keys") else False
            act.asked_keys = missing.get("keys") or []
            act.needs_file = bool(missing.get("attachment"))

    def action_confirm(self):
        """Do it.

        :return: closes the dialog, or opens what the act gives
        :raise AccessError, UserError: what the act of the folder refuses
        """
        self.ensure_one()
        folder = self.folder_id
        self._give_what_is_asked()
        result = getattr(self, f"_do_{self.what}")(folder)
        if isinstance(result, dict):
            return result
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"parapheur_act": self.what},
        }

    def _give_what_is_asked(self):
        if self.asked_keys and self.form_values:
            answers = {
                key: value
                for key, value in self.form_values.items()
                if key in self.asked_keys and value not in (None, "", [])
            }
            if answers:
                self.folder_id.action_fill(answers)
        if self.file and self.what not in ("attach", "replace_document"):
            self.folder_id.action_attach(self.filename or "", self._content())

    def _content(self):
        content = self.file or ""
        return content.decode() if isinstance(content, bytes) else content

    def _addresses(self):
        """What was typed, a line a recipient: an address alone, or ``Name <address>``."""
        found = []
        for line in (self.recipients or "").replace(";", "\n").splitlines():
            name, _sign, address = line.rpartition("<")
            address = address.strip().removesuffix(">").strip()
            if line.strip():
                found.append({"name": name.strip(' "'), "email": address})
        return found

    # ------------------------------------------------------------------
    # One by one
    # ------------------------------------------------------------------
    def _reauth(self):
        return {"totp": self.totp} if self.totp else None

    def _do_approve(self, folder):
        return folder.action_approve(
            self.comment, base=self.base or "", reauth=self._reauth()
        )

    def _do_opinion(self, folder):
        return folder.action_approve(self.comment, base=self.base or "")

    def _do_seal(self, folder):
        return folder.action_seal(
            base=self.base or "", comment=self.comment, reauth=self._reauth()
        )

    def _do_dispatch(self, folder):
        return folder.action_dispatch(self._addresses())

    def _do_refuse(self, folder):
        return folder.action_refuse(self.reason, base=self.base or "")

    def _do_return(self, folder):
        return folder.action_return(self.step_id.id, self.reason, resume=self.resume)

    def _do_transfer(self, folder):
        return folder.action_transfer(self.user_id.id, self.reason)

    def _do_recuse(self, folder):
        return folder.action_recuse(self.reason)

    def _do_second_opinion(self, folder):
        return folder.action_second_opinion(
            self.user_ids.ids, self.question, days=self.days or None
        )

    def _do_second_opinion_withdraw(self, folder):
        return folder.action_second_opinion_withdraw(self.reason)

    def _do_add_signer(self, folder):
        return folder.action_add_signer(
            self.user_ids.ids, after=self.step_id.id or None, question=self.question
        )

    def _do_recall(self, folder):
        return folder.action_recall(self.reason)

    def _do_cancel(self, folder):
        return folder.action_cancel(self.reason)

    def _do_bypass_ask(self, folder):
        return folder.action_bypass_ask(self.step_id.id, self.reason)

    def _do_bypass_confirm(self, folder):
        return folder.action_bypass_confirm(self.step_id.id)

    def _do_replace(self, folder):
        return folder.action_replace(self.actor_id.id, self.user_id.id, self.reason)

    def _do_attach(self, folder):
        return folder.action_attach(self.filename or "", self._content())

    def _do_fill(self, folder):
        missing = folder._missing_at(folder._my_step(), "fill")
        if missing.get("labels"):
            raise UserError(
                self.env._(
                    "Still missing: %(fields)s.", fields=", ".join(missing["labels"])
                )
            )
        return True

    def _do_replace_document(self, folder):
        return folder.action_replace_document(
            self.document_id.id, self.filename or "", self._content()
        )

    def _do_plan_dispatch(self, folder):
        return folder.action_plan_dispatch(self._addresses())

    def _do_dispatch_cancel(self, folder):
        return self.dispatch_id.action_cancel(self.reason)

    def _do_chain(self, folder):
        return folder.action_chain(self.nature_id.id, self.role)

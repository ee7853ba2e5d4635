from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: (from, to)
TRANSITIONS = {("draft", "published"), ("published", "retired")}
PROTECTED = {"state", "version", "origin_id", "published_at", "docx_id"}
#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()


class ParapheurSource(models.Model):
    """States and versions of a sending: one table of transitions, one gate."""

    _inherit = "parapheur.source"

    def _transition_refusal(self, new):
        """Return why this cannot become ``new`` now, or None; feeds the gate and the buttons."""
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            return UserError(
                self.env._(
                    "%(name)s cannot take this step: a draft is put in use, and what is in "
                    "use is withdrawn. To change it, make a new version.",
                    name=self.display_name,
                )
            )
        return None

    @api.model
    def _gated_names(self):
        return super()._gated_names() | PROTECTED

    @api.model
    def _gate_is_open(self):
        return self.env.context.get("parapheur_source_gate") is GATE

    def _gated(self):
        return self.with_context(parapheur_source_gate=GATE)

    def _check_protected(self, vals):
        if self._gate_is_open():
            return
        first = {"state": "draft", "version": 1}
        if any(
            self or vals[name] != first.get(name, False)
            for name in PROTECTED & vals.keys()
        ):
            raise AccessError(
                self.env._(
                    "State, version and template file of a sending change only with its "
                    "buttons: Put in use, New version, Withdraw, Choose a file."
                )
            )
        self._check_draft()

    def _check_draft(self):
        """Raise unless these may still be changed."""
        frozen = self.filtered(lambda source: source.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "%(name)s is in use or withdrawn: it does not change any more. Use “New "
                    "version”, change that one and put it in use.",
                    name=frozen[0].display_name,
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_publish(self):
        """Put these drafts in use: the button appears on the records. The version before is withdrawn.

        :return: True
        :raise UserError: not a draft, or what is missing or wrong (one sentence each)
        :raise AccessError: not an administrator of the signature book
        """
        self.check_access("write")
        self._lock_or_tell(
            self.env._("Somebody is changing this sending right now. Try again.")
        )
        self._check_transition("published")
        for source in self:
            problems = source._problems()
            if problems:
                raise UserError("\n".join(dict.fromkeys(problems)))
            previous = source._family("published")
            previous._gated().write({"state": "retired"})
            previous.flush_recordset(["state"])
            source._gated().write(
                {"state": "published", "published_at": fields.Datetime.now()}
            )
        self._refresh_buttons()
        return True

    def action_retire(self):
        """Withdraw these: the button disappears, folders under way go on.

        :return: True
        :raise UserError: not in use
        :raise AccessError: not an administrator of the signature book
        """
        self.check_access("write")
        self._lock_or_tell(
            self.env._("Somebody is changing this sending right now. Try again.")
        )
        self._check_transition("retired")
        self._gated().write({"state": "retired"})
        self._refresh_buttons()
        return True

    def _next_version(self):
        draft = super()._next_version()
        draft._copy_docx(self)
        return draft

    def action_open_folders(self):
        """Open the folders that were made so and that the user may see.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "e_parapheur.parapheur_folder_action"
        )
        return {**action, "domain": [("source_id", "=", self.id)], "context": {}}

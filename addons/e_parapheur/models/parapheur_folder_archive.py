from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ENDED = ("done", "refused", "cancelled")
SUPERVISOR = "e_parapheur.group_e_parapheur_supervisor"
ADMIN = "e_parapheur.group_e_parapheur_admin"


class ParapheurFolder(models.Model):
    """The archive: a folder that ended, with the day until which it is kept; frozen there."""

    _inherit = "parapheur.folder"

    archived_at = fields.Datetime(
        "In the archive since", readonly=True, copy=False, index="btree_not_null"
    )
    retention_until = fields.Date(
        "Kept until", readonly=True, copy=False, index="btree_not_null"
    )
    can_keep = fields.Boolean(compute="_compute_can_keep")

    @api.depends("state", "archived_at")
    @api.depends_context("uid")
    def _compute_can_keep(self):
        for folder in self:
            folder.can_keep = not folder._keep_refusal()

    def action_keep(self):
        """Put a folder that ended in the archive: nothing of it changes from then on.

        :return: True
        :raise UserError: not ended, in the archive already
        :raise AccessError: neither the sender, a supervisor nor a functional administrator
        """
        self.check_access("read")
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this folder at this very moment. Reload it."
            )
        )
        for folder in self:
            refusal = folder._keep_refusal()
            if refusal:
                raise refusal
            # Written by the platform; state and right were checked above.
            folder_sudo = folder.sudo()
            folder_sudo._keep()
        return True

    def _keep_refusal(self):
        """Return why the user cannot put this folder in the archive now, or None."""
        self.ensure_one()
        if self._is_kept():
            return self._kept_sentence()
        if self.state not in ENDED or not self.submitted_at:
            return UserError(
                self.env._(
                    "The folder %(folder)s has not ended: it is not put in the archive.",
                    folder=self.display_name,
                )
            )
        user = self.env.user
        if (
            self.initiator_id == user
            or user.has_group(SUPERVISOR)
            or user.has_group(ADMIN)
        ):
            return None
        return AccessError(
            self.env._(
                "Only %(name)s, who started the folder %(folder)s, or a supervisor does this.",
                name=self.initiator_id.name,
                folder=self.display_name,
            )
        )

    def _is_kept(self):
        return bool(self.archived_at)

    def _kept_sentence(self):
        return UserError(
            self.env._(
                "The folder %(folder)s is in the archive: nothing of it changes any more.",
                folder=self.display_name,
            )
        )

    def _keep(self):
        """Freeze it. Called as superuser."""
        self._gated().write({"archived_at": fields.Datetime.now()})
        self._event(
            "folder.archived",
            {"until": self.retention_until and self.retention_until.isoformat()},
        )

    def _retention_years(self):
        """How long this folder is kept once it ended, in years."""
        return self._nature_version().retention_years

    def _become(self, new, **vals):
        if new in ENDED and self.submitted_at:
            years = relativedelta(years=self._retention_years())
            vals["retention_until"] = fields.Date.context_today(self) + years
        return super()._become(new, **vals)

    def _do_archive(self, step):
        """The step “Archive”, by the batch: the folder is frozen with its end."""
        # What leaves at the end leaves before: nothing is sent again from the archive.
        self._start_dispatches()
        if self._dispatches_wait(step, self.dispatch_ids):
            return False
        self.run_id._platform_done(step, {})
        self._keep()
        return True

    # ------------------------------------------------------------------
    # Frozen
    # ------------------------------------------------------------------
    def write(self, vals):
        kept = self.filtered("archived_at")
        if kept and not self._gate_is_open() and self._freezes(vals):
            raise kept[0]._kept_sentence()
        return super().write(vals)

    @api.model
    def _freezes(self, vals):
        """Whether writing these values changes what is in the archive."""
        followers = {"message_follower_ids", "message_ids", "activity_ids"}
        return bool(vals.keys() - followers)

    def action_comment(self, words):
        """Write a comment; refused in the archive."""
        self.ensure_one()
        if self._is_kept():
            raise self._kept_sentence()
        return super().action_comment(words)

from odoo import api, models

from .gov_circuit_step import SIGNATURE


class ParapheurFolder(models.Model):
    """Which turns are the user's, asked of a whole list at once: statements do not grow with it."""

    _inherit = "parapheur.folder"

    @api.model
    def _desk_mine(self, rows_sudo):
        """The rows at which the user acts: his own, those in which he stands in, those that an act lets him sign.

        A list only: whoever decides passes the gate, which asks again.

        :param rows_sudo: ``gov.circuit.run.actor`` of folders, as superuser
        """
        user = self.env.user
        limits = self._desk_limits()
        kinds = self.env["gov.circuit.step"]._delegable_kinds()
        # Unit, nature and amount are compared, whoever asks; read together.
        folders_sudo = self.sudo().browse(rows_sudo.run_id.mapped("res_id"))
        scopes = {folder.id: folder for folder in folders_sudo}
        own_runs_sudo = self._desk_own_runs(rows_sudo.run_id)

        def is_mine(row):
            if row.user_id == user or row._standing_in(user):
                return True
            found = limits.get((row.user_id.id, row.company_id.id))
            if not found or row.step_id.kind not in kinds:
                return False
            if row.run_id in own_runs_sudo:
                return False
            scope = scopes[row.run_id.res_id]._circuit_scope()
            return any(self._desk_covers(one, scope) for one in found)

        return rows_sudo.filtered(is_mine)

    @api.model
    def _desk_own_runs(self, runs_sudo):
        """Those of these runs that the user started or signs himself: he signs them for nobody else."""
        user = self.env.user

        def is_own(run):
            signing = run._live_steps().filtered(lambda one: one.kind == SIGNATURE)
            return run.initiator_id == user or any(
                row.state in ("waiting", "current", "done")
                and user in (row.user_id, row.acted_by_id)
                for row in run._actors_of(signing)
            )

        return runs_sudo.filtered(is_own)

    @api.model
    def _desk_limits(self):
        """``{(grantor, administration): limits}`` of the acts in force that the user holds."""
        # What a person may sign in whose place is asked about himself.
        user_sudo = self.env.user.sudo()
        limits = {}
        for act_sudo in user_sudo.gov_delegated_ids._in_force_today():
            found = act_sudo._limits()
            if found:
                key = (act_sudo.grantor_id.id, act_sudo.company_id.id)
                takes_none = not act_sudo._line().unit_ids
                limits.setdefault(key, []).append((*found, takes_none))
        return limits

    @api.model
    def _desk_covers(self, limits, scope):
        units, natures, amount, takes_none = limits
        unit = scope.get("unit")
        if units is not None and (unit not in units if unit else not takes_none):
            return False
        if natures is not None and scope.get("nature") not in natures.mapped("code"):
            return False
        return not amount or (scope.get("amount") or 0) <= amount

from odoo import models
from odoo.exceptions import UserError


class ParapheurFolder(models.Model):
    """Which circuit a folder takes: the first of its nature whose conditions hold."""

    _inherit = "parapheur.folder"

    def _way(self):
        """The circuits of this folder as it is filled in now.

        :return: (preparation circuit, circuit, ``parapheur.nature.way`` or empty); each of the
            first two in its published version, or empty
        """
        self.ensure_one()
        version_sudo = self._nature_version()
        ways_sudo = version_sudo.way_ids
        way_sudo = next(
            (way for way in ways_sudo if way._fits(self)), ways_sudo.browse()
        )
        source_sudo = way_sudo or version_sudo
        return (
            self._in_use(source_sudo.creation_circuit_id),
            self._in_use(source_sudo.circuit_id),
            way_sudo,
        )

    def _in_use(self, circuit):
        """The published version of a circuit, with the rights of the user; may be empty."""
        circuits = self.env["gov.circuit"]
        return circuits.browse(circuit and circuit._family("published").id)

    def _way_steps(self):
        """Steps of the circuits of this folder, those of the preparation first."""
        preparation, circuit, _way = self._way()
        return preparation.step_ids + circuit.step_ids

    def _circuits_to_take(self):
        """The preparation circuit, or empty, and the circuit: both as they are published.

        :raise UserError: one of them has no published version
        """
        self.ensure_one()
        version_sudo = self._nature_version()
        circuits = self.env["gov.circuit"]
        preparation, circuit, way_sudo = self._way()
        source_sudo = way_sudo or version_sudo
        if source_sudo.creation_circuit_id and not preparation:
            source_sudo.creation_circuit_id._published()
        if not circuit:
            source_sudo.circuit_id._published()
        return preparation, circuit or circuits

    def _check_same_way(self):
        """Raise when answers given on the way lead to persons whom the circuit left out. As superuser.

        What was not answered at the submission left their steps out: answered later, it would
        go past them.
        """
        run = self.run_id
        steps = self.env["gov.circuit.step"]
        missed = run.step_ids.filtered(
            lambda one: (
                one.state == "left_out"
                and one.left_out_code == "condition"
                and all(
                    verdict.holds
                    for verdict in steps._conditions_test(one.conditions, self)
                )
            )
        )
        _preparation, circuit, _way = self._way()
        taken = run.circuit_id._family("published")
        if not missed and (not taken or not circuit or circuit == taken):
            return
        raise UserError(
            self.env._(
                "With this answer %(folder)s would have to go another way: “%(step)s”. Refuse "
                "or return it, so that its sender submits it again with the answer. Nothing "
                "was saved.",
                folder=self.display_name,
                step=(missed[:1] or circuit).name,
            )
        )

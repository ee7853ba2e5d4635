from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_trust.lib import acts
from odoo.addons.gov_trust.lib.trust import LEVELS

from .gov_circuit_step import SIGNATURE


class ParapheurFolder(models.Model):
    """What is checked before a signature: turn, version seen, certificate, time (A1, A5, A6)."""

    _inherit = "parapheur.folder"

    def _check_signable(self, base):
        """Raise unless the user has to sign this folder now, as he saw it.

        :param base: digest of what was seen, or None
        :return: ``gov.circuit.run.step``
        """
        step, user = self._my_step(only=(SIGNATURE,)), self.env.user
        refusal = self.run_id._refusal("act", user, step=step)
        if refusal:
            raise refusal
        if not step:
            raise UserError(
                self.env._(
                    "You are asked for “%(step)s”, not for a signature: use Approve.",
                    step=self._my_step().name,
                )
            )
        # Versions are compared; who signs reads the folder.
        if base and self.sudo()._seen_versions(base, step) is None:
            raise self._changed_since()
        return step

    def _changed_since(self):
        return UserError(
            self.env._(
                "The document changed since you opened it: reload %(folder)s and read it "
                "again. Nothing was signed.",
                folder=self.display_name,
            )
        )

    # ------------------------------------------------------------------
    # The version that was seen
    # ------------------------------------------------------------------
    def _seen_versions(self, base, step):
        """Versions of the documents that ``base`` stands for, when they may be signed upon now. Called as superuser.

        They are the current ones; or those before them, when nothing was added since but
        signatures of the same group of steps: a signature touches no page (each was checked
        strictly), so that what was seen is what is signed. Anything else: None.

        :return: {piece id: ``gov.document.version``} or None
        """
        seen = {piece.id: piece._current() for piece in self.piece_ids}
        if not base or base == self._circuit_base():
            return seen
        together = self.signature_ids.filtered(
            lambda one: (
                one.state == "valid"
                and one.step_id.rank == step.rank
                and one.step_id.state in ("current", "done")
            )
        ).sorted("id", reverse=True)
        current = dict(seen)
        for one in together:
            if seen.get(one.piece_id.id) != one.version_id:
                return None
            seen[one.piece_id.id] = one.base_id
            if self._base_of(seen) == base:
                return seen if self._begins_with(current, seen) else None
        return None

    def _begins_with(self, current, seen):
        """Whether the file of each document still begins with what was seen of it."""
        return all(
            version == seen[piece]
            or version._read_content().startswith(seen[piece]._read_content())
            for piece, version in current.items()
        )

    # ------------------------------------------------------------------
    # Certificate
    # ------------------------------------------------------------------
    def _level_bounds(self, step):
        """Least and highest level of certificates at this step: its own, else those of the nature."""
        # Settings of the circuit are compared, whoever signs.
        origin_sudo, version = step.sudo().origin_id, self._nature_version()
        return (
            origin_sudo.level_min or version.level_min,
            origin_sudo.level_max or version.level_max,
        )

    def _check_level(self, step, loaded):
        """Raise unless the certificate holds now and is worth what is asked at this step."""
        path = self.env["gov.sign"]._check_certificate(
            self.company_id, loaded, acts.SIGNATURE
        )
        self._check_worth(step, path.level)
        return path.level

    def _check_worth(self, step, level):
        """Raise unless a certificate of this level does at this step.

        :param str level: as the authority that issued it is trusted here
        """
        least, most = self._level_bounds(step)
        rank = LEVELS.index(level) if level in LEVELS else -1
        labels = {
            "simple": self.env._("simple"),
            "advanced": self.env._("advanced"),
            "qualified": self.env._("qualified"),
        }
        if least and rank < LEVELS.index(least):
            raise UserError(
                self.env._(
                    "“%(step)s” asks for a signature that is at least %(least)s, and your "
                    "certificate is %(level)s. Sign with a certificate of that level: ask "
                    "your trust officer, or use your own token.",
                    step=step.name,
                    least=labels[least],
                    level=labels.get(level, self.env._("unknown")),
                )
            )
        if most and rank > LEVELS.index(most):
            raise UserError(
                self.env._(
                    "“%(step)s” takes signatures up to %(most)s, and your certificate is "
                    "%(level)s. Sign with another certificate.",
                    step=step.name,
                    most=labels[most],
                    level=labels[level],
                )
            )

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------
    def _check_timestamp(self, level):
        """Raise when this nature does not sign without a timestamp, and none was given.

        :param str level: of the signature that was just made, B-B to B-LTA
        """
        if level == "B-B" and self._nature_version().timestamp_rule == "wait":
            raise UserError(self._no_timestamp())

    def _no_timestamp(self):
        return self.env._(
            "No timestamp authority answers now, and acts of the nature “%(nature)s” are not "
            "signed without a timestamp: %(folder)s was not signed. Go on with it when the "
            "authority is back.",
            nature=self.nature_id.name,
            folder=self.display_name,
        )

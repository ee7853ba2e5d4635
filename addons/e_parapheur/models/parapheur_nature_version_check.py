import base64
import binascii
import hashlib
import re

from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.gov_base.lib import text
from odoo.addons.gov_trust.lib import der

from .parapheur_nature_version import LEVELS

LEVEL_ORDER = {code: number for number, (code, _label) in enumerate(LEVELS)}
AMOUNT_TYPES = ("amount", "integer")
MAX_POLICY = 10 * 1024 * 1024
#: orders of the steps of a circuit are far below this
RANKS = 10**6
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,9})){1,20}")
_URI = re.compile(r"https?://[^\s<>\"']{3,240}")


class ParapheurNatureVersion(models.Model):
    """What may be typed in a version of a nature, and what keeps one from being published."""

    _inherit = "parapheur.nature.version"

    @api.depends("policy_file")
    def _compute_policy_sha256(self):
        for version in self.with_context(bin_size=False):
            content = version._policy_content()
            version.policy_sha256 = (
                hashlib.sha256(content).hexdigest() if content else False
            )

    def _policy_content(self):
        """Bytes of the text of the policy, or None."""
        try:
            return base64.b64decode(self.policy_file or b"", validate=True) or None
        except (binascii.Error, ValueError):
            return None

    @api.onchange("form_id")
    def _onchange_form_id(self):
        if self.amount_field_id.form_id.base_id != self.form_id.base_id:
            self.amount_field_id = False

    # ------------------------------------------------------------------
    # Checks of what is typed
    # ------------------------------------------------------------------
    @api.constrains("retention_years")
    def _check_retention_years(self):
        for version in self:
            if not 0 < version.retention_years <= 1000:
                raise ValidationError(
                    self.env._(
                        "A folder is kept from 1 to 1,000 years: %(years)s was typed.",
                        years=version.retention_years,
                    )
                )

    @api.constrains("level_min", "level_max")
    def _check_levels(self):
        for version in self.filtered(lambda one: one.level_min and one.level_max):
            if LEVEL_ORDER[version.level_min] > LEVEL_ORDER[version.level_max]:
                raise ValidationError(
                    self.env._(
                        "A signature cannot be of at least a level above the highest one "
                        "that is accepted: correct one of the two."
                    )
                )

    @api.constrains("form_id", "amount_field_id")
    def _check_amount_field(self):
        for version in self.filtered("amount_field_id"):
            field = version.amount_field_id
            if (
                field.form_id.base_id != version.form_id.base_id
                or field.type not in AMOUNT_TYPES
            ):
                raise ValidationError(
                    self.env._(
                        "The amount is a number that the form of the nature asks: choose one "
                        "of its fields."
                    )
                )

    @api.constrains("policy_oid", "policy_uri", "policy_file")
    def _check_policy(self):
        for version in self:
            if version.policy_oid and not self._is_oid(version.policy_oid):
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” is no object identifier: write numbers with points, "
                        "such as 1.2.250.1.97.1.0.2.",
                        policy=version.policy_oid,
                    )
                )
            if version.policy_uri and not _URI.fullmatch(version.policy_uri):
                raise ValidationError(
                    self.env._(
                        "The address of the policy begins with http:// or https://."
                    )
                )
            content = version.with_context(bin_size=False)._policy_content()
            if version.policy_file and not 0 < len(content or b"") <= MAX_POLICY:
                raise ValidationError(
                    self.env._(
                        "The text of the policy did not arrive whole, or is longer than "
                        "10 MB: choose the file again."
                    )
                )

    @api.model
    def _is_oid(self, words):
        if not _OID.fullmatch(words):
            return False
        try:
            return bool(der.oid(words))
        except ValueError:
            return False

    @api.model
    def _clean_vals(self, vals):
        cleaned = dict(vals)
        for name in (
            *("not_eligible_reason", "retention_class", "note"),
            *("policy_uri", "policy_oid"),
        ):
            if cleaned.get(name) and isinstance(cleaned[name], str):
                cleaned[name] = text.clean_line(cleaned[name], 240) or False
        return cleaned

    # ------------------------------------------------------------------
    # Before it is published
    # ------------------------------------------------------------------
    def _problems(self):
        """Sentences that say why this version could not work; empty when it can."""
        self.ensure_one()
        problems = []
        if not self.circuit_id:
            problems.append(
                self.env._("Choose the circuit that folders of this nature take.")
            )
        for circuit in self._circuits():
            if not circuit._family("published"):
                problems.append(
                    self.env._(
                        "No version of the circuit %(name)s is published: publish it, or "
                        "choose another one.",
                        name=circuit.name,
                    )
                )
        if bool(self.policy_oid) != bool(self.policy_sha256):
            problems.append(
                self.env._(
                    "A signature policy has an object identifier and a text: the signature "
                    "carries the one and the digest of the other. Give both, or none."
                )
            )
        problems += self._order_problems()
        for way in self.way_ids:
            problems += way._problems()
        return problems

    def _order_problems(self):
        """Sentences: acts of a preparation that cannot come before those of the circuit."""
        problems = []
        for source in (self, *self.way_ids):
            first = (
                source.creation_circuit_id._family("published")
                if (source.creation_circuit_id)
                else source.creation_circuit_id
            )
            then = source.circuit_id and source.circuit_id._family("published")
            if first and then:
                refusal = then._order_refusal(
                    [
                        (number * RANKS + step.rank, step.kind, step.name)
                        for number, circuit in enumerate((first, then))
                        for step in circuit.step_ids
                    ]
                )
                problems += [refusal.args[0]] if refusal else []
        return problems

    def _warnings(self):
        """Sentences on what works and is probably not meant."""
        self.ensure_one()
        warnings = []
        signed = any(
            "signature" in circuit._family("published").step_ids.mapped("kind")
            for circuit in self._circuits()
        )
        if self.not_eligible and signed:
            warnings.append(
                self.env._(
                    "These acts are not signed electronically, and a circuit asks for a "
                    "signature: such folders are refused when they are submitted."
                )
            )
        if self.not_eligible and not self.not_eligible_reason:
            warnings.append(
                self.env._("Write the law and the article that want paper: people ask.")
            )
        return warnings

    def _circuits(self):
        """Every circuit that this version may take."""
        return (
            self.circuit_id
            | self.creation_circuit_id
            | self.way_ids.circuit_id
            | self.way_ids.creation_circuit_id
        )

import hashlib

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..lib import algorithms
from ..lib.canonical import canonical

#: Nobody brings these back: they are broken for everybody.
_BROKEN = ("md5", "sha1")
_LEAST_RSA = 2048


class GovAlgorithm(models.Model):
    """An algorithm and until when it counts (ETSI TS 119 312)."""

    _name = "gov.algorithm"
    _description = "Algorithm"
    _inherit = ["gov.remembered"]
    _order = "kind, name, bits"

    kind = fields.Selection(
        [("hash", "Hash"), ("key", "Key")], required=True, default="key"
    )
    name = fields.Char(required=True, help="sha256, rsa, secp256r1…")
    bits = fields.Integer(
        string="From (bits)", help="Least size of the key this line is for."
    )
    never = fields.Boolean(string="Never accepted")
    sign_until = fields.Date(
        string="Signs until",
        help="Last day for new signatures. Empty: no end foreseen.",
    )
    validate_until = fields.Date(
        string="Counts until",
        help="A signature made after that day does not count. Empty: no end foreseen.",
    )
    note = fields.Char(string="Source")

    _name_uniq = models.UniqueIndex(
        "(kind, name, bits)", "This algorithm is in the list already."
    )

    @api.constrains("kind", "name", "bits", "never", "sign_until", "validate_until")
    def _check_row(self):
        for row in self:
            if row.kind == "hash":
                known = hashlib.algorithms_available | set(_BROKEN)
                written = algorithms.hash_name(row.name or "") == row.name
                fits = row.name in known and written and not row.bits
            else:
                known = {one.name for one in algorithms.default().rows}
                fits = row.name in known and row.bits > 0
            if not fits:
                raise ValidationError(
                    self.env._(
                        "%(name)s is not an algorithm this platform knows: write it "
                        "as sha256, rsa or secp256r1, with a size for keys only.",
                        name=row.name,
                    )
                )
            if row.name in _BROKEN and not row.never:
                raise ValidationError(
                    self.env._("%(name)s is broken: it never counts.", name=row.name)
                )
            if row.name == "rsa" and row.bits < _LEAST_RSA and not row.never:
                raise ValidationError(
                    self.env._(
                        "RSA keys under %(bits)s bits are broken: they never count.",
                        bits=_LEAST_RSA,
                    )
                )
            if (
                row.validate_until
                and not row.never
                and (row.sign_until or fields.Date.to_date("9999-01-01"))
                > row.validate_until
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s would sign longer than its signatures count.",
                        name=row.name,
                    )
                )

    @api.depends("name", "bits", "kind")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.name} ≥ {row.bits}" if row.bits else row.name

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        # A caller may name anything in his context: he is no installation.
        if not (self.env.su and self.env.context.get("install_mode")):
            for row in rows:
                row._tell("added")
        return rows

    def write(self, vals):
        before = {row.id: row._plain() for row in self}
        result = super().write(vals)
        for row in self:
            if row._plain() != before[row.id]:
                row._tell("changed", before=before[row.id])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._(
                "A line is not deleted: say until when the algorithm counts, or that "
                "it never does."
            )
        )

    @api.model
    def _policy(self):
        """Return the lines as :class:`~odoo.addons.gov_trust.lib.algorithms.Policy`."""
        return self._policy_of()

    @api.model
    @tools.ormcache()
    def _policy_of(self):
        # Lines are public facts; whoever checks a document may not list them.
        rows_sudo = self.sudo().search([])  # pylint: disable=no-search-all
        rows = tuple(row._row() for row in rows_sudo)
        if not rows:
            return algorithms.default()
        # The version that reports give follows from the lines themselves.
        told = algorithms.Policy(rows).to_json()["rows"]
        version = hashlib.sha256(canonical({"rows": told})).hexdigest()[:12]
        return algorithms.Policy(rows, version=version)

    def _row(self):
        self.ensure_one()
        if self.never:
            last = (algorithms.NEVER, algorithms.NEVER)
        else:
            last = (self.sign_until or None, self.validate_until or None)
        return algorithms.Row(self.kind, self.name, self.bits, *last)

    def _plain(self):
        """This line as plain values, for the journal."""
        row = self._row()
        return {
            "bits": row.bits,
            "kind": row.kind,
            "name": row.name,
            "sign_until": row.sign_until and row.sign_until.isoformat(),
            "validate_until": row.validate_until and row.validate_until.isoformat(),
        }

    def _tell(self, what, **facts):
        self.env["gov.journal"]._trust_stream()._append(
            "algorithm.changed",
            {"after": self._plain(), "what": what, **facts},
            subject=self,
        )

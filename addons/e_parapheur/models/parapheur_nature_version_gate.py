import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from odoo.addons.gov_base.lib import given
from odoo.addons.gov_trust.lib.canonical import canonical

from .parapheur_nature_version import GATE

#: (from, to) → what the administrator does
TRANSITIONS = {
    ("draft", "published"): "publish",
    ("published", "retired"): "retire",
}
PROTECTED = frozenset(
    {"state", "number", "published_at", "published_by", "policy_sha256"}
)


class ParapheurNatureVersion(models.Model):
    """States of a version: in preparation, in use, retired. One gate."""

    _inherit = "parapheur.nature.version"

    can_publish = fields.Boolean(compute="_compute_can")
    can_retire = fields.Boolean(compute="_compute_can")
    problems = fields.Text(compute="_compute_problems")
    warnings = fields.Text(compute="_compute_problems")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        for version in self:
            version.can_publish = not version._transition_refusal("published")
            version.can_retire = not version._transition_refusal("retired")

    @api.depends(
        "circuit_id",
        "creation_circuit_id",
        "way_ids.conditions",
        "way_ids.circuit_id",
        "policy_oid",
        "policy_file",
        "not_eligible",
        "not_eligible_reason",
        "form_id",
    )
    def _compute_problems(self):
        for version in self:
            draft = version.state == "draft"
            version.problems = draft and "\n".join(version._problems()) or False
            version.warnings = "\n".join(version._warnings()) or False

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model
    def _gated_names(self):
        return super()._gated_names() | PROTECTED

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_protected(vals)
        rows, taken = [], {}
        for vals in vals_list:
            nature_id = given.record_id(vals.get("nature_id"))
            nature = self.env["parapheur.nature"].browse(nature_id or ())
            last = max(nature.version_ids.mapped("number"), default=0)
            taken[nature] = taken.get(nature, last) + 1
            # A default may come by RPC: a version begins as a draft, whatever it says.
            rows.append(
                {
                    **self._clean_vals(vals),
                    "number": taken[nature],
                    "state": "draft",
                    "published_at": False,
                    "published_by": False,
                }
            )
        # pylint: disable-next=context-overridden
        versions = self.with_context(clean_context(self.env.context))
        return super(ParapheurNatureVersion, versions).create(rows).with_env(self.env)

    def write(self, vals):
        self._check_protected(vals)
        return super().write(self._clean_vals(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def _check_protected(self, vals):
        if self.env.context.get("nature_gate") is GATE:
            return
        if (PROTECTED & vals.keys()) or (self and "nature_id" in vals):
            raise AccessError(
                self.env._(
                    "State and number of a version change only with its buttons: Publish, "
                    "Retire."
                )
            )
        self._check_draft()

    def _check_draft(self):
        """Raise unless these versions may still be changed."""
        frozen = self.filtered(lambda version: version.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "%(version)s was published: it does not change any more, folders refer "
                    "to it. Use “New version”, change that one and publish it.",
                    version=frozen[0].display_name,
                )
            )

    # ------------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------------
    def _transition_refusal(self, new):
        """Return why this version cannot become ``new`` now, or None; feeds gate and buttons."""
        self.ensure_one()
        if not self.has_access("write"):
            return AccessError(
                self.env._(
                    "Natures of acts are described by the functional administrator: ask "
                    "yours."
                )
            )
        if (self.state, new) in TRANSITIONS:
            return None
        return UserError(
            self.env._(
                "%(version)s cannot take this step: a version in preparation is published, "
                "the one in use is retired.",
                version=self.display_name,
            )
        )

    def _check_transition(self, new):
        self.check_access("write")
        return super()._check_transition(new)

    def _gated(self):
        return self.with_context(nature_gate=GATE)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_publish(self):
        """Put these versions in use: new folders follow them, drafts of folders too.

        Folders that were submitted keep the version they were submitted with.

        :return: True
        :raise UserError: not in preparation, or what keeps it from working, a sentence each
        :raise AccessError: not a functional administrator of this administration
        """
        self._check_transition("published")
        for version in self:
            problems = version._problems()
            if problems:
                raise UserError("\n".join(problems))
            version._publish()
        return True

    def _publish(self):
        nature = self.nature_id
        nature.version_id._gated().write({"state": "retired"})
        self.flush_model(["state"])
        self._gated().write(
            {
                "state": "published",
                "published_at": fields.Datetime.now(),
                "published_by": self.env.user.name,
            }
        )
        # The next draft is inserted at once: the database must know that this one is none.
        self.flush_recordset(["state"])
        nature.with_context(nature_gate=GATE).version_id = self
        self.act_nature_id._ensure_code()
        self._log("published")
        # Whoever prepares a folder is asked what the version in use asks.
        drafts_sudo = self.env["parapheur.folder"].sudo()
        drafts_sudo._follow_nature(nature)

    def action_retire(self):
        """Take versions out of use: nobody starts a folder of this nature any more.

        :return: True
        :raise UserError: not in use
        :raise AccessError: not a functional administrator of this administration
        """
        self._check_transition("retired")
        for version in self:
            version._gated().write({"state": "retired"})
            version.nature_id.with_context(nature_gate=GATE).version_id = False
            version._log("retired")
        return True

    def action_new_version(self):
        """Prepare the next version, or open the one being prepared.

        :return: window action on that version
        """
        self.ensure_one()
        return self.nature_id.action_new_version()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _log(self, what):
        company = self.company_id
        journal = self.env["parapheur.folder"]._book(company)
        journal._append(
            f"nature.{what}",
            {
                "nature": self.nature_id.id,
                "version": self.number,
                "settings": self._digest(),
            },
            subject=self,
        )

    def _digest(self):
        """SHA-256 of the settings: two versions that say the same have the same."""
        return hashlib.sha256(canonical(self._facts())).hexdigest()

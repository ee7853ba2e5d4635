from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import form_values

PRIORITIES = [("urgent", "Urgent"), ("sign", "To sign"), ("read", "To read")]


class ParapheurFolder(models.Model):
    """The version of its nature that a folder follows, and what it takes from it."""

    _inherit = "parapheur.folder"

    nature_version_id = fields.Many2one(
        "parapheur.nature.version",
        string="Version of the nature",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The one the folder was submitted with: later changes do not move it.",
    )
    is_confidential = fields.Boolean(
        "Confidential",
        help="Only those who act and auditors read the folder; its mails say nothing of it.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=True,
        copy=False,
        help="What the form of the folder says, where its nature has an amount.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    priority = fields.Selection(
        PRIORITIES,
        string="Order",
        required=True,
        default="sign",
        copy=False,
        index=True,
        help="In which pile of the signatory it lies.",
    )
    chained_from_id = fields.Many2one(
        "parapheur.folder",
        string="Continues",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The finished folder whose documents this one takes further.",
    )
    chained_ids = fields.One2many(
        "parapheur.folder", "chained_from_id", string="Continued by", readonly=True
    )
    recycled_from_id = fields.Many2one(
        "parapheur.folder",
        string="Takes up",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The refused or cancelled folder that was worked over.",
    )
    recycled_ids = fields.One2many(
        "parapheur.folder", "recycled_from_id", string="Taken up by", readonly=True
    )

    # ------------------------------------------------------------------
    # Version
    # ------------------------------------------------------------------
    def _nature_version(self):
        """The version that rules this folder: the one it was submitted with, else the one in use.

        As superuser: whoever reads the folder reads the rules it follows. May be empty: a draft
        whose nature was retired.
        """
        self.ensure_one()
        # Settings are compared and shown to people of the folder, whatever else they may read.
        folder_sudo = self.sudo()
        return folder_sudo.nature_version_id or folder_sudo.nature_id.version_id

    @api.depends("nature_id", "nature_version_id", "is_confidential")
    def _compute_is_restricted(self):
        for folder in self:
            folder.is_restricted = (
                folder.is_confidential
                or folder._nature_version().confidentiality == "restricted"
            )

    def _follow_nature(self, nature):
        """Let drafts of this nature ask what its version in use asks. Called as superuser."""
        drafts = self.search([("nature_id", "=", nature.id), ("state", "=", "draft")])
        drafts._take_nature(nature)

    def _take_nature(self, nature):
        """Let these drafts follow the version in use of their nature. Called as superuser."""
        form = nature.form_id._current()
        others = self.filtered(lambda folder: folder.form_id != form)
        if others:
            others._gated().write({"form_id": form.id})
        for name in ("is_restricted", "amount"):
            self.env.add_to_compute(self._fields[name], self)
        self._sync_choices()

    def _become(self, new, **vals):
        result = super()._become(new, **vals)
        if new == "draft":
            # What was taken back follows its nature again.
            self._gated().nature_version_id = False
            for folder in self.filtered("nature_id.version_id"):
                folder._take_nature(folder.nature_id)
        return result

    def _freeze_nature(self):
        """Keep the version in use for good: what is submitted follows it. Called as superuser."""
        self.ensure_one()
        self._gated().nature_version_id = self.nature_id._published()

    def _is_stale(self):
        """Whether a draft has another form than its nature asks: both were changed at once."""
        self.ensure_one()
        # Whatever the sender may read of forms, only their lineages are compared.
        own_sudo, wanted_sudo = self.sudo().form_id, self.sudo().nature_id.form_id
        if own_sudo:
            return own_sudo.base_id != wanted_sudo.base_id
        return bool(wanted_sudo._current())

    def _nature_problems(self):
        """Sentences: why this folder cannot be of its nature."""
        version = self._nature_version()
        if version and self._is_stale():
            return [
                self.env._(
                    "What the nature “%(nature)s” asks has changed: save the folder again, "
                    "fill in what is asked, and submit.",
                    nature=self.nature_id.name,
                )
            ]
        if not version:
            try:
                self.nature_id._published()
            except UserError as refusal:
                return [refusal.args[0]]
        # Units may be hidden from the sender; only their places are compared.
        unit_sudo, allowed_sudo = self.unit_id.sudo(), version.unit_ids
        path = unit_sudo.parent_path or ""
        if allowed_sudo and not any(
            path.startswith(one.parent_path) for one in allowed_sudo
        ):
            return [
                self.env._(
                    "The nature “%(nature)s” is for %(units)s: choose another nature, or "
                    "the unit in whose name you submit.",
                    nature=self.nature_id.name,
                    units=", ".join(allowed_sudo.mapped("name")),
                )
            ]
        return []

    # ------------------------------------------------------------------
    # Amount
    # ------------------------------------------------------------------
    @api.depends("form_id", "form_values", "nature_id", "nature_version_id")
    def _compute_amount(self):
        for folder in self:
            folder.amount = folder._amount_found() or 0

    def _amount_found(self):
        """The amount of the act, or None when there is none or nobody wrote it yet."""
        self.ensure_one()
        field = self._nature_version().amount_field_id
        value = (self.form_values or {}).get(field.key) if field else None
        if value in (None, False, ""):
            return None
        return float(form_values.number_of(field.type, value))

    # ------------------------------------------------------------------
    # Deadline
    # ------------------------------------------------------------------
    @api.onchange("nature_id")
    def _onchange_nature_deadline(self):
        if not self.deadline:
            self.deadline = self._usual_deadline()

    @api.model_create_multi
    def create(self, vals_list):
        folders = super().create(vals_list)
        for folder, vals in zip(folders, vals_list, strict=True):
            # Written past the form only; who gave one, or none, keeps it.
            if "deadline" not in vals and (due := folder._usual_deadline()):
                folder.deadline = due
        return folders

    def _usual_deadline(self):
        """The day by which folders of this nature are usually finished, or False."""
        days = self._nature_version().deadline_days
        if not days:
            return False
        return self.env["gov.holiday"]._working_days_after(self.company_id, None, days)

    # ------------------------------------------------------------------
    # What stays open while it circulates
    # ------------------------------------------------------------------
    def write(self, vals):
        before = self._noted(vals)
        result = super().write(vals)
        for folder in self.filtered(lambda one: one.id in before):
            folder._note_changes(before[folder.id])
        if not self._gate_is_open():
            self._take_nature_again()
        return result

    def _take_nature_again(self):
        """A draft that was started while its nature changed asks what the nature asks."""
        stale = self.filtered(lambda one: one.state == "draft" and one._is_stale())
        for folder in stale.filtered("nature_id.version_id"):
            # The form of a folder is chosen by its nature alone; who writes here may write it.
            folder_sudo = folder.sudo()
            folder_sudo._take_nature(folder_sudo.nature_id)

    def _noted(self, vals):
        """{id: what deadline and order were} of submitted folders that this changes."""
        names = {"deadline", "priority"} & vals.keys()
        submitted = self.filtered(lambda one: one.state != "draft") if names else ()
        if not submitted:
            return {}
        if not self._gate_is_open():
            for folder in submitted:
                folder._check_still_open()
        return {
            folder.id: {name: folder[name] for name in names} for folder in submitted
        }

    def _check_still_open(self):
        if self.state != "running":
            raise UserError(
                self.env._(
                    "The folder %(folder)s is not in circuit any more: its deadline and its "
                    "order do not change.",
                    folder=self.display_name,
                )
            )
        if self.initiator_id != self.env.user and not self.env.su:
            raise AccessError(
                self.env._(
                    "Only %(name)s, who started the folder %(folder)s, can do this.",
                    name=self.initiator_id.name,
                    folder=self.display_name,
                )
            )

    def _note_changes(self, before):
        """One line of the journal for what changed on the way."""
        changed = {
            name: [self._fact(value), self._fact(self[name])]
            for name, value in before.items()
            if self[name] != value
        }
        if changed:
            self._event("folder.changed", changed)

    @staticmethod
    def _fact(value):
        return value.isoformat() if hasattr(value, "isoformat") else value or None

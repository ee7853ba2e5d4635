import itertools

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from odoo.addons.gov_base.lib import text

from ..lib import consent as defaults
from .parapheur_consent import LANGUAGES

#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()
TRANSITIONS = {("draft", "published"), ("published", "retired")}
PROTECTED = frozenset(
    {
        *("code", "state", "published_at", "published_by"),
        *(f"sha256_{code}" for code in LANGUAGES),
    }
)
MAX_TEXT = 4000


class ParapheurConsent(models.Model):
    """States of a text: in preparation, in use, replaced. What was published never changes."""

    _inherit = "parapheur.consent"

    can_publish = fields.Boolean(compute="_compute_can")
    can_retire = fields.Boolean(compute="_compute_can")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        for consent in self:
            consent.can_publish = not consent._transition_refusal("published")
            consent.can_retire = not consent._transition_refusal("retired")

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model
    def _gated_names(self):
        return super()._gated_names() | PROTECTED

    @api.model_create_multi
    def create(self, vals_list):
        if not self._gate_is_open():
            for vals in vals_list:
                self.browse()._check_protected(vals)
        rows, numbers = [], {}
        for vals in vals_list:
            vals = self._clean_vals(vals)
            if not self._gate_is_open():
                # A default may come by RPC: a text begins as a draft of one administration.
                vals |= {"state": "draft", "published_at": False, "published_by": False}
                company_id = vals.get("company_id") or self.env.company.id
                if company_id not in numbers:
                    numbers[company_id] = self._free_codes(company_id)
                vals |= {"company_id": company_id, "code": next(numbers[company_id])}
            rows.append(vals)
        # pylint: disable-next=context-overridden
        texts = self.with_context(clean_context(self.env.context))
        return super(ParapheurConsent, texts).create(rows).with_env(self.env)

    def write(self, vals):
        self._check_protected(vals)
        result = super().write(self._clean_vals(vals))
        if "company_id" in vals:
            # Rules are checked before a change: nobody makes a text that of everybody.
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    @api.model
    def _free_codes(self, company_id):
        """Versions that no text of this administration has: the year and a number."""
        prefix = f"C{company_id}-{fields.Date.today().year}-"
        # A version is never given twice, also where the user may not read the texts.
        taken_sudo = self.sudo().search([("code", "=like", f"{prefix}%")])
        taken = set(taken_sudo.mapped("code"))
        return (
            f"{prefix}{number}"
            for number in itertools.count(1)
            if f"{prefix}{number}" not in taken
        )

    @api.model
    def _clean_vals(self, vals):
        cleaned = dict(vals)
        for code in LANGUAGES:
            words = cleaned.get(f"text_{code}")
            if isinstance(words, str):
                cleaned[f"text_{code}"] = text.clean_block(words, MAX_TEXT) or False
        if isinstance(cleaned.get("note"), str):
            cleaned["note"] = text.clean_line(cleaned["note"], 240) or False
        return cleaned

    # ------------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------------
    @api.model
    def _gate_is_open(self):
        return self.env.context.get("consent_gate") is GATE

    def _gated(self):
        return self.with_context(consent_gate=GATE)

    def _check_protected(self, vals):
        if self._gate_is_open():
            return
        if PROTECTED & vals.keys():
            raise AccessError(
                self.env._(
                    "Version and state of a text change only with its buttons: Publish, "
                    "Take out of use."
                )
            )
        self._check_draft()

    def _check_draft(self):
        frozen = self.filtered(lambda consent: consent.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "The text %(code)s was published: signatures refer to it, so it never "
                    "changes. Use “New version”, write that one and publish it.",
                    code=frozen[0].code,
                )
            )

    def _transition_refusal(self, new):
        """Return why this text cannot become ``new`` now, or None; feeds gate and buttons."""
        self.ensure_one()
        if not self.has_access("write"):
            return AccessError(
                self.env._(
                    "This text is not one of your administration, or you are not its "
                    "functional administrator: write one of your own with “New version”."
                )
            )
        if (self.state, new) in TRANSITIONS:
            return None
        return UserError(
            self.env._(
                "The text %(code)s cannot take this step: one in preparation is published, "
                "the one in use is replaced or taken out of use.",
                code=self.code,
            )
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_publish(self):
        """Let these texts be what is accepted from now on; those before them are replaced.

        :return: True
        :raise UserError: not in preparation, or without French or Arabic
        :raise AccessError: not a functional administrator of that administration
        """
        self._check_transition("published")
        for consent in self:
            if not consent.text_fr or not consent.text_ar:
                raise UserError(
                    self.env._(
                        "A text is read in French and in Arabic: write both, then publish."
                    )
                )
            before = self.search(
                [
                    ("company_id", "=", consent.company_id.id),
                    ("purpose", "=", consent.purpose),
                    ("state", "=", "published"),
                ]
            )
            before._gated().write({"state": "retired"})
            before.flush_recordset(["state"])
            consent._gated().write(
                {
                    "state": "published",
                    "published_at": fields.Datetime.now(),
                    "published_by": self.env.user.name,
                }
            )
            consent.flush_recordset(["state"])
            consent._log("published")
        return True

    def action_retire(self):
        """Take texts of an administration out of use: the product's text is accepted again.

        :return: True
        :raise UserError: not in use
        :raise AccessError: not a functional administrator of that administration
        """
        self._check_transition("retired")
        for consent in self:
            consent._gated().write({"state": "retired"})
            consent._log("retired")
        return True

    def action_new_version(self):
        """Copy a text to one that may be changed, for the user's administration.

        :return: window action on it
        :raise AccessError: not a functional administrator
        """
        self.ensure_one()
        own = self.company_id or self.env.company
        new = self.copy({"company_id": own.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "views": [(False, "form")],
        }

    @api.model
    def _load_defaults(self):
        """Install: the texts of the product that are not here yet; the latest of each is in use."""
        for (purpose, code), words in defaults.TEXTS.items():
            if self.search_count([("code", "=", code)], limit=1):
                continue
            before = self.search(
                [
                    ("company_id", "=", False),
                    ("purpose", "=", purpose),
                    ("state", "=", "published"),
                ]
            )
            before._gated().write({"state": "retired"})
            before.flush_recordset(["state"])
            self._gated().create(
                {
                    "code": code,
                    "purpose": purpose,
                    "company_id": False,
                    "state": "published",
                    "published_at": fields.Datetime.now(),
                    **{f"text_{lang}": words[lang] for lang in LANGUAGES},
                }
            )

    def _log(self, what):
        journal = self.env["parapheur.folder"]._book(self.company_id)
        journal._append(
            f"consent.{what}",
            {
                "consent": self.code,
                "purpose": self.purpose,
                "sha256": {code: self[f"sha256_{code}"] or None for code in LANGUAGES},
            },
            subject=self,
        )

import hashlib

from odoo import api, fields, models
from odoo.fields import Domain

#: languages in which a text exists; the first is shown where the reader's has none
LANGUAGES = ("fr", "ar", "en")
PURPOSES = [
    ("own", "Signing in one's own name"),
    ("delegation", "Signing by delegation"),
]


class ParapheurConsent(models.Model):
    """What a person accepts before signing: a text in three languages, published once and for good.

    A text is evidence: signatures keep its id and its digest. To correct one, a new version is
    published. Texts without administration are those of the product; an administration that
    publishes its own shows that one.
    """

    _name = "parapheur.consent"
    _description = "Text accepted before signing"
    _inherit = ["gov.gated"]
    _order = "purpose, code desc, id desc"
    _rec_name = "code"

    code = fields.Char(
        "Version",
        required=True,
        readonly=True,
        copy=False,
        help="Signatures keep it, with the language that was read.",
    )
    purpose = fields.Selection(PURPOSES, "For", required=True, default="own")
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="Empty: the text of the product, for administrations that have none.",
    )
    text_fr = fields.Text("In French", required=True)
    text_ar = fields.Text("In Arabic", required=True)
    text_en = fields.Text("In English")
    sha256_fr = fields.Char("SHA-256 (French)", compute="_compute_sha256", store=True)
    sha256_ar = fields.Char("SHA-256 (Arabic)", compute="_compute_sha256", store=True)
    sha256_en = fields.Char("SHA-256 (English)", compute="_compute_sha256", store=True)
    note = fields.Char("Why this version")
    state = fields.Selection(
        [("draft", "In preparation"), ("published", "In use"), ("retired", "Replaced")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
    )
    published_at = fields.Datetime("Published on", readonly=True, copy=False)
    published_by = fields.Char("Published by", readonly=True, copy=False)

    _code_uniq = models.UniqueIndex(
        "(code)", "A text with this version exists already: save again."
    )
    _one_published = models.UniqueIndex(
        "(COALESCE(company_id, 0), purpose) WHERE state = 'published'",
        "Another text is in use: only one can be.",
    )

    @api.depends(*(f"text_{code}" for code in LANGUAGES))
    def _compute_sha256(self):
        for consent in self:
            for code in LANGUAGES:
                words = consent[f"text_{code}"]
                consent[f"sha256_{code}"] = (
                    hashlib.sha256(words.encode()).hexdigest() if words else False
                )

    # ------------------------------------------------------------------
    # Questions of whoever has somebody sign
    # ------------------------------------------------------------------
    @api.model
    def _current(self, company, purpose="own"):
        """The text in use: that of the administration, else that of the product."""
        # Whoever signs reads what he accepts, whatever else he may read.
        found_sudo = self.sudo().search(
            Domain("company_id", "in", [company.id, False])
            & Domain("state", "=", "published")
            & Domain("purpose", "=", purpose)
        )
        return found_sudo.sorted(lambda one: not one.company_id)[:1]

    @api.model
    def _shown(self, lang=None, company=None, purpose="own"):
        """The text in use for a reader.

        :param str lang: language of the reader (``ar_MA`` or ``ar``), his own by default
        :param company: the administration, the current one by default
        :param str purpose: ``own``, or ``delegation`` for who signs in the place of somebody
        :return: ``{"id", "text", "sha256"}``; ``id`` names version and language
        """
        consent = self._current(company or self.env.company, purpose)
        code = (lang or self.env.lang or "").replace("-", "_").partition("_")[0]
        if code not in LANGUAGES or not consent[f"text_{code}"]:
            code = LANGUAGES[0]
        return consent._as_read(code)

    @api.model
    def _of(self, consent_id):
        """The text that a signature names, in use or replaced; None when there is no such text."""
        version, _dash, code = str(consent_id or "").rpartition("-")
        # A text is public to whoever reads the signature that names it.
        found_sudo = self.sudo().search(
            [("code", "=", version), ("state", "!=", "draft")], limit=1
        )
        if code not in LANGUAGES or not found_sudo or not found_sudo[f"text_{code}"]:
            return None
        return found_sudo._as_read(code)

    @api.model
    def _is_current(self, consent_id, company=None, purpose="own"):
        """Whether ``consent_id`` names a text that may be accepted today, for that."""
        if not isinstance(consent_id, str) or not self._of(consent_id):
            return False
        current = self._current(company or self.env.company, purpose)
        return current.code == consent_id.rpartition("-")[0]

    def _as_read(self, code):
        return {
            "id": f"{self.code}-{code}",
            "text": self[f"text_{code}"],
            "sha256": self[f"sha256_{code}"],
        }

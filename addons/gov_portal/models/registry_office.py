from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.gov_base.lib.digits import only
from odoo.addons.gov_base.lib.folding import search_key

DIRECTORY_LIMIT = 60


class RegistryOffice(models.Model):
    """The office as the public sees it: its page, its address, where to go when closed."""

    _inherit = "registry.office"

    portal_slug = fields.Char(
        string="Public address",
        compute="_compute_portal_slug",
        store=True,
        readonly=False,
        copy=False,
        help="Last part of the addresses /desks/… and /deposit/…. It is printed and "
        "bookmarked: change it only before the desk is announced.",
    )
    portal_closed_note = fields.Text(
        string="While the desk is closed",
        translate=True,
        help="What a visitor reads when the office is closed: why, until when, "
        "where to go.",
    )
    portal_alternative_id = fields.Many2one(
        "registry.office",
        string="Desk to use instead",
        index="btree_not_null",
        help="Shown to the visitor when this office is closed.",
    )
    portal_delay = fields.Char(
        string="Usual delay",
        translate=True,
        help="In words, for example: half of the letters are answered in 12 days.",
    )
    portal_search_text = fields.Text(
        compute="_compute_portal_search_text", store=True, index="trigram"
    )
    portal_deposit_count = fields.Integer(
        string="Online deposits", compute="_compute_portal_deposit_count"
    )

    _portal_slug_uniq = models.Constraint(
        "UNIQUE(portal_slug)",
        "Another desk already has this public address.",
    )

    @api.depends("code", "company_id.gov_code")
    def _compute_portal_slug(self):
        slugify = self.env["ir.http"]._slugify
        for office in self.filtered(lambda record: not record.portal_slug):
            parts = [office.company_id.gov_code, office.code]
            slug = slugify(" ".join(part for part in parts if part)) or "desk"
            taken = self.with_context(active_test=False).search_count(
                [("portal_slug", "=", slug), ("id", "!=", office._origin.id)], limit=1
            )
            if taken:
                slug = f"{slug}-{office.company_id.id}-{office._origin.id or 'new'}"
            office.portal_slug = slug

    @api.depends(
        "name",
        "code",
        "accepts",
        "company_id.name",
        "company_id.gov_name",
        "unit_id.name",
    )
    def _compute_portal_search_text(self):
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        for office in self:
            words = set()
            for lang in langs:
                local = office.with_context(lang=lang)
                company = local.company_id
                texts = (
                    local.name,
                    local.code,
                    local.accepts,
                    company.gov_name or company.name,
                    company.gov_code,
                    local.unit_id.name,
                )
                words.update(search_key(" ".join(filter(None, texts))).split())
            office.portal_search_text = " ".join(sorted(words))

    def _compute_portal_deposit_count(self):
        counts = dict(
            self.env["gov.deposit"]._read_group(
                [("office_id", "in", self.ids), ("state", "=", "submitted")],
                ["office_id"],
                ["__count"],
            )
        )
        for office in self:
            office.portal_deposit_count = counts.get(office, 0)

    def action_open_deposits(self):
        """Open the deposits that this desk received.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gov_portal.gov_deposit_action"
        )
        return {**action, "domain": [("office_id", "=", self.id)]}

    def action_portal_preview(self):
        """Open the public page of this desk.

        :return: URL action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/desks/{self.portal_slug}",
            "target": "new",
        }

    # ------------------------------------------------------------------
    # What public pages get: plain dicts, never records
    # ------------------------------------------------------------------

    @api.model
    def _portal_domain(self):
        return Domain("is_published", "=", True) & Domain("portal_slug", "!=", False)

    @api.model
    def _portal_directory(self, query="", limit=DIRECTORY_LIMIT):
        """Return ``(cards, total)`` of the published desks that match ``query``."""
        domain = self._portal_domain()
        for word in search_key(query)[:100].split()[:8]:
            domain &= Domain("portal_search_text", "like", word)
        offices = self.search(
            domain, limit=limit, order="state desc, company_id, name, id"
        )
        total = len(offices)
        if total == limit:
            total = self.search_count(domain)
        return [office._portal_card() for office in offices], total

    @api.model
    def _portal_find(self, slug):
        """Return the published office at this address, or an empty set."""
        if not isinstance(slug, str) or not 0 < len(slug) <= 120:
            return self.browse()
        return self.search(
            self._portal_domain() & Domain("portal_slug", "=", slug.lower()), limit=1
        )

    def _portal_card(self):
        self.ensure_one()
        company = self.company_id
        phone = self.phone or company.gov_phone or ""
        return {
            "slug": self.portal_slug,
            "name": self.name,
            "administration": company.gov_name or company.name,
            "accepts": self.accepts or "",
            "hours": self.hours or company.gov_hours or "",
            "address": self.address or company.gov_address or "",
            "phone": phone,
            "phone_link": only(phone),
            "email": self.email or company.gov_email or "",
            "delay": self.portal_delay or "",
            "is_open": self.state == "open",
            "closed_note": self.portal_closed_note or "",
            "privacy_reference": company.gov_privacy_reference or "",
            "privacy_notice": company.gov_privacy_notice or "",
        }

    def _portal_page(self):
        """Return the desk's page: its card, its subjects, where to go when closed."""
        self.ensure_one()
        other = self.portal_alternative_id
        is_useful = other.active and other.is_published and other.state == "open"
        return {
            **self._portal_card(),
            "subjects": self._portal_subjects(),
            "alternative": other._portal_card() if is_useful else None,
        }

    def _portal_subjects(self):
        """Return what a depositor chooses from: value, name, help."""
        self.ensure_one()
        return [
            {
                "value": subject.code or str(subject.id),
                "id": subject.id,
                "name": subject.name,
                "help": subject.help_text or "",
            }
            for subject in self._portal_subject_records()
        ]

    def _portal_subject_records(self):
        return self.env["registry.subject"].search(
            [
                ("company_id", "=", self.company_id.id),
                "|",
                ("office_ids", "=", False),
                ("office_ids", "in", self.ids),
            ]
        )

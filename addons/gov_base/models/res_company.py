import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from odoo.addons.base.models.res_partner import _tz_get

from ..lib.text import clean_line
from ..lib.typeset import data_uri

# First bytes of the pictures that documents can print, and their types
_EMBLEM_TYPES = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_TEXTS = (
    "name",
    "short_name",
    "letterhead",
    "address",
    "hours",
    "recourse",
    "privacy_notice",
)


class ResCompany(models.Model):
    """An administration. Its technical ``name`` is unique on a platform and carries the code;
    ``gov_name`` is what people read."""

    _inherit = "res.company"

    gov_code = fields.Char(
        "Official code",
        copy=False,
        help="Code of the administration in the national directory. Two administrations cannot "
        "have the same one.",
    )
    gov_name = fields.Char(
        "Official name",
        translate=True,
        help="Name printed on receipts and shown to citizens, in each language.",
    )
    gov_short_name = fields.Char("Short name", translate=True)
    gov_kind_id = fields.Many2one(
        "gov.body.kind",
        "Kind of administration",
        ondelete="restrict",
        index="btree_not_null",
    )
    gov_letterhead = fields.Text(
        "Lines above the name",
        translate=True,
        help="Printed above the name at the top of documents: state, ministry, region.",
    )
    gov_emblem = fields.Image(
        "Emblem",
        max_width=600,
        max_height=600,
        help="Printed in the middle of the letterhead (PNG or JPEG).",
    )
    gov_tz = fields.Selection(
        _tz_get,
        "Time zone",
        required=True,
        default=lambda self: self._default_gov_tz(),
        help="Dates on receipts and the year of a number follow the clock of this zone.",
    )
    gov_address = fields.Text("Public address", translate=True)
    gov_phone = fields.Char("Public phone")
    gov_email = fields.Char("Public e-mail")
    gov_hours = fields.Text("Opening hours", translate=True)
    gov_privacy_reference = fields.Char(
        "Data-protection registration number",
        help="Number given by the data-protection authority, printed on receipts.",
    )
    gov_privacy_notice = fields.Text(
        "Privacy notice",
        translate=True,
        help="Why the data is kept, for how long, and whom to ask. Shown before a deposit and "
        "printed on receipts.",
    )
    gov_recourse = fields.Text(
        "Means of recourse",
        translate=True,
        help="To whom a citizen can turn and within which time. Printed on receipts.",
    )

    _gov_code_uniq = models.UniqueIndex(
        "(gov_code) WHERE gov_code IS NOT NULL",
        "Another administration already has this official code: check the code.",
    )

    @api.model
    def _default_gov_tz(self):
        return self.env.context.get("tz") or self.env.user.tz or "UTC"

    @api.constrains("gov_tz")
    def _check_gov_tz(self):
        zones = dict(_tz_get(self))
        for company in self:
            if company.gov_tz not in zones:
                raise ValidationError(
                    self.env._(
                        "%(zone)s is not a time zone: choose one in the list.",
                        zone=company.gov_tz,
                    )
                )

    @api.constrains("gov_emblem")
    def _check_gov_emblem(self):
        for company in self:
            if company.gov_emblem and not company._gov_emblem_uri():
                raise ValidationError(
                    self.env._(
                        "The emblem must be a PNG or a JPEG picture: convert it first."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._gov_clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        if self._gov_is_bounded():
            self._gov_check_fields(vals)
        return super().write(self._gov_clean_vals(vals))

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        if self._gov_is_bounded():
            self._gov_check_fields([field_name])
        return super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )

    def _gov_is_bounded(self):
        """Whether the user may write a company only as functional admin of an administration."""
        user = self.env.user
        return (
            not self.env.su
            and user.has_group("gov_base.group_gov_base_admin")
            and not user.has_group("base.group_erp_manager")
        )

    @api.model
    def _gov_check_fields(self, names):
        """Refuse what is not the description of an administration.

        The access list lets the functional admin write ``res.company``; everything else on that
        model (name, currency, users, branches, layout) stays with the system administrator.
        """
        refused = sorted(name for name in names if not name.startswith("gov_"))
        if refused:
            raise AccessError(
                self.env._(
                    "Only a system administrator may change %(fields)s of an administration. "
                    "You may change its official names, addresses, hours and texts.",
                    fields=", ".join(refused),
                )
            )

    @api.model
    def _gov_clean_vals(self, vals):
        """Values with clean single lines; what is blank counts as not given."""
        cleaned = {
            name: clean_line(vals[name]) or False
            for name in (
                "gov_code",
                "gov_name",
                "gov_short_name",
                "gov_phone",
                "gov_email",
                "gov_privacy_reference",
            )
            if name in vals
        }
        return {**vals, **cleaned} if cleaned else vals

    def _gov_texts(self, names):
        """Translated fields in the languages that were really filled in; one query.

        :param names: names of translated fields of this model
        :return: name -> URL code of the language (ar, fr, zgh, en) -> text
        :rtype: dict[str, dict[str, str]]
        """
        self.ensure_one()
        self.check_access("read")
        self.flush_recordset(names)
        columns = SQL(", ").join(map(SQL.identifier, names))
        [row] = self.env.execute_query(
            SQL("SELECT %s FROM res_company WHERE id = %s", columns, self.id)
        )
        languages = self.env["res.lang"]._gov_languages()
        texts = {}
        for name, stored in zip(names, row, strict=True):
            found = {
                lang.url_code: stored[lang.code]
                for lang in languages
                if stored and stored.get(lang.code)
            }
            # Odoo keeps what was typed first, in any language, as the English text too
            if list(found.values()).count(found.get("en")) > 1:
                del found["en"]
            texts[name] = found
        return texts

    def iap_enrich_auto(self):
        """Never ask an outside service about an administration (``partner_autocomplete``)."""
        return True

    def _gov_identity(self):
        """What documents and public pages say of the administration; plain data, for a snapshot.

        :return: ``code, kind, phone, email, privacy_reference, tz`` (text, ``""`` when not
            given) and ``name, short_name, letterhead, address, hours, recourse, privacy_notice``:
            URL code of the language -> text. ``name`` is never empty.
        :rtype: dict
        """
        self.ensure_one()
        identity = {
            "code": self.gov_code or "",
            "kind": self.gov_kind_id.code or "",
            "phone": self.gov_phone or "",
            "email": self.gov_email or "",
            "privacy_reference": self.gov_privacy_reference or "",
            "tz": self.gov_tz,
        }
        texts = self._gov_texts([f"gov_{key}" for key in _TEXTS])
        identity.update({key: texts[f"gov_{key}"] for key in _TEXTS})
        identity["name"] = identity["name"] or {"en": self.name}
        return identity

    def _gov_emblem_uri(self):
        """The emblem as an image address for ``gov.typeset``, or an empty string."""
        self.ensure_one()
        picture = base64.b64decode(self.gov_emblem or b"")
        kinds = (
            kind for magic, kind in _EMBLEM_TYPES.items() if picture.startswith(magic)
        )
        kind = next(kinds, None)
        return data_uri(picture, kind) if kind else ""

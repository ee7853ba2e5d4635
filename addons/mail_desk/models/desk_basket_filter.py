from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from odoo.addons.gov_base.lib import given, text

from ..lib import filter_domain
from .desk_basket import BROKEN

#: lists of the desk whose filters become baskets
LISTS = ("registry.letter", "desk.outgoing")
AUDIENCES = [
    ("people", "The people of these units"),
    ("heads", "Their heads and deputies"),
    ("supervisors", "Supervisors of the desk"),
]


class DeskBasket(models.Model):
    """A filter that somebody saved on a list of the desk, shared as a basket (L5).

    It is read, never run; each reader finds what he may read of it.
    """

    _inherit = "desk.basket"

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
    )
    filter_id = fields.Many2one(
        "ir.filters",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
    )
    unit_ids = fields.Many2many(
        "hr.department",
        "desk_basket_unit_rel",
        "basket_id",
        "unit_id",
        string="Units",
        readonly=True,
        help="Empty: everybody at the desk.",
    )
    audience = fields.Selection(
        AUDIENCES, default="people", required=True, readonly=True
    )
    shared_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    def _is_shared(self):
        # That it comes of a filter is known to who has the basket; the filter is its author's.
        basket_sudo = self.sudo()
        return bool(basket_sudo.filter_id)

    def _question(self):
        """Return (model, domain): a built-in question, or that of the filter."""
        self.ensure_one()
        # As above: its words are read with the rights of the platform, its records with the reader's.
        filter_sudo = self.sudo().filter_id
        if not filter_sudo:
            return super()._question()
        return self._read_filter(filter_sudo)

    @api.model
    def _read_filter(self, filter_sudo):
        """Return (model, domain) of an ``ir.filters``.

        :raise ValueError: not one of the desk's lists, or not readable
        """
        model = filter_sudo.model_id
        if model not in LISTS:
            raise ValueError("not a list of the desk")
        domain = filter_domain.read(
            filter_sudo.domain, self.env.uid, fields.Date.context_today(self)
        )
        question = Domain(domain)
        question.validate(self.env[model])
        if model == "registry.letter":
            question &= Domain("desk_state", "!=", False)
        return model, question

    # ------------------------------------------------------------------
    # Sharing
    # ------------------------------------------------------------------
    @api.model
    def action_share(self, filter_id, name=None, unit_ids=None, audience="people"):
        """Share a filter of one's own, or of everybody, as a basket.

        :param int filter_id: ``ir.filters`` on a list of the desk
        :param str name: name of the basket; that of the filter by default
        :param list unit_ids: ``hr.department`` whose people get it; everybody at the desk without
        :param str audience: ``people``, ``heads`` or ``supervisors``
        :return: id of the basket
        :raise AccessError: neither head of these units, supervisor nor functional administrator
        :raise UserError: a filter that is not one of his, of another list, or that cannot be read
        """
        company = self.env.company
        units = self._check_share(company, unit_ids, audience)
        saved_sudo = self._check_filter(filter_id)
        # Nobody may write baskets; the rights were checked on the lines above.
        baskets_sudo = self.sudo()
        key = f"filter_{saved_sudo.id}_{company.id}"
        vals = {
            "name": (text.clean_line(name) or saved_sudo.name)[:80],
            "company_id": company.id,
            "filter_id": saved_sudo.id,
            "unit_ids": [Command.set(units.ids)],
            "audience": audience,
            "supervisors_only": audience == "supervisors",
            "shared_by_id": self.env.uid,
            "icon": "fa-filter",
            "sequence": 80,
        }
        known_sudo = baskets_sudo.search([("key", "=", key)])
        if known_sudo:
            if refusal := known_sudo.with_env(self.env)._unshare_refusal():
                raise refusal
            known_sudo.write(vals)
        else:
            known_sudo = baskets_sudo.create({**vals, "key": key})
        return known_sudo.id

    def action_unshare(self):
        """Take away baskets made of filters. The filters stay.

        :return: the home page of the desk
        :raise AccessError: neither who shared them, supervisor nor functional administrator
        :raise UserError: a basket of the platform
        """
        self.check_access("read")
        for basket in self:
            if refusal := basket._unshare_refusal():
                raise refusal
        # Nobody may delete baskets; the rights were checked on the lines above.
        self.sudo().unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.desk_basket_action"
        )

    def _unshare_refusal(self):
        self.ensure_one()
        # Who shared it is compared, whoever asks.
        basket_sudo = self.sudo()
        if not basket_sudo.filter_id:
            return UserError(
                self.env._(
                    "“%(name)s” is a basket of the platform: hide it in the settings "
                    "instead.",
                    name=self.name,
                )
            )
        if basket_sudo.company_id in self.env.companies and (
            basket_sudo.shared_by_id == self.env.user or self._shares_everywhere()
        ):
            return None
        return AccessError(
            self.env._(
                "Only who shared this basket, a supervisor of the desk or the functional "
                "administrator changes it or takes it away."
            )
        )

    @api.model
    def _shares_everywhere(self):
        return self._desk_is("supervisor") or self._desk_is("admin")

    def _check_share(self, company, unit_ids, audience):
        """Return the units; raise unless the user may share with them."""
        units = self.env["hr.department"].browse(given.record_ids(unit_ids))
        known = units.exists()._filtered_access("read")
        if known != units or units.company_id - company:
            raise UserError(
                self.env._("Choose units of %(company)s.", company=company.display_name)
            )
        known = [code for code, _label in AUDIENCES]
        if audience not in known or (audience == "heads" and not units):
            raise UserError(
                self.env._("Say for whom: the people of units, or the heads of which.")
            )
        if self._shares_everywhere():
            return units
        headed = self.env["gov.access"]._units(self.env.user, company=company, own=True)
        headed &= self._desk_headed()
        if audience == "supervisors" or not units or units - headed:
            raise AccessError(
                self.env._(
                    "The head of a unit shares a filter with the people of that unit; a "
                    "supervisor or the functional administrator shares it with others."
                )
            )
        return units

    def _check_filter(self, filter_id):
        # One of his own, or of everybody: asked of the filter itself.
        saved_sudo = (
            self.env["ir.filters"].sudo().browse(given.record_id(filter_id)).exists()
        )
        if not saved_sudo or saved_sudo.user_ids - self.env.user:
            raise UserError(
                self.env._("Choose a filter that you saved on a list of the desk.")
            )
        try:
            with self.env.cr.savepoint():
                model, domain = self._read_filter(saved_sudo)
                # Only whether the database can answer is asked: nothing of it leaves.
                self.env[model].sudo().search(domain, limit=1)
        except BROKEN as error:
            raise UserError(
                self.env._(
                    "The filter “%(name)s” cannot be shared: save it again on a list of "
                    "letters, with the conditions of the search bar only.",
                    name=saved_sudo.name,
                )
            ) from error
        return saved_sudo

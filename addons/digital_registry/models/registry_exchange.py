import uuid

from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain

from odoo.addons.gov_base.lib import text


class RegistryExchange(models.Model):
    """A letter that one administration of the platform sends to another.

    An exit line here, an entry that waits there: accepted, rejected or forwarded. Each
    side reads this record and its own letter, never the other's. What the receiving
    side decides on is copied here: names, words and files as they were sent.
    """

    _name = "registry.exchange"
    _description = "Exchange between administrations"
    _inherit = ["registry.role.mixin", "gov.document.owner"]
    _order = "id desc"
    _rec_name = "from_number"

    uid = fields.Char(
        string="Identifier",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: str(uuid.uuid4()),
    )
    state = fields.Selection(
        [
            ("pending", "To decide"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("forwarded", "Forwarded"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    from_company_id = fields.Many2one(
        "res.company",
        string="Administration that sends",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    from_office_id = fields.Many2one(
        "registry.office", required=True, readonly=True, ondelete="restrict"
    )
    from_letter_id = fields.Many2one(
        "registry.letter",
        string="Letter sent",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    from_name = fields.Char(string="From", required=True, readonly=True)
    from_number = fields.Char(
        string="Number of the sender", required=True, readonly=True
    )
    first_registered_at = fields.Datetime(
        string="First registered on",
        required=True,
        readonly=True,
        help="When the administration that sends registered the letter.",
    )
    to_company_id = fields.Many2one(
        "res.company",
        string="Administration that receives",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    to_office_id = fields.Many2one(
        "registry.office", required=True, readonly=True, ondelete="restrict"
    )
    to_letter_id = fields.Many2one(
        "registry.letter",
        string="Letter received",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    to_name = fields.Char(string="To", required=True, readonly=True)
    to_number = fields.Char(
        related="to_letter_id.number", string="Number of the receiver"
    )
    subject = fields.Char(readonly=True)
    body = fields.Text(string="Text", readonly=True)
    language = fields.Char(readonly=True)
    document_date = fields.Date(string="Date of the letter", readonly=True)
    recipients = fields.Json(readonly=True)
    note = fields.Text(string="Note of the sender", readonly=True)
    piece_count = fields.Integer(string="Pieces", readonly=True, aggregator=None)
    sent_at = fields.Datetime(string="Sent on", required=True, readonly=True)
    sent_by = fields.Char(string="Sent by", readonly=True)
    decided_at = fields.Datetime(string="Decided on", readonly=True)
    decided_by = fields.Char(string="Decided by", readonly=True)
    reason = fields.Text(readonly=True)
    salts = fields.Json(groups=NO_ACCESS)
    previous_id = fields.Many2one(
        "registry.exchange",
        string="Forwarded from",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    next_ids = fields.One2many(
        "registry.exchange", "previous_id", string="Forwarded to", readonly=True
    )
    is_received = fields.Boolean(
        compute="_compute_is_received",
        search="_search_is_received",
        help="Sent to us, not by us.",
    )
    main_document_id = fields.Many2one(
        "gov.document", compute="_compute_main_document_id", string="Letter to read"
    )

    _uid_uniq = models.Constraint("UNIQUE(uid)", "This exchange exists already.")
    _to_idx = models.Index("(to_company_id, state, id)")

    @api.depends("to_company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_is_received(self):
        for exchange in self:
            exchange.is_received = exchange.to_company_id in self.env.companies

    def _search_is_received(self, operator, value):
        if operator != "in":
            return NotImplemented
        received = Domain("to_company_id", "in", self.env.companies.ids)
        if True in value and False in value:
            return Domain.TRUE
        return received if True in value else ~received

    @api.depends("gov_document_ids")
    def _compute_main_document_id(self):
        for exchange in self:
            exchange.main_document_id = exchange.gov_document_ids.sorted("id")[:1]

    def _gov_document_locked(self, documents):
        """Answer the document: what was sent stays as it was sent."""
        return True

    @api.readonly
    @api.model
    def find_offices(self, name="", limit=10):
        """Find offices of other administrations that receive letters by exchange.

        Plain values only: the records themselves stay hidden.

        :param str name: part of the name or code of an office or administration
        :param int limit: at most so many, 50 at most
        :return: list of dict(id, name, code, administration), by administration
        :rtype: list[dict]
        :raise AccessError: neither registrar nor head of an office
        """
        self._check_may("registrar")
        words = text.clean_line(str(name or ""))[:80]
        # Offices of other administrations are hidden; only their names leave.
        offices_sudo = self.env["registry.office"].sudo()
        domain = self._open_to_exchange(self.env.company)
        for word in words.split():
            domain &= Domain.OR(
                Domain(field, "ilike", word)
                for field in ("name", "code", "company_id.name", "company_id.gov_name")
            )
        return [
            {
                "id": office_sudo.id,
                "name": office_sudo.name,
                "code": office_sudo.code,
                "administration": self._official_name(office_sudo.company_id),
            }
            for office_sudo in offices_sudo.search(
                domain, limit=max(1, min(limit, 50)) if type(limit) is int else 10
            )
        ]

    @api.model
    def _open_to_exchange(self, company):
        """Return the domain of the offices to which ``company`` may send."""
        return (
            Domain("company_id", "!=", company.id)
            & Domain("state", "=", "open")
            & Domain("accepts_exchange", "=", True)
            & Domain("register_ids.direction", "=", "incoming")
        )

    @api.model
    def _official_name(self, company):
        return company.gov_name or company.name

    def action_open_letter(self):
        """Open our own letter of this exchange: the one sent, or the one received.

        :return: window action
        """
        self.ensure_one()
        letter = self.to_letter_id if self.is_received else self.from_letter_id
        return {
            "type": "ir.actions.act_window",
            "res_model": "registry.letter",
            "res_id": letter.id,
            "views": [(False, "form")],
        }

import datetime

from odoo import api, models, tools
from odoo.tools import SQL

from ..lib import ca, trust
from .gov_key import MADE_APART


class GovAnchor(models.Model):
    """Everything that is believed, as one object that answers without the database."""

    _inherit = "gov.anchor"

    @api.model
    def _store(self, company=None):
        """Return what an administration believes.

        Holds the platform's own authorities (simple, every use) with their revocation
        lists, the anchors of the whole platform and those of ``company``. Costs one
        statement; the rest is remembered until something changes.

        :param company: ``res.company``, or nothing for the whole platform alone
        :return: :class:`~odoo.addons.gov_trust.lib.trust.Store`
        """
        if not self.env.cr.cache.get(MADE_APART):
            mark = self._internal_mark()
            return self._store_of(company.id if company else 0, mark)
        with self.pool.cursor() as cr:
            there = self.with_env(self.env(cr=cr))
            mark = there._internal_mark()
            return there._store_of(company.id if company else 0, mark)

    @api.model
    def _internal_mark(self):
        """What changes when an internal authority or its list does."""
        self.env["gov.key"].flush_model(["purpose", "state", "ended_at"])
        self.env["gov.certificate"].flush_model(["key_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT c.id, k.state, k.ended_at,
                          (SELECT max(l.id) FROM gov_crl l
                            WHERE l.ca_certificate_id = c.id)
                     FROM gov_key k JOIN gov_certificate c ON c.key_id = k.id
                    WHERE k.purpose = 'ca' ORDER BY c.id DESC"""
            )
        )
        return tuple(rows)

    @api.model
    @tools.ormcache("company_id", "mark")
    def _store_of(self, company_id, mark):
        # Anchors are read on behalf of whoever signs or checks a document.
        anchors_sudo = self.sudo().search(
            [
                ("enabled_at", "!=", False),
                ("company_id", "in", [company_id or False, False]),
            ]
        )
        internal, crls = self._internal(mark)
        below = [
            der
            for anchor in anchors_sudo.filtered("chain_pem")
            for der in ca.der(anchor.chain_pem)
        ]
        return trust.Store(
            (*internal, *(anchor._anchor() for anchor in anchors_sudo)),
            tuple(dict.fromkeys(below)),
            (*crls, *anchors_sudo.list_ids._newest()),
            self.env["gov.algorithm"]._policy(),
        )

    @api.model
    def _internal(self, mark):
        """Return (anchors, DER of lists) of the platform's own authorities."""
        # Certificates and lists of the internal authority are public.
        certificates_sudo = self.env["gov.certificate"].sudo()
        lists_sudo = self.env["gov.crl"].sudo()
        anchors, crls = [], []
        for certificate_id, state, ended_at, list_id in mark:
            certificate_sudo = certificates_sudo.browse(certificate_id)
            (der,) = ca.der(certificate_sudo.pem)
            revoked = state == "revoked" and ended_at
            anchors.append(
                trust.Anchor(
                    der,
                    name=certificate_sudo.subject,
                    until=ended_at.replace(tzinfo=datetime.UTC) if revoked else None,
                    internal=True,
                )
            )
            if list_id:
                crls.append(lists_sudo.browse(list_id)._der())
        return anchors, crls

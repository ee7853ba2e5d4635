from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.tools import SQL


class GovDocumentAccess(models.AbstractModel):
    """Reading follows the owner: a record of these models is seen by whoever may read the record `res_model`, `res_id`.

    Rules cannot say this (the owner's model varies), so search and access check say it, as in `ir.attachment`: every door
    of the ORM (search, read, export, groups, RPC, domains of other models) passes through one of the two.
    """

    _name = "gov.document.access"
    _description = "Access through the owner"

    @api.model
    def _gov_owner_models(self):
        """The models that own documents, by a loose scan of the index: one probe per model."""
        table = SQL.identifier(self._table)
        self.flush_model(["res_model"])
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE owners AS (
                        (SELECT res_model FROM %(table)s WHERE res_model IS NOT NULL ORDER BY res_model LIMIT 1)
                        UNION ALL
                        SELECT (SELECT res_model FROM %(table)s WHERE res_model > owners.res_model
                                 ORDER BY res_model LIMIT 1)
                          FROM owners WHERE owners.res_model IS NOT NULL)
                   SELECT res_model FROM owners WHERE res_model IS NOT NULL""",
                table=table,
            )
        )
        return [name for (name,) in rows if name in self.env]

    @api.model
    def _gov_owner_domain(self):
        """What the user may see: records whose owner he may read."""
        allowed = Domain.FALSE
        for name in self._gov_owner_models():
            owner_model = self.env[name].with_context(active_test=False)
            if owner_model.has_access("read"):
                query = owner_model._search(Domain.TRUE)
                allowed |= Domain("res_model", "=", name) & Domain(
                    "res_id", "in", query
                )
        return allowed

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._gov_visible_domain()
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    @api.model
    def _gov_visible_domain(self):
        return self._gov_owner_domain()

    def _gov_owner_references(self):
        """`{record id: (model, id)}`, read past the rights that are being computed."""
        records_sudo = self.sudo()
        return {record.id: (record.res_model, record.res_id) for record in records_sudo}

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden = result[0] if result else self.browse()
        if not result or forbidden != self:
            forbidden |= (self - forbidden)._gov_forbidden()
        if not forbidden:
            return result
        return forbidden, self._gov_access_error

    def _gov_access_error(self):
        return AccessError(
            self.env._(
                "You may not do this with these documents: you may not read what they belong to."
            )
        )

    def _gov_forbidden(self):
        """The records whose owner the user may not read, or that have none."""
        if not any(self._ids):
            return self.browse()
        by_owner = defaultdict(lambda: defaultdict(list))
        for record_id, (model, res_id) in self._gov_owner_references().items():
            by_owner[model if model in self.env else ""][res_id or 0].append(record_id)
        forbidden = []
        for model, owners in by_owner.items():
            readable = set()
            if model:
                records = self.env[model].browse(res_id for res_id in owners if res_id)
                try:
                    readable = set(records._filtered_access("read")._ids)
                except MissingError:
                    readable = set(records.exists()._filtered_access("read")._ids)
            forbidden += [
                record_id
                for res_id, record_ids in owners.items()
                if res_id not in readable
                for record_id in record_ids
            ]
        return self.browse(forbidden)

from lxml import etree

from odoo import api, models, tools

#: on the registry: the table of sendings is there, nothing needs to be asked any more
READY = "_maktab_sources_are_there"


class Base(models.AbstractModel):
    """A record that is in signature is locked, whoever changes it and through which door.

    Models without a sending cost one look into what is remembered, and no query.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        links = self._source_links()
        if links:
            for model, name, kind in links:
                parents = [vals.get(name) for vals in vals_list if kind == "row"]
                known = [one for one in parents if isinstance(one, int)]
                self._source_check(model, known, child=self._name)
        return super().create(vals_list)

    def write(self, vals):
        links = self._source_links()
        if links is not None and self:
            self._source_check_write(vals, links)
        return super().write(vals)

    def unlink(self):
        links = self._source_links()
        if links is not None and self:
            self._source_check(self._name, self.ids)
            self._source_check_parents(links)
        return super().unlink()

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Put the sentence about folders of the signature book on top of forms that have a sending."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and self._name in self._source_shown():
            place = next(arch.iter("sheet"), arch)
            place.insert(0, etree.Element("widget", name="parapheur_source_notice"))
        return arch, view

    # ------------------------------------------------------------------
    # Locks
    # ------------------------------------------------------------------
    @api.model
    def _source_is_ready(self):
        """Whether sendings can be asked: not while the app itself is being installed."""
        pool = self.env.registry
        if getattr(pool, READY, False):
            return True
        there = "parapheur.source" in pool and tools.sql.column_exists(
            self.env.cr, "parapheur_source", "lock"
        )
        setattr(pool, READY, there)
        return there

    @api.model
    def _source_shown(self):
        if self._abstract or not self._source_is_ready():
            return ()
        return self.env["parapheur.source"]._shown()

    @api.model
    def _source_links(self):
        """Fields of this model that lead to records that may be locked; None when nothing is watched."""
        if self._abstract or self._transient or not self._source_is_ready():
            return None
        return self.env["parapheur.source"]._watched().get(self._name)

    def _source_check_write(self, vals, links):
        self._source_check(self._name, self.ids, vals)
        halves = {model for model, _name, kind in links if kind == "half"}
        for model, name, kind in links:
            if kind == "half":
                self._source_check(model, self._source_wholes(model, name), vals)
            elif model not in halves:
                self._source_check_parents([(model, name, kind)])
            if kind == "row" and isinstance(vals.get(name), int):
                self._source_check(model, [vals[name]], child=self._name)

    def _source_wholes(self, model, name):
        """Ids of the records of a model that delegate to these."""
        # Whoever changes one half may not read the other; only ids are looked at.
        wholes_sudo = self.env[model].sudo().with_context(active_test=False)
        return wholes_sudo.search([(name, "in", self.ids)]).ids

    def _source_check_parents(self, links):
        for model, name, kind in links:
            if kind == "half":
                ids = self._source_wholes(model, name)
            else:
                # Whoever changes a row may not read what it is part of; only ids are looked at.
                rows_sudo = self.sudo()
                ids = rows_sudo[name].ids
            self._source_check(model, ids, child=self._name)

    @api.model
    def _source_check(self, model, ids, vals=None, child=None):
        """Raise when one of these records is locked by a folder in signature.

        :raise UserError: the sentence names the folder
        """
        if ids:
            self.env["parapheur.folder"]._check_source_locks(model, ids, vals, child)

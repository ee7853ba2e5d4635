from odoo import Command, api, models, tools

AGENT = "e_parapheur.group_e_parapheur_agent"
WIZARD = "parapheur.send"
COMPOSED = "one2many"


class ParapheurSource(models.Model):
    """The button in the Actions menu of a model, and what is remembered about models so that others cost nothing."""

    _inherit = "parapheur.source"

    def _refresh_buttons(self):
        """Let the models of these sendings have the button when one is in use, and lose it when none is."""
        for model in set(self.mapped("model")):
            used = self._used(model)
            action_sudo = self._button(model)
            if used and not action_sudo:
                self._add_button(model)
            elif not used and action_sudo:
                action_sudo.unlink()
        self._forget()

    @api.model
    def _used(self, model, companies=None):
        """The sendings of a model that are in use, in these administrations or in all."""
        domain = [("model", "=", model), ("state", "=", "published")]
        if companies is not None:
            domain.append(("company_id", "in", companies.ids))
        # Whether a model has a sending decides the button; its rights are those of the reader.
        sources_sudo = self.sudo()
        return sources_sudo.search(domain)

    @api.model
    def _button(self, model):
        # Bindings are made by the platform: administrators of the signature book have no right on them.
        actions_sudo = self.env["ir.actions.act_window"].sudo()
        return actions_sudo.search(
            [("res_model", "=", WIZARD), ("binding_model_id.model", "=", model)]
        )

    @api.model
    def _add_button(self, model):
        # Bindings are made by the platform: administrators of the signature book have no right on them.
        actions_sudo = self.env["ir.actions.act_window"].sudo()
        action_sudo = actions_sudo.with_context(lang="en_US").create(
            {
                "name": "Send to the signature book",
                "res_model": WIZARD,
                "view_mode": "form",
                "target": "new",
                "binding_model_id": self.env["ir.model"]._get_id(model),
                "binding_view_types": "list,kanban,form",
                "group_ids": [Command.link(self.env.ref(AGENT).id)],
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            here = self.with_context(lang=code)
            action_sudo.with_context(lang=code).name = here._button_name()
        # Uninstalling the app takes its buttons along.
        self.env["ir.model.data"].sudo().create(
            {
                "module": "e_parapheur",
                "name": f"parapheur_send_{model.replace('.', '_')}",
                "model": "ir.actions.act_window",
                "res_id": action_sudo.id,
                "noupdate": True,
            }
        )

    @api.model
    def _button_name(self):
        return self.env._("Send to the signature book")

    # ------------------------------------------------------------------
    # Remembered
    # ------------------------------------------------------------------
    @api.model
    def _forget(self):
        self.env.registry.clear_cache("stable", "templates")

    @api.model
    @tools.ormcache(cache="stable")
    def _watched(self):
        """Models whose records may be locked: name -> what leads from their records to those that are.

        ``{"purchase.order": (), "purchase.order.line": (("purchase.order", "order_id", "row"),)}``; ``row``: the record is
        part of the other one; ``half``: the other one delegates to it (``_inherits``).
        """
        # Remembered for everybody: what is locked is decided by the folders.
        sources_sudo = self.sudo()
        found = sources_sudo.search([("state", "!=", "draft"), ("lock", "!=", "none")])
        watched = {}
        for model in filter(self.env.__contains__, set(found.mapped("model"))):
            watched.setdefault(model, set())
            for half, name in self.env[model]._inherits.items():
                watched.setdefault(half, set()).add((model, name, "half"))
            for field in self.env[model]._fields.values():
                if self._is_composed(field):
                    watched.setdefault(field.comodel_name, set()).add(
                        (model, field.inverse_name, "row")
                    )
        return {name: tuple(sorted(links)) for name, links in watched.items()}

    @api.model
    def _is_composed(self, field):
        """Whether the rows of this list are part of the record: they go when it goes."""
        if field.type != COMPOSED or not field.inverse_name or not field.store:
            return False
        if not self._is_reached(field.comodel_name):
            return False
        inverse = self.env[field.comodel_name]._fields.get(field.inverse_name)
        return (
            inverse is not None
            and inverse.type == "many2one"
            and inverse.ondelete == "cascade"
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _shown(self):
        """Models whose form tells about folders: those that have, or had, a sending in use."""
        # Remembered for everybody: whether there is a folder is asked for each record.
        sources_sudo = self.sudo()
        found = sources_sudo.search([("state", "!=", "draft")])
        return frozenset(found.mapped("model"))

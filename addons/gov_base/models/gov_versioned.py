from odoo import models


class GovVersioned(models.AbstractModel):
    """Settings published in versions: one is in use, one is prepared, those before stay as they were.

    A model gives ``name``, ``version``, ``state`` (draft, published, retired) and ``origin_id``, the first version;
    its gate gives ``_transition_refusal(new)`` and ``_gated()``.
    """

    _name = "gov.versioned"
    _description = "Settings in versions"
    _inherit = ["gov.gated"]

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if default and "name" in default:
            return vals_list
        for record, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%(name)s (copy)", name=record.name)
        return vals_list

    def _family(self, state=None):
        """All versions of this one, or those in ``state``."""
        self.ensure_one()
        root = self.origin_id or self
        domain = ["|", ("id", "=", root.id), ("origin_id", "=", root.id)]
        if state:
            domain.append(("state", "=", state))
        return self.search(domain)

    def action_new_version(self):
        """Copy this to the draft of its next version, or open the draft there is.

        :return: window action on that draft
        :raise AccessError: the user may not change it
        """
        self.ensure_one()
        self.check_access("write")
        return (self._family("draft") or self._next_version())._open_form()

    def _next_version(self):
        """A copy of this, to be changed and published as the next version."""
        return self._gated().copy(
            {
                "name": self.name,
                "origin_id": (self.origin_id or self).id,
                "version": max(self._family().mapped("version")) + 1,
            }
        )

    def _open_form(self):
        """Window action on this version."""
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

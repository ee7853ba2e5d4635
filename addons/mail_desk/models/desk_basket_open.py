from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given

from .desk_basket import BROKEN


class DeskBasket(models.Model):
    """Opening the list of what is in a basket, one's own or that of an absent person."""

    _inherit = "desk.basket"

    def action_open(self):
        """Open the list of what is in this basket.

        :return: window action
        :raise UserError: a shared filter that does not work any more
        """
        self.ensure_one()
        try:
            model, domain = self._question()
            self.env[model]._search(domain)
        except BROKEN as error:
            if not self._is_shared():
                raise
            raise UserError(
                self.env._(
                    "The filter of the basket “%(name)s” does not work any more. Ask who "
                    "shared it, or the functional administrator, to take it away.",
                    name=self.name,
                )
            ) from error
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.registry_letter_action_desk"
            if model == "registry.letter"
            else "mail_desk.desk_outgoing_action"
        )
        whose, name = self._whose(), self.name
        if whose != self.env.user:
            name = self.env._(
                "%(basket)s – for %(name)s",
                basket=name,
                # Who stands in for somebody knows that person's name.
                name=whose.sudo().name,
            )
        return {
            **action,
            "name": name,
            "display_name": name,
            "path": False,
            "domain": list(domain),
            "context": {"desk_basket": self.key},
            "help": f'<p class="o_view_nocontent_smiling_face">{self.help or ""}</p>',
        }

    def action_open_for(self, user_id):
        """Open the list of what is in this basket of an absent person.

        :param int user_id: ``res.users`` in whose place the caller works now
        :return: window action
        :raise UserError: he does not stand in for that person, now or any more
        """
        self.ensure_one()
        asked = given.record_id(user_id)
        if asked not in self._absent().ids or not self._is_lent():
            raise UserError(
                self.env._(
                    "You do not stand in for this person, now or any more: reload the page."
                )
            )
        return self.with_context(desk_for=asked).action_open()

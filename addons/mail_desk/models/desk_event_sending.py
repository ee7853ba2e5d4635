from odoo import models

from .desk_sending import RETURNS


class DeskEvent(models.Model):
    """Sentences about what became of a sending."""

    _inherit = "desk.event"

    def _patterns(self):
        env = self.env
        return {
            **super()._patterns(),
            "sending_delivered": env._("The letter %(number)s was delivered: %(how)s"),
            "sending_returned": env._("The letter %(number)s came back: %(how)s"),
            "sending_bounced": env._(
                "The e-mail with the letter %(number)s came back undelivered"
            ),
            "sending_cancelled": env._(
                "%(actor)s cancelled a sending of the letter %(number)s: %(how)s"
            ),
            "sending_noted": env._("About the e-mail with the letter %(number)s"),
        }

    def _extras(self, args, names):
        extras = super()._extras(args, names)
        if args.get("returned") not in dict(RETURNS):
            return extras
        field = self.env["desk.sending"]._fields["return_reason"]
        labels = dict(field._description_selection(self.env))
        return f" – {labels[args['returned']]}{extras}"

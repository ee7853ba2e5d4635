from odoo import models


class RegistryLetter(models.Model):
    """What the sender sees of a letter's way."""

    _inherit = "registry.letter"

    def _portal_timeline(self):
        """Return the stages a sender may see, oldest first.

        Other apps add theirs (dispatch, completion, reply).

        :return: list of dicts: ``key``, ``title``, ``text``, ``at`` (UTC instant),
            ``done`` (False for what is still expected)
        """
        self.ensure_one()
        entry = self.entry_id
        number = entry.display_number
        stages = [
            {
                "key": "deposited",
                "title": self.env._("Deposited"),
                "text": self.env._("We received your letter."),
                "at": self.received_at,
                "done": True,
            },
            {
                "key": "registered",
                "title": self.env._("Registered"),
                "text": self.env._("Your letter is in the register.")
                if number
                else self.env._(
                    "The number is being given. It will be here in a moment."
                ),
                "number": number or "",
                "at": entry.registered_at if number else None,
                "done": bool(number),
            },
        ]
        if self.state == "cancelled":
            stages.append(
                {
                    "key": "cancelled",
                    "title": self.env._("Cancelled"),
                    "text": self.env._(
                        "The registration was cancelled by the administration. "
                        "Ask the desk for the reason."
                    ),
                    "at": self.write_date,
                    "done": True,
                }
            )
        else:
            stages.append(
                {
                    "key": "handling",
                    "title": self.env._("In the hands of the administration"),
                    "text": self.env._(
                        "The desk reads your letter and passes it to the service in "
                        "charge."
                    ),
                    "at": None,
                    "done": False,
                }
            )
        return stages

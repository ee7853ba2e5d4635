from odoo import api, fields, models
from odoo.tools import format_date

#: kinds that are letters of their own, with a recipient and somebody who signs
LETTERS = ("letter", "note")
#: kinds that speak of a letter that was registered
ABOUT_LETTERS = (*LETTERS, "mail", "completion", "fiche")


class GovTemplate(models.Model):
    """What leaves the desk, and what its templates may say of it."""

    _inherit = "gov.template"

    kind = fields.Selection(
        selection_add=[
            ("mail", "E-mail with a letter"),
            ("completion", "Request to complete"),
            ("slip", "Transmission slip"),
            ("fiche", "Instruction sheet"),
        ],
        ondelete={
            "mail": "set other",
            "completion": "set other",
            "slip": "set other",
            "fiche": "set other",
        },
    )

    @api.model
    def _framed_kinds(self):
        return super()._framed_kinds() | {"completion"}

    @api.model
    def _merge_keys(self, kind):
        keys = super()._merge_keys(kind)
        env = self.env
        if kind == "slip":
            return {
                **keys,
                "number": env._("Number of the slip"),
                "recipient": env._("Recipient"),
                "recipient_position": env._("Position of the recipient"),
                "pieces_count": env._("Number of pieces"),
            }
        if kind not in ABOUT_LETTERS:
            return keys
        keys = {
            **keys,
            "letter_number": env._("Number of the letter answered"),
            "letter_date": env._("Date of the letter answered"),
            "letter_arrival": env._("Day of arrival of the letter answered"),
            "letter_subject": env._("Subject of the letter answered"),
            "sender": env._("Sender of the letter answered"),
            "sender_reference": env._("Reference of the sender"),
            "recipient": env._("Recipient"),
        }
        if kind in LETTERS:
            keys.update(
                {
                    "recipient_position": env._("Position of the recipient"),
                    "recipient_address": env._("Address of the recipient"),
                    "reference": env._("Working reference"),
                    "signatory": env._("Who signs"),
                    "signatory_quality": env._("Quality of who signs"),
                }
            )
        elif kind == "mail":
            keys["number"] = env._("Number of this letter")
        if kind == "completion":
            keys["recipient_address"] = env._("Address of the recipient")
            keys["question"] = env._("What is missing")
        if kind in ("completion", "fiche"):
            keys["due_date"] = env._("To be answered by")
        if kind == "fiche":
            keys["instruction"] = env._("Instruction")
        return keys

    @api.model
    def _merge_loops(self, kind):
        loops = super()._merge_loops(kind)
        if kind not in (*ABOUT_LETTERS, "slip"):
            return loops
        env = self.env
        piece = {
            "piece_number": env._("Number of the piece"),
            "piece_name": env._("Piece"),
        }
        pieces = env._("Pieces of the letter answered")
        if kind == "completion":
            pieces = env._("Pieces asked for")
            piece["piece_note"] = env._("What is asked of the piece")
        elif kind == "slip":
            pieces = env._("Pieces that are sent")
            piece["piece_count"] = env._("How many")
            piece["piece_note"] = env._("Observations")
        loops = {**loops, "pieces": {"label": pieces, "keys": piece}}
        if kind in LETTERS:
            loops["annexes"] = {
                "label": env._("Annexes of this letter"),
                "keys": {
                    "annex_number": env._("Number of the annex"),
                    "annex_name": env._("Annex"),
                },
            }
        if kind in LETTERS:
            loops["recipients"] = {
                "label": env._("Recipients"),
                "keys": {
                    "recipient_rank": env._("Rank of the recipient"),
                    "recipient_name": env._("Name of the recipient"),
                    "recipient_quality": env._("Position of this recipient"),
                },
            }
        return loops

    @api.model
    def _merge_models(self, kind):
        found = super()._merge_models(kind)
        if kind == "note":
            return [*found, "desk.outgoing"]
        if kind == "completion":
            return [*found, "desk.completion", "registry.letter"]
        if kind == "slip":
            return [*found, "desk.slip"]
        if kind in ABOUT_LETTERS:
            return [*found, "registry.letter", "desk.outgoing"]
        return found

    @api.model
    def _merge_samples(self, kind):
        samples = super()._merge_samples(kind)
        if kind not in (*ABOUT_LETTERS, "slip"):
            return samples
        today = format_date(self.env, fields.Date.context_today(self))
        return {
            **samples,
            "letter_number": "2026/000142",
            "letter_date": today,
            "letter_arrival": today,
            "letter_subject": self.env._("Request for a permit"),
            "sender": "محمد بن علال",
            "sender_reference": "12/2026",
            "recipient": "محمد بن علال",
            "recipient_position": self.env._("President of the association"),
            "recipient_address": "12, rue de Fès, Rabat",
            "reference": "D-2026-7K3QM-4XN5T",
            "number": "2026/000089",
            "pieces_count": "3",
            "due_date": today,
            "instruction": self.env._("To be answered"),
            "question": self.env._("A copy of the identity card"),
            "signatory": self.env.user.name,
            "signatory_quality": self.env._("Head of the unit"),
        }

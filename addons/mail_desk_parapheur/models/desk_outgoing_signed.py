from dataclasses import dataclass

from odoo import fields, models
from odoo.tools import format_date


@dataclass(frozen=True)
class GoingAlong:
    """Documents of a folder that are registered with its letter; none comes by RPC."""

    ids: list


class DeskOutgoing(models.Model):
    """Where a letter is in the signature book, and that what was signed is what was validated."""

    _inherit = "desk.outgoing"

    signed_sentence = fields.Char(
        string="Signed text", compute="_compute_signed_sentence"
    )

    def _compute_signed_sentence(self):
        for outgoing in self:
            outgoing.signed_sentence = outgoing._signed_words()

    def _signed_words(self):
        # Digests and numbers of versions only, for whoever reads the letter.
        pieces_sudo = self.sudo().folder_id.piece_ids
        version_sudo = self.sudo().pdf_version_id
        if not pieces_sudo or not version_sudo or self.state in ("draft", "validating"):
            return False
        text = self.version_ids.sorted("number")[-1:].number
        same = pieces_sudo[:1].original_id.sha256 == version_sudo.sha256
        if same:
            return self.env._(
                "Version %(number)s of the text, as it was validated (SHA-256 %(digest)s…).",
                number=text,
                digest=version_sudo.sha256[:16],
            )
        return self.env._(
            "What is in the signature book is not the file that was validated: compare them."
        )

    def _todo_sentence(self):
        if self.state != "signing":
            return super()._todo_sentence()
        # Where the letter is signed is told to whoever reads it, whatever his roles.
        folder_sudo = self.sudo().folder_id
        if folder_sudo.state == "draft":
            return self.env._(
                "In the signature book (%(folder)s): its sender has to submit it.",
                folder=folder_sudo.reference,
            )
        step_sudo = folder_sudo.run_id._current_steps()[:1]
        names = self._waiting_names(step_sudo)
        if not names:
            return self.env._(
                "In the signature book (%(folder)s): waits for its signatures.",
                folder=folder_sudo.reference,
            )
        return self.env._(
            "In the signature book (%(folder)s): waits for %(names)s since %(date)s.",
            folder=folder_sudo.reference,
            names=names,
            date=format_date(self.env, step_sudo.opened_at),
        )

    def _waiting_names(self, step):
        """Who has to act now; of those who are away, until when."""
        users = step._current_actors().user_id
        away = self.env["gov.absence"]._absent_until(users, self.company_id)
        names = []
        for user in users:
            until = away.get(user.id)
            names.append(
                self.env._(
                    "%(name)s (absent until %(date)s)",
                    name=user.name,
                    date=format_date(self.env, until),
                )
                if until
                else user.name
            )
        return ", ".join(names)

    def _registration_vals(self):
        vals = super()._registration_vals()
        along = self.env.context.get("going_along")
        if isinstance(along, GoingAlong):
            vals["document_ids"] = [*vals["document_ids"], *along.ids]
        return vals

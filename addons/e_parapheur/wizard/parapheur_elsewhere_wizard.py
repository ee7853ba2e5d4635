import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ParapheurElsewhereWizard(models.TransientModel):
    """Hands out the files to sign with one's own tool, and takes the signed ones back."""

    _name = "parapheur.elsewhere.wizard"
    _description = "Signature with one's own tool"

    folder_id = fields.Many2one(
        "parapheur.folder", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many("parapheur.elsewhere.wizard.line", "wizard_id")
    expires_at = fields.Datetime("To hand in until", readonly=True)
    consent_id = fields.Char(readonly=True)
    consent_text = fields.Text(readonly=True)
    is_accepted = fields.Boolean("I accept")
    delegation_text = fields.Text(readonly=True)
    delegation_consent_id = fields.Char(readonly=True)
    is_delegation_accepted = fields.Boolean("I accept too")
    proof_kind = fields.Char(readonly=True)
    proof = fields.Json("What proves that it is you")

    @api.model
    def _of(self, folder, handed):
        """Make the window for files that were just handed out.

        :param handed: list of ``parapheur.elsewhere``
        """
        text = folder.get_consent()
        delegation = folder._power(handed[0].step_id)
        own = delegation and folder.get_delegation_consent()
        signings = self.env["parapheur.signing"]
        return self.create(
            {
                "delegation_text": own
                and f"{folder._formula_printed(delegation)}\n{own['text']}",
                "delegation_consent_id": own and own["id"],
                "proof_kind": signings._offered(
                    self.env.user, folder._proof_wanted("sign")
                ),
                "folder_id": folder.id,
                "expires_at": min(one.expires_at for one in handed),
                "consent_id": text["id"],
                "consent_text": text["text"],
                "line_ids": [
                    Command.create(
                        {
                            "elsewhere_id": one.id,
                            "name": one.piece_id.document_id.name,
                            "version_id": one.handed_id.id,
                            "field_name": one.field_name,
                        }
                    )
                    for one in handed
                ],
            }
        )

    def action_hand_in(self):
        """Hand in the signed files.

        :return: closes the window
        :raise UserError: what is missing or does not hold; nothing was kept then
        """
        self.ensure_one()
        missing = self.line_ids.filtered(lambda line: not line.signed)
        if missing:
            raise UserError(
                self.env._(
                    "%(file)s is missing: choose the signed file of each document. "
                    "Nothing was handed in.",
                    file=missing[0].name,
                )
            )
        files = {
            line.elsewhere_id: base64.b64decode(line.signed) for line in self.line_ids
        }
        consent = self.consent_id if self.is_accepted else None
        ticked = self.delegation_consent_id if self.is_delegation_accepted else None
        self.folder_id._take_in(files, consent, self.proof or None, ticked)
        return {"type": "ir.actions.act_window_close", "infos": {"signed": True}}


class ParapheurElsewhereWizardLine(models.TransientModel):
    """One document: the file to sign, and the file that was signed."""

    _name = "parapheur.elsewhere.wizard.line"
    _description = "Document signed with one's own tool"

    wizard_id = fields.Many2one(
        "parapheur.elsewhere.wizard", required=True, ondelete="cascade"
    )
    elsewhere_id = fields.Integer(required=True, readonly=True)
    name = fields.Char("Document", readonly=True)
    version_id = fields.Integer(readonly=True)
    field_name = fields.Char("Box to sign in", readonly=True)
    signed = fields.Binary("Signed file")
    signed_name = fields.Char()

    def action_download(self):
        """Download the file to sign."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/gov/document/{self.version_id}",
            "target": "download",
        }

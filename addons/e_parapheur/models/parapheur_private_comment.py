from odoo import fields, models


class ParapheurPrivateComment(models.Model):
    """Words about a folder for the persons whom their author names, and for nobody else.

    No access at all: written by ``parapheur.folder.action_comment_privately`` and shown by the desk to the
    author and to those persons. It is in no slip, no evidence file and no chatter.
    """

    _name = "parapheur.private.comment"
    _description = "Private comment"
    _order = "id"

    folder_id = fields.Many2one(
        "parapheur.folder", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    author_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reader_ids = fields.Many2many(
        "res.users",
        "parapheur_private_comment_reader_rel",
        "comment_id",
        "user_id",
        readonly=True,
    )
    body = fields.Text(required=True, readonly=True)
    written_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )

import hashlib
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
# Neither a type that a browser runs nor one that stock code indexes or resizes.
VAULT_MIME = "application/x-gov-vault"


class GovDocumentVault(models.Model):
    """Content, once per SHA-256 within an administration.

    Nobody may read this model, administrators included: the attachment that holds the bytes takes its rights from here, so
    no address of Odoo serves it (`/web/content`, `/web/image`, RPC). Only methods of the document read it.
    """

    _name = "gov.document.vault"
    _description = "Document content"
    _log_access = False
    _rec_name = "sha256"

    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    sha256 = fields.Char(required=True, size=64)
    size = fields.Integer(required=True)
    stored_at = fields.Datetime(required=True)

    _content_uniq = models.UniqueIndex(
        "(company_id, sha256)", "This content is already stored."
    )

    @api.model
    def _put(self, company, content):
        """Store `content` for `company` unless it is there. Returns `(vault, sha256)`.

        Of two transactions that store the same new content at once, the second waits for the first; when that commits,
        PostgreSQL refuses the second as a serialization failure and Odoo replays the request, which then finds the row.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        self_sudo = self.sudo()  # the vault has no right for anybody
        self.env.cr.execute(
            SQL(
                """INSERT INTO gov_document_vault (company_id, sha256, size, stored_at)
                   VALUES (%s, %s, %s, now() AT TIME ZONE 'UTC')
                   ON CONFLICT (company_id, sha256) DO NOTHING RETURNING id""",
                company.id,
                sha256,
                len(content),
            ),
            log_exceptions=False,  # the serialization failure above is no fault
        )
        rows = self.env.cr.fetchall()
        if rows:
            vault = self_sudo.browse(rows[0][0])
            vault._write_attachment(company, content, sha256)
            return vault, sha256
        # The lock keeps the collector away until the version that refers to it is committed.
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM gov_document_vault WHERE company_id = %s AND sha256 = %s FOR KEY SHARE",
                company.id,
                sha256,
            )
        )
        return self_sudo.browse(rows[0][0]), sha256

    def _write_attachment(self, company, content, sha256):
        # The attachment belongs to the vault, which nobody may write.
        attachment_sudo = (
            self.env["ir.attachment"].sudo().with_context(image_no_postprocess=True)
        )
        attachment_sudo.create(
            {
                "name": sha256,
                "raw": content,
                "mimetype": VAULT_MIME,
                "res_model": self._name,
                "res_id": self.id,
                "company_id": company.id,
            }
        )

    def _read(self):
        """The bytes, checked against the digest under which they were stored."""
        self.ensure_one()
        vault_sudo = self.sudo()  # callers checked the right on the document
        attachment_sudo = self.env["ir.attachment"].sudo()
        attachment = attachment_sudo.search(
            [("res_model", "=", self._name), ("res_id", "=", vault_sudo.id)],
            order="id",
            limit=1,
        )
        content = attachment.raw or b""
        if hashlib.sha256(content).hexdigest() != vault_sudo.sha256:
            _logger.error(
                "Content %s of the vault is missing or damaged", vault_sudo.sha256
            )
            raise UserError(
                self.env._(
                    "The content of this document is missing or damaged. Tell the operator of the platform."
                )
            )
        return content

    @api.autovacuum
    def _gc_orphans(self, limit=1000):
        """Drop content that no version refers to any more."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM gov_document_vault v
                    WHERE stored_at < (now() AT TIME ZONE 'UTC') - interval '1 day'
                      AND NOT EXISTS (SELECT 1 FROM gov_document_version WHERE vault_id = v.id)
                    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                limit,
            )
        )
        # Nobody has the right to delete here; the rows were just found to be of no document.
        vault_sudo = self.sudo().browse(row[0] for row in rows)
        vault_sudo.unlink()
        return len(rows), len(rows) == limit

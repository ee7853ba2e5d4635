from odoo import api, fields, models

from odoo.addons.gov_trust.lib import codes

from ..lib import tokens

TRUE = {"1", "on", "yes", "true"}


class GovDeposit(models.Model):
    """Sending: one draft becomes one letter, however often the page is sent."""

    _inherit = "gov.deposit"

    def _submit(self, form, uploads):
        """Turn this draft into a letter of the register.

        The row is locked. A second sending (double click, back and send again, two tabs,
        two servers) waits for the first, is replayed by Odoo and finds it sent. Nothing
        here waits for the number: the journal gives it right after the commit.

        :param uploads: files that came with the last page
        :return: errors, field to code; empty when the letter is in
        """
        self.ensure_one()
        if self.state == "submitted":
            return {}
        errors = {}
        # Files of this very page go to the letter without a row of the draft.
        late, refused = self.env["gov.deposit.file"]._receive(self, uploads)
        if refused:
            errors["files"] = refused
        if form.get("consent") not in TRUE:
            errors["consent"] = "consent_missing"
        if form.get("confirm") not in TRUE:
            errors["confirm"] = "confirm_missing"
        office = self.office_id._recall()
        if office.state != "open" or not office.is_published:
            errors["confirm"] = "desk_closed"
        if errors:
            self._keep_files(late)
            return errors
        self._become_letter(late)
        return {}

    def _become_letter(self, late):
        moment = fields.Datetime.now()
        versions = self._versions()
        known = {(old.sha256, old.filename) for old in versions}
        twins = late.filtered(lambda new: (new.sha256, new.filename) in known)
        twins.document_id.unlink()
        versions |= late - twins
        letter = self.env["registry.letter"]._register_deposit(
            self._prepare_deposit_vals(moment, versions.document_id)
        )
        receipt = letter.receipt_ids[:1]
        who = (self.draft_values or {}).get("who", {})
        self.public_id = receipt.public_id
        self.write(
            {
                "state": "submitted",
                "submitted_at": moment,
                "letter_id": letter.id,
                "receipt_id": receipt.id,
                "track_digest": codes.digest(self._tracking_code()),
                "control_digests": self._make_controls(receipt.public_id, who),
                "seconds": self._seconds_spent(),
                # What was typed and uploaded lives in the letter alone from now on.
                "draft_values": False,
            }
        )

    def _prepare_deposit_vals(self, moment, documents):
        """Return what the register needs to know of this deposit."""
        stored = self.draft_values or {}
        who, letter = stored.get("who", {}), stored.get("letter", {})
        return {
            "office_id": self.office_id.id,
            "subject_type_id": self.subject_type_id.id,
            "sender_kind": who.get("kind"),
            "subject": letter.get("subject"),
            "body": letter.get("body") or False,
            "name": who.get("name"),
            "email": who.get("email"),
            "phone": who.get("phone"),
            "on_behalf_of": who.get("on_behalf_of"),
            "document_ids": documents.ids,
            "language": (self.env.lang or "").partition("_")[0],
            "submitted_at": moment,
        }

    # ------------------------------------------------------------------
    # Afterwards
    # ------------------------------------------------------------------

    @api.model
    def _find_sent(self, public_id):
        """Return the deposit of this public reference, or an empty set."""
        if not isinstance(public_id, str) or not 20 <= len(public_id) <= 64:
            return self.browse()
        return self.search(
            [("public_id", "=", public_id), ("state", "=", "submitted")], limit=1
        )

    @api.model
    def _find_receipt(self, public_id):
        """Return the receipt of an online deposit: the first one or one that replaced it."""
        receipts = self.env["registry.receipt"]
        if not isinstance(public_id, str) or not 20 <= len(public_id) <= 64:
            return receipts
        receipt = receipts.search([("public_id", "=", public_id)], limit=1)
        known = receipt and self.search_count(
            [("letter_id", "=", receipt.letter_id.id)], limit=1
        )
        return receipt if known else receipts

    def _is_from(self, browser):
        return self.browser_digest == tokens.digest(browser) != "-"

    @api.model
    def _receipt_pdf(self, receipt):
        """Return ``(filename, bytes)`` of a sealed receipt, or None while it is made."""
        pdf = receipt._ensure_pdf()
        return (receipt.pdf_filename, pdf) if pdf else None

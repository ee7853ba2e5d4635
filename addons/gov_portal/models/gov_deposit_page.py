from datetime import UTC, timedelta

import pytz
from babel.dates import format_datetime

from odoo import fields, models

from odoo.addons.gov_trust.exceptions import SealUnavailable

from ..forms import LIMITS
from ..lib.contact import phone_display
from ..lib.qr_svg import qr_path
from .gov_deposit_draft import STEPS

CODE_SHOWN = timedelta(minutes=30)
MIB = 1024 * 1024
FIELDS_OF = {
    "who": ("main", "kind", "name", "email", "phone", "on_behalf_of"),
    "letter": ("main", "subject", "body", "files"),
    "check": ("main", "files", "consent", "confirm"),
    "start": ("main", "desk", "subject_type"),
    "track": ("main", "number", "code", "control"),
}


class GovDeposit(models.Model):
    """What the public pages show of a deposit: plain dicts and sentences."""

    _inherit = "gov.deposit"

    def _step_page(self, step, *, errors=None, typed=None):
        """Return the values of the page of ``step``.

        :param errors: field to code, or to a list of sentences
        :param typed: what was posted and could not be kept; shown, not stored
        """
        stored = self.draft_values or {}
        values = {**stored.get("who", {}), **stored.get("letter", {})}
        bounds = self.env["gov.intake"]._limits()
        if typed:
            values |= {
                field: typed[field] for field in FIELDS_OF[step] if field in typed
            }
        return {
            "step": step,
            "position": STEPS.index(step) + 2,
            "values": values,
            "shown_phone": phone_display(values.get("phone") or ""),
            "errors": self._error_list(step, errors or {}),
            "desk": self.office_id._portal_page(),
            "subject_type": self.subject_type_id.name or "",
            "has_subject_choice": self.has_subject_choice,
            "files": [file._card() for file in self.file_ids],
            "max_files": bounds.max_files,
            "max_file_mb": bounds.max_file_bytes // MIB,
            "accept": ",".join(f".{name}" for name in bounds.allowed_extensions()),
            "max_total_mb": bounds.max_total_bytes // MIB,
            "limits": LIMITS,
            "language_form": "deposit-form",
            "default_button": "confirm" if step == "check" else "",
            "previous": STEPS[STEPS.index(step) - 1] if step != STEPS[0] else "desk",
        }

    def _error_list(self, step, errors):
        """Return the mistakes in the order of the page: field, sentence."""
        result = []
        for field in FIELDS_OF[step]:
            found = errors.get(field)
            if not found:
                continue
            sentences = (
                found if isinstance(found, list) else [self._error_sentence(found)]
            )
            result += [{"field": field, "sentence": text} for text in sentences]
        return result

    def _error_sentence(self, code):
        """Return the sentence for a mistake: what is wrong and what to do."""
        sentences = {
            "desk_missing": self.env._("Choose the desk that your letter goes to."),
            "subject_type_missing": self.env._("Choose what your letter is about."),
            "kind_missing": self.env._(
                "Choose whether you write as a person, a company or an administration."
            ),
            "name_missing": self.env._(
                "Enter your name, or the name of your organisation."
            ),
            "name_long": self.env._(
                "The name must have %(count)s characters or fewer.",
                count=LIMITS["name"],
            ),
            "on_behalf_of_long": self.env._(
                "The name of the person you write for must have %(count)s characters "
                "or fewer.",
                count=LIMITS["on_behalf_of"],
            ),
            "email_lines": self.env._(
                "Enter one e-mail address on one line, like name@example.com."
            ),
            "email_long": self.env._(
                "The e-mail address must have 254 characters or fewer."
            ),
            "email_format": self.env._(
                "Enter one e-mail address in the form name@example.com, or leave the "
                "field empty."
            ),
            "phone_format": self.env._(
                "Enter a telephone number, like 06 12 34 56 78 or +212 6 12 34 56 78, "
                "or leave the field empty."
            ),
            "subject_missing": self.env._("Enter the subject of your letter."),
            "subject_long": self.env._(
                "The subject must have %(count)s characters or fewer. Put the details "
                "in the letter.",
                count=LIMITS["subject"],
            ),
            "body_missing": self.env._("Write your letter, or add it as a file."),
            "body_long": self.env._(
                "The letter must have %(count)s characters or fewer. Add longer texts "
                "as a file.",
                count=LIMITS["body"],
            ),
            "consent_missing": self.env._(
                "Tick the box to say that you have read how your data are used."
            ),
            "confirm_missing": self.env._(
                "Press “Confirm and send” to send your letter."
            ),
            "desk_closed": self.env._(
                "This desk has closed since you began. Your letter was not sent and "
                "nothing you wrote is lost: choose another desk."
            ),
            "honeypot": self.env._(
                "Your letter was not sent. Leave the field “Leave this empty” empty "
                "and try again."
            ),
            "number_missing": self.env._("Enter the number that is on the receipt."),
            "code_missing": self.env._("Enter the secret code that you wrote down."),
            "control_missing": self.env._(
                "Enter the last four digits of your telephone, or your e-mail address."
            ),
            "expired": self.env._(
                "The page was open for too long, so nothing was sent. Check what you "
                "entered and continue."
            ),
            "too_large": self.env._(
                "The files were not received: together they are larger than %(size)s "
                "MB. Choose smaller files, or send them one at a time.",
                size=self.env["gov.intake"]._limits().max_total_bytes // MIB,
            ),
        }
        return sentences[code]

    # ------------------------------------------------------------------
    # Done
    # ------------------------------------------------------------------

    def _done_page(self, browser):
        """Return the page of a deposit that was sent.

        The secret code and whatever the person wrote are shown for 30 minutes, in the
        browser that sent them; anybody else who holds the address sees the proof only.
        """
        self.ensure_one()
        fresh = fields.Datetime.now() - self.submitted_at < CODE_SHOWN
        own = fresh and self._is_from(browser)
        entry = self.receipt_id.entry_id
        number = entry.display_number if entry else ""
        link = self._verification_link()
        return {
            "public_id": self.public_id,
            "number": number or "",
            "code": self._shown_code() if own else "",
            "own": own,
            "submitted": self._instant(self.submitted_at),
            "registered": self._instant(entry.registered_at) if number else None,
            "desk": self.office_id._portal_card(),
            "subject": self.letter_id.subject if own else "",
            "pieces": self._pieces(own),
            "pdf_ready": bool(self.receipt_id.version_id),
            "replaced_by": self.letter_id.receipt_id.public_id
            if self.receipt_id.state == "superseded"
            else "",
            "cancelled": self.letter_id.state == "cancelled",
            "verify_url": link,
            "qr": qr_path(link) if link else None,
            "control": self._control_hint() if own else "",
        }

    def _verification_link(self):
        """Return the address in the QR code, "" while the receipt is being sealed."""
        proof = self.receipt_id.proof_id
        try:
            return proof._qr_url() if proof else ""
        except SealUnavailable:
            return ""

    def _instant(self, moment):
        """Return a UTC instant as people and programs read it, in the desk's zone."""
        if not moment:
            return None
        zone = pytz.timezone(self.company_id.gov_tz or "UTC")
        local = moment.replace(tzinfo=UTC).astimezone(zone)
        locale = self.env["res.lang"]._get_data(code=self.env.lang).code or "en_US"
        offset = local.strftime("%z")
        return {
            "iso": local.isoformat(timespec="seconds"),
            "text": format_datetime(local, "d MMMM y HH:mm:ss", locale=locale),
            "zone": f"{zone.zone} (UTC{offset[:3]}:{offset[3:]})",
        }

    def _pieces(self, own):
        """Return the pieces: order, size and digest; names only to the depositor."""
        pieces = []
        for order, version in enumerate(self._piece_versions(), start=1):
            pieces.append(
                {
                    "order": order,
                    "name": version.filename if own else "",
                    "size_text": self.env["gov.deposit.file"]._size_text(version.size),
                    "sha256": version.sha256,
                    "pending": version.av_state == "pending",
                }
            )
        return pieces

    def _piece_versions(self):
        return self.letter_id.document_ids.current_version_id

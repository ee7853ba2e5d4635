from odoo import api, fields, models
from odoo.tools import SQL

from ..forms import read_letter, read_who
from ..lib import tokens

STEPS = ("who", "letter", "check")


class GovDeposit(models.Model):
    """The draft: opened by its token from the browser that began it, filled step by step."""

    _inherit = "gov.deposit"

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    @api.model
    def _begin(self, office, subject_value, browser, *, draft=None):
        """Start a draft for ``office``, or move ``draft`` to it.

        :param subject_value: what was chosen in ``subject_type``
        :param browser: the secret of the browser (cookie)
        :return: ``(token, errors)``; the token is None when something must be corrected
        :raise UserError: deposits cannot be received now
        """
        self._check_codes()
        subjects = office._portal_subjects()
        chosen = next((s for s in subjects if s["value"] == subject_value), None)
        if subjects and not chosen and subject_value != "other":
            return None, {"subject_type": "subject_type_missing"}
        vals = {
            "office_id": office.id,
            "company_id": office.company_id.id,
            "subject_type_id": chosen["id"] if chosen else False,
            "has_subject_choice": bool(subjects),
        }
        if draft:
            moved = draft.company_id != office.company_id
            draft.write(vals)
            if moved:
                draft.file_ids._move_to(office.company_id)
            return None, {}
        token = tokens.new_token()
        self.create(
            {
                **vals,
                "token_digest": tokens.digest(token),
                "browser_digest": tokens.digest(browser),
                "draft_values": {},
                "lang": self.env.lang,
            }
        )
        return token, {}

    @api.model
    def _find(self, token, browser, *, lock=False):
        """Return the deposit of this token begun in this browser, or an empty set.

        :param lock: wait for the row. Whoever waited behind a change gets a
            serialization failure; the request is replayed and sees that change.
        """
        query = SQL(
            "SELECT id FROM gov_deposit WHERE token_digest = %s"
            " AND browser_digest = %s %s",
            tokens.digest(token),
            tokens.digest(browser),
            SQL("FOR NO KEY UPDATE") if lock else SQL(),
        )
        # A double click is expected here, so its conflict is not logged as an error.
        self.env.cr.execute(query, log_exceptions=False)
        return self.browse(self.env.cr.fetchone() or ())

    # ------------------------------------------------------------------
    # Filling in
    # ------------------------------------------------------------------

    def _save_who(self, form):
        """Keep what was typed at *who are you*.

        :return: errors, field to code
        """
        values, errors = read_who(form, self.company_id.country_id.code or None)
        self._keep("who", values, errors)
        return errors

    def _save_letter(self, form, uploads):
        """Keep the text and take the files of *your letter*.

        :return: errors, field to code; for ``files`` a list of sentences
        """
        refused = self._take_files(form, uploads)
        values, errors = read_letter(form, bool(self.file_ids))
        self._keep("letter", values, errors)
        if refused:
            errors["files"] = refused
        return errors

    def _keep(self, step, values, errors):
        stored = dict(self.draft_values or {})
        stored[step] = values
        done = set(stored.get("done", ()))
        done = done - {step} if errors else done | {step}
        stored["done"] = [name for name in STEPS if name in done]
        self.write({"draft_values": stored, "lang": self.env.lang})

    def _take_files(self, form, uploads):
        """Drop the file that was taken back, keep the new ones one by one.

        A refused file does not touch the others.

        :return: sentences for the files that were refused
        """
        removed = form.get("remove")
        if removed:
            self.file_ids.filtered(lambda file: file.key == removed)._drop()
        if not uploads:
            return []
        versions, refused = self.env["gov.deposit.file"]._receive(self, uploads)
        self._keep_files(versions)
        return refused

    def _keep_files(self, versions):
        self.env["gov.deposit.file"]._keep(self, versions)
        # The row changes, so that a second upload at the same instant is replayed
        # after this one and sees its files.
        self.write({"lang": self.env.lang, "has_files": True})

    def _versions(self):
        """Return the files kept with the draft; costs nothing when none ever was."""
        return (self.file_ids if self.has_files else self.file_ids.browse()).version_id

    def _missing_step(self, wanted="check"):
        """Return the first step before ``wanted`` that is not complete, or None."""
        done = (self.draft_values or {}).get("done", ())
        for step in STEPS[: STEPS.index(wanted)]:
            if step not in done:
                return step
        if wanted == "check" and not self._has_content():
            return "letter"
        return None

    def _has_content(self):
        letter = (self.draft_values or {}).get("letter") or {}
        return bool(letter.get("body") or self.file_ids)

    def _seconds_spent(self):
        return int((fields.Datetime.now() - self.create_date).total_seconds())

import unicodedata

from odoo import api, fields, models
from odoo.tools import format_date

from ..lib.validation import sentences

#: Longest name that is shown of a file; the rest is cut, visibly.
NAME_MAX = 160
#: Reasons that tell of a change, not of a signature that never held.
CHANGES = frozenset(
    {
        "digest_mismatch",
        "changed_after_signature",
        "unsigned_revision",
        "trailing_data",
        "structure",
    }
)
#: Keys of the answer that the public contract names, and those beside them.
PUBLIC = (
    *("verdict", "reasons", "signatures"),
    *("indication", "sub_indication", "revisions", "pages", "size", "sha256"),
    *("policy", "state", "document", "notes", "expected"),
)


class GovValidationReport(models.AbstractModel):
    """What people and programs read of a validation: words, order, formats."""

    _inherit = "gov.validation"

    @api.model
    def _compare(self, told, proof, kind):
        """Count the signatures that the document has here, beside those in the file."""
        done = super()._compare(told, proof, kind)
        told["expected"] = max(proof.version_ids.mapped("signatures"), default=None)
        return done

    # ------------------------------------------------------------------
    # For programs
    # ------------------------------------------------------------------
    @api.model
    def _verdict_object(self, told, receipt=None):
        """The verdict object of the contract (as ``tools/verify.py --json`` prints it).

        :param dict told: answer of ``_validate``
        :param dict receipt: facts of the receipt it carries (``_receipt``)
        :return: dict; reasons are sentences in the language of the request
        """
        answer = {key: told[key] for key in PUBLIC if key in told}
        answer["receipt"] = receipt
        answer["reasons"] = self._sentences(told["reasons"])
        if "notes" in told:
            answer["notes"] = self._sentences(told["notes"])
        answer["signatures"] = [
            {**one, "reasons": self._sentences(one.get("reasons", ()))}
            for one in told["signatures"]
        ]
        answer["revisions"] = [
            {**one, "changes": self._changes(one["changes"])}
            for one in told["revisions"]
        ]
        return answer

    @api.model
    def _refusal_object(self, sentence):
        """The verdict object when nothing was judged: ``sentence`` says why."""
        return {
            "verdict": "indeterminate",
            "reasons": [sentence],
            "signatures": [],
            "receipt": None,
        }

    @api.model
    def _report_pdf(self, told, lang):
        """The report as a sealed PDF, or None where nothing sets documents.

        :param dict told: answer of ``_validate``
        :param str lang: code of an active language
        :raise UserError: it cannot be set or sealed now; the sentence says why
        """
        return None

    # ------------------------------------------------------------------
    # For people
    # ------------------------------------------------------------------
    @api.model
    def _report(self, told):
        """Everything that a report shows, in words, in the language of the context.

        :param dict told: answer of ``_validate``
        :return: dict of texts, lists and dicts of texts; nothing that has to be judged
            again by a template
        """
        tone, title, sentence = self._headline(told)
        signatures = [one for one in told["signatures"] if one["kind"] != "timestamp"]
        return {
            "tone": tone,
            "title": title,
            "sentence": sentence,
            "reasons": self._sentences(told["reasons"]),
            "notes": self._sentences(told.get("notes", ())),
            "count": self._count(signatures, told.get("expected")),
            "signatures": [self._signature(one, told) for one in told["signatures"]],
            "revisions": [self._revision(one, told) for one in told["revisions"]],
            "document": told.get("document"),
            "made_at": self._moment(fields.Datetime.now()),
            "technical": self._technical(told),
            "has_xml": bool(told.get("etsi_xml")),
        }

    @api.model
    def _headline(self, told):
        """(tone, title, sentence) of a verdict; what cannot be established is never forged.

        The colour and the icon follow the tone, so that all of them say the same.
        """
        _t, state = self.env._, told["state"]
        codes = {one["code"] for one in told["reasons"]}
        if state == "broken" and codes & CHANGES:
            return (
                "bad",
                _t("Changed after signature"),
                _t("Something in this file was changed after it was signed."),
            )
        known = {
            "authentic": (
                "good",
                _t("Authentic"),
                _t("This file is the document that was issued here, unchanged."),
            ),
            "signed": (
                "good",
                _t("Valid"),
                _t(
                    "Every signature in this file holds, and nothing was changed after "
                    "them. This site did not issue it."
                ),
            ),
            "superseded": (
                "warn",
                _t("Replaced"),
                _t(
                    "This document was issued here, then replaced. Ask the "
                    "administration for the new one."
                ),
            ),
            "earlier": (
                "warn",
                _t("Earlier, incomplete version"),
                _t(
                    "This is an earlier version of a document that was signed further "
                    "afterwards. Ask for the complete one."
                ),
            ),
            "cancelled": (
                "bad",
                _t("Cancelled"),
                _t(
                    "This document was issued here, then cancelled: it does not hold any "
                    "more."
                ),
            ),
            "under_way": (
                "warn",
                _t("Not finished"),
                _t(
                    "This act is still being signed: it does not hold before its last "
                    "signature and its seal."
                ),
            ),
            "refused": (
                "bad",
                _t("Refused"),
                _t("This act was refused before its end: its signatures bind nobody."),
            ),
            "given_up": (
                "bad",
                _t("Given up"),
                _t("This act was stopped before its end: its signatures bind nobody."),
            ),
            "withdrawn": (
                "bad",
                _t("Withdrawn"),
                _t(
                    "Signatures of this version were withdrawn, and another version took "
                    "its place. Ask the administration for that one."
                ),
            ),
            "changed": (
                "bad",
                _t("Changed after signature"),
                _t("A document issued here is inside this file, but it was changed."),
            ),
            "broken": (
                "bad",
                _t("Not valid"),
                _t("At least one signature in this file does not hold."),
            ),
            "not_signed": (
                "unsure",
                _t("Not signed"),
                _t("This file carries no electronic signature: it proves nothing."),
            ),
            "unreadable": (
                "unsure",
                _t("Cannot be established"),
                _t(
                    "This file cannot be read as a signed PDF: nothing was established."
                ),
            ),
        }
        unsure = (
            "unsure",
            _t("Cannot be established"),
            _t(
                "Whether this file is genuine cannot be established here. That does not "
                "mean that it is forged."
            ),
        )
        return known.get(state, unsure)

    @api.model
    def _count(self, signatures, expected):
        _t, present = self.env._, len(signatures)
        if expected and expected != present:
            return _t(
                "Signatures in this file: %(present)s, of %(expected)s that the document "
                "has here.",
                present=present,
                expected=expected,
            )
        return _t("Signatures in this file: %(present)s", present=present)

    @api.model
    def _technical(self, told):
        """(label, text, whether it is a code) of the details for experts."""
        _t, policy = self.env._, told["policy"]
        rows = [
            (_t("Indication (EN 319 102-1)"), told["indication"], True),
            (_t("Sub-indication"), told["sub_indication"] or "–", True),
            (_t("Policy"), f"{policy['name']} {policy['version']}", True),
            (_t("Digest of the file (SHA-256)"), told["sha256"], True),
            (_t("Size in bytes"), f"{told['size']}", False),
        ]
        if told["pages"]:
            rows.append((_t("Pages"), f"{told['pages']}", False))
        return rows

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------
    @api.model
    def _sentences(self, reasons):
        lang = self.env.lang or "en"
        return [sentences.text(one, lang) for one in reasons]

    @api.model
    def _changes(self, changes):
        """Sentences of what a revision changed, each once, with its page."""
        return list(dict.fromkeys(self._sentences(changes)))

    @api.model
    def _plain(self, text, most=NAME_MAX):
        """What a file says, without signs that draw nothing or turn the line around."""
        kept = "".join(
            " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
            for sign in str(text or "")
            if unicodedata.category(sign) not in ("Cf", "Cs", "Co", "Cn")
            or sign in "\u200c\u200d"
        )
        kept = " ".join(kept.split())
        return kept if len(kept) <= most else f"{kept[: most - 1]}…"

    @api.model
    def _moment(self, moment):
        """Date and time in words, in the zone of this site, which is named.

        :param moment: naive UTC datetime, or ISO 8601 text with its zone
        """
        if isinstance(moment, str):
            moment = fields.Datetime.to_datetime(moment[:19].replace("T", " "))
        tz = self.env["gov.seal"]._issuer(self.env.company)["tz"]
        local = fields.Datetime.context_timestamp(self.with_context(tz=tz), moment)
        return self._apart(
            self.env._(
                "%(date)s at %(time)s (%(zone)s)",
                date=format_date(self.env, local.date(), date_format="long"),
                time=f"{local:%H:%M:%S}",
                zone=tz,
            )
        )

    @api.model
    def _apart(self, text):
        """Text in a sentence that may run the other way (Unicode isolates)."""
        return f"\u2068{text}\u2069"

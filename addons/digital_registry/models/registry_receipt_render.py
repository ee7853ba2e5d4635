from urllib.parse import urlsplit

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import typeset
from odoo.addons.gov_trust.lib import codes

from ..lib import content, qr_image, words

LANG_CODES = {"ar": "ar_MA", "fr": "fr_FR", "en": "en_US"}


class RegistryReceipt(models.Model):
    """From the snapshot to the PDF: rows for the template, attachments, code, QR."""

    _inherit = "registry.receipt"

    def _render_pdf(self, snapshot, snapshot_text, event, proof):
        """Return the unsealed PDF/A-3 of ``snapshot``, with ``receipt.json`` inside.

        :raise UserError: the journal's head is not signed yet, or typesetting failed
        """
        self.ensure_one()
        if not self.entry_id.register_id.journal_id._evidence(event):
            raise UserError(
                self.env._("The journal's head is not signed yet; it is signed soon.")
            )
        languages = snapshot["languages"]
        evidence = self._evidence_file(snapshot, event)
        return self.env["gov.typeset"]._render_pdf(
            "digital_registry.receipt_document",
            self._render_values(snapshot, proof),
            lang=LANG_CODES[languages[0]],
            title=self._pdf_title(snapshot),
            date=self.entry_id.registered_at,
            attachments=[
                (
                    "receipt.json",
                    evidence,
                    "application/json",
                    "Receipt as data, with its leaf, salts, inclusion proof and head",
                    "Source",
                )
            ],
        )

    def _pdf_title(self, snapshot):
        titles = [
            words.word(f"title_{snapshot['kind']}", language)
            for language in snapshot["languages"]
        ]
        return f"{' – '.join(titles)} {snapshot['number']['registration_number']}"

    def _render_values(self, snapshot, proof):
        code = codes.grouped(proof._code())
        address = urlsplit(snapshot["follow_up"]["verification_page"])
        return {
            "snapshot": snapshot,
            "languages": snapshot["languages"],
            "word": words.word,
            "direction": lambda language: "rtl" if language == "ar" else "ltr",
            "sections": self._sections(snapshot),
            "notes": self._notes(snapshot),
            "issuer": self.company_id._gov_identity(),
            "emblem": self.company_id._gov_emblem_uri(),
            "code": code,
            "host": f"{address.netloc}{address.path}",
            "qr": typeset.data_uri(qr_image.png(proof._qr_url())),
            "reference": (
                f"{snapshot['number']['registration_number']} · "
                f"{snapshot['public_id']} · v{snapshot['receipt_version']}"
            ),
        }

    def _sections(self, snapshot):
        """Return the tables of facts: (title key, rows); a row is (label key, values)."""
        return [
            ("number", self._rows_number(snapshot)),
            ("desk", self._rows_recipient(snapshot["recipient"])),
            ("depositor", self._rows_depositor(snapshot["depositor"])),
            ("object", self._rows_object(snapshot)),
        ]

    @staticmethod
    def _value(text, language=None, css=""):
        return {"text": text, "language": language, "css": css}

    def _many(self, texts, languages):
        """Return one value a language that was filled in, Tamazight added."""
        wanted = (
            [*languages, "zgh"] if any(texts.get(code) for code in languages) else texts
        )
        return [self._value(texts[code], code) for code in wanted if texts.get(code)]

    def _said(self, key, languages, **values):
        return [
            self._value(words.word(key, language).format(**values), language)
            for language in languages
        ]

    def _rows_number(self, snapshot):
        number, dates = snapshot["number"], snapshot["dates"]
        languages = snapshot["languages"]
        register = self._many(number["register"]["names"], languages)
        rows = [
            (
                "register",
                [*register, self._value(number["register"]["code"], css="num")],
            ),
            ("year", [self._value(str(number["year"]), css="num")]),
        ]
        if number["deposit_number"]:
            rows.append(
                ("deposit_number", [self._value(number["deposit_number"], css="num")])
            )
        for name in ("submitted_at", "registered_at", "deemed_submitted_at"):
            if dates[name]:
                local = [
                    self._value(dates["local"][language][name], language, "whole")
                    for language in languages
                ]
                rows.append((name, [*local, self._value(dates[name], css="num muted")]))
        for name in ("arrival_date", "document_date"):
            if dates[name]:
                rows.append((name, [self._value(dates[name], css="num")]))
        if dates["late"]:
            rows[-1][1].extend(self._said("late", languages))
        return rows

    def _rows_recipient(self, recipient):
        languages = self._languages()
        administration, desk = recipient["administration"], recipient["desk"]
        rows = []
        for key, body in (
            ("administration", administration),
            ("desk", desk),
            ("unit", recipient["unit"]),
        ):
            if body:
                values = self._many(body["names"], languages)
                if body["code"]:
                    values.append(self._value(body["code"], css="num muted"))
                rows.append((key, values))
        for key in ("address", "hours"):
            if recipient[key]:
                rows.append((key, self._many(recipient[key], languages)))
        for key in ("email", "phone"):
            if recipient[key]:
                rows.append((key, [self._value(recipient[key], css="num")]))
        return rows

    def _rows_depositor(self, depositor):
        languages = self._languages()
        who = [self._value(depositor["name"])]
        who += [
            self._value(depositor[key])
            for key in ("position", "organisation")
            if depositor[key]
        ]
        who += self._said(f"kind_{depositor['kind']}", languages)
        is_sender = depositor["role"] == "sender"
        rows = [("depositor" if is_sender else "correspondent", who)]
        if depositor["identifier_masked"]:
            rows.append(
                ("identifier", [self._value(depositor["identifier_masked"], css="num")])
            )
        if depositor["representative"]:
            texts = depositor["representative"]
            rows.append(
                (
                    "represented_by",
                    [
                        self._value(texts[key])
                        for key in ("name", "position", "organisation")
                        if texts[key]
                    ],
                )
            )
        if depositor["channels"]:
            rows.append(
                (
                    "channels",
                    [
                        self._value(channel["masked"], css="num")
                        for channel in depositor["channels"]
                    ],
                )
            )
        return rows

    def _rows_object(self, snapshot):
        about, languages = snapshot["object"], snapshot["languages"]
        rows = [("subject", [self._value(about["subject"])])]
        if about["names"]:
            rows.append(("object", self._many(about["names"], languages)))
        for key in ("own_reference", "previous_reference"):
            if about[key]:
                rows.append((key, [self._value(about[key], css="num")]))
        rows.append(("language", self._said(f"lang_{about['language']}", languages)))
        rows.append(("channel", self._said(f"channel_{about['channel']}", languages)))
        pieces = about["physical_complement"]
        key = "physical_count" if any(pieces.values()) else "physical_none"
        rows.append(("physical", self._said(key, languages, **pieces)))
        return rows

    def _notes(self, snapshot):
        """Return the sentences of the end: (title key, {language: [sentences]})."""
        rights, follow = snapshot["rights"], snapshot["follow_up"]
        seal, journal = snapshot["seal"], snapshot["journal"]

        def word(key, language):
            return words.word(key, language)

        titles = ("completeness", "clock", "rights", "follow_up", "seal")
        notes = {title: {} for title in titles}
        for language in snapshot["languages"]:
            notes["completeness"][language] = [
                word("completeness_not_assessed", language)
            ]
            notes["clock"][language] = [word("clock_none", language)]
            notes["rights"][language] = [
                rights["recourse"].get(language) or word("recourse_default", language),
                rights["privacy_notice"].get(language)
                or word("privacy_default", language),
                f"{word('cndp', language)}: "
                f"{rights['cndp_number'] or word('cndp_none', language)} · "
                f"{word('retention', language)}: "
                f"{rights['retention'] or word('retention_default', language)}"
                + (
                    f" · {word('rights_contact', language)}: {rights['contact']}"
                    if rights["contact"]
                    else ""
                ),
            ]
            notes["follow_up"][language] = [
                f"{word('tracking_page', language)}: {follow['tracking_page']}"
                if follow["tracking_page"]
                else word("tracking_desk", language),
            ]
            if snapshot["object"]["channel"] == "portal":
                notes["follow_up"][language].append(word("tracking_code", language))
            issuer = seal["issuer"].get(language) or next(iter(seal["issuer"].values()))
            notes["seal"][language] = [
                f"{word('seal_issuer', language)} {issuer} · {seal['level']} · "
                f"{word('seal_policy', language)}: {seal['policy']}",
                word("seal_timestamp_none", language),
                f"{word('journal', language)}: {journal['stream']} / {journal['seq']}",
            ]
        return list(notes.items())

    def _seal_certificate_digest(self):
        """Return the SHA-256 of the certificate that will seal this receipt."""
        key = self.env["gov.key"]._get(self.company_id, "seal")
        return content.digest(key._load().certificate)

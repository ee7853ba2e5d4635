from odoo import api, models

#: Written in the name of an authority that proves nothing (``lib.tsa``).
NOT_PROBANT = "NON PROBANT"
#: Types of names in certificates of ours and of persons (X.520, EN 319 412-3).
ATTRIBUTES = {"2.5.4.97": "organizationIdentifier", "2.5.4.5": "serialNumber"}
ICONS = {
    "TOTAL-PASSED": "good",
    "PASSED": "good",
    "TOTAL-FAILED": "bad",
    "FAILED": "bad",
}


class GovValidationWords(models.AbstractModel):
    """Signatures and revisions of a file, as a report shows them."""

    _inherit = "gov.validation"

    @api.model
    def _signature(self, one, told=None):
        """What a report shows of one signature; names are those of certificates.

        :param dict told: the whole answer, to say what a signature leaves out
        """
        _t = self.env._
        reasons = self._sentences(one.get("reasons", ()))
        if told and told["verdict"] == "invalid" and one["size"] < told["size"]:
            reasons.append(
                _t(
                    "It covers the first %(size)s bytes of the file: what comes after "
                    "them is not part of what was signed.",
                    size=one["size"],
                )
            )
        tone = ICONS.get(one["indication"], "unsure")
        kinds = {
            "person": _t("Signature of a person"),
            "seal": _t("Seal of an organisation"),
            "timestamp": _t("Timestamp of the whole document"),
        }
        words = {
            "good": _t("Holds"),
            "bad": _t("Does not hold"),
            "unsure": _t("Cannot be established"),
        }
        return {
            "tone": tone,
            "word": words[tone],
            "kind": kinds.get(one["kind"], _t("Signature")),
            "name": self._plain(one.get("name")) or _t("Name not readable"),
            "trust": self._trust(one),
            "times": self._times(one),
            "reasons": reasons,
            "facts": self._facts(one),
        }

    @api.model
    def _trust(self, one):
        """Level of trust in words: the anchor alone says it."""
        _t, level = self.env._, one.get("trust")
        if level == "simple":
            return _t("Simple: the platform's own authority, or one of that level")
        if level == "advanced":
            return _t("Advanced")
        if level == "qualified":
            return _t("Qualified")
        return _t("Unknown: no authority that is trusted here issued the certificate")

    @api.model
    def _times(self, one):
        """Sentences on when: what is proven first, what is only claimed after it."""
        _t, lines, proven = self.env._, [], False
        for stamp in one.get("timestamps") or ():
            values = {
                "at": self._moment(stamp["at"]) if stamp.get("at") else "–",
                "authority": self._apart(self._plain(stamp.get("authority")) or "–"),
            }
            if not stamp.get("ok"):
                line = _t("A timestamp of %(authority)s does not hold.", **values)
            elif NOT_PROBANT in values["authority"].upper():
                line = _t(
                    "Timestamp NON PROBANT of %(authority)s: it says %(at)s and proves "
                    "nothing to others.",
                    **values,
                )
            else:
                proven = True
                line = _t(
                    "Proven to exist on %(at)s by a timestamp of %(authority)s.",
                    **values,
                )
            lines.append(line)
        best = one.get("best_time")
        if best and not proven and not one.get("timestamps"):
            # Without a timestamp the best time known is that of this very check.
            best = None
        if best and not proven and one["kind"] != "timestamp":
            lines.append(_t("Best time known: %(at)s.", at=self._moment(best)))
        if one.get("claimed_at") and one["kind"] != "timestamp":
            claimed = self._moment(one["claimed_at"])
            lines.append(
                _t("The signer's computer claimed %(at)s.", at=claimed)
                if proven
                else _t(
                    "The signer's computer claimed %(at)s; nothing proves that time.",
                    at=claimed,
                )
            )
        return lines or [_t("No time is known.")]

    @api.model
    def _facts(self, one):
        """(label, text, whether it is a code) of the certificate and the form."""
        _t = self.env._
        rows = [
            (_t("Certificate of"), one.get("subject"), False),
            (_t("Issued by"), one.get("issuer"), False),
            (_t("Serial number"), one.get("serial"), True),
            (_t("Certificate (SHA-256)"), one.get("certificate_sha256"), True),
            (_t("Field"), one.get("field"), False),
            (_t("Format"), one.get("format"), True),
            (_t("Level of the signature"), one.get("level"), True),
            (_t("Indication (EN 319 102-1)"), one.get("indication"), True),
            (_t("Sub-indication"), one.get("sub_indication"), True),
        ]
        return [
            (label, self._plain(self._named(text), 400), code)
            for label, text, code in rows
            if text
        ]

    @api.model
    def _named(self, text):
        """Distinguished names with words for the types that RFC 4514 writes in digits."""
        for digits, word in ATTRIBUTES.items():
            text = text.replace(f"{digits}=", f"{word}=")
        return text

    @api.model
    def _revision(self, one, told):
        """What a report shows of one revision: what it is, by whom, what it changed."""
        _t = self.env._
        titles = {
            "document": _t("The document as it was prepared"),
            "signature": _t("Signature"),
            "timestamp": _t("Timestamp of the whole document"),
            "store": _t("Proofs kept for later (certificates, revocation lists)"),
            "fields": _t("Places for signatures"),
            "other": _t("Changed without a signature"),
        }
        tones = {"document": "plain", "store": "plain", "fields": "plain"}
        # A revision of a signature looks as its signature does.
        signed = [s for s in told["signatures"] if s.get("size") == one["size"]]
        tone = tones.get(one["what"], "unsure" if signed else "bad")
        if signed:
            tone = ICONS.get(signed[0]["indication"], "unsure")
        if not all(change.get("allowed", True) for change in one["changes"]):
            tone = "bad"
        return {
            "tone": tone,
            "title": titles.get(one["what"], _t("Revision")),
            "by": self._plain(one.get("by")),
            "number": f"{one['number']}",
            "size": f"{one['size']}",
            "changes": self._changes(one["changes"]),
        }

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.gov_base.lib import hygiene, text

SIGN_TAGS, SEAL_TAGS = "signature, توقيع", "cachet, seal, ختم"


class ParapheurNatureVersion(models.Model):
    """Words that an author writes between two # to say where a block comes (S8)."""

    _inherit = "parapheur.nature.version"

    sign_tags = fields.Char(
        string="Tags of signatures",
        default=SIGN_TAGS,
        help="Words written in the document between two #, alone or with the order of the "
        "signer: #signature#, #signature2#. Several words are separated by commas.",
    )
    seal_tags = fields.Char(
        string="Tags of the seal",
        default=SEAL_TAGS,
        help="Words written in the document between two #: #cachet#.",
    )

    @api.constrains("sign_tags", "seal_tags")
    def _check_tags(self):
        for version in self:
            signs, seals = version._tags("sign_tags"), version._tags("seal_tags")
            wrong = [
                word
                for word in signs + seals
                if not word.isalpha() or len(word) > hygiene.MAX_WORD
            ]
            if wrong or len(signs + seals) > hygiene.MAX_WORDS:
                raise ValidationError(
                    self.env._(
                        "The word of a tag has letters only, %(limit)s at most; “%(words)s” "
                        "cannot be used.",
                        limit=hygiene.MAX_WORD,
                        words=", ".join(wrong or signs + seals),
                    )
                )
            both = set(map(str.casefold, signs)) & set(map(str.casefold, seals))
            if both:
                raise ValidationError(
                    self.env._(
                        "“%(words)s” cannot be the tag of signatures and of the seal at once.",
                        words=", ".join(sorted(both)),
                    )
                )

    def _tags(self, name):
        """The words of a field, in the order they were typed."""
        words = (self[name] or "").replace("،", ",").replace("#", "").split(",")
        return [word for one in words if (word := text.clean_line(one))]

    def _tag_words(self):
        """{word: ``signature`` or ``seal``} to look for in the documents; of no version: none."""
        return {
            **dict.fromkeys(self._tags("sign_tags"), "signature"),
            **dict.fromkeys(self._tags("seal_tags"), "seal"),
        }

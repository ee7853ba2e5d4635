import hmac

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.gov_base.lib import digits
from odoo.addons.gov_base.lib.folding import first_word, number_key
from odoo.addons.gov_base.lib.text import clean_line
from odoo.addons.gov_trust.lib import codes, master

#: Label of the codes of this addon, so that no other family gives the same.
FAMILY = "gov_portal"
CODE_CHARS = 12  # 60 bits, shown XXXX-XXXX-XXXX
CONTROL_KINDS = ("phone", "email", "word")
_NOBODY = "0" * 26


class GovDeposit(models.Model):
    """Following a deposit without an account: number, secret code and a control.

    The code is derived from the master key, so that it can be shown again without being
    stored; the row keeps its digest. The control is something that does not stand on the
    receipt in full: the last four digits of the telephone or the whole e-mail address
    that were given, or, when neither was given, the first word of the name. It is kept
    as a keyed digest, since four digits alone would be found by trying.
    """

    _inherit = "gov.deposit"

    def _tracking_code(self):
        # Nobody reads the digest; it says which master key made the code.
        known = self.sudo().track_digest
        if not known:
            return codes.grouped(self._derive("track", self.public_id, CODE_CHARS))
        try:
            code = codes.again(f"{FAMILY}.track", self.public_id, CODE_CHARS, known)
        except master.MasterKeyError as error:
            raise UserError(self._no_key_sentence()) from error
        return codes.grouped(code)

    def _shown_code(self):
        """The code for its own page; empty while the key of the server is away."""
        try:
            return self._tracking_code()
        except UserError:
            return ""

    @api.model
    def _control_digest(self, kind, public_id, value, member=None):
        return self._derive("control", f"{kind}:{public_id}:{value}", 26, member)

    @api.model
    def _check_codes(self):
        """Refuse to begin what could not be finished: no key, no secret code.

        :raise UserError: the master key of this server cannot be used
        """
        self._derive("track", "ready", CODE_CHARS)

    @api.model
    def _derive(self, family, reference, chars, member=None):
        try:
            return codes.derive(f"{FAMILY}.{family}", reference, chars, member)
        except master.MasterKeyError as error:
            raise UserError(self._no_key_sentence()) from error

    @api.model
    def _ring(self):
        """Every master key that a stored digest may have been made with."""
        try:
            return master.ring()
        except master.MasterKeyError as error:
            raise UserError(self._no_key_sentence()) from error

    @api.model
    def _no_key_sentence(self):
        return self.env._(
            "The online service cannot be used at the moment: the key of this server "
            "is not in place. Nothing that you typed is lost. Try again later, or "
            "bring your letter to the desk."
        )

    @api.model
    def _control_forms(self, text):
        """Return what ``text`` means as each kind of control."""
        return {
            "phone": digits.only(text)[-4:].rjust(4, "-"),
            "email": clean_line(text).lower(),
            "word": first_word(text),
        }

    @api.model
    def _make_controls(self, public_id, who):
        """Return the stored form of the controls of a depositor."""
        controls = []
        if who.get("phone"):
            controls.append(("phone", who["phone"]))
        if who.get("email"):
            controls.append(("email", who["email"]))
        if not controls:
            controls.append(("word", who.get("name") or ""))
        return " ".join(
            f"{kind}:"
            + self._control_digest(kind, public_id, self._control_forms(value)[kind])
            for kind, value in controls
        )

    def _control_hint(self):
        """Return in words what this depositor answers as control."""
        words = {
            "phone": self.env._("the last four digits of your telephone"),
            "email": self.env._("your e-mail address"),
            "word": self.env._("the first word of your name"),
        }
        kinds = [
            part.partition(":")[0] for part in (self.control_digests or "").split()
        ]
        return self.env._(" or ").join(words[kind] for kind in kinds)

    @api.model
    def _follow(self, number, code, control):
        """Return the public id that these three open, or None.

        Every attempt does the same work: one query, one comparison of the number, one of
        the code and three of the control, all in constant time and none left out.
        """
        typed = codes.digest(code)
        rows = self.env.execute_query(
            SQL(
                "SELECT d.public_id, d.track_digest, d.control_digests,"
                "       e.display_number"
                "  FROM gov_deposit d"
                "  JOIN registry_receipt r ON r.id = d.receipt_id"
                "  JOIN registry_entry e ON e.id = r.entry_id"
                " WHERE d.track_digest = %s",
                typed,
            )
        )
        public_id, digest, controls, stored = (
            rows[0] if rows else (_NOBODY, _NOBODY, "", None)
        )
        same = hmac.compare_digest(digest, typed)
        same &= hmac.compare_digest(
            number_key(stored or "-").encode(), number_key(number).encode()
        )
        same &= self._control_matches(public_id, controls or "", control)
        return public_id if rows and same and stored else None

    @api.model
    def _control_matches(self, public_id, controls, text):
        stored = dict(part.split(":", 1) for part in controls.split())
        forms = self._control_forms(text)
        matches = False
        for member in self._ring():
            for kind in CONTROL_KINDS:
                expected = stored.get(kind, _NOBODY)
                given = self._control_digest(kind, public_id, forms[kind], member)
                matches |= hmac.compare_digest(expected, given)
        return matches

    @api.model
    def _track_missing(self, form):
        """Return the mistakes of a form with an empty field; they tell nothing else."""
        errors = {
            field: f"{field}_missing"
            for field in ("number", "code", "control")
            if not clean_line(form.get(field))
        }
        return self._error_list("track", errors)

    def _track_page(self):
        """Return the follow-up page of a deposit."""
        self.ensure_one()
        page = self._done_page("")
        return {
            **page,
            "subject": self.letter_id.subject,
            "pieces": self._pieces(True),
            "timeline": [
                {**event, "instant": self._instant(event.get("at"))}
                for event in self.letter_id._portal_timeline()
            ],
        }

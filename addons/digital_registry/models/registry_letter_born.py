from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib import seal_field as seal_field_lib
from .registry_letter_register import LEAN


class RegistryLetter(models.Model):
    """Letters made here: numbered after the last signature, closed by the seal.

    The line is about the bytes that persons signed; the number is printed in the
    appearance of the seal, added afterwards (architecture §3.12): nothing is drawn on a
    signed page and no number is spent on a refused act.
    """

    _inherit = "registry.letter"

    answers_id = fields.Many2one(
        "registry.letter",
        string="In answer to",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    answer_ids = fields.One2many(
        "registry.letter", "answers_id", string="Answered by", readonly=True
    )

    @api.model
    def _register_born_digital(self, vals, *, pdf, seal_field, filename, on_done=None):
        """Register a letter that was made here, from its signed PDF; no receipt.

        The number is there after the commit; the closing seal, which prints it, follows
        in the batch and calls ``_closing_done``. The caller passed its own gate.

        :param dict vals: as for ``_register_deposit``: ``register_id``, or
            ``office_id`` and ``direction``; ``subject`` (required), ``body``,
            ``language``, ``sender_kind``, ``unit_id``, ``channel`` ("desk" by default);
            ``parties``: ``registry.party`` values, the recipient first (role
            "recipient" by default); ``answers_id``: id of the letter it answers;
            ``category_id``, ``nature_id``, ``priority_id``; ``document_ids``: annexes
            already stored
        :param bytes pdf: signed by persons or by nobody, with an empty seal field
        :param str seal_field: name of that field
        :param str filename: name of the file, as stored
        :param on_done: record whose ``_letter_closed(letter)`` is called, as
            superuser, in the transaction that closes the letter
        :return: the letter, as superuser
        :raise UserError: something is missing, the field is not there, or the office
            registers nothing now: no number is spent
        """
        # Whoever answers a letter has no right on the register: the app that calls has
        # passed its gate (validated, or signed by the last one).
        letters_sudo = self.sudo().with_context(**LEAN)._gated()
        register = letters_sudo._deposit_register(vals)
        waiting = letters_sudo._check_seal_field(pdf, seal_field)
        version = letters_sudo.env["gov.document"]._store_generated(
            pdf,
            filename,
            "application/pdf",
            company=register.company_id,
            role="main",
            pages=waiting.pages,
        )
        letter = letters_sudo._register_lean(
            register,
            {
                "channel": "desk",
                **vals,
                "parties": [
                    {"role": "recipient", **party}
                    for party in vals.get("parties") or []
                ],
                "document_ids": [
                    version.document_id.id,
                    *(vals.get("document_ids") or []),
                ],
            },
            {
                **letters_sudo._born_digital_vals(vals),
                "closing_state": "waiting",
                "closing_field": seal_field,
                "closing_ref": letters_sudo.env[
                    "registry.receipt"
                ]._default_public_id(),
                "closing_caller_model": on_done._name if on_done else False,
                "closing_caller_id": on_done.id if on_done else False,
            },
        )
        # The open gate stays here.
        return self.sudo().browse(letter.id)

    @api.model
    def _born_digital_vals(self, vals):
        """Return what ``vals`` says beyond a deposit, ready for the letter."""
        names = ("answers_id", "category_id", "nature_id", "priority_id")
        given = {name: vals[name] for name in names if vals.get(name)}
        self._propose_classification(given)
        given.pop("unit_id", None)
        return given

    @api.model
    def _check_seal_field(self, pdf, name):
        """Return the waiting field, or refuse before a number is spent."""
        try:
            return seal_field_lib.read(pdf, name)
        except seal_field_lib.SealFieldMissing as error:
            sentences = {
                "unreadable": self.env._(
                    "The file cannot be read as a PDF. Nothing was registered: make it "
                    "again."
                ),
                "missing": self.env._(
                    "The file has no place for the seal that prints the number. Nothing "
                    "was registered: prepare the document again."
                ),
                "filled": self.env._(
                    "The file is sealed already. Nothing was registered."
                ),
            }
            raise UserError(sentences[error.code]) from error

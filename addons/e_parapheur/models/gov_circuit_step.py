from odoo import api, fields, models

SIGNATURE = "signature"
PAPER = "paper"
SEAL = "seal"
DISPATCH = "dispatch"
ARCHIVE = "archive"
#: kinds whose agreement is more than a click: each has a button of its own
OWN_KINDS = (SIGNATURE, PAPER, SEAL, DISPATCH, ARCHIVE)
#: kinds that the app may do by itself, without any person
AUTOMATIC = (SEAL, DISPATCH, ARCHIVE)
#: kinds that come once the documents are closed: nobody signs after the first of them
CLOSED_KINDS = (SEAL, DISPATCH, ARCHIVE)
#: of these, what is done with closed documents: nothing is decided there any more
SENT_KINDS = (DISPATCH, ARCHIVE)
#: the rule of a step that has no person
PLATFORM = "platform"


class GovCircuitStep(models.Model):
    """The signature book adds kinds of steps: signatures, seal, dispatch, archive."""

    _inherit = "gov.circuit.step"

    kind = fields.Selection(
        selection_add=[
            (SIGNATURE, "Signature"),
            (PAPER, "Signature on paper"),
            (SEAL, "Seal of the administration"),
            (DISPATCH, "Dispatch"),
            (ARCHIVE, "Archive"),
        ],
        ondelete={
            SIGNATURE: "cascade",
            PAPER: "cascade",
            SEAL: "cascade",
            DISPATCH: "cascade",
            ARCHIVE: "cascade",
        },
    )
    dispatch_partner_ids = fields.Many2many(
        "res.partner",
        "gov_circuit_step_dispatch_rel",
        "step_id",
        "partner_id",
        string="Sent to",
        check_company=True,
        help="Who always gets the final files by e-mail, besides those that the sender "
        "of the folder names.",
    )

    @api.onchange("kind")
    def _onchange_kind_automatic(self):
        """What the app does by itself needs nobody, until somebody is named."""
        if self.kind in AUTOMATIC and self.actor_rule == "chosen":
            self.actor_rule = PLATFORM
        elif self.kind not in AUTOMATIC and self.actor_rule == PLATFORM:
            self.actor_rule = "chosen"

    @api.model
    def _platform_kinds(self):
        return (*super()._platform_kinds(), *AUTOMATIC)

    def _problems(self):
        problems = super()._problems()
        if self.kind == ARCHIVE and self.actor_rule != PLATFORM:
            problems.append(
                self.env._(
                    "Step “%(step)s”: a folder goes to the archive by itself. Choose “done by "
                    "the application”.",
                    step=self.name,
                )
            )
        return problems

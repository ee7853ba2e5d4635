from odoo import api, fields, models
from odoo.exceptions import UserError

from .parapheur_folder_acts_gate import ACTS

#: acts that ask something first, with the title of their window
DIALOGS = [
    ("approve", "Approve"),
    ("opinion", "Give my opinion"),
    ("seal", "Have it sealed"),
    ("dispatch", "Send the files"),
    ("refuse", "Refuse"),
    ("return", "Return to a step"),
    ("transfer", "Hand on"),
    ("recuse", "Stand aside"),
    ("second_opinion", "Ask for a second opinion"),
    ("second_opinion_withdraw", "Go on without the opinion"),
    ("add_signer", "Add a signature"),
    ("recall", "Take back"),
    ("cancel", "Stop the circuit"),
    ("bypass_ask", "Pass over a step"),
    ("bypass_confirm", "Confirm the passing over"),
    ("replace", "Replace a person"),
    ("attach", "Attach a document"),
    ("fill", "Fill in what is asked"),
    ("replace_document", "Correct a document"),
    ("chain", "Start the next act"),
    ("plan_dispatch", "To whom it is sent"),
    ("dispatch_cancel", "Cancel a dispatch"),
]

#: acts of the menu “Other acts”; the others have a button of their own
MENU = (
    "fill",
    "attach",
    "second_opinion",
    "second_opinion_withdraw",
    "return",
    "refuse",
    "transfer",
    "recuse",
    "add_signer",
    "replace_document",
    "bypass_ask",
)


class ParapheurFolder(models.Model):
    """Windows that ask what an act needs, for the form and for the signatory's desk."""

    _inherit = "parapheur.folder"

    def action_open_act(self, what=None):
        """Open the window of an act.

        :param str what: name of the act, as in :meth:`get_acts`; from a button, the context
            says it (``parapheur_act``)
        :return: window action
        :raise UserError, AccessError: why the user cannot do this now
        """
        self.ensure_one()
        self.check_access("read")
        what = what or self.env.context.get("parapheur_act")
        titles = dict(
            self.env["parapheur.act"]._fields["what"]._description_selection(self.env)
        )
        if not isinstance(what, str) or what not in ACTS or what not in titles:
            raise UserError(self.env._("There is no such act. Reload the page."))
        refusal = self._act_refusal(what)
        if refusal:
            raise refusal
        return {
            "type": "ir.actions.act_window",
            "name": titles[what],
            "res_model": "parapheur.act",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_folder_id": self.id,
                "default_what": what,
                # What the person sees now: confirming later on something newer is refused.
                "default_base": self._circuit_base() or "",
                "dialog_size": "medium",
            },
        }

    def action_open_paper(self):
        """Print the documents of one's step, and open the window that takes the scans back.

        :return: window action
        :raise UserError, AccessError: not asked for a signature on paper
        """
        printed = self.action_paper_print()
        wizard = self.env["parapheur.paper.wizard"]._of(self, printed)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign on paper"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    acts_menu = fields.Json(compute="_compute_acts_menu")

    @api.depends("can_return", "can_refuse")
    @api.depends_context("uid", "lang")
    def _compute_acts_menu(self):
        titles = dict(
            self.env["parapheur.act"]._fields["what"]._description_selection(self.env)
        )
        for folder in self:
            folder.acts_menu = [
                {"name": name, "label": titles[name]}
                for name in MENU
                if folder.id and not folder._act_refusal(name)
            ]

    # ------------------------------------------------------------------
    # What the windows offer
    # ------------------------------------------------------------------
    def _offered_steps(self, what):
        """The steps to choose from for an act, in order; empty when there is no choice."""
        run = self.run_id
        steps = {
            "return": lambda: run._return_targets(),
            "bypass_ask": lambda: self._passable_steps(),
            "bypass_confirm": lambda: self._steps_to_pass(),
            "add_signer": lambda: run._live_steps().filtered(
                lambda one: one.state in ("current", "waiting")
            ),
        }.get(what)
        if not steps or not run:
            return self.env["gov.circuit.run.step"]
        return steps().sorted(lambda one: (one.rank, one.id))

    def _missing_at(self, step, what):
        """What is still to be given before this act: ``{"keys", "labels", "attachment"}``."""
        decisions = ("approve", "refuse") if what == "fill" else (what,)
        told = [
            self.run_id._missing(
                step, self.env.user, "refuse" if one == "refuse" else "approve"
            )
            for one in decisions
        ]
        keys = {key for one in told for key in one["keys"]}
        return {
            "keys": [key for key in sorted(keys) if self._circuit_missing([key])],
            "labels": sorted({label for one in told for label in one["labels"]}),
            "attachment": what != "fill" and any(one["attachment"] for one in told),
        }

    def _act_effects(self, what, step, resume):
        """What an act does to what others did, in words; empty when it does nothing to it."""
        if what != "return":
            return ""
        again = self.run_id._redone(step, resume)
        signers = self.signature_ids.filtered(
            lambda one: one.state == "valid" and one.step_id in again
        ).mapped("signer_name")
        hands = self.paper_ids.filtered(
            lambda one: one.state == "valid" and one.step_id in again
        ).mapped("signed_by")
        stay = self.run_id._live_steps().filtered(
            lambda one: one.state == "done" and one not in again
        )
        lines = [
            self.env._(
                "Done again: %(steps)s.", steps=", ".join(again.mapped("name")) or "–"
            )
        ]
        if signers or hands:
            lines.append(
                self.env._(
                    "Signatures withdrawn, kept as history: %(names)s.",
                    names=", ".join(dict.fromkeys(signers + hands)),
                )
            )
        if stay:
            lines.append(
                self.env._(
                    "What stays valid: %(steps)s.", steps=", ".join(stay.mapped("name"))
                )
            )
        return "\n".join(lines)

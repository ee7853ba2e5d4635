from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .gov_circuit_step import SIGNATURE


class ParapheurFolder(models.Model):
    """Who signs in the place of another person: by an act in force that covers this folder, never by standing in (S6, B8)."""

    _inherit = "parapheur.folder"

    # ------------------------------------------------------------------
    # Scope
    # ------------------------------------------------------------------
    def _circuit_scope(self):
        """Unit, nature and amount of this folder, as delegations are limited by them. Called as superuser."""
        version = self._nature_version()
        amount = self._amount_found()
        if amount is None and version.amount_field_id:
            # An amount that nobody wrote is under no limit.
            amount = float("inf")
        return {
            **super()._circuit_scope(),
            "nature": version.act_nature_id.code or None,
            "amount": amount,
        }

    def _power(self, step):
        """The act by which the user signs at this step; empty when he is asked himself."""
        actor = self.run_id._actor_of(self.env.user, step)
        if not actor or actor.user_id == self.env.user:
            return self.env["gov.delegation"]
        delegation = actor._delegation(self.env.user)
        if not delegation:
            raise self.run_id._not_yours("act", self.env.user, step)
        return delegation

    def _circuit_act_refusal(self, step, user, decision):
        refusal = super()._circuit_act_refusal(step, user, decision)
        if refusal or decision != "approve" or step.kind != SIGNATURE:
            return refusal
        return self._twice_refusal(step, user)

    def _twice_refusal(self, step, user):
        """One person is not two signatories: who signs a folder himself does not sign it for another one too."""
        actor = self.run_id._actor_of(user, step)
        if not actor or actor.user_id == user:
            return None
        signing = self.run_id._live_steps().filtered(lambda one: one.kind == SIGNATURE)
        others = self.run_id._actors_of(signing).filtered(
            lambda row: (
                row.state in ("waiting", "current", "done")
                and (row.user_id == user or row.acted_by_id == user)
            )
        )
        if not others:
            return None
        return UserError(
            self.env._(
                "You sign %(folder)s at “%(step)s”: the signature of %(name)s is another "
                "person's. Somebody else signs in that place.",
                folder=self.display_name,
                step=others[:1].step_id.name,
                name=actor.name,
            )
        )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _check_may_come(self):
        """Say what a delegation lacks to who may not read this folder because of it."""
        if not self.exists() or self.has_access("read"):
            return
        # Only whether a power was given to who asks is looked up, and told to him alone.
        folder_sudo = self.sudo()
        if folder_sudo.company_id not in self.env.user.company_ids:
            return
        refusal = folder_sudo.run_id._delegation_refusal(self.env.user)
        if refusal and folder_sudo.state == "running":
            raise AccessError(refusal.args[0])

    def _search_stands_in(self, operator, value):
        """Folders that wait for a signature which the user may give by delegation are read like those he stands in for."""
        found = super()._search_stands_in(operator, value)
        if found is NotImplemented:
            return found
        # What a person may sign in whose place is asked about himself.
        user_sudo = self.env.user.sudo()
        acts_sudo = user_sudo.gov_delegated_ids._in_force_today()
        return Domain.OR([found, *(self._delegated_domain(one) for one in acts_sudo)])

    def _delegated_domain(self, delegation):
        """Folders of which this act (superuser) covers a signature that is waited for now."""
        limits = delegation._limits()
        if not limits:
            return Domain.FALSE
        units, natures, amount = limits
        # Who has to sign now is looked up for who signs in that place; only numbers are taken.
        actors_sudo = self.env["gov.circuit.run.actor"].sudo()
        turns = actors_sudo._search(
            [
                ("user_id", "=", delegation.grantor_id.id),
                ("state", "=", "current"),
                ("step_id.kind", "=", SIGNATURE),
                ("company_id", "=", delegation.company_id.id),
            ]
        )
        domain = Domain("company_id", "=", delegation.company_id.id)
        domain &= Domain("state", "=", "running")
        domain &= Domain(
            "run_id", "in", turns.subselect(SQL.identifier(turns.table, "run_id"))
        )
        if units is not None:
            none = [False] if not delegation._line().unit_ids else []
            domain &= Domain("unit_id", "in", [*units.ids, *none])
        if natures is not None:
            domain &= Domain("nature_version_id.act_nature_id", "in", natures.ids)
        if amount:
            domain &= Domain("amount", "<=", amount)
        return domain

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------
    def _signer_quality(self, delegation):
        """In which capacity the user signs: that of the act, else his own."""
        # The act was checked for who signs.
        quality = self._in_folder_language(delegation.sudo()).grantee_quality
        return quality or self._quality(self.env.user)

    def _formula_printed(self, delegation):
        """“P/ the Director, by delegation (decision n° 12/2026)”, in the language of the blocks; empty without an act."""
        if not delegation:
            return ""
        # The act was checked for who signs; it is printed on the document.
        return delegation.sudo()._formula(self._language_code())

    def _in_folder_language(self, record):
        return record.with_context(lang=self._language_code())

    def _language_code(self):
        """Code of an installed language for the blocks of this folder."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        return next(
            (code for code in installed if code[:2] == self.language), self.language
        )

    def _why_me(self, actor):
        """Why the user acts: in whose place, by which act."""
        delegation = actor and actor._delegation(self.env.user)
        if not delegation:
            return super()._why_me(actor)
        # The act is named to who signs by it.
        return self.env._(
            "By delegation of %(name)s (%(reference)s).",
            name=actor.name,
            reference=delegation.sudo().reference,
        )

    def _circuit_acted(self, run, step, actor):
        done = super()._circuit_acted(run, step, actor)
        if actor.delegation_id:
            # Who signed for another person reads what he signed from now on.
            folder_sudo = self.sudo()
            folder_sudo._gated().actor_ids |= actor.acted_by_id
        return done

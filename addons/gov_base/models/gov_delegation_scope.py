from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date, formatLang


class GovDelegation(models.Model):
    """How far a power goes: as a limit to search by, as the sentence of a refusal, and held while it is used."""

    _inherit = "gov.delegation"

    def _in_force_today(self):
        """Those of these acts that are in force today, whatever they cover."""
        today = {
            company: self.env["gov.absence"]._today(company)
            for company in self.company_id
        }
        return self.filtered(
            lambda one: (
                one.state == "active"
                and one.date_from <= today[one.company_id]
                and (not one.date_to or one.date_to >= today[one.company_id])
            )
        )

    def _line(self):
        """This act and those it is given under, up to the holder of the power. Called as superuser."""
        line, one = self.browse(), self
        while one and one not in line:
            line += one
            one = one.parent_id
        return line

    def _limits(self):
        """What this act gives today, with what it is given under: ``(units, natures, amount)``, or None when it gives nothing.

        ``natures`` is None for every nature, ``amount`` None without limit; who passes these limits passes ``_covers``.
        Called as superuser.
        """
        self.ensure_one()
        line = self._line()
        present = self.env["gov.access"]._present
        if line._in_force_today() != line or any(
            not present(one.grantee_id, one.company_id) for one in line
        ):
            return None
        units = natures = amount = None
        for one in line:
            for part in one._unit_limits():
                units = part if units is None else units & part
            if one.nature_ids:
                natures = (
                    one.nature_ids if natures is None else natures & one.nature_ids
                )
            if one.amount_max:
                amount = min(amount or one.amount_max, one.amount_max)
        return units, natures, amount

    def _unit_limits(self):
        """Sets of units that this act alone allows: those it names, those that its holder heads."""
        found = []
        if self.unit_ids:
            units = self.env["hr.department"].with_context(active_test=False)
            found.append(units.search([("id", "child_of", self.unit_ids.ids)]))
        if not self.parent_id and (self.kind != "interim" or not self.unit_ids):
            # Whoever heads the place no more gives nothing.
            found.append(self._headed(self.grantor_id))
        return found

    def _hold(self):
        """Keep this act, and those it is given under, as they are until the end of the transaction: a revocation waits, or was first and is seen."""
        self.ensure_one()
        # Locking reads nothing; who uses the act was checked.
        line_sudo = self.sudo()._line()
        self.env.execute_query(
            SQL(
                "SELECT id FROM gov_delegation WHERE id IN %s ORDER BY id FOR SHARE",
                tuple(line_sudo.ids),
            )
        )

    def _act_file(self):
        """The file of the act: the version of its main document. Called as superuser."""
        self.ensure_one()
        mains = self.gov_document_ids.filtered(lambda one: one.role == "main")
        return mains.sorted("id")[:1].current_version_id

    def _act_facts(self):
        """What evidence says of this act: its number here, its kind, the digest of its file. Called as superuser."""
        self.ensure_one()
        return {
            "id": self.id,
            "kind": self.kind,
            "act_sha256": self._act_file().sha256 or None,
        }

    # ------------------------------------------------------------------
    # Why not
    # ------------------------------------------------------------------
    @api.model
    def _uncovered_by(
        self,
        grantors,
        grantee,
        company,
        *,
        unit=None,
        nature=None,
        amount=None,
        on=None,
    ):
        """The sentence for `grantee`, to whom one of `grantors` gave a power that does not cover this; None when nobody did.

        :return: ``AccessError`` or None
        """
        # Whether a power was given is looked up for its holder.
        given_sudo = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("grantor_id", "in", grantors.ids),
                ("grantee_id", "=", grantee.id),
                ("state", "!=", "draft"),
            ],
            order="state, date_to desc, id desc",
        )
        if not given_sudo:
            return None
        on = on or self.env["gov.absence"]._today(company)
        told = []
        for act_sudo in given_sudo:
            if act_sudo._covers(on, unit, nature, amount):
                return None
            told.append((act_sudo, act_sudo._uncovered(on, unit, nature, amount)))
        act_sudo, reasons = min(told, key=lambda one: len(one[1]))
        return AccessError(
            self.env._(
                "You cannot sign this in the place of %(name)s: the act %(reference)s does "
                "not give the power (%(reasons)s). Nothing was done.",
                name=act_sudo.grantor_id.name,
                reference=act_sudo.reference,
                reasons="; ".join(reasons),
            )
        )

    def _uncovered(self, on, unit=None, nature=None, amount=None):
        """What of this is out of the scope of the act, in words. Called as superuser."""
        found = self._out_of_time(on)
        if unit and not self._covers_unit(unit):
            found.append(self.env._("the unit %(unit)s", unit=unit.name))
        elif unit is not None and not unit and not self._takes_no_unit():
            found.append(
                self.env._(
                    "the unit, it is for %(units)s only and the document names none",
                    units=", ".join(self.unit_ids.mapped("name")),
                )
            )
        elif (
            not found
            and not self.parent_id
            and self.kind != "interim"
            and not self._is_held(unit)
        ):
            found.append(
                self.env._(
                    "%(name)s does not hold this power any more",
                    name=self.grantor_id.name,
                )
            )
        if self.nature_ids and nature not in self.nature_ids.mapped("code"):
            found.append(
                self.env._(
                    "the nature, it is for %(natures)s only",
                    natures=", ".join(self.nature_ids.mapped("name")),
                )
            )
        if self.amount_max and (amount or 0) > self.amount_max:
            found.append(
                self.env._(
                    "the amount, it goes up to %(most)s",
                    most=formatLang(
                        self.env, self.amount_max, currency_obj=self.currency_id
                    ),
                )
            )
        if self.parent_id and not self.parent_id._covers(on, unit, nature, amount):
            found += [
                f"{self.parent_id.reference}: {reason}"
                for reason in self.parent_id._uncovered(on, unit, nature, amount)
            ]
        return found or [self.env._("an account that is closed")]

    def _out_of_time(self, on):
        if self.state == "revoked":
            return [
                self.env._(
                    "revoked on %(date)s",
                    date=format_date(self.env, self.revoked_on),
                )
            ]
        if self.date_from > on:
            return [
                self.env._(
                    "in force from %(date)s", date=format_date(self.env, self.date_from)
                )
            ]
        if self.date_to and self.date_to < on:
            return [
                self.env._(
                    "it ended on %(date)s", date=format_date(self.env, self.date_to)
                )
            ]
        return []

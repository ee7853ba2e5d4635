from odoo import fields, models
from odoo.tools import format_date


class GovCircuitRunActor(models.Model):
    """What keeps the persons of a folder from acting."""

    _inherit = "gov.circuit.run.actor"

    def _hindrances(self, company):
        """{id of the row: (code, sentence)} of those who cannot act now. Called as superuser.

        The number of queries does not follow the number of rows.

        :param company: the administration of all of them
        """
        users = self.user_id
        present = self.env["gov.access"]._present(users, company)
        until = self.env["gov.absence"]._absent_until(users, company)
        signing = self.env["parapheur.folder"]._signing_kinds()
        signers = self.filtered(lambda row: row.step_id.kind in signing).user_id
        keys = self._hindrance_keys(signers)
        covered = self._hindrance_covered(users.browse(until), company)
        found = {}
        for row in self:
            user, signs = row.user_id, row.step_id.kind in signing
            if row.vacant or user not in present:
                found[row.id] = (
                    "left",
                    self.env._("left, and nobody replaces this person"),
                )
            elif signs and keys.get(user.id):
                found[row.id] = keys[user.id]
            elif user.id in until and not row._is_covered(signs, covered):
                found[row.id] = (
                    "absent",
                    self.env._(
                        "absent until %(date)s",
                        date=format_date(self.env, until[user.id]),
                    ),
                )
        return found

    def _hindrance_keys(self, signers):
        """{user id: (code, sentence)} of signatories whose key signs nothing."""
        keys = self.env["gov.key"].search(
            [
                ("user_id", "in", signers.ids),
                ("purpose", "=", "person"),
                ("state", "=", "active"),
            ]
        )
        now, by_user = fields.Datetime.now(), keys.grouped("user_id")
        found = {}
        for user in signers:
            mine = by_user.get(user)
            if not mine:
                found[user.id] = ("no_key", self.env._("no personal key yet"))
            elif all(key.not_after and key.not_after <= now for key in mine):
                found[user.id] = (
                    "certificate",
                    self.env._(
                        "certificate expired on %(date)s",
                        date=format_date(self.env, max(mine.mapped("not_after"))),
                    ),
                )
        return found

    def _hindrance_covered(self, absent, company):
        """Of those who are absent: who is stood in for, and who gave a delegation in force."""
        if not absent:
            return {"work": set(), "power": set()}
        rows = self.env["gov.substitute"].search(
            [
                ("absent_id", "in", absent.ids),
                ("company_id", "=", company.id),
                ("for_circuits", "=", True),
            ]
        )
        acts = self.env["gov.delegation"].search(
            [
                ("grantor_id", "in", absent.ids),
                ("company_id", "=", company.id),
                ("state", "=", "active"),
            ]
        )
        # Who stands in may be away too.
        away = self.env["gov.absence"]._absent_until(rows.user_id, company)
        there = rows.filtered(lambda row: row.user_id.id not in away)
        return {
            "work": set(there.absent_id.ids),
            "power": set(acts.grantor_id.ids),
        }

    def _is_covered(self, signs, covered):
        """Whether somebody acts here while this person is away."""
        if not signs:
            return self.user_id.id in covered["work"]
        if self.user_id.id not in covered["power"]:
            return False
        # A delegation counts when it covers this very folder.
        subject = self.run_id._subject()
        return bool(
            subject._circuit_delegations(
                self.step_id, self.user_id, self.env["res.users"]
            )
        )

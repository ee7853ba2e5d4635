import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..exceptions import IntakeRefused
from ..lib import given


class GovDelegation(models.Model):
    """The power itself: the file of the act, what may be handed on, who may sign what on a day."""

    _inherit = "gov.delegation"

    act_file = fields.Binary(
        "Add the file of the act",
        compute="_compute_act_file",
        inverse="_inverse_act_file",
        attachment=False,
        help="The signed decision (PDF or picture). It is checked when this is saved.",
    )
    act_filename = fields.Char(
        compute="_compute_act_file", inverse="_inverse_act_filename"
    )

    def _compute_act_file(self):
        self.act_file = False
        self.act_filename = False

    def _inverse_act_filename(self):
        return

    def _inverse_act_file(self):
        for one in self.filtered("act_file"):
            try:
                content = base64.b64decode(one.act_file)
            except ValueError as error:
                raise UserError(
                    self.env._("The file did not arrive whole. Choose it again.")
                ) from error
            one._add_act(content, one.act_filename or self.env._("act.pdf"))

    def _add_act(self, content, filename):
        """Check the file of the act and keep it; a draft alone takes one.

        :raise UserError: in force already, or the intake refused the file
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft" or self._writer_refusal():
            raise self._writer_refusal() or UserError(
                self.env._("A delegation in force keeps the file of its act.")
            )
        # Documents are written by the intake alone, whoever brings the file.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            version = documents_sudo._ingest(
                content,
                filename,
                company=self.company_id,
                owner=self,
                role="main",
                origin="scan",
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal
        self.invalidate_recordset(["gov_document_ids"])
        return version

    # ------------------------------------------------------------------
    # Questions of the apps
    # ------------------------------------------------------------------
    @api.model
    def _find(
        self,
        grantor=None,
        grantee=None,
        *,
        on=None,
        unit=None,
        nature=None,
        amount=None,
        company=None,
    ):
        """The acts by which `grantee` may sign in the place of `grantor` on a day, the best first.

        A delegation of who does not hold the power any more, and one under it, gives nothing.

        :param grantor: ``res.users`` whose power it is; any by default
        :param grantee: ``res.users`` who signs; any by default
        :param on: date, today in the administration by default
        :param unit: ``hr.department`` of what is signed; empty: it names none; None: not asked
        :param str nature: code of a ``gov.act.nature``; an act limited to natures covers none without it
        :param float amount: amount of what is signed, in the currency of the administration
        :param company: the administration; that of the unit, else the current one, by default
        :return: ``gov.delegation``
        """
        # The administration of a unit is compared, not shown.
        company = company or (unit and unit.sudo().company_id) or self.env.company
        on = on or self.env["gov.absence"]._today(company)
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "active")
            & self._in_force_domain(on)
        )
        if grantor:
            domain &= Domain("grantor_id", "in", grantor.ids)
        if grantee:
            domain &= Domain("grantee_id", "in", grantee.ids)
        # Whether somebody may sign is asked whoever asks.
        found_sudo = self.sudo().search(domain)
        rank = {"interim": 0, "delegation": 1, "po": 2}
        fitting = found_sudo.filtered(
            lambda one: one._covers(on, unit, nature, amount)
        ).sorted(lambda one: (rank[one.kind], -one.date_from.toordinal()))
        return self.browse(fitting.ids)

    def _covers(self, on, unit=None, nature=None, amount=None):
        """Whether this act gives the power for that, on that day. Called as superuser."""
        self.ensure_one()
        if self.state != "active" or self.date_from > on:
            return False
        if self.date_to and self.date_to < on:
            return False
        # Units may be hidden from who asks; only their places are compared.
        if unit and not self._covers_unit(unit.sudo()):
            return False
        if unit is not None and not unit and not self._takes_no_unit():
            return False
        if self.nature_ids and nature not in self.nature_ids.mapped("code"):
            return False
        if self.amount_max and (amount or 0) > self.amount_max:
            return False
        if not self.env["gov.access"]._present(self.grantee_id, self.company_id):
            return False
        if self.parent_id:
            return self.parent_id._covers(on, unit, nature, amount)
        return self.kind == "interim" or self._is_held(unit)

    def _is_held(self, unit=None):
        """Whether the holder still heads this unit, or one of the act: heading another one gives nothing."""
        headed = self._headed(self.grantor_id)
        if unit:
            return unit in headed
        return bool(headed & self.unit_ids if self.unit_ids else headed)

    def _takes_no_unit(self):
        """Whether this act covers what names no unit: not when it is for some units only. Called as superuser."""
        return not self.unit_ids

    def _covers_unit(self, unit):
        """Whether this unit is one of those of the act, or below one."""
        if not self.unit_ids:
            if self.parent_id:
                return self.parent_id._covers_unit(unit)
            return unit in self._headed(self.grantor_id)
        # Units may be hidden from who asks; only their places are compared.
        path = unit.sudo().parent_path or ""
        return any(path.startswith(one.parent_path) for one in self.sudo().unit_ids)

    @api.model
    def get_signatories(self, unit_id, nature=None):
        """Who may sign for a unit today: its head, and who holds a delegation, an interim, a “P.O.”.

        :param int unit_id: ``hr.department``
        :param str nature: code of a ``gov.act.nature``
        :return: list of ``{"user", "name", "delegation", "formula"}``; no delegation for the head
        :raise UserError: not a unit of the caller's administrations
        """
        unit = self.env["hr.department"].browse(given.record_id(unit_id)).exists()
        known = unit._filtered_access("read")
        if not known or known.company_id not in self.env.companies:
            raise UserError(self.env._("This unit is not known: choose another one."))
        code = nature if isinstance(nature, str) else None
        heads = self.env["gov.access"]._heads(unit)
        # Names of who signs are shown to everybody in the administration.
        found = [
            {"user": one.id, "name": one.name, "delegation": False, "formula": ""}
            for one in heads.sudo()
        ]
        # As for the heads.
        for one in self._find(unit=unit, nature=code).sudo():
            found.append(
                {
                    "user": one.grantee_id.id,
                    "name": one.grantee_id.name,
                    "delegation": one.id,
                    "formula": one._formula(self.env.lang),
                }
            )
        return found

    # ------------------------------------------------------------------
    # What it may say
    # ------------------------------------------------------------------
    def _check_power(self):
        """Raise unless the holder has the power that is handed on, and the act is here."""
        self.ensure_one()
        access = self.env["gov.access"]
        if not access._present(self.grantee_id, self.company_id):
            raise UserError(
                self.env._(
                    "Choose an active person of %(company)s who signs.",
                    company=self.company_id.display_name,
                )
            )
        # The act is read by who writes the delegation; only that it is here counts.
        if not self.sudo().gov_document_ids:
            raise UserError(
                self.env._("Add the file of the act first: the power is in it.")
            )
        if self.parent_id:
            self._check_parent()
        elif self.kind == "interim":
            if not self.unit_ids:
                raise UserError(
                    self.env._(
                        "Say in which units the interim is held: the place may have no "
                        "head any more."
                    )
                )
        else:
            self._check_headed()

    def _headed(self, user):
        """The units that `user` heads himself, those below included."""
        return self.env["gov.access"]._units(user, ["head"], self.company_id, own=True)

    def _check_headed(self):
        headed = self._headed(self.grantor_id)
        foreign = self.unit_ids - headed
        if not headed or foreign:
            raise UserError(
                self.env._(
                    "%(name)s does not head %(units)s: nobody delegates a power that he has "
                    "not. Choose other units, or the delegation under which it is given.",
                    # Names of colleagues are shown to everybody in the administration.
                    name=self.grantor_id.sudo().name,
                    units=", ".join(foreign.mapped("name")) or self.env._("a unit"),
                )
            )

    def _check_parent(self):
        parent, refusal = self.parent_id, None
        if parent.grantee_id != self.grantor_id or parent.state != "active":
            refusal = self.env._(
                "The delegation %(parent)s does not give this power to the holder.",
                parent=parent.reference,
            )
        elif not parent.may_subdelegate:
            refusal = self.env._(
                "The act %(parent)s does not allow to delegate further.",
                parent=parent.reference,
            )
        elif self.date_from < parent.date_from or (
            parent.date_to and (not self.date_to or self.date_to > parent.date_to)
        ):
            refusal = self.env._(
                "A power is handed on for no longer than it is held: %(parent)s is from "
                "%(from)s to %(to)s.",
                parent=parent.reference,
                to=format_date(self.env, parent.date_to) if parent.date_to else "…",
                **{"from": format_date(self.env, parent.date_from)},
            )
        elif (
            (parent.nature_ids and not self.nature_ids)
            or (parent.nature_ids and self.nature_ids - parent.nature_ids)
            or any(not parent._covers_unit(unit) for unit in self.unit_ids)
            or (parent.unit_ids and not self.unit_ids)
            or (parent.amount_max and not 0 < self.amount_max <= parent.amount_max)
        ):
            refusal = self.env._(
                "More is handed on than %(parent)s gives: check natures, units and amount.",
                parent=parent.reference,
            )
        if refusal:
            raise UserError(refusal)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.gov_base.lib import given

from .parapheur_folder_nature import PRIORITIES

#: folders that are put in order in one go
MAX_ORDER = 1000


class ParapheurFolder(models.Model):
    """What a secretary does for a signatory: order and priority. Never an act (S19, S20)."""

    _inherit = "parapheur.folder"

    is_prepared = fields.Boolean(
        compute="_compute_is_prepared",
        search="_search_is_prepared",
        help="The reader prepares the desk of somebody for whom this folder waits.",
    )

    @api.depends_context("uid")
    def _compute_is_prepared(self):
        found = self.search([("id", "in", self.ids), ("is_prepared", "=", True)])
        for folder in self:
            folder.is_prepared = folder in found

    @api.model
    def _search_is_prepared(self, operator, value):
        """Asked by the rules at each question, so that it ends by itself; nothing more is asked of who prepares nothing."""
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            self._prepared_domain(company_id, signatory_ids)
            for company_id, signatory_ids in self.env["parapheur.secretary"]
            ._signatories(self.env.user)
            .items()
        )

    @api.model
    def _prepared_domain(self, company_id, signatory_ids):
        """What a secretary reads: what waits for the signatories now, unless it is restricted."""
        return (
            Domain("company_id", "=", company_id)
            & Domain("state", "=", "running")
            & Domain("is_restricted", "=", False)
            & Domain("run_id.current_user_ids", "in", signatory_ids)
        )

    def _is_prepared_by(self, user):
        """Whether `user` prepares the desk of somebody for whom this folder waits.

        :rtype: bool
        """
        self.ensure_one()
        if self.state != "running" or self.is_restricted:
            return False
        signatories = self.env["parapheur.secretary"]._signatories(user)
        waiting_for = set(self.run_id.current_user_ids.ids)
        return bool(waiting_for & set(signatories.get(self.company_id.id, ())))

    def _on_desk_of(self, signatory):
        """The folders of these that wait for `signatory` now, and that the caller may put in order for him."""
        waiting = self.filtered(
            lambda folder: (
                folder.state == "running"
                and signatory in folder.run_id.current_user_ids
            )
        )
        if signatory == self.env.user:
            return waiting
        prepared = self.env["parapheur.secretary"]._signatories(self.env.user)
        return waiting.filtered(
            lambda folder: (
                not folder.is_restricted
                and signatory.id in prepared.get(folder.company_id.id, ())
            )
        )

    # ------------------------------------------------------------------
    # Order
    # ------------------------------------------------------------------
    @api.model
    def action_set_order(self, signatory_id, items):
        """Say in which order a signatory finds folders that wait for him, and what is urgent.

        :param int signatory_id: ``res.users``; oneself, or a signatory whose desk one prepares
        :param list items: at most 1000 dicts ``{"id", "priority"}`` in the order wanted; the priority is ``urgent``,
            ``sign`` or ``read``, or absent. Folders that are not named stay as they were
        :return: True
        :raise AccessError: neither the signatory nor his secretary, or a folder that is not on that desk any more
        :raise UserError: nothing, too many, a folder twice, an unknown priority
        """
        signatory = self._signatory(signatory_id)
        wanted = self._given_order(items)
        folders = self.browse(wanted)
        readable = folders.exists()._filtered_access("read")
        if len(readable._on_desk_of(signatory)) != len(wanted):
            # Whose desk it is was checked: his secretary knows him by name.
            signatory_sudo = signatory.sudo()
            raise AccessError(
                self.env._(
                    "One of these folders does not wait for %(name)s any more, or is not yours "
                    "to prepare: reload the list. Nothing was changed.",
                    name=signatory_sudo.name,
                )
            )
        self.env["parapheur.order"]._put(
            signatory,
            [
                (folder, wanted[folder.id], rank)
                for rank, folder in enumerate(folders, 1)
            ],
        )
        for company, of_company in folders.grouped("company_id").items():
            self._book(company)._append(
                "desk.ordered",
                {
                    "signatory": signatory.id,
                    "folders": [
                        [folder.reference, wanted[folder.id] or None]
                        for folder in of_company
                    ],
                },
            )
        return True

    @api.model
    def _signatory(self, signatory_id):
        """The person whose desk the caller may prepare: himself, or one whose secretary he is."""
        user_id = given.record_id(signatory_id) or self.env.uid
        signatories = self.env["parapheur.secretary"]._signatories(self.env.user)
        mine = {
            one
            for company in self.env.companies
            for one in signatories.get(company.id, ())
        }
        if user_id != self.env.uid and user_id not in mine:
            raise AccessError(
                self.env._(
                    "You do not prepare the desk of this person, or not any more. Ask the "
                    "signatory or the functional administrator."
                )
            )
        return self.env["res.users"].browse(user_id)

    @api.model
    def _given_order(self, items):
        """``{folder id: priority or False}`` in the order given."""
        items = items if isinstance(items, list | tuple) else []
        if not 0 < len(items) <= MAX_ORDER:
            raise UserError(
                self.env._(
                    "From 1 to %(limit)s folders are put in order in one go: %(count)s were "
                    "given.",
                    limit=MAX_ORDER,
                    count=len(items),
                )
            )
        wanted = {}
        for item in items:
            item = item if isinstance(item, dict) else {}
            folder_id = given.record_id(item.get("id"))
            priority = item.get("priority") or False
            if priority and priority not in [code for code, _name in PRIORITIES]:
                raise UserError(
                    self.env._("The priority is urgent, to sign or to read.")
                )
            if folder_id in wanted:
                raise UserError(
                    self.env._("A folder is named twice: nothing was changed.")
                )
            wanted[folder_id] = priority
        return wanted

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given

from .gov_circuit_step import OWN_KINDS
from .parapheur_folder_sign_bulk import MAX_AT_ONCE


class ParapheurFolder(models.Model):
    """Visas and validations of several folders at once (S11): one act and one event a folder."""

    _inherit = "parapheur.folder"

    @api.model
    def action_approve_many(self, items, comment=None, reauth=None):
        """Give one's visa or validation on several folders, each on the version that was seen.

        Each folder is approved or refused alone; the others are not touched by its refusal.

        :param list items: at most 20 dicts ``{"id", "base"}``; ``base`` comes from :meth:`get_desk`
        :param str comment: free words, kept with each of these acts
        :param dict reauth: what :meth:`get_visa_request` asks for these folders, given once for all of them
        :return: list of ``{"id", "ok", "error"}`` in the order of ``items``
        :raise UserError: nothing, more than 20, or no proof of who one is where a nature asks it: nothing was done
        """
        items = list(items) if isinstance(items, list | tuple) else []
        if not 0 < len(items) <= MAX_AT_ONCE:
            raise UserError(
                self.env._(
                    "From 1 to %(limit)s folders are approved in one go: %(count)s were given.",
                    limit=MAX_AT_ONCE,
                    count=len(items),
                )
            )
        items = [item if isinstance(item, dict) else {} for item in items]
        able = self._approvable(items)
        book = self._with_proof("approve", able, reauth) if able else self
        return [book._approve_item(item, comment) for item in items]

    @api.model
    def _approvable(self, items):
        """The folders of these that the user may have to approve now, with the step and the version he saw."""
        able = []
        for item in items:
            folder = self.browse(given.record_id(item.get("id"))).exists()
            if not folder or not folder.has_access("read"):
                continue
            step = folder._my_step(skip=(*OWN_KINDS, "opinion"))
            base = item.get("base")
            if step and step.kind not in (*OWN_KINDS, "opinion"):
                able.append((folder, step, base if isinstance(base, str) else None))
        return able

    @api.model
    def _approve_item(self, item, comment):
        folder_id, base = given.record_id(item.get("id")), item.get("base")
        folder = self.browse(folder_id)
        try:
            with self.env.cr.savepoint():
                if not folder.exists() or not folder.has_access("read"):
                    raise AccessError(
                        self.env._("This folder is not among yours. Reload the list.")
                    )
                if not base or not isinstance(base, str):
                    raise UserError(
                        self.env._(
                            "Which version was seen is not said: reload the list, and approve "
                            "what you have read. Nothing was done."
                        )
                    )
                folder._check_in_circuit()
                folder._check_approvable_at_once()
                folder.action_approve(comment, base)
        except UserError as refusal:
            return {"id": folder_id, "ok": False, "error": str(refusal.args[0])}
        return {"id": folder_id, "ok": True, "error": False}

    def _check_approvable_at_once(self):
        """Raise where each folder needs words or an act of its own."""
        step = self._my_step(skip=(*OWN_KINDS, "opinion"))
        if step.kind == "opinion":
            raise UserError(
                self.env._("An opinion is written folder by folder: open this one.")
            )
        if step.kind in OWN_KINDS:
            raise UserError(
                self.env._(
                    "“%(step)s” is more than an agreement by click: open this folder.",
                    step=step.name,
                )
            )

from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given, placement

from .parapheur_folder_documents import PDF, ROLES

#: what of a folder is taken over, besides documents and form
TAKEN_OVER = ("title", "note", "language", "priority")


class ParapheurFolder(models.Model):
    """Starting again from a folder: the same one reworked, or the next act after it."""

    _inherit = "parapheur.folder"

    def action_recycle(self):
        """Start a new draft from a folder that was refused or cancelled; nothing is typed again.

        Documents (as they were submitted), annexes, form, message and chosen persons are
        taken over, into the form and circuit of the nature as they are now.

        :return: window action on the draft; asked again while it is a draft, the same one
        :raise UserError: neither refused nor cancelled, a document that may not come in
        :raise AccessError: not the sender
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_again()
        refusal = self._recycle_refusal()
        if refusal:
            raise refusal
        # Drafts of others are not shown; only the user's own one is opened again.
        known_sudo = self.sudo().recycled_ids.filtered(
            lambda one: one.state == "draft" and one.initiator_id == self.env.user
        )[:1]
        if known_sudo:
            return self.browse(known_sudo.id)._open_form()
        draft = self._new_draft(self.nature_id, "recycled_from_id")
        draft._take_answers(self)
        draft._take_choices(self)
        # Documents are the platform's; whoever sent the folder may send them again.
        for document_sudo in (self.main_ids | self.annex_ids).sudo().sorted("id"):
            draft._take_version(self._submitted_version(document_sudo), document_sudo)
        self._note_again("folder.recycled", draft)
        return draft._open_form()

    def action_chain(self, nature_id, role="main"):
        """Start the next act: a new draft of another nature with the documents of this folder.

        As main documents come plain copies of the closed files, with everything drawn on
        them; the closed files themselves come as annexes, since they prove what was signed.

        :param int nature_id: nature of the new folder
        :param str role: ``main`` or ``annex``: what the documents of this folder become
        :return: window action on the draft
        :raise UserError: not finished, no such nature, a role that is none
        :raise AccessError: neither sender nor somebody who acted in the folder
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_again()
        refusal = self._chain_refusal()
        if refusal:
            raise refusal
        natures = self.env["parapheur.nature"]
        nature = natures.search(
            [
                ("id", "=", given.record_id(nature_id)),
                ("company_id", "=", self.company_id.id),
            ]
        )
        if not nature or role not in ROLES:
            raise UserError(
                self.env._("Choose the nature of the next folder. Nothing was started.")
            )
        draft = self._new_draft(nature, "chained_from_id")
        draft._take_answers(self)
        # Documents are the platform's; whoever reads this folder may take them further.
        for piece_sudo in self.sudo().piece_ids:
            closed_sudo = piece_sudo.final_id
            if role == "main":
                draft._add_generated(
                    placement.flat_copy(closed_sudo._read_content()),
                    closed_sudo.filename,
                )
            draft._take_version(closed_sudo, role="annex")
        self._note_again("folder.chained", draft)
        return draft._open_form()

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def _recycle_refusal(self):
        """Return why the user cannot start this folder again, or None."""
        self.ensure_one()
        if self.state not in ("refused", "cancelled"):
            return UserError(
                self.env._(
                    "The folder %(folder)s was neither refused nor cancelled: it is not "
                    "started again.",
                    folder=self.display_name,
                )
            )
        if self.initiator_id != self.env.user:
            return AccessError(
                self.env._(
                    "Only %(name)s, who started the folder %(folder)s, can do this.",
                    name=self.initiator_id.name,
                    folder=self.display_name,
                )
            )
        return None

    def _chain_refusal(self):
        """Return why the user cannot start the next act from this folder, or None."""
        self.ensure_one()
        if self.state != "done":
            return UserError(
                self.env._(
                    "The folder %(folder)s is not finished: the next act starts from its "
                    "closed documents.",
                    folder=self.display_name,
                )
            )
        user = self.env.user
        if not self.browse().has_access("create") or not (
            self.initiator_id == user or user in self.actor_ids
        ):
            return AccessError(
                self.env._(
                    "Only who started the folder %(folder)s or acted in it starts the next "
                    "act from it.",
                    folder=self.display_name,
                )
            )
        return None

    def _lock_again(self):
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this folder at this very moment. Reload it."
            )
        )

    # ------------------------------------------------------------------
    # The new draft
    # ------------------------------------------------------------------
    def _new_draft(self, nature, link):
        """A draft of the user's own that says where it comes from."""
        draft = (
            self.browse()
            .with_company(self.company_id)
            .create(
                {
                    **{name: self[name] for name in TAKEN_OVER},
                    # What was read by its people alone stays so, whatever the next nature says.
                    "is_confidential": self.is_restricted,
                    "nature_id": nature.id,
                    "company_id": self.company_id.id,
                    "unit_id": self.unit_id.id,
                }
            )
        )
        # Where a folder comes from is written by the platform; the right was checked.
        draft_sudo = draft.sudo()._gated()
        draft_sudo[link] = self.id
        return draft

    def _take_answers(self, source):
        """The answers of another folder to the questions that this form asks too."""
        if self.form_id and source.form_values:
            self.form_values = self.form_id._keep(source.form_values)

    def _take_choices(self, source):
        """Whom the sender had chosen, at the steps that still leave the choice."""
        for choice in self.choice_ids:
            before = source.choice_ids.filtered(
                lambda one, choice=choice: (
                    one.step_id == choice.step_id
                    or (
                        one.step_id.name == choice.step_id.name
                        and one.kind == choice.kind
                    )
                )
            )[:1]
            if before.user_ids:
                choice.user_ids = before.user_ids

    def _submitted_version(self, document):
        """The version of a document that was submitted, before any box or signature."""
        piece = self.piece_ids.filtered(lambda one: one.document_id == document)
        return piece.original_id or document.current_version_id

    def _take_version(self, version, document=None, role=None):
        """Inspect the bytes of another folder's version and put them in this draft."""
        self._add_document(
            version._read_content(),
            version.filename,
            role=role or document.role,
            origin=version.origin if version.mime != PDF else "scan",
        )

    def _note_again(self, kind, draft):
        # The journal and the messages of both folders are written by the platform.
        folder_sudo, draft_sudo = self.sudo(), draft.sudo()
        folder_sudo._event(kind, {"to": draft.reference})
        sentences = {
            "folder.recycled": self.env._(
                "%(new)s starts again what %(old)s was.",
                new=draft.reference,
                old=self.reference,
            ),
            "folder.chained": self.env._(
                "%(new)s takes the documents of %(old)s further.",
                new=draft.reference,
                old=self.reference,
            ),
        }
        for one_sudo in (folder_sudo, draft_sudo):
            one_sudo.message_post(body=sentences[kind], subtype_xmlid="mail.mt_note")

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

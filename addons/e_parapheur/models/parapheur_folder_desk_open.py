from odoo import models

from .gov_circuit_step import SIGNATURE
from .parapheur_folder_acts_gate import ACTS
from .parapheur_folder_acts_open import DIALOGS
from .parapheur_folder_submit import SEAL_FIELD


class ParapheurFolder(models.Model):
    """One folder as the desk shows it, with what the user may do with it now."""

    _inherit = "parapheur.folder"

    def get_desk_folder(self):
        """Return one folder as the desk shows it, with what the user may do with it now.

        :return: dict of plain values; ``base`` goes back to ``action_sign`` and others, ``can`` has one key an act,
            ``boxes`` of a document are the places where it is signed: page from 1, rectangle in points
        :raise AccessError: the user may not read this folder
        """
        self.ensure_one()
        self.check_access("read")
        step = self._my_step()
        actor = step and self.run_id._actor_of(self.env.user, step)
        return {
            "id": self.id,
            "reference": self.reference,
            "title": self.title or "",
            "note": self.note or "",
            "nature": self.nature_id.name,
            "initiator": self.initiator_id.name,
            "unit": self.unit_id.name or "",
            "state": self.state,
            "state_text": self._state_text(),
            "is_restricted": self.is_restricted,
            "deadline": self.deadline and self.deadline.isoformat(),
            "end_reason": self.end_reason or "",
            "base": self._circuit_base(),
            "run_id": self.run_id.id,
            "quality": self._quality(self.env.user),
            "step": bool(step) and self._desk_step(step, actor),
            "can": self._desk_can(step),
            "acts": self._desk_acts(),
            "needs": self._desk_needs(step),
            "documents": self._desk_documents(),
            "hygiene": self.get_hygiene(),
            "fields": self._form_display(),
            "comments": self._desk_comments(),
            "people": self._desk_people(),
            "slip_id": self.slip_id.id,
        }

    def _desk_step(self, step, actor):
        other = actor.user_id != self.env.user
        return {
            "id": step.id,
            "name": step.name,
            "kind": step.kind,
            "question": step.question or "",
            "deadline": step.deadline and step.deadline.isoformat(),
            "reason": self._why_me(actor),
            "for": other and actor.name,
        }

    def _desk_can(self, step):
        """One key for each act; true when its own gate lets the user do it now."""
        can = self.get_acts()
        return can | {
            "elsewhere": can["sign"] and self._accepts_elsewhere(),
            "comment": not self._is_kept(),
            "order": self._is_prepared_by(self.env.user),
            "place": self.state == "running" and not self._place_refusal(),
        }

    def _desk_acts(self):
        """What the user may do now in a window that asks what it needs: ``[{"id", "name"}]``."""
        titles = dict(
            self.env["parapheur.act"]._fields["what"]._description_selection(self.env)
        )
        offered = [name for name, _title in DIALOGS if name in ACTS]
        return [
            {"id": name, "name": titles[name]}
            for name in offered
            if not self._act_refusal(name)
        ]

    def _desk_needs(self, step):
        """What has to be given besides words to decide here: ``form`` for answers or a file, ``proof`` of who decides."""
        if not step:
            return {}
        missing = {what: self._missing_at(step, what) for what in ("approve", "refuse")}
        return {
            what: bool(one["keys"] or one["attachment"])
            for what, one in missing.items()
        } | {"proof": self._proof_wanted("approve")}

    # ------------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------------
    def _desk_documents(self):
        documents = self._in_order(self.main_ids) | self._in_order(self.annex_ids)
        boxes = self._desk_boxes()
        return [
            {
                "id": document.id,
                "name": document.name,
                "role": document.role,
                "version_id": document.current_version_id.id,
                "pages": document.pages,
                "size": document.size,
                "sha256": document.sha256,
                "state": document.state,
                "boxes": boxes.get(document.id, []),
            }
            for document in documents
        ]

    def _desk_boxes(self):
        """``{document id: boxes}`` still empty on the page, the user's own marked."""
        if self.state != "running":
            return {}
        # Places on the page only: whoever reads the folder sees the page.
        folder_sudo = self.sudo()
        step = self._my_step(only=(SIGNATURE,))
        return {
            piece.document_id.id: folder_sudo._desk_boxes_of(piece, step)
            for piece in folder_sudo.piece_ids
        }

    def _desk_boxes_of(self, piece, step):
        """The empty boxes of one document. Called on a superuser's record.

        :param step: the step at which the user signs now; empty when he does not
        """
        valid = self.signature_ids.filtered(
            lambda one: one.piece_id == piece and one.state == "valid"
        )
        used = set(valid.mapped("field_name"))
        left = [box for box in piece.boxes or () if box[0] not in used]
        free = {name for name, *_place in left if name != SEAL_FIELD}
        mine = self._free_boxes(piece, step, free)[:1] if step else []
        owners = piece.box_steps or {}
        steps = {one.id: one for one in self.run_id.step_ids}
        return [
            {
                "name": name,
                "page": page + 1,
                "rect": list(rect),
                "label": self._box_label(name, steps.get(owners.get(name))),
                "is_mine": name in mine,
            }
            for name, page, rect in left
        ]

from odoo import models

from .gov_circuit_step import OWN_KINDS, SIGNATURE
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
            "return_steps": [
                {"id": one.id, "name": one.name, "people": one.actor_ids.mapped("name")}
                for one in (
                    self.run_id._return_targets() if self.run_id.can_return else ()
                )
            ],
            "documents": self._desk_documents(),
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
        run = self.run_id
        acts = bool(step) and self.state == "running" and run.can_act
        return {
            "sign": acts and step.kind == SIGNATURE,
            "elsewhere": acts and step.kind == SIGNATURE and self._accepts_elsewhere(),
            "approve": acts and step.kind not in OWN_KINDS,
            "opinion": acts and step.kind == "opinion",
            "refuse": acts and step.kind != "opinion",
            "return": self.state == "running" and run.can_return,
            "transfer": self.state == "running" and run.can_transfer,
            "ask": self.state == "running" and run.can_add_step,
            "recall": self.can_recall and bool(run._last_act(self.env.user)),
            "order": self._is_prepared_by(self.env.user),
        }

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
        signs = self._my_step(only=(SIGNATURE,)).kind == SIGNATURE
        boxes = {}
        for piece in folder_sudo.piece_ids:
            used = set(
                folder_sudo.signature_ids.filtered(
                    lambda one, piece=piece: (
                        one.piece_id == piece and one.state == "valid"
                    )
                ).mapped("field_name")
            )
            left = [box for box in piece.boxes or () if box[0] not in used]
            mine = next((name for name, *_place in left if name != SEAL_FIELD), None)
            boxes[piece.document_id.id] = [
                {
                    "name": name,
                    "page": page + 1,
                    "rect": list(rect),
                    "is_seal": name == SEAL_FIELD,
                    "is_mine": signs and name == mine,
                }
                for name, page, rect in left
            ]
        return boxes

import math

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given, hygiene, placement, placement_tags
from odoo.addons.gov_trust.lib import acts

from .gov_circuit_step import SIGNATURE

MAX_BOXES = 100
MAX_POINTS = 20_000


class ParapheurFolder(models.Model):
    """Where the blocks stand on a document: where somebody put them, at a tag, or in the usual place (S8)."""

    _inherit = "parapheur.folder"

    placements = fields.Json(
        readonly=True,
        copy=False,
        help="Places that a person chose: {document: {box: [page, x, y]}}, as it is seen.",
    )

    def get_placement(self, document_id):
        """Return where the blocks of a main document stand, and whether the user may move them.

        :param int document_id: id of a main ``gov.document`` of this folder
        :return: ``{"document_id", "version_id", "is_raw" (its pages are still to be made
            clean), "editable", "why" (sentence when it is not), "pages": [{"width",
            "height", "blank" (added at the submission)}], "boxes": [{"name", "kind"
            (``signature`` or ``seal``), "label", "page", "x", "y", "width", "height",
            "origin" (``person``, ``tag``, ``default``), "signed"}]}``; pages from 0, points
            from the upper left of the page as it is seen
        :raise UserError: no main document of this folder, or its pages cannot be drawn
        :raise AccessError: the user may not read this folder
        """
        self.ensure_one()
        self.check_access("read")
        document = self._main_document(document_id)
        refusal = self._place_refusal()
        # Pieces and boxes are the platform's; the right to read was checked.
        folder_sudo = self.sudo()
        piece = folder_sudo.piece_ids.filtered(lambda one: one.document_id == document)
        if piece:
            told = folder_sudo._placed_now(piece)
        else:
            told = folder_sudo._placed_later(document)
        return {
            "document_id": document.id,
            "version_id": document.current_version_id.id,
            "is_raw": False,
            "editable": not refusal,
            "why": str(refusal.args[0]) if refusal else "",
            **told,
        }

    def action_place(self, document_id, boxes):
        """Put blocks of a main document where the user wants them; the others stay.

        A block is kept inside its page. In circuit the document gets a new version with the
        same pages, byte for byte, and its boxes elsewhere; whoever has it open reloads.

        :param int document_id: id of a main ``gov.document`` of this folder
        :param list boxes: ``{"name", "page", "x", "y"}`` as :meth:`get_placement` gives them;
            ``{"name", "page": None}`` gives the box back to its tag or the usual place
        :return: what :meth:`get_placement` returns
        :raise UserError: signed already, one block over another, no such box or page
        :raise AccessError: neither the sender, nor the secretary, nor the signatory whose
            turn it is
        """
        self.ensure_one()
        self.check_access("read")
        document = self._main_document(document_id)
        refusal = self._place_refusal()
        if refusal:
            raise refusal
        if self.state == "running":
            # Signing takes the same lock: no box moves while somebody signs in it.
            run_sudo = self.run_id.sudo()
            run_sudo._lock()
            self.invalidate_recordset()
        else:
            self._lock_or_tell(
                self.env._(
                    "Somebody else is changing this folder: try again in a moment."
                )
            )
        refusal = self._place_refusal()
        if refusal:
            raise refusal
        # Written by the platform: who may place was checked above.
        folder_sudo = self.sudo()
        folder_sudo._place(document, boxes)
        return self.get_placement(document.id)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def _place_refusal(self):
        """Return why the user may not move blocks of this folder now, or None."""
        self.ensure_one()
        if self.state not in ("draft", "running"):
            return UserError(
                self.env._(
                    "The folder %(folder)s is not in circuit any more: its blocks stay where "
                    "they are.",
                    folder=self.display_name,
                )
            )
        # Whether somebody signed is no secret to whoever reads the folder.
        signatures_sudo = self.sudo().signature_ids
        if signatures_sudo.filtered(lambda one: one.state == "valid"):
            return UserError(
                self.env._(
                    "Somebody has signed already: nothing moves on the pages any more."
                )
            )
        user = self.env.user
        signs = self.state == "running" and bool(self._my_step(only=(SIGNATURE,)))
        if self.initiator_id == user or signs or self._is_prepared_by(user):
            return None
        return AccessError(
            self.env._(
                "Blocks are placed by the sender, by the secretary, or by the signatory whose "
                "turn it is, until the first signature."
            )
        )

    def _main_document(self, document_id):
        wanted = given.record_id(document_id)
        document = self.main_ids.filtered(lambda one: one.id == wanted)
        if not document:
            raise UserError(
                self.env._("This document is not in the folder any more. Reload.")
            )
        return document

    # ------------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------------
    def _place(self, document, boxes):
        """Keep the places that were chosen. Called on a superuser's record."""
        piece = self.piece_ids.filtered(lambda one: one.document_id == document)
        now = self._placed_now(piece) if piece else self._placed_later(document)
        asked = self._asked_places(boxes, now)
        every = dict(self.placements or {})
        chosen = {**(every.get(str(document.id)) or {}), **asked}
        chosen = {name: list(spot) for name, spot in chosen.items() if spot}
        self._check_apart(chosen, now)
        every[str(document.id)] = chosen
        self._gated().write({"placements": every})
        if piece:
            self._move_boxes(piece, now, asked)

    def _asked_places(self, boxes, now):
        """{name: (page, x, y), or None to give it back}, whatever was given by RPC."""
        known = {box["name"]: box for box in now["boxes"]}
        if not isinstance(boxes, list | tuple) or not 0 < len(boxes) <= MAX_BOXES:
            raise UserError(
                self.env._("Say which block goes where: nothing was moved.")
            )
        asked = {}
        for box in boxes:
            name = box.get("name") if isinstance(box, dict) else None
            if not isinstance(name, str) or name not in known:
                raise UserError(
                    self.env._(
                        "This block is not on the document any more: reload. Nothing was "
                        "moved."
                    )
                )
            page = box.get("page")
            if page is None:
                asked[name] = None
                continue
            spot = (box.get("x"), box.get("y"))
            size = known[name]
            place = None
            if (
                type(page) is int
                and 0 <= page < len(now["pages"])
                and _are_points(spot)
            ):
                place = placement_tags.inside(
                    *map(float, spot), size["width"], size["height"], now["pages"][page]
                )
            if place is None:
                raise UserError(
                    self.env._(
                        "A block stands on a page of the document, and inside it: nothing "
                        "was moved."
                    )
                )
            asked[name] = (page, round(place[0], 2), round(place[1], 2))
        return asked

    def _check_apart(self, chosen, now):
        """Refuse one block over another. In circuit, the others stand where they stand."""
        sizes = {box["name"]: (box["width"], box["height"]) for box in now["boxes"]}
        labels = {box["name"]: box["label"] for box in now["boxes"]}
        places = {name: tuple(spot) for name, spot in chosen.items() if name in sizes}
        if self.state == "running":
            places = {
                **{
                    box["name"]: (box["page"], box["x"], box["y"])
                    for box in now["boxes"]
                },
                **places,
            }
        for name, place in places.items():
            other = placement_tags.meets(name, place, sizes, places)
            if other:
                raise UserError(
                    self.env._(
                        "The block of %(one)s would lie over the one of %(other)s: nothing "
                        "was moved.",
                        one=labels[name],
                        other=labels[other],
                    )
                )

    def _move_boxes(self, piece, now, asked):
        """A new version of the document in circuit: the same pages, its boxes elsewhere."""
        seen = piece._current()
        base = seen._read_content()[: piece.base_size]
        places = {
            box["name"]: (box["page"], box["x"], box["y"]) for box in now["boxes"]
        }
        places.update({name: spot for name, spot in asked.items() if spot})
        back = [name for name, spot in asked.items() if spot is None]
        for name in back:
            del places[name]
        wanted = [
            placement.Wanted(box["name"], box["kind"], box["width"], box["height"])
            for box in now["boxes"]
        ]
        if back:
            summary = self._hygiene_summary(piece.document_id)
            tagged, _notes = placement_tags.places(
                summary.get("tags") or [], wanted, now["pages"], places
            )
            places.update(tagged)
        try:
            rects = placement.place_on(base, wanted, places)
        except ValueError as error:
            raise self._not_placed(piece.document_id, error) from error
        prepared = self.env["gov.sign"]._prepare(
            base,
            [
                acts.Field(one.name, one.kind, acts.Box(*rects[one.name]))
                for one in wanted
            ],
            self.company_id,
        )
        version = self._store_version(piece, prepared)
        piece.write(
            {
                "prepared_id": version.id,
                "boxes": [
                    [one.name, rects[one.name][0], list(rects[one.name][1])]
                    for one in wanted
                ],
            }
        )
        self._event(
            "folder.placed",
            {
                "document": piece.document_id.id,
                "before": seen.sha256,
                "after": version.sha256,
                "pages": hygiene.digest(piece._page_digests()),
                "boxes": sorted(asked),
            },
        )

    def _not_placed(self, document, error):
        return UserError(
            self.env._(
                "The blocks of %(file)s cannot be placed: %(reason)s.",
                file=document.name,
                reason=str(error).rstrip("."),
            )
        )


def _are_points(spot):
    return all(
        type(one) in (int, float) and math.isfinite(one) and abs(one) <= MAX_POINTS
        for one in spot
    )

from odoo import api, models

from odoo.addons.gov_base.lib import placement, placement_tags
from odoo.addons.gov_base.lib.intake.geometry import seen
from odoo.addons.gov_trust.lib import acts

from .gov_circuit_step import SIGNATURE
from .parapheur_folder_submit import PERSON_BOX, SEAL_BOX, SEAL_FIELD, SIGN_FIELD


class ParapheurFolder(models.Model):
    """The boxes of a document: how many, for whom, and where they stand as it is seen."""

    _inherit = "parapheur.folder"

    def _placed_now(self, piece):
        """Pages and boxes of a document in circuit."""
        pages = (piece.page_facts or {}).get("pages") or []
        names = piece.box_steps or {}
        steps = {step.id: step for step in self.run_id.step_ids}
        used = piece.folder_id.signature_ids.filtered(
            lambda one: one.piece_id == piece and one.state == "valid"
        ).mapped("field_name")
        chosen = (self.placements or {}).get(str(piece.document_id.id)) or {}
        origins = (piece.page_facts or {}).get("origins") or {}
        boxes = []
        for name, page, rect in piece.boxes or ():
            if page >= len(pages):
                continue
            x0, y0, x1, y1 = seen(rect, pages[page])
            boxes.append(
                {
                    "name": name,
                    "kind": acts.SEAL if name == SEAL_FIELD else acts.SIGNATURE,
                    "label": self._box_label(name, steps.get(names.get(name))),
                    "page": page,
                    "x": round(x0, 2),
                    "y": round(y0, 2),
                    "width": round(x1 - x0, 2),
                    "height": round(y1 - y0, 2),
                    "origin": "person"
                    if name in chosen
                    else origins.get(name, "default"),
                    "signed": name in used,
                }
            )
        return {"pages": self._page_sizes(pages), "boxes": boxes}

    def _placed_later(self, document):
        """Pages and boxes of a draft's document, as its submission would place them."""
        content = document.current_version_id._read_content()
        report = self._examine(content, document.name)
        if report.refusal:
            return {"pages": [], "boxes": []}
        labels, pages = self._boxes_planned(), report.pages
        wanted = self._wanted(len(labels))
        facts = {"pages": pages, "tags": report.tags}
        fixed, origins, _notes = self._fixed(document, wanted, facts)
        try:
            _pdf, places = placement.place(
                report.content, wanted, keep_signed=True, fixed=fixed
            )
        except ValueError as error:
            raise self._not_placed(document, error) from error
        return {
            "is_raw": report.content is not content,
            "pages": self._page_sizes(self._with_added(pages, places), len(pages)),
            "boxes": [
                self._box_seen(box, places[box.name], fixed, origins, labels, pages)
                for box in wanted
            ],
        }

    def _box_seen(self, box, place, fixed, origins, labels, pages):
        page, rect = place
        if box.name in fixed:
            x, y = fixed[box.name][1:]
        else:
            geometry = self._with_added(pages, {"": place})[page]
            x, y = seen(rect, geometry)[:2]
        seal = box.kind == acts.SEAL
        return {
            "name": box.name,
            "kind": box.kind,
            "label": self.env._("Seal of the administration")
            if seal
            else labels[int(box.name.removeprefix(SIGN_FIELD)) - 1],
            "page": page,
            "x": round(x, 2),
            "y": round(y, 2),
            "width": box.width,
            "height": box.height,
            "origin": origins.get(box.name, "default"),
            "signed": False,
        }

    @api.model
    def _with_added(self, pages, places):
        """Geometry of the pages, with the blank ones that the places need at the end."""
        last = max((page for page, _rect in places.values()), default=0)
        blank = {
            "width": pages[-1]["width"],
            "height": pages[-1]["height"],
            "box": [0, 0, pages[-1]["width"], pages[-1]["height"]],
            "rotation": 0,
        }
        return [*pages, *([blank] * (last + 1 - len(pages)))]

    @api.model
    def _page_sizes(self, pages, there=None):
        """Sizes as seen; a page beyond those that are there is still to be added."""
        return [
            {
                "width": page["width"],
                "height": page["height"],
                "blank": there is not None and number >= there,
            }
            for number, page in enumerate(pages)
        ]

    def _box_label(self, name, step):
        """Who signs in a box, as far as it is known."""
        if name == SEAL_FIELD:
            return self.env._("Seal of the administration")
        return (
            self._sign_label(step.name, step.actor_ids.mapped("name")) if step else name
        )

    @api.model
    def _sign_label(self, step, names):
        names = [name for name in dict.fromkeys(names) if name]
        return f"{step} – {', '.join(names[:3])}" if names else step or ""

    def _boxes_planned(self):
        """A label for each signature that the circuit will put on a document of this draft."""
        steps = self._way_steps()
        chosen = {
            choice.step_id: choice.user_ids
            for choice in self.choice_ids
            if choice.user_ids
        }
        labels = []
        for planned in steps._plan(self, self.initiator_id, self.company_id, chosen):
            if planned.step.kind != SIGNATURE or planned.left_out:
                continue
            # Names of those who act are shown to whoever reads the folder.
            names = [user.sudo().name for user, _code, _args in planned.actors]
            if planned.step.mode == "all":
                labels += [
                    self._sign_label(planned.name, [one]) for one in names or [""]
                ]
            else:
                count = planned.step.quorum if planned.step.mode == "quorum" else 1
                labels += [self._sign_label(planned.name, names)] * count
        return labels

    def _free_boxes(self, piece, step, free):
        """Names of the empty boxes in which a step may be signed: its own, else those of no other.

        :param set free: names of the empty boxes
        """
        owners = piece.box_steps or {}
        ordered = [box[0] for box in piece.boxes if box[0] in free]
        own = [name for name in ordered if owners.get(name) == step.id]
        if own:
            return own
        still = {
            one.id
            for one in self.run_id._live_steps()
            if one != step and one.state in ("waiting", "current")
        }
        return [name for name in ordered if owners.get(name) not in still]

    def _wanted(self, count):
        """The boxes of a document: one for each signature, and the seal."""
        signs = [
            placement.Wanted(f"{SIGN_FIELD}{number}", acts.SIGNATURE, *PERSON_BOX)
            for number in range(1, count + 1)
        ]
        return [*signs, placement.Wanted(SEAL_FIELD, acts.SEAL, *SEAL_BOX)]

    def _fixed(self, document, wanted, facts):
        """Places that a person or a tag gives to boxes.

        :param dict facts: ``pages`` and ``tags`` of the document as it was examined
        :return: ({name: (page, x, y)}, {name: ``person`` or ``tag``}, notes on the tags)
        """
        sizes = {box.name: (box.width, box.height) for box in wanted}
        chosen = {}
        for name, (page, x, y) in (
            (self.placements or {}).get(str(document.id)) or {}
        ).items():
            if name not in sizes or page >= len(facts["pages"]):
                continue
            spot = placement_tags.inside(x, y, *sizes[name], facts["pages"][page])
            if spot and not placement_tags.meets(name, (page, *spot), sizes, chosen):
                chosen[name] = (page, *spot)
        places, notes = placement_tags.places(
            facts["tags"], wanted, facts["pages"], chosen
        )
        origins = {name: "person" if name in chosen else "tag" for name in places}
        return places, origins, notes

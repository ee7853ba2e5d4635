from odoo import models, tools

from odoo.addons.gov_base.lib import likeness

#: endings that say the unit was the right one
TREATED = ("answered", "no_reply", "treated")
#: states of a row whose unit said that the letter was not for it
GIVEN_BACK = ("returned", "refused")


class RegistryLetter(models.Model):
    """What people do with a letter becomes a precedent for letters like it."""

    _inherit = "registry.letter"

    def _desk_log(self, kind, args, *, journal=None):
        event = super()._desk_log(kind, args, journal=journal)
        self._desk_learn(kind, args, journal or {})
        return event

    def _desk_learn(self, kind, args, journal):
        """Learn from one move; what a rule does is no precedent."""
        if self.env["gov.rule"]._acting() or self.direction == "outgoing":
            return
        # Who gives a letter away may not read it any more; its words make the key only.
        letter_sudo = self.sudo()
        if kind == "dispatched":
            letter_sudo._learn_dispatch(args, journal)
        elif kind == "redirected":
            units = letter_sudo.env["hr.department"]
            letter_sudo._learn_redirection(
                units.browse(args.get("from") or ()), units.browse(args["unit"])
            )
        elif kind == "withdrawn":
            letter_sudo._learn_mistake(args.get("from"))
        elif kind == "closed" and args.get("kind") in TREATED:
            self.env["desk.precedent"]._contradict(
                letter_sudo.company_id,
                letter_sudo._like_keys(),
                from_unit=letter_sudo.desk_unit_id,
            )

    def _learn_dispatch(self, args, journal):
        self.ensure_one()
        units = self.env["hr.department"]
        unit, user_id = units.browse(args.get("unit") or ()), args.get("user")
        rows = []
        if unit and journal.get("from") != journal.get("unit"):
            row = self._desk_row()
            rows += [(*key, None, unit.id, None, 1) for key in self._base_keys()]
            self._learn_after_return(row, unit)
        if unit and user_id:
            rows += [(*key, None, unit.id, user_id, 1) for key in self._base_keys()]
        self.env["desk.precedent"]._note(self.company_id, rows)

    def _learn_after_return(self, row, unit):
        """A unit returned the letter and it goes to another one: that is a redirection too."""
        route = self.assignment_ids.filtered(lambda one: one.role == "to").sorted("id")
        above = row | row.parent_id | row.parent_id.parent_id
        last = (route.filtered(lambda one: one.id < row.id) - above)[-1:]
        if last.state in GIVEN_BACK and last.unit_id not in (
            unit,
            row.parent_id.unit_id,
        ):
            self._learn_redirection(last.unit_id, unit, taken_back=True)

    def _learn_mistake(self, unit_id):
        """Who dispatched took the letter back: that was no precedent."""
        rows = [(*key, None, unit_id, None, -1) for key in self._base_keys() if unit_id]
        self.env["desk.precedent"]._note(self.company_id, rows)

    def _learn_redirection(self, before, unit, taken_back=False):
        """``before`` was not the unit for letters like this one, ``unit`` is."""
        self.ensure_one()
        precedents = self.env["desk.precedent"]
        rows = []
        for key in self._base_keys():
            if before:
                rows.append((*key, None, before.id, None, -1))
            if not taken_back:
                rows.append((*key, None, unit.id, None, 1))
        if before and before != unit:
            likes = self._like_rows()
            rows += [(*key, before.id, unit.id, None, 1) for key in likes]
            precedents._contradict(
                self.company_id,
                [key[0] for key in likes],
                from_unit=unit,
                unit=before,
            )
        precedents._note(self.company_id, rows)

    # ------------------------------------------------------------------
    # Likeness
    # ------------------------------------------------------------------
    def _like_parts(self):
        """What is personal or particular about this letter: [(code, label)] of its sender and words."""
        parts = [
            (word, label) for word, label in likeness.words(self.subject or "").items()
        ]
        if found := self._sender_code():
            parts.append(found)
        return parts

    def _sender_code(self):
        """(code, label) of the correspondent; of a citizen, a digest and no name."""
        name = likeness.sender(self.sender_name or "")
        if not name:
            return None
        if self.sender_kind != "citizen":
            return f"@{name}"[:120], self.sender_name[:120]
        # The secret of the database is read by nobody but this digest.
        digest = tools.hmac(self.env(su=True), "desk.precedent", name)
        return f"@{digest[:24]}", None

    def _base_keys(self):
        """[(key, kind, label)] by which this letter is counted."""
        keys = []
        if self.category_id:
            keys.append((f"c:{self.category_id.id}", "category", None))
        if self.subject_type_id:
            keys.append((f"a:{self.subject_type_id.id}", "about", None))
        for code, label in self._like_parts():
            kind = "sender" if code.startswith("@") else "word"
            keys.append((f"w:{code}", kind, label))
        return keys

    def _like_rows(self):
        """[(key, kind, label)] of redirections: same category and same word or correspondent."""
        category = self.category_id.id or 0
        parts = self._like_parts() or ([("", None)] if category else [])
        return [(f"l:{category}|{code}", "redirection", label) for code, label in parts]

    def _like_keys(self):
        return [key for key, _kind, _label in self._like_rows()]

    def _all_keys(self):
        """Every key by which precedents of this letter are found."""
        return [key for key, _kind, _label in self._base_keys()] + self._like_keys()

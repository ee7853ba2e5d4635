from odoo import api, models, tools

from ..lib.candidate import Candidate

#: so many like redirections in a row, none of them contradicted, change a proposal
REDIRECTIONS = 3
#: letters that went the same way before a precedent is one
EVIDENCE = 2
#: share of like letters that went there, below which a precedent says nothing
SHARE = 0.5
WEIGHTS = {"s": 3, "c": 2, "a": 2, "w": 1}


class DeskProposal(models.AbstractModel):
    """Where the idea of a unit comes from: rules, precedents, redirections, the category."""

    _inherit = "desk.proposal"

    @api.model
    def _candidates(self, letter, known):
        """Units that something speaks for, the strongest first."""
        found = {}
        self._from_precedents(letter, known, found)
        category_unit = letter.category_id.unit_id
        if category_unit and category_unit != letter.desk_unit_id:
            self._of(found, category_unit.id).support(
                "category",
                4.0,
                self.env._(
                    "the category “%(category)s” is usually handled there",
                    category=self._category_name(letter),
                ),
            )
        self._from_rules(letter, found)
        self._from_redirections(letter, known, found)
        return sorted(found.values(), key=lambda one: -one.score)

    @api.model
    def _of(self, found, unit_id):
        return found.setdefault(unit_id, Candidate(unit_id))

    @api.model
    def _from_rules(self, letter, found):
        """Rules for a letter that is registered: those that act and those that only propose."""
        rules = self.env["gov.rule"]
        order = 1000.0
        for rule in rules._due(letter.company_id, "desk_registered"):
            aims = [
                action.get("params") or {}
                for action in rule["actions"]
                if action["action"] in ("assign", "propose")
            ]
            if not aims:
                continue
            holds, verdicts = rules._answers(rule, letter)
            if not holds:
                continue
            for params in aims:
                candidate = self._of(found, params.get("unit"))
                candidate.user_id = candidate.user_id or params.get("user")
                candidate.support(
                    "rule", order, self._rule_reason(rule, letter, verdicts)
                )
                order -= 50.0
            if rule["stop"]:
                break

    @api.model
    def _rule_reason(self, rule, letter, verdicts):
        rules = self.env["gov.rule"]
        because = rules._joined(
            rules._conditions_texts(
                rule["conditions"], letter._name, letter.company_id, {}, verdicts
            ),
            self.env._("%(before)s and %(last)s"),
        )
        if not because:
            return self.env._("rule “%(rule)s”", rule=rule["name"])
        return self.env._(
            "rule “%(rule)s”: %(because)s", rule=rule["name"], because=because
        )

    @api.model
    def _from_precedents(self, letter, known, found):
        """What people did with letters of this category, this correspondent, these words."""
        for key, kind, label in letter._base_keys():
            weight = WEIGHTS["s" if kind == "sender" else key[0]]
            by_unit, by_user = {}, {}
            for _from, unit_id, user_id, count, _label in known.get(key, ()):
                if user_id:
                    by_user.setdefault(unit_id, {})[user_id] = count
                else:
                    by_unit[unit_id] = by_unit.get(unit_id, 0) + count
            total = sum(by_unit.values())
            for unit_id, count in by_unit.items():
                if count >= EVIDENCE and count / total >= SHARE:
                    self._of(found, unit_id).support(
                        "precedent",
                        weight * count / total * min(count, 10) / 10,
                        self._precedent_reason(letter, kind, label, count, total),
                    )
            for unit_id, users in by_user.items():
                if unit_id in found or unit_id == letter.desk_unit_id.id:
                    own = self._of(found, unit_id).users
                    for user_id, count in users.items():
                        if count >= EVIDENCE:
                            own[user_id] = own.get(user_id, 0) + weight * count

    @api.model
    def _precedent_reason(self, letter, kind, label, count, total):
        env = self.env
        values = {"count": count, "total": total}
        if kind == "sender":
            return env._(
                "%(count)s of the last %(total)s letters of %(sender)s went there",
                sender=letter.sender_name,
                **values,
            )
        if kind == "category":
            return env._(
                "%(count)s of %(total)s letters of the category “%(category)s” went there",
                category=self._category_name(letter),
                **values,
            )
        if kind == "about":
            return env._(
                "%(count)s of %(total)s letters about “%(about)s” went there",
                about=self._name_of(
                    "registry.subject", letter.subject_type_id.id, env.lang
                ),
                **values,
            )
        return env._(
            "%(count)s of %(total)s letters with “%(word)s” in their subject went there",
            word=label,
            **values,
        )

    @api.model
    def _from_redirections(self, letter, known, found):
        """Letters like this one that people redirected: the proposal follows them, and says so."""
        moved = {}
        for key in letter._like_keys():
            for before, unit_id, _user, count, _label in known.get(key, ()):
                if count > moved.get(before, (0, 0))[0]:
                    moved[before] = (count, unit_id)
        seen = set()
        before = max(found.values(), key=lambda one: one.score, default=None)
        before_id = before.unit_id if before else letter.desk_unit_id.id
        for start in (before_id, letter.desk_unit_id.id):
            while start in moved and start not in seen:
                seen.add(start)
                count, unit_id = moved[start]
                if count < REDIRECTIONS:
                    break
                self._overrule(letter, found, start, unit_id, count)
                start = unit_id

    @api.model
    def _overrule(self, letter, found, before_id, unit_id, count):
        values = {
            "count": count,
            "before": self._name_of("hr.department", before_id, self.env.lang),
            "unit": self._name_of("hr.department", unit_id, self.env.lang),
        }
        top = max((one.score for one in found.values()), default=0.0)
        reason = self.env._(
            "the last %(count)s letters like this one were redirected from %(before)s to "
            "%(unit)s: the proposal has changed",
            **values,
        )
        candidate = self._of(found, unit_id)
        candidate.reasons.insert(0, reason)
        candidate.source, candidate.score = "precedent", top + 10.0
        if before_id in found:
            found[before_id].reasons.insert(
                0,
                self.env._(
                    "but the last %(count)s letters like this one were redirected from "
                    "here to %(unit)s",
                    **values,
                ),
            )

    @api.model
    def _category_name(self, letter):
        return self._name_of("registry.category", letter.category_id.id, self.env.lang)

    @api.model
    @tools.ormcache("model", "record_id", "lang")
    def _name_of(self, model, record_id, lang):
        """Name of a record that is remembered (``gov.remembered``: every change clears this)."""
        # Names are shown to whoever dispatches the letter.
        record_sudo = self.env[model].sudo().browse(record_id)
        return record_sudo.exists().name or "–"

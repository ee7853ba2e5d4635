from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.gov_base.lib import folding, given, text

from .gov_circuit_step import SIGNATURE

BASKETS = ("sign", "visa", "opinion", "late", "delegated", "prepare", "done")
LIMIT = 80
MOST = 1000
#: in which order folders are found, before the place that the secretary gave them
PRIORITY_ORDER = {"urgent": 0, "sign": 1, "read": 2}
LAST = 10**6


class ParapheurFolder(models.Model):
    """The signatory's desk: what waits for the user, by basket, as plain values (S19)."""

    _inherit = "parapheur.folder"

    @api.model
    def get_desk(
        self,
        basket="sign",
        person_id=None,
        nature_id=None,
        words=None,
        offset=0,
        limit=None,
    ):
        """Return what waits for the user, counted by basket, and the folders of one basket.

        :param str basket: ``sign``, ``visa``, ``opinion``, ``late``, ``delegated`` (signatures by delegation of
            ``person_id``), ``prepare`` (the desk of ``person_id``, whose secretary one is) or ``done``
        :param int person_id: ``res.users``; who gave the delegation, or whose desk is prepared
        :param int nature_id: only folders of this ``parapheur.nature``
        :param str words: only folders whose title, reference or sender has all these words
        :param int offset: how many rows of the basket were shown already
        :param int limit: how many rows come, 80 by default, 1000 at most
        :return: ``{"basket", "person_id", "counts": {basket: number}, "delegations", "signatories": [{"id", "name",
            "count"}], "natures": [{"id", "name", "count"}], "total", "folders": [row], "has_key", "consent": {"id",
            "text", "sha256"}}``; a row has ``id``, ``reference``, ``title``, ``nature``, ``initiator``, ``kind``,
            ``step``, ``deadline``, ``days`` (left, may be negative or None), ``state``, ``priority``, ``for`` (name of
            the person in whose place one acts, or False), ``base``
        :raise AccessError: the desk of somebody whose secretary one is not
        """
        person_id, nature_id = given.record_id(person_id), given.record_id(nature_id)
        if basket not in BASKETS:
            basket = "sign"
        if basket == "prepare":
            person_id = self._signatory(person_id).id
        waiting = self._desk_waiting()
        baskets = self._desk_baskets(waiting, person_id)
        baskets["done"] = self._desk_acted()
        prepared = self._desk_prepared()
        rows = prepared.get(person_id, []) if basket == "prepare" else baskets[basket]
        found = self._desk_found(rows, nature_id, words)
        offset = min(max(given.record_id(offset), 0), len(found))
        limit = given.record_id(limit)
        chosen = found[offset : offset + (min(limit, MOST) if limit > 0 else LIMIT)]
        # Together, so that what they read is fetched once.
        for row, folder in zip(
            chosen, self.browse(row["id"] for row in chosen), strict=True
        ):
            row["base"] = folder._circuit_base()
        delegated = [row for row in waiting if row["delegated"]]
        return {
            "basket": basket,
            "person_id": person_id,
            "counts": {name: len(rows) for name, rows in baskets.items()}
            | {"delegated": len(delegated)},
            "delegations": self._desk_groups(delegated),
            "signatories": self._desk_signatories(prepared),
            "natures": self._desk_natures(rows),
            "total": len(found),
            "folders": chosen,
            "has_key": bool(self.env["gov.key"]._personal(self.env.user)),
            "consent": self.env["parapheur.consent"]._shown(),
        }

    # ------------------------------------------------------------------
    # Baskets
    # ------------------------------------------------------------------
    @api.model
    def _desk_baskets(self, waiting, person_id):
        own = [row for row in waiting if not row["delegated"]]
        return {
            "sign": [row for row in own if row["kind"] == SIGNATURE],
            "visa": [row for row in own if row["kind"] not in (SIGNATURE, "opinion")],
            "opinion": [row for row in own if row["kind"] == "opinion"],
            "late": [row for row in waiting if (row["days"] or 0) < 0],
            "delegated": [
                row
                for row in waiting
                if row["delegated"] and person_id in (0, row["for_id"])
            ],
        }

    @api.model
    def _desk_found(self, rows, nature_id, words):
        """The rows of a nature that have all these words, however they are spelt."""
        words = words if isinstance(words, str) else ""
        keys = folding.search_key(text.clean_line(words, limit=200)).split()
        return [
            row
            for row in rows
            if nature_id in (0, row["nature_id"])
            and all(
                key
                in folding.search_key(
                    " ".join((row["title"], row["reference"], row["initiator"]))
                )
                for key in keys
            )
        ]

    @api.model
    def _desk_groups(self, rows):
        groups = {}
        for row in rows:
            group = groups.setdefault(
                row["for_id"], {"id": row["for_id"], "name": row["for"], "count": 0}
            )
            group["count"] += 1
        return list(groups.values())

    @api.model
    def _desk_natures(self, rows):
        groups = {}
        for row in rows:
            group = groups.setdefault(
                row["nature_id"],
                {"id": row["nature_id"], "name": row["nature"], "count": 0},
            )
            group["count"] += 1
        return sorted(groups.values(), key=lambda group: group["name"])

    @api.model
    def _desk_signatories(self, prepared):
        # Names of colleagues are shown to everybody in the administration.
        people_sudo = self.env["res.users"].sudo().browse(prepared)
        return [
            {"id": one.id, "name": one.name, "count": len(prepared[one.id])}
            for one in people_sudo.sorted("name")
        ]

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    @api.model
    def _desk_turns(self, domain):
        """Persons who have to act now in folders of these administrations, as superuser, in order."""
        # A person reads his own turns whatever else he may read; folders keep their rules.
        actors_sudo = self.env["gov.circuit.run.actor"].sudo()
        return actors_sudo.search(
            Domain(domain)
            & Domain("state", "=", "current")
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("run_id.res_model", "=", self._name)
            & Domain("run_id.state", "=", "running"),
            order="id",
        )

    @api.model
    def _desk_waiting(self):
        """Rows of what waits for the user, in the order in which he finds them."""
        user = self.env.user
        rows_sudo = self._desk_mine(
            self._desk_turns(self.env["gov.circuit.run"]._my_waiting_domain())
        )
        turns = {}
        # His own turn in a folder before one in which he stands in; else the first.
        for row in rows_sudo.sorted(lambda row: (row.user_id != user, row.id)):
            turns.setdefault(row.run_id.res_id, row)
        folders = self.browse(turns)._filtered_access("read")
        return self._desk_in_order(
            user, [folder._desk_row(turns[folder.id]) for folder in folders]
        )

    @api.model
    def _desk_prepared(self):
        """``{signatory id: rows}`` of those whose desk the user prepares."""
        signatories = self.env["parapheur.secretary"]._signatories(self.env.user)
        people = {
            one
            for company in self.env.companies
            for one in signatories.get(company.id, ())
        }
        if not people:
            return {}
        prepared = {person_id: {} for person_id in sorted(people)}
        for row_sudo in self._desk_turns([("user_id", "in", list(people))]):
            if row_sudo.user_id.id in signatories.get(row_sudo.company_id.id, ()):
                turns = prepared[row_sudo.user_id.id]
                turns.setdefault(row_sudo.run_id.res_id, row_sudo)
        readable = self.browse(
            {folder_id for turns in prepared.values() for folder_id in turns}
        )._filtered_access("read")
        readable = readable.filtered(lambda folder: not folder.is_restricted)
        return {
            person_id: self._desk_in_order(
                self.env["res.users"].browse(person_id),
                [
                    folder._desk_row(turns[folder.id])
                    for folder in readable
                    if folder.id in turns
                ],
            )
            for person_id, turns in prepared.items()
        }

    @api.model
    def _desk_in_order(self, signatory, rows):
        """These rows as the secretary placed them: urgent, to sign, to read; then by deadline."""
        folders = self.browse(row["id"] for row in rows)
        order = self.env["parapheur.order"]._of(signatory, folders)
        for row in rows:
            placed = order.get(row["id"])
            row["priority"] = (placed and placed.priority) or row["priority"]
            row["rank"] = (placed and placed.rank) or LAST
        return sorted(
            rows,
            key=lambda row: (
                PRIORITY_ORDER[row["priority"]],
                row["rank"],
                row["days"] is None,
                row["days"] or 0,
                row["id"],
            ),
        )

    @api.model
    def _desk_acted(self):
        """Rows of folders in which the user acted, the latest first."""
        # A person reads his own acts whatever else he may read; folders keep their rules.
        actors_sudo = self.env["gov.circuit.run.actor"].sudo()
        rows_sudo = actors_sudo.search(
            [
                "|",
                ("user_id", "=", self.env.uid),
                ("acted_by_id", "=", self.env.uid),
                ("decision", "!=", False),
                ("company_id", "in", self.env.companies.ids),
                ("run_id.res_model", "=", self._name),
            ],
            order="acted_at desc, id desc",
            limit=4 * LIMIT,
        )
        acts = {}
        for row in rows_sudo:
            acts.setdefault(row.run_id.res_id, row)
        folders = self.browse(list(acts)[:LIMIT])._filtered_access("read")
        return [folder._desk_row(acts[folder.id]) for folder in folders]

    def _desk_row(self, actor):
        """One line of a list; `actor` is the turn or the act by which it stands there."""
        step = actor.step_id
        dates = [date for date in (step.deadline, self.deadline) if date]
        deadline = min(dates, default=None)
        other = actor.user_id != self.env.user
        return {
            "id": self.id,
            "reference": self.reference,
            "title": self.title or "",
            "nature_id": self.nature_id.id,
            "nature": self.nature_id.name,
            "initiator": self.initiator_id.name,
            "kind": step.kind,
            "step": step.name,
            "deadline": deadline and deadline.isoformat(),
            "days": (deadline - fields.Date.context_today(self)).days
            if deadline
            else None,
            "state": self.state,
            "state_text": self._state_text(),
            "priority": self.priority,
            "for_id": other and actor.user_id.id,
            "for": other and actor.name,
            # Who stands in for an absent person never signs: a signature in another's place is by delegation.
            "delegated": other and step.kind == SIGNATURE,
        }

    def _state_text(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

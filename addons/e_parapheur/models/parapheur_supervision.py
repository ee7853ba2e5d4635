from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.gov_base.lib import given

PERIODS = (30, 90, 365)
ROWS = 12
READERS = (
    "e_parapheur.group_e_parapheur_supervisor",
    "e_parapheur.group_e_parapheur_auditor",
)


class ParapheurSupervision(models.AbstractModel):
    """The questions of whoever supervises the signature book; each figure opens its list.

    Everything is counted under the reader's own rights: a restricted folder is in no figure of
    a supervisor.
    """

    _name = "parapheur.supervision"
    _description = "Supervision of the signature book"
    _inherit = ["gov.figures"]

    @api.model
    @api.readonly
    def get_figures(self, period=90, nature_id=None):
        """Return the figures of the supervision page.

        :param int period: days looked back at for what is finished: 30, 90 or 365
        :param int nature_id: ``parapheur.nature``: only its folders
        :return: ``{"period", "nature", "natures", "totals", "blocks"}``; a row is {label, value,
            text, part (0–1), late, open: {model, domain, name}}
        :rtype: dict
        :raise AccessError: neither a supervisor nor an auditor
        """
        if not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(
                self.env._("Only supervisors and auditors read these figures.")
            )
        period = period if type(period) is int and period in PERIODS else PERIODS[1]
        natures = self.env["parapheur.nature"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        nature = natures.filtered(lambda one: one.id == given.record_id(nature_id))
        scope = Domain("company_id", "in", self.env.companies.ids)
        if nature:
            scope &= Domain("nature_id", "=", nature.id)
        since = fields.Datetime.now() - timedelta(days=period)
        running = self._folders(scope & Domain("state", "=", "running"))
        ended = scope & Domain("state", "=", "done") & Domain("ended_at", ">=", since)
        return {
            "period": period,
            "nature": nature.id or False,
            "natures": [{"id": one.id, "name": one.name} for one in natures],
            "totals": self._totals(scope, running, ended),
            "blocks": [
                self._stuck(scope),
                self._signatories(scope, running),
                self._natures(scope),
                self._steps(scope, since),
                self._durations(ended),
            ],
        }

    @api.model
    def _folders(self, domain):
        return self.env["parapheur.folder"].search(domain)

    @api.model
    def _row(self, label, value, domain, late=False, text=""):
        row = super()._row(label, value, "parapheur.folder", domain, late=late)
        return {**row, "text": text}

    # ------------------------------------------------------------------
    # Totals
    # ------------------------------------------------------------------
    @api.model
    def _totals(self, scope, running, ended):
        env, folders = self.env, self.env["parapheur.folder"]
        circulating = scope & Domain("state", "=", "running")
        late = scope & Domain("is_late", "=", True)
        refused = scope & Domain("state", "=", "refused")
        refused &= Domain("ended_at", ">=", self._since_of(ended))
        return [
            self._row(env._("In circuit"), len(running), circulating),
            self._row(env._("Late"), folders.search_count(late), late, late=True),
            self._row(
                env._("Finished in the period"), folders.search_count(ended), ended
            ),
            self._row(
                env._("Refused in the period"), folders.search_count(refused), refused
            ),
            self._row(
                env._("Median days to finish"),
                0,
                ended,
                text=self._days(self._median(ended)),
            ),
        ]

    @staticmethod
    def _since_of(domain):
        return next(
            one.value
            for one in domain.iter_conditions()
            if one.field_expr == "ended_at"
        )

    # ------------------------------------------------------------------
    # Stuck, and why
    # ------------------------------------------------------------------
    @api.model
    def _stuck(self, scope):
        folders = self.env["parapheur.folder"]
        seen = self._folders(scope & folders._may_be_stuck_domain())
        counts = {}
        for code, *_rest in seen._stuck_found().values():
            counts[code] = counts.get(code, 0) + 1
        labels = folders._fields["stuck"]._description_selection(self.env)
        rows = [
            self._row(
                label,
                counts[code],
                scope & Domain("stuck", "in", [code]),
                late=True,
            )
            for code, label in labels
            if counts.get(code)
        ]
        return self._block(
            "stuck",
            self.env._("Stuck, and why"),
            rows,
            self.env._(
                "Nothing is stuck: every folder waits for somebody who can act."
            ),
        )

    # ------------------------------------------------------------------
    # By signatory, by nature
    # ------------------------------------------------------------------
    @api.model
    def _signatories(self, scope, running):
        # Whoever reads a folder reads for whom it waits; only readable folders are counted.
        runs_sudo = running.sudo().run_id
        late = set(running.filtered("is_late").ids)
        waiting, overdue = {}, {}
        for run in runs_sudo:
            for user in run.current_user_ids:
                waiting[user] = waiting.get(user, 0) + 1
                overdue[user] = overdue.get(user, 0) + (run.res_id in late)
        rows = [
            self._row(
                self._label_of(user),
                count,
                scope
                & Domain("state", "=", "running")
                & Domain("run_id.current_user_ids", "in", user.ids),
                late=bool(overdue[user]),
                text=self._with_late(count, overdue[user]),
            )
            for user, count in sorted(waiting.items(), key=lambda one: -one[1])[:ROWS]
        ]
        return self._block(
            "signatories",
            self.env._("Waiting, by person"),
            rows,
            self.env._("Nobody is waited for."),
        )

    @api.model
    def _natures(self, scope):
        folders = self.env["parapheur.folder"]
        circulating = scope & Domain("state", "=", "running")
        late = dict(
            folders._read_group(
                circulating & Domain("is_late", "=", True), ["nature_id"], ["__count"]
            )
        )
        found = folders._read_group(
            circulating, ["nature_id"], ["__count"], order="__count desc"
        )
        rows = [
            self._row(
                self._label_of(nature),
                count,
                circulating & Domain("nature_id", "=", nature.id),
                late=bool(late.get(nature)),
                text=self._with_late(count, late.get(nature, 0)),
            )
            for nature, count in found[:ROWS]
        ]
        return self._block(
            "natures",
            self.env._("In circuit, by nature"),
            rows,
            self.env._("No folder circulates."),
        )

    @api.model
    def _with_late(self, count, late):
        if not late:
            return str(count)
        return self.env._("%(count)s, %(late)s late", count=count, late=late)

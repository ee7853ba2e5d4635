import logging
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib import clamd_client
from ..lib.intake import Refusal, inspect_deep
from .gov_intake import MIB

_logger = logging.getLogger(__name__)
BATCH = 50
MAX_DEEP_ATTEMPTS = 5
STUCK_ATTEMPTS = 5
MAX_BACKOFF_MINUTES = 10


class GovIntakeScan(models.AbstractModel):
    """The background half of the intake: finish the structure checks, ask the antivirus, release or quarantine."""

    _inherit = "gov.intake"

    @api.model
    def _process_scan(self, limit=BATCH):
        """Finish the checks of waiting files: cron, and watchdog of whatever was left behind."""
        version_ids, remaining = self._due(limit)
        run = {"client": self._safe_client(), "down": ""}
        cron = self.env["ir.cron"]
        if version_ids:
            cron._commit_progress(remaining=remaining)
        for version in self._versions_sudo(version_ids):
            if version.try_lock_for_update(allow_referencing=True):
                self._process_version(version, run)
            if not cron._commit_progress(1):
                break
        self._report_stuck()

    def _safe_client(self):
        try:
            return self._clamd_client()
        except ValueError:
            _logger.error("The address of the antivirus is not valid: files wait.")
            return None

    def _versions_sudo(self, version_ids):
        # The background checks see every administration's files.
        versions_sudo = self.env["gov.document.version"].sudo()
        return versions_sudo.browse(version_ids)

    def _due(self, limit):
        """`(ids, how many are due)`, oldest first."""
        self.env["gov.document.version"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, count(*) OVER () FROM gov_document_version
                    WHERE (state IN ('received', 'typed', 'bounded', 'scanned') OR av_state = 'pending')
                      AND (next_attempt_at IS NULL OR next_attempt_at <= %s)
                    ORDER BY id LIMIT %s""",
                fields.Datetime.now(),
                limit,
            )
        )
        return [row[0] for row in rows], rows[0][1] if rows else 0

    def _process_version(self, version, run):
        try:
            with self.env.cr.savepoint():
                self._advance(version, run)
        except Exception as error:
            # One file must not stop the others; what happened is kept on it.
            _logger.exception("intake: version %s", version.id)
            version.invalidate_recordset()
            self._postpone(version, str(error) or type(error).__name__)

    def _advance(self, version, run):
        """Take one file as far as it goes now. Each step is repeated harmlessly after a crash."""
        before = (version.state, version.av_state)
        content = None
        if version.state in ("received", "typed"):
            content = version._read_content()
            if not self._bound(version, content):
                return
        if version.av_state == "pending" and not self._scan(version, content, run):
            return
        if version.state in ("bounded", "scanned"):
            version._write_pipeline(
                {
                    "state": "released",
                    "last_error": False,
                    "is_stuck": False,
                    "next_attempt_at": False,
                }
            )
        if (version.state, version.av_state) != before:
            self._tell_owner(version)

    def _bound(self, version, content):
        limits = replace(self._limits(), cpu_seconds=30, wall_seconds=90.0)
        report = inspect_deep(content, version.extension, limits, patience=30.0)
        if report.refusal:
            return self._quarantine(version, report.refusal)
        if not report.bounded:
            if version.attempts + 1 >= MAX_DEEP_ATTEMPTS:
                return self._quarantine(version, Refusal("unreadable", report.deferred))
            self._postpone(version, report.deferred)
            return False
        findings = [*(version.findings or []), *report.findings_json()]
        version._write_pipeline(
            {
                "state": "bounded",
                "pages": report.pages,
                "findings": findings,
                "has_active": version.has_active or report.active,
                "attempts": 0,
                "last_error": False,
            }
        )
        return True

    def _quarantine(self, version, refusal):
        _logger.info(
            "intake: version %s in quarantine: %s (%s)",
            version.id,
            refusal.code,
            refusal.detail,
        )
        version._write_pipeline(
            {
                "state": "quarantined",
                # No verdict will follow: the antivirus is not asked about what nobody can open.
                "av_state": "not_scannable"
                if version.av_state == "pending"
                else version.av_state,
                "last_error": self._sentence(refusal),
                "findings": [
                    *(version.findings or []),
                    {"code": f"refused_{refusal.code}", "count": 1},
                ],
                "next_attempt_at": False,
            }
        )
        self._tell_owner(version)
        return False

    def _scan(self, version, content, run):
        """Ask the antivirus. False when it gave no verdict."""
        client = run["client"]
        if client is None:
            if self._parameter("clamd_address"):
                self._postpone(
                    version, self.env._("The address of the antivirus is not valid.")
                )
                return False
            version._write_pipeline({"av_state": "not_configured"})
            return True
        if version.size > self._number("clamd_max_mb", 25) * MIB:
            return self._verdict(
                version,
                clamd_client.Verdict(
                    "not_scannable", "larger than the antivirus accepts"
                ),
            )
        if run["down"]:
            self._postpone(version, run["down"])
            return False
        try:
            verdict = client.scan(
                content if content is not None else version._read_content()
            )
        except clamd_client.ClamdError as error:
            if not error.reachable:
                run["down"] = str(error)
            self._postpone(version, str(error))
            return False
        return self._verdict(version, verdict)

    def _verdict(self, version, verdict):
        infected = verdict.kind == "infected"
        vals = {
            "av_state": verdict.kind,
            "av_signature": verdict.signature or False,
            "av_at": fields.Datetime.now(),
            "last_error": False,
            "attempts": 0,
            "is_stuck": False,
            "next_attempt_at": False,
        }
        if infected:
            _logger.info(
                "intake: version %s is infected: %s", version.id, verdict.signature
            )
            vals["state"] = "quarantined"
        elif version.state == "bounded":
            vals["state"] = "scanned"
        version._write_pipeline(vals)
        return True

    def _postpone(self, version, reason):
        attempts = version.attempts + 1
        minutes = min(2 ** min(attempts, 10), MAX_BACKOFF_MINUTES)
        version._write_pipeline(
            {
                "attempts": attempts,
                "next_attempt_at": fields.Datetime.now() + timedelta(minutes=minutes),
                "last_error": (reason or "")[:300],
                "is_stuck": attempts >= STUCK_ATTEMPTS,
            }
        )

    def _tell_owner(self, version):
        """The owner may log an event, tell the depositor which file it was… A failure there changes no verdict."""
        document = version.document_id
        if not document.res_model or document.res_model not in self.env:
            return
        # The background checks act for nobody in particular.
        owner_sudo = (
            self.env[document.res_model].sudo().browse(document.res_id).exists()
        )
        if owner_sudo and hasattr(owner_sudo, "_gov_document_scanned"):
            try:
                with self.env.cr.savepoint():
                    owner_sudo._gov_document_scanned(version)
            except Exception:
                _logger.exception(
                    "intake: the owner of version %s could not be told", version.id
                )

    @api.model
    def _waiting(self):
        """What waits: `{"count", "oldest", "stuck", "last_error"}`, for the settings and the watchdog."""
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*), min(create_date), count(*) FILTER (WHERE is_stuck),
                          (array_agg(last_error ORDER BY id) FILTER (WHERE last_error IS NOT NULL))[1]
                     FROM gov_document_version
                    WHERE state IN ('received', 'typed', 'bounded', 'scanned') OR av_state = 'pending'"""
            )
        )
        return dict(
            zip(("count", "oldest", "stuck", "last_error"), rows[0], strict=True)
        )

    @api.model
    def _report_stuck(self):
        self.env["gov.document.version"].flush_model()
        waiting = self._waiting()
        if waiting["stuck"]:
            _logger.warning(
                "%s files wait for the checks of the intake since %s: %s",
                waiting["stuck"],
                waiting["oldest"],
                waiting["last_error"],
            )

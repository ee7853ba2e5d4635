import logging
from dataclasses import replace

from odoo import api, models

from ..exceptions import IntakeRefused
from ..lib import clamd_client
from ..lib.intake import Limits, Refusal, inspect
from ..lib.intake.names import kept_name

_logger = logging.getLogger(__name__)
MIB = 1024 * 1024
LABELS = {"jpg": "JPG", "jpeg": "", "tif": "TIFF", "tiff": ""}


class GovIntake(models.AbstractModel):
    """What comes in: refused at the door, or typed, bounded, scanned and released in the background."""

    _name = "gov.intake"
    _description = "Intake of files"

    # -- settings

    @api.model
    def _parameter(self, name, default=""):
        # Settings of the platform: every deposit depends on them, whoever makes it.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return parameters_sudo.get_param(f"gov_base.{name}") or default

    @api.model
    def _number(self, name, default):
        value = str(self._parameter(name))
        return (
            int(value)
            if value.isascii() and value.isdigit() and int(value) > 0
            else default
        )

    @api.model
    def _limits(self, **narrower):
        """The bounds of this platform, with `narrower` ones of a slot."""
        base = Limits()
        limits = Limits(
            max_files=self._number("intake_max_files", base.max_files),
            max_file_bytes=self._number(
                "intake_max_file_mb", base.max_file_bytes // MIB
            )
            * MIB,
            max_total_bytes=self._number(
                "intake_max_total_mb", base.max_total_bytes // MIB
            )
            * MIB,
            max_pages=self._number("intake_max_pages", base.max_pages),
        )
        return replace(limits, **narrower)

    @api.model
    def _clamd_client(self, timeout=None):
        """The client of the configured antivirus, or None."""
        address = self._parameter("clamd_address")
        if not address:
            return None
        return clamd_client.Client(
            address, timeout or self._number("clamd_timeout", 60)
        )

    # -- at the door

    @api.model
    def _inspect(self, content, filename, limits=None):
        """The report of the inspector, or :class:`IntakeRefused`."""
        limits = limits or self._limits()
        report = inspect(content, filename, limits)
        if report.refusal:
            raise self._refused(report.refusal)
        return report

    @api.model
    def _check_batch(self, sizes, limits=None):
        """Raise when files of `sizes` bytes are too many, or too much together, for one deposit."""
        limits = limits or self._limits()
        sizes = list(sizes)
        if len(sizes) > limits.max_files:
            raise self._refused(Refusal("too_many_files", limit=limits.max_files))
        if sum(sizes) > limits.max_total_bytes:
            raise self._refused(
                Refusal("total_too_large", limit=limits.max_total_bytes // MIB)
            )

    @api.model
    def _refused(self, refusal):
        _logger.info("intake refused: %s (%s)", refusal.code, refusal.detail)
        return IntakeRefused(refusal.code, self._sentence(refusal))

    @api.model
    def _sentence(self, refusal):
        """What the person reads: what is wrong with the file, and what to do."""
        limit = refusal.params.get("limit", 0)
        types = self._type_names(refusal.params.get("types", ()))
        sentences = {
            "empty": lambda: self.env._("The selected file is empty"),
            "too_large": lambda: self.env._(
                "The selected file must be smaller than %(limit)s MB", limit=limit
            ),
            "wrong_type": lambda: self.env._(
                "The selected file must be a %(types)s", types=types
            ),
            "type_mismatch": lambda: self.env._(
                "The selected file must be a %(types)s, and its name must end with its own type: this one is not a"
                " .%(extension)s file",
                types=types,
                extension=refusal.params.get("extension", ""),
            ),
            "double_extension": lambda: self.env._(
                "The selected file must have a name with one extension: rename it, it ends with “%(ending)s”",
                ending=refusal.params.get("ending", ""),
            ),
            "encrypted": lambda: self.env._(
                "The selected file is password protected: save it without a password and try again"
            ),
            "unreadable": lambda: self.env._(
                "The selected file could not be read — try saving it again"
            ),
            "macros": lambda: self.env._(
                "The selected file contains macros: save it without macros, or as PDF"
            ),
            "bomb": lambda: self.env._(
                "The selected file could not be read: it unpacks to far more than its size — try saving it again as PDF"
            ),
            "polyglot": lambda: self.env._(
                "The selected file could not be read: it holds a second document — try saving it again"
            ),
            "too_many_pages": lambda: self.env._(
                "The selected file must have %(limit)s pages or fewer: split it into several files",
                limit=limit,
            ),
            "too_many_pixels": lambda: self.env._(
                "The selected file must have pictures of %(limit)s million pixels or fewer: save it at a lower resolution",
                limit=limit,
            ),
            "too_many_files": lambda: self.env._(
                "You can only select up to %(limit)s files", limit=limit
            ),
            "total_too_large": lambda: self.env._(
                "The selected files must be smaller than %(limit)s MB together",
                limit=limit,
            ),
        }
        return sentences[refusal.code]()

    @api.model
    def _type_names(self, extensions):
        names = [name for ext in extensions if (name := LABELS.get(ext, ext.upper()))]
        if len(names) < 2:
            return "".join(names)
        return self.env._(
            "%(list)s or %(last)s", list=", ".join(names[:-1]), last=names[-1]
        )

    @api.model
    def _original_name(self, filename):
        return kept_name(filename)

    @api.model
    def _entry_states(self, report):
        """`(av_state, state)` of a file that has just come in."""
        configured = bool(self._parameter("clamd_address"))
        av_state = "pending" if configured else "not_configured"
        if not report.bounded:
            return av_state, "typed"
        return av_state, "bounded" if configured else "released"

    @api.model
    def _schedule_scan(self):
        """Start the background checks after this transaction, once."""
        done = self.env.cr.precommit.data
        if not done.get("gov_base.scan_scheduled"):
            done["gov_base.scan_scheduled"] = True
            self.env.ref("gov_base.ir_cron_gov_intake_scan")._trigger()

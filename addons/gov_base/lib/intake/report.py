"""The answer of the intake: a refusal (one code) or a typed file with findings."""

from dataclasses import dataclass, field

# Findings that can act when the original is opened: agents are warned, the file is accepted.
ACTIVE = frozenset(
    {
        "javascript",
        "open_action",
        "additional_actions",
        "launch",
        "embedded_file",
        "rich_media",
        "xfa",
        "submit_form",
        "import_data",
        "remote_goto",
        "remote_reference",
        "ole_object",
        "dde",
        "formula",
    }
)

REFUSALS = frozenset(
    {
        "empty",
        "too_large",
        "wrong_type",
        "type_mismatch",
        "double_extension",
        "encrypted",
        "unreadable",
        "macros",
        "bomb",
        "polyglot",
        "too_many_pages",
        "too_many_pixels",
        "too_many_files",
        "total_too_large",
    }
)


class Refusal(Exception):
    """A file that may not come in. `code` is one of :data:`REFUSALS`; `detail` is for the log, never for the page."""

    def __init__(self, code, detail="", **params):
        super().__init__(code, detail)
        assert code in REFUSALS, code
        self.code = code
        self.detail = detail
        self.params = params


@dataclass(frozen=True)
class Finding:
    """Something an agent must know about an accepted file."""

    code: str
    count: int = 1

    def as_dict(self):
        return {"code": self.code, "count": self.count}


@dataclass
class Report:
    """What the intake knows of a file.

    `bounded` is False when the deep part could not run now (no process free, time-out of a busy machine): the quick
    checks hold, and the caller must run the deep part again before anybody reads the file.
    """

    mime: str = ""
    extension: str = ""
    name: str = ""
    pages: int = 0
    findings: list = field(default_factory=list)
    refusal: Refusal | None = None
    bounded: bool = False
    deferred: str = ""

    @property
    def ok(self):
        return self.refusal is None

    @property
    def active(self):
        """True when opening the original can make something happen."""
        return any(finding.code in ACTIVE for finding in self.findings)

    def findings_json(self):
        """Findings as plain data, for a JSON column."""
        return [finding.as_dict() for finding in self.findings]

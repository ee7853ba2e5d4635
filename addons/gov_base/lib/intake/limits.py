"""Bounds of the intake. All of them are data: the caller may narrow them for a slot."""

from dataclasses import dataclass

MIB = 1024 * 1024
EXTENSIONS = (
    "pdf",
    "jpg",
    "jpeg",
    "png",
    "tif",
    "tiff",
    "docx",
    "xlsx",
    "odt",
    "ods",
    "txt",
    "csv",
)


@dataclass(frozen=True)
class Limits:
    """What a file, and a deposit of several files, may weigh.

    `allowed` holds extensions out of :data:`EXTENSIONS`; anything else in it is ignored.
    The `cpu_seconds`, `wall_seconds` and `memory_bytes` bound the process that parses one file.
    """

    max_files: int = 10
    max_file_bytes: int = 25 * MIB
    max_total_bytes: int = 60 * MIB
    max_name: int = 80
    allowed: tuple = EXTENSIONS
    # PDF
    max_pages: int = 5_000
    max_objects: int = 400_000
    # Images
    max_pixels: int = 100_000_000
    # Packages (docx, xlsx, odt, ods) and anything compressed
    max_entries: int = 3_000
    max_inflated: int = 300 * MIB
    max_ratio: int = 200
    max_nesting: int = 2
    # The limited process
    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    memory_bytes: int = 1024 * MIB

    def allowed_extensions(self):
        """The allow-list, in the order in which it is shown."""
        return tuple(ext for ext in EXTENSIONS if ext in self.allowed)

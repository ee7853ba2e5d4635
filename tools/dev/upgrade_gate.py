"""List our files that use what Odoo dropped (``odoo upgrade_code`` as a gate).

The command itself also walks through Odoo's own addons; this looks at ours alone.
"""

import sys

from odoo.cli.upgrade_code import migrate
from odoo.tools import parse_version

FIRST, LAST = "17.5", "19.0"


def main() -> int:
    """Exit 1 when a script would rewrite a file; the files are printed."""
    dirty = migrate(
        addons_path=["addons"],
        glob="*/**/*",
        from_version=parse_version(FIRST),
        to_version=parse_version(LAST),
        dry_run=True,
    )
    return int(dirty)


if __name__ == "__main__":
    sys.exit(main())

"""The demo, piped into ``odoo shell`` by ``make run``; a second run adds nothing.

It commits as it goes: a letter has its number only after its transaction. Killed at any
instant, it goes on where it stopped.
"""

import sys
from pathlib import Path

from odoo.addons import digital_registry

# Piped code has no file of its own: the addons say where the repository is.
sys.path.insert(
    0, str(Path(digital_registry.__file__).resolve().parents[2] / "tools" / "demo")
)

from maktab_demo import scenario

scenario.play(env)  # noqa: F821  (given by the shell)

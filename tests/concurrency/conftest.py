"""One Odoo with two administrations, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import scene

from odoo_process import OdooProcess

INJECT = Path(__file__).resolve().parents[1] / "inject"


@pytest.fixture(scope="session")
def inject(tmp_path_factory) -> Path:
    """The folder whose files move the clock and break the PDF engine."""
    return tmp_path_factory.mktemp("inject")


@pytest.fixture(scope="session")
def served(databases, template, inject) -> Iterator[OdooProcess]:
    """A threaded Odoo with the scene."""
    process = OdooProcess(
        databases,
        template,
        label="concurrency",
        script=scene.script(),
        env={"PYTHONPATH": str(INJECT), "MAKTAB_INJECT": str(inject)},
    )
    try:
        process.start()
        yield process
    finally:
        process.destroy()

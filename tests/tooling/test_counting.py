"""``make test`` counts what happened and lets nothing through unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from maktab_dev.addons import Suite
from maktab_dev.odoo_tests import allowed_patterns, unexpected
from maktab_dev.report import Report

LINE = "2026-11-22 10:00:00,000 1 {level} db odoo.addons.x: {text}\n"


def _addon(folder: Path, name: str, **manifest) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "__manifest__.py").write_text(repr({"name": name, **manifest}))


@pytest.fixture
def suite(tmp_path) -> Suite:
    """The house in small: two layers, three apps, a bridge, a foreign bridge."""
    _addon(tmp_path, "trust", depends=["mail"])
    _addon(tmp_path, "registry", depends=["trust"], application=True)
    _addon(tmp_path, "desk", depends=["registry", "hr"], application=True)
    _addon(tmp_path, "book", depends=["trust"], application=True)
    _addon(tmp_path, "bridge", depends=["desk", "book"], auto_install=True)
    _addon(tmp_path, "leave", depends=["desk", "hr_holidays"], auto_install=True)
    return Suite(tmp_path)


def test_subsets_are_the_closures_of_the_apps(suite):
    found = {subset.name: subset.modules for subset in suite.subsets()}
    assert found == {
        "registry": ("registry", "trust"),
        "desk+registry": ("desk", "registry", "trust"),
        "book": ("book", "trust"),
        "book+desk+registry": ("book", "bridge", "desk", "registry", "trust"),
        "desk+registry+leave": ("desk", "leave", "registry", "trust"),
        "all": ("book", "bridge", "desk", "leave", "registry", "trust"),
    }


def test_a_bridge_with_another_app_waits_for_that_app(suite):
    assert sorted(suite.at_home()) == ["book", "bridge", "desk", "registry", "trust"]


def test_a_bridge_is_tested_where_it_appears(suite):
    tested = {subset.name: subset.tested for subset in suite.subsets()}
    assert tested["book+desk+registry"] == ("bridge",)
    assert tested["desk+registry+leave"] == ("leave",)
    assert tested["book"] == ("book", "trust")


def test_each_addon_is_tested_once_in_the_smallest_subset(suite):
    tested = {subset.name: subset.tested for subset in suite.subsets()}
    assert tested["registry"] == ("registry",)
    assert tested["desk+registry"] == ("desk",)
    once = [name for subset in tested.values() for name in subset]
    # Where nothing is left to test, one addon shows that the subset works.
    assert tested["all"] == ("book",)
    once.remove("book")
    assert sorted(once) == sorted(suite.manifests)


def test_core_is_what_the_manifests_name_of_odoo(suite):
    assert suite.core(["desk"]) == ("hr", "mail")
    assert suite.core(["book"]) == ("mail",)


def test_the_closing_line_counts_everything(capsys):
    report = Report()
    report.add("one", "passed")
    report.add("two", "skipped", "no scanner here")
    report.add("three", "failed", "1 != 2")
    assert report.close() == 1
    printed = capsys.readouterr().out
    assert printed.rstrip().splitlines()[-1] == "1 passed, 1 failed, 1 skipped"
    assert "no scanner here" in printed


def test_a_run_without_a_test_is_a_failure(capsys):
    assert Report().close() == 1
    assert capsys.readouterr().out.rstrip().endswith("0 passed, 0 failed")


@pytest.mark.parametrize(
    ("level", "found"), [("INFO", False), ("WARNING", True), ("ERROR", True)]
)
def test_a_warning_in_the_log_is_found(databases, tmp_path, level, found):
    log = tmp_path / "odoo.log"
    log.write_text(LINE.format(level=level, text="something happened"))
    program = databases.workspace.settings.venv / "bin" / "checklog-odoo"
    assert bool(unexpected(program, log, [])) == found
    assert not unexpected(program, log, ["something happened"])


def test_an_allowed_record_needs_its_reason(tmp_path):
    path = tmp_path / "allowed.txt"
    path.write_text("# harmless because\n first pattern\n\nsecond pattern\n")
    with pytest.raises(ValueError, match="has no reason"):
        allowed_patterns(path)


def test_every_allowed_record_of_this_repository_has_its_reason():
    path = Path(__file__).resolve().parents[1] / "log-allowed.txt"
    assert path.is_file()
    assert len(allowed_patterns(path)) <= 10, "so many exceptions hide the next one"

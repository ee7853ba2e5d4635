"""``make test`` runs Odoo's tests and pytest at once, loses nothing and stops both."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from maktab_dev import settings
from maktab_dev.common import Problem
from maktab_dev.pytest_run import PytestRun, descendants
from maktab_dev.report import Report
from maktab_dev.test_run import TestRun

PATIENCE = 60
#: One lane waits for a file that the other one makes: both must be at work.
MEET = f"""
import time
from pathlib import Path

def test_the_other_lane_is_at_work():
    here = Path(__file__).parents[1]
    (here / "pytest").touch()
    end = time.monotonic() + {PATIENCE}
    while not (here / "odoo").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    print("not shown")

def test_wrong():
    assert 1 == 2, "the sum is wrong"
"""
STARTS_A_SERVER = """
import subprocess, sys, time
from pathlib import Path

def test_server():
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    server = subprocess.Popen(command, start_new_session=True)
    (Path(__file__).parents[1] / "pid").write_text(f"{server.pid} ")
    time.sleep(600)
"""


def wait_for(path: Path) -> str:
    """Wait until a file is there (with something in it, unless it is a mere mark)."""
    end = time.monotonic() + PATIENCE
    while not path.exists() or (path.name == "pid" and not path.read_text()):
        assert time.monotonic() < end, path
        time.sleep(0.05)
    return path.read_text()


def alive(pid: int) -> bool:
    """Tell whether a process runs (a dead one that nobody waited for does not)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def lanes(tmp_path) -> TestRun:
    """A run on a checkout that holds nothing but what a test writes into ``tests/``."""
    (tmp_path / "tests").mkdir()
    made = TestRun.__new__(TestRun)
    made.report = Report()
    databases = SimpleNamespace(
        folder=tmp_path,
        environment=lambda: dict(os.environ),
        workspace=SimpleNamespace(
            settings=SimpleNamespace(python=Path(sys.executable), repo=tmp_path)
        ),
    )
    made.pytest = PytestRun(databases, made.report)
    made.every_addon = lambda: None
    made.each_subset = lambda: None
    return made


def write(lanes: TestRun, text: str) -> Path:
    """Give the run its one file of tests; return the checkout."""
    repo = lanes.pytest.databases.folder
    (repo / "tests" / "test_it.py").write_text(text)
    return repo


def test_both_lanes_work_at_once_and_are_counted(lanes, capfd):
    repo = write(lanes, MEET)

    def every_addon():
        wait_for(repo / "pytest")
        for number in range(200):
            lanes.report.add(f"odoo {number}", "passed")
        (repo / "odoo").touch()

    lanes.every_addon = every_addon
    lanes.everything()
    assert lanes.report.close() == 1
    printed = capfd.readouterr().out
    assert printed.rstrip().splitlines()[-1] == "201 passed, 1 failed"
    # What pytest says of a failure comes in one piece.
    (_before, _mark, block) = printed.partition("= FAILURES =")
    told = block.partition("1 failed, 1 passed")[0]
    assert "the sum is wrong" in told
    assert "FAILED tests/test_it.py::test_wrong" in told
    assert "· " not in told and "  … " not in told


@pytest.mark.parametrize("broken", ["every_addon", "each_subset", "pytest"])
def test_a_lane_that_breaks_is_a_failure_and_the_others_end(lanes, broken, capfd):
    repo = write(lanes, "def test_fine():\n    pass\n")
    done = []
    lanes.every_addon = lambda: done.append("every_addon")
    lanes.each_subset = lambda: done.append("each_subset")

    def breaks():
        raise Problem("the disk is full")

    if broken == "pytest":
        # Something that is no report of pytest's: the count breaks.
        (repo / "tests" / "conftest.py").write_text(
            "import os\ndef pytest_unconfigure():\n"
            f"    open({str(repo / 'pytest.xml')!r}, 'w').write('<not xml')\n"
            "    os._exit(0)\n"
        )
    else:
        setattr(lanes, broken, breaks)
    lanes.everything()
    assert lanes.report.close() == 1
    assert len(lanes.report.failures) == 1
    assert lanes.report.passed == (0 if broken == "pytest" else 1)
    assert set(done) == {"every_addon", "each_subset"} - {broken}
    capfd.readouterr()


def test_pytest_that_dies_is_a_failure(lanes):
    write(lanes, "import os\nos._exit(3)\n")
    lanes.everything()
    assert [text for _name, text in lanes.report.failures] == [
        "pytest ended with exit code 3"
    ]


def test_a_stop_ends_both_lanes_and_what_they_started(lanes):
    repo = write(lanes, STARTS_A_SERVER)

    def every_addon():
        wait_for(repo / "pid")
        raise SystemExit(143)  # what SIGTERM does in the main thread

    lanes.every_addon = every_addon
    with pytest.raises(SystemExit):
        lanes.everything()
    assert lanes.pytest.process.poll() is not None
    server = int((repo / "pid").read_text())
    end = time.monotonic() + PATIENCE
    while alive(server):
        assert time.monotonic() < end, "what a test started goes on"
        time.sleep(0.05)


def test_a_stop_before_pytest_starts(lanes):
    write(lanes, STARTS_A_SERVER)
    lanes.pytest.stop()
    lanes.everything()
    assert lanes.pytest.process is None


def test_sigterm_ends_pytest_in_order(databases, tmp_path):
    """The tests of this repository put away what they have started."""
    (tmp_path / "conftest.py").write_text(
        Path(__file__).resolve().parents[1].joinpath("conftest.py").read_text()
    )
    (tmp_path / "test_it.py").write_text(
        "import time, pytest\n"
        "from pathlib import Path\n"
        "HERE = Path(__file__).parent\n"
        "@pytest.fixture\n"
        "def server():\n"
        "    yield\n"
        "    (HERE / 'put away').touch()\n"
        "def test_it(server):\n"
        "    (HERE / 'started').touch()\n"
        "    time.sleep(600)\n"
    )
    repo = databases.workspace.settings.repo
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        env=databases.environment()
        | {"PYTHONPATH": f"{repo / 'tools' / 'dev'}:{repo / 'tests'}"},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(tmp_path / "started")
        process.terminate()
        process.wait(PATIENCE)
    finally:
        process.kill()
    assert (tmp_path / "put away").exists()


def test_threads_lose_no_count():
    report = Report()
    threads = [
        threading.Thread(
            target=lambda: [report.add("one", "passed") for _ in range(5000)]
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert report.passed == report.count == 40_000


def test_a_port_is_given_once():
    """Also to another process, and before anybody listens on it."""
    mine = {settings.free_port() for _ in range(20)}
    assert len(mine) == 20
    script = (
        "from maktab_dev.settings import free_port\n"
        "print(*(free_port() for _ in range(200)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(settings.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert not mine & set(map(int, printed.split()))


def test_descendants_are_found_across_sessions():
    inner = "import time; time.sleep(600)"
    outer = (
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', {inner!r}], start_new_session=True)\n"
        "print('started', flush=True)\nimport time; time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", outer], stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline()
        (below,) = descendants(process.pid)
    finally:
        process.kill()
        process.wait()
    os.kill(below, 9)

"""The set-up refuses what it cannot use with a sentence, and repairs what was broken."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from maktab_dev import debian, masterkey, odoo_source, serve, system
from maktab_dev.common import Problem, Stamp
from maktab_dev.postgres import Cluster
from maktab_dev.settings import Settings

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def settings(tmp_path, databases) -> Settings:
    """Settings of an empty state in a folder that PostgreSQL's account can enter."""
    state = databases.folder / f"tooling-{os.getpid()}"
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir()
    yield replace(
        Settings.from_env(),
        state=state,
        master_key=state / "keys" / "master.key",
        pg_port=None,
        database_url=None,
        odoo_home=None,
    )
    shutil.rmtree(state, ignore_errors=True)


def _odoo_tree(folder: Path, series: tuple[int, int]) -> Path:
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo-bin").touch()
    (folder / "odoo" / "release.py").write_text(
        f"version_info = ({series[0]}, {series[1]}, 0, FINAL, 0, '')\n"
    )
    return folder


def test_another_series_is_refused(tmp_path):
    with pytest.raises(Problem, match=r"is Odoo 18\.0, this needs Odoo 19\.0"):
        odoo_source.from_home(_odoo_tree(tmp_path / "o", (18, 0)))


def test_an_odoo_home_of_the_right_series_is_taken(tmp_path):
    home = _odoo_tree(tmp_path / "o", (19, 0))
    assert odoo_source.from_home(home).script == home / "odoo-bin"


def test_a_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(Problem, match="no Odoo source tree"):
        odoo_source.from_home(tmp_path)


def test_no_debian_mirror_says_what_to_do(monkeypatch, tmp_path):
    conf = tmp_path / "apt.conf"
    conf.write_text(
        'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "/nonexistent";\n'
    )
    monkeypatch.setenv("APT_CONFIG", str(conf))
    with pytest.raises(Problem, match="ODOO_HOME"):
        debian.mirror()


def test_a_dangling_link_is_found(tmp_path):
    (tmp_path / "link").symlink_to("nowhere")
    assert debian.dangling_links(tmp_path) == [tmp_path / "link"]


def test_the_unpacked_odoo_has_no_dangling_link(databases):
    folder = databases.workspace.settings.state / "odoo"
    if not folder.is_dir():
        pytest.skip("this checkout uses an Odoo of its own (ODOO_HOME)")
    assert not debian.dangling_links(folder)


def test_too_little_disk_is_said(monkeypatch, settings):
    monkeypatch.setattr(system.shutil, "disk_usage", lambda _path: Usage(9, 9, 2**30))
    with pytest.raises(Problem, match=r"Only 1\.0 GB are free"):
        system.check_disk(settings)


def test_an_ordinary_user_is_told_the_one_command(monkeypatch):
    monkeypatch.setattr(system, "is_root", lambda: False)
    needs = (system.Need("no-such-package", program="no-such-program"),)
    with pytest.raises(Problem, match="apt-get install .* no-such-package"):
        system.ensure(needs)


def test_a_taken_port_is_said(settings):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=f"Port {port} is taken"):
            serve.run(replace(settings, http_port=port), demo=False)


def test_a_wrong_port_is_said(monkeypatch):
    monkeypatch.setenv("MAKTAB_HTTP_PORT", "eighty")
    with pytest.raises(Problem, match="MAKTAB_HTTP_PORT=eighty is not a port"):
        Settings.from_env()


class _Databases:
    def __init__(self, *names: str) -> None:
        self.names = list(names)

    def sealed(self) -> list[str]:
        return self.names


def test_a_lost_master_key_stops_everything(settings):
    with pytest.raises(Problem, match="maktab holds sealed data"):
        masterkey.ensure(settings, _Databases("maktab"))
    assert not settings.master_key.exists()


def test_a_new_master_key_is_closed_to_others_and_kept(settings):
    masterkey.ensure(settings, _Databases())
    first = settings.master_key.read_text()
    assert len(bytes.fromhex(first.strip())) == 32
    assert settings.master_key.stat().st_mode & 0o777 == 0o600
    masterkey.ensure(settings, _Databases("maktab"))
    assert settings.master_key.read_text() == first


def test_an_open_or_broken_master_key_is_refused(settings):
    masterkey.ensure(settings, _Databases())
    settings.master_key.chmod(0o644)
    with pytest.raises(Problem, match="may be read by other accounts"):
        masterkey.ensure(settings, _Databases())
    settings.master_key.chmod(0o600)
    settings.master_key.write_text("not a key")
    with pytest.raises(Problem, match="is not a master key"):
        masterkey.ensure(settings, _Databases())


def test_a_stamp_is_fresh_only_for_the_same_inputs(tmp_path):
    Stamp(tmp_path, "step", "one").write()
    assert Stamp(tmp_path, "step", "one").fresh()
    assert not Stamp(tmp_path, "step", "two").fresh()


def test_the_cluster_survives_a_broken_set_up_and_kill_9(settings):
    """A half-made cluster is made again; a killed one comes back with its data."""
    cluster = Cluster(settings)
    half = cluster.folder / "data.partial"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    try:
        assert cluster.ensure_running()
        assert not cluster.ensure_running()
        cluster.sql("CREATE TABLE kept AS SELECT 42 AS answer")
        cluster.kill()
        assert not cluster.is_running()
        assert cluster.ensure_running()
        assert cluster.sql("SELECT answer FROM kept") == "42"
        assert cluster.sql("SHOW fsync") == "on"
        cluster.stop()
        assert not cluster.is_running()
    finally:
        cluster.kill()


def test_an_asked_port_that_is_taken_is_said(settings):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        asked = replace(settings, pg_port=taken.getsockname()[1])
        with pytest.raises(Problem, match="MAKTAB_PG_PORT"):
            Cluster(asked).ensure_running()

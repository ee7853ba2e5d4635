"""A plain Odoo: its own program, the repository's odoo.conf, and nothing of our tools.

What a customer does after `pip install -r requirements.txt`: the sample configuration
with his own folders and ports, `odoo -c odoo.conf`, a browser.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path

from maktab_dev.common import REPO
from maktab_dev.settings import free_port
from odoo_process import OdooProcess

HERE = Path(__file__).resolve().parent
#: What Odoo itself logs while it works on apps: its chat greets while another request
#: does (done again by itself), scheduled actions wait until the modules are there, and a
#: click waits for a scheduled action.
OF_ODOO = re.compile(
    r'odoo\.sql_db: bad query: .*("?discuss_channel_member\b|"odoobot_state")'
    r"|ir_cron: Skipping database \S+ because of modules to install"
    r"|odoo\.sql_db: bad query: .*SELECT FROM ir_cron FOR UPDATE NOWAIT"
    r"|odoo\.http: Odoo is currently processing a scheduled action"
)
#: What the sample sets for nginx in front, which these tests do not have: so one
#: process too, since the websocket would be on a port of its own.
NGINX = {"proxy_mode": "False", "x_sendfile": "False"}


class PlainOdoo(OdooProcess):
    """One stock database, a configuration file, and the odoo program that serves it."""

    def __init__(self, databases, template, label, *, key=True, missing=()):
        super().__init__(databases, template, f"adopt_{label}")
        self.home = databases.folder / "adoption" / self.name
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.conf = self.home / "odoo.conf"
        self.key = self.home / "etc" / "master.key"
        self.key.parent.mkdir()
        self.more = {}
        if key:
            self.put_key()
        if missing:
            self.hide(*missing)

    def put_key(self) -> None:
        """Make a master key as docs/ops.md says."""
        self.key.touch(0o600)
        self.key.write_text(f"{secrets.token_hex(32)}\n")

    def hide(self, *names: str) -> None:
        """Say that packages (see ``blocked/``) and ``fonts`` are not on this machine."""
        self.blocked = self.home / "blocked"
        self.blocked.write_text("\n".join(set(names) - {"fonts"}))
        self.font_conf = self.home / "fonts.conf"
        self.show_fonts("fonts" not in names)
        self.more = {
            "PYTHONPATH": str(HERE / "blocked"),
            "MAKTAB_BLOCKED": str(self.blocked),
            "FONTCONFIG_FILE": str(self.font_conf),
        }

    def show_fonts(self, there: bool = True) -> None:
        """Let this Odoo see the fonts of the machine, or none."""
        what = "<include>/etc/fonts/fonts.conf</include>"
        if not there:
            what = f"<dir>{self.key.parent}</dir>"
        head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        self.font_conf.write_text(f"{head}<fontconfig>{what}</fontconfig>\n")

    def environment(self) -> dict[str, str]:
        """Return what a service of the machine has: a PATH with rtlcss, nothing of ours."""
        npm = self.databases.workspace.settings.npm / "node_modules"
        return {
            "PATH": f"{npm / '.bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            **self.more,
        }

    def _write_conf(self) -> None:
        server = self.databases.workspace.server
        own = {
            **NGINX,
            "addons_path": REPO / "addons",
            "data_dir": self.databases.folder / "data",
            "db_host": server.host,
            "db_port": server.port,
            "db_user": server.user,
            **({"db_password": server.password} if server.password else {}),
            "db_name": self.name,
            "dbfilter": f"^{self.name}$",
            "http_port": self.port,
            "gevent_port": free_port(),
            "workers": 0,
            "logfile": self.log,
            "master_key_file": self.key,
        }
        text = (REPO / "odoo.conf").read_text("utf-8")
        for name, value in own.items():
            line = f"{name} = {value}"
            text, found = re.subn(rf"^{name} = .*$", line, text, flags=re.M)
            if not found:
                text = text.replace("[options]", f"[options]\n{line}", 1)
        self.conf.write_text(text)
        self.conf.chmod(0o600)

    def command(self) -> list[str]:
        """Return what starts it: the odoo program and the configuration, no option."""
        self._write_conf()
        return self.databases.workspace.odoo_command("-c", self.conf)

    def prepare(self) -> None:
        """Nothing: a stock database stays as it is."""

    def destroy(self) -> None:
        """Stop Odoo, drop its database, files and key."""
        super().destroy()
        shutil.rmtree(self.home, ignore_errors=True)

    def complaints(self) -> list[str]:
        """Return the lines of the log that are a warning or worse."""
        wrong = re.compile(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) |^Traceback ")
        lines = self.log.read_text(errors="replace").splitlines()
        return [
            line for line in lines if wrong.match(line) and not OF_ODOO.search(line)
        ]

    def state(self, module: str) -> str:
        """Return the state of an addon in the database."""
        return self.sql(f"SELECT state FROM ir_module_module WHERE name = '{module}'")

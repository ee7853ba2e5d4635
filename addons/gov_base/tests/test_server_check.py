import contextlib
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.gov_trust.lib import master

from ..lib import fonts, machine
from ..models import gov_server_check
from .common import OfficeCase

REQUIRED = {"master_key", "identity", "fonts", "typesetting", "pdf", "rtl", "zones"}


class ServerCheckCase(OfficeCase):
    def setUp(self):
        super().setUp()
        gov_server_check._found.clear()
        self.addCleanup(gov_server_check._found.clear)
        self.check = self.env["gov.server.check"]
        self.operator = self.user_of(
            self.agdal, "gov_operator", "gov_trust.group_gov_trust_operator"
        )

    def found(self, key, user=None):
        report = self.check.with_user(user or self.operator).report()
        (one,) = [one for one in report["requirements"] if one["key"] == key]
        return one

    @contextlib.contextmanager
    def key_file(self, text="ab" * 32, mode=0o600):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "master.key")
            if text is not None:
                path.write_text(text)
                path.chmod(mode)
            with patch.dict(os.environ, {master.ENVIRONMENT: str(path)}):
                yield path


@tagged("post_install", "-at_install", "alone")
class TestServerCheck(ServerCheckCase):
    def test_this_server_has_what_is_needed(self):
        report = self.check.with_user(self.operator).report()
        states = {one["key"]: one["state"] for one in report["requirements"]}
        self.assertLessEqual(REQUIRED, states.keys())
        self.assertEqual({states[key] for key in REQUIRED}, {"ok"})
        self.assertTrue(report["is_complete"])
        self.assertIsNone(self.check.with_user(self.operator)._notice())
        keys = [one["key"] for one in report["requirements"]]
        self.assertEqual(len(keys), len(set(keys)))

    def test_what_is_not_ready_says_what_to_do(self):
        with self.key_file(text=None):
            report = self.check.with_user(self.operator).report()
        for one in report["requirements"]:
            if one["state"] != "ok":
                self.assertTrue(one["sentence"], one["key"])

    def test_who_may_ask(self):
        for user in (
            self.agent,
            self.user_of(self.agdal, "gov_none", "base.group_user"),
        ):
            with self.assertRaises(AccessError):
                self.check.with_user(user).report()
        portal = self.user_of(self.agdal, "gov_visitor", "base.group_portal")
        with self.assertRaises(AccessError):
            self.check.with_user(portal).report()

    def test_the_functional_admin_sees_states_and_no_path(self):
        with self.key_file(text=None) as path:
            report = self.check.with_user(self.admin).report()
        self.assertFalse(report["may_act"])
        self.assertIn("Master key", report["sentence"])
        self.assertNotIn(str(path), str(report))
        for one in report["requirements"]:
            self.assertEqual((one["sentence"], one["command"]), ("", ""))

    def test_no_key_is_configured(self):
        with (
            patch.dict(os.environ, {master.ENVIRONMENT: ""}),
            patch.object(master, "_sources", []),
        ):
            one = self.found("master_key")
        self.assertEqual(one["state"], "missing")
        self.assertIn("[gov_trust]", one["sentence"])
        self.assertIn(machine.DEFAULT_KEY, one["command"])

    def test_the_key_is_not_there(self):
        with self.key_file(text=None) as path:
            one = self.found("master_key")
            self.assertEqual(one["state"], "missing")
            self.assertIn(str(path), one["sentence"])
            self.assertIn("openssl rand -hex 32", one["command"])
            self.assertNotIn("install -d", one["command"], "its folder is there")
            self.assertEqual(self.found("identity")["state"], "ok")

    def test_the_command_makes_a_key(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "new folder", "master.key")
            command = machine.key_command(str(path))
            self.assertEqual(os.system(command), 0)
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            self.assertEqual(path.parent.stat().st_mode & 0o777, 0o700)
            master.load(path)

    def test_the_key_is_open_to_others(self):
        with self.key_file(mode=0o644) as path:
            one = self.found("master_key")
            self.assertEqual(one["state"], "missing")
            self.assertEqual(os.system(one["command"]), 0)
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_the_file_is_no_key(self):
        with self.key_file(text="hello"):
            self.assertIn("not a master key", self.found("master_key")["sentence"])

    def test_the_key_belongs_to_another_database(self):
        self.env["gov.key"]._get(self.agdal, "journal")
        with self.key_file():
            one = self.found("master_key")
        self.assertEqual(one["state"], "missing")
        self.assertIn("another master key", one["sentence"])

    def test_the_folder_of_the_key_is_closed_to_odoo(self):
        with patch.object(machine, "folder_is_closed", return_value=True):
            one = self.found("master_key")
        self.assertEqual(one["state"], "missing")
        self.assertIn("chown", one["command"])

    def test_a_copied_database(self):
        identity = type(self.env["gov.trust.identity"])
        with patch.object(identity, "_state", lambda self: "copy"):
            one = self.found("identity")
        self.assertEqual(one["state"], "missing")
        self.assertIn("declare", one["sentence"])

    def test_fonts_and_programs_that_are_absent(self):
        with (
            patch.object(fonts, "missing", return_value=["Noto Sans Tifinagh"]),
            patch.object(machine, "typesetting_error", return_value="no libpango"),
            patch.object(machine, "pdf_error", return_value="no pikepdf"),
            patch.object(machine, "has_program", return_value=False),
            patch.object(machine, "zone_data", return_value=""),
        ):
            report = self.check.with_user(self.operator).report()
        found = {one["key"]: one for one in report["requirements"]}
        self.assertFalse(report["is_complete"])
        self.assertIn("Tifinagh", found["fonts"]["sentence"])
        self.assertIn(fonts.DEBIAN_PACKAGE, found["fonts"]["command"])
        self.assertIn("no libpango", found["typesetting"]["sentence"])
        self.assertIn("libpango", found["typesetting"]["command"])
        self.assertIn("requirements.txt", found["pdf"]["command"])
        self.assertIn("rtlcss", found["rtl"]["command"])
        self.assertIn("tzdata", found["zones"]["command"])
        self.assertEqual(
            {found["ocr"]["state"], found["office"]["state"]}, {"optional"}
        )

    def test_configuration_before_real_letters(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("web.base.url", "http://office.example.org")
        parameters.set_param("web.base.url.freeze", "")
        self.assertIn("freeze", self.found("address")["sentence"])
        parameters.set_param("web.base.url.freeze", "True")
        self.assertIn("encrypted", self.found("address")["sentence"])
        parameters.set_param("web.base.url", "https://office.example.org")
        self.assertEqual(self.found("address")["state"], "ok")
        users = type(self.env["res.users"])
        for scope, state in (("b2c", "advice"), ("b2b", "ok")):
            with patch.object(
                users, "_get_signup_invitation_scope", lambda self, now=scope: now
            ):
                self.assertEqual(self.found("sign_up")["state"], state)
        self.env["ir.mail_server"].create({"name": "Out", "smtp_host": "127.0.0.1"})
        self.assertEqual(self.found("mail")["state"], "ok")

    def test_what_is_said_at_the_start_of_the_web_client(self):
        with self.key_file(text=None):
            told = self.check.with_user(self.operator)._notice()
            self.assertTrue(told["may_act"])
            self.assertIn("Master key", told["message"])
            told = self.check.with_user(self.agent)._notice()
            self.assertFalse(told["may_act"])
            self.assertNotIn("Master key", told["message"])
            stranger = self.user_of(self.agdal, "gov_other", "base.group_user")
            self.assertIsNone(self.check.with_user(stranger)._notice())

    def test_a_look_at_everything_is_not_taken_at_each_page(self):
        self.check._missing()
        with self.assertQueryCount(0):
            self.check._missing()

    def test_the_page_opens_by_itself_after_the_installation(self):
        todo = self.env.ref("gov_base.gov_server_check_todo")
        self.check._open_if_missing()
        self.assertEqual(todo.state, "done")
        with self.key_file(text=None):
            self.check._open_if_missing()
        self.assertEqual(todo.state, "open")
        launched = todo.action_launch()
        self.assertEqual(launched["tag"], "reload")
        self.assertEqual(
            launched["params"]["action_id"],
            self.env.ref("gov_base.gov_server_check_action").id,
        )

    def test_menu(self):
        menu = self.env.ref("gov_base.gov_server_check_menu")
        units = self.env.ref("gov_base.hr_department_menu")

        def menus_of(user):
            return set(self.env["ir.ui.menu"].with_user(user).load_menus(False))

        self.assertIn(menu.id, menus_of(self.operator))
        self.assertNotIn(units.id, menus_of(self.operator))
        self.assertIn(menu.id, menus_of(self.admin))
        self.assertNotIn(menu.id, menus_of(self.agent))


@tagged("post_install", "-at_install", "alone")
class TestServerCheckPage(ServerCheckCase, HttpCase):
    """The page in a browser."""

    def test_page(self):
        code = """
            const rows = [...document.querySelectorAll(".o_gov_requirement")];
            const key = rows.find((row) => row.dataset.key === "master_key");
            if (!key || key.dataset.state !== "%s") {
                throw new Error("the state of the key is not shown");
            }
            if (%s !== !!document.querySelector(".o_gov_requirement code")) {
                throw new Error("commands are for those who may act");
            }
            if (document.querySelector(".o_notification")) {
                throw new Error("the page says it itself");
            }
            console.log("test successful");
        """
        ready = "!!document.querySelector('.o_gov_requirement')"
        self.browser_js(
            "/odoo/server-check", code % ("ok", "false"), ready, login="gov_admin"
        )
        with self.key_file(text=None):
            gov_server_check._found.clear()
            self.browser_js(
                "/odoo/server-check",
                code % ("missing", "true"),
                ready,
                login="gov_operator",
            )
            gov_server_check._found.clear()
            self.browser_js(
                "/odoo/mail-office-people",
                """
                    const notice = document.querySelector(".o_notification");
                    if (!notice.innerText.includes("Master key")) {
                        throw new Error(notice.innerText);
                    }
                    notice.querySelector("button.btn").click();
                    const opened = setInterval(() => {
                        if (document.querySelector(".o_gov_server_check")) {
                            clearInterval(opened);
                            console.log("test successful");
                        }
                    }, 200);
                """,
                "!!document.querySelector('.o_notification')",
                login="gov_admin",
            )

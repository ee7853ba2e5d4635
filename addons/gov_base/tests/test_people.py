import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from .common import OfficeCase

ADMIN = "gov_base.group_gov_base_admin"
AGENT = "gov_base.group_gov_base_agent"
AUDITOR = "gov_base.group_gov_base_auditor"


class PeopleCase(OfficeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit, cls.other_unit = cls.env["hr.department"].create(
            [
                {"name": "Town planning", "company_id": cls.agdal.id},
                {"name": "Elsewhere", "company_id": cls.souissi.id},
            ]
        )
        cls.role = cls.env.ref(AGENT)
        cls.auditor = cls.env.ref(AUDITOR)

    def person(self, user, by=None):
        self.env["gov.person"].invalidate_model()
        return self.env["gov.person"].with_user(by or self.admin).browse(user.id)

    def invite(self, by=None, **vals):
        values = {
            "name": "Fatima Idrissi",
            "email": "F.Idrissi@example.org",
            "company_id": self.agdal.id,
            "unit_id": self.unit.id,
            "job_title": "Architect",
            "lang": "fr_FR",
            "role_ids": [Command.set(self.role.ids)],
            **vals,
        }
        wizard = self.env["gov.person.invite"].with_user(by or self.admin)
        return wizard.create(values).action_invite()

    def invited(self, login="f.idrissi@example.org"):
        return self.env["res.users"].search([("login", "=", login)])

    def staff(self, user):
        return self.env["hr.employee"].search([("user_id", "=", user.id)])

    def events(self, user):
        found = self.env["gov.journal.event"].search(
            [("subject_model", "=", "res.users"), ("subject_id", "=", user.id)],
            order="id",
        )
        return [(event.kind, json.loads(event.body)) for event in found]


@tagged("post_install", "-at_install", "alone")
class TestPeople(PeopleCase):
    """L1: a functional administrator looks after the people of his administration."""

    def test_invite(self):
        action = self.invite()
        user = self.invited()
        self.assertEqual(
            (user.name, user.email, user.lang, user.company_ids, user.tz),
            (
                "Fatima Idrissi",
                "f.idrissi@example.org",
                "fr_FR",
                self.agdal,
                self.agdal.gov_tz,
            ),
        )
        self.assertEqual(
            user.group_ids, self.role | self.env.ref("base.group_user"), "nothing else"
        )
        self.assertEqual(self.staff(user).department_id, self.unit)
        self.assertEqual(self.staff(user).job_title, "Architect")
        self.assertIn(self.unit, self.env["gov.access"]._units(user))
        person = self.person(user)
        self.assertEqual((person.state, person.unit_id), ("invited", self.unit))
        self.assertEqual(person.role_ids, self.role)
        self.assertTrue(person.can_change)
        self.assertTrue(action)
        kinds = [kind for kind, _body in self.events(user)]
        self.assertEqual(kinds[0], "person.invited")
        body = self.events(user)[0][1]
        self.assertEqual(body["roles"], [AGENT])
        self.assertEqual(body["actor"]["id"], self.admin.id)
        self.assertNotIn("Idrissi", json.dumps(body), "no name in clear")

    def test_the_invitation_is_odoos_own_mail(self):
        sent = []
        users = type(self.env["res.users"])

        def send(users, signup_type="reset"):
            sent.append(
                (users.login, signup_type, users.env.context.get("create_user"))
            )

        with patch.object(users, "_action_reset_password", send):
            action = self.invite()
        self.assertEqual(sent, [("f.idrissi@example.org", "signup", True)])
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(action["params"]["next"]["res_id"], self.invited().id)

    def unsent(self):
        def send(users, signup_type="reset"):
            raise MailDeliveryException("no server")

        return patch.object(type(self.env["res.users"]), "_action_reset_password", send)

    def mail_server(self, there):
        checks = type(self.env["gov.server.check"])
        return patch.object(checks, "_has_mail_server", lambda self: there)

    def test_without_a_mail_server_the_link_is_shown_once(self):
        with self.unsent(), self.mail_server(False):
            action = self.invite()
        self.assertEqual(action["res_model"], "gov.person.link")
        link = action["context"]["default_link"]
        self.assertIn("/web/signup?", link)
        self.assertIn("token=", link)
        kinds = [kind for kind, _body in self.events(self.invited())]
        self.assertIn("person.link", kinds)
        self.assertNotIn("person.mailed", kinds)
        shown = Form(
            self.env["gov.person.link"]
            .with_user(self.admin)
            .with_context(**action["context"])
        )
        self.assertEqual(shown.link, link)

    def test_a_mail_server_that_is_down_shows_no_link(self):
        with self.unsent(), self.mail_server(True):
            action = self.invite()
            self.assertEqual(action["params"]["type"], "warning")
            person = self.person(self.invited())
            with self.refused(UserError, "was not sent"):
                person.action_send_password()
            with self.refused(AccessError, "by mail only"):
                person._first_link()

    def test_form_of_the_invitation(self):
        wizard = self.env["gov.person.invite"].with_user(self.admin)
        with Form(wizard) as form:
            form.name = "Omar Tazi"
            form.email = "o.tazi@example.org"
            form.unit_id = self.unit
            form.role_ids.add(self.role)
        form.save().action_invite()
        self.assertEqual(
            self.person(self.invited("o.tazi@example.org")).role_ids, self.role
        )

    def test_what_is_wrong_in_an_invitation(self):
        with self.refused(UserError, "name is missing"):
            self.invite(name=" \u200b ")
        for address in (
            "nobody",
            "a@b",
            "a b@example.org",
            "a@example.org, b@example.org",
        ):
            with self.refused(UserError, "one e-mail address"):
                self.invite(email=address)
        self.invite()
        with self.refused(UserError, "Fatima Idrissi already has an account"):
            self.invite(email="f.IDRISSI@example.org")
        stranger = self.user_of(self.souissi, "far@example.org", AGENT)
        with self.refused(UserError, "cannot be used for a new account") as _caught:
            self.invite(email="far@example.org")
        self.assertTrue(stranger)

    def test_change_unit_and_roles(self):
        person = self.person(self.agent)
        self.env["hr.employee"].create(
            {
                "name": self.agent.name,
                "user_id": self.agent.id,
                "company_id": self.agdal.id,
            }
        )
        action = person.action_open_change()
        wizard = self.env["gov.person.change"].with_user(self.admin)
        with Form(wizard.with_context(**action["context"])) as form:
            form.unit_id = self.unit
            form.job_title = "Surveyor"
            form.role_ids.remove(id=self.role.id)
            form.role_ids.add(self.auditor)
        form.save().action_save()
        self.assertEqual(self.staff(self.agent).department_id, self.unit)
        self.assertEqual(self.staff(self.agent).job_title, "Surveyor")
        self.assertFalse(self.agent.has_group(AGENT))
        self.assertTrue(self.agent.has_group(AUDITOR))
        self.assertTrue(self.agent.has_group("base.group_user"))
        kind, body = self.events(self.agent)[-1]
        self.assertEqual(kind, "person.roles")
        self.assertEqual((body["given"], body["taken"]), ([AUDITOR], [AGENT]))

    def test_rights_of_other_applications_stay(self):
        other = self.env["res.groups"].create({"name": "Accountant"})
        self.agent.group_ids += other
        person = self.person(self.agent)
        person._set_roles(self.auditor)
        self.assertIn(other, self.agent.group_ids)
        self.assertEqual(person.role_ids, self.auditor)

    def test_somebody_without_staff_file_gets_one(self):
        person = self.person(self.agent)
        person._set_place({"unit": self.unit})
        self.assertEqual(self.staff(self.agent).department_id, self.unit)
        self.assertEqual(person.unit_id, self.unit)

    def test_a_name_in_use_stays(self):
        self.env["res.users.log"].with_user(self.agent).sudo().create({})
        person = self.person(self.agent)
        self.assertEqual(person.state, "active")
        with self.refused(UserError, "only a system administrator"):
            person._set_place({"name": "Somebody else"})
        self.invite()
        fresh = self.person(self.invited())
        fresh._set_place({"name": "Fatima El Idrissi"})
        self.assertEqual(fresh.name, "Fatima El Idrissi")

    def test_leaves_and_comes_back(self):
        self.invite()
        user = self.invited()
        person = self.person(user)
        action = person.action_open_close()
        wizard = self.env["gov.person.close"].with_user(self.admin)
        form = Form(wizard.with_context(**action["context"]))
        form.reason = "Retired"
        form.save().action_close()
        self.assertFalse(user.active)
        self.assertFalse(self.staff(user), "archived")
        self.assertFalse(self.env["gov.access"]._units(user))
        self.assertEqual(self.person(user).state, "closed")
        self.assertNotIn(
            user.id, self.env["gov.person"].with_user(self.admin).search([]).ids
        )
        self.assertEqual(self.events(user)[-1][1]["reason"], "Retired")
        person.action_reopen()
        self.assertTrue(user.active)
        self.assertTrue(self.staff(user))
        self.assertIn(self.unit, self.env["gov.access"]._units(user))
        with self.refused(UserError, "in one line why"):
            person._close(" ")

    def test_search_by_role(self):
        people = self.env["gov.person"].with_user(self.admin)
        found = people.search([("role_ids", "in", self.role.ids)])
        self.assertIn(self.agent.id, found.ids)
        self.assertIn(self.admin.id, found.ids, "a higher role brings it")
        self.assertNotIn(
            self.agent.id, people.search([("role_ids", "in", self.auditor.ids)]).ids
        )

    def test_the_list_is_read_in_few_queries(self):
        for number in range(12):
            self.user_of(self.agdal, f"gov_many_{number}", AGENT)
        people = self.env["gov.person"].with_user(self.admin)
        names = ["name", "unit_id", "role_ids", "state", "login_date", "can_change"]
        people.search([]).read(names)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            people.search([]).read(
                ["name", "unit_id", "role_ids", "state", "login_date"]
            )


@tagged("post_install", "-at_install", "alone")
class TestPeopleRefused(PeopleCase):
    """Every way to more power than a functional administrator has."""

    def assertUntouched(self, user, groups):
        self.assertEqual(user.group_ids, groups)

    def test_roles_that_are_not_of_the_mail_office(self):
        person = self.person(self.agent)
        before = self.agent.group_ids
        names = (
            "base.group_system",
            "base.group_erp_manager",
            "gov_trust.group_gov_trust_operator",
            "gov_trust.group_gov_trust_officer",
            "gov_trust.group_gov_trust_auditor",
            "hr.group_hr_manager",
            "base.group_portal",
            "base.group_no_one",
        )
        for name in names:
            group = self.env.ref(name)
            with self.subTest(group=name), self.refused(AccessError, "is not a role"):
                person._set_roles(self.role | group)
            with self.subTest(invited=name), self.refused(AccessError, "is not a role"):
                self.invite(role_ids=[Command.set((self.role | group).ids)])
            wizard = (
                self.env["gov.person.change"]
                .with_user(self.admin)
                .create(
                    {
                        "person_id": person.id,
                        "name": person.name,
                        "lang": "en_US",
                        "role_ids": [Command.set(group.ids)],
                    }
                )
            )
            with self.subTest(wizard=name), self.refused(AccessError, "is not a role"):
                wizard.action_save()
        self.assertUntouched(self.agent, before)
        self.assertFalse(self.invited())

    def test_a_role_that_brings_more_is_not_given(self):
        hidden = self.env["res.groups"].create(
            {
                "name": "Harmless",
                "privilege_id": self.env.ref("gov_base.privilege_gov_base").id,
                "implied_ids": [Command.link(self.env.ref("base.group_system").id)],
            }
        )
        self.assertNotIn(hidden, self.env["gov.person"]._grantable_roles())
        with self.refused(AccessError, "is not a role"):
            self.person(self.agent)._set_roles(hidden)

    def test_every_role_of_our_apps_can_be_given(self):
        category = self.env.ref("gov_base.module_category_gov_base")
        roles = self.env["res.groups"].search(
            [("privilege_id.category_id", "=", category.id)]
        )
        self.assertEqual(self.env["gov.person"]._grantable_roles(), roles)
        self.assertIn(self.env.ref(ADMIN), roles)

    def test_himself(self):
        person = self.person(self.admin)
        self.assertFalse(person.can_change)
        self.assertIn("your own roles", person.refusal)
        for change in (
            lambda: person._set_roles(self.role),
            lambda: person._set_place({"unit": self.unit}),
            lambda: person._close("bye"),
            person.action_reopen,
            person.action_open_change,
            person.action_open_close,
            person.action_send_password,
            person._first_link,
        ):
            with self.refused(AccessError, "your own roles"):
                change()

    def test_somebody_of_another_administration(self):
        stranger = self.user_of(self.souissi, "gov_stranger", AGENT)
        person = self.person(stranger)
        self.assertNotIn(stranger.id, person.search([]).ids)
        for change in (
            lambda: person._set_roles(self.auditor),
            lambda: person._close("bye"),
            person.action_open_change,
            person.action_send_password,
        ):
            with self.assertRaises(AccessError):
                change()
        with self.assertRaises(AccessError):
            person.read(["name"])
        with self.refused(AccessError, "own administration"):
            self.invite(company_id=self.souissi.id, unit_id=False)
        with self.refused(UserError, "not a unit of"):
            self.invite(unit_id=self.other_unit.id)
        with self.refused(UserError, "not a unit of"):
            self.person(self.agent)._set_place({"unit": self.other_unit})

    def test_somebody_of_two_administrations(self):
        both = self.user_of(self.agdal, "gov_both", AGENT)
        both.company_ids += self.souissi
        person = self.person(both)
        self.assertIn(both.id, person.search([]).ids)
        self.assertIn("another administration", person.refusal)
        with self.refused(AccessError, "another administration"):
            person._set_roles(self.auditor)
        self.admin.company_ids += self.souissi
        self.person(both)._set_roles(self.auditor)
        self.assertEqual(self.person(both).role_ids, self.auditor)

    def test_people_who_run_the_platform(self):
        for name in (
            "base.group_system",
            "base.group_erp_manager",
            "gov_trust.group_gov_trust_operator",
            "gov_trust.group_gov_trust_officer",
        ):
            strong = self.user_of(self.agdal, f"gov_{name.rpartition('_')[2]}", name)
            person = self.person(strong)
            with self.subTest(group=name):
                self.assertIn("run the platform", person.refusal)
                for change in (
                    lambda person=person: person._set_roles(self.role),
                    lambda person=person: person._close("bye"),
                    person.action_send_password,
                    person._first_link,
                ):
                    with self.refused(AccessError, "run the platform"):
                        change()
                self.assertTrue(strong.active)

    def test_visitors_and_accounts_of_nobody(self):
        portal = self.user_of(self.agdal, "gov_citizen", "base.group_portal")
        everybody = self.env["gov.person"].with_context(active_test=False).search([])
        for user in (
            portal,
            self.env.ref("base.public_user"),
            self.env.ref("base.user_root"),
        ):
            self.assertNotIn(user.id, everybody.ids)
            person = self.person(user)
            with self.assertRaises(AccessError):
                person._set_roles(self.role)

    def test_a_link_opens_no_account_with_other_rights(self):
        """Somebody invited by the system administrator with the rights of another app."""
        self.agent.group_ids += self.env.ref("hr.group_hr_manager")
        person = self.person(self.agent)
        checks = type(self.env["gov.server.check"])
        with patch.object(checks, "_has_mail_server", lambda self: False):
            self.assertEqual(person.state, "invited")
            with self.refused(AccessError, "by mail only"):
                person._first_link()
            self.agent.group_ids -= self.env.ref("hr.group_hr_manager")
            self.assertIn("token=", self.person(self.agent)._first_link())
            self.env["res.users.log"].with_user(self.agent).sudo().create({})
            with self.refused(AccessError, "by mail only"):
                self.person(self.agent)._first_link()

    def test_who_is_no_functional_administrator(self):
        plain = self.user_of(self.agdal, "gov_simple", "base.group_user")
        auditor = self.user_of(self.agdal, "gov_audit", AUDITOR)
        portal = self.user_of(self.agdal, "gov_reader", "base.group_portal")
        for user in (self.agent, plain, auditor, portal):
            person = self.person(self.agent, by=user)
            with self.assertRaises(AccessError):
                person.read(["name"])
            with self.assertRaises(AccessError):
                person.action_send_password()
            with self.assertRaises(AccessError):
                person._set_roles(self.role)
            with self.assertRaises(AccessError):
                self.invite(by=user)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_accounts_themselves_stay_closed(self):
        users = self.env["res.users"].with_user(self.admin)
        agent = users.browse(self.agent.id)
        before = self.agent.group_ids
        for vals in (
            {"group_ids": [Command.link(self.env.ref("base.group_system").id)]},
            {"group_ids": [Command.link(self.role.id)]},
            {"company_ids": [Command.link(self.souissi.id)]},
            {"login": "stolen"},
            {"email": "thief@example.org"},
            {"password": "stolen"},
            {"active": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                agent.write(vals)
        with self.assertRaises(AccessError):
            users.create({"name": "x", "login": "x"})
        own = users.browse(self.admin.id)
        with self.assertRaises(AccessError):
            own.write(
                {"group_ids": [Command.link(self.env.ref("base.group_system").id)]}
            )
        with self.assertRaises(AccessError):
            self.role.with_user(self.admin).write(
                {"implied_ids": [Command.link(self.env.ref("base.group_system").id)]}
            )
        with self.assertRaises(AccessError):
            agent.partner_id._get_signup_url()
        self.assertUntouched(self.agent, before)

    def test_the_view_itself_is_read_only(self):
        person = self.person(self.agent)
        for call in (
            lambda: person.write({"login": "stolen"}),
            lambda: person.unlink(),
            lambda: person.create({"name": "x"}),
            lambda: person.web_save({"email": "x@example.org"}, {}),
        ):
            with self.assertRaises(AccessError):
                call()
        system = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            self.person(self.agent, by=system).write({"login": "stolen"})

    def test_another_administrators_dialog_is_not_used(self):
        second = self.user_of(self.agdal, "gov_second", ADMIN)
        wizard = (
            self.env["gov.person.close"]
            .with_user(self.admin)
            .create({"person_id": self.agent.id, "reason": "x"})
        )
        with self.assertRaises(AccessError):
            wizard.with_user(second).action_close()
        self.assertTrue(self.agent.active)

    def test_only_whitelisted_methods_are_public(self):
        methods = {
            name
            for klass in type(self.env["gov.person"]).__mro__
            if klass.__module__.startswith("odoo.addons.gov_base.models.gov_person")
            for name in vars(klass)
            if not name.startswith("_") and callable(getattr(klass, name))
        }
        self.assertEqual(
            methods,
            {
                "action_open_change",
                "action_open_close",
                "action_reopen",
                "action_send_password",
            },
        )


@tagged("post_install", "-at_install", "alone")
class TestPeopleByRpc(PeopleCase, HttpCase):
    """What the web client, or anybody with its session, may call."""

    def call(self, model, method, *args):
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": {},
                },
            },
        ).json()
        return answer.get("result"), answer.get("error", {}).get("data", {}).get("name")

    @mute_logger("odoo.http")
    def test_calls(self):
        self.authenticate("gov_admin", "gov_admin")
        system = self.env.ref("base.group_system").id
        before = self.agent.group_ids
        for method, args in (
            ("_set_roles", ([self.agent.id], [system])),
            ("_set_place", ([self.agent.id], {"name": "x"})),
            ("_close", ([self.agent.id], "x")),
            ("_first_link", ([self.agent.id],)),
            ("_invite", ({"name": "x"},)),
            ("write", ([self.agent.id], {"login": "x"})),
        ):
            with self.subTest(method=method):
                _result, refused = self.call("gov.person", method, *args)
                self.assertEqual(refused, "odoo.exceptions.AccessError")
        wizard, _error = self.call(
            "gov.person.change",
            "create",
            {
                "person_id": self.agent.id,
                "name": "x",
                "lang": "en_US",
                "role_ids": [[6, 0, [system]]],
            },
        )
        _result, refused = self.call("gov.person.change", "action_save", [wizard])
        self.assertEqual(refused, "odoo.exceptions.AccessError")
        self.assertEqual(self.agent.group_ids, before)
        people, _error = self.call("gov.person", "search_read", [], ["name", "login"])
        self.assertIn(self.agent.id, [one["id"] for one in people])
        self.authenticate("gov_agent", "gov_agent")
        for method in ("search_read", "action_send_password", "action_reopen"):
            _result, refused = self.call("gov.person", method, [self.agent.id])
            self.assertEqual(refused, "odoo.exceptions.AccessError", method)

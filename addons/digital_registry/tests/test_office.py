import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from .common import RegistryCommon


class OfficeCommon(RegistryCommon):
    def _new_office(self, **context):
        """The form of a new office as the menu opens it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "digital_registry.registry_office_action"
        )
        self.assertEqual(action["context"], "{'propose_registers': True}")
        return Form(
            self.env["registry.office"]
            .with_user(self.admin)
            .with_context(propose_registers=True, **context)
        )


@tagged("post_install", "-at_install")
class TestOffice(OfficeCommon):
    """L1: an office, its registers and its subjects in one form, by the functional admin."""

    def test_admin_is_no_system_administrator(self):
        self.assertFalse(self.admin.has_group("base.group_system"))
        self.assertFalse(self.admin.has_group("base.group_erp_manager"))

    def test_one_form_saved_once(self):
        form = self._new_office()
        form.name = "Bureau d’ordre de Hassan"
        form.code = "HASSAN"
        self.assertEqual(len(form.register_ids), 3, "proposed before saving")
        with form.register_ids.edit(0) as line:
            self.assertEqual((line.direction, line.code), ("incoming", "IN"))
            year = self.register._local_year()
            self.assertEqual(line.number_preview, f"{year}/000142")
            line.number_pattern = "{office}/{year}/{number:04d}"
            self.assertEqual(line.number_preview, f"HASSAN/{year}/0142")
            line.number_pattern = "{number:04d}"
            self.assertIn("{year}", line.number_warning)
            line.number_pattern = "{office}/{year}/{number:04d}"
        form.register_ids.remove(2)
        with form.own_subject_ids.new() as line:
            line.name = "Demande de permis"
            line.kind = "request"
        with form.own_subject_ids.new() as line:
            line.name = "Réclamation"
            line.kind = "complaint"
        office = form.save()
        self.assertEqual(office.company_id, self.company)
        self.assertEqual(
            office.register_ids.sorted("id").mapped("direction"),
            ["incoming", "outgoing"],
        )
        self.assertEqual(office.register_ids.company_id, self.company)
        self.assertTrue(
            all(register.sudo().journal_id for register in office.register_ids)
        )
        self.assertEqual(len(office.subject_ids), 2)
        self.assertEqual(office.subject_ids.office_ids, office)
        # It registers at once, and numbers as was shown.
        letter = self._register(register_id=office._get_register("incoming").id)
        self.assertEqual(letter.number, f"HASSAN/{year}/0001")

    def test_usual_names_in_every_language(self):
        form = self._new_office(lang="fr_FR")
        form.name, form.code = "Bureau", "B1"
        register = form.save()._get_register("incoming")
        names = {
            lang: register.with_context(lang=lang).name for lang in ("en_US", "fr_FR")
        }
        self.assertEqual(names["en_US"], "Incoming letters")
        french = register.with_context(lang="fr_FR")
        self.assertEqual(names["fr_FR"], french._usual_name("incoming"))

    def test_name_of_its_own_is_kept(self):
        form = self._new_office()
        form.name, form.code = "Office", "B2"
        with form.register_ids.edit(0) as line:
            line.name = "Courrier réservé"
            line.direction = "internal"
            self.assertEqual((line.name, line.code), ("Courrier réservé", "INT"))
            line.code = "RES"
        office = form.save()
        self.assertIn("Courrier réservé", office.register_ids.mapped("name"))

    def test_bad_pattern_is_said_while_typing_and_refused(self):
        form = self._new_office()
        form.name, form.code = "Office", "B3"
        with form.register_ids.edit(0) as line:
            line.number_pattern = "{year}"
            self.assertIn("{number}", line.number_warning)
        with self.assertRaisesRegex(UserError, "needs {number}"):
            form.save()

    def test_nothing_is_proposed_elsewhere(self):
        office = (
            self.env["registry.office"]
            .with_user(self.admin)
            .create({"name": "Plain", "code": "B4"})
        )
        self.assertFalse(office.register_ids)
        office.action_create_registers()
        self.assertEqual(len(office.register_ids), 3)
        office.action_create_registers()
        self.assertEqual(len(office.register_ids), 3)

    def test_existing_office_is_completed_in_the_same_form(self):
        form = Form(self.office.with_user(self.admin))
        with form.register_ids.new() as line:
            line.direction = "incoming"
            line.name = "Marchés publics"
            line.code = "MP"
        with form.own_subject_ids.new() as line:
            line.name = "Offre"
        office = form.save()
        self.assertEqual(len(office.register_ids), 4)
        # A register with lines keeps what its numbers are made of.
        self._register()
        with self.assertRaisesRegex(UserError, "has lines"):
            self.register.with_user(self.admin).code = "OTHER"

    def test_subjects_of_a_deleted_office_are_not_offered_elsewhere(self):
        form = self._new_office()
        form.name, form.code = "Short-lived", "B5"
        with form.own_subject_ids.new() as line:
            line.name = "Only here"
        office = form.save()
        subject = office.own_subject_ids
        office.register_ids.unlink()
        office.unlink()
        self.assertTrue(subject.exists())
        self.assertFalse(subject.active)

    def test_others_open_no_office(self):
        for name in ("registrar", "head", "auditor", "agent"):
            with self.assertRaises(AccessError):
                self.env["registry.office"].with_user(self.users[name]).create(
                    {"name": "X", "code": "X"}
                )


@tagged("post_install", "-at_install", "gov_acl")
class TestOfficeRpc(OfficeCommon, HttpCase):
    """The same by RPC, as the web client saves the form."""

    def _call(self, model, method, *args, **kwargs):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_saved_in_one_call(self):
        self.admin.password = "dr_admin-of-the-office"
        self.authenticate(self.admin.login, "dr_admin-of-the-office")
        answer = self._call(
            "registry.office",
            "web_save",
            [],
            {
                "name": "Desk",
                "code": "DESK",
                "register_ids": [
                    [0, "a", {"direction": "incoming", "name": "In", "code": "IN"}],
                    [0, "b", {"direction": "outgoing", "name": "Out", "code": "OUT"}],
                ],
                "own_subject_ids": [[0, "c", {"name": "Petition"}]],
            },
            specification={"register_ids": {"fields": {"number_preview": {}}}},
        )
        office = self.env["registry.office"].browse(answer["result"][0]["id"])
        self.assertEqual(office.company_id, self.company)
        self.assertEqual(len(office.register_ids), 2)
        self.assertTrue(answer["result"][0]["register_ids"][0]["number_preview"])
        self.assertEqual(office.subject_ids.name, "Petition")
        for model in ("registry.category", "registry.nature", "registry.priority"):
            self.assertTrue(self._call(model, "create", [{"name": "W"}])["result"])

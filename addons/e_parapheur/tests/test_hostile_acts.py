from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PIN
from .common_power import PowerCase


@tagged("post_install", "-at_install")
class TestHostileActs(PowerCase):
    """Who tries to act, to speak or to read in the place of another person, by every door."""

    def test_the_grantor_does_not_take_back_what_his_delegate_signed(self):
        circuit = self._circuit(
            "Two signatures",
            [
                {"name": "First", "kind": "signature", "users": self.mayor},
                {"name": "Second", "kind": "signature", "users": self.signer},
            ],
        )
        self._act()
        folder = self._folder(nature=self._nature(circuit_id=circuit.id))
        self._by_act(folder)
        grantor = self._as(folder, self.mayor)
        self.assertFalse(grantor.can_recall)
        for call in (grantor.action_recall, grantor.run_id.action_recall):
            with self.refused(UserError, "signed this in your place|cannot be taken"):
                call("Mine")
        # Who signed takes it back himself; the signature is withdrawn with it.
        self._as(folder, self.head).action_recall("Wrong file")
        self.assertEqual(folder.sudo().signature_ids.state, "withdrawn")
        self._sign(folder, self.mayor)
        valid = folder.sudo().signature_ids.filtered(lambda one: one.state == "valid")
        self.assertEqual(valid.signer_id, self.mayor.id)

    def test_nobody_speaks_for_another(self):
        folder = self._submitted()
        mayor = self.mayor.partner_id
        mine = self._as(folder, self.head)
        note = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}
        with self.refused(AccessError, "in the name of another"):
            mine.message_post(body="I agree", author_id=mayor.id, **note)
        messages = self.env["mail.message"].with_user(self.head)
        place = {"model": "parapheur.folder", "res_id": folder.id, "body": "I agree"}
        for vals, context in (
            ({**place, "author_id": mayor.id}, {}),
            ({**place, "author_id": False, "email_from": "mayor@example.com"}, {}),
            (place, {"default_author_id": mayor.id}),
            (
                {"body": "I agree"},
                {
                    "default_author_id": mayor.id,
                    "default_model": "parapheur.folder",
                    "default_res_id": folder.id,
                },
            ),
        ):
            with self.refused(AccessError, "in the name of another"):
                messages.with_context(**context).create(vals)
        old = mine.message_post(body="Late", date="2001-01-01 00:00:00", **note)
        self.assertGreater(old.date.year, 2001, "nobody writes in the past")
        self.assertFalse(
            [one for one in mine._desk_comments() if one["who"] == self.mayor.name]
        )

    def test_nobody_changes_what_another_wrote(self):
        folder = self._submitted()
        self._as(folder, self.head).action_comment("I have doubts")
        said = folder.sudo().message_ids[0]
        system = self._user("book_system", "base.group_system,base.group_erp_manager")
        own = said.with_user(self.head)
        # The sender may write the folder, and not what is said in it.
        for user in (self.clerk, self.head):
            for vals in (
                {"author_id": self.mayor.partner_id.id},
                {"date": "2001-01-01 00:00:00"},
                {"email_from": "mayor@example.com"},
                {"model": "res.partner", "res_id": 1},
            ):
                with self.assertRaises(AccessError):
                    said.with_user(user).write(vals)
        with self.refused(AccessError, "is of who wrote it"):
            said.with_user(self.clerk).write({"body": "I agree"})
        for row in folder.sudo().message_ids - said:
            with self.refused(AccessError, "is of who wrote it"):
                row.with_user(self.clerk).unlink()
        with self.refused(AccessError, "is of who wrote it"):
            said.with_user(self.clerk).unlink()
        with self.refused(AccessError, "is of who wrote it"):
            folder.with_user(system)._check_can_update_message_content(said)
        own.body = "I have no doubts any more"

    def test_an_opinion_sends_nothing_back(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._as(folder, self.signer).action_second_opinion(self.other.ids, "What?")
        asked = self._as(folder, self.other)
        visa = folder.sudo().run_id.step_ids.filtered(lambda one: one.name == "Visa")
        self.assertFalse(asked.get_acts()["return"])
        for resume in ("all", "here"):
            for call in (asked.action_return, asked.run_id.action_return):
                with self.refused(UserError, "asks for an opinion"):
                    call(visa.id, "No", resume=resume)
        self.assertEqual(visa.state, "done")

    def test_what_is_restricted_stays_so_in_the_next_folder(self):
        folder = self._draft(nature=self.quick)
        folder.is_confidential = True
        self.assertTrue(folder.copy().is_confidential)
        folder.action_submit()
        self._sign(folder, self.mayor)
        folder.sudo()._process_closings()
        new = folder.browse(
            self._as(folder, self.mayor).action_chain(self.nature.id)["res_id"]
        )
        refused = self._draft()
        refused.is_confidential = True
        refused.action_submit()
        self._as(refused, self.head).action_refuse("No")
        again = folder.browse(self._as(refused, self.clerk).action_recycle()["res_id"])
        for one in (new, again):
            self.assertTrue(one.sudo().is_restricted)
            for user in (self.supervisor, self.other):
                self.assertFalse(self._as(one, user).has_access("read"))

    def test_nobody_names_himself_in_the_place_of_another(self):
        folder = self._submitted()
        self.head.active = False
        row = folder.sudo().run_id.actor_ids.filtered(
            lambda one: one.user_id == self.head
        )
        chief = self._user("book_chief", "e_parapheur.group_e_parapheur_supervisor")
        run = self._as(folder, chief).run_id
        with self.refused(UserError, "Nobody names himself"):
            run.action_replace(row.id, chief.id, "Gone")
        run = folder.sudo().run_id.with_user(self.functional)
        with self.refused(UserError, "Nobody names himself|may not|not among"):
            run.action_transfer(self.functional.id, "Gone", actor_id=row.id)
        self.assertEqual(row.state, "current")
        self._as(folder, chief).run_id.action_replace(row.id, self.other.id, "Gone")
        self.assertEqual(folder.sudo().run_id.current_user_ids, self.other)

    def test_an_answer_given_late_goes_past_nobody(self):
        form = self.env["gov.form"].create(
            {
                "name": "Amount",
                "company_id": self.company.id,
                "field_ids": [
                    Command.create(
                        {"label": "Amount", "key": "amount", "type": "amount"}
                    )
                ],
            }
        )
        form.action_publish()
        circuit = self._circuit(
            "Council above",
            [
                {"name": "Visa", "kind": "visa", "users": self.head},
                {"name": "Council", "kind": "signature", "users": self.mayor},
                {"name": "Signature", "kind": "signature", "users": self.signer},
            ],
            publish=False,
        )
        circuit.subject_model = "parapheur.folder"
        circuit.step_ids[0].required_on_approve = ["amount"]
        nature = self._nature(form_id=form.id, amount_field_id=form.field_ids.id)
        circuit.step_ids[1].conditions = [
            {"field": "amount", "operator": "at_least", "value": 1000}
        ]
        circuit.action_publish()
        version = nature.version_id.browse(nature.action_new_version()["res_id"])
        version.circuit_id = circuit
        version.action_publish()
        folder = self._submitted(nature=nature)
        run = folder.sudo().run_id
        self.assertEqual(run.step_ids[1].state, "left_out")
        mine = self._as(folder, self.head)
        with self.refused(UserError, "another way: “Council”"):
            mine.action_fill({"amount": "900000"})
        folder.invalidate_recordset()
        mine.action_fill({"amount": "999"})
        mine.action_approve()
        self.assertEqual(run.current_user_ids, self.signer)

    def test_who_signs_by_delegation_does_not_confirm_a_passing_over(self):
        chief = self._user("book_chief2", "e_parapheur.group_e_parapheur_supervisor")
        folder = self._submitted()
        visa = folder.run_id.sudo()._current_steps()
        self._as(folder, self.clerk).action_bypass_ask(visa.id, "Urgent")
        mine = self._as(folder, chief)
        self.assertFalse(mine._bypass_confirm_refusal())
        self._act(grantee=chief)
        with self.refused(UserError, "without a part in it"):
            mine.action_bypass_confirm(visa.id)
        self.assertEqual(visa.state, "current")

    def test_an_act_for_some_units_signs_nothing_without_unit(self):
        self._act(unit_ids=[Command.link(self.town.id)])
        draft = self._draft(nature=self.quick)
        draft.unit_id = False
        draft.action_submit()
        folders = self.env["parapheur.folder"].with_user(self.head)
        self.assertFalse(folders.search([("id", "=", draft.id)]))
        with self.refused(AccessError, "the unit, it is for Town only"):
            self._as(draft, self.head).action_sign(PIN, consent=self._consent())
        self.assertFalse(draft.sudo().signature_ids)

    def test_who_follows_a_restricted_folder_is_not_told(self):
        folder = self._draft()
        folder.is_confidential = True
        folder.action_submit()
        place = [("res_model", "=", "parapheur.folder"), ("res_id", "=", folder.id)]
        follow = self.env["mail.followers"]
        self.assertTrue(follow.with_user(self.clerk).search_count(place))
        rows = follow.sudo().search(place)
        for user in (self.supervisor, self.other, self.admin, self.functional):
            self.assertFalse(follow.with_user(user).search_count(place))
            with self.assertRaises(AccessError):
                rows.with_user(user).read(["partner_id"])

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_source import SourceCase


@tagged("post_install", "-at_install")
class TestHostileSource(SourceCase):
    """What is written back, kept and attached goes no further than the people who may."""

    def test_nothing_is_written_that_its_administrator_might_not_write(self):
        weak = self._user("book_weak", "e_parapheur.group_e_parapheur_admin")
        sources = self.env["parapheur.source"].with_user(weak)
        source = sources.with_company(self.company).create(
            {
                "name": "Partners",
                "company_id": self.company.id,
                "model": "res.partner",
                "nature_id": self.certificate.id,
                "field_ids": [Command.create({"path": "name"})],
            }
        )
        for name, value in (("ref", "@reference"), ("email", "@title")):
            with self.refused(UserError, "cannot be written back"):
                source.back_ids = [
                    Command.create(
                        {"moment": "cancelled", "field_name": name, "value": value}
                    )
                ]
        self.assertFalse(source.get_choices("back", "res.partner"))
        # Who manages the staff may; what only the platform writes stays the platform's.
        own = self.source.with_user(self.admin).with_company(self.company)
        self.assertEqual(
            own._back_field("hr.department", "manager_id").name, "manager_id"
        )
        for model, name in (
            ("hr.employee", "message_ids"),
            ("hr.employee", "is_in_contract"),
            ("res.partner", "commercial_partner_id"),
        ):
            with self.refused(UserError, "cannot be written back"):
                own._back_field(model, name)

    def test_values_of_the_record_are_for_nobody_in_the_circuit(self):
        self._published()
        folder = self._sent()
        folder.action_submit()
        for user in (self.clerk, self.signer, self.auditor):
            with self.assertRaises(AccessError):
                self._as(folder, user).read(["source_facts"])
        self.assertFalse(self._as(folder, self.signer).source_notice)

    def test_files_of_a_confidential_folder_stay_in_it(self):
        self.source.attach_signed = True
        self._published()
        folder = self._sent()
        folder.is_confidential = True
        folder.action_submit()
        self._sign(folder, self.signer)
        folder.sudo()._process_closings()
        folder.sudo()._process_records()
        self.assertEqual(folder.sudo().source_back_state, "done")
        self.assertFalse(self.employee.sudo().message_ids.attachment_ids)

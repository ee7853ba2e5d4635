import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.digital_registry.tests.common import pdf_file

from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install")
class TestOutgoing(OutgoingCase):
    def test_a_reply_begins_with_what_is_known(self):
        letter = self._assigned()
        reply = self._reply(letter)
        self.assertEqual(reply.kind, "reply")
        self.assertEqual(reply.recipient_name, letter.sender_name)
        self.assertEqual(reply.unit_id, self.urbanism)
        self.assertEqual(reply.office_id, self.office)
        self.assertEqual(reply.signatory_name, self.hu.name)
        # Asked again, the draft that is there.
        self.assertEqual(letter.with_user(self.au).action_reply()["res_id"], reply.id)
        with self.refused(AccessError, "answers it"):
            letter.with_user(self.au2).action_reply()

    def test_template_in_two_languages(self):
        for lang, words in (("fr_FR", "Madame"), ("ar_MA", "سلام تام")):
            reply = self._reply(lang=lang)
            template = self.env.ref(f"mail_desk.gov_template_reply_{lang[:2]}")
            reply.action_apply_template(template.id, mode="replace")
            number = reply.answers_id.number
            self.assertIn(words, reply.body)
            self.assertIn(number, reply.body)
            self.assertNotIn("{{", reply.body)
            self.assertIn(reply.answers_id.subject, reply.subject)

    def test_a_name_is_text_in_a_template(self):
        letter = self._register(
            unit_id=self.urbanism.id, sender_name="<b onclick=x>{{ author }}</b>"
        )
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        template = self.env["gov.template"].create(
            {
                "name": "T",
                "kind": "letter",
                "lang": "fr_FR",
                "company_id": self.company.id,
                "body": "<p>{{ sender }}</p>",
            }
        )
        reply = self._reply(letter)
        reply.action_apply_template(template.id, mode="replace")
        self.assertNotIn("<b onclick", reply.body)
        self.assertNotIn(self.au.name, reply.body)

    def test_versions_are_kept_compared_and_restored(self):
        reply = self._reply()
        reply.body = "<p>Votre demande est refusée.</p>"
        reply.write({"recipient_email": "x@example.ma"})
        reply.invalidate_recordset(["version_ids"])
        self.assertEqual(reply.version_ids.mapped("number"), [3, 2, 1])
        last = reply.version_ids[0]
        self.assertIn("<del>acceptée.</del>", last.changes)
        self.assertIn("<ins>refusée.</ins>", last.changes)
        reply.version_ids[1].action_restore()
        reply.invalidate_recordset(["version_ids"])
        self.assertIn("acceptée", reply.body)
        self.assertEqual(reply.version_ids[0].number, 4)
        with self.refused(AccessError, "does not change"):
            last.write({"body": "x"})

    def test_annexes_pass_the_intake(self):
        reply = self._reply()
        reply.write(
            {
                "annex_file": base64.b64encode(pdf_file("Plan")),
                "annex_filename": "plan.pdf",
            }
        )
        self.assertEqual(reply.document_ids.name, "plan.pdf")
        with self.refused(UserError, "."):
            reply.write(
                {"annex_file": base64.b64encode(b"MZ\x90"), "annex_filename": "x.pdf"}
            )
        self.assertEqual(len(reply.document_ids), 1)

    def test_what_is_missing_is_named(self):
        reply = self._reply(body="<p> <br></p>", subject=False, recipient_name=False)
        with self.refused(UserError, "the subject, the text, the recipient"):
            reply.action_submit(levels=1)
        self.assertEqual(reply.state, "draft")

    def test_validation_goes_up_to_the_rank(self):
        reply = self._reply()
        reply.action_submit(levels=3)
        self.assertEqual(reply.state, "validating")
        self.assertEqual(reply.run_id.current_user_ids, self.hu)
        self.assertEqual(len(reply.run_id.step_ids), 2, "nobody is above the direction")
        with self.refused(UserError, "not your turn yet"):
            reply.with_user(self.dg).action_decide("approve", base=reply.base)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        with self.refused(UserError, "acted already"):
            reply.with_user(self.hu).action_decide("approve", base=reply.base)
        self.assertEqual(reply.state, "validating")
        reply.with_user(self.dg).action_decide("approve", base=reply.base)
        self.assertEqual(reply.state, "validated")

    def test_nobody_validates_his_own(self):
        reply = self._reply()
        reply.action_submit(levels=1)
        with self.refused(AccessError, "not among those who act"):
            reply.action_decide("approve", base=reply.base)
        # The head of the service is validated by the head above.
        letter = self._arrived()
        self._row(letter, self.hu).action_dispatch(user_id=self.hu.id)
        own = self._reply(letter, self.hu)
        own.action_submit(levels=1)
        self.assertEqual(own.run_id.current_user_ids, self.dg)

    def test_who_has_nobody_above_validates_by_submitting(self):
        letter = self._register(unit_id=self.direction.id)
        self._row(letter, self.dg).action_dispatch(user_id=self.dg.id)
        reply = self._reply(letter, self.dg)
        reply.action_submit(levels=2)
        self.assertEqual(reply.state, "validated")
        self.assertFalse(reply.run_id)

    def test_an_older_version_is_not_approved(self):
        reply = self._reply()
        reply.action_submit(levels=1)
        old = reply.base
        reply.action_take_back()
        reply.body = "<p>Autre texte.</p>"
        reply.action_submit(levels=1)
        self.assertNotEqual(reply.base, old)
        with self.refused(UserError, "changed since you opened it"):
            reply.with_user(self.hu).action_decide("approve", base=old)
        with self.refused(UserError, "changed since you opened it"):
            reply.with_user(self.hu).action_decide("return", "non", base=old)
        self.assertEqual(reply.state, "validating")

    def test_nothing_changes_under_the_eyes_of_who_approves(self):
        reply = self._reply()
        reply.action_submit(levels=1)
        for vals in ({"body": "<p>x</p>"}, {"subject": "x"}, {"recipient_name": "x"}):
            with self.refused(UserError, "was submitted"):
                reply.write(vals)
        with self.refused(UserError, "was submitted"):
            reply._add_annex(pdf_file(), "late.pdf")
        reply.action_take_back()
        self.assertEqual(reply.run_id.state, "cancelled")
        reply.write({"body": "<p>x</p>"})

    def test_sent_back_and_refused(self):
        reply = self._reply()
        reply.action_submit(levels=1)
        judge = reply.with_user(self.hu)
        with self.refused(UserError, "what has to change"):
            judge.action_decide("return", "", base=reply.base)
        judge.action_decide("return", "Citer l’article 5", base=reply.base)
        self.assertEqual(reply.state, "draft")
        reply.action_submit(levels=1)
        judge.action_decide("refuse", "Pas de réponse", base=reply.base)
        self.assertEqual(reply.state, "draft")
        lines = " ".join(self._sentences(reply.answers_id, self.au))
        self.assertIn("HU Desk sent the draft back – Citer l’article 5", lines)
        self.assertIn("HU Desk refused the letter – Pas de réponse", lines)

    def test_circuit_of_the_administration(self):
        circuit = self.env["gov.circuit"].create(
            {
                "name": "Réponses",
                "company_id": self.company.id,
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Visa",
                            "kind": "visa",
                            "rank": 1,
                            "actor_rule": "subject_unit_head",
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "name": "DG",
                            "kind": "validation",
                            "rank": 2,
                            "actor_rule": "person",
                            "user_ids": [(6, 0, self.dg.ids)],
                        },
                    ),
                ],
            }
        )
        circuit.action_publish()
        reply = self._reply()
        reply.action_submit(circuit_id=circuit.id)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        reply.with_user(self.dg).action_decide("approve", base=reply.base)
        self.assertEqual(reply.state, "validated")

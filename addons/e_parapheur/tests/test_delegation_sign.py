import json
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_power import PowerCase


@tagged("post_install", "-at_install")
class TestDelegationSign(PowerCase):
    """Signing in the place of another person: by an act that covers it, never by standing in (S6, B8)."""

    def test_both_identities_formula_act_and_file(self):
        act = self._act()
        folder = self._folder()
        mine = self._as(folder, self.head)
        row = next(
            one
            for one in mine.get_desk("delegated", self.mayor.id)["folders"]
            if one["id"] == folder.id
        )
        self.assertTrue(row["delegated"])
        self.assertIn("By delegation of", mine.get_desk_folder()["step"]["reason"])
        self._by_act(folder)
        row = folder.sudo().signature_ids
        self.assertEqual((row.signer_id, row.for_id), (self.head.id, self.mayor.id))
        self.assertEqual(row.delegation_id.id, act.id)
        self.assertEqual(row.act_reference, "Arrêté n° 12/2026")
        self.assertEqual(row.act_sha256, act.sudo()._act_file().sha256)
        self.assertEqual(row.quality, "le Chef du service des permis")
        self.assertIn("P/ la Présidente", row.formula)
        self.assertIn("Arrêté n° 12/2026", row.formula)
        (event,) = self._events(folder, "folder.signed")
        body = json.loads(event.body)
        self.assertEqual(body["for"], self.mayor.id)
        self.assertEqual(body["delegation"]["id"], act.id)
        self.assertEqual(body["delegation"]["act_sha256"], row.act_sha256)
        self.assertNotIn("Arrêté", event.body)
        actor = folder.sudo().run_id.actor_ids.filtered("acted_by_id")
        self.assertEqual(actor.delegation_id.id, act.id)
        self.assertIn("by the act Arrêté", actor.with_context(lang="en_US").acted_name)
        self.assertFalse(actor.absent_until)
        # Printed in the block, and the certificate is that of who signed.
        checked = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertEqual([one.name for one in checked.signatures], ["Karim Head"])
        # Who signed reads on what he signed.
        self.assertTrue(self._as(folder, self.head).has_access("read"))

    def test_the_separate_tick(self):
        self._act()
        folder = self._folder()
        with self.refused(UserError, "tick that too"):
            self._by_act(folder, tick=False)
        own = self._as(folder, self.head).get_consent()["id"]
        with self.refused(UserError, "by delegation has changed"):
            self._by_act(folder, tick=False, delegation_consent=own)
        for odd in (True, 7, ["x"], {"id": 1}):
            with self.refused(UserError, "has changed|tick"):
                self._by_act(folder, tick=False, delegation_consent=odd)
        self.assertFalse(folder.sudo().signature_ids)

    def test_an_absence_never_signs(self):
        self.env["gov.absence"].with_user(self.mayor).create(
            {
                "user_id": self.mayor.id,
                "company_id": self.company.id,
                "substitute_id": self.head.id,
                "date_from": self.today,
                "date_to": self.today + timedelta(days=3),
            }
        )
        folder = self._folder()
        with self.refused(UserError, "no power to sign"):
            self._by_act(folder)
        self.assertFalse(folder.sudo().signature_ids)

    def test_out_of_scope_says_what(self):
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
        nature = self._nature(
            act_nature_id=self.orders.id,
            form_id=form.id,
            amount_field_id=form.field_ids.id,
        )
        notes = self.env["gov.act.nature"].create(
            {"name": "Notes", "code": "test_notes", "company_id": False}
        )
        cases = [
            ({"nature_ids": [Command.link(notes.id)]}, "for Notes only"),
            ({"unit_ids": [Command.link(self.town.id)], "amount_max": 1000}, "up to"),
        ]
        for vals, words in cases:
            act = self._act(**vals)
            draft = self._draft(nature=nature)
            draft.form_values = {"amount": "2500.00"}
            draft.action_submit()
            self.assertNotIn(
                draft,
                self.env["parapheur.folder"]
                .with_user(self.head)
                .search([("stands_in", "=", True)]),
            )
            with self.refused(AccessError, words):
                self._by_act(draft)
            act.action_revoke(reason="test")
        # Under the limit it is covered.
        self._act(amount_max=5000)
        draft = self._draft(nature=nature)
        draft.form_values = {"amount": "2500.00"}
        draft.action_submit()
        self.assertTrue(self._as(draft, self.head).stands_in)
        self._by_act(draft)
        self.assertEqual(draft.sudo().state, "closing")

    def test_an_amount_that_nobody_wrote_is_under_no_limit(self):
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
        nature = self._nature(form_id=form.id, amount_field_id=form.field_ids.id)
        self._act(amount_max=1000)
        folder = self._folder(nature=nature)
        with self.refused(AccessError, "the amount"):
            self._by_act(folder)

    def test_expired_revoked_or_given_on_between(self):
        folder = self._folder()
        act = self._act()
        base = self._as(folder, self.head)._circuit_base()
        act.action_revoke(reason="Fin de fonction")
        with self.refused(AccessError, "revoked on"):
            self._by_act(folder, base=base)
        late = self._act(reference="Arrêté n° 13/2026")
        late.sudo()._gated().write(
            {
                "act_date": self.today - timedelta(days=9),
                "date_from": self.today - timedelta(days=9),
                "date_to": self.today - timedelta(days=1),
            }
        )
        with self.refused(AccessError, "ended on"):
            self._by_act(folder, base=base)
        # The holder heads the unit no more: the act gives nothing.
        self._act(reference="Arrêté n° 14/2026")
        self.town.manager_id = self.staff[self.signer]
        with self.refused(AccessError, "does not hold this power|the unit"):
            self._by_act(folder, base=base)
        self.assertFalse(folder.sudo().signature_ids)

    def test_sub_delegation(self):
        self.env["gov.key"]._make_personal(self.other, self.company, "135791")
        parent = self._act(may_subdelegate=True, unit_ids=[Command.link(self.town.id)])
        child = self._act(
            self.head,
            self.other,
            parent_id=parent.id,
            unit_ids=[Command.link(self.permits.id)],
            reference="Décision n° 3",
        )
        # The power of the head is for his own turns: a delegate's delegate signs those only.
        folder = self._folder()
        with self.refused(AccessError, "not among those|not|doesn't"):
            self._by_act(folder, self.other)
        self.assertTrue(child)

    def test_one_person_is_not_two_signatories(self):
        circuit = self._circuit(
            "Two",
            [
                {
                    "name": "Both",
                    "kind": "signature",
                    "users": self.mayor | self.head,
                }
            ],
        )
        self._act()
        folder = self._folder(nature=self._nature(circuit_id=circuit.id))
        self._sign(folder, self.head)
        with self.refused(UserError, "another person's"):
            self._by_act(folder)
        self.assertFalse(self._delegated())
        self._sign(folder, self.mayor)
        self.assertEqual(len(folder.sudo().signature_ids), 2)

    def test_who_sent_it_does_not_sign_it_for_another(self):
        self._act()
        folder = self._folder(user=self.head)
        with self.refused(UserError, "you do not decide in it"):
            self._by_act(folder)
        self.assertFalse(self._delegated())
        other = self._folder()
        self.assertEqual([row["id"] for row in self._delegated()], other.ids)

    def _delegated(self):
        """What the head finds at the desk, to sign by the act of the mayor."""
        book = self.env["parapheur.folder"].with_user(self.head)
        book = book.with_company(self.company)
        return book.get_desk("delegated", self.mayor.id)["folders"]

    def test_by_no_other_door(self):
        self._act()
        folder = self._as(self._folder(), self.head)
        step = folder.run_id._current_steps()
        with self.refused(UserError, "more than an agreement"):
            folder.run_id.action_act("approve", step_id=step.id)
        with self.refused(UserError, "not to hand"):
            folder.run_id.action_transfer(self.other.id, "holidays")
        with self.refused(UserError, "not to hand"):
            folder.action_add_signer(self.other.ids)
        vals = {"acted_by_id": self.head.id, "delegation_id": 1}
        with self.assertRaises(AccessError):
            folder.run_id.actor_ids.write(vals)
        with self.refused(UserError, "tick that too"):
            folder.action_sign("135791", consent=folder.get_consent()["id"])

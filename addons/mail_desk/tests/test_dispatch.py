from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestDispatch(DeskCase):
    def test_a_registered_letter_is_before_its_unit(self):
        letter = self._arrived()
        row = self._row(letter)
        self.assertEqual(
            (row.state, row.unit_id, row.role), ("to_dispatch", self.urbanism, "to")
        )
        self.assertEqual(letter.desk_state, "to_dispatch")
        self.assertEqual(letter.desk_unit_id, self.urbanism)
        self.assertFalse(letter.desk_user_id)

    def test_where_it_arrives(self):
        """Unit of the letter, else of its category, else of the office."""
        category = self.env["registry.category"].create(
            {
                "name": "Contentieux",
                "company_id": self.company.id,
                "unit_id": self.legal.id,
            }
        )
        self.assertEqual(self._register().desk_unit_id, self.secretariat)
        by_category = self._register(category_id=category.id)
        self.assertEqual(by_category.desk_unit_id, self.legal)
        self.assertEqual(
            self._arrived(category_id=category.id).desk_unit_id, self.urbanism
        )
        deposit = self._deposit()
        self.assertEqual(deposit.desk_unit_id, self.secretariat)
        self.assertEqual(deposit.assignment_ids.state, "to_dispatch")
        self.assertEqual(self._deposit(unit_id=self.legal.id).desk_unit_id, self.legal)
        self.office.desk_unit_id = False
        self.office.unit_id = self.direction
        self.assertEqual(self._deposit().desk_unit_id, self.direction)

    def test_an_office_without_unit(self):
        self.office.desk_unit_id = False
        letter = self._deposit().with_env(self.env)
        row = self._row(letter)
        self.assertFalse(row.unit_id)
        self.assertEqual(letter.desk_state, "to_dispatch")
        with self.refused(UserError, "choose another one"):
            row.with_user(self.supervisor).action_dispatch(user_id=self.au.id)
        row.with_user(self.supervisor).action_dispatch(unit_id=self.urbanism.id)
        self.assertEqual((row.unit_id, row.state), (self.urbanism, "to_dispatch"))
        row.with_user(self.hu).action_dispatch(user_id=self.au.id)
        self.assertEqual(letter.desk_user_id, self.au)

    def test_due_date_of_the_office_and_of_the_priority(self):
        self.office.desk_days = 15
        today = fields.Date.context_today(self.office)
        self.assertEqual(self._deposit().desk_due_date, today + timedelta(days=15))
        urgent = self.env["registry.priority"].create(
            {"name": "Urgent", "days": 3, "company_id": self.company.id}
        )
        letter = self._arrived(priority_id=urgent.id)
        self.assertEqual(letter.desk_due_date, today + timedelta(days=3))

    def test_outgoing_letters_do_not_arrive(self):
        outgoing = self.office._get_register("outgoing")
        letter = self._register(register_id=outgoing.id)
        self.assertFalse(letter.desk_state)
        self.assertFalse(letter.assignment_ids)
        internal = self._register(
            register_id=self.office._get_register("internal").id,
            unit_id=self.legal.id,
        )
        self.assertEqual(internal.desk_unit_id, self.legal)

    def test_unit_then_agent(self):
        letter = self._register()
        row = self._row(letter, self.hs)
        row.action_dispatch(
            unit_id=self.urbanism.id,
            instruction_id=self.action.id,
            note="Merci de voir",
            copy_unit_ids=self.legal.ids,
        )
        self.assertEqual(row.state, "assigned")
        child = self._row(letter)
        self.assertEqual(child.parent_id, row.sudo())
        self.assertEqual((child.unit_id, child.state), (self.urbanism, "to_dispatch"))
        self.assertEqual(letter.desk_state, "to_dispatch")
        child.with_user(self.hu).action_dispatch(user_id=self.au.id)
        self.assertEqual((child.user_id, child.state), (self.au, "assigned"))
        self.assertEqual(
            child.instruction_id, self.action.browse(child.instruction_id.id)
        )
        self.assertEqual(letter.desk_user_id, self.au)
        self.assertEqual(letter.desk_state, "assigned")
        copy = letter.assignment_ids.filtered(lambda row: row.role == "copy")
        self.assertEqual((copy.unit_id, copy.state), (self.legal, "assigned"))

    def test_unit_and_agent_at_once_and_due_date(self):
        letter = self._register()
        today = fields.Date.context_today(letter)
        self.action.days = 10
        self._row(letter, self.hs).action_dispatch(
            unit_id=self.urbanism.id, user_id=self.au.id, instruction_id=self.action.id
        )
        row = self._row(letter)
        self.assertEqual((row.user_id, row.state), (self.au, "assigned"))
        working = self.env["gov.holiday"]._working_days_after(self.company, today, 10)
        self.assertEqual(letter.desk_due_date, working)

    def test_a_unit_with_no_agent(self):
        letter = self._arrived()
        self._row(letter, self.hu).action_dispatch(
            unit_id=self.urbanism.id, instruction_id=self.information.id
        )
        self.assertEqual(letter.desk_state, "assigned")
        self.assertFalse(letter.desk_user_id)
        self.assertEqual(letter.desk_unit_id, self.urbanism)
        # Whoever works there may take it up; nobody else.
        self.assertTrue(letter.with_user(self.au).desk_is_holder)
        self._row(letter, self.au2).action_done("Classé")
        self.assertEqual(letter.desk_state, "closed")

    def test_the_head_above_and_the_deputy_dispatch(self):
        self._row(self._arrived(), self.dg).action_dispatch(user_id=self.au.id)
        self.urbanism.gov_deputy_ids = self.people["au2"]
        self._row(self._arrived(), self.au2).action_dispatch(user_id=self.au.id)

    def test_return_goes_to_who_assigned(self):
        letter = self._register()
        first = self._row(letter, self.hs)
        first.action_dispatch(unit_id=self.urbanism.id)
        second = self._row(letter, self.hu)
        second.action_dispatch(user_id=self.au.id)
        # The agent returns to the head of his unit.
        self._row(letter, self.au).action_return("Pas de ma compétence")
        self.assertEqual(second.state, "returned")
        self.assertEqual(second.reason, "Pas de ma compétence")
        third = self._row(letter)
        self.assertEqual((third.unit_id, third.state), (self.urbanism, "to_dispatch"))
        # The head of the unit returns to the secretariat.
        third.with_user(self.hu).action_return("Relève du juridique")
        self.assertEqual(third.state, "returned")
        self.assertEqual(self._row(letter), first.sudo())
        self.assertEqual(first.state, "to_dispatch")
        self.assertEqual(letter.desk_unit_id, self.secretariat)

    def test_return_by_an_agent_named_from_above(self):
        letter = self._register()
        first = self._row(letter, self.hs)
        first.action_dispatch(unit_id=self.urbanism.id, user_id=self.au.id)
        self._row(letter, self.au).action_return("Absent jusqu’au 27")
        self.assertEqual(self._row(letter), first.sudo())

    def test_return_from_the_first_unit(self):
        letter = self._arrived()
        self._row(letter, self.hu).action_return("Ne nous concerne pas")
        self.assertEqual(letter.desk_unit_id, self.secretariat)
        with self.refused(UserError, "nobody to return it to"):
            self._row(letter, self.hs).action_return("Encore")

    def test_redirect_with_a_copy(self):
        letter = self._assigned()
        row = self._row(letter, self.au)
        row.action_redirect(self.legal.id, "Contentieux", keep_copy=True)
        self.assertEqual((row.state, row.reason), ("redirected", "Contentieux"))
        self.assertEqual(letter.desk_unit_id, self.legal)
        self.assertEqual(letter.desk_state, "to_dispatch")
        copy = letter.assignment_ids.filtered(lambda row: row.role == "copy")
        self.assertEqual(copy.unit_id, self.urbanism)
        self.assertTrue(letter.with_user(self.au).has_access("read"))

    def test_redirect_without_copy_closes_the_door(self):
        letter = self._assigned()
        self._row(letter, self.au).action_redirect(self.legal.id, "Contentieux")
        self.assertFalse(letter.with_user(self.au).has_access("read"))
        self.assertTrue(letter.with_user(self.hl).has_access("read"))

    def test_a_copy_is_seen(self):
        letter = self._arrived()
        self._row(letter, self.hu).action_dispatch(
            user_id=self.au.id, copy_unit_ids=self.legal.ids
        )
        reader = letter.with_user(self.al)
        self.assertEqual(reader.desk_next, "seen")
        reader.action_seen()
        copy = letter.assignment_ids.filtered(lambda row: row.role == "copy")
        self.assertEqual(copy.state, "done")
        self.assertEqual(letter.desk_state, "assigned")
        with self.refused(UserError, "No copy"):
            reader.action_seen()

    def test_done_closes(self):
        letter = self._assigned(instruction_id=self.information.id)
        self._row(letter, self.au).action_done("Traité par téléphone")
        self.assertEqual(letter.desk_state, "closed")
        self.assertEqual(letter.desk_closing, "treated")
        self.assertEqual(letter.assignment_ids.state, "done")

    def test_close_with_a_reason(self):
        letter = self._assigned()
        agent = letter.with_user(self.au)
        with self.refused(UserError, "why no reply is needed"):
            agent.action_close("", kind="no_reply")
        with self.refused(UserError, "No reply .* was sent"):
            agent.action_close("x", kind="answered")
        head = letter.with_user(self.hu)
        head.action_close("Simple information")
        self.assertEqual(letter.desk_closing, "no_reply")
        self.assertEqual(letter.desk_closing_reason, "Simple information")
        for person in (agent, head):
            with self.refused(UserError, "closed already"):
                person.action_close("Encore")
        self.assertEqual(letter.desk_closed_by_id, self.hu)

    def test_open_again(self):
        letter = self._assigned()
        letter.with_user(self.hu).action_close("Simple information")
        with self.refused(AccessError, "head of the unit"):
            letter.with_user(self.au).action_reopen("Nouvelle pièce")
        letter.with_user(self.hu).action_reopen("Nouvelle pièce")
        self.assertEqual(letter.desk_state, "to_dispatch")
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        self.assertEqual(letter.desk_state, "assigned")

    def test_cancelled_registration(self):
        letter = self._assigned()
        letter.with_user(self.head).action_cancel("Double", "Note 1/2026")
        self.assertEqual(letter.desk_state, "closed")
        self.assertEqual(letter.assignment_ids.state, "cancelled")

    def test_timeline_in_the_reader_s_words(self):
        letter = self._arrived()
        self._row(letter, self.hu).action_dispatch(
            user_id=self.au.id,
            instruction_id=self.action.id,
            due_date=fields.Date.context_today(letter) + timedelta(days=3),
            note="Urgent",
        )
        lines = self._sentences(letter, self.au)
        self.assertEqual(len(lines), 1)
        self.assertIn("HU Desk dispatched the letter to AU Desk (Urbanisme)", lines[0])
        self.assertIn("For action", lines[0])
        self.assertIn("Urgent", lines[0])

    def test_journal_says_nothing_of_a_person(self):
        letter = self._assigned(note="Mme Untel")
        events = self.env["gov.journal.event"].search(
            [("kind", "=", "desk.dispatched"), ("subject_id", "=", letter.entry_id.id)]
        )
        self.assertEqual(len(events), 1)
        self.assertIn('"unit":"URB"', events.body)
        self.assertNotIn("Untel", events.body)
        self.assertNotIn(self.au.name, events.body)
        self.assertTrue(self.register._verify()["ok"])

    def test_notes_have_an_audience(self):
        letter = self._arrived()
        self._row(letter, self.hu).action_dispatch(
            user_id=self.au.id, copy_unit_ids=self.legal.ids
        )
        letter.with_user(self.au).action_add_note("Pour tous")
        letter.with_user(self.au).action_add_note("Entre nous", audience="unit")
        for user, expected in (
            (self.hu, {"Pour tous", "Entre nous"}),
            (self.au2, {"Pour tous", "Entre nous"}),
            (self.al, {"Pour tous"}),
            (self.supervisor, {"Pour tous"}),
        ):
            self.env.invalidate_all()
            notes = letter.with_user(user).desk_event_ids.filtered("text")
            self.assertEqual(set(notes.mapped("text")), expected, user.login)
        with self.refused(UserError, "empty"):
            letter.with_user(self.au).action_add_note("  ")

    def test_what_to_do_in_one_sentence(self):
        letter = self._arrived()
        self.assertEqual(letter.with_user(self.hu).desk_next, "dispatch")
        self.assertIn("Dispatch this letter", letter.with_user(self.hu).desk_todo)
        self.assertEqual(letter.with_user(self.au).desk_next, "none")
        self.assertIn("Urbanisme", letter.with_user(self.au).desk_todo)
        due = fields.Date.context_today(letter) + timedelta(days=3)
        self._row(letter, self.hu).action_dispatch(
            user_id=self.au.id, instruction_id=self.action.id, due_date=due
        )
        agent = letter.with_user(self.au)
        agent.invalidate_recordset()
        self.assertEqual(agent.desk_next, "reply")
        self.assertIn("Until", agent.desk_todo)
        letter._desk_write({"desk_due_date": fields.Date.today() - timedelta(days=1)})
        self.assertIn("Late since", letter.with_user(self.au).desk_todo)

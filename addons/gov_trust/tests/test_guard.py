import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..lib import merkle
from .common import JournalCase

REFUSED = (
    "UPDATE gov_journal_event SET body = '{}' WHERE id = %(id)s",
    "UPDATE gov_journal_event SET seq = 99 WHERE id = %(id)s",
    "UPDATE gov_journal_event SET number_text = 'x' WHERE id = %(id)s",
    "DELETE FROM gov_journal_event WHERE id = %(id)s",
    "TRUNCATE gov_journal_event",
    "UPDATE gov_journal_head SET root = 'x'",
    "DELETE FROM gov_journal_head",
    "TRUNCATE gov_journal_tile",
)


@tagged("post_install", "-at_install", "alone")
class TestGuard(JournalCase):
    def refused(self, statement, event):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "is refused, its lines are"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(statement, {"id": event.id})

    def test_sequenced_lines_never_change(self):
        event = self.append_numbered()
        self.commit()
        for statement in REFUSED:
            with self.subTest(statement):
                self.refused(statement, event)

    def test_sequenced_lines_never_change_even_for_the_sequencer(self):
        event = self.append_numbered()
        self.commit()
        self.env.cr.execute("SET LOCAL gov.sequencer = 'on'")
        for statement in REFUSED:
            with self.subTest(statement):
                self.refused(statement, event)

    def test_a_pending_line_is_for_the_sequencer_alone(self):
        event = self.append()
        self.env.flush_all()
        for statement in REFUSED[:4]:
            self.refused(statement, event)
        self.env.cr.execute("SET LOCAL gov.sequencer = 'on'")
        self.refused(REFUSED[0], event)

    def test_the_door_opens_with_a_journalled_reason_only(self):
        event = self.append()
        self.commit()
        self.env.cr.execute("SELECT set_config('gov.door', %s, true)", [str(event.id)])
        self.refused(REFUSED[0], event)
        door = self.journal._open_door("19.0.2: column moved")
        self.env.cr.execute(REFUSED[0], {"id": event.id})
        self.assertEqual(door.kind, "door.opened")

    def tamper(self, statement, *params):
        """What somebody who owns the tables can do: switch the trigger off."""
        cr = self.env.cr
        cr.execute("ALTER TABLE gov_journal_event DISABLE TRIGGER USER")
        cr.execute(SQL(statement, *params))
        cr.execute("ALTER TABLE gov_journal_event ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_verify_names_the_first_line_changed_by_hand(self):
        events = [self.append(index=index) for index in range(6)]
        self.commit()
        self.tamper(
            "UPDATE gov_journal_event SET body = '{}' WHERE id IN %s",
            (events[2].id, events[4].id),
        )
        result = self.journal._verify()
        self.assertEqual((result["first_bad"], result["reason"]), (3, "content"))
        self.assertIn("Line 3", result["sentence"])

    def test_verify_names_the_line_when_its_hash_was_forged_too(self):
        events = []
        for index in range(6):
            events.append(self.append(index=index))
            self.commit()
        self.tamper(
            "UPDATE gov_journal_event SET body = %s WHERE id = %s",
            '{"index":9}',
            events[3].id,
        )
        forged = self.journal._leaf_text(events[3])
        self.tamper(
            "UPDATE gov_journal_event SET leaf = %s WHERE id = %s",
            merkle.leaf_hash(forged.encode()).hex(),
            events[3].id,
        )
        result = self.journal._verify()
        self.assertEqual((result["first_bad"], result["reason"]), (4, "head"))

    def test_verify_names_a_missing_line(self):
        events = [self.append(index=index) for index in range(4)]
        self.commit()
        self.tamper("DELETE FROM gov_journal_event WHERE id = %s", events[1].id)
        result = self.journal._verify()
        self.assertEqual((result["first_bad"], result["reason"]), (2, "missing"))

    def test_verify_names_lines_cut_at_the_end(self):
        events = [self.append(index=index) for index in range(4)]
        self.commit()
        self.tamper("DELETE FROM gov_journal_event WHERE id = %s", events[3].id)
        result = self.journal._verify()
        self.assertEqual((result["first_bad"], result["reason"]), (4, "missing"))

    def test_verify_names_a_line_in_a_full_tile_with_its_hash_forged(self):
        events = [self.append(index=index) for index in range(300)]
        self.commit()
        self.tamper(
            "UPDATE gov_journal_event SET kind = 'forged' WHERE id = %s", events[99].id
        )
        self.tamper(
            "UPDATE gov_journal_event SET leaf = %s WHERE id = %s",
            merkle.leaf_hash(self.journal._leaf_text(events[99]).encode()).hex(),
            events[99].id,
        )
        result = self.journal._verify()
        self.assertEqual((result["first_bad"], result["reason"]), (100, "leaf"))

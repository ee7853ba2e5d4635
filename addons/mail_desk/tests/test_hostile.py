from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_outgoing import OutgoingCase

#: what no screen sends, where an id is expected
ODD = (-1, 10**30, 1.5, True, "1", "abc", "\x00", [[1]], {"id": 1}, (None,))


@tagged("post_install", "-at_install")
class TestHostile(OutgoingCase):
    """Arguments that no screen sends: refused with a sentence, never with a traceback."""

    def refused_whatever(self, call, odd=ODD):
        for value in odd:
            with (
                self.subTest(value=value),
                self.assertRaises(UserError) as caught,
                self.env.cr.savepoint(),
            ):
                call(value)
            self.assertGreater(len(str(caught.exception)), 12)

    def test_assignments(self):
        letter = self._arrived()
        row = self._row(letter, self.hu)
        self.refused_whatever(lambda odd: row.action_dispatch(unit_id=odd))
        self.refused_whatever(lambda odd: row.action_dispatch(user_id=odd))
        give = lambda **how: row.action_dispatch(user_id=self.au.id, **how)  # noqa: E731
        self.refused_whatever(lambda odd: give(instruction_id=odd))
        self.refused_whatever(lambda odd: give(copy_unit_ids=[odd]))
        self.refused_whatever(lambda odd: give(copy_unit_ids=odd))
        dates = (1, 1.5, True, "soon", "2026-13-45", "2001-01-01", [1], {"a": 1})
        self.refused_whatever(lambda odd: give(due_date=odd), dates)
        self.refused_whatever(lambda odd: row.action_redirect(odd, "Why"))
        self.refused_whatever(row.action_return, ("", "\x00", " \u200b", [], 0))
        self.assertEqual(row.state, "to_dispatch")

    def test_letters(self):
        letter = self._assigned().with_user(self.au)
        ask = lambda **how: letter.action_ask_opinion(  # noqa: E731
            **{"user_ids": self.al.ids, "question": "Your opinion?", **how}
        )
        self.refused_whatever(lambda odd: ask(user_ids=odd))
        self.refused_whatever(lambda odd: ask(user_ids=[self.al.id, odd]))
        self.refused_whatever(lambda odd: ask(days=odd), (-1, 1.5, "x", [3], 10**30))
        self.refused_whatever(lambda odd: ask(question=odd), ("", "\x00", [], {}))
        self.refused_whatever(
            lambda odd: letter.action_close("Why", kind=odd), ("x", [1], {"a": 1})
        )
        self.refused_whatever(lambda odd: letter.action_add_note("Words", odd))
        ask()
        self.refused_whatever(
            letter.with_user(self.al).action_give_opinion, ("", "\x00", [], {})
        )

    def test_a_note_is_written_by_people_of_the_desk(self):
        letter = self._assigned()
        for user in (self.desk_auditor, self.registrar):
            with self.assertRaises(AccessError):
                letter.with_user(user).action_add_note("Seen")

    def test_drafts(self):
        reply = self._reply()
        self.refused_whatever(lambda odd: reply.action_apply_template(odd))
        self.refused_whatever(lambda odd: reply.action_submit(circuit_id=odd))
        self.refused_whatever(
            lambda odd: reply.action_submit(levels=1, days=odd), (-1, 1.5, "x", [3])
        )
        with self.refused(UserError, "numbered"):
            reply.action_open_letter()
        reply.action_submit(levels=["x"])
        judge = reply.with_user(self.hu)
        for odd in (*ODD, "opinion"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                judge.action_decide(odd, base=reply.base)
        self.refused_whatever(
            lambda odd: judge.action_decide("return", comment=odd), ("", "\x00", {})
        )
        self.refused_whatever(lambda odd: judge.action_decide("approve", base=odd))
        judge.action_decide("approve", base=reply.base)
        self.refused_whatever(lambda odd: reply.action_send(odd, "n"), ("x", [1], {}))

    def _circuit(self, *kinds):
        circuit = (
            self.env["gov.circuit"]
            .with_user(self.desk_admin)
            .create(
                {
                    "name": "Mine",
                    "company_id": self.company.id,
                    "step_ids": [
                        Command.create(
                            {
                                "name": kind,
                                "kind": kind,
                                "rank": rank,
                                "actor_rule": "person",
                                "user_ids": [Command.set(self.hl.ids)],
                            }
                        )
                        for rank, kind in enumerate(kinds, 1)
                    ],
                }
            )
        )
        circuit.action_publish()
        return circuit

    def test_an_opinion_validates_nothing(self):
        reply = self._reply()
        opinions = self._circuit("opinion")
        with self.refused(UserError, "circuit that validates"):
            reply.action_submit(circuit_id=opinions.id)
        self.assertEqual(reply.state, "draft")
        reply.action_submit(circuit_id=self._circuit("opinion", "visa").id)
        self.assertEqual(reply.state, "validating")

    def test_the_author_is_handed_no_validation(self):
        reply = self._reply()
        reply.action_submit(levels=1)
        run = reply.run_id.with_user(self.hu)
        self.assertTrue(run.can_transfer)
        with self.refused(UserError, "does not validate"):
            run.action_transfer(self.au.id, "Away")
        run.action_transfer(self.hl.id, "Away")
        self.assertTrue(reply.with_user(self.hl).can_decide)

    def test_an_annex_waits_for_a_submission(self):
        reply = self._reply()
        locked = []
        self.patch(type(reply), "_lock", lambda drafts: locked.append(drafts.id))
        with self.assertRaises(UserError):
            reply._add_annex(b"MZ", "a.exe")
        self.assertEqual(locked, [reply.id])

    def test_no_file_beside_the_intake(self):
        reply = self._reply()
        files = self.env["ir.attachment"].with_user(self.au)
        place = {"res_model": "desk.outgoing", "res_id": reply.id}
        context = {f"default_{name}": value for name, value in place.items()}
        with self.refused(UserError, "annexes"):
            files.with_context(**context).create({"name": "a", "raw": b"x"})
        with self.refused(UserError, "annexes"):
            files.create({"name": "a", "raw": b"x", "res_field": "body", **place})
        letter = self._draft()
        context = {"default_res_model": "registry.letter", "default_res_id": letter.id}
        files = files.with_user(self.registrar).with_context(**context)
        with self.refused(UserError, "checks"):
            files.create({"name": "a", "raw": b"x"})

    def test_what_the_context_says_is_cleaned(self):
        """A line break in an address, a turned subject: also where a default brings it."""
        drafts = self.env["desk.outgoing"].with_user(self.au)
        draft = drafts.with_context(
            default_recipient_email="a@example.org\nBcc: b@example.org",
            default_subject="Permit \u202e2026",
        ).create({"kind": "letter"})
        self.assertNotIn("\n", draft.recipient_email)
        self.assertEqual(draft.subject, "Permit 2026")
        for odd in ("A", "a@b", "\u20ac"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                draft.write({"annex_file": odd})

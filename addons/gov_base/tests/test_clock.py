from datetime import date, timedelta

from hypothesis import given, settings, strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_clock import ClockCase


@tagged("post_install", "-at_install")
class TestClock(ClockCase):
    """A clock from its start to its end, and what nobody may do to it."""

    def test_stop_and_go(self):
        run = self.running()
        self.assertEqual(
            (run.naive_date, run.due_date), (date(2026, 2, 1), date(2026, 2, 1))
        )
        with self.at("2026-01-05"):
            run._suspend("Piece missing")
            self.assertEqual((run.state, run.due_date), ("suspended", False))
            self.assertIn("stopped since 01/05/2026", run.sentence)
            with self.refused(UserError, "waits for the sender"):
                run._suspend("Twice")
        with self.at("2026-01-11"):
            run._resume()
            self.assertEqual((run.state, run.due_date), ("running", date(2026, 2, 7)))
            self.assertEqual(run.stopped_days, 6)
            self.assertIn("the 6 days of waiting for the sender", run.sentence)
            with self.refused(UserError, "runs already"):
                run._resume()
        self.assertEqual(self.history(run), ["started", "suspended", "resumed"])
        last = run.change_ids.sorted("id")[-1]
        self.assertEqual((last.before, last.after), (False, date(2026, 2, 7)))
        self.assertEqual(self.heard(run), ["started", "suspended", "resumed"])

    def test_extension(self):
        rule = self._rule(
            name="20 + 20", length=20, unit="working_days", extension_length=20
        )
        run = self.running(rule)
        self.assertEqual(run.due_date, date(2026, 1, 30))
        for length in (21, 0, -1, "20", True, 1.5):
            with self.refused(UserError, "extends this clock by 20 days"):
                run._extend(length, "Consultation")
        with self.refused(UserError, "Say why"):
            run._extend(20, " \u200b ")
        run._extend(None, "Consultation of a third party")
        self.assertEqual(run.due_date, date(2026, 2, 27))
        self.assertIn("extended by 20 days (working days)", run.sentence)
        with self.refused(UserError, "as often as the law allows"):
            run._extend(5, "Again")
        with self.refused(UserError, "cannot be extended"):
            self.running()._extend(5, "No extension in the law")

    def test_warned_twice_then_expires_once(self):
        run = self.running(self._rule(name="W", length=20, unit="working_days"))
        for day, heard in (
            ("2026-01-15", []),
            ("2026-01-16", ["warned 10"]),
            ("2026-01-19", ["warned 10"]),
            ("2026-01-27", ["warned 10", "warned 3"]),
            ("2026-01-30", ["warned 10", "warned 3"]),
            ("2026-01-31", ["warned 10", "warned 3", "run out"]),
            ("2026-02-15", ["warned 10", "warned 3", "run out"]),
        ):
            with self.at(day), self.subTest(day=day):
                self.process()
                self.process()
                self.assertEqual(self.heard(run)[1:], heard)
        self.assertEqual(run.state, "expired")
        with self.at("2026-02-15"):
            for act in (
                lambda: run._suspend("Late"),
                lambda: run._extend(1, "Late"),
                run._resume,
            ):
                with self.refused(UserError, "ran out on 01/30/2026"):
                    act()

    def test_a_late_batch_warns_once_for_the_nearest(self):
        run = self.running(self._rule(name="W", length=20, unit="working_days"))
        with self.at("2026-01-28"):
            self.process()
            self.assertEqual(self.heard(run), ["started", "warned 2"])
            self.process()
        self.assertEqual(self.heard(run), ["started", "warned 2"])

    def test_warned_again_for_a_later_date(self):
        rule = self._rule(name="W", length=10, unit="working_days", extension_length=20)
        run = self.running(rule)
        with self.at("2026-01-13"):
            self.process()
            run._extend(20, "Third parties")
        with self.at("2026-01-30"):
            self.process()
        self.assertEqual(
            self.heard(run), ["started", "warned 3", "extended", "warned 10"]
        )

    def test_the_effect_is_said_by_a_person(self):
        rule = self._rule(name="Act", length=30, silence_effect="accept")
        run = self.running(rule)
        admin = run.with_user(self.admin)
        with self.refused(UserError, "did not run out"):
            admin.action_qualify("none", "Early")
        with self.at("2026-02-02"):
            self.process()
            self.assertNotIn("silence", run.sentence)
            self.assertEqual(run._legal_effect(), "none")
            with self.refused(UserError, "did not confirm it"):
                admin.action_qualify("accept", "Complete file")
            with self.refused(AccessError, "functional administrator"):
                run.with_user(self.clerk).action_qualify("none", "Mine")
            with self.refused(AccessError, "may not"):
                run.with_user(self.stranger).action_qualify("none", "Theirs")
            rule.with_user(self.admin).action_confirm("Law 1-26, article 2")
            self.assertIn("By Law 1-26, article 2 silence accepts", run.sentence)
            for effect in ("refuse", "maybe", 1, ["accept"], ""):
                with self.refused(UserError, "no such effect|Choose the effect"):
                    admin.action_qualify(effect, "Odd")
            with self.refused(UserError, "Say why"):
                admin.action_qualify("accept", "\u202e")
            admin.action_qualify("accept", "Complete file")
            self.assertIn("said by", run.sentence)
            self.assertIn("accepts your request", run._public_sentence())
        self.assertEqual(self.history(run)[-1], "qualified")
        self.assertEqual(self.heard(run)[-1], "qualified accept")

    def test_ended_and_opened_again(self):
        run = self.running()
        with self.at("2026-01-05"):
            run._suspend("Piece missing")
        with self.at("2026-01-08"):
            run._stop("Answered")
            self.assertEqual(run.state, "stopped")
            self.assertEqual(run.stop_ids.date_to, date(2026, 1, 8))
            with self.refused(UserError, "ended already"):
                run._stop("Twice")
        with self.at("2026-01-20"):
            run._reopen("Not what was asked")
            # The three days of the stop are not counted; those while it was ended are.
            self.assertEqual((run.state, run.due_date), ("running", date(2026, 2, 4)))
        with self.at("2026-02-05"):
            self.process()
            run._stop("Answered late")
        self.assertEqual((run.state, run.ended_on), ("expired", date(2026, 2, 5)))

    def test_running_clocks_keep_the_terms_of_their_version(self):
        self.rule.with_user(self.admin).action_confirm("Law 1-26")
        run = self.running()
        self.assertIn("until 02/01/2026", run._public_sentence())
        self.rule.with_user(self.admin).write({"length": 60})
        self.assertEqual((self.rule.version, self.rule.confirmed), (2, False))
        with self.at("2026-01-05"):
            run._suspend("Piece missing")
            run._resume()
        self.assertEqual((run.length, run.due_date), (30, date(2026, 2, 1)))
        self.assertIn("until 02/01/2026", run._public_sentence())
        later = self.running()
        self.assertEqual((later.length, later._public_sentence()), (60, ""))
        # A confirmation reaches the clocks of its own version alone.
        self.rule.with_user(self.admin).action_confirm("Law 2-26")
        self.assertEqual((run.reference, later.reference), ("Law 1-26", "Law 2-26"))
        self.rule.with_user(self.admin).action_withdraw()
        self.assertEqual(later._public_sentence(), "")

    def test_rules_are_confirmed_by_their_administration(self):
        rule = self.rule
        for user in (self.clerk, self.stranger):
            with self.refused(AccessError, "."):
                rule.with_user(user).action_confirm("Law 1-26")
        for reference in ("", "\u200b", " "):
            with self.refused(UserError, "Give the reference"):
                rule.with_user(self.admin).action_confirm(reference)
        for vals in ({"confirmed": True}, {"reference": "x"}, {"version": 9}):
            with self.refused(UserError, "only with its buttons"):
                rule.with_user(self.admin).write(vals)
        forged = self.env["gov.clock"].with_user(self.admin)
        made = forged.with_context(default_confirmed=True, clock_gate=True).create(
            {"name": "Forged", "length": 1, "company_id": self.agdal.id}
        )
        self.assertFalse(made.confirmed)
        model = self._rule(name="Model", length=10, code="m")
        model.company_id = False
        with self.refused(UserError, "adapt it"):
            model.with_user(self.admin).action_confirm("Law 1-26")
        with self.refused(AccessError, "."):
            model.with_user(self.admin).write({"length": 99})
        action = model.with_user(self.admin).with_company(self.agdal).action_adapt()
        mine = self.env["gov.clock"].browse(action["res_id"])
        self.assertEqual((mine.origin_id, mine.company_id), (model, self.agdal))
        again = model.with_user(self.admin).with_company(self.agdal).action_adapt()
        self.assertEqual(again["res_id"], mine.id)

    def test_other_words_in_any_language_are_confirmed_again(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        rule = self.rule.with_user(self.admin)
        rule.legal_basis = "Law 1-26, article 3"
        rule.action_confirm("Law 1-26")
        version = rule.version
        rule.update_field_translations("name", {"fr_FR": "Acte"})
        rule.update_field_translations(
            "legal_basis", {"en_US": "Law 1-26, article 3", "fr_FR": rule.legal_basis}
        )
        self.assertTrue(rule.confirmed)
        rule.update_field_translations("legal_basis", {"fr_FR": "Loi inventée"})
        self.assertFalse(rule.confirmed)
        self.assertEqual(rule.version, version + 1)

    def test_bounds_of_a_rule(self):
        for vals in (
            {"length": 0},
            {"length": -3},
            {"length": 3651},
            {"length": 200, "unit": "months"},
            {"extension_length": -1},
            {"extension_max": 11},
            {"warn_first": 3, "warn_second": 3},
            {"warn_second": -1},
        ):
            with self.subTest(vals=vals), self.refused(ValidationError, "."):
                self._rule(**{"name": "Odd", "length": 30, **vals})
        self.running()
        with self.refused(UserError, "archive it instead"):
            self.rule.unlink()

    def test_clocks_are_closed_to_everybody(self):
        run = self.running()
        subject = self.env[run.res_model].browse(run.res_id)
        with self.refused(AccessError, "only with its buttons"):
            subject.with_user(self.clerk).write({"clock_run_id": False})
        for record in (run, run.change_ids, self.rule):
            with self.refused(AccessError, "."):
                record.with_user(self.clerk).write({"res_id": 1})
        seen = self.env["gov.clock.run"].with_user(self.stranger)
        self.assertFalse(seen.search([("id", "=", run.id)]))
        self.assertTrue(run.with_user(self.clerk).sentence)

    def test_one_clock_at_a_time(self):
        run = self.running()
        subject = self.env[run.res_model].browse(run.res_id)
        self.assertEqual(subject._clock_start(self.rule), run)
        other = subject._clock_start(self._rule(name="Other", length=10))
        self.assertEqual((run.state, subject.clock_run_id), ("stopped", other))
        foreign = self._rule(self.souissi, name="Foreign", length=10)
        with self.refused(UserError, "another administration"):
            subject._clock_start(foreign)

    @mute_logger("odoo.addons.gov_base.models.gov_clock_run_process")
    def test_one_that_fails_says_why_and_the_others_go_on(self):
        bad, good = self.running(), self.running()
        self.env[bad.res_model].browse(bad.res_id).fails = True
        with self.at("2026-02-02"):
            self.process()
            self.assertEqual((bad.state, good.state), ("running", "expired"))
            self.assertIn("the subject fails", bad.error)
            self.process()
            self.assertEqual(bad.attempts, 1, "it waits before the next attempt")
        self.env[bad.res_model].browse(bad.res_id).fails = False
        with self.at("2026-02-03"):
            self.process()
        self.assertEqual((bad.state, bad.error), ("expired", False))

    def test_odd_days(self):
        run = self.running()
        with self.refused(UserError, "in the future"):
            run._suspend("Tomorrow", on=date(2026, 1, 3))
        with self.at("2026-01-09"):
            # Before the start: the start. After the last day: refused.
            run._suspend("Early", on=date(2025, 12, 1))
            self.assertEqual(run.stop_ids.date_from, self.start)
            run._resume(on=date(2025, 12, 1))
        self.assertEqual(run.due_date, run.naive_date)

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["suspend", "resume", "extend", "holiday", "undo"]),
                st.integers(0, 9),
            ),
            max_size=12,
        ),
        st.sampled_from(["days", "working_days", "months"]),
    )
    @settings(max_examples=12, deadline=None)
    def test_any_interleaving(self, acts, unit):
        with self.env.cr.savepoint():
            rule = self._rule(
                name="Any",
                unit=unit,
                length=3 if unit == "months" else 90,
                roll=True,
                extension_length=5,
                extension_max=10,
            )
            run, day = self.running(rule), self.start
            for act, pause in acts:
                day += timedelta(days=pause)
                with self.at(day):
                    self._live(run, act, day)
                if run.state == "running":
                    self.assertGreaterEqual(run.due_date, run.naive_date)
                self.assertEqual(bool(run.due_date), run.state != "suspended")
            kinds = self.history(run)
            self.assertEqual(kinds[0], "started")
            self.env.invalidate_all()

    def _live(self, run, act, day):
        before, state = run.due_date, run.state
        if act == "holiday":
            self.holiday(day + timedelta(days=5), day + timedelta(days=6))
            self.assertGreaterEqual(run.due_date or date.max, before or date.min)
        elif act == "undo":
            self.env["gov.holiday"].search(
                [("company_id", "=", self.agdal.id)], limit=1
            ).unlink()
        elif act == "extend" and not run._refusal("extend"):
            run._extend(5, "Why")
            self.assertGreater(run.due_date, before)
        elif act == "suspend" and state == "running":
            run._suspend("Why")
        elif act == "resume" and state == "suspended":
            run._resume()

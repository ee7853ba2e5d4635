import json

from hypothesis import HealthCheck, given, settings, strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..exceptions import FormRefused
from ..lib import form_values
from .common_forms import SHEET, FormCase
from .test_form import ACCESS_LOG

NAN, INFINITY = float("nan"), float("inf")
QUESTIONS = [
    form_values.Question(
        kind, kind, True, ("a", "b", "c") if kind.startswith("choice") else ()
    )
    for kind in form_values.TYPES
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@tagged("alone", "standard")
class TestFormAnswers(BaseCase):
    """One canonical shape for whatever comes in; pure."""

    def clean(self, kind, value):
        question = next(item for item in QUESTIONS if item.type == kind)
        return form_values.clean_value(question, value)

    def refused(self, kind, value, code):
        with self.assertRaises(form_values.Wrong, msg=repr(value)) as caught:
            self.clean(kind, value)
        self.assertEqual(caught.exception.code, code, repr(value))

    def test_whole_numbers(self):
        for given_, expected in (
            (0, 0),
            (-5, -5),
            (10**12, 10**12),
            ("12", 12),
            ("-12", -12),
            ("+3", 3),
            ("1 250", 1250),
            ("1\u00a0250", 1250),
            ("1\u202f250", 1250),
            ("١٢٣", 123),
            ("۱۲", 12),
            ("\u200f12", 12),
            ("\u221212", -12),
            ("  ", None),
            ("", None),
            (None, None),
            (False, None),
            ("007", 7),
        ):
            self.assertEqual(self.clean("integer", given_), expected, repr(given_))
        for wrong in (
            True,
            1.0,
            1.5,
            NAN,
            [1],
            {"a": 1},
            "1.5",
            "1,5",
            "1e3",
            "0x10",
            "a",
            "1-2",
            b"1",
            "१२",
        ):
            self.refused("integer", wrong, "type")
        for wrong in (
            10**12 + 1,
            -(10**12) - 1,
            10**400,
            "9" * 13,
            "9" * 30,
            "9" * 100_000,
        ):
            self.refused("integer", wrong, "range")

    def test_amounts(self):
        for given_, expected in (
            (0, "0.00"),
            (5, "5.00"),
            (12.5, "12.50"),
            ("12", "12.00"),
            ("12.5", "12.50"),
            ("12,50", "12.50"),
            ("1 250,5", "1250.50"),
            ("١٢٫٥", "12.50"),
            ("١٬٢٥٠", "1250.00"),
            ("-0.00", "0.00"),
            ("-3.10", "-3.10"),
            ("12.500", "12.50"),
            (10**12, "1000000000000.00"),
            ("1'250.00", "1250.00"),
            (" ", None),
            (False, None),
        ):
            self.assertEqual(self.clean("amount", given_), expected, repr(given_))
        for wrong in (
            True,
            NAN,
            INFINITY,
            -INFINITY,
            "NaN",
            "inf",
            "1e5",
            1e30,
            "1.2.3",
            "1.250,50",
            ".5",
            "5.",
            [1],
            {},
        ):
            self.refused("amount", wrong, "type")
        for wrong in ("1,234", "0.001", 10.005, 0.1 + 0.2):
            self.refused("amount", wrong, "decimals")
        for wrong in (10**12 + 1, "1000000000000.01", 10**400, "9" * 20):
            self.refused("amount", wrong, "range")

    def test_dates(self):
        for given_, expected in (
            ("2026-02-28", "2026-02-28"),
            ("٢٠٢٦-٠٢-٢٨", "2026-02-28"),
            (" 2026-02-28 ", "2026-02-28"),
            ("", None),
        ):
            self.assertEqual(self.clean("date", given_), expected)
        for wrong in (
            "2026-02-30",
            "28/02/2026",
            "2026-2-8",
            "20260228",
            "2026-W01-1",
            "2026-02-28T10:00:00",
            "0001-01-01",
            20260228,
            True,
            [2026],
            "x" * 10_000,
        ):
            self.refused("date", wrong, "type")

    def test_boxes_and_choices(self):
        self.assertIs(self.clean("boolean", True), True)
        self.assertIs(self.clean("boolean", False), False)
        for wrong in (1, 0, "true", "on", [], {}):
            self.refused("boolean", wrong, "type")
        self.assertEqual(self.clean("choice", "a"), "a")
        for wrong in ("d", "A", 1, True, ["a"], {"a": 1}):
            self.refused("choice", wrong, "option")
        self.assertEqual(self.clean("choices", ["c", "a", "a"]), ["a", "c"])
        self.assertIsNone(self.clean("choices", []))
        for wrong in (["d"], [1], [["a"]], [None]):
            self.refused("choices", wrong, "option")
        for wrong in ("a", 1, True, {"a": True}):
            self.refused("choices", wrong, "type")

    def test_texts(self):
        self.assertEqual(
            self.clean("text", " Ali\u202egpj.exe\x00\n Ben\u00a0Ali "),
            "Aligpj.exe Ben Ali",
        )
        self.assertIsNone(self.clean("text", "\u202e\u200b  "))
        self.assertEqual(self.clean("long_text", "a\r\nb\n\n\n\nc"), "a\nb\n\nc")
        self.assertEqual(self.clean("text", "x" * 1_000), "x" * 1_000)
        for kind, size in (
            ("text", 1_001),
            ("text", 10**6),
            ("long_text", 20_001),
            ("long_text", 10**6),
        ):
            self.refused(kind, "x" * size, "too_long")
        for wrong in (1, True, ["a"], {"a": 1}, b"a"):
            self.refused("text", wrong, "type")

    def test_all_mistakes_at_once(self):
        clean, mistakes = form_values.clean_all(
            QUESTIONS,
            {
                "text": "ok",
                "integer": "x",
                "boolean": False,
                "a": 1,
                "\u202eb": 2,
                "c": 3,
                "d": 4,
                5: 6,
            },
            final=True,
        )
        self.assertEqual(clean, {"text": "ok", "boolean": False})
        self.assertEqual(
            [(mistake.key, mistake.code) for mistake in mistakes],
            [
                ("long_text", "missing"),
                ("integer", "type"),
                ("amount", "missing"),
                ("date", "missing"),
                ("boolean", "tick"),
                ("choice", "missing"),
                ("choices", "missing"),
                ("a", "unknown"),
                ("b", "unknown"),
                ("c", "unknown"),
                ("", "more_unknown"),
            ],
        )
        for wrong in ([], "x", 1, True, [("text", "a")]):
            self.assertEqual(
                form_values.clean_all(QUESTIONS, wrong)[1][0].code, "shape"
            )
        self.assertEqual(form_values.clean_all(QUESTIONS, None), ({}, []))

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from([*form_values.TYPES, "other"]), ANYTHING))
    def test_anything_gives_canonical_json_or_a_mistake(self, values):
        clean, mistakes = form_values.clean_all(QUESTIONS, values)
        self.assertEqual(json.loads(json.dumps(clean, allow_nan=False)), clean)
        again, none = form_values.clean_all(QUESTIONS, clean)
        self.assertEqual((again, none), (clean, []), "cleaning is done once")
        self.assertTrue(
            all(
                mistake.key in values
                or mistake.code == "more_unknown"
                or mistake.code == "unknown"
                for mistake in mistakes
            )
        )

    @settings(max_examples=200, deadline=None)
    @given(st.decimals(-(10**12), 10**12, places=2))
    def test_every_amount_survives(self, amount):
        text = self.clean("amount", str(amount))
        self.assertEqual(self.clean("amount", text), text)
        self.assertEqual(float(text), float(amount))


@tagged("alone", "standard")
class TestFormValues(FormCase):
    """Answers of a record: JSON and rows say the same, checked at every door."""

    GOOD = {
        "trade": "Potter",
        "story": "One\nTwo",
        "stalls": 2,
        "fee": "120,5",
        "first_day": "2026-03-01",
        "rules_accepted": True,
        "market": "medina",
        "days": ["sunday", "monday"],
    }

    def test_stored_in_canonical_shape_with_rows(self):
        sheet = self.sheet(**self.GOOD)
        self.assertEqual(
            sheet.form_values,
            {**self.GOOD, "fee": "120.50", "days": ["monday", "sunday"]},
        )
        sheet._form_check()
        self.env.flush_all()
        rows = self.rows(sheet)
        self.assertEqual(len(rows), 9)
        self.assertLessEqual(
            {
                ("trade", "Potter"),
                ("stalls", 2),
                ("fee", 120.5),
                ("rules_accepted", 1),
                ("market", "medina"),
                ("days", "monday"),
                ("days", "sunday"),
            },
            rows,
        )
        sheet.form_values = {**self.GOOD, "trade": "Baker", "days": []}
        self.assertIn(("trade", "Baker"), self.rows(sheet))
        self.assertEqual(len(self.rows(sheet)), 7)
        sheet.form_values = False
        self.assertFalse(self.rows(sheet) or sheet.form_values)
        sheet.form_values = self.GOOD
        sheet.unlink()
        self.assertFalse(self.rows(sheet))

    def test_empty_columns_are_empty(self):
        sheet = self.sheet(trade="Potter", stalls=0)
        self.env.flush_all()
        self.cr.execute(
            "SELECT key, value_number FROM gov_form_value WHERE res_model = %s AND res_id = %s ORDER BY key",
            (SHEET, sheet.id),
        )
        self.assertEqual(self.cr.fetchall(), [("stalls", 0), ("trade", None)])

    def test_rows_cost_the_same_for_many(self):
        vals = {"form_id": self.form.id, "form_values": self.GOOD}
        self.sheets.create([vals] * 2)
        self.env.flush_all()
        counts = []
        for number in (2, 10):
            start = self.cr.sql_log_count
            self.sheets.create([vals] * number)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(*counts)

    def test_one_sentence_names_every_mistake(self):
        with self.refused(
            FormRefused,
            "Nothing was saved, please correct in the form “Market permit”: Stalls – a whole number is expected, "
            "such as 12; Fee – two decimals at most; Market – choose one of the options that are offered; "
            "“intruder” is not a field of this form.$",
        ):
            self.sheet(stalls="two", fee="1.234", market="Mars", intruder="x")
        with self.refused(FormRefused, "Trade – too long: 1,001 signs, 1,000 at most"):
            self.sheet(trade="x" * 1_001)
        sheet = self.sheet(stalls=3, rules_accepted=False)
        with self.refused(
            FormRefused,
            "Trade – an answer is needed; Rules accepted – the box must be ticked",
        ):
            sheet._form_check()
        with self.assertRaises(FormRefused) as caught:
            sheet._form_check()
        self.assertEqual(set(caught.exception.mistakes), {"trade", "rules_accepted"})
        self.assertEqual(sheet.form_values, {"stalls": 3, "rules_accepted": False})

    def test_hostile_at_every_door(self):
        sheet = self.sheet(trade="Potter")
        for hostile in (
            {"stalls": NAN},
            {"fee": INFINITY},
            {"stalls": True},
            {"rules_accepted": 1},
            {"trade": ["a"]},
            {"trade": {"$ne": 1}},
            {"__proto__": 1},
            {"": 1},
            {"a" * 100_000: 1},
            [1],
            "x",
            7,
            {"first_day": "2026-13-01"},
            {f"key{number}": number for number in range(10_000)},
        ):
            with self.assertRaises(FormRefused):
                sheet.write({"form_values": hostile})
            with self.assertRaises(FormRefused):
                self.sheets.create({"form_id": self.form.id, "form_values": hostile})
        self.assertEqual(sheet.form_values, {"trade": "Potter"})
        sheet.form_values = {"trade": "Po\x00t\u202eter\ud800 \u2066x"}
        self.assertEqual(sheet.form_values, {"trade": "Potter x"})

    def test_defaults_of_the_context_are_no_answers(self):
        sheet = self.sheets.with_context(
            default_form_values={"stalls": NAN, "intruder": "x"}
        ).create({"form_id": self.form.id})
        self.assertFalse(sheet.form_values)

    def test_sentence_stays_short(self):
        with self.assertRaises(FormRefused) as caught:
            self.sheet(**{f"k{number}" + "x" * 500: 1 for number in range(50)})
        self.assertLess(len(str(caught.exception)), 400)

    def test_answers_need_a_form_in_use(self):
        with self.refused(FormRefused, "belong to no form"):
            self.sheets.create({"form_values": {"trade": "Potter"}})
        draft = self.form._new_version()
        with self.refused(UserError, "still being prepared"):
            self.sheets.create({"form_id": draft.id})
        sheet = self.sheet(trade="Potter")
        with self.refused(UserError, "still being prepared"):
            sheet.form_id = draft
        theirs = self.forms.with_user(self.other_admin).create(
            {"name": "Ours", "field_ids": [self.question("A")]}
        )
        theirs.action_publish()
        with mute_logger(*ACCESS_LOG), self.assertRaises(UserError):
            sheet.form_id = theirs.sudo()
            self.env.flush_all()

    def test_a_record_keeps_its_version(self):
        sheet = self.sheet(trade="Potter", market="medina")
        draft = self.form._new_version()
        draft.field_ids[6].option_ids[0].unlink()
        draft.field_ids[0].label = "Craft"
        draft.action_publish()
        self.assertEqual(sheet.form_id, self.form)
        self.assertEqual(
            sheet._form_display(), [("Trade", "Potter"), ("Market", "Medina")]
        )
        sheet.form_values = {"trade": "Baker", "market": "medina"}
        with self.assertRaises(FormRefused):
            self.sheets.create(
                {"form_id": draft.id, "form_values": {"market": "medina"}}
            )
        sheet.form_id = draft
        self.assertEqual(
            sheet.form_values, {"trade": "Baker"}, "what it asks too is kept"
        )
        self.assertEqual(self.rows(sheet), {("trade", "Baker")})
        sheet.form_id = False
        self.assertFalse(sheet.form_values or self.rows(sheet))

    def test_shown_in_the_readers_language(self):
        self.form.field_ids[6].option_ids[0].update_field_translations(
            "label", {"fr_FR": "Médina"}
        )
        self.form.field_ids[3].update_field_translations("label", {"fr_FR": "Droit"})
        sheet = self.sheet(fee="1250.5", first_day="2026-03-01", market="medina")
        french = sheet.with_context(lang="fr_FR")._form_display()
        self.assertIn(("Droit", "1\u00a0250,50"), french)
        self.assertIn(("Market", "Médina"), french)
        self.assertIn(("First day", "01/03/2026"), french)
        self.assertIn(
            "Droit: 1\u00a0250,50", sheet.with_context(lang="fr_FR").form_text
        )

    def test_search_by_own_field(self):
        potter = self.sheet(**self.GOOD)
        baker = self.sheet(
            trade="Boulanger à l'ancienne",
            stalls=7,
            fee=99,
            first_day="2026-01-01",
            rules_accepted=False,
            market="agdal",
            days=["friday"],
        )
        empty = self.sheet()
        everything = potter | baker | empty
        for key, operator, value, expected in (
            ("trade", "ilike", "pott", potter),
            ("trade", "ilike", "ANCIENNE", baker),
            ("trade", "=", "Potter", potter),
            ("trade", "in", ["Potter", "x"], potter),
            ("trade", "!=", "Potter", baker | empty),
            ("trade", "not ilike", "pott", baker | empty),
            ("trade", "=", None, empty),
            ("trade", "!=", None, potter | baker),
            ("stalls", ">", 2, baker),
            ("stalls", ">=", "2", potter | baker),
            ("stalls", "in", [2, 9], potter),
            ("fee", "<", "100,00", baker),
            ("fee", "=", 120.5, potter),
            ("first_day", "<=", "2026-02-01", baker),
            ("rules_accepted", "=", True, potter),
            ("rules_accepted", "=", False, baker),
            ("market", "=", "agdal", baker),
            ("market", "ilike", "med", potter),
            ("market", "in", ["agdal", "x"], baker),
            ("days", "=", "sunday", potter),
            ("days", "ilike", "day", potter | baker),
            ("days", "!=", "friday", potter | empty),
            (None, "ilike", "potter", potter),
            (None, "ilike", "Friday", baker),
        ):
            with self.subTest(key=key, operator=operator, value=value):
                domain = self.sheets._form_search_domain(key, operator, value)
                self.assertEqual(self.sheets.search(domain) & everything, expected)
        self.assertEqual(
            self.sheets.search([("form_text", "ilike", "ancienne")]), baker
        )
        for key, operator, value in (
            ("trade", ">", "a"),
            ("trade", "=", 5),
            ("stalls", "ilike", "2"),
            ("stalls", "=", "x"),
            ("market", "=", 5),
            ("first_day", "=", "soon"),
            ("fee", "=", NAN),
            ("days", "<", "a"),
        ):
            with self.refused(UserError, "cannot be searched so"):
                self.sheets._form_search_domain(key, operator, value)
        with self.refused(UserError, "No form has a field"):
            self.sheets._form_search_domain("gone", "=", "x")

    def test_search_uses_the_index(self):
        self.sheet(**self.GOOD)
        domain = self.sheets._form_search_domain("stalls", ">", 1)
        query = self.sheets._search(domain).select()
        self.env.flush_all()
        self.cr.execute("SET LOCAL enable_seqscan = off")
        self.cr.execute("EXPLAIN " + query.code, query.params)
        plan = "\n".join(row[0] for row in self.cr.fetchall())
        self.assertIn("gov_form_value_number_idx", plan)

    @mute_logger(*ACCESS_LOG)
    def test_who_reads_the_record_reads_the_rows(self):
        sheet = self.sheet(trade="Potter")
        rows = self.env["gov.form.value"].search([("res_id", "=", sheet.id)])
        self.assertEqual(rows.with_user(self.agent).mapped("value_text"), ["Potter"])
        for user in (self.auditor, self.other_admin, self.plain):
            values = self.env["gov.form.value"].with_user(user)
            with self.assertRaises(AccessError):
                rows.with_user(user).read(["value_text"])
            if user != self.plain:
                self.assertFalse(values.search([("id", "in", rows.ids)]))
        system = self.env.ref("base.user_admin")
        for user in (self.agent, self.admin, self.auditor, system):
            own = rows.with_user(user)
            for attempt in (
                lambda own=own: own.write({"value_text": "x"}),
                lambda own=own: own.unlink(),
                lambda own=own: own.create(
                    {
                        "res_model": SHEET,
                        "res_id": 1,
                        "key": "a",
                        "form_id": self.form.id,
                        "company_id": self.agdal.id,
                    }
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    @mute_logger(*ACCESS_LOG)
    def test_another_administration_finds_nothing(self):
        sheet = self.sheet(trade="Potter")
        stranger = self.user_of(
            self.souissi, "gov_agent_2", "gov_base.group_gov_base_agent"
        )
        theirs = self.env[SHEET].with_user(stranger)
        self.assertFalse(theirs.search([("form_text", "ilike", "Potter")]))
        with self.refused(UserError, "No form has a field"):
            theirs._form_search_domain("trade", "=", "Potter")
        for attempt in (
            lambda: sheet.with_user(stranger).write({"form_values": {"trade": "x"}}),
            lambda: sheet.with_user(stranger).read(["form_values"]),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_copy_and_rpc_shapes(self):
        sheet = self.sheet(trade="Potter", stalls=2)
        copy = sheet.copy()
        self.assertEqual(copy.form_values, sheet.form_values)
        self.assertEqual(self.rows(copy), self.rows(sheet))
        saved = sheet.web_save(
            {"form_values": {"trade": "Baker", "stalls": "٣"}}, {"form_values": {}}
        )
        self.assertEqual(saved[0]["form_values"], {"trade": "Baker", "stalls": 3})

import dataclasses
import io
import itertools
import threading
import time

import pikepdf

from odoo.tests import tagged

from ..lib import acts, bulk, lta, tsp
from .common_acts import fields, page_pdf
from .common_keys import stamp_by
from .common_lta import LtaCase, unavailable

FIELDS = tuple(fields(1, seal=False))


@tagged("standard")
class TestBulk(LtaCase):
    def many(self, jobs, stamp=None, store=None, **more):
        return bulk.sign_many(
            jobs, self.people[0], stamp or self.stamp, store or self.store, **more
        )

    def test_each_is_an_act_of_its_own(self):
        base = page_pdf()
        results = list(
            self.many(
                bulk.Job(number, base, "S1", FIELDS, self.block, reason=f"No. {number}")
                for number in range(12)
            )
        )
        self.assertEqual([one.mark for one in results], list(range(12)))
        times = set()
        for one in results:
            self.assertEqual((one.ok, one.level, one.why), (True, "B-T", None))
            self.assertTrue(one.pdf.startswith(base))
            act = self.assertActHolds(one.pdf, False)
            (found,) = act.signatures
            self.assertEqual((found.field, found.level), ("S1", "B-T"))
            with pikepdf.open(io.BytesIO(one.pdf)) as opened:
                told = str(opened.Root.AcroForm.Fields[0].V.Reason)
            self.assertEqual(told, f"No. {one.mark}")
            times.add(found.timestamp.serial)
        self.assertEqual(len(times), 12)

    def test_one_failure_stops_no_other(self):
        base = acts.prepare(page_pdf(), FIELDS)

        def lost():
            raise OSError("the file is not there")

        jobs = [
            bulk.Job("good", base, "S1"),
            bulk.Job("no field", base, "S7"),
            bulk.Job("no pdf", b"hello", "S1"),
            bulk.Job("lost", lost, "S1"),
            bulk.Job(
                "signed", acts.sign(base, "S1", self.people[1], appearance=None), "S1"
            ),
            bulk.Job("read when its turn comes", lambda: base, "S1"),
        ]
        results = list(self.many(jobs))
        self.assertEqual([one.mark for one in results], [one.mark for one in jobs])
        self.assertEqual(
            [one.mark for one in results if one.ok],
            ["good", "read when its turn comes"],
        )
        why = {one.mark: one.why for one in results}
        self.assertIn("no field S7", why["no field"])
        self.assertIn("cannot be", why["no pdf"])
        self.assertEqual(why["lost"], "the file is not there")
        self.assertIn("signed already", why["signed"])

    def test_a_file_that_does_not_hold_is_not_given_back(self):
        """The certificate is another authority's than the ones to trust."""
        from .common_keys import authority

        store = [authority("Another")[1]]
        (result,) = self.many([bulk.Job(1, page_pdf(), "S1", FIELDS)], store=store)
        self.assertFalse(result.ok)
        self.assertIsNone(result.pdf)
        self.assertTrue(result.why)

    def test_an_authority_that_comes_and_goes(self):
        turns = itertools.count()

        def sometimes(digest):
            if next(turns) % 3 == 1:
                raise tsp.TimestampUnavailable("busy")
            return self.stamp(digest)

        jobs = [bulk.Job(number, page_pdf(), "S1", FIELDS) for number in range(9)]
        results = list(self.many(jobs, sometimes, workers=1))
        self.assertTrue(all(one.ok for one in results))
        self.assertEqual([one.level for one in results], ["B-T", "B-B", "B-T"] * 3)
        self.assertEqual([one.pending for one in results], [None, "busy", None] * 3)
        late = lta.extend(results[1].pdf, self.store, self.stamp, "B-T")
        self.assertEqual(lta.level(late, self.store), "B-T")
        (result,) = self.many(jobs[:1], unavailable)
        self.assertEqual((result.ok, result.level), (True, "B-B"))

    def test_time_stamps_are_asked_for_side_by_side(self):
        at_once, most, lock = 0, 0, threading.Lock()

        def slow(digest):
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.1)
            with lock:
                at_once -= 1
            return self.stamp(digest)

        base = acts.prepare(page_pdf(), FIELDS)
        jobs = (bulk.Job(number, base, "S1") for number in range(16))
        self.assertTrue(all(one.ok for one in self.many(jobs, slow, workers=4)))
        self.assertEqual(most, 4)

    def test_files_are_small_and_a_larger_token_still_fits(self):
        """Room for a token is what those of its authority need."""
        sizes, turns = [], itertools.count()
        key = self.people[0]
        huge = dataclasses.replace(
            self.tsa_key, chain=(*[key.certificate] * 3, self.root)
        )

        def stamp(digest):
            return stamp_by(huge if next(turns) == 2 else self.tsa_key)(digest)

        jobs = [bulk.Job(number, page_pdf(), "S1", FIELDS) for number in range(5)]
        for one in self.many(jobs, stamp, workers=1):
            self.assertEqual(one.level, "B-T")
            sizes.append(len(one.pdf))
        self.assertLess(sizes[1], sizes[0] - 8000)
        self.assertGreater(sizes[2], sizes[1])

    def test_documents_are_taken_as_they_are_needed(self):
        taken = []

        def jobs():
            base = acts.prepare(page_pdf(), FIELDS)
            for number in range(100):
                taken.append(number)
                yield bulk.Job(number, base, "S1")

        results = self.many(jobs(), workers=2)
        for number, one in enumerate(itertools.islice(results, 10)):
            self.assertEqual((one.mark, one.ok), (number, True))
            self.assertLessEqual(len(taken), number + 4)
        # Whoever stops early does not wait for the rest.
        results.close()
        self.assertLess(len(taken), 20)

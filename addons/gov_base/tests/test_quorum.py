from hypothesis import HealthCheck, given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..lib.quorum import AGREED, NO_CHAIR, OPEN, REFUSED, Votes, outcome, reachable

#: the machine may be busy: nothing here is about time
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def votes(draw):
    """A vote at any moment: the president, when there is one, has voted or has a place left."""
    agreed, against = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    left = draw(st.integers(0, 5))
    chairs = [NO_CHAIR]
    chairs += [True] if agreed else []
    chairs += [False] if against else []
    chairs += [None] if left else []
    chair = draw(st.sampled_from(chairs))
    needed = draw(st.integers(1, 12))
    return Votes(needed, agreed, against, left, chair)


def following(vote):
    """Every way in which the next vote may fall."""
    if not vote.left:
        return
    for yes in (True, False):
        agreed, against = vote.agreed + yes, vote.against + (not yes)
        left = vote.left - 1
        if vote.chair is None:
            yield Votes(vote.needed, agreed, against, left, yes)
        if vote.chair is not None or left:
            yield Votes(vote.needed, agreed, against, left, vote.chair)


@tagged("alone", "standard", "at_install")
class TestQuorum(BaseCase):
    """A number of persons must agree: decided as soon as nothing that may come changes it."""

    @calm
    @given(votes())
    def test_once_decided_nothing_changes_it(self, vote):
        decided = outcome(vote)
        if decided == OPEN:
            self.assertTrue(vote.left)
            return
        for later in following(vote):
            self.assertEqual(outcome(later), decided)

    @calm
    @given(votes())
    def test_open_means_that_it_may_go_both_ways(self, vote):
        if outcome(vote) != OPEN:
            return
        ends, seen = [vote], set()
        while ends:
            one = ends.pop()
            if one.left:
                ends += [later for later in following(one) if later not in ends]
            else:
                seen.add(outcome(one))
        self.assertEqual(seen, {AGREED, REFUSED})

    @calm
    @given(votes())
    def test_the_number_suffices_and_without_it_only_a_tie_agrees(self, vote):
        decided = outcome(vote)
        if vote.agreed >= vote.needed:
            self.assertEqual(decided, AGREED)
        elif decided == AGREED and not vote.left:
            self.assertEqual(vote.agreed, vote.against)
            self.assertIs(vote.chair, True)
        if vote.agreed + vote.left < min(vote.needed, vote.against):
            self.assertEqual(decided, REFUSED)

    @calm
    @given(votes())
    def test_reachable_is_not_refused(self, vote):
        self.assertEqual(reachable(vote), outcome(vote) != REFUSED)

    def test_examples(self):
        for vote, wanted in (
            (Votes(2, 0, 0, 3), OPEN),
            (Votes(2, 2, 0, 1), AGREED),
            (Votes(2, 0, 2, 1), REFUSED),
            (Votes(2, 1, 1, 1), OPEN),
            # two against two of four, three needed: the president
            (Votes(3, 2, 2, 0), REFUSED),
            (Votes(3, 2, 2, 0, True), AGREED),
            (Votes(3, 2, 2, 0, False), REFUSED),
            # with a president in favour, two against of four decide nothing yet
            (Votes(3, 1, 2, 1, True), OPEN),
            (Votes(3, 1, 2, 1, False), REFUSED),
            (Votes(3, 1, 2, 1, None), OPEN),
            # nobody agreed: no tie to break
            (Votes(1, 0, 0, 0), REFUSED),
        ):
            with self.subTest(vote=vote):
                self.assertEqual(outcome(vote), wanted)

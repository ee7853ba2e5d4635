"""A unit that a letter may go to. Pure Python."""


class Candidate:
    """A unit that a letter may go to: why, from where the idea comes, and how strong it is."""

    def __init__(self, unit_id, source="load"):
        self.unit_id = unit_id
        self.source = source
        self.score = 0.0
        self._best = 0.0
        self.reasons = []
        self.user_id = None
        self.users = {}

    def support(self, source, score, reason):
        """Add a reason; the strongest source names the proposal."""
        if score > self._best:
            self.source, self._best = source, score
        self.score += score
        self.reasons.append(reason)

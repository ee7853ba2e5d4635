"""What a person does when he signs or agrees: gathered once, told everywhere the same. Pure Python."""

from dataclasses import dataclass, field

#: what is asked besides the PIN (to sign) or the session (to agree), the least first
PROOFS = ("none", "totp", "passkey")


@dataclass(frozen=True)
class Proof:
    """That the person who decides is that person: given once, for these items and no other.

    It comes in a context of our own making only: no plain value of a request is one.

    :param kind: of :data:`PROOFS`
    :param user: id of the person
    :param decision: ``sign`` or ``approve``
    :param items: {folder id: (step id, digest of what was seen)}
    :param evidence: what the journal keeps of it, plain values; empty for ``none``
    """

    kind: str
    user: int
    decision: str
    items: dict = field(repr=False)
    evidence: dict = field(default_factory=dict, repr=False)

    def covers(self, folder, step, base, user, decision, wanted) -> bool:
        """Whether this proof is enough for that act.

        :param str base: digest of what was seen, or None when only the step counts
        :param str wanted: of :data:`PROOFS`
        """
        if PROOFS.index(self.kind) < PROOFS.index(wanted):
            return False
        if (self.user, self.decision) != (user, decision):
            return False
        known = self.items.get(folder)
        return known is not None and (
            known == (step, base) or (base is None and known[0] == step)
        )


@dataclass(frozen=True)
class SignAct:
    """One signature of one folder, before it is made.

    :param step: ``gov.circuit.run.step``
    :param seen: {piece id: ``gov.document.version`` that the person saw}
    :param delegation: ``gov.delegation``, empty for who signs for himself
    :param consents: texts that were accepted: ``own``, and ``delegation`` when there is one
    :param proof: :class:`Proof`
    :param now: naive UTC datetime
    """

    step: object
    seen: dict
    delegation: object
    consents: dict
    proof: Proof
    now: object

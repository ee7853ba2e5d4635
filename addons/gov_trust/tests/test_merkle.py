from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..lib import merkle


def leaves(count):
    return [merkle.leaf_hash(str(index).encode()) for index in range(count)]


def plain_root(hashes):
    """RFC 9162 §2.1.1, written as the definition reads."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return merkle.node_hash(plain_root(hashes[:k]), plain_root(hashes[k:]))


def aligned_over(hashes):
    return lambda start, count: plain_root(hashes[start : start + count])


@tagged("standard", "alone")
class TestMerkle(BaseCase):
    def test_known_vectors(self):
        """Roots of the eight-leaf example shared by Certificate Transparency logs."""
        inputs = ["", "00", "10", "2021", "3031", "40414243"]
        hashes = [merkle.leaf_hash(bytes.fromhex(text)) for text in inputs]
        self.assertEqual(
            merkle.root_of(hashes[:1]).hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        )
        self.assertEqual(
            merkle.root_of(hashes[:2]).hex(),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        )

    @settings(max_examples=60, deadline=None)
    @given(st.integers(1, 600), st.data())
    def test_proofs_hold_and_only_for_their_leaf(self, size, data):
        hashes = leaves(size)
        root, aligned = plain_root(hashes), aligned_over(hashes)
        self.assertEqual(merkle.root_of(hashes), root)
        index = data.draw(st.integers(0, size - 1))
        proof = merkle.inclusion_proof(index, size, aligned)
        self.assertTrue(
            merkle.verify_inclusion(hashes[index], index, size, proof, root)
        )
        self.assertFalse(merkle.verify_inclusion(b"\0" * 32, index, size, proof, root))
        self.assertFalse(
            merkle.verify_inclusion(hashes[index], index, size, [*proof, root], root)
        )
        first = data.draw(st.integers(1, size))
        old = plain_root(hashes[:first])
        steps = merkle.consistency_proof(first, size, aligned)
        self.assertTrue(merkle.verify_consistency(first, size, steps, old, root))
        self.assertFalse(
            merkle.verify_consistency(first, size, steps, b"\0" * 32, root)
        )

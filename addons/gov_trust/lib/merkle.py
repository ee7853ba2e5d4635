"""Merkle tree hashing, inclusion and consistency proofs (RFC 9162 §2.1).

The tree is stored as 256-leaf tiles: proofs are computed from a ``range_root``
callable that answers the root of an aligned, complete subtree, so a proof over a
million leaves reads a handful of rows. Nothing here knows a database.
"""

import hashlib
from collections.abc import Callable, Iterable

HASH_SIZE = 32
TILE_BITS = 8
TILE = 1 << TILE_BITS
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data), RFC 9162 §2.1.1."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), RFC 9162 §2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: roots of its complete subtrees, largest first.

    :param size: number of leaves so far
    :param nodes: one 32-byte root for each bit set in ``size``, highest bit first
    """

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()):
        self.size = size
        self.nodes = list(nodes)
        if len(self.nodes) != size.bit_count():
            raise ValueError("the frontier does not fit the size")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash (32 bytes)."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.nodes.pop(), node)
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Root of the tree with ``size`` leaves; hash of nothing when empty."""
        if not self.nodes:
            return EMPTY_ROOT
        node = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes given in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _split(size: int) -> int:
    """Largest power of two strictly below ``size`` (RFC 9162 'k')."""
    return 1 << (size - 1).bit_length() - 1


def subtree_root(start: int, size: int, aligned: Callable[[int, int], bytes]) -> bytes:
    """Root over leaves ``[start, start+size)`` from aligned complete subtrees."""
    if size & (size - 1) == 0:
        return aligned(start, size)
    k = _split(size)
    return node_hash(
        aligned(start, k),
        subtree_root(start + k, size - k, aligned),
    )


def inclusion_proof(
    index: int, size: int, aligned: Callable[[int, int], bytes]
) -> list[bytes]:
    """Audit path of leaf ``index`` in the tree of ``size`` leaves (§2.1.3.1).

    :param aligned: ``aligned(start, n)`` → root of the complete subtree of ``n``
        leaves (a power of two) that begins at ``start`` (a multiple of ``n``)
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of that size")
    path, start = [], 0
    while size > 1:
        k = _split(size)
        if index < k:
            path.append(subtree_root(start + k, size - k, aligned))
            size = k
        else:
            path.append(aligned(start, k))
            start, index, size = start + k, index - k, size - k
    return path[::-1]


def consistency_proof(
    first: int, second: int, aligned: Callable[[int, int], bytes]
) -> list[bytes]:
    """Proof that the tree of ``first`` leaves is a prefix of that of ``second``.

    Source: RFC 9162 §2.1.4.1. ``first`` is between 1 and ``second``.
    """
    if not 0 < first <= second:
        raise ValueError("sizes out of order")
    path, start, size, known, wanted = [], 0, second, True, first
    while wanted != size:
        k = _split(size)
        if wanted <= k:
            path.append(subtree_root(start + k, size - k, aligned))
            size = k
        else:
            path.append(aligned(start, k))
            start, size, wanted, known = start + k, size - k, wanted - k, False
    if not known:
        path.append(subtree_root(start, size, aligned))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes
) -> bool:
    """Check an audit path (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, node = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = node_hash(sibling, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


def verify_consistency(
    first: int,
    second: int,
    proof: list[bytes],
    first_root: bytes,
    second_root: bytes,
) -> bool:
    """Check a consistency proof (§2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for node in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node_hash(node, old), node_hash(node, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, node)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == first_root and new == second_root

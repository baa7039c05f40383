"""Merkle trees as in RFC 6962, section 2.1: one root for many leaves, and short proofs that a leaf is under it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

LEAF, NODE = b"\x00", b"\x01"  # so that a node can never pass for a leaf


@dataclass(frozen=True)
class Proof:
    """That a leaf stands at `index` among `size` leaves: the hashes beside its way to the root, from below."""

    index: int
    size: int
    path: tuple[bytes, ...]


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(LEAF + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaves, 32 bytes; of none, the hash of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    return _root([leaf_hash(leaf) for leaf in leaves])


def proofs(leaves: Sequence[bytes]) -> list[Proof]:
    """A proof for each leaf, in order; the tree is built once."""
    paths: list[list[bytes]] = [[] for _ in leaves]
    _walk([leaf_hash(leaf) for leaf in leaves], 0, paths)
    return [Proof(index, len(leaves), tuple(path)) for index, path in enumerate(paths)]


def holds(leaf: bytes, proof: Proof, claimed: bytes) -> bool:
    """Whether the proof leads from the leaf to the claimed root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= proof.index < proof.size:
        return False
    index, last, found = proof.index, proof.size - 1, leaf_hash(leaf)
    for beside in proof.path:
        if last == 0:
            return False
        if index % 2 or index == last:
            found = _node(beside, found)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            found = _node(found, beside)
        index, last = index >> 1, last >> 1
    return last == 0 and found == claimed


def _root(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    cut = _cut(len(hashes))
    return _node(_root(hashes[:cut]), _root(hashes[cut:]))


def _walk(hashes: Sequence[bytes], first: int, paths: list[list[bytes]]) -> bytes:
    """The root of these hashes; on the way each leaf's path gets what stands beside it."""
    if len(hashes) == 1:
        return hashes[0]
    cut = _cut(len(hashes))
    left, right = _walk(hashes[:cut], first, paths), _walk(hashes[cut:], first + cut, paths)
    for at in range(first, first + cut):
        paths[at].append(right)
    for at in range(first + cut, first + len(hashes)):
        paths[at].append(left)
    return _node(left, right)


def _cut(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return int(1 << (count - 1).bit_length() - 1)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()

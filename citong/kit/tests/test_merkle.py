"""A root stands for all its leaves, and a proof holds for its leaf alone."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from citong.kit.merkle import holds, leaf_hash, proofs, root

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


@given(LEAVES)
def test_every_leaf_has_a_proof_that_holds(leaves: list[bytes]) -> None:
    top = root(leaves)
    assert all(holds(leaf, proof, top) for leaf, proof in zip(leaves, proofs(leaves), strict=True))


@given(LEAVES, st.data())
def test_a_proof_does_not_hold_for_another_leaf_place_or_root(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    proof, top = proofs(leaves)[at], root(leaves)
    assert not holds(leaves[at] + b"!", proof, top)
    assert not holds(leaves[at], proof, root([*leaves, b"more"]))
    assert not holds(leaves[at], replace(proof, path=(*proof.path, b"0" * 32)), top)
    assert not holds(leaves[at], replace(proof, index=len(leaves)), top)


@given(LEAVES, st.data())
def test_any_change_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    assert root([*leaves[:at], leaves[at] + b"!", *leaves[at + 1 :]]) != root(leaves)


def test_the_roots_are_those_of_the_standard() -> None:
    # RFC 6962's own example leaves, as published with the certificate transparency test data
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([b""]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"") == root([b""])

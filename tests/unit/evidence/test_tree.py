"""What would break if the Merkle tree were wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError, VerificationError
from tocsin.evidence.tree import (
    EMPTY_ROOT,
    MemoryTree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)


def grown(size: int) -> tuple[MemoryTree, list[bytes]]:
    tree, roots = MemoryTree(), [EMPTY_ROOT]
    for n in range(size):
        tree.append(leaf_hash(b"%d" % n))
        roots.append(root_hash(tree.size, tree.read))
    return tree, roots


TREE, ROOTS = grown(200)


@given(st.data())
def test_an_inclusion_proof_holds_for_its_leaf_and_for_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 200))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else None
    proof = inclusion_proof(index, size, TREE.read)
    verify_inclusion(leaf_hash(b"%d" % index), index, size, proof, ROOTS[size])
    if other is not None:
        with pytest.raises(VerificationError):
            verify_inclusion(leaf_hash(b"%d" % other), index, size, proof, ROOTS[size])
        with pytest.raises(VerificationError):
            verify_inclusion(leaf_hash(b"%d" % index), other, size, proof, ROOTS[size])


@given(st.data())
def test_a_consistency_proof_holds_for_its_two_sizes_and_not_for_a_rewritten_log(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 200))
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, TREE.read)
    verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)
    with pytest.raises(VerificationError):
        verify_consistency(old, new, leaf_hash(b"another past"), ROOTS[new], proof)


def test_a_proof_from_size_0_is_refused() -> None:
    with pytest.raises(VerificationError):
        verify_consistency(0, 3, EMPTY_ROOT, ROOTS[3], ())
    with pytest.raises(InputError):
        consistency_proof(0, 3, TREE.read)


def test_a_proof_for_a_leaf_that_is_not_there_cannot_be_asked_for() -> None:
    with pytest.raises(InputError):
        inclusion_proof(3, 3, TREE.read)


@given(st.integers(0, 7), st.integers(0, 255), st.integers(1, 255))
def test_a_proof_with_one_byte_changed_fails(step: int, place: int, flip: int) -> None:
    proof = list(inclusion_proof(77, 200, TREE.read))
    changed = bytearray(proof[step])
    changed[place % 32] ^= flip
    proof[step] = bytes(changed)
    with pytest.raises(VerificationError):
        verify_inclusion(leaf_hash(b"77"), 77, 200, proof, ROOTS[200])

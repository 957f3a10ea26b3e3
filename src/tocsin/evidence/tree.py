"""The Merkle tree of RFC 9162: roots, inclusion proofs, consistency proofs; each costs O(log n)."""

import hashlib
from collections.abc import Callable, Sequence

from tocsin.errors import InputError, VerificationError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_PROOF_HASHES = 63
"""As in C2SP tlog-witness; more than any tree of 2**63 leaves needs."""

HashReader = Callable[[int, int], bytes]
"""(level, index) -> hash of the complete subtree number `index` of 2**level leaves."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data) (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def new_hashes(size: int, leaf: bytes, read: HashReader) -> tuple[tuple[int, int, bytes], ...]:
    """What to store when the leaf hash becomes leaf number `size`: (level, index, hash) of each subtree it completes."""
    rows = [(0, size, leaf)]
    level, index, value = 0, size, leaf
    while index & 1:
        value = node_hash(read(level, index - 1), value)
        level, index = level + 1, index >> 1
        rows.append((level, index, value))
    return tuple(rows)


def root_hash(size: int, read: HashReader) -> bytes:
    """Root over the first `size` leaves."""
    return _range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: HashReader) -> tuple[bytes, ...]:
    """Audit path of leaf `index` in the tree of `size` leaves, nearest sibling first (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise InputError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        split = low + _largest_power_below(high - low)
        if index < split:
            path.append(_range_hash(split, high, read))
            high = split
        else:
            path.append(_range_hash(low, split, read))
            low = split
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, read: HashReader) -> tuple[bytes, ...]:
    """Proof that the tree of `old` leaves is a prefix of that of `new` (RFC 9162 section 2.1.4.1)."""
    if not 0 < old <= new:
        raise InputError(f"no consistency proof from size {old} to {new}")
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        split = low + _largest_power_below(high - low)
        if old <= split:
            path.append(_range_hash(split, high, read))
            high = split
        else:
            path.append(_range_hash(low, split, read))
            low, whole = split, False
    if not whole:
        path.append(_range_hash(low, high, read))
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """VerificationError unless the leaf hash is number `index` of the tree with that root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        raise _broken("inclusion", f"leaf {index} of {size}")
    position, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _broken("inclusion", "a proof that is too long")
        if position & 1 or position == last:
            value = node_hash(sibling, value)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        position, last = position >> 1, last >> 1
    if last != 0 or value != root:
        raise _broken("inclusion", "a proof that leads to another root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """VerificationError unless the new tree extends the old one (RFC 9162 section 2.1.4.2); from size 0 always refused."""
    if not 0 < old <= new or not _are_hashes(proof):
        raise _broken("consistency", f"sizes {old} and {new}")
    if old == new:
        if proof or old_root != new_root:
            raise _broken("consistency", "another root for the same size")
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise _broken("consistency", "no proof")
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _broken("consistency", "a proof that is too long")
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    if last != 0 or first != old_root or second != new_root:
        raise _broken("consistency", "a proof that leads to other roots")


class MemoryTree:
    """All hashes of a tree in memory: for audits and tests. A node keeps its tree in the store."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = []

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self._levels[0]) if self._levels else 0

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash; gives its number."""
        index = self.size
        for level, place, value in new_hashes(index, leaf, self.read):
            if level == len(self._levels):
                self._levels.append([])
            assert place == len(self._levels[level])
            self._levels[level].append(value)
        return index

    def read(self, level: int, index: int) -> bytes:
        """A HashReader over this tree."""
        return self._levels[level][index]


def _range_hash(low: int, high: int, read: HashReader) -> bytes:
    """Hash over leaves low..high, where `low` is a multiple of the largest complete subtree inside."""
    values: list[bytes] = []
    while low < high:
        level = _largest_power_at_most(high - low).bit_length() - 1
        values.append(read(level, low >> level))
        low += 1 << level
    value = values.pop()
    while values:
        value = node_hash(values.pop(), value)
    return value


def _largest_power_at_most(count: int) -> int:
    return 1 << (count.bit_length() - 1)


def _largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _are_hashes(values: Sequence[bytes]) -> bool:
    return len(values) <= MAX_PROOF_HASHES + 2 and all(len(value) == HASH_BYTES for value in values)


def _broken(step: str, found: str) -> VerificationError:
    return VerificationError(step, found=found, expected=f"a proof of {step} that holds")

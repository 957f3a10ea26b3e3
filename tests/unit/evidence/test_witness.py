"""What would break if a witness signed two histories."""

from datetime import UTC, datetime

from tocsin.evidence.checkpoint import Checkpoint, sign_checkpoint
from tocsin.evidence.signing import SigningKey
from tocsin.evidence.tree import MemoryTree, consistency_proof, leaf_hash, root_hash
from tocsin.evidence.witness import Head, WitnessAnswer, add_checkpoint, write_request

LOG = SigningKey.from_seed("embassy.example/log", b"l" * 32)
WITNESS = SigningKey.from_seed("witness.example/witness", b"w" * 32)
AT = datetime(2024, 3, 7, 15, 0, tzinfo=UTC)


def tree_of(*leaves: bytes) -> MemoryTree:
    tree = MemoryTree()
    for leaf in leaves:
        tree.append(leaf_hash(leaf))
    return tree


TREE = tree_of(*(b"%d" % n for n in range(9)))


def head(size: int, tree: MemoryTree = TREE) -> bytes:
    return sign_checkpoint(Checkpoint(LOG.name, size, root_hash(size, tree.read)), LOG)


def ask(request: bytes, last: Head | None) -> WitnessAnswer:
    return add_checkpoint(request, logs={LOG.name: LOG.verify_key}, head=lambda _: last, key=WITNESS, at=AT)


def test_a_first_head_is_signed_and_remembered() -> None:
    answer = ask(write_request(0, (), head(3)), None)
    assert answer.status == 200
    assert answer.head == Head(3, root_hash(3, TREE.read))


def test_an_extension_is_signed() -> None:
    last = Head(3, root_hash(3, TREE.read))
    request = write_request(3, consistency_proof(3, 9, TREE.read), head(9))
    assert ask(request, last).status == 200


def test_a_rewritten_history_is_refused_and_nothing_is_remembered() -> None:
    forged = tree_of(b"x", *(b"%d" % n for n in range(1, 9)))
    last = Head(3, root_hash(3, TREE.read))
    answer = ask(write_request(3, consistency_proof(3, 9, forged.read), head(9, forged)), last)
    assert (answer.status, answer.head) == (422, None)


def test_another_root_for_the_same_size_is_a_conflict() -> None:
    forged = tree_of(b"x", b"y", b"z")
    answer = ask(write_request(3, (), head(3, forged)), Head(3, root_hash(3, TREE.read)))
    assert (answer.status, answer.head) == (409, None)


def test_the_same_head_again_is_signed_again() -> None:
    assert ask(write_request(3, (), head(3)), Head(3, root_hash(3, TREE.read))).status == 200


def test_an_old_size_that_is_not_the_last_one_gets_the_right_one() -> None:
    answer = ask(write_request(0, (), head(9)), Head(3, root_hash(3, TREE.read)))
    assert (answer.status, answer.body, answer.head) == (409, b"3\n", None)


def test_an_unknown_log_and_a_wrong_signature_are_refused() -> None:
    stranger = SigningKey.from_seed("other.example/log", b"s" * 32)
    note = sign_checkpoint(Checkpoint(stranger.name, 1, b"\0" * 32), stranger)
    assert ask(write_request(0, (), note), None).status == 403
    forged = sign_checkpoint(Checkpoint(LOG.name, 3, b"\0" * 32), SigningKey.from_seed(LOG.name, b"f" * 32))
    assert ask(write_request(0, (), forged), None).status == 403


def test_what_is_no_request_gets_400() -> None:
    for raw in (b"", b"old x\n\n", b"old 1\nAAAA\n\n" + head(3), b"\xff", b"a" * 70_000, b"old 9\n\n" + head(3)):
        assert ask(raw, None).status == 400

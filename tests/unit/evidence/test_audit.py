"""What would break if an audit overlooked a changed byte."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.evidence.audit import audit_log
from tocsin.evidence.checkpoint import Checkpoint, sign_checkpoint
from tocsin.evidence.signing import SigningKey
from tocsin.evidence.tiles import ENTRIES, TilePath, write_entry_bundle, write_tile
from tocsin.evidence.tree import MemoryTree, leaf_hash, root_hash

LOG = SigningKey.from_seed("embassy.example/log", b"l" * 32)


def make_log(size: int) -> dict[str, bytes]:
    leaves = [b"leaf %d" % n for n in range(size)]
    tree = MemoryTree()
    for leaf in leaves:
        tree.append(leaf_hash(leaf))
    files = {}
    for at in (100, 256, size):
        note = sign_checkpoint(Checkpoint(LOG.name, at, root_hash(at, tree.read)), LOG)
        files[f"checkpoint.{at}"] = note
    files["checkpoint"] = files[f"checkpoint.{size}"]
    for index in range(-(-size // 256)):
        width = min(256, size - 256 * index)
        tile = TilePath(0, index, width)
        files[tile.path] = write_tile(tile, tree.read)
        bundle = TilePath(ENTRIES, index, width)
        files[bundle.path] = write_entry_bundle(leaves[256 * index :][:width])
    top = TilePath(1, 0, size // 256)
    files[top.path] = write_tile(top, tree.read)
    return files


FILES = make_log(600)


def test_a_whole_log_passes_and_says_so() -> None:
    found = audit_log(FILES, LOG.verify_key)
    assert (found.origin, found.size, found.bad, found.signature) == (LOG.name, 600, (), "verified")
    assert audit_log(FILES).signature == "not_checked"


@settings(max_examples=60)
@given(st.data())
def test_any_byte_changed_anywhere_is_found(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(FILES)))
    raw = bytearray(FILES[path])
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    found = audit_log({**FILES, path: bytes(raw)}, LOG.verify_key)
    assert found.bad  # which of two files that disagree is the false one, nobody can say


def test_what_is_missing_is_found() -> None:
    for path in FILES:
        if path.startswith("tile/0") or path == "tile/1/000.p/2":
            continue  # the entry bundles hold the same, and say it more fully
        rest = {other: raw for other, raw in FILES.items() if other != path}
        if path.startswith("checkpoint"):
            continue  # a log may publish as many heads as it likes
        without = {other: raw for other, raw in rest.items() if not other.startswith("tile/0")}
        assert audit_log(without).bad, path


def test_an_empty_or_broken_folder_is_no_log_and_no_crash() -> None:
    assert audit_log({}).bad
    for raw in (b"", b"\xff\xfe", b"a\n" * 100, FILES["checkpoint"][:50]):
        found = audit_log({"checkpoint": raw}, LOG.verify_key)
        assert (found.bad != (), found.signature) == (True, "bad")
    assert audit_log({**FILES, "tile/0/0": b""}).bad
    assert audit_log({**FILES, "tile/9/000": b""}).bad

"""Checks a whole log in the form of C2SP tlog-tiles: every checkpoint, every tile, every entry bundle, recomputed."""

from collections.abc import Mapping

from msgspec import Struct, field

from tocsin.errors import InputError, VerificationError
from tocsin.evidence.checkpoint import Checkpoint, read_checkpoint, read_note, verify_checkpoint
from tocsin.evidence.signing import VerifyKey
from tocsin.evidence.tiles import (
    ENTRIES,
    TILE_HEIGHT,
    TILE_WIDTH,
    TilePath,
    read_entry_bundle,
    read_hash_tile,
    read_tile_path,
)
from tocsin.evidence.tree import MemoryTree, consistency_proof, leaf_hash, root_hash, verify_consistency


class Bad(Struct, frozen=True):
    """One file that does not hold, and why."""

    path: str
    why: str


class LogAudit(Struct, frozen=True, kw_only=True):
    """What an audit found. `signature` is verified, not_checked (no key was given) or bad."""

    origin: str
    size: int
    checkpoints: int
    tiles: int
    bad: tuple[Bad, ...]
    signature: str


class _Findings(Struct):
    bad: list[Bad] = field(default_factory=list)
    signature_bad: bool = False

    def add(self, path: str, why: object) -> None:
        self.bad.append(Bad(path, str(why)))


def audit_log(files: Mapping[str, bytes], key: VerifyKey | None = None) -> LogAudit:
    """Audit the files of a log. Paths are relative with `/`; values may be read lazily.

    1. every checkpoint is read, and its signature checked if there is a key;
    2. the tree is rebuilt from the entry bundles (from the level-0 tiles where there are none);
    3. every tile and bundle, full and partial, is compared with that tree;
    4. every checkpoint's root is compared, and each proved an extension of the next smaller one.
    """
    findings = _Findings()
    heads = _read_heads(files, key, findings)
    paths = sorted(path for path in files if path.startswith("tile/"))
    tiles: dict[TilePath, str] = {}
    for path in paths:
        try:
            tiles[read_tile_path(path)] = path
        except InputError as error:
            findings.add(path, error)
    size = max((head.size for head in heads.values()), default=0)
    tree = _rebuild(files, tiles, size, findings)
    for tile, path in tiles.items():
        _check_tile(files, tile, path, tree, findings)
    _check_heads(heads, tree, findings)
    origins = {head.origin for head in heads.values()}
    if not heads:
        findings.add("checkpoint", "there is no checkpoint that can be read")
    elif len(origins) > 1:
        findings.add("checkpoint", f"checkpoints name {len(origins)} origins: {', '.join(sorted(origins))}")
    return LogAudit(
        origin=min(origins, default=""),
        size=size,
        checkpoints=sum(_is_checkpoint(path) for path in files),
        tiles=len(paths),
        bad=tuple(sorted(set(findings.bad), key=lambda one: (one.path, one.why))),
        signature="not_checked" if key is None else "bad" if findings.signature_bad or not heads else "verified",
    )


def _is_checkpoint(path: str) -> bool:
    return path.startswith("checkpoint") and "/" not in path


def _read_heads(files: Mapping[str, bytes], key: VerifyKey | None, findings: _Findings) -> dict[str, Checkpoint]:
    heads: dict[str, Checkpoint] = {}
    for path in sorted(filter(_is_checkpoint, files)):
        try:
            note = read_note(files[path])
            heads[path] = read_checkpoint(note.text)
            if not any(one.name == heads[path].origin for one in note.signatures):
                raise InputError(f"no signature line by {heads[path].origin}")
            suffix = path.partition(".")[2]
            if suffix.isdigit() and int(suffix) != heads[path].size:
                raise InputError(f"its name says size {suffix}, its text {heads[path].size}")
            if key is not None:
                verify_checkpoint(files[path], key)
        except (InputError, VerificationError, ValueError) as error:
            findings.signature_bad |= key is not None
            findings.add(path, error)
    return heads


def _rebuild(files: Mapping[str, bytes], tiles: Mapping[TilePath, str], size: int, findings: _Findings) -> MemoryTree:
    """As many leaf hashes as are there, from the widest bundle of each number on; stops at the first gap."""
    tree = MemoryTree()
    for index in range(-(-size // TILE_WIDTH)):
        wanted = min(TILE_WIDTH, size - index * TILE_WIDTH)
        leaves = _leaves(files, tiles, index, wanted)
        if leaves is None:
            findings.add(TilePath(ENTRIES, index, wanted).path, "is missing or cannot be read, nor can its hashes")
            break
        for leaf in leaves[:wanted]:
            tree.append(leaf)
    return tree


def _leaves(
    files: Mapping[str, bytes], tiles: Mapping[TilePath, str], index: int, wanted: int
) -> tuple[bytes, ...] | None:
    for width in (TILE_WIDTH, *range(TILE_WIDTH - 1, wanted - 1, -1)):
        for level in (ENTRIES, 0):
            tile = TilePath(level, index, width)
            if tile in tiles:
                try:
                    raw = files[tiles[tile]]
                    if level == ENTRIES:
                        return tuple(leaf_hash(leaf) for leaf in read_entry_bundle(raw, tile))
                    return read_hash_tile(raw, tile)
                except InputError:
                    continue
    return None


def _check_tile(files: Mapping[str, bytes], tile: TilePath, path: str, tree: MemoryTree, findings: _Findings) -> None:
    try:
        if tile.level == ENTRIES:
            found = tuple(leaf_hash(leaf) for leaf in read_entry_bundle(files[path], tile))
            level = 0
        else:
            found, level = read_hash_tile(files[path], tile), tile.level * TILE_HEIGHT
    except InputError as error:
        findings.add(path, error)
        return
    first = tile.index * TILE_WIDTH
    if (first + tile.width) << level > tree.size:
        findings.add(path, f"holds more than the {tree.size} leaves that are proved")
        return
    for n, value in enumerate(found):
        if value != tree.read(level, first + n):
            findings.add(path, f"item {n} is not what the log's other files say")
            return


def _check_heads(heads: Mapping[str, Checkpoint], tree: MemoryTree, findings: _Findings) -> None:
    smaller: Checkpoint | None = None
    for path, head in sorted(heads.items(), key=lambda one: one[1].size):
        if head.size > tree.size:
            findings.add(path, f"size {head.size}, but only {tree.size} leaves are there")
            continue
        if head.root != root_hash(head.size, tree.read):
            findings.add(path, "its root is not that of the leaves")
            continue
        if smaller is not None and smaller.size:
            proof = consistency_proof(smaller.size, head.size, tree.read)
            try:
                verify_consistency(smaller.size, head.size, smaller.root, head.root, proof)
            except VerificationError as error:
                findings.add(path, error)
        smaller = head

"""What proves what we did: checkpoints, tiles, and bundles that anybody can check offline."""

import hashlib
from collections.abc import Iterable

from msgspec import Struct, field

from tocsin.compose.fields import derive_fields
from tocsin.core.marking import Audience
from tocsin.desk.access import May
from tocsin.desk.act import begin
from tocsin.desk.ports import Desk
from tocsin.desk.public import find_public
from tocsin.desk.records import KeptCheckpoint, Logged
from tocsin.desk.stores import LogStore, Transaction
from tocsin.errors import InputError, NotFoundError
from tocsin.evidence.bundle import Bundle, BundleItem, BundleKey, KeyUse, write_bundle
from tocsin.evidence.checkpoint import read_note, read_vkey
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import Disclosable, peek, peek_received, present
from tocsin.evidence.tiles import ENTRIES, TILE_HEIGHT, TILE_WIDTH, read_tile_path, write_entry_bundle, write_tile
from tocsin.evidence.tree import inclusion_proof
from tocsin.evidence.verify import VerifiedBundle, verify_bundle

PARTS = ("warning", "delivery", "answers", "all")
"""What a bundle of a warning may show: its public words, that a peer got it, what was answered, or all of these."""


def newest_checkpoint(desk: Desk) -> bytes:
    """Our newest signed tree head. NotFoundError while the log is empty."""
    with desk.store.read() as tx:
        newest = tx.log.last_checkpoint()
    if newest is None:
        raise NotFoundError("the log is empty: there is no checkpoint yet")
    return newest.note


def read_tile(desk: Desk, path: str) -> bytes:
    """One tile of our log by its C2SP path; NotFoundError if the newest checkpoint does not cover it."""
    try:
        tile = read_tile_path(path)
    except InputError as error:
        raise NotFoundError(str(error)) from None
    with desk.store.read() as tx:
        newest = tx.log.last_checkpoint()
        size = newest.size if newest else 0
        level = 0 if tile.level == ENTRIES else tile.level * TILE_HEIGHT
        if (tile.index * TILE_WIDTH + tile.width) << level > size:
            raise NotFoundError(f"{path} is beyond the log's size, {size}")
        if tile.level == ENTRIES:
            return write_entry_bundle(tx.log.leaves(tile.index * TILE_WIDTH, tile.width))
        return write_tile(tile, tx.log.hash)


def make_warning_bundle(desk: Desk, warning: str, *, part: str = "all") -> bytes:
    """One `.tocsin` file on a warning. It holds public words and hashes of the rest, never a partner's or internal text."""
    if part not in PARTS:
        raise InputError(f"part {part!r} is not known", hint="one of " + ", ".join(PARTS))
    cover_all(desk)
    with desk.store.read() as tx:
        return write_bundle(collect(desk, tx, warning, part))


def make_public_bundle(desk: Desk, warning: str) -> bytes:
    """One `.tocsin` file for anybody: the public words and that our log holds them. It is made without signing anything."""
    with desk.store.read() as tx:
        public = find_public(tx, warning)
        made = _Collected(desk, tx)
        # The act that issued a version signed a head over it: there is always one to prove it by.
        made.add(tx.log, tx.log.entry(public.entry), disclose=True)
        made.cap[_sha(public.cap)] = public.cap
        return write_bundle(made.bundle())


def cover_all(desk: Desk) -> None:
    """Sign a head over every leaf, so that a proof leaves none out for being young."""
    with begin(desk, May.PROVE) as act:
        if act.tx.log.size():
            act.publish_checkpoint()


def prove(desk: Desk, tx: Transaction, warning: str) -> VerifiedBundle:
    """All that our log proves about a warning, verified as a stranger would."""
    return verify_bundle(collect(desk, tx, warning, "all"), derive_fields=derive_fields)


def collect(desk: Desk, tx: Transaction, warning: str, part: str) -> Bundle:
    """Gather the leaves, the oldest witnessed heads that cover them, and every key that a reader needs."""
    tx.cases.warning(warning)
    made = _Collected(desk, tx)
    kinds = _KINDS[part]
    public = {v.statement: v.cap for v in tx.cases.versions(warning) if v.audience is Audience.PUBLIC}
    for log, logged in ((each, one) for each in tx.continuity.every_log() for one in each.entries(subject=warning)):
        if logged.kind not in kinds and not (logged.kind is Kind.WARNING and part != "warning"):
            continue
        shown = logged.statement in public
        if logged.kind is Kind.WARNING and not shown and part == "warning":
            continue
        made.add(log, logged, disclose=shown)
    if part in {"warning", "all"}:
        made.cap |= {_sha(cap): cap for cap in public.values()}
    return made.bundle()


_DELIVERY = frozenset({Kind.ENVELOPE, Kind.RECEIPT})
_KINDS: dict[str, frozenset[Kind]] = {
    "warning": frozenset({Kind.WARNING, Kind.STATE}),
    "delivery": _DELIVERY,
    "answers": _DELIVERY | {Kind.RESPONSE},
    "all": _DELIVERY | {Kind.RESPONSE, Kind.WARNING, Kind.STATE},
}


class _Collected(Struct):
    desk: Desk
    tx: Transaction
    items: list[tuple[Logged, bytes, KeptCheckpoint]] = field(default_factory=list)
    proofs: list[tuple[bytes, ...]] = field(default_factory=list)
    cap: dict[str, bytes] = field(default_factory=dict)

    def add(self, log: LogStore, logged: Logged, *, disclose: bool) -> None:
        statement = logged.statement
        if logged.disclosures:
            statement = present(Disclosable(logged.statement, logged.disclosures), None if disclose else ())
        head = log.checkpoint(least=logged.index + 1, witnessed=True) or log.checkpoint(least=logged.index + 1)
        if head is None:
            return  # the last leaves of a log that was retired before it signed them: nothing proves them
        self.items.append((logged, statement, head))
        self.proofs.append(inclusion_proof(logged.index, head.size, log.hash))

    def bundle(self) -> Bundle:
        if not self.items:
            raise NotFoundError("nothing of this is in the log yet")
        heads = list({head.note: head for _, _, head in sorted(self.items, key=lambda item: item[2].at)}.values())
        places = {head.note: number for number, head in enumerate(heads)}
        items = tuple(
            BundleItem(
                statement=statement,
                blind=logged.blind,
                index=logged.index,
                checkpoint=places[head.note],
                proof=proof,
            )
            for (logged, statement, head), proof in zip(self.items, self.proofs, strict=True)
        )
        return Bundle(
            keys=tuple(self._keys(heads)), checkpoints=tuple(h.note for h in heads), items=items, cap=self.cap
        )

    def _keys(self, heads: list[KeptCheckpoint]) -> Iterable[BundleKey]:
        """Only the keys that something in the bundle is signed with."""
        signers = {signature.name for head in heads for signature in read_note(head.note).signatures}
        retired = (read_vkey(one.vkey) for one in self.tx.continuity.retired_logs())
        for log in (*retired, self.desk.keys.log.verify_key):
            if log.name in signers:
                yield BundleKey(KeyUse.LOG, log)
        for witness in self.desk.witnesses.values():
            if witness.key.name in signers:
                yield BundleKey(KeyUse.WITNESS, witness.key)
        kids = {peek(statement).kid for _, statement, _ in self.items}
        kids |= {peek(received).kid for received in map(_received, self.items) if received}
        known = [self.desk.keys.node.verify_key, *(role.verify_key for role in self.desk.keys.roles.values())]
        for agreement in self.desk.agreements.values():
            known += agreement.other(self.desk.settings.name).signing_keys
        for key in known:
            if key.kid in kids:
                yield BundleKey(KeyUse.ROLE if "/" in key.name else KeyUse.NODE, key)


def _received(item: tuple[Logged, bytes, KeptCheckpoint]) -> bytes | None:
    """The foreign statement that a receipt or response of ours carries."""
    logged = item[0]
    if logged.kind not in {Kind.RECEIPT, Kind.RESPONSE}:
        return None
    return peek_received(logged.statement)


def _sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()

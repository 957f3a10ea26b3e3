"""How often many warnings of others came true: counted over the files that somebody names, or over all that was imported here."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from tocsin.core.window import months_between
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, look
from tocsin.desk.ports import Desk
from tocsin.desk.stores import Transaction
from tocsin.errors import NotFoundError
from tocsin.review.chunks import FinishedChunks, chunks_of, digest_work
from tocsin.review.happened import CHUNK, find_version_pairs, make_happened
from tocsin.review.incident import Incident
from tocsin.review.incident_files import OLDEST, read_incidents
from tocsin.review.matching import ReviewedWarning
from tocsin.review.versions import make_versions
from tocsin.review.warning_files import read_warnings
from tocsin.track_record.bulk_record import count_versions, record_as_json

TOLD_EVERY = 100_000
"""Rows between two lines of progress."""
_INSTANT = timedelta(microseconds=1)
_T = TypeVar("_T")

Tell = Callable[[str], None]
Keep = Callable[[str], AbstractContextManager[FinishedChunks]]


class BulkWork(Struct, frozen=True, kw_only=True):
    """What is to be counted: the bytes of files, one at a time, or None for all that was imported here.

    `warned` and `happened` are methods: only warnings and only incidents of one of them count; empty for all.
    """

    warnings: Iterable[bytes] | None
    incidents: Iterable[bytes] | None
    warned: frozenset[str]
    happened: frozenset[str]


def count_in_bulk(desk: Desk, work: BulkWork, *, keep: Keep, tell: Tell) -> Outcome:
    """Contingency, rates with intervals and leads under `inside/1`, one record for each audience told. Nothing is stored.

    `keep` opens the chunks that were finished of the work with this digest: stopped at any moment, the same work goes on
    there. NotFoundError if there is no warning or no incident to count; InputError for a file that cannot be read.
    """
    with look(desk, May.LOOK) as tx:
        now = desk.clock.now()
        versions = make_versions(_named(_warnings(tx, work, now), "warnings", tell))
        happened = make_happened(_named(_incidents(tx, work, now), "incidents", tell))
    if not len(versions.issued) or not len(happened):
        missing = "warning" if not len(versions.issued) else "incident"
        raise NotFoundError(
            f"no {missing} of others to count", hint="name files, or import some first: see `tocsin match sources`"
        )
    shapes = len(versions.areas)
    with keep(digest_work(versions.areas, happened.points, CHUNK)) as finished:
        before = sum(finished.pairs_of(one) is not None for one in range(len(chunks_of(versions.areas, CHUNK))))
        if before:
            tell(f"{min(before * CHUNK, shapes)} of {shapes} areas were joined before: going on there")
        pairs = find_version_pairs(
            versions,
            happened,
            desk.outlines(),
            finished=finished,
            tell=lambda done, _of: tell(f"joined {min(done * CHUNK, shapes)} of {shapes} areas"),
        )
        tell(f"counting {len(pairs)} pairs")
        records = count_versions(pairs, versions, happened)
        return {
            "warnings": len(versions.told),
            "versions": len(versions.issued),
            "incidents": len(happened),
            "pairs": len(pairs),
            "records": [record_as_json(one) for one in records],
        }


def _warnings(tx: Transaction, work: BulkWork, now: datetime) -> Iterator[ReviewedWarning]:
    if work.warnings is None:
        found = _stored(tx.review.foreign_warnings, now)
    else:
        found = (one for raw in work.warnings for one in read_warnings(raw, now).warnings)
    return (one for one in found if not work.warned or work.warned & set(one.threat.methods))


def _incidents(tx: Transaction, work: BulkWork, now: datetime) -> Iterator[Incident]:
    if work.incidents is None:
        found = _stored(tx.review.imported_incidents, now)
    else:
        found = (one for raw in work.incidents for one in read_incidents(raw, now).incidents)
    return (one for one in found if not work.happened or work.happened & set(one.methods))


def _stored(between: Callable[[datetime, datetime], Iterable[_T]], now: datetime) -> Iterator[_T]:
    """All that was imported up to now, month by month."""
    return (one for first, last in months_between(OLDEST, now + _INSTANT) for one in between(first, last))


def _named(rows: Iterable[_T], what: str, tell: Tell) -> Iterator[_T]:
    """The rows as they are, with a line of progress now and then."""
    count = 0
    for count, one in enumerate(rows, 1):
        yield one
        if count % TOLD_EVERY == 0:
            tell(f"read {count} {what}")
    tell(f"read {count} {what}, that is all")

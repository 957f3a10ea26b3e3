"""What the public and what peers had been told of our warnings when something happened: one chain, two rows, scored apart."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from msgspec.structs import replace

from tocsin.cap.codec import read_alert
from tocsin.compose.lifecycle import ClosedBy, IssuedWarning
from tocsin.compose.revision import is_ending
from tocsin.core.marking import Audience
from tocsin.core.window import up_to_expires
from tocsin.desk.records import KeptVersion
from tocsin.desk.stores import Transaction
from tocsin.errors import NotFoundError
from tocsin.intake.actors import find_actors
from tocsin.review.matching import ReviewedWarning, Told

_PEERS = "/partner"
_CHANNELS = ((Audience.PUBLIC, Told.PUBLIC, ""), (Audience.PARTNER, Told.PRIVATE, _PEERS))


def told_before(tx: Transaction, at: datetime) -> tuple[ReviewedWarning, ...]:
    """Every warning issued before that instant, as the public had it then, and after it as peers had it, if any had it."""
    return tuple(one for warning in tx.cases.warnings() if warning.issued < at for one in told_of(tx, warning, at))


def told_of(tx: Transaction, warning: IssuedWarning, at: datetime) -> tuple[ReviewedWarning, ...]:
    """The rows of one warning, the public one first; called W-1 and W-1/partner, both of the chain W-1.

    The window runs from the first message of its kind to the end that the newest message before `at` gave: what was
    extended afterwards had not been told. A message that ends the warning ends its window. Where is the same in each
    version; the public is told of actors only as far as its own words name them, and nobody outside of persons.
    """
    rows = tx.cases.versions(warning.id)
    return tuple(_rows(warning, rows, at))


def told_as(tx: Transaction, name: str, at: datetime) -> ReviewedWarning:
    """The row of that name. NotFoundError if there is no such warning, or no peer had been told of it by then."""
    found = [one for one in told_of(tx, tx.cases.warning(warning_of(name)), at) if one.id == name]
    if not found:
        raise NotFoundError(f"no version {name!r} was out by then", hint="see `tocsin match show`")
    return found[0]


def warning_of(name: str) -> str:
    """The warning that a row is of."""
    return name.removesuffix(_PEERS)


def _rows(warning: IssuedWarning, rows: Sequence[KeptVersion], at: datetime) -> Iterator[ReviewedWarning]:
    for audience, told, suffix in _CHANNELS:
        # A version for several peers is the same message signed for each.
        caps = tuple(dict.fromkeys(one.cap for one in rows if one.audience is audience))
        if not caps:
            continue
        said = caps if len(caps) == 1 else tuple(one for one in caps if read_alert(one).sent <= at)
        actors = warning.threat.actors
        if audience is Audience.PUBLIC and actors:
            actors = tuple(dict.fromkeys(actor for cap in said for actor in _actors_in(cap)))
        issued = warning.issued.replace(microsecond=0)
        window = up_to_expires(issued, _end(warning, said), warning.threat.window.zone)
        yield ReviewedWarning(
            id=f"{warning.id}{suffix}",
            threat=replace(warning.threat, actors=actors, persons=()),
            issued=issued,
            window=window,
            told=told,
            chain=warning.id,
        )


def _end(warning: IssuedWarning, said: Sequence[bytes]) -> datetime:
    """What the newest of these messages gave; that of a warning with one message is known without reading it."""
    if warning.number == 1 and warning.closed_by in {None, ClosedBy.WATCH_ENDED}:
        return warning.expires.replace(microsecond=0)
    newest = max((read_alert(one) for one in said), key=lambda one: one.sent)
    expires = newest.infos[0].expires
    return newest.sent if is_ending(newest) or expires is None else expires


@lru_cache(maxsize=10_000)
def _actors_in(cap: bytes) -> tuple[str, ...]:
    """Actors that the words of this message name, as the reader of texts finds them: that takes milliseconds, and never changes."""
    info = read_alert(cap).infos[0]
    words = "\n\n".join(filter(None, (info.headline, info.description, info.instruction)))
    return tuple(dict.fromkeys(one.value.casefold() for one in find_actors(words)))

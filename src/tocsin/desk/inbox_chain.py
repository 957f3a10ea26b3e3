"""Where what a peer sent stands in its chain: an Update or a Cancel ends the items that it names, in any order of arrival."""

from msgspec.structs import replace

from tocsin.cap.alert import Alert, MsgType, Status
from tocsin.cap.chain import ChainPolicy, Placed, Standing, place, triple
from tocsin.cap.codec import read_alert
from tocsin.cap.values import write_message
from tocsin.compose.lifecycle import Status as Life
from tocsin.desk.act import Act
from tocsin.desk.records import Item, TimerKind
from tocsin.desk.unread import open_task
from tocsin.evidence.entry import Kind
from tocsin.intake.status import status_conflict

_OVER = frozenset({Standing.SUPERSEDED, Standing.CANCELLED})
MOST_ITEMS = 256
"""Of one chain that are looked at; a warning of that many versions is no warning, and a ring of messages ends here."""


def place_item(act: Act, item: Item, alert: Alert) -> None:
    """Put a new item into its chain, and end, or find ended, what goes with it. Nothing is deleted: what is over stays, and
    says by what.

    Only messages of the same peer are in one chain: nobody ends what another node sent (CAP-17).
    """
    if alert.msg_type in {MsgType.UPDATE, MsgType.CANCEL}:
        named = dict.fromkeys(write_message(one) for one in alert.references)
        act.tx.inbox.add_references(item.id, tuple(named))
    items, edge = _find_chain(act, item)
    alerts = {one.id: read_alert(one.cap) for one in items}
    doubted = frozenset(triple(one) for one in alerts.values() if _is_doubted(one))
    policy = ChainPolicy(acted_on=Status.EXERCISE if act.desk.settings.practice else Status.ACTUAL)
    placed = {one.message: one for one in place(alerts.values(), policy, act.at, doubted=doubted)}
    by_message = {one.message: one for one in items}
    for one in items:
        found = placed[triple(alerts[one.id])]
        if one.id not in edge or found.standing in _OVER:
            _move(act, one, found, by_message)


def _find_chain(act: Act, item: Item) -> tuple[tuple[Item, ...], frozenset[str]]:
    """The item, what it names, what names it, and so on: by time of arrival. With the ids of those at the edge of what was looked
    at: what ends them is not all known here, so they may be ended, and are never brought back.
    """
    found, waiting = {item.id: item}, [item]
    while waiting and len(found) < MOST_ITEMS:
        one = waiting.pop()
        news = [other for other in act.tx.inbox.related_items(one.peer, one.message) if other.id not in found]
        found |= {other.id: other for other in news}
        waiting += news
    edge = frozenset(one.id for one in waiting)
    return tuple(sorted(found.values(), key=lambda one: (one.received, one.id))), edge


def _is_doubted(alert: Alert) -> bool:
    """Real by its status and a test by its words (LESSONS L2). The reverse is not acted on here in any case."""
    texts = (text for info in alert.infos for text in (info.headline, info.description, info.instruction) if text)
    return alert.status is Status.ACTUAL and status_conflict(alert.status.value, "\n".join(texts)) is not None


def _move(act: Act, item: Item, placed: Placed, by_message: dict[str, Item]) -> None:
    """Write down where the item stands now. That its window has ended is said by its status, not here."""
    standing = Standing.IN_FORCE if placed.standing is Standing.EXPIRED else placed.standing
    enders = [by_message[write_message(one)] for one in placed.ended_by]
    ended_by = enders[-1] if enders else None
    moved = replace(item, standing=standing, ended_by=ended_by.id if ended_by else "")
    if standing in _OVER and item.status is not Life.CLOSED:
        moved = replace(moved, status=Life.CLOSED)
        act.tx.timers.clear(TimerKind.LAPSE, item.id)
        assert ended_by is not None
        body = {"warning": item.digest, "state": Life.CLOSED.value, "because": standing.value, "by": ended_by.digest}
        act.log(Kind.STATE, body, subject=item.digest)
    if standing is Standing.HELD and item.standing is not Standing.HELD:
        act.log(Kind.ACT, {"act": "hold_item", "warning": item.digest}, subject=item.digest)
        open_task(act, "look at a message that is held: its words and its status, or two contents, disagree", item.id)
    if moved != item:
        act.tx.inbox.put_item(moved)

"""What is missing at the desk before a warning could go out, or be proved afterwards."""

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import look
from tocsin.desk.ports import Desk

NEARLY_FULL = 0.8
"""Share of the quarantine from which it is said to be full soon."""


def find_shortcomings(desk: Desk) -> tuple[str, ...]:
    """One line each, the gravest first; empty if nothing is missing."""
    settings = desk.settings
    with look(desk, May.LOOK) as tx:
        venues, people = tx.register.venues(), tx.register.people()
        lessons = [one for one in tx.lessons.lessons() if one.closed is None]
    return (
        *([] if settings.smtp else ["no mail server is named: e-mail cannot be sent (key smtp)"]),
        *([] if desk.witnesses else ["no witness cosigns the log: proofs reach grade E0 only (key witnesses)"]),
        *([] if desk.agreements else ["no agreement with a peer: no other node can be warned"]),
        *([] if people else ["the register has no people"]),
        *([] if venues else ["the register has no venues: nobody who can act is known"]),
        *(f"venue {venue.id} has no contact: it cannot be asked" for venue in venues if not venue.contacts),
        *(f"lesson {one.id} of {one.incident} is open, due {one.due}" for one in lessons),
        *find_quarantine_faults(desk),
    )


def find_quarantine_faults(desk: Desk) -> tuple[str, ...]:
    """What `node check` says of it: how many wait for somebody, and whether there is room for more."""
    with look(desk, May.LOOK) as tx:
        waiting = [one for one in tx.quarantine.all_unread() if one.closed is None]
        size, most = tx.quarantine.waiting_bytes(), desk.settings.quarantine_bytes
    faults = []
    if waiting:
        faults.append(f"{len(waiting)} in quarantine cannot be read, the first since {write_instant(waiting[0].first)}")
    if size >= NEARLY_FULL * most:
        faults.append(f"quarantine holds {size} of {most} bytes: soon nothing more is kept (key quarantine_bytes)")
    return tuple(faults)

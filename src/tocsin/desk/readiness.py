"""What is missing at the desk before a warning could go out, or be proved afterwards."""

from tocsin.desk.access import May
from tocsin.desk.act import look
from tocsin.desk.ports import Desk
from tocsin.desk.quarantine import find_quarantine_faults


def find_shortcomings(desk: Desk) -> tuple[str, ...]:
    """One line each, the gravest first; empty if nothing is missing."""
    settings = desk.settings
    with look(desk, May.LOOK) as tx:
        venues, people = tx.register.venues(), tx.register.people()
    return (
        *([] if settings.smtp else ["no mail server is named: e-mail cannot be sent (key smtp)"]),
        *([] if desk.witnesses else ["no witness cosigns the log: proofs reach grade E0 only (key witnesses)"]),
        *([] if desk.agreements else ["no agreement with a peer: no other node can be warned"]),
        *([] if people else ["the register has no people"]),
        *([] if venues else ["the register has no venues: nobody who can act is known"]),
        *(f"venue {venue.id} has no contact: it cannot be asked" for venue in venues if not venue.contacts),
        *find_quarantine_faults(desk),
    )

"""Imports into the register: all rows of a file or none."""

from datetime import datetime
from functools import partial

from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome
from tocsin.desk.ports import Desk
from tocsin.desk.records import Reader
from tocsin.desk.unread import Plan, act_or_keep
from tocsin.errors import InputError
from tocsin.evidence.entry import Kind
from tocsin.target.calendar import read_gatherings
from tocsin.target.register import Gathering, Person, Venue, read_people, read_venues

KINDS = ("people", "venues", "gatherings")


def import_register(desk: Desk, kind: str, raw: bytes, *, once: str = "") -> Outcome:
    """Read a CSV of people or venues, or an iCalendar of gatherings, and put every row into the register.

    Raises InputError with the row's number, and nothing imported, if any row cannot be read: then the whole file is kept
    in quarantine.
    """
    if kind not in KINDS:
        raise InputError(f"register has no {kind!r}", hint="one of " + ", ".join(KINDS))
    reader = Reader(kind)
    return act_or_keep(desk, May.IMPORT_REGISTER, reader, raw, partial(plan_import, reader, desk, raw), once=once)


def plan_import(reader: Reader, _desk: Desk, raw: bytes) -> Plan:
    """Read the whole file; what is left is to put its rows. InputError with the row's number if one cannot be read."""
    people: tuple[Person, ...] = read_people(raw) if reader is Reader.PEOPLE else ()
    venues: tuple[Venue, ...] = read_venues(raw) if reader is Reader.VENUES else ()
    gatherings: tuple[Gathering, ...] = read_gatherings(raw) if reader is Reader.GATHERINGS else ()

    def put(act: Act, _first: datetime) -> tuple[Outcome, str]:
        count = act.tx.register.put_people(people)
        count += act.tx.register.put_venues(venues)
        count += act.tx.register.put_gatherings(gatherings)
        act.log(Kind.ACT, {"act": "import", "register": reader.value, "rows": count}, subject="register")
        return {"register": reader.value, "imported": count}, f"{count} {reader.value}"

    return put

"""Imports into the register: all rows of a file or none."""

from tocsin.desk.act import Outcome, begin
from tocsin.desk.ports import Desk
from tocsin.errors import InputError
from tocsin.evidence.entry import Kind
from tocsin.target.calendar import read_gatherings
from tocsin.target.register import read_people, read_venues

KINDS = ("people", "venues", "gatherings")


def import_register(desk: Desk, kind: str, raw: bytes, *, once: str = "") -> Outcome:
    """Read a CSV of people or venues, or an iCalendar of gatherings, and put every row into the register.

    Raises InputError with the row's number, and nothing imported, if any row cannot be read.
    """
    if kind == "people":
        people = read_people(raw)
    elif kind == "venues":
        venues = read_venues(raw)
    elif kind == "gatherings":
        gatherings = read_gatherings(raw)
    else:
        raise InputError(f"register has no {kind!r}", hint="one of " + ", ".join(KINDS))
    with begin(desk, once) as act:
        if act.earlier is not None:
            return act.earlier
        if kind == "people":
            count = act.tx.register.put_people(people)
        elif kind == "venues":
            count = act.tx.register.put_venues(venues)
        else:
            count = act.tx.register.put_gatherings(gatherings)
        act.log(Kind.ACT, {"act": "import", "register": kind, "rows": count}, subject="register")
        return act.result({"register": kind, "imported": count})

"""Afterwards: record an incident, and match it to every warning before it."""

from datetime import datetime
from functools import partial

from msgspec.structs import replace

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, look
from tocsin.desk.ports import Desk
from tocsin.desk.records import Reader
from tocsin.desk.review_counts import count_incident
from tocsin.desk.told import told_before
from tocsin.desk.unread import Plan, act_or_keep
from tocsin.evidence.entry import Kind
from tocsin.review.incident import read_incident_file
from tocsin.review.matching import Match, MatchRule, find_matches

RULE = MatchRule()


def record_incident(desk: Desk, raw: bytes, *, once: str = "") -> Outcome:
    """Store what happened (JSON) and log it. Raises InputError if it cannot be read: then it is kept in quarantine."""
    return act_or_keep(desk, May.RECORD_INCIDENT, Reader.INCIDENT, raw, partial(plan_incident, desk, raw), once=once)


def plan_incident(_desk: Desk, raw: bytes) -> Plan:
    """Read the incident; what is left is to number and store it. InputError if it cannot be read."""
    found = read_incident_file(raw)

    def store(act: Act, _first: datetime) -> tuple[Outcome, str]:
        incident = replace(found, id=f"I-{act.tx.cases.next_number('incident')}")
        act.tx.cases.add_incident(incident)
        body = {"incident": incident.id, "start": write_instant(incident.start), "status": incident.status.value}
        act.log(Kind.INCIDENT, body, subject=incident.id)
        act.publish_checkpoint()
        return {"incident": incident.id, "start": write_instant(incident.start)}, incident.id

    return store


def review_incident(desk: Desk, incident: str) -> Outcome:
    """The verdict on every warning issued before the incident, and the counts, rates and lead times with and without lateness.

    What the public was told and what peers were told are rows of their own, and in no count together.
    """
    with look(desk, May.LOOK) as tx:
        found = tx.cases.incident(incident)
        warnings = told_before(tx, found.start)
        matches = find_matches(found, warnings, RULE, desk.outlines())
        return {
            "incident": incident,
            "rule": RULE.id,
            "matches": [
                {**match_as_json(match), "told": one.told.value} for one, match in zip(warnings, matches, strict=True)
            ],
            "tables": count_incident(tx, warnings, found, RULE, desk.outlines()),
        }


def match_as_json(match: Match) -> Outcome:
    """One verdict as the CLI and the API show it."""
    facets = ("place", "time", "target", "actor", "method", "person", "overall")
    return {
        "warning": match.warning,
        "incident": match.incident,
        **{name: getattr(match, name).value for name in facets},
        "class": match.class_,
        "place_level": match.place_level,
        "place_by": match.place_by,
        "distance_km": match.distance_km,
        "delay_hours_from_issue": match.delay_hours_from_issue,
        "delay_hours_from_window_end": match.delay_hours_from_window_end,
    }

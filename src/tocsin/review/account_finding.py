"""The parts of an account that say what was found: in short, in time, in place, facet by facet, by which rule, how often."""

import re
from collections.abc import Iterator
from html import unescape

from tocsin.core.marking import Audience
from tocsin.review.facts import Counted, Facts, Lead, Ruled
from tocsin.review.finding import VERSIONS, WHAT, FacetRow, draw_review_map, make_facets, write_local, write_span
from tocsin.review.matching import Match
from tocsin.review.sheet import Line, Look, Picture, Section
from tocsin.review.strip_svg import draw_strip
from tocsin.review.timeline import SIGNED


def tell_in_short(facts: Facts) -> Section:
    """What somebody reads who reads nothing else."""
    warning, incident, zone = facts.warning, facts.incident, facts.zone
    signed = sorted((one for one in facts.proof.proved if one.grade in SIGNED), key=lambda one: one.at)
    if signed:
        count = f"{len(signed)} {'statement' if len(signed) == 1 else 'statements'}"
        reached = Line(
            text=f"Other parties signed {count} about it; the last: {signed[-1].text}.", grade=signed[-1].grade
        )
    else:
        reached = Line(text="No other party signed anything about it.")
    return Section(
        title="In short",
        wide=True,
        look=Look.POINTS,
        lines=(
            Line(
                text=f"{facts.node} issued warning {warning.id} on {write_local(warning.issued, zone)}; "
                f"its window ended on {write_local(warning.expires, zone)}."
            ),
            Line(text=f"{WHAT[incident.status]} {write_local(incident.start, zone)}:", quote=_happened(facts)),
            reached,
            Line(text=f"Under rule {facts.rule.id} the warning is {_verdict(facts.match)}."),
        ),
        foot="A match is not proof of knowledge. This account says what was said, what is proved, and what is not; "
        "whether the warning could have helped is for people to judge.",
    )


def tell_time(facts: Facts) -> Section:
    """Issue, window and incident on one scale, and the delays."""
    warning, match, case = facts.warning, facts.match, facts.case
    strip = draw_strip(
        issued=warning.issued, window_end=warning.expires, incident=facts.incident.start, zone=facts.zone
    )
    lines = [
        Line(
            label="This record, to the second",
            text=f"{match.delay_hours_from_issue:.1f} h after issue ({write_span(match.since_issue)})",
        )
    ]
    if match.since_window_end is not None and match.delay_hours_from_window_end is not None:
        late = f"{match.delay_hours_from_window_end:.1f} h after the window’s end"
        lines.append(Line(text=f"{late} ({write_span(match.since_window_end)})"))
    if case is not None:
        lines += [
            Line(
                label=f"Documented case {case.slug}, warning {case.warning}, to the day",
                text=f"{case.from_issue:.1f} h after issue, {case.from_window_end:.1f} h after the window’s end "
                "(give or take half a day)",
            ),
            Line(
                text="The two differ because the case knows only days, and takes noon for the day of issue and midnight "
                "for the window’s end, while this record has the second."
            ),
        ]
    return Section(
        title="In time",
        wide=True,
        look=Look.PICTURE,
        picture=_picture(strip),
        lines=tuple(lines),
        foot="The end of the window is not an all-clear.",
    )


def tell_leads(facts: Facts) -> Section:
    """How long before the incident it was issued, first handed over, first acknowledged (LESSONS L59)."""
    return Section(
        title="How long before",
        wide=True,
        look=Look.FACETS,
        lines=tuple(_lead(facts, one) for one in facts.leads),
        foot="A lead from issue alone hides how long it took to reach anybody. Handed over to a mail server is not read.",
    )


def tell_place(facts: Facts) -> Section:
    """The map, and the same in words."""
    area, incident, match = facts.threat.area, facts.incident, facts.match
    circles = "".join(
        f", {one.radius_km:.1f} km round {one.centre.lat:.3f}, {one.centre.lon:.3f}" for one in area.circles
    )
    circles += "".join(f", within an outline of {len(one.ring) - 1} corners" for one in area.polygons)
    svg = draw_review_map(facts.threat, incident, facts.rule)
    away = f", {match.distance_km} km from the point that the warning names" if match.distance_km is not None else ""
    return Section(
        title="In place",
        look=Look.PICTURE,
        picture=_picture(svg) if svg else None,
        lines=(
            *(() if svg else (Line(text="No map: the warning or the incident has no point."),)),
            Line(label="hatched", text=f"area of the warning: {area.description}{circles}"),
            Line(label="dashed", text=f"counts as near: {facts.rule.near_km:.0f} km beyond it"),
            Line(label="diamond", text=f"the incident: {incident.place.name}{away}"),
        ),
    )


def tell_facets(facts: Facts) -> Section:
    """The verdict on each facet. Names of persons are never shown."""
    rows = make_facets(facts.threat, facts.incident, facts.match, until=facts.warning.expires, zone=facts.zone)
    rule = facts.rule
    return Section(
        title="Facet by facet",
        note=f"{_plain(facts.match.overall)} overall, by {rule.id}, clause {facts.match.decided_by}",
        look=Look.FACETS,
        lines=tuple(map(_facet, rows)),
        foot=f"“Not stated” is a value: neither right nor wrong. Near: within {rule.near_km:.0f} km of the area. "
        f"Late: up to {rule.late.total_seconds() / 86400:.0f} days after the window.",
    )


def tell_peers(facts: Facts) -> Section:
    """The same for the version that peers had: it is never counted together with the public one."""
    title, peers = "The version for peers, facet by facet", facts.to_peers
    if peers is None:
        hidden = facts.reader.sees_less_than(Audience.PARTNER)
        text = "It is scored apart, and not for this reader." if hidden else "This warning has no version for peers."
        return Section(title=title, look=Look.POINTS, lines=(Line(text=text),))
    rows = make_facets(peers.threat, facts.incident, peers.match, until=peers.until, zone=facts.zone)
    return Section(
        title=title,
        note=f"{_plain(peers.match.overall)} overall, by {facts.rule.id}, clause {peers.match.decided_by}",
        look=Look.FACETS,
        lines=tuple(map(_facet, rows)),
    )


def _facet(row: FacetRow) -> Line:
    return Line(label=row.name, text=row.verdict, shape=row.shape, note=f"Said: {row.said}. Was: {row.was}.")


def tell_rule(facts: Facts) -> Section:
    """The rule's verdict on every warning before the incident, what people ruled on it, and the counts: all of it stands."""
    return Section(
        title="The rule decides",
        note=f"by rule {facts.rule.id}",
        look=Look.FACETS,
        lines=(
            *(Line(label=one.warning, text=_verdict(one)) for one in (facts.match, *facts.others)),
            *(_ruled(facts, one) for one in facts.rulings),
            *(line for one in facts.counted for line in _counted(one)),
        ),
        foot="The same facts, other counts. Fewer than five cases give no rate. A lateness allowed after the event "
        "proves nothing.",
    )


def _ruled(facts: Facts, one: Ruled) -> Line:
    return Line(
        label=one.warning,
        text=f"{_plain(one.ruled)}, ruled by {facts.names.get(one.by, one.by)}; the rule said {_plain(one.judged)}. "
        "The reason given:",
        quote=one.reason,
    )


def _counted(one: Counted) -> Iterator[Line]:
    (hits, events), (empty, warnings) = one.warned_of, one.without_hit
    yield Line(
        label=f"{VERSIONS[one.told]}, late allowed: {one.late_allowed}",
        text=f"incidents with a warning: {hits} of {events}; warnings {one.false_alarms}: {empty} of {warnings}",
        note=" ".join(one.spans),
    )


def _lead(facts: Facts, lead: Lead) -> Line:
    before = ""
    if lead.before is not None:
        count, of = lead.before
        before = f"{count} of {of} addressed had come so far before the incident."
    if lead.at is None:
        return Line(label=f"from {lead.since}", text="never", note=before)
    span = facts.incident.start - lead.at
    return Line(
        label=f"from {lead.since}",
        text=f"{span.total_seconds() / 3600:.1f} h ({write_span(span)})",
        when=write_local(lead.at, facts.zone),
        note=before,
    )


def _happened(facts: Facts) -> str:
    return facts.incident.summary or facts.incident.place.name


def _verdict(match: Match) -> str:
    plain = _plain(match.overall)
    said = f"a {plain} match" if plain in {"hit", "partial"} else plain
    return said + (f", class {match.class_.replace('_', ' ')}" if match.class_ else "")


def _plain(word: str) -> str:
    """`no known event` is how a false alarm is shown (REVIEW 0)."""
    return "no known event" if word == "false_alarm" else word.replace("_", " ")


def _picture(svg: str) -> Picture:
    title = re.search(r"<title>(.*?)</title>", svg, re.DOTALL)
    assert title is not None, "every picture says in words what it shows"
    return Picture(svg, unescape(title[1]))

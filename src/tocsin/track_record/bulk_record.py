"""The record of many warnings of others: of each chain the version in force counts, the public ones apart from the private."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tocsin.review.columns import Bools, Ints
from tocsin.review.happened import Happened
from tocsin.review.join import Pairs
from tocsin.review.matching import Told
from tocsin.review.versions import Versions
from tocsin.track_record.bulk import INSIDE, count_pairs, lead_from_issue
from tocsin.track_record.lead import LeadTimes, leads_as_json, write_leads
from tocsin.track_record.rates import measure_rates, rates_as_json, write_rates
from tocsin.track_record.scores import NONE, Contingency

DAY = 86400
SEED = 0
"""Of the resampling: whoever counts the same record again gets the same interval."""


class BulkRecord(Struct, frozen=True, kw_only=True):
    """The tables of one audience by day (`YYYY-MM-DD` UTC: of a chain's first issue, of an incident's start), and its leads."""

    told: Told
    blocks: Mapping[str, Contingency]
    leads: LeadTimes


def count_versions(pairs: Pairs, versions: Versions, happened: Happened) -> tuple[BulkRecord, ...]:
    """A record under `inside/1` per audience told, public first, over the pairs of `find_version_pairs`.

    Of each chain that version counts which was the newest when it happened, from the second of its issue on, and the chain
    counts once. A lead runs from the earliest version of the chain that named this place and this time. A chain of which no
    version had an end and a place is unverifiable: it may have meant each miss since the first of its kind. Source: REVIEW 2.
    """
    return tuple(
        _record(told, _find(told, pairs, versions, happened), versions, happened)
        for told in Told
        if told in versions.told
    )


def record_as_json(found: BulkRecord) -> dict[str, Any]:
    """To whom it was told, its rates by days with their rule, its leads: the fields of a review's tables."""
    rates = measure_rates(found.blocks, INSIDE, seed=SEED, by="day")
    return {"told": found.told.value, **rates_as_json(rates), "leads": [leads_as_json(found.leads)]}


def write_record(found: Mapping[str, Any]) -> Iterator[str]:
    """Lines for people from `record_as_json`."""
    yield f"{found['told']} warnings"
    yield from (f"  {line}" for line in (*write_rates(found), *write_leads(found["leads"])))


class _Found(Struct, frozen=True, kw_only=True, eq=False):
    """The pairs of one audience: rows of versions, their chains and incidents; what was so when it happened. Each (p,)."""

    version: Ints
    chain: Ints
    incident: Ints
    issued: Bools
    in_force: Bools
    occurred: Bools


def _find(told: Told, pairs: Pairs, versions: Versions, happened: Happened) -> _Found:
    mine = _told_to(told, versions)[versions.chain[pairs.warning]]
    version, incident = pairs.warning[mine], pairs.incident[mine]
    at = happened.points.at[incident]
    issued = at >= versions.issued[version]
    return _Found(
        version=version,
        chain=versions.chain[version],
        incident=incident,
        issued=issued,
        in_force=issued & (at <= versions.until[version]),
        occurred=happened.occurred[incident],
    )


def _record(told: Told, found: _Found, versions: Versions, happened: Happened) -> BulkRecord:
    mine, hit = _told_to(told, versions), found.in_force & found.occurred
    foiled = found.in_force & ~found.occurred
    came = _any(found.chain[hit], len(mine))
    averted = _any(found.chain[foiled], len(mine)) & ~came
    after = _any(found.chain[~found.issued & found.occurred], len(mine)) & ~came & ~averted
    vague = mine & ~versions.could_fail
    rated = mine & ~vague & ~averted & ~after
    missed = happened.occurred & ~_any(found.incident[hit], len(happened))
    first_vague = versions.since[vague].min(initial=np.iinfo(np.int64).max)
    at = happened.points.at
    rows = Pairs(warning=found.chain[hit], incident=found.incident[hit])
    return BulkRecord(
        told=told,
        blocks=_by_day(
            count_pairs(
                Pairs(warning=_rank(rated)[rows.warning], incident=_rank(happened.occurred)[rows.incident]),
                warned=versions.since[rated] // DAY,
                happened=at[happened.occurred] // DAY,
            ),
            averted=versions.since[averted],
            after_the_fact=versions.since[after],
            unverifiable=versions.since[vague],
            foiled=at[_any(found.incident[foiled], len(happened))],
            perhaps_meant=at[missed & (at >= first_vague)],
        ),
        leads=_leads(found, rows, versions, happened),
    )


def _leads(found: _Found, hits: Pairs, versions: Versions, happened: Happened) -> LeadTimes:
    """Over every version of a chain that hit, those that a newer one had replaced by then too."""
    size = len(happened)
    of_hit = np.isin(found.chain * size + found.incident, hits.warning * size + hits.incident) & found.issued
    return lead_from_issue(
        Pairs(warning=found.version[of_hit], incident=_rank(happened.occurred)[found.incident[of_hit]]),
        issued=versions.issued,
        happened=happened.points.at[happened.occurred],
    )


def _by_day(tables: Mapping[int, Contingency], **apart: Ints) -> Mapping[str, Contingency]:
    """The tables with what stands in no rate, each counted on the day of its instants."""
    found = defaultdict(lambda: NONE, tables)
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for name, instants in apart.items():
        for day, count in zip(*np.unique(instants // DAY, return_counts=True), strict=True):
            counts[int(day)][name] = int(count)
    for day, row in counts.items():
        table = found[day]
        found[day] = replace(table, **row)
    return {datetime.fromtimestamp(day * DAY, UTC).date().isoformat(): found[day] for day in sorted(found)}


def _told_to(told: Told, versions: Versions) -> Bools:
    return np.array([one is told for one in versions.told], dtype=np.bool_)


def _any(rows: Ints, of: int) -> Bools:
    """Which of so many rows stand there at all."""
    found: Bools = np.bincount(rows, minlength=of) > 0
    return found


def _rank(kept: Bools) -> Ints:
    """The number of each row among those kept; what is not kept has none of its own."""
    rank: Ints = np.cumsum(kept) - 1
    return rank

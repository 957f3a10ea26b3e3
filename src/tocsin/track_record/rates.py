"""POD, FAR and CSI of a record with what they rest on: the rule, both bases, the intervals and the bounds."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from tocsin.review.matching import MatchRule
from tocsin.track_record.intervals import Interval, Share, block_bootstrap, measure_share
from tocsin.track_record.scores import COUNTS, NONE, Contingency

_UNSURE = {
    "foiled": "foiled after a warning, in no rate",
    "perhaps_meant": "missed that a warning without end or place may have meant",
}
FEW = 5
"""With fewer cases than this no rate is told, only how many of how many, and the interval."""


class Rates(Struct, frozen=True, kw_only=True):
    """`pod` is of incidents, `far` of warnings: two bases. `csi_interval` is by blocks alone, for CSI is a share of no one thing."""

    rule: MatchRule
    table: Contingency
    pod: Share
    far: Share
    csi: float | None
    csi_interval: Interval | None
    pod_bounds: tuple[float, float] | None
    far_bounds: tuple[float, float] | None


def measure_rates(blocks: Mapping[str, Contingency], rule: MatchRule, *, seed: int, by: str) -> Rates:
    """The rates of the sum of the blocks. `by` says what a block is (day, campaign); the same seed gives the same intervals."""
    tables = tuple(blocks.values())
    table = sum(tables, NONE)
    # Below five cases a CSI is not told (`write_rates`), and 2,000 draws for it would be most of what a review costs.
    few = min(table.event_hits + table.misses, table.warning_hits + table.false_alarms) < FEW
    return Rates(
        rule=rule,
        table=table,
        pod=measure_share([(one.event_hits, one.event_hits + one.misses) for one in tables], seed=seed, by=by),
        far=measure_share(
            [(one.false_alarms, one.warning_hits + one.false_alarms) for one in tables], seed=seed, by=by
        ),
        csi=table.csi(),
        csi_interval=None
        if few
        else block_bootstrap(
            [tuple(getattr(one, name) for name in COUNTS) for one in tables], _csi_of, seed=seed, by=by
        ),
        pod_bounds=table.pod_bounds(),
        far_bounds=table.far_bounds(),
    )


def rates_as_json(rates: Rates) -> dict[str, Any]:
    """The counts by their names and each rate with its base; lateness in seconds, intervals 90 %.

    A false alarm is shown as a warning with `no_known_event`: that none is known is all that can be said.
    """
    rule, table = rates.rule, rates.table
    return {
        "rule": {
            "id": rule.id,
            "near_km": rule.near_km,
            "late": rule.late.total_seconds(),
            "max_late": rule.max_late.total_seconds(),
        },
        **{_shown(name): getattr(table, name) for name in COUNTS},
        "pod": _share_as_json(rates.pod),
        "far": _share_as_json(rates.far),
        "pod_bounds": None if rates.pod_bounds is None else [_short(one) for one in rates.pod_bounds],
        "far_bounds": None if rates.far_bounds is None else [_short(one) for one in rates.far_bounds],
        "csi": _short(rates.csi),
        "csi_interval": _interval_as_json(rates.csi_interval),
    }


def write_rates(found: Mapping[str, Any]) -> Iterator[str]:
    """Lines for people from `rates_as_json`, the rule first; no line says more than its base bears."""
    rule, pod, far = found["rule"], found["pod"], found["far"]
    yield f"rule {rule['id']}, near {rule['near_km']:g} km, late allowed: {write_hours(rule['max_late'])}"
    yield f"  POD {_write_share(pod)} incidents warned of{_write_interval(pod['interval'])}"
    yield f"  FAR {_write_share(far)} warnings {write_false_alarms(found['partial'])}{_write_interval(far['interval'])}"
    if found["csi"] is not None and min(pod["of"], far["of"]) >= FEW:
        hits = f"hits counted in incidents ({found['event_hits']}) and in warnings ({found['warning_hits']})"
        yield f"  CSI {found['csi']:.2f}, {hits}{_write_interval(found['csi_interval'])}"
    unsure = {words: found[name] for name, words in _UNSURE.items() if found[name]}
    if unsure:
        low, high = found["pod_bounds"]
        words = ", ".join(f"{count} {words}" for words, count in unsure.items())
        yield f"  {words}; POD {low:.2f} to {high:.2f}, if none of these had been warned of or all"
    apart = {name: found[name] for name in ("averted", "unverifiable", "after_the_fact") if found[name]}
    if apart:
        low, high = found["far_bounds"]
        words = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in apart.items())
        yield f"  in no rate: {words}; FAR {low:.2f} to {high:.2f}, if all of these had come true or none"


def write_false_alarms(partial: int) -> str:
    """How warnings that did not come true are told of: none known is all that can be said, unless something came near.

    >>> write_false_alarms(0), write_false_alarms(1)
    ('with no known event', 'without a hit under this rule (1 partial)')
    """
    return f"without a hit under this rule ({partial} partial)" if partial else "with no known event"


def write_hours(seconds: float) -> str:
    """Hours, or days where it is whole days: `0 h`, `36 h`, `30 d`."""
    hours = seconds / 3600
    return f"{hours / 24:g} d" if hours and hours % 24 == 0 else f"{hours:g} h"


def _csi_of(row: tuple[int, ...]) -> float | None:
    return Contingency(**dict(zip(COUNTS, row, strict=True))).csi()


def _shown(name: str) -> str:
    return "no_known_event" if name == "false_alarms" else name


def _write_share(share: Mapping[str, Any]) -> str:
    """Below five cases the base alone says it."""
    rate = f"{share['value']:.2f}: " if share["of"] >= FEW else ""
    return f"{rate}{share['count']} of {share['of']}"


def _write_interval(found: Mapping[str, Any] | None) -> str:
    return "" if found is None else f"; 90 % interval {found['low']:.2f} to {found['high']:.2f} ({found['method']})"


def _share_as_json(share: Share) -> dict[str, Any]:
    return {
        "value": _short(share.value),
        "count": share.count,
        "of": share.of,
        "blocks": share.blocks,
        "interval": _interval_as_json(share.interval),
    }


def _interval_as_json(found: Interval | None) -> dict[str, Any] | None:
    return None if found is None else {"low": _short(found.low), "high": _short(found.high), "method": found.method}


def _short(value: float | None) -> float | None:
    """To four digits: more would say more than any count bears."""
    return None if value is None else round(value, 4)

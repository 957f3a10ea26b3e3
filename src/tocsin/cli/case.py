"""`tocsin case`: replay documented cases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tocsin.cli.output import each_file, emit, json_option, read_file, say

MAX_CASE_BYTES = 1024 * 1024


@click.group("case")
def command() -> None:
    """Replay documented cases."""


@command.command("review")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--rule", "rule_file", type=click.Path(path_type=Path), help="file of another rule (default: casebook/1)")
@click.option(
    "--regions", "regions_file", type=click.Path(path_type=Path), help="GeoJSON with the polygons of regions (admin-1)"
)
@json_option
def review(files: tuple[Path, ...], rule_file: Path | None, regions_file: Path | None, as_json: bool) -> None:
    """Give the verdict of every pair of warning and event in each case, and its counts, by MatchRule casebook/1 or another."""
    from tocsin.gazetteer import towns_of
    from tocsin.review.casebook import case_as_json, read_case
    from tocsin.review.outlines import country_outlines, join_outlines, read_regions
    from tocsin.review.rule import MatchRule, read_rule
    from tocsin.track_record.case_counts import count_case
    from tocsin.track_record.rates import write_rates

    rule = MatchRule() if rule_file is None else read_rule(read_file(rule_file))
    regions = None if regions_file is None else read_regions(read_file(regions_file))
    outlines = join_outlines(country_outlines, regions, towns_of)

    def show(path: Path) -> int:
        case = read_case(read_file(path, limit=MAX_CASE_BYTES))
        found, counts = case_as_json(case, rule, outlines), count_case(case, rule, outlines)
        lines = [*_lines(found), *(f"  {line}" for line in write_rates(counts))]
        for unknown in found["unknown_tags"]:
            near = f"; did you mean {unknown['near']!r}?" if unknown["near"] else ""
            say(f"{path}: {unknown['facet']} {unknown['tag']!r} is in no list of tags and matches itself alone{near}")
        emit({"file": str(path), **found, "counts": counts}, as_json=as_json, lines=lines)
        return 0

    raise click.exceptions.Exit(each_file(files, as_json=as_json, show=show, pattern="*.yaml"))


def _lines(found: Mapping[str, Any]) -> list[str]:
    from tocsin.review.finding import write_place_note

    lines = [f"{found['slug']}, rule {found['rule']}"]
    for pair in found["pairs"]:
        facets = ", ".join(f"{name} {pair[name]}" for name in ("place", "time", "target", "actor", "method", "person"))
        lines.append(
            f"  {pair['warning'] or 'no warning'} and {pair['event'] or 'no event'}: {pair['overall']}; {facets}"
        )
        if pair["delay_hours_from_issue"] is not None:
            end = pair["delay_hours_from_window_end"]
            after = f"{end} h after its window's end" if end is not None else "its window has no end"
            lines.append(f"    the event came {pair['delay_hours_from_issue']} h after issue, {after}")
        note = write_place_note(pair["place_by"], pair["place_level"])
        lines += [f"    {note}"] if note else []
    return lines

"""`tocsin review`: the account of an incident."""

from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, json_option, node_option, read_file, say
from tocsin.errors import InputError


@click.command("review")
@click.argument("incident")
@click.option("--html", type=click.Path(path_type=Path), help="write the account, one file that opens offline")
@click.option("--case", type=click.Path(path_type=Path), help="documented case whose delays stand beside ours")
@as_option
@node_option
@json_option
def command(
    incident: str, html: Path | None, case: Path | None, as_name: str, node_folder: Path, as_json: bool
) -> None:
    """Which warnings said so? Verdict per facet, delays, and counts, rates and lead times with and without lateness."""
    from tocsin.desk.review import review_incident, write_review
    from tocsin.track_record.lead import write_leads
    from tocsin.track_record.rates import write_rates

    desk = open_desk(node_folder, as_name)
    found = review_incident(desk, incident)
    lines = [f"incident {incident}, rule {found['rule']}"]
    for match in found["matches"]:
        facets = ", ".join(f"{name} {match[name]}" for name in ("place", "time", "target", "actor", "method", "person"))
        lines.append(f"  warning {match['warning']}: {match['overall']}; {facets}")
        lines.append(
            f"    {match['delay_hours_from_issue']} h after issue, {match['delay_hours_from_window_end']} h after the window"
        )
    if not found["matches"]:
        lines.append("  no warning was issued before it")
    for row in found["tables"]:
        lines += [f"  {line}" for line in (*write_rates(row), *write_leads(row["leads"]))]
    emit(found, as_json=as_json, lines=lines)
    if html is not None:
        text = write_review(desk, incident, case=read_file(case) if case else None)
        try:
            html.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{html} cannot be written: {error.strerror}") from None
        say(f"account written to {html}")

"""`tocsin review`: the account of an incident."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, json_option, node_option, read_file, say, write_file
from tocsin.core.marking import Audience

if TYPE_CHECKING:
    from tocsin.desk.ports import Desk


@click.command("review")
@click.argument("incident")
@click.option("--html", type=click.Path(path_type=Path), help="write the account, one file that opens offline")
@click.option("--pdf", type=click.Path(path_type=Path), help="write the account as PDF")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["public", "partner", "internal"]),
    default="public",
    help="who is to read the account (default: public); what they may not see is taken out and counted",
)
@click.option("--case", type=click.Path(path_type=Path), help="documented case whose delays stand beside ours")
@as_option
@node_option
@json_option
def command(
    incident: str,
    html: Path | None,
    pdf: Path | None,
    reader: str,
    case: Path | None,
    as_name: str,
    node_folder: Path,
    as_json: bool,
) -> None:
    """Which warnings said so? Verdict per facet, delays, and counts, rates and lead times with and without lateness."""
    from tocsin.desk.review import review_incident
    from tocsin.review.finding import VERSIONS
    from tocsin.track_record.lead import write_leads
    from tocsin.track_record.rates import write_rates

    desk = open_desk(node_folder, as_name)
    found = review_incident(desk, incident)
    lines = [f"incident {incident}, rule {found['rule']}"]
    for match in found["matches"]:
        facets = ", ".join(f"{name} {match[name]}" for name in ("place", "time", "target", "actor", "method", "person"))
        lines.append(f"  warning {match['warning']} ({match['told']}): {match['overall']}; {facets}")
        lines.append(
            f"    {match['delay_hours_from_issue']} h after issue, {match['delay_hours_from_window_end']} h after the window"
        )
    if not found["matches"]:
        lines.append("  no warning was issued before it")
    for row in found["tables"]:
        lines.append(f"  {VERSIONS[row['told']]}, late allowed: {row['late_allowed']}")
        lines += [f"    {line}" for line in (*write_rates(row), *write_leads(row["leads"]))]
    emit(found, as_json=as_json, lines=lines)
    if html is not None or pdf is not None:
        _write_account(desk, incident, reader, case, html, pdf)


def _write_account(
    desk: "Desk", incident: str, reader: str, case: Path | None, html: Path | None, pdf: Path | None
) -> None:
    from tocsin.desk.account import account_for
    from tocsin.review.account_html import write_html

    sheet = account_for(desk, incident, case=read_file(case) if case else None, reader=Audience(reader))
    if html is not None:
        write_file(html, write_html(sheet).encode())
    if pdf is not None:
        from tocsin.review.account_pdf import write_pdf

        write_file(pdf, write_pdf(sheet))
    say(f"account for {reader} readers written; passages taken out: {sheet.taken_out}")

"""`tocsin duty`: is there a duty to warn?"""

from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option, read_file


@click.group("duty")
def command() -> None:
    """Is there a duty to warn? Check a file, determine for a report, waive, list."""


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--ruleset", default="icd191-2015", show_default=True)
@json_option
def check(file: Path, ruleset: str, as_json: bool) -> None:
    """Apply the duty-to-warn test to the facts in FILE. Nothing is stored."""
    from tocsin.assess.duty import check_duty, read_ruleset
    from tocsin.assess.duty_json import outcome_as_json, read_duty_facts

    outcome = check_duty(read_duty_facts(read_file(file, limit=1024 * 1024)), read_ruleset(ruleset))
    found = outcome_as_json(outcome)
    clocks = ", ".join(f"{name} within {seconds // 60} min" for name, seconds in found["clocks"].items())
    lines = [
        f"duty: {found['outcome']}; proposed: {found['proposed']}",
        *(f"  not met: {name}" for name in found["failed"]),
        *(f"  uncertain: {name}" for name in found["uncertain"]),
        f"  rule set {found['ruleset']}, clauses {', '.join(found['clauses'])}",
        f"  clocks, each from the end of the one before: {clocks}",
    ]
    emit(found, as_json=as_json, lines=lines)


@command.command("determine")
@click.argument("report")
@click.option("--reliability", required=True, help="of the source: A to F")
@click.option("--credibility", required=True, type=click.IntRange(1, 6), help="of what it says: 1 to 6")
@as_option
@node_option
@json_option
def determine(
    report: str,
    reliability: str,
    credibility: int,
    as_name: str,
    node_folder: Path,
    as_json: bool,
) -> None:
    """Grade REPORT and determine whether the duty arises; every element comes with its reason."""
    from tocsin.desk.report import determine_duty

    desk = open_desk(node_folder, as_name)
    found = determine_duty(desk, report, reliability=reliability, credibility=credibility)
    lines = [
        f"determination {found['determination']}: {found['outcome']}, proposed: {found['proposed']}",
        *(f"  {element}: {reason}" for element, reason in found["reasons"].items()),
        *(f"  {clock} due {due}" for clock, due in found["due"].items()),
    ]
    emit(found, as_json=as_json, lines=lines)


@command.command("waive")
@click.argument("determination")
@click.option("--ground", required=True, type=click.Choice(["W1", "W2", "W3", "W4", "W5", "W6"]), help="see RULES 1.4")
@click.option("--text", required=True, help="why, in words; no names")
@click.option("--evidence", help="the receipt or report that shows it; W1 demands one")
@as_option
@node_option
@json_option
def waive(
    determination: str,
    ground: str,
    text: str,
    evidence: str | None,
    as_name: str,
    node_folder: Path,
    as_json: bool,
) -> None:
    """Decide, as another person than the one who determined it, that the duty of DETERMINATION is waived."""
    from tocsin.assess.duty import Ground, Waiver
    from tocsin.desk.report import waive_duty

    waiver = Waiver(ground=Ground(ground), text=text, evidence=evidence)
    found = waive_duty(open_desk(node_folder, as_name), determination, waiver)
    emit(
        found, as_json=as_json, lines=[f"determination {found['determination']}: {determination} is waived by {ground}"]
    )


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List every determination, oldest first."""
    from tocsin.desk.show import list_determinations

    rows = list_determinations(open_desk(node_folder))
    emit_table(rows, ("determination", "outcome", "proposed"), as_json=as_json, empty="nothing was determined here")

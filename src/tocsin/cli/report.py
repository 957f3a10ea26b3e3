"""`tocsin report`: read a text, submit it, list what came in."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from msgspec.structs import asdict

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import each_file, emit, emit_table, json_option, node_option, read_file


@click.group("report")
def command() -> None:
    """Read a text, submit it, list what came in."""


@command.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def read(files: tuple[Path, ...], as_json: bool) -> None:
    """Show what is read out of each text, with the words it was read from. Nothing is stored."""
    from tocsin.gazetteer import open_gazetteer
    from tocsin.intake.container import MAX_BYTES, extract_parts
    from tocsin.intake.report import reading_as_json

    def show(path: Path) -> int:
        parts = extract_parts(read_file(path, limit=MAX_BYTES), gazetteer=open_gazetteer())
        for part, reading in parts:
            found = reading_as_json(reading, file=str(path))
            if part.entry is not None:
                found["entry"] = part.entry
            found["unread"] = list(part.unread)
            found["forgiven"] = [asdict(one) for one in part.forgiven]
            lines = [*_lines(found, part.text), *_unread(part.unread), *_forgiven(found["forgiven"])]
            emit(found, as_json=as_json, lines=lines)
        return 0

    raise click.exceptions.Exit(each_file(files, as_json=as_json, show=show))


@command.command("submit")
@click.argument("file", type=click.Path(path_type=Path))
@as_option
@node_option
@json_option
def submit(file: Path, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Store the text with what was read out of it; of a feed each entry, all of them or none."""
    from tocsin.desk.report import submit_report
    from tocsin.intake.container import MAX_BYTES

    outcome = submit_report(open_desk(node_folder, as_name), read_file(file, limit=MAX_BYTES))
    emit(outcome, as_json=as_json, lines=[_submitted(one) for one in outcome.get("reports", [outcome])])


def _submitted(one: Mapping[str, Any]) -> str:
    return f"report {one['report']} " + ("stored" if one["new"] else "was here already, nothing changed")


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List what came in: first what is imminent and nobody has in hand, then what most reports tell."""
    from tocsin.desk.matters import list_matters

    rows = list_matters(open_desk(node_folder))
    shown = [row | {"owner": row["owner"] or ("nobody, imminent" if row["imminent"] else "nobody")} for row in rows]
    emit_table(
        rows if as_json else shown,
        ("report", "received", "reports", "owner"),
        as_json=as_json,
        empty="no report was submitted here",
    )


@command.command("take")
@click.argument("report")
@as_option
@node_option
@json_option
def take(report: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Have a report in hand: from now on it is yours, with every copy of it."""
    from tocsin.desk.matters import take_report

    outcome = take_report(open_desk(node_folder, as_name), report)
    before = f"; {outcome['taken_from']} had it" if outcome["taken_from"] else ""
    emit(outcome, as_json=as_json, lines=[f"{outcome['report']} is with {outcome['owner']}{before}"])


@command.command("pass")
@click.argument("report")
@click.option(
    "--to", "names", multiple=True, required=True, metavar="NAME", help="an officer of this node; may be repeated"
)
@as_option
@node_option
@json_option
def pass_on(report: str, names: tuple[str, ...], as_name: str, node_folder: Path, as_json: bool) -> None:
    """Tell officers, by e-mail, that a report is theirs to know."""
    from tocsin.desk.matters import pass_report

    outcome = pass_report(open_desk(node_folder, as_name), report, names)
    emit(outcome, as_json=as_json, lines=[f"{outcome['report']} was passed on", *_passed(outcome)])


@command.command("got")
@click.argument("report")
@as_option
@node_option
@json_option
def got(report: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Say that you have a report that was passed to you."""
    from tocsin.desk.matters import confirm_receipt

    outcome = confirm_receipt(open_desk(node_folder, as_name), report)
    emit(outcome, as_json=as_json, lines=[f"{outcome['report']} was passed on", *_passed(outcome)])


@command.command("show")
@click.argument("report")
@node_option
@json_option
def show_one(report: str, node_folder: Path, as_json: bool) -> None:
    """Show what was read out of one report, and what people decided on it."""
    from tocsin.desk.reading import show_report

    found = show_report(open_desk(node_folder), report)
    matter = found["matter"]
    owner = f"with {matter['owner']} since {matter['owned']}" if matter["owner"] else "nobody has it in hand"
    same = [f"the same origin as {', '.join(found['repeats'])}: no second witness"] if found["repeats"] else []
    emit(
        found,
        as_json=as_json,
        lines=[owner, *_passed(matter), *same, *_unread(found["unread"]), *_decided(found["reading"])],
    )


@command.command("confirm")
@click.argument("report")
@click.argument("field", required=False)
@click.argument("value", required=False)
@click.option("--all", "everything", is_flag=True, help="every value that nobody has decided on")
@click.option("--change", "new", metavar="NEW", help="what stands in its place: a label, a role, days")
@click.option("--reject", "rejected", is_flag=True, help="the text does not say so")
@as_option
@node_option
@json_option
def confirm(
    report: str,
    field: str | None,
    value: str | None,
    everything: bool,
    new: str | None,
    rejected: bool,
    as_name: str,
    node_folder: Path,
    as_json: bool,
) -> None:
    """Confirm a VALUE of a FIELD, change it or reject it. A field is targets, places, window and so on."""
    from tocsin.desk import reading

    if (field is None or value is None) is not everything or (rejected and new is not None):
        raise click.UsageError("name a FIELD and a VALUE, or --all; --change or --reject, not both")
    desk = open_desk(node_folder, as_name)
    if field is None or value is None:
        outcome = reading.confirm_reading(desk, report)
    elif rejected:
        outcome = reading.reject_value(desk, report, field, value)
    elif new is not None:
        outcome = reading.change_value(desk, report, field, value, new)
    else:
        outcome = reading.confirm_value(desk, report, field, value)
    emit(outcome, as_json=as_json, lines=[f"{outcome['decided']} of {report}", *_decided(outcome["reading"])])


@command.command("suggest")
@click.argument("report")
@as_option
@node_option
@json_option
def suggest(report: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Ask the language model of this house what the rules may have missed. It proposes; a person confirms each by name."""
    from tocsin.desk.reading import suggest_values

    outcome = suggest_values(open_desk(node_folder, as_name), report)
    dropped = [f"  dropped: it {why}" for why in outcome["dropped"]]
    lines = [f"{outcome['added']} proposed for {report}", *dropped, *_decided(outcome["reading"])]
    emit(outcome, as_json=as_json, lines=lines)


@command.command("export")
@click.argument("report")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@node_option
def export(report: str, folder: Path, node_folder: Path) -> None:
    """Add a report as it was set right to the cases in FOLDER, which `tocsin bench intake FOLDER` reads."""
    from tocsin.desk.reading import export_report

    case, raw = export_report(open_desk(node_folder), report)
    (folder / "text").mkdir(parents=True, exist_ok=True)
    (folder / "text" / f"{case['id']}.txt").write_bytes(raw)
    with (folder / "gold.jsonl").open("a", encoding="utf-8") as cases:
        cases.write(json.dumps(case, ensure_ascii=False) + "\n")
    print(f"{report} is a case in {folder}")


def _unread(names: Sequence[str]) -> list[str]:
    return [f"  not read   {one}: open it yourself" for one in names]


def _forgiven(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"  forgiven   line {one['line']}, {one['path']} {one['rule']}: {one['message']}" for one in findings]


def _passed(matter: Mapping[str, Any]) -> list[str]:
    return [
        f"  passed to {one['to']} by {one['by']} at {one['at']}: "
        + (f"has it since {one['got']}" if one["got"] else "has not said that it came")
        for one in matter["passed"]
    ]


def _decided(reading: Mapping[str, Any]) -> list[str]:
    return [
        f"  {field:<10} {span['value']!s:<24} {span['status']}"
        + (f" (was {span['was']})" if "was" in span else "")
        + (f" by {span['by']}" if "by" in span else "")
        for field, spans in reading["spans"].items()
        for span in spans
    ]


def _lines(found: Mapping[str, Any], text: str) -> list[str]:
    lines = [f"{found['file']}: {found['kind']}"]
    for field, spans in found["spans"].items():
        for span in spans:
            words = " ".join(text[span["start"] : span["end"]].split())
            lines.append(f"  {field:<10} {span['value']!s:<24} from “{words[:60]}” ({span['rule']})")
    stated = {field for field, spans in found["spans"].items() if spans}
    missing = [f for f in ("issuer", "issued", "places", "window", "targets", "actors", "methods") if f not in stated]
    if missing:
        lines.append("  not stated: " + ", ".join(missing))
    return lines

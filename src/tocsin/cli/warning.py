"""`tocsin warning`: draft and release a warning, change or end it, see who has it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option, read_file
from tocsin.errors import InputError, StateError

MAX_ORDER_BYTES = 1024 * 1024


@click.group("warning")
def command() -> None:
    """Draft and release a warning, change or end it, see who has it."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@as_option
@node_option
@json_option
def load(file: Path, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Import warnings of others, to be held against what happened: all of FILE, or none and the lines that are wrong.

    FILE is a CAP message or a zip of them, a list of sirens or alerts, or a dump of NWS polygons; plain or gzip. They are
    kept apart from ours and never sent.
    """
    from tocsin.desk.imports import import_warnings

    outcome = import_warnings(open_desk(node_folder, as_name), read_file(file))
    line = f"{outcome['new']} of {outcome['rows']} warnings are new, read as {outcome['format']}"
    out = f"; {outcome['left_out']} messages left out: no actual warnings" if outcome["left_out"] else ""
    emit(outcome, as_json=as_json, lines=[line + out])


people_option = click.option(
    "--people",
    type=click.IntRange(0),
    help="the number of people you expect it to go to (for scripts: nothing is asked)",
)


pass_option = click.option(
    "--pass", "passes", multiple=True, metavar="RULE=REASON", help="an error of the lint that does not stop it, and why"
)


@command.command("draft")
@click.argument("order", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="show what would go to whom; keep nothing, ask nobody")
@pass_option
@as_option
@node_option
@json_option
def draft(order: Path, dry_run: bool, passes: tuple[str, ...], as_name: str, node_folder: Path, as_json: bool) -> None:
    """Keep ORDER (JSON: words per audience, what is held back, how long, which peers) until a second person releases it."""
    from tocsin.desk.drafts import draft_warning
    from tocsin.desk.order import order_from_json
    from tocsin.desk.warn import preview_warning

    desk, found = open_desk(node_folder, as_name), _read_order(order, passes)
    if dry_run:
        preview = preview_warning(desk, order_from_json(found))
        emit(preview, as_json=as_json, lines=[*_lines(preview), "nothing kept, nobody asked: --dry-run"])
        return
    kept = draft_warning(desk, found)
    emit(kept, as_json=as_json, lines=[f"draft {kept['draft']} waits; {_asked(kept)}", *_lines(kept)])


@command.command("release")
@click.argument("draft")
@click.option("--alone", is_flag=True, help="your own draft, because nobody answers; only within the policy")
@people_option
@as_option
@node_option
@json_option
def release(
    draft: str,
    alone: bool,
    people: int | None,
    as_name: str,
    node_folder: Path,
    as_json: bool,
) -> None:
    """Issue DRAFT, which somebody else wrote. Shows what goes to whom; you type one of its numbers."""
    from tocsin.desk.drafts import preview_draft, release_alone, release_draft

    desk = open_desk(node_folder, as_name)
    if people is None:
        people = _ask(preview_draft(desk, draft))
    outcome = (release_alone if alone else release_draft)(desk, draft, people=people)
    done = f"{outcome['change']} released, version {outcome['version']}" if "change" in outcome else "issued"
    emit(outcome, as_json=as_json, lines=[f"warning {outcome['warning']} {done}", *_lines(outcome)])


@command.command("confirm")
@click.argument("draft")
@click.argument("language")
@click.option("--sha256", default="", help="of the words that you read (for scripts: nothing is shown or asked)")
@as_option
@node_option
@json_option
def confirm(draft: str, language: str, sha256: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Stand for the words of DRAFT in LANGUAGE by name: you read that language, and they say what the main ones say.

    Until somebody does, that language goes to nobody; the others do not wait for it.
    """
    from tocsin.desk.confirming import confirm_language
    from tocsin.desk.drafts import preview_draft

    desk = open_desk(node_folder, as_name)
    if not sha256:
        sha256 = _ask_reader(preview_draft(desk, draft), language)
    found = confirm_language(desk, draft, language, sha256)
    emit(found, as_json=as_json, lines=[f"draft {draft}: {language} is confirmed", _language_line(found)])


@command.command("hold")
@click.argument("draft")
@click.option("--reason", required=True, help="why it must not go out")
@as_option
@node_option
@json_option
def hold(draft: str, reason: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Say no to DRAFT; nobody can release it any more."""
    from tocsin.desk.drafts import hold_draft

    held = hold_draft(open_desk(node_folder, as_name), draft, reason)
    emit(held, as_json=as_json, lines=[f"draft {draft} is held: {reason}"])


@command.command("drafts")
@node_option
@json_option
def drafts(node_folder: Path, as_json: bool) -> None:
    """List every draft, oldest first."""
    from tocsin.desk.drafts import list_drafts

    rows = list_drafts(open_desk(node_folder))
    columns = ("draft", "state", "by", "at", "decided_by", "warning_issued")
    emit_table(rows, columns, as_json=as_json, empty="no draft was written here")


@command.command("issue")
@click.argument("order", type=click.Path(path_type=Path))
@people_option
@pass_option
@as_option
@node_option
@json_option
def issue(
    order: Path, people: int | None, passes: tuple[str, ...], as_name: str, node_folder: Path, as_json: bool
) -> None:
    """In an exercise: draft and release ORDER in one act. A live node refuses: there another person releases."""
    from tocsin.desk.order import order_from_json
    from tocsin.desk.warn import issue_warning, preview_warning

    desk = open_desk(node_folder, as_name)
    wanted = order_from_json(_read_order(order, passes))
    preview = preview_warning(desk, wanted)
    typed = _ask(preview) if people is None else people
    if typed != preview["exposed"]["people"]:
        raise StateError(f"it would go to {preview['exposed']['people']} people, not {typed}", hint="look again")
    outcome = issue_warning(desk, wanted)
    emit(outcome, as_json=as_json, lines=[f"warning {outcome['warning']} issued", *_lines(outcome)])


def _make_change(name: str, told: str) -> None:
    """One command per change: the same words, the same four eyes."""

    @command.command(name, help=told)
    @click.argument("order", type=click.Path(path_type=Path))
    @click.option("--warning", default="", help="its number, or words of its headline; not needed if only one is live")
    @click.option("--dry-run", is_flag=True, help="show what would go to whom; keep nothing, ask nobody")
    @as_option
    @node_option
    @json_option
    def change(order: Path, warning: str, dry_run: bool, as_name: str, node_folder: Path, as_json: bool) -> None:
        from tocsin.compose.revision import Change
        from tocsin.desk.changes import draft_revision, preview_revision

        desk, found = open_desk(node_folder, as_name), _read_order(order, ())
        if dry_run:
            preview = preview_revision(desk, Change(name), warning, found)
            lines = [f"{name} of {preview['warning']}", *_lines(preview), "nothing kept, nobody asked: --dry-run"]
            emit(preview, as_json=as_json, lines=lines)
            return
        kept = draft_revision(desk, Change(name), warning, found)
        lines = [f"draft {kept['draft']} waits: {name} of {kept['warning']}; {_asked(kept)}", *_lines(kept)]
        emit(kept, as_json=as_json, lines=lines)


_make_change("update", "Draft other facts or advice for a live warning from ORDER; a second person releases it.")
_make_change("extend", "Draft a longer window for a live warning from ORDER, which says what is new.")
_make_change("ease", "Draft the end of a live warning that is over, from ORDER.")
_make_change("cancel", "Draft the end of a live warning that was wrong, from ORDER.")


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List every warning of this node, oldest first."""
    from tocsin.desk.show import list_warnings

    rows = list_warnings(open_desk(node_folder))
    columns = ("warning", "status", "issued", "expires", "headline")
    emit_table(rows, columns, as_json=as_json, empty="nothing issued here")


@command.command("show")
@click.argument("warning")
@node_option
@json_option
def show(warning: str, node_folder: Path, as_json: bool) -> None:
    """Show one warning: its state, who has it and how that is proved, who is still being asked."""
    from tocsin.desk.show import show_warning

    found = show_warning(open_desk(node_folder), warning)
    lines = [
        f"warning {found['warning']}: {found['headline']}",
        f"  {found['status']}; issued {found['issued']}, expires {found['expires']}, on watch until {found['watch_until']}",
        "  e-mail: " + (", ".join(f"{n} {state.replace('_', ' ')}" for state, n in found["mail"].items()) or "none"),
        *(f"  peer {p['peer']}: {p['state']} ({p['grade']}) at {p['at']}" for p in found["peers"]),
        *(
            f"  asked {a['party']}: {a['steps']} steps, "
            + (f"ended by {a['ended_by']} at {a['ended']}" if a["ended"] else "no answer that ends it yet")
            for a in found["asked"]
        ),
    ]
    emit(found, as_json=as_json, lines=lines)


def _ask_reader(preview: Mapping[str, Any], language: str) -> str:
    """Show the words beside the main ones and have the reader say that they agree; gives what was read."""
    found = next((one for one in preview["languages"] if one["language"] == language), None)
    if found is None:
        spoken = ", ".join(one["language"] for one in preview["languages"]) or "no other language"
        raise InputError(f"{preview['draft']} has no words in {language!r}", hint=f"it has {spoken}")
    for one in (preview["headline"], *(found[field] for field in ("headline", "description", "instruction"))):
        click.echo(one, err=True)
    click.echo(_language_line(found), err=True)
    click.confirm("Do these words say what the main ones say, and would you tell people so?", abort=True, err=True)
    words: str = found["sha256"]
    return words


def _language_line(found: Mapping[str, Any]) -> str:
    """Whether a language goes out, and if not, why."""
    faults = [one["found"] for one in found["lint"] if one["rule"] == "TXT-C14"]
    why = "; ".join(faults) or "nobody has confirmed it"
    state = f"goes out, confirmed by {found['confirmed_by']}" if found["goes_out"] else f"held back: {why}"
    return f"  language {found['language']}: {state} (sha256 {found['sha256'][:12]}…)"


def _asked(kept: Mapping[str, Any]) -> str:
    return f"{kept['asked']} asked by e-mail to release it" if kept["asked"] else "nobody could be asked to release it"


def _ask(preview: Mapping[str, Any]) -> int:
    """Show the consequences and have one of their numbers typed by hand: not a word that fingers learn (LESSONS L48)."""
    for line in _lines(preview):
        click.echo(line, err=True)
    act = len(preview["can_act"])
    question = f"Goes to how many registered people, and {act} who can act? Type the number of people"
    number: int = click.prompt(question, type=click.IntRange(0), err=True)
    return number


def _read_order(file: Path, passes: tuple[str, ...]) -> dict[str, Any]:
    try:
        found = json.loads(read_file(file, limit=MAX_ORDER_BYTES).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not JSON in UTF-8: {error}") from None
    if not isinstance(found, dict):
        raise InputError(f"{file} holds a {type(found).__name__}, expected one object")
    return _add_passes(found, passes) if passes else found


def _add_passes(order: dict[str, Any], passes: tuple[str, ...]) -> dict[str, Any]:
    there = order.get("pass", {})
    if not isinstance(there, dict):
        raise InputError(f"order: pass is {there!r}, expected an object of rules, each with a reason")
    for one in passes:
        if "=" not in one:
            raise InputError(f"--pass {one!r} has no reason", hint='--pass TXT-C4="REASON"')
    return order | {"pass": there | dict(one.split("=", 1) for one in passes)}


def _lines(found: Mapping[str, Any]) -> list[str]:
    """What goes to whom: of a new warning, or of a change of one that is out."""
    exposed = found["exposed"]
    if "references" in found:
        until = f"valid until {found['expires']}"
        life = "closes it" if found["status"] == "closed" else f"{until}, then on watch until {found['watch_until']}"
        return [
            f"  “{found['headline']}”, version {found['version']}, {life}",
            *(f"  {v['audience']:<9} {v['tlp']}" for v in found["versions"]),
            f"  to: {exposed['people']} people who got the last version or are exposed now, {len(found['can_act'])} who can act",
            *([f"  no agreement any more with: {', '.join(found['not_addressed'])}"] if found["not_addressed"] else []),
            "  leaks: none",
            *lint_lines(found["lint"]),
            *map(_language_line, found["languages"]),
        ]
    not_addressed = ", ".join(found["not_addressed"]) or "nobody"
    return [
        f"  “{found['headline']}”, valid until {found['expires']}, then on watch until {found['watch_until']}",
        *(f"  {v['audience']:<9} {v['tlp']}" for v in found["versions"]),
        (
            f"  exposed: {exposed['people']} registered people (share unknown), {exposed['venues']} venues, "
            f"{exposed['gatherings']} gatherings"
        ),
        f"  can act: {len(found['can_act'])}; not addressed: {not_addressed}",
        "  leaks: none",
        *lint_lines(found["lint"]),
        *map(_language_line, found["languages"]),
    ]


def lint_lines(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Errors and warnings one by one; of rules that do not know the language, which they are: what was not checked is no all-clear."""
    unchecked = [one for one in found if one["found"].startswith("not checked")]
    told = [_lint_line(one) for one in found if one["level"] != "advice"]
    if unchecked:
        rules = ", ".join(dict.fromkeys(one["rule"] for one in unchecked))
        told.append(f"  lint {unchecked[0]['found']}: {rules}; have somebody who reads it check the words")
    return told


def _lint_line(found: Mapping[str, Any]) -> str:
    passed = f"; passed: {found['passed']}" if found["passed"] is not None else ""
    return f"  lint {found['level']} {found['rule']}: {found['found']} ({found['hint']}){passed}"

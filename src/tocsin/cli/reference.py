"""Writes docs/cli.md from the commands themselves: `python -m tocsin.cli.reference > docs/cli.md` (`make docs`)."""

from collections.abc import Iterator

import click

from tocsin.cli.main import NOUNS, root

HEAD = """# The command line

Made from the code by `make docs`; a test compares. Results go to stdout, everything else to stderr behind `tocsin:`.
`--json` prints one JSON object per line and nothing else. Exit codes: 0 done, 1 refused, invalid or not proven, 2 wrong
use, 3 not delivered.
"""


def write_reference() -> str:
    """The whole page: every noun, every verb, every argument and option."""
    context = click.Context(root, info_name="tocsin")
    parts = [HEAD]
    for noun, line in NOUNS.items():
        command = root.get_command(context, noun)
        assert command is not None
        parts.append(f"\n## tocsin {noun}\n\n{line[0].upper()}{line[1:]}.\n")
        verbs = command.commands if isinstance(command, click.Group) else {"": command}
        for verb, one in verbs.items():
            parts.append("\n" + "\n".join(_describe(one, f"tocsin {noun} {verb}".strip())) + "\n")
    return "".join(parts)


def _describe(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    yield f"    {path} {' '.join(command.collect_usage_pieces(context))}"
    yield ""
    yield " ".join((command.help or "").split())
    records = [one.get_help_record(context) for one in command.params if isinstance(one, click.Option)]
    for record in records:
        if record:
            yield f"- `{record[0]}`: {record[1]}" if record[1] else f"- `{record[0]}`"


if __name__ == "__main__":
    click.echo(write_reference(), nl=False)

"""The command `tocsin`: finds the noun, turns our errors into two lines and an exit code."""

import atexit
import gc
import importlib
import sys

import click

from tocsin.cli.output import complain
from tocsin.errors import TocsinError

# noun -> one line of help; the module of the same name in this folder holds `command`.
NOUNS = {
    "demo": "play the whole story on three nodes and write the account",
    "node": "make a node, check its settings, back it up and bring it back",
    "serve": "run a node: API, sender and clockwork in one process",
    "report": "read a text, submit it, decide on what was read",
    "duty": "is there a duty to warn? determine and list",
    "warning": "draft and release a warning, change or end it, see who has it",
    "cap": "check CAP messages, feeds and envelopes by numbered rules",
    "inbox": "what other nodes sent, and our answers",
    "quarantine": "what could not be read: look at it, read it again",
    "officer": "who works here, and in which roles",
    "token": "let a program act for an officer",
    "policy": "what the house has decided beforehand",
    "task": "what waits for somebody",
    "register": "import people, venues and gatherings",
    "peer": "the nodes we have an agreement with",
    "bundle": "make and verify proofs that need no node",
    "log": "audit a log, show its newest signed head",
    "call": "calls about a warning that were made outside of the product",
    "incident": "record what happened, and what others claim about it",
    "review": "which warnings said so: the account of an incident",
    "match": "which warnings said so: confirm or override a verdict",
    "record": "how often warnings were right",
    "lesson": "what a review found that has to be done",
    "case": "replay a documented case",
    "bench": "measure on this machine, and say whether each goal is met",
}


class Nouns(click.Group):
    """A group that imports the module of a noun only when that noun is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NOUNS:
            return None
        module = importlib.import_module(f"tocsin.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(NOUNS.items()))


@click.command(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tocsin", message="tocsin %(version)s")
def root() -> None:
    """Warn of attacks, even somebody who distrusts you, and prove afterwards who was warned of what, and when."""


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 refused or not proven, 2 wrong use, 3 not delivered."""
    # Loading makes some hundred thousand objects, and all of them stay: looking through them again and again for garbage
    # took a tenth of each command.
    gc.set_threshold(100_000, 20, 20)
    atexit.register(gc.freeze)  # nor once more at the end, when they go anyway: a sixth of a long command
    try:
        code = root.main(prog_name="tocsin", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(2)
    except click.UsageError as error:
        complain(error.format_message(), hint=_usage_hint(error))
        sys.exit(2)
    except click.Abort:
        complain("stopped; what was committed stands")
        sys.exit(1)
    except TocsinError as error:
        complain(str(error), hint=error.hint)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _usage_hint(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "tocsin"
    return f"see `{path} --help`"

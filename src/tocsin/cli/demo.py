"""`tocsin demo`: the whole story on three nodes."""

from pathlib import Path

import click

from tocsin.cli.output import say
from tocsin.errors import InputError

MARK = "demo.tocsin-made-this"


@click.command("demo")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("demo"), show_default=True, help="folder, replaced"
)
@click.option("--serve", is_flag=True, help="let the nodes run on afterwards, to look at their pages")
def command(out: Path, serve: bool) -> None:
    """Play 7 to 24 March 2024 on three nodes over real HTTP and SMTP; write the account and the proofs."""
    from tocsin.demo.run import run_demo

    _make_room(out)
    say("three nodes start on this machine; nothing leaves it")
    run_demo(out, click.echo, wait=_wait if serve else None)


def _wait() -> None:
    """Until Ctrl-C, or whoever started us ends us: then the nodes are stopped too."""
    import signal
    import sys
    import threading
    from contextlib import suppress

    sys.stdout.flush()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


def _make_room(out: Path) -> None:
    """Replace the folder of an earlier demo, and nothing else."""
    import shutil

    if out.exists():
        if not (out / MARK).is_file():
            raise InputError(f"{out} is there and was not made by the demo", hint="choose another folder with --out")
        shutil.rmtree(out)
    out.mkdir(parents=True, mode=0o700)
    (out / MARK).write_text("This folder is replaced by `tocsin demo`.\n", encoding="ascii")

"""`tocsin bench`: measure on this machine, and say whether each goal is met."""

import importlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import say

if TYPE_CHECKING:
    from tocsin.bench.figures import Figure

BENCHES = ("web", "intake", "review", "account", "cap")
"""Each is a module of tocsin.bench with the function `bench_NAME(folder, say, data)`."""


@click.command("bench")
@click.argument("name", type=click.Choice([*BENCHES, "all"]))
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="one JSON object, nothing else on stdout")
def command(name: str, data: Path | None, as_json: bool) -> None:
    """Measure NAME and print each figure with its goal. Exit 1 if a goal is missed.

    DATA is the folder of reference data, where the bench needs one.
    """
    from tocsin.bench.figures import figures_as_json

    chosen = [one for one in BENCHES if name in {one, "all"}]
    if name == "all":
        # DATA is the folder of intake then: one folder serves one of them.
        left = {"cap"} if data is not None else {"cap", "intake"}
        chosen = [one for one in chosen if one not in left]
        say(f"left out: {', '.join(sorted(left))}; each needs a folder of its own, tocsin bench NAME FOLDER")
    figures = [one for bench in chosen for one in _measure(bench, data)]
    found = figures_as_json(figures)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        machine = found["machine"]
        print(
            f"{machine['cores']} cores, {machine['memory']} MB, fsync {machine['fsync_ms']} ms, Python {machine['python']}"
        )
        for one in found["figures"]:
            said = {True: "met", False: "NOT met"}[one["met"]]
            sign = ">=" if one["better"] == "higher" else "<="
            beside = "".join(f"; {name} {value:.4g}" for name, value in one["beside"].items())
            print(
                f"{one['name']:<36} {one['value']:>9.4g} {one['unit']:<6} goal {sign} {one['goal']:g}: {said}{beside}"
            )
    if not all(one["met"] for one in found["figures"]):
        raise click.exceptions.Exit(1)


def _measure(name: str, data: Path | None) -> "tuple[Figure, ...]":
    module = importlib.import_module(f"tocsin.bench.{name}")
    with tempfile.TemporaryDirectory() as folder:
        figures: tuple[Figure, ...] = getattr(module, f"bench_{name}")(Path(folder), say, data)
    return figures

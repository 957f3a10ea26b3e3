"""Plays the story and leaves what a reader would want: the account, the bundles, and a few counts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tocsin.core.data import read_text_data
from tocsin.demo.stage import ADMINISTRATOR
from tocsin.demo.story import Story, play, staged

BUNDLES = {"warning": "warning.tocsin", "delivery": "delivery.tocsin", "answers": "answers.tocsin", "all": "all.tocsin"}


def run_demo(out: Path, say: Callable[[str], None], *, wait: Callable[[], None] | None = None) -> None:
    """Play everything below `out` and tell it line by line. With `wait` the nodes run on until it returns."""
    with staged(out, say) as story:
        play(story)
        keep_results(story)
        for line in ("", *_closing(story)):
            say(line)
        if wait is not None:
            for line in open_doors(story):
                say(line)
            wait()


def open_doors(story: Story) -> list[str]:
    """A visitor at each desk, with all that a desk can show: one line each, with the link that works once."""
    lines = []
    for stage in (story.theatre.embassy, story.theatre.city):
        roles = ["officer", "releaser", "auditor"]
        added = story.act(stage, "POST", "/v1/officers", {"name": "visitor", "roles": roles}, by=ADMINISTRATOR)
        lines.append(f"the desk of {stage.name}: {added['link']} (works once; choose a password there)")
    public = f"{story.theatre.embassy.url}/a/{story.warning}"
    return [*lines, f"what everybody can read: {public}", "the nodes run until you press Ctrl-C"]


def _closing(story: Story) -> list[str]:
    out, state = story.out, final_state(story)
    return [
        f"the account: {out}/account.html (opens offline)",
        *(f"proof: {out}/{file}" for file in BUNDLES.values()),
        f"check one with no node running: tocsin bundle verify {out}/all.tocsin",
        f"letters: {state['letters']}; second copies on the wire: {story.postbox.second_copies}",
    ]


def keep_results(story: Story) -> None:
    """Write the account and the bundles."""
    embassy = story.theatre.embassy
    case = read_text_data("demo", "moscow-crocus-2024.yaml").encode()
    account = embassy.call("POST", f"/v1/incidents/{story.results['incident']}/account", case)
    (story.out / "account.html").write_bytes(account)
    for part, file in BUNDLES.items():
        raw = embassy.call("GET", f"/v1/warnings/{story.warning}/bundle?part={part}")
        (story.out / file).write_bytes(raw)


def final_state(story: Story) -> dict[str, Any]:
    """What must be the same however often the sending node was killed on the way: nothing lost, nothing twice."""
    theatre = story.theatre
    shown = story.show()
    inbox = theatre.city.call("GET", "/v1/inbox")
    leaves = theatre.embassy.call("GET", "/v1/log")
    # Digests differ from run to run, and a batch of e-mail may be cut elsewhere after a kill: neither is state.
    known = [one for one in leaves if one["kind"] != "chunk"]
    return {
        "letters": story.postbox.count(),
        "boxes": {address: len(box) for address, box in sorted(story.postbox.letters.items())},
        "warning": shown,
        "inbox": inbox,
        "city": [one["kind"] for one in theatre.city.call("GET", "/v1/log")],
        "embassy": sorted(f"{one['kind']} {one['subject'] if len(one['subject']) < 64 else ''}" for one in known),
        "review": story.results["review"],
    }

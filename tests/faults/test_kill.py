"""The sending node is killed at random points of the story: it ends in the same state, nothing lost, nothing twice."""

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tocsin.demo.run import final_state
from tocsin.demo.story import Story, play, staged
from tocsin.desk.sending import BATCH

SEED = 20240322
ISSUE = "/v1/drafts/DR-1/release"


def run_story(out: Path, strike: Callable[[Story, int, str], None]) -> tuple[Story, dict[str, Any]]:
    holder: list[Story] = []
    with staged(out, lambda _: None, lambda step, name: strike(holder[0], step, name)) as story:
        holder.append(story)
        play(story)
        return story, final_state(story)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[int, str], dict[str, Any]]:
    steps: dict[int, str] = {}
    _, state = run_story(tmp_path_factory.mktemp("calm"), lambda _, step, name: steps.update({step: name}))
    return steps, state


@pytest.mark.timeout(900)
def test_a_killed_sender_ends_in_the_same_state(
    undisturbed: tuple[dict[int, str], dict[str, Any]], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    steps, expected = undisturbed
    kills: int = pytestconfig.getoption("--kills")
    chance = random.Random(SEED)
    # One falls while the e-mail goes out, the others at random moments of other acts and of what they set off.
    issue = max(step for step, name in steps.items() if name == ISSUE)
    planned = {step: chance.uniform(0, 0.12) for step in chance.sample([s for s in steps if s != issue], kills - 1)}
    planned[issue] = 0.0
    mailed = chance.randrange(5, BATCH - 10)
    threads: list[threading.Thread] = []

    def strike(story: Story, step: int, _name: str) -> None:
        if step in planned:
            letters = mailed if step == issue else 0
            thread = threading.Thread(target=_kill_after, args=(story, planned[step], story.postbox.count() + letters))
            thread.start()
            threads.append(thread)

    story, state = run_story(tmp_path, strike)
    for thread in threads:
        thread.join()
    killed = story.theatre.embassy.kills
    copies = story.postbox.second_copies
    print(f"\nkills: {killed} of {kills} (seed {SEED}); second copies on the wire, same Message-ID: {copies}")
    assert killed == kills
    for name, wanted in expected.items():
        assert state[name] == wanted, name
    assert len(state["inbox"]) == 1, "city.example shows the warning more than once"
    assert copies <= killed * BATCH, "more second copies than could have been in flight"


def _kill_after(story: Story, delay: float, letters: int) -> None:
    time.sleep(delay)
    while story.postbox.count() < letters:  # in the middle of a batch: handed over, and not yet written down
        time.sleep(0.0005)
    while not story.theatre.embassy.kill():  # it may be on its way up from the kill before
        time.sleep(0.01)

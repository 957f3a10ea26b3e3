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

SEED = 20240322


def run_story(out: Path, at_each_step: Callable[[Story, int], None] = lambda _story, _step: None) -> tuple[Story, dict[str, Any]]:
    holder: list[Story] = []
    with staged(out, lambda _: None, lambda step: at_each_step(holder[0], step)) as story:
        holder.append(story)
        play(story)
        return story, final_state(story)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any]]:
    story, state = run_story(tmp_path_factory.mktemp("calm"))
    return story.step, state


@pytest.mark.timeout(900)
def test_a_killed_sender_ends_in_the_same_state(
    undisturbed: tuple[int, dict[str, Any]], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    steps, expected = undisturbed
    kills: int = pytestconfig.getoption("--kills")
    chance = random.Random(SEED)
    # One kill at each of so many different acts, at a random moment of the act and of what it sets off.
    planned = {step: chance.uniform(0, 0.12) for step in chance.sample(range(1, steps + 1), kills)}
    threads: list[threading.Thread] = []

    def strike(story: Story, step: int) -> None:
        if step in planned:
            thread = threading.Thread(target=_kill_after, args=(story, planned[step]))
            thread.start()
            threads.append(thread)

    def _kill_after(story: Story, delay: float) -> None:
        time.sleep(delay)
        while not story.theatre.embassy.kill():  # it may be on its way up from the kill before
            time.sleep(0.01)

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
    assert copies <= killed * 50, "more second copies than could have been in flight"

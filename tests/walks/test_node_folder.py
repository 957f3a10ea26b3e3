"""A node is its folder: what lies outside, or can be read by others, is refused before anything is opened."""

import os
from pathlib import Path

import pytest

from tocsin.errors import ConfigError
from tocsin.node import make_node, open_node


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "node"
    make_node(made, {"name": "embassy.example"})
    return made


@pytest.mark.parametrize("part", ["tocsin.toml", "tocsin.db", "keys/node", "keys/seal", "keys/links"])
def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path, part: str) -> None:
    outside = tmp_path / "outside"
    (folder / part).rename(outside)
    (folder / part).symlink_to(outside)
    with pytest.raises(ConfigError, match="is a link out of the node's folder"):
        open_node(folder, {})


@pytest.mark.parametrize("part", [".", "keys", "keys/log", "tocsin.db"])
def test_what_others_can_read_is_refused_with_the_cure(folder: Path, part: str) -> None:
    (folder / part).chmod(0o755 if (folder / part).is_dir() else 0o644)
    with pytest.raises(ConfigError, match="can be read by others") as caught:
        open_node(folder, {})
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("chmod go-rwx")


def test_a_node_is_never_made_over_something(folder: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(ConfigError, match="is not empty"):
        make_node(folder, {"name": "city.example"})
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_refused_name_leaves_nothing_behind(tmp_path: Path) -> None:
    for name in ("", "a b", "../x", "a/b"):
        with pytest.raises(ConfigError):
            make_node(tmp_path / "node", {"name": name})
        assert not os.path.lexists(tmp_path / "node"), f"{name!r} left a folder behind"

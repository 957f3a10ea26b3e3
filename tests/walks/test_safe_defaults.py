"""What a node does if nobody thought about it: it keeps closed, and says which line is wrong (LESSONS L52)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.walks.conftest import PEOPLE, VENUES, staff

from tocsin.desk.people import add_officer
from tocsin.desk.register import import_register
from tocsin.errors import AccessError, ConfigError
from tocsin.node import make_node, open_node
from tocsin.service import check_listen, serve


def _set(folder: Path, text: str) -> None:
    file = folder / "tocsin.toml"
    file.write_text(file.read_text() + text + "\n")


def _pem(folder: Path, mode: int = 0o600) -> str:
    for name in ("cert.pem", "key.pem"):
        (folder / name).write_text("-----BEGIN NOTHING-----\n")
        (folder / name).chmod(mode)
    return f'tls_cert = "{folder}/cert.pem"\ntls_key = "{folder}/key.pem"'


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "every address": (lambda f: _set(f, 'listen = "0.0.0.0:8100"'), r"listen '0\.0\.0\.0:8100' is not loopback"),
    "every address, version 6": (lambda f: _set(f, 'listen = "[::]:8100"'), r"listen '\[::\]:8100' is not loopback"),
    "a public name": (lambda f: _set(f, 'listen = "desk.example:443"'), "is not loopback"),
    "no port": (lambda f: _set(f, 'listen = "127.0.0.1"'), "is not HOST:PORT"),
    "half of TLS": (lambda f: _set(f, 'tls_cert = "cert.pem"'), "only one of tls_cert and tls_key"),
    "TLS without files": (lambda f: _set(f, 'tls_cert = "no"\ntls_key = "no"'), "tls_cert 'no' is not a file"),
    "a TLS key for all to read": (lambda f: _set(f, _pem(f, 0o644)), "tls_key .* can be read by others"),
    "a key for all to read": (lambda f: (f / "keys/node").chmod(0o644), "keys/node can be read by others"),
    "a folder for all to read": (lambda f: f.chmod(0o755), "can be read by others"),
    "a store for all to read": (lambda f: (f / "tocsin.db").chmod(0o640), "tocsin.db can be read by others"),
    "a key of zeros": (lambda f: (f / "keys/links").write_text("00" * 32), "key links is a sample"),
    "a key of a pattern": (
        lambda f: (f / "keys/addresses").write_text("0123456789abcdef" * 4),
        "key addresses is a sample",
    ),
    "a key that is no key": (lambda f: (f / "keys/log").write_text("change me"), "key log cannot be read"),
    "no key": (lambda f: (f / "keys/seal").unlink(), "key seal cannot be read"),
    "an unknown setting": (lambda f: _set(f, "debug = true"), "unknown key 'debug'"),
}


@pytest.mark.parametrize("name", BAD)
def test_serve_refuses_a_bad_set_up_and_names_it(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "desk.example"
    make_node(folder, {"name": "desk.example"})
    spoil, why = BAD[name]
    spoil(folder)
    with pytest.raises(ConfigError, match=why):
        serve(open_node(folder, {}))


def test_loopback_or_tls_is_served(tmp_path: Path) -> None:
    folder = tmp_path / "desk.example"
    make_node(folder, {"name": "desk.example"})
    check_listen(open_node(folder, {}).desk.settings)
    _set(folder, 'listen = "0.0.0.0:443"\n' + _pem(folder))
    check_listen(open_node(folder, {}).desk.settings)


def test_nobody_works_at_a_new_node_and_nobody_gets_in(tmp_path: Path) -> None:
    """There is no built-in name, password or token: the first act is to add an administrator, on the node's own machine."""
    folder = tmp_path / "desk.example"
    make_node(folder, {"name": "desk.example"})
    desk = open_node(folder, {}).desk
    with desk.store.read() as tx:
        assert tx.house.officers() == ()
    with pytest.raises(AccessError):
        import_register(desk, "people", PEOPLE.encode())


def test_no_planted_address_or_name_is_in_the_raw_store_the_log_or_the_settings(tmp_path: Path) -> None:
    folder = tmp_path / "desk.example"
    make_node(folder, {"name": "desk.example"})
    desk = staff(open_node(folder, {}).desk)
    planted = [f"grep-me-{n:04d}@planted.example" for n in range(1000)]
    rows = "".join(f"P{n},en,Europe/Moscow,55.75,37.6,{address}\n" for n, address in enumerate(planted))
    import_register(desk.desk, "people", ("id,language,zone,lat,lon,email\n" + rows).encode())
    import_register(desk.desk, "venues", VENUES.replace("hall1-1@venues.example", "hall@planted.example").encode())
    administrator = desk.node.acting("P-1", "named")
    add_officer(administrator, "planted", ["reporter"], address="staff@planted.example")
    desk.node.store.close()
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert len(raw) > 100_000, "the store was looked at"
    assert re.findall(rb"planted\.example", raw) == []

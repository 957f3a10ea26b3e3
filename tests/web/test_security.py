"""What every answer tells the browser: nothing from elsewhere, nothing kept, nothing framed."""

import base64
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest
from tests.web.server import PASSWORD, House, open_house

from tocsin.desk.house import Role
from tocsin.node import STORE_FILE


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "node") as found:
        found.sign_in(Role.ADMINISTRATOR)
        found.sign_in(Role.OFFICER)
        yield found


def policy(house: House, path: str) -> dict[str, list[str]]:
    parts = house.get(path).headers["content-security-policy"].split("; ")
    return {name: values for name, *values in (part.split() for part in parts)}


def paths(house: House) -> list[str]:
    warning = house.issue()
    return [
        "/sign-in",
        house.add(Role.ANALYST),
        f"/a/{warning}",
        "/a/W-99",
        house.link(warning, "V1-1"),
        "/k/nothing",
        "/now",
        "/healthz",
        "/checkpoint",
        "/v1/warnings",
        "/nowhere",
        "/static/public.css",
    ]


def test_every_answer_carries_the_headers(house: House) -> None:
    for path in paths(house):
        headers = house.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "cache-control" in headers, path


def test_an_error_that_nobody_foresaw_carries_them_and_tells_nothing_of_itself(house: House, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "node" / STORE_FILE)) as store:
        store.execute("DROP TABLE checkpoint")
    got = house.get("/checkpoint")
    assert got.status == 500
    assert got.headers["x-content-type-options"] == "nosniff"
    assert json.loads(got.body)["kind"] == "OperationalError"
    assert "no such table" not in got.text


def test_a_refused_body_carries_them_too(house: House) -> None:
    got = house.ask("POST", "/in/x", b"", {"Content-Length": "999999999999"})
    assert got.status == 413
    assert got.headers["x-content-type-options"] == "nosniff"


def test_no_page_may_run_or_load_anything_that_is_not_ours(house: House) -> None:
    for path in paths(house):
        found = policy(house, path)
        assert found["default-src"] == ["'none'"]
        assert found["script-src"] == ["'self'"]
        assert found["frame-ancestors"] == found["base-uri"] == ["'none'"]
        assert found["form-action"] == found["connect-src"] == ["'self'"]
        assert found["img-src"] == ["'self'", "data:"]
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & set(chain(*found.values()))


def test_only_the_page_behind_a_link_has_a_style_block_and_it_alone_is_allowed(house: House) -> None:
    for path in paths(house):
        blocks = re.findall(r"<style>(.*?)</style>", house.get(path).text, re.DOTALL)
        hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in blocks]
        assert policy(house, path)["style-src"] == ["'self'", *hashes]
        assert bool(blocks) is path.startswith("/k/")


def test_no_page_holds_inline_script_style_or_handlers(house: House) -> None:
    for path in paths(house):
        page = house.get(path).text
        if not page.startswith("<!doctype html>"):
            continue
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path
        assert not re.search(r"\s(style|on[a-z]+)=", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)), path


def test_nothing_of_a_link_or_the_desk_is_kept_or_indexed(house: House) -> None:
    for path in paths(house):
        headers = house.get(path).headers
        if path.startswith(("/k/", "/first/", "/sign-in", "/now")):
            assert headers["cache-control"] == "no-store", path
        if path.startswith(("/k/", "/first/")):
            assert headers["x-robots-tag"] == "noindex", path


def test_a_public_page_may_be_kept_for_seconds_and_found(house: House) -> None:
    headers = house.get(f"/a/{house.issue()}").headers
    assert headers["cache-control"] == "public, max-age=20"
    assert "x-robots-tag" not in headers


def test_behind_http_no_promise_of_https_is_made(house: House) -> None:
    assert "strict-transport-security" not in house.get("/sign-in").headers


def test_behind_https_the_cookie_is_bound_to_the_host_and_https_stays(tmp_path: Path) -> None:
    with open_house(tmp_path / "node", url="https://embassy.example") as house:
        assert house.get("/sign-in").headers["strict-transport-security"] == "max-age=31536000"
        link = house.add(Role.ADMINISTRATOR)
        cookie = house.post(link, {"password": PASSWORD}).headers["set-cookie"]
        assert cookie.startswith("__Host-tocsin=")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert "/sign-in" not in house.get("/now").headers.get("location", "")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    cookie = house.post(house.add(Role.RELEASER), {"password": PASSWORD}).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))

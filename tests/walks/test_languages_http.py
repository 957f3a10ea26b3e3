"""Over HTTP a language is confirmed by the digest of the words that were read, and by no other request."""

import json
from typing import Any

from tests.walks.test_languages import TRANSLATED
from tests.walks.test_quarantine_http import Ask, ask

from tocsin.adapters.clock import SystemClock
from tocsin.core.data import read_data, read_text_data

__all__ = ["ask"]


def post(ask: Ask, path: str, body: object) -> tuple[int, dict[str, Any]]:
    status, answer, _ = ask("POST", path, json.dumps(body).encode(), "application/json")
    return status, json.loads(answer)


def test_the_words_that_were_read_are_confirmed_and_the_preview_says_so(ask: Ask) -> None:
    today = SystemClock().now()
    text = read_text_data("demo", "report.txt").replace("March 7, 2024", f"{today:%B} {today.day}, {today.year}")
    known = json.loads(ask("POST", "/reports", text.encode(), "text/plain")[1])["report"]
    _, found = post(ask, f"/reports/{known}/determination", {"reliability": "B", "credibility": 2})
    order = dict(read_data("demo", "order.json")) | TRANSLATED | {"determination": found["determination"]}
    status, made = post(ask, "/drafts", order | {"because": "no venue is known here"})
    assert status == 200, made
    path = f"/drafts/{made['draft']}/languages"
    words = {one["language"]: one["sha256"] for one in made["languages"]}
    assert post(ask, f"{path}/fr/confirm", {"sha256": words["ru"]})[0] == 409
    assert post(ask, f"{path}/uk/confirm", {"sha256": words["fr"]})[0] == 404
    assert post(ask, f"{path}/fr/confirm", {})[0] == 422
    status, confirmed = post(ask, f"{path}/fr/confirm", {"sha256": words["fr"]})
    assert (status, confirmed["goes_out"]) == (200, True)
    preview = json.loads(ask("GET", f"/drafts/{made['draft']}/preview")[1])
    assert {one["language"]: one["goes_out"] for one in preview["languages"]} == {"fr": True, "ru": False}

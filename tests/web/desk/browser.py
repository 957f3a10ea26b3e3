"""A browser as the tests of the desk have it: it gets pages with a session, takes them apart and follows their links."""

import http.client
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Page:
    """What a browser got."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Browser:
    """Somebody with a session, before one node."""

    port: int
    cookie: str = ""

    def get(self, path: str) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": f"tocsin={self.cookie}"} if self.cookie else {})
        answer = connection.getresponse()
        raw = answer.read().decode("utf-8", "replace")
        connection.close()
        return Page(answer.status, {name.lower(): value for name, value in answer.getheaders()}, raw)

    def text(self, path: str) -> str:
        """The page, which must be there."""
        found = self.get(path)
        assert found.status == 200, f"{path}: {found.status} {found.text[:300]}"
        return found.text


class Reader(HTMLParser):
    """One page taken apart: its tags with their attributes, and the text that a person sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._hidden = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._hidden += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def seen(self) -> str:
        return " ".join(" ".join(self.words).split())

    def links(self) -> list[str]:
        """Pages of this node that are linked, each once; files to keep are no pages."""
        found = [attrs["href"] for tag, attrs in self.tags if tag == "a" and attrs["href"].startswith("/")]
        ends = ("/bundle", "/account", "/checkpoint")
        pages = (one.split("#")[0] for one in found)
        return [one for one in dict.fromkeys(pages) if not one.split("?")[0].endswith(ends)]


def crawl(browser: Browser, start: str = "/more") -> dict[str, str]:
    """Every page that can be reached from there; each must be there."""
    found: dict[str, str] = {}
    ahead = [start]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found[path] = browser.text(path)
            ahead += Reader(found[path]).links()
    return found

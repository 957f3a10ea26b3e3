"""The checks of a page see what they look for: a page that has every fault is told each of them."""

import pytest
from tests.browser.conftest import Windows
from tests.web.server import open_house

FAULTS = """<!doctype html><html><head></head><body>
<img src="http://localhost:9/beacon.gif"><div style="width:900px">wide</div>
<p style="color:#aaa;background:#fff">faint</p><script>console.error("broken"); nothing.at.all</script></body></html>"""


@pytest.mark.parametrize(
    "fault",
    [
        "too wide",
        "image-alt",
        "html-has-lang",
        "color-contrast",
        "request to another host",
        "console: broken",
        "script:",
    ],
)
def test_a_fault_of_this_kind_is_told(windows: Windows, fault: str) -> None:
    visitor = windows.open("http://127.0.0.1:9")
    visitor.page.set_content(FAULTS)
    with pytest.raises(AssertionError, match=fault):
        visitor.check("faulty")


def test_the_policy_in_force_refuses_a_script_that_somebody_smuggled_in(
    tmp_path_factory: pytest.TempPathFactory, windows: Windows
) -> None:
    with open_house(tmp_path_factory.mktemp("policy") / "node") as house:
        visitor = windows.open(house.url)
        visitor.open("/sign-in")
        visitor.page.evaluate(
            """() => { const made = document.createElement('script'); made.textContent = 'window.ran = 1';
            document.body.append(made); document.body.setAttribute('style', 'width: 9000px'); }"""
        )
        assert visitor.page.evaluate("window.ran") is None
        assert any("Content Security Policy" in one for one in visitor.complaints)
        with pytest.raises(AssertionError, match="Content Security Policy"):
            visitor.check("smuggled")

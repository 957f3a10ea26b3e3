"""Renders the pages that need no sign-in: one small sheet, no script, no frame of the desk around them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from tocsin.config import Settings
from tocsin.core.language import FALLBACK
from tocsin.web.security import write_policy
from tocsin.web.tongue import Tongue, direction_of, tongue_of

NOT_INDEXED = {"X-Robots-Tag": "noindex"}


def render_leaf(
    template: str,
    settings: Settings,
    *,
    status: int = 200,
    language: str = FALLBACK,
    headers: Mapping[str, str] = NOT_INDEXED,
    style: str = "",
    **values: Any,
) -> HTMLResponse:
    """The page, its own words in `language` if we have them, the texts of a warning marked as being in `language`.

    On a practice node the exercise frames every page. `style` is the sheet where the page carries it itself.
    """
    page = _environment().get_template(template)
    text = page.render(
        t=tongue_of(language),
        text_language=language,
        text_direction=direction_of(language),
        sender=settings.sender_name or settings.name,
        exercise=settings.exercise if settings.practice else "",
        style=style,
        **values,
    )
    return HTMLResponse(text, status, headers=dict(headers))


def render_letter(
    template: str, settings: Settings, *, status: int = 200, language: str = FALLBACK, **values: Any
) -> HTMLResponse:
    """The same as one file: the sheet stands inside, allowed by its hash, so that a poor network has one thing to bring."""
    sheet = _sheet()
    made = render_leaf(template, settings, status=status, language=language, style=sheet, **values)
    made.headers["Content-Security-Policy"] = write_policy([sheet])
    return made


def tell(tongue: Tongue, facts: Mapping[str, Any]) -> dict[str, str]:
    """The times of a warning as its readers tell them; one of them names the zone that all are in.

    `onset` is the time of issue for a warning that begins at once.
    """
    zone = facts["zone"]
    return {
        "issued": tongue.tell(facts["issued"], zone),
        "onset": tongue.tell(facts["onset"] or facts["issued"], zone),
        "expires": f"{tongue.tell(facts['expires'], zone)} ({zone})",
        "watch_until": tongue.tell(facts["watch_until"], zone),
    }


@cache
def _sheet() -> str:
    return files("tocsin.web").joinpath("static", "public.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tocsin.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

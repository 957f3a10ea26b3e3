"""Turns a template and what a desk function gave into a page: escaped, with times in the desk's zone and in UTC."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from tocsin.core.window import write_instant, zone_of
from tocsin.desk.ports import Desk
from tocsin.desk.show_frame import show_frame
from tocsin.evidence.receipt import Grade
from tocsin.web import words


def render(template: str, desk: Desk, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page, with its frame for whoever is at the desk."""
    text = _environment().get_template(template).render(frame=show_frame(desk), **values)
    return HTMLResponse(text, status)


def write_span(span: timedelta) -> str:
    """Two units at most, for people; never less than a minute, for pages show no seconds.

    >>> write_span(timedelta(hours=39, minutes=48, seconds=12)), write_span(timedelta(days=14))
    ('39 h 48 min', '14 d')
    """
    minutes = int(abs(span).total_seconds()) // 60
    if minutes < 1:
        return "less than 1 min"
    if minutes >= 48 * 60:
        days, hours = divmod(minutes // 60, 24)
        return f"{days} d {hours} h" if hours else f"{days} d"
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def write_share(at: datetime, start: datetime, end: datetime) -> float:
    """How much of the span from `start` to `end` has passed at that instant, 0 to 1."""
    return min(max((at - start) / (end - start), 0.0), 1.0)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tocsin.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_FILTERS)
    environment.globals["grades"] = tuple(Grade)
    return environment


@pass_context
def _local(context: Context, at: datetime) -> str:
    """Day and minute in the desk's zone."""
    local = at.astimezone(zone_of(context["frame"].zone))
    return f"{local.day} {local:%b %Y, %H:%M}"


@pass_context
def _utc_beside(context: Context, at: datetime) -> str:
    """The same minute in UTC, with its day where that is another one."""
    day = "" if at.astimezone(zone_of(context["frame"].zone)).date() == at.date() else f"{at.day} {at:%b} "
    return f"{day}{at:%H:%M}Z"


@pass_context
def _local_day(context: Context, at: datetime) -> str:
    local = at.astimezone(zone_of(context["frame"].zone))
    return f"{local:%A} {local.day} {local:%B %Y}"


@pass_context
def _local_clock(context: Context, at: datetime) -> str:
    return f"{at.astimezone(zone_of(context['frame'].zone)):%H:%M:%S}"


@pass_context
def _zone_name(context: Context, at: datetime) -> str:
    return at.astimezone(zone_of(context["frame"].zone)).tzname() or ""


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "utc": write_instant,
    "utc_beside": _utc_beside,
    "local": _local,
    "local_day": _local_day,
    "local_clock": _local_clock,
    "zone_name": _zone_name,
    "span": write_span,
    "share": write_share,
    "count": words.write_count,
    "plain": words.write_plain,
    "fingerprint": words.write_fingerprint,
    "number": lambda value: f"{value:,}",
}

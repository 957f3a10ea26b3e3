"""The time of an account as inline SVG: issue, window and incident on one scale; nothing fetched."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape

from tocsin.core.window import zone_of

WIDTH, HEIGHT = 1080, 170
_LEFT, _RIGHT, _TOP, _BAR = 16, 1050, 56, 28
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_STEPS = (_HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY, 365 * _DAY)


def draw_strip(*, issued: datetime, window_end: datetime, incident: datetime, zone: str) -> str:
    """An SVG whose title says the same; filled bar: the window, dashed bar: from its end to the incident, diamond: the incident.

    The scale has at most 24 marks, each at the start of an hour, six hours, a day, a week, 30 or 365 days in `zone`.
    """
    first, last = min(issued, incident), max(window_end, incident)
    span = max(last - first, timedelta(minutes=1))

    def x(at: datetime) -> float:
        return round(_LEFT + (at - first) / span * (_RIGHT - _LEFT), 1)

    shapes = _scale(first, last, zone, x)
    if incident > window_end:
        shapes.append(_bar(x(window_end), x(incident), "strip-after"))
    shapes.append(_bar(x(issued), x(window_end), "strip-window"))
    if x(window_end) - x(issued) > 80:
        middle = (x(issued) + x(window_end)) / 2
        shapes.append(f'<text x="{middle:.1f}" y="{_TOP + 19}" text-anchor="middle">window</text>')
    shapes.append(f'<path d="M{x(issued)} {_TOP - 12}v{_BAR + 24}" class="strip-mark"/>')
    here = x(incident)
    shapes.append(f'<path d="M{here} {_TOP + 1}l13 13l-13 13l-13-13z" class="strip-incident"/>')
    said, came = f"issued {_local(issued, zone)}", f"incident {_local(incident, zone)}"
    shapes += _labels(x(issued), here, said, came)
    title = escape(f"{said}; window until {_local(window_end, zone)}; {came}; times of {zone}")
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" class="strip"><title>{title}</title>{"".join(shapes)}</svg>'


def _scale(first: datetime, last: datetime, zone: str, x: Callable[[datetime], float]) -> list[str]:
    step = next((one for one in _STEPS if (last - first) / one <= 24), _STEPS[-1])
    local = first.astimezone(zone_of(zone)).replace(minute=0, second=0, microsecond=0)
    at = local if step < _DAY else local.replace(hour=0)
    shapes, shown = [], 0
    every = max(1, round((last - first) / step / 12)) if step > _DAY else 1
    while at <= last:
        if at >= first:
            shapes.append(f'<path d="M{x(at)} {_TOP - 6}v{_BAR + 30}" class="strip-grid"/>')
            if shown % every == 0:
                words = f"{at:%H:%M}" if step < _DAY else f"{at.day}" if step == _DAY else f"{at.day} {at:%b %y}"
                shapes.append(f'<text x="{x(at)}" y="{_TOP + _BAR + 42}" text-anchor="middle">{words}</text>')
            shown += 1
        at += step
    month = first.astimezone(zone_of(zone)).strftime("%B %Y")
    shapes.append(f'<text x="{_LEFT}" y="{HEIGHT - 10}" class="soft">from {month}, {escape(zone)}</text>')
    return shapes


def _labels(issued: float, incident: float, said: str, came: str) -> list[str]:
    """Both words above the bar; one below the other where they would run into each other."""
    low = 18 if abs(incident - issued) > 420 else 36
    return [
        f'<text x="{max(issued, 8)}" y="{low}" class="pic-strong">{escape(said)}</text>',
        f'<text x="{min(incident + 40, WIDTH - 8)}" y="18" text-anchor="end" class="pic-strong">{escape(came)}</text>',
    ]


def _bar(start: float, end: float, name: str) -> str:
    return f'<rect x="{start}" y="{_TOP}" width="{max(end - start, 2):.1f}" height="{_BAR}" class="{name}"/>'


def _local(at: datetime, zone: str) -> str:
    local = at.astimezone(zone_of(zone))
    return f"{local.day} {local:%b %H:%M}"

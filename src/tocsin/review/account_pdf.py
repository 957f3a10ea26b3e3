"""Prints an account as PDF: the same lines as the HTML, set by typst with its own fonts, the same bytes every time."""

import json
import unicodedata
from itertools import groupby
from typing import Any

from tocsin.core.data import read_text_data
from tocsin.review.sheet import Line, Look, Section, Sheet, texts_of

_SIGNS = {Look.PROVED: "✓", Look.NOT_PROVED: "✗"}
_BROUGHT = ("LATIN", "GREEK", "CYRILLIC", "MODIFIER")
"""Scripts of Libertinus Serif, which typst brings along; DejaVu Sans Mono stands in for signs."""
NOTO = (
    "Arabic",
    "Armenian",
    "Bengali",
    "Devanagari",
    "Ethiopic",
    "Georgian",
    "Gujarati",
    "Gurmukhi",
    "Hebrew",
    "Kannada",
    "Khmer",
    "Lao",
    "Malayalam",
    "Myanmar",
    "Oriya",
    "Sinhala",
    "Tamil",
    "Telugu",
    "Thai",
)
"""Scripts that the package manimgx_fonts has as Noto Sans. Chinese, Japanese and Korean would be 20 MB more."""
_SCRIPTS = (*_BROUGHT, *map(str.upper, NOTO))
_STYLE = (
    "<style>text{font:15px 'Libertinus Serif';fill:#15191e}.pic-strong{font-weight:700}.soft{fill:#474f58}"
    ".map-area{fill:url(#hatch);stroke:#0a4d86;stroke-width:2}.map-hatch{stroke:#0a4d86;stroke-width:1;opacity:.55}"
    ".map-near{fill:none;stroke:#33393f;stroke-width:1.2;stroke-dasharray:5 5}.map-incident{fill:#33393f}"
    ".map-scale{fill:none;stroke:#33393f;stroke-width:2}.strip-grid{stroke:#d3d7d4}"
    ".strip-window{fill:#e7f0f8;stroke:#0a4d86;stroke-width:2}"
    ".strip-after{fill:none;stroke:#0a4d86;stroke-width:2;stroke-dasharray:5 4}"
    ".strip-mark{stroke:#15191e;stroke-width:3}.strip-incident{fill:#15191e}</style>"
)
"""A picture in a PDF knows no style sheet but its own; the colours are those of account.css on paper."""


def write_pdf(sheet: Sheet) -> bytes:
    """The whole file. No font of the machine is used and no date is in it: the same account is the same bytes anywhere.

    The words go in as data and are never read as markup. Where letters stand that no font here has, such as Chinese ones, the
    PDF says how many and that the HTML shows them, and its head says so too.
    """
    import typst  # 35 MB, for this alone

    noto = _noto_for(sheet)
    found: bytes = typst.compile(
        read_text_data("review", "account.typ").encode(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=_folders_of(noto)),
        sys_inputs={"account": json.dumps(_replaced(_plain(sheet, noto)), ensure_ascii=False)},
        timestamp=0,
    )
    return found


def _noto_for(sheet: Sheet) -> list[str]:
    """The families for the scripts that occur: each one more that typst looks through costs time for every word."""
    letters = {char for text in texts_of(sheet) for char in text if not char.isascii()}
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in letters}
    return [f"Noto Sans {one}" for one in NOTO if one.upper() in scripts]


def _folders_of(noto: list[str]) -> list[str]:
    if not noto:
        return []
    from importlib.resources import files  # for these letters alone

    return [str(files("manimgx_fonts"))]


def _plain(sheet: Sheet, noto: list[str]) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "name": sheet.name,
        "made": sheet.made,
        "exercise": sheet.exercise,
        "reader": f"{sheet.for_whom}{_say_missing(sheet)}",
        "sections": [_section(one) for one in sheet.sections],
        "fonts": ["Libertinus Serif", *noto, "DejaVu Sans Mono"],
    }


def _say_missing(sheet: Sheet) -> str:
    missing = sum(_lacks(char) for text in texts_of(sheet) if not text.isascii() for char in text)
    return f" Letters that have no shape in this file: {missing}. The HTML shows them." if missing else ""


def _lacks(char: str) -> bool:
    return not char.isascii() and char.isalpha() and not unicodedata.name(char, "").startswith(_SCRIPTS)


def _replaced(value: Any) -> Any:
    """The same with words in the place of each run of letters that no font has: an empty box would not even say how long a name is."""
    if isinstance(value, dict):
        return {key: _replaced(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one) for one in value]
    if not isinstance(value, str) or value.isascii() or not any(map(_lacks, value)):
        return value
    runs = ((lacking, "".join(run)) for lacking, run in groupby(value, _lacks))
    return "".join(f"[{_letters(len(run))}, in the HTML]" if lacking else run for lacking, run in runs)


def _letters(count: int) -> str:
    return f"{count} letter{'' if count == 1 else 's'}"


def _section(one: Section) -> dict[str, Any]:
    svg = one.picture.svg if one.picture else ""
    # Without these a program that knows no HTML does not take it for a picture.
    svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        "</title>", "</title>" + _STYLE, 1
    )
    return {
        "title": one.title,
        "note": one.note,
        "foot": one.foot,
        "timeline": one.look is Look.TIMELINE,
        "mark": _SIGNS.get(one.look, ""),
        "picture": svg,
        "alt": one.picture.title if one.picture else "",
        "wide": one.wide,
        "lines": [_line(one.look, line) for line in one.lines],
    }


def _line(look: Look, line: Line) -> dict[str, Any]:
    return {
        "label": line.label,
        "text": line.text,
        "quote": line.quote,
        "note": line.note,
        "when": line.when,
        "logged": line.logged,
        "grade": line.grade.value if line.grade else "",
        "means": line.grade.sentence if line.grade else "",
        "mark": line.mark.value,
        "timed": look is Look.TIMELINE,
    }

"""Prints an account as PDF: the same lines as the HTML, set by typst with its own fonts, the same bytes every time."""

import json
import unicodedata
from typing import Any

from tocsin.core.data import read_text_data
from tocsin.review.sheet import Line, Look, Section, Sheet, texts_of

_SIGNS = {Look.PROVED: "✓", Look.NOT_PROVED: "✗"}
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "MODIFIER")
"""Those of Libertinus Serif, which typst brings along; DejaVu Sans Mono stands in for signs."""
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

    The words go in as data and are never read as markup. Letters that the fonts lack, such as Arabic ones, have no shape
    in the PDF: then its head says so.
    """
    import typst  # 35 MB, for this alone

    found: bytes = typst.compile(
        read_text_data("review", "account.typ").encode(),
        ignore_system_fonts=True,
        sys_inputs={"account": json.dumps(_plain(sheet), ensure_ascii=False)},
        timestamp=0,
    )
    return found


def _plain(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "name": sheet.name,
        "made": sheet.made,
        "exercise": sheet.exercise,
        "reader": f"{sheet.for_whom}{_say_missing(sheet)}",
        "sections": [_section(one) for one in sheet.sections],
    }


def _say_missing(sheet: Sheet) -> str:
    letters = (char for text in texts_of(sheet) for char in text if not char.isascii() and char.isalpha())
    missing = sum(not unicodedata.name(char, "").startswith(_SCRIPTS) for char in letters)
    return f" Letters that have no shape in this file: {missing}. The HTML shows them." if missing else ""


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

"""Prints an account as one HTML file that opens offline: no script, no request; works on a phone, on paper, without colour."""

from collections.abc import Iterator
from html import escape

from tocsin.core.data import read_text_data
from tocsin.evidence.receipt import Grade
from tocsin.review.sheet import Line, Look, Mark, Section, Sheet

_GRADES = tuple(Grade)
_LISTS = {
    Look.TIMELINE: ("ol", "timeline"),
    Look.PROVED: ("ul", "proofs yes"),
    Look.NOT_PROVED: ("ul", "proofs no"),
    Look.POINTS: ("ul", "short"),
    Look.CLAIMS: ("ol", "claims"),
    Look.FACETS: ("div", "facets"),
    Look.WORDS: ("div", "said"),
    Look.PICTURE: ("div", "figures"),
}
_SIGNS = {Look.PROVED: "✓", Look.NOT_PROVED: "–"}
_CLASSES = {
    Mark.SIGNED: "t-signed",
    Mark.INCIDENT: "t-event",
    Mark.CLAIM: "t-claim",
    Mark.SILENCE: "t-silence",
    Mark.DAY: "day",
    Mark.DIFFERS: "differs",
}


def write_html(sheet: Sheet) -> str:
    """The whole file, UTF-8. Every word comes from the account; only headings of the file itself are added."""
    exercise = escape(sheet.exercise)
    head = read_text_data("review", "account_head.html")
    band = (
        f'<header class="band"><b>EXERCISE</b> <span><bdi>{exercise}</bdi>. Made on practice nodes with a rehearsal clock.'
        "</span></header>"
        if exercise
        else ""
    )
    return "".join(
        (
            # Words from outside come last: nothing is replaced in them.
            head.replace("{paper}", _PAPER if exercise else "")
            .replace("{css}", read_text_data("review", "account.css"))
            .replace("{title}", escape(f"{'EXERCISE: ' if exercise else ''}{sheet.name}")),
            '<body class="exercise">' if exercise else "<body>",
            read_text_data("review", "account_shapes.svg"),
            band,
            f'<main class="page"><div class="head"><h1>{escape(sheet.title)}</h1>',
            f'<p class="soft"><bdi>{escape(sheet.name)}</bdi> {escape(sheet.made)}</p>',
            f"<p>{escape(sheet.for_whom)}</p></div>\n",
            '<div class="sections">',
            *(_section(one) for one in sheet.sections),
            "</div></main>\n</body>\n</html>\n",
        )
    )


_PAPER = (
    '@page { @top-center { content: "EXERCISE"; font-weight: 700; } @bottom-center { content: "EXERCISE"; '
    "font-weight: 700; } }"
)


def _section(one: Section) -> str:
    tag, name = _LISTS[one.look]
    lines = "".join(_line(one.look, line) for line in one.lines)
    picture = ""
    if one.picture:
        name_of_picture = escape(f"{one.title}, scrolls sideways")
        picture = (
            f'<figure class="wide" tabindex="0" role="group" aria-label="{name_of_picture}">{one.picture.svg}</figure>'
        )
    note = f'<span class="small soft">{escape(one.note)}</span>' if one.note else ""
    name_of_box = "box wide-box" if one.wide else "box"
    return (
        f'<section class="{name_of_box}"><header><h2>{escape(one.title)}</h2>{note}</header>'
        f'<div class="box-body">{picture}<{tag} class="{name}">{lines}</{tag}></div>'
        + (f'<p class="box-foot">{escape(one.foot)}</p>' if one.foot else "")
        + "</section>\n"
    )


def _line(look: Look, line: Line) -> str:
    if look is Look.TIMELINE:
        return _timeline(line)
    if look is Look.FACETS:
        return f'<div class="facet"><b>{escape(line.label)}</b><p>{_shape(line)}{_words(line, label=False)}</p></div>'
    if look in {Look.WORDS, Look.PICTURE}:
        return f"<p>{_words(line)}</p>"
    sign = f'<span class="sign" aria-hidden="true">{_SIGNS[look]}</span>' if look in _SIGNS else ""
    name = f' class="{_CLASSES[line.mark]}"' if line.mark in _CLASSES else ""
    return f"<li{name}>{sign}<span>{_words(line)}</span></li>"


def _shape(line: Line) -> str:
    if not line.shape:
        return ""
    return (
        f'<span class="verdict"><svg viewBox="0 0 16 16" aria-hidden="true"><use href="#v-{line.shape}"/></svg></span>'
    )


def _timeline(line: Line) -> str:
    name = f' class="{_CLASSES[line.mark]}"' if line.mark in _CLASSES else ""
    if line.mark is Mark.DAY:
        return f"<li{name}>{escape(line.text)}</li>"
    when = ""
    if line.instant:
        when = (
            f'<time datetime="{line.instant}">{line.when}</time><br><span class="small soft">{line.instant[11:]}</span>'
        )
    elif line.when:
        when = f'<span class="small soft">{escape(line.when)}</span>'
    return f"<li{name}><span>{when}</span><span>{_words(line, when=False)}</span></li>\n"


def _words(line: Line, *, label: bool = True, when: bool = True) -> str:
    return " ".join(filter(None, _parts(line, label=label, when=when)))


def _parts(line: Line, *, label: bool, when: bool) -> Iterator[str]:
    if label and line.label:
        yield f"<b>{escape(line.label)}</b>"
    if line.text:
        yield f"<bdi>{escape(line.text)}</bdi>"
    if line.quote:
        yield f'<q dir="auto">“{escape(line.quote).replace(chr(10), "<br>")}”</q>'
    if when and line.when:
        yield f"<span>({escape(line.when)})</span>"
    if line.logged:
        yield f"<span>({escape(line.logged)})</span>"
    if line.grade is not None:
        yield _grade(line.grade)
    if line.note:
        yield f'<span class="note small soft">{escape(line.note)}</span>'


def _grade(grade: Grade) -> str:
    reached = _GRADES.index(grade)
    rungs = '<i class="on"></i>' * reached + "<i></i>" * (len(_GRADES) - 1 - reached)
    return (
        f'<span class="grade"><b>{grade.value}</b><span class="rungs" aria-hidden="true">{rungs}</span>'
        f"{escape(grade.sentence)}</span>"
    )

"""Whether a text holds markup: what HTML would make of it is shown or spoken as it stands."""

import re
from html.entities import html5

_ALWAYS = (
    "a abbr acronym b basefont bdi bdo big blockquote body br colgroup dd del dfn div dl dt em fieldset figcaption font "
    "frameset h1 h2 h3 h4 h5 h6 hgroup hr html i iframe img input ins kbd li marquee meta nav noscript ol optgroup p pre q rp "
    "rt ruby s samp script span strike strong style sub sup svg tbody td textarea tfoot th thead tr tt u ul var wbr"
)
_ALSO_WORDS = (
    "address applet area article aside audio base blink button canvas caption center cite code col data datalist details "
    "dialog dir embed figure footer form frame head header label legend link main map mark menu meter object option output "
    "param picture progress section select small source summary table template time title track video"
)
"""What may as well be a heading that somebody put in brackets, <Area>; what closes it, or an attribute, can not."""
_MARKUP = re.compile(
    rf"""
    < (?: (?:{"|".join(_ALWAYS.split())}) \s*/?> | /(?:{"|".join((_ALWAYS + " " + _ALSO_WORDS).split())})\s*>
      | (?:{"|".join((_ALWAYS + " " + _ALSO_WORDS).split())}) (?:\s[^<>=]*=[^<>]*|\s*/) >
      | (?-i:/?[a-z][a-z0-9]{{0,4}}:[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>)
      | !--|!\[?[a-z][^<>]*> )
    | & (?: ([a-z][a-z0-9]{{1,31}};) | \#[0-9]{{1,7}}; | \#x[0-9a-f]{{1,6}}; )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def find_markup(text: str) -> str | None:
    """The first tag, comment or character reference of HTML in it, as it stands; None if there is none (CAP 1.2 section 3.3.3).

    >>> find_markup("stay &#233; <b>home</b>"), find_markup("<Areas affected> R&D; if a <b and c> d")
    ('&#233;', None)
    """
    if "<" not in text and "&" not in text:
        return None
    return next((one[0] for one in _MARKUP.finditer(text) if one[1] is None or one[1] in html5), None)

"""The references that a text of XML may hold without a DOCTYPE: five by name, and those by number."""

import re

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7}+)|#x([0-9A-Fa-f]{1,6}+));")


def are_known(text: str) -> bool:
    """Whether each & in it begins such a reference, to a character that XML allows."""
    found = _REFERENCE.findall(text)
    return len(found) == text.count("&") and all(named or _is_allowed(_number(ten, hex_)) for named, ten, hex_ in found)


def unescape(text: str) -> str:
    """The text that is meant; its references are known to be good.

    >>> unescape("a &lt;b&gt; &#233;")
    'a <b> é'
    """
    return _REFERENCE.sub(_meant, text) if "&" in text else text


def _meant(found: re.Match[str]) -> str:
    return _NAMED[found[1]] if found[1] else chr(_number(found[2], found[3]))


def _number(ten: str | None, hexadecimal: str | None) -> int:
    return int(ten) if ten else int(hexadecimal or "0", 16)


def _is_allowed(number: int) -> bool:
    """XML 1.0, production 2: no control characters, no surrogates, neither FFFE nor FFFF."""
    return (
        number in {0x9, 0xA, 0xD}
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    )

"""Whether a link says by itself where it leads: CAP wants a full, absolute URI."""

import re

_USUAL = re.compile(r"https?://[A-Za-z0-9.-]++(?:[/?#][!-\[\]-~]*+)?+")
"""Of ASCII, and without a port: most are, and it is told at one go."""
_LINK = re.compile(r"([A-Za-z][A-Za-z0-9+-]+):([^\s\\]+)")
"""A scheme of one letter would be a drive, one with a dot a host before its port."""
_HOSTED = re.compile(r"//(?:[^/?#@]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#@:\[\]]+)(?::[0-9]*)?(?:[/?#].*)?")
_NEED_A_HOST = frozenset({"http", "https", "ftp"})


def is_absolute(uri: str) -> bool:
    """Whether a URI has a scheme and, where that needs one, a host (RFC 3986 section 3; CAP 1.2 section 3.2.2).

    >>> is_absolute("https://met.example/w?a=1"), is_absolute("www.met.example:8080/w"), is_absolute("https:///w")
    (True, False, False)
    """
    if _USUAL.fullmatch(uri):
        return True
    found = _LINK.fullmatch(uri)
    if found is None:
        return False
    return found[1].lower() not in _NEED_A_HOST or _HOSTED.fullmatch(found[2]) is not None

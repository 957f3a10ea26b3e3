"""What a verb of saying means by the words around it: one verb is several with "in", "on" or "responsibility" behind it."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from tocsin.intake.parties import words
from tocsin.intake.quoting import Token, low_at

NEAR = 10
"""Tokens between a verb and what hangs on it: its addressee, the notice that is put out."""


class Frame(StrEnum):
    """What hangs on the verb.

    Words (say), somebody who is told them (tell) or called to account (to), a matter (about), something passed on
    (share), a notice put out (issue), hearers only (address), nothing (silent).
    """

    SAY = "say"
    TELL = "tell"
    TO = "to"
    ABOUT = "about"
    SHARE = "share"
    ISSUE = "issue"
    ADDRESS = "address"
    SILENT = "silent"


@cache
def _frames() -> dict[str, Frame]:
    return {word: frame for frame in Frame for word in words(f"verbs.{frame.value}")}


_BY_NEXT: dict[str, dict[str, Frame]] = {
    "knew": dict.fromkeys(("of", "no", "nothing", "that"), Frame.SAY),
    "called": {"in": Frame.TO, "on": Frame.TELL, "for": Frame.SAY},
    "spoke": {"to": Frame.ADDRESS, "with": Frame.ADDRESS},
    "ruled": {"out": Frame.ABOUT},
    "played": {"down": Frame.ABOUT},
    "put": {"out": Frame.ISSUE, "up": Frame.ISSUE},
}
"""What a verb means by the word behind it."""
_ONLY_SO = frozenset({"knew", "ruled", "played", "put"})


def frame_of(tokens: Sequence[Token], at: int) -> Frame | None:
    """None where the verb says nothing here: "knew him", "sent troops", "responded quickly"."""
    verb, after = tokens[at].low, low_at(tokens, at + 1)
    frame = _frames().get(verb)
    if frame is Frame.SILENT:
        return _silent(tokens, at)
    if verb in _BY_NEXT:
        frame = _BY_NEXT[verb].get(after, None if verb in _ONLY_SO else frame)
    if verb == "called" and {low_at(tokens, at - 2), low_at(tokens, at - 1)} & {"what", "so"}:
        return None
    if frame in {Frame.ISSUE, Frame.SHARE} and verb != "communicated" and not _has_notice(tokens, at):
        return None
    return frame


def _silent(tokens: Sequence[Token], at: int) -> Frame | None:
    """Who declines to comment says so; who "comments that" says something."""
    if tokens[at].low in {"declined", "refused"}:
        return Frame.SILENT if low_at(tokens, at + 1) == "to" else None
    if {low_at(tokens, one) for one in range(at - 6, at)} & {"not", "never", "neither", "nobody", "yet"}:
        return Frame.SILENT
    return Frame.SAY if low_at(tokens, at + 1) == "that" else None


def _has_notice(tokens: Sequence[Token], at: int) -> bool:
    return any(
        one.low in words("documents_sent") for one in (*tokens[max(0, at - 6) : at], *tokens[at + 1 : at + 1 + NEAR])
    )

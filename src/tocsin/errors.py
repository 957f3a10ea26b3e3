"""Every error raised on purpose.

TocsinError
├── ConfigError        the node's folder or settings are unusable
├── InputError         what came in cannot be read; it is kept, nothing else happens
├── NotFoundError      nothing of that name is stored here
├── StateError         the act does not fit the state the thing is in
├── ClockError         the clock reads earlier than the last act in the log
├── VerificationError  a signature or a proof does not hold; names the step
├── PolicyError        refused: nothing stored, nothing sent
│   ├── LeakError      a version holds words that are held back from its readers
│   ├── WaiverError    a waiver without a ground, a text or the evidence it demands
│   └── AccessError    the caller may not do this
│       └── SignInError  nobody knows who the caller is
└── DeliveryError      one attempt to hand something over failed
"""

from collections.abc import Iterable
from typing import ClassVar


class TocsinError(Exception):
    """Base of all. `str(error)` is one lower-case sentence; `hint` says what to do next, or is None."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class ConfigError(TocsinError):
    """The node's folder or settings are unusable."""


class InputError(TocsinError):
    """What came in cannot be read: says what was found and what was expected."""


class NotFoundError(TocsinError):
    """Nothing of that name is stored here."""


class StateError(TocsinError):
    """The act does not fit the state the thing is in."""


class ClockError(TocsinError):
    """The clock reads earlier than the last act in the log."""


class VerificationError(TocsinError):
    """A signature or a proof does not hold.

    `step` names the check in the words of `tocsin bundle verify`; `found` and `expected` are short texts.
    """

    def __init__(self, step: str, *, found: str, expected: str, hint: str | None = None) -> None:
        super().__init__(f"{step}: found {found}, expected {expected}", hint=hint)
        self.step = step
        self.found = found
        self.expected = expected


class PolicyError(TocsinError):
    """Refused: nothing stored, nothing sent."""


class LeakError(PolicyError):
    """A version holds words that are held back from its readers."""


class WaiverError(PolicyError):
    """A waiver without a ground, a text or the evidence it demands."""


class AccessError(PolicyError):
    """The caller may not do this."""


class SignInError(AccessError):
    """Nobody knows who the caller is: no credential, or one that opens nothing."""


class DeliveryError(TocsinError):
    """One attempt to hand something over failed. `final` says that a new attempt would fail the same way."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, final: bool = False, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.final = final


def nearest(found: str, known: Iterable[str], *, alike: float = 0.6) -> str | None:
    """The known word that somebody meant who wrote another; None if none is like it (`alike` from 0, anything, to 1, the same)."""
    from difflib import get_close_matches  # for errors alone

    return next(iter(get_close_matches(found, list(known), n=1, cutoff=alike)), None)


def did_you_mean(found: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """The hint of an error about an unknown word; `otherwise` if no known one is like it.

    >>> did_you_mean("horizn", ["zone", "horizon"])
    "did you mean 'horizon'?"
    """
    near = nearest(found, known)
    return otherwise if near is None else f"did you mean {near!r}?"

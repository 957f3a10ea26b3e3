"""What a rule of the lint is: what it asks, how bad it is if not, which words it needs, and the check itself."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from tocsin.compose.lint.finding import Finding, Level, Said
from tocsin.compose.lint.words import Span, is_reviewed, languages_of

NOWHERE: Span = (0, 0)


class Fault(Struct, frozen=True):
    """What a check found, where, and how to mend it; `level` only where it differs from the rule's."""

    found: str
    hint: str
    span: Span = NOWHERE
    level: Level | None = None


Check = Callable[[Said, str], Iterator[Fault]]
"""The text with its facts, and the primary subtag of its language."""


class Rule(Struct, frozen=True, kw_only=True):
    """One rule. `words` names the lists that it cannot do without; `on` says whether it reads warnings, endings or both.

    `instead` is what is done about an error that no pass lets through; empty if a pass does.
    """

    id: str
    level: Level
    asks: str
    check: Check
    words: tuple[str, ...] = ()
    on: tuple[bool, ...] = (False,)
    instead: str = ""

    @property
    def languages(self) -> tuple[str, ...] | None:
        """The languages that it speaks; None if it needs no words of any."""
        if not self.words:
            return None
        first, *others = (languages_of(one) for one in self.words)
        return tuple(one for one in first if all(one in other for other in others))

    def findings(self, said: Said) -> Iterator[Finding]:
        """What it says of this text; in a language that it does not speak one advice, that nothing was checked."""
        if said.ending not in self.on:
            return
        language = said.language.split("-")[0].lower()
        if self.languages is not None and language not in self.languages:
            yield Finding(
                rule=self.id,
                level=Level.ADVICE,
                span=NOWHERE,
                found=f"not checked in {language}",
                hint="have somebody who reads it check: " + self.asks,
            )
            return
        unsure = bool(self.words) and not is_reviewed(language)
        for fault in self.check(said, language):
            level = fault.level or self.level
            if unsure and level is Level.ERROR:
                level = Level.WARNING  # a list that nobody reviewed must not hold a warning back
            yield Finding(rule=self.id, level=level, span=fault.span, found=fault.found, hint=fault.hint)

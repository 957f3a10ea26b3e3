"""Who speaks and who is spoken to: the noun phrase before or behind a verb, and whom "he", "it" or "the ministry" means."""

import re
from collections.abc import Sequence
from enum import Enum
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.intake.quoting import Shape, Token

MAX_WORDS_OF_NAME = 14


class PartyKind(Enum):
    """What a noun phrase tells of a party. NAME: a proper name alone, which a person, a state or a group may bear."""

    PERSON = "person"
    BODY = "body"
    PEOPLE = "people"
    MEDIA = "media"
    DOCUMENT = "document"
    NAME = "name"
    HE = "he"
    IT = "it"
    THEY = "they"
    WE = "we"


PRONOUNS = frozenset({PartyKind.HE, PartyKind.IT, PartyKind.THEY, PartyKind.WE})
_PRONOUN_KINDS = {"person": PartyKind.HE, "body": PartyKind.IT, "many": PartyKind.THEY, "self": PartyKind.WE}


class Party(Struct, frozen=True):
    """A party in the words of the text without its article; `first` and `last` are its tokens, `last` exclusive."""

    name: str
    kind: PartyKind
    first: int
    last: int
    start: int
    end: int


@cache
def words(name: str) -> frozenset[str]:
    """A list of words of the lexicon of speech, by its name: `determiners`, `verbs.say`."""
    found = read_data("intake", "speech.json")
    for key in name.split("."):
        found = found[key]
    return frozenset(found.split())


@cache
def _pronouns() -> dict[str, PartyKind]:
    return {word: kind for name, kind in _PRONOUN_KINDS.items() for word in words(f"pronouns.{name}")}


@cache
def _heads() -> frozenset[str]:
    return words("persons") | words("bodies") | words("media")


@cache
def _ends_phrase() -> frozenset[str]:
    """Words that no noun phrase goes across: verbs of saying are among them unless they are nouns for parties too."""
    verbs = frozenset().union(*(words(f"verbs.{frame}") for frame in read_data("intake", "speech.json")["verbs"]))
    return (words("stops") | words("auxiliaries") | frozenset(_pronouns()) | verbs) - _heads() - words("documents")


def party_before(tokens: Sequence[Token], end: int) -> Party | None:
    """The party whose noun phrase ends before token `end`; None if no party is named there."""
    last = end - 1
    if last < 0 or tokens[last].shape is not Shape.WORD:
        return None
    if tokens[last].low in _pronouns():
        return _pronoun(tokens, last)
    first = end
    for at in range(last, max(-1, last - MAX_WORDS_OF_NAME), -1):
        if not _goes_on_before(tokens, at):
            break
        first = at
        if tokens[at].low in words("determiners") and not _is_of(tokens, at - 1):
            break
    return _party(tokens, first, end)


def party_after(tokens: Sequence[Token], first: int, *, of: bool = True) -> Party | None:
    """The party whose noun phrase begins with token `first`; None if no party is named there.

    Without `of` the phrase ends before an "of" that no proper name follows.
    """
    if first >= len(tokens) or tokens[first].shape is not Shape.WORD:
        return None
    if tokens[first].low in _pronouns():
        return _pronoun(tokens, first)
    end = first
    while end < len(tokens) and end - first < MAX_WORDS_OF_NAME and _goes_on_after(tokens, first, end):
        if tokens[end].low == "of" and not of and not _is_name(tokens[end + 1]):
            break
        end += 1
    while end > first and tokens[end - 1].low in words("stops") | {"and"}:
        end -= 1
    return _party(tokens, first, end)


def _pronoun(tokens: Sequence[Token], at: int) -> Party:
    token = tokens[at]
    return Party(token.text, _pronouns()[token.low], at, at + 1, token.start, token.end)


def _goes_on_before(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.low in {"and", ","}:
        return _joins_names(tokens, at)
    if token.shape is not Shape.WORD:
        return False
    return _is_of(tokens, at) or token.low not in _ends_phrase()


def _goes_on_after(tokens: Sequence[Token], first: int, at: int) -> bool:
    token = tokens[at]
    if token.low in {"and", ","}:
        return at > first and _joins_names(tokens, at)
    if token.shape is not Shape.WORD:
        return False
    if token.low in words("determiners"):
        return at == first or tokens[at - 1].low in words("determiners") or _is_of(tokens, at - 1)
    if _is_of(tokens, at):
        return at > first
    if at > first and token.text[0].islower() and tokens[at - 1].low in _heads() | words("people"):
        return token.low in _heads() | words("people") | {"abroad", "overseas"}
    return token.low not in _ends_phrase() and not (at > first and _is_name(tokens[at - 1]) and _is_adverb(token))


def _is_of(tokens: Sequence[Token], at: int) -> bool:
    """Does this preposition hang on the noun before it: "embassy in", "spokesman for"? "Of" always does."""
    if at < 1 or at + 1 >= len(tokens) or tokens[at + 1].shape is not Shape.WORD:
        return False
    before = tokens[at - 1]
    if tokens[at].low == "of":
        return before.shape is Shape.WORD
    after = tokens[at + 1]
    if tokens[at].low == "in" and not (_is_name(after) or after.low in words("determiners")):
        return False
    return before.low in _takes(tokens[at].low)


@cache
def _takes(preposition: str) -> frozenset[str]:
    """Nouns on which the preposition hangs; none for other words."""
    nouns: dict[str, str] = read_data("intake", "speech.json")["nouns_with"]
    if preposition == "in":
        return _heads()
    return frozenset(nouns.get(preposition, "").split())


def _joins_names(tokens: Sequence[Token], at: int) -> bool:
    """`and` or a comma between two proper names, the last two of a row joined by `and`."""
    if not 0 < at < len(tokens) - 1 or not (_is_name(tokens[at - 1]) and _is_name(tokens[at + 1])):
        return False
    if tokens[at].low == "and":
        return True
    row = tokens[at + 1 : at + 10]
    return any(token.low == "and" for token in row) and all(
        _is_name(token) or token.low in {"and", ","} for token in row[: [t.low for t in row].index("and")]
    )


def _is_name(token: Token) -> bool:
    return token.shape is Shape.WORD and token.text[0].isupper()


def _is_adverb(token: Token) -> bool:
    return token.low.endswith("ly") or token.low in words("auxiliaries")


def _party(tokens: Sequence[Token], first: int, end: int) -> Party | None:
    leading = words("determiners") | words("stops")
    while first < end and (tokens[first].low in leading or tokens[first].shape is not Shape.WORD):
        first += 1
    if first >= end:
        return None
    kind = _kind(tokens, first, end)
    if kind is None:
        return None
    text = " ".join(token.text for token in tokens[first:end])
    return Party(_plain(text), kind, first, end, tokens[first].start, tokens[end - 1].end)


def _kind(tokens: Sequence[Token], first: int, end: int) -> PartyKind | None:
    """By the nouns in front of the first preposition; a capital at the head of a sentence alone names nobody."""
    cut = next((at for at in range(first + 1, end) if _is_of(tokens, at)), end)
    main = list(tokens[first:cut])
    lows = {token.low for token in main}
    for kind, name in (
        (PartyKind.PERSON, "persons"),
        (PartyKind.BODY, "bodies"),
        (PartyKind.PEOPLE, "people"),
        (PartyKind.MEDIA, "media"),
    ):
        if lows & words(name):
            return kind
    if main[-1].low in words("documents"):
        return PartyKind.DOCUMENT
    named = [token for token in main if _is_name(token)]
    if named == main[:1] and first == 0 and len(main) > 1:
        return None
    return PartyKind.NAME if named else None


_ENVOY = Expression(r"\b([A-Z][\w.]+) (?:envoy|ambassador|chargé)\b")
_AMERICAN = Expression(r"^(?:American|US|U\.S\.|United States)\b(?= (?:[Ee]mbass|[Cc]onsulate|[Mm]ission))")
_STANDS_IN = Expression(r"^(U\.S\. Embassy) (?:in|at) .*$")


def _plain(name: str) -> str:
    """The embassy of the United States as VOCAB R12 writes it; where another one stands tells who is meant."""
    return _STANDS_IN.sub(r"\1", _AMERICAN.sub("U.S.", name).replace("U.S. embassy", "U.S. Embassy"))


class Speakers:
    """The parties met so far, for "he", "it", "the ministry" and surnames that come after them."""

    def __init__(self, issuer: str | None) -> None:
        self._by_word: dict[str, Party] = {}
        self._latest: dict[PartyKind, Party] = {}
        self._issuer = issuer
        if issuer:
            self.meet(Party(issuer, PartyKind.BODY, 0, 0, 0, 0))

    def meet(self, party: Party) -> None:
        """Remember a party that has a name."""
        if party.kind in PRONOUNS or party.kind in {PartyKind.DOCUMENT, PartyKind.PEOPLE}:
            return
        self._latest.pop(party.kind, None)
        self._latest[party.kind] = party
        for word in party.name.lower().partition(" for ")[0].split():
            if " " in party.name or word not in self._by_word:
                self._by_word[word] = party

    def issue(self, party: Party) -> None:
        """Whoever put a warning out is who "the alert" and "the notice" speak for."""
        if party.kind in {PartyKind.BODY, PartyKind.NAME}:
            self._issuer = party.name

    def summon(self, party: Party) -> None:
        """Whose envoy is called in over a notice has put it out: his embassy, where nobody else is known to have."""
        state = _ENVOY.search(party.name)
        if self._issuer is None and state:
            self._issuer = _plain(f"{state[1]} embassy")

    def known(self, party: Party) -> Party | None:
        """The party under its fullest name so far; None where a pronoun stands for nobody that is known."""
        if party.kind in PRONOUNS:
            meant = self._meant(party.kind)
            return (
                replace(meant, first=party.first, last=party.last, start=party.start, end=party.end) if meant else None
            )
        if party.kind is PartyKind.DOCUMENT:
            return replace(party, name=self._issuer, kind=PartyKind.BODY) if self._issuer else party
        before, _, last = party.name.rpartition(" ")
        fuller = self._by_word.get(last.lower())
        if fuller is None or not (before == "" or before.endswith((" for the", " of the"))):
            return party
        if before == "":
            return replace(party, name=fuller.name, kind=fuller.kind)
        return replace(party, name=f"{before.removesuffix(' the')} {fuller.name}")

    def _meant(self, kind: PartyKind) -> Party | None:
        return next((self._latest[one] for one in reversed(self._latest) if one in _MEANT[kind]), None)


_MEANT: dict[PartyKind, frozenset[PartyKind]] = {
    PartyKind.HE: frozenset({PartyKind.PERSON}),
    PartyKind.IT: frozenset({PartyKind.BODY, PartyKind.NAME, PartyKind.MEDIA}),
    PartyKind.THEY: frozenset({PartyKind.BODY, PartyKind.PERSON, PartyKind.NAME}),
    PartyKind.WE: frozenset(),
}
"""Whom a pronoun can stand for; of those the latest one."""


def own_people(to: Party, tokens: Sequence[Token], speaker: Party) -> str:
    """The addressee by name: "its nationals" of the American embassy are the U.S. nationals, those of Canada the nationals of Canada."""
    if to.first < 1 or not any(t.low in words("possessives") for t in tokens[max(0, to.first - 2) : to.first]):
        return to.name
    name = to.name.removeprefix("own ")
    adjective = re.match(
        r"([A-Z][\w.]*) (?:[Gg]overnment|[Ee]mbass|[Ff]oreign|[Mm]inist|[Dd]ipl|[Hh]igh|[Cc]onsul|[Ss]tate\b|[Mm]ission|[Dd]epartment)",
        speaker.name,
    )
    if adjective:
        return f"{adjective[1]} {name}"
    state = re.search(r"\bof ([A-Z][\w.]*(?: [A-Z]\w*)*)$", speaker.name) or re.match(
        r"([A-Z][\w.]*)['’]s\b", speaker.name
    )
    if state is None and speaker.kind is PartyKind.NAME and speaker.name.count(" ") < 2:
        return f"{name} of {speaker.name}"
    return f"{name} of {state[1]}" if state else name

"""The sayings in one sentence: each verb of saying with its speaker, its addressee and its day, as the words stand."""

from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from tocsin.intake.parties import Party, PartyKind, party_after, party_before, words
from tocsin.intake.quoting import Shape, Token, low_at
from tocsin.intake.verbs import NEAR, Frame, frame_of

MOST_IN_SENTENCE = 40
"""Sayings of one sentence that are looked at: a sentence of a person has a handful."""


class Saying(Struct, frozen=True, kw_only=True):
    """Numbers are tokens of the sentence: `first` of the speaker's phrase, `begin` of the verb with its auxiliaries, `verb`
    itself, and `after` it with all that hangs on it.

    `who` and `to` are as written, pronouns too. `day` is None where none stands with the verb. `shares` is set where the
    speaker stands with an earlier verb only. `is_relative` is set behind "which" and "who": the writer of the text adds it.
    """

    frame: Frame
    begin: int
    verb: int
    who: Party
    to: Party | None
    day: Token | None
    first: int
    after: int
    rule: str
    shares: bool = False
    is_relative: bool = False


def find_sayings(tokens: Sequence[Token]) -> tuple[Saying, ...]:
    """In the order of their verbs."""
    found: list[Saying] = []
    for at, token in enumerate(tokens):
        if len(found) >= MOST_IN_SENTENCE:
            break
        one = _saying(tokens, at, token, found)
        if one is not None:
            found.append(one)
    return tuple(found)


def _saying(tokens: Sequence[Token], at: int, token: Token, found: Sequence[Saying]) -> Saying | None:
    if token.low == "according" and low_at(tokens, at + 1) == "to":
        return _according(tokens, at)
    if token.low in words("documents"):
        return _notice(tokens, at)
    frame = frame_of(tokens, at)
    if token.low in _BASE and low_at(tokens, at - 1) in words("auxiliaries"):
        return None
    if frame is None or low_at(tokens, at - 1) in _before_nouns() or (at and token.text[0].isupper()):
        return None
    if low_at(tokens, at + 1) == "by" and at + 2 < len(tokens) and tokens[at + 2].shape is not Shape.DAY:
        return _passive(tokens, at, frame)
    if _has_been(tokens, at):
        return None
    return _active(tokens, at, frame, found)


_BASE = frozenset({"say", "warn", "deny"})
"""Behind "will", "may" or "did not" these tell of nothing that was said."""


@cache
def _before_nouns() -> frozenset[str]:
    return (words("determiners") | {"to"}) - {"that"}


def _according(tokens: Sequence[Token], at: int) -> Saying | None:
    who = party_after(tokens, at + 2)
    if who is None:
        return None
    return Saying(
        frame=Frame.SAY, begin=at, verb=at, who=who, to=None, day=None, first=at, after=who.last, rule="S-according"
    )


def _notice(tokens: Sequence[Token], at: int) -> Saying | None:
    """A warning told as a noun, with its addressee, day or words: "the warning from the embassy to its citizens"."""
    if low_at(tokens, at + 1) not in {"from", "by"}:
        return None
    who = party_after(tokens, at + 2)
    if who is None or who.kind in {PartyKind.DOCUMENT, PartyKind.PEOPLE}:
        return None
    to = party_after(tokens, who.last + 1) if low_at(tokens, who.last) == "to" else None
    day = next((one for one in tokens[max(0, at - 2) : at] if one.shape is Shape.DAY), None)
    after, later = _skip_day(tokens, to.last if to else who.last)
    if not (to or day or later or low_at(tokens, after) == "that"):
        return None
    return Saying(
        frame=Frame.ISSUE,
        begin=at,
        verb=at,
        who=who,
        to=to,
        day=day or later,
        first=at,
        after=after,
        rule="S-notice",
        is_relative=True,
    )


def _passive(tokens: Sequence[Token], at: int, frame: Frame) -> Saying | None:
    """In "was warned by", "reported by": the speaker stands behind, the addressee before."""
    who = party_after(tokens, at + 2)
    if who is None:
        return None
    told = party_before(tokens, _verb_group(tokens, at) + 1) if frame is Frame.TELL else None
    after, day = _skip_day(tokens, who.last)
    return Saying(
        frame=frame,
        begin=at,
        verb=at,
        who=who,
        to=told,
        day=day,
        first=_phrase(tokens, told) if told else at,
        after=after,
        rule="S-passive",
    )


def _active(tokens: Sequence[Token], at: int, frame: Frame, found: Sequence[Saying]) -> Saying | None:
    group = _verb_group(tokens, at)
    who, is_relative = _subject(tokens, group)
    rule, shares, end = f"S-{frame.value}", False, at + 1
    if who is None:
        who, rule = _behind(tokens, at, frame), "S-inverted"
        end = who.last if who and frame is Frame.SAY else end
    if who is None:
        who, rule, shares = _shared(tokens, at, group, found), f"S-{frame.value}-shared", True
    if who is None or low_at(tokens, who.first) in _NOBODY or _is_unnamed(tokens, at):
        return None
    if frame is not Frame.SILENT and low_at(tokens, who.first - 1) in {"no", "neither"}:
        return None
    first = at if rule == "S-inverted" or shares else _phrase(tokens, who)
    to, end = (None, end) if end > at + 1 else _addressee(tokens, at, frame)
    if frame is Frame.ADDRESS and to is None:
        return None
    after, day = _skip_day(tokens, end)
    return Saying(
        frame=frame,
        begin=group + 1,
        verb=at,
        who=who,
        to=to,
        day=day or _day_before(tokens, first, at, found),
        first=first,
        after=after,
        rule=rule,
        shares=shares,
        is_relative=is_relative,
    )


_NOBODY = frozenset("nobody someone somebody anyone anybody everyone everybody nothing something there".split())


def _opens(tokens: Sequence[Token], party: Party) -> bool:
    """Does the sentence begin with this party, behind a date line or not?"""
    first = _phrase(tokens, party)
    return first == 0 or low_at(tokens, first - 1) in {"-", "–", "—", ":"}


def _is_unnamed(tokens: Sequence[Token], at: int) -> bool:
    """Who "asked not to be named" says nothing."""
    return low_at(tokens, at + 1) == "not" and low_at(tokens, at + 4) in {"named", "identified", "quoted"}


def _phrase(tokens: Sequence[Token], party: Party) -> int:
    """Where the noun phrase begins with its article."""
    first = party.first
    while first and tokens[first - 1].low in words("determiners"):
        first -= 1
    return first


def _behind(tokens: Sequence[Token], at: int, frame: Frame) -> Party | None:
    """The speaker behind the verb: "…," said the minister; "Speaking to the BBC, the minister"."""
    if frame is Frame.SAY and at and (tokens[at - 1].shape is Shape.QUOTE or tokens[at - 1].low == ","):
        return party_after(tokens, at + 1)
    if at == 0 and frame is Frame.ADDRESS:
        comma = next((one for one in range(1, min(len(tokens), 2 * NEAR)) if tokens[one].low == ","), 0)
        return party_after(tokens, comma + 1) if comma else None
    return None


def _verb_group(tokens: Sequence[Token], at: int) -> int:
    """The last token before the verb with its auxiliaries, adverbs and day."""
    last = at - 1
    while last >= 0:
        token = tokens[last]
        if token.shape is Shape.DAY or (token.low == "," and last and tokens[last - 1].shape is Shape.DAY):
            last -= 1 + (low_at(tokens, last - 1) in _BEFORE_DAY)
        elif token.low in words("auxiliaries") or (token.low.endswith("ly") and token.text[0].islower()):
            last -= 1
        else:
            break
    return last


_BEFORE_DAY = frozenset({"on", "in", "by", "since", "of", "dated", "from"})


def _subject(tokens: Sequence[Token], last: int) -> tuple[Party | None, bool]:
    """The noun phrase that ends at `last`, an apposition or a relative clause between commas passed over."""
    low = low_at(tokens, last)
    if low in {"that", "which", "who"}:
        return _antecedent(tokens, last), low != "that" or low_at(tokens, last - 1) == ","
    if low == ",":
        return _before_apposition(tokens, last), False
    return _out_of_place(tokens, party_before(tokens, last + 1)), False


def _out_of_place(tokens: Sequence[Token], party: Party | None) -> Party | None:
    """The noun before "in Ottawa": what hangs on a preposition is never the one who speaks."""
    if party is None or party.first < 2:
        return party
    first = _phrase(tokens, party)
    if low_at(tokens, first - 1) not in {"in", "at", "from", "near", "for", "with"}:
        return party
    before = party_before(tokens, first - 1)
    if before and before.kind is PartyKind.NAME and party.kind is PartyKind.NAME:
        name = " ".join(token.text for token in tokens[before.first : party.last])
        return Party(name, PartyKind.NAME, before.first, party.last, before.start, party.end)
    return before


def _antecedent(tokens: Sequence[Token], relative: int) -> Party | None:
    """Whom "who" stands for; "X, a group that": X."""
    last = relative - 1
    while last >= 0 and (
        tokens[last].low == "," or tokens[last].shape is Shape.DAY or low_at(tokens, last) in _BEFORE_DAY
    ):
        last -= 1
    party = party_before(tokens, last + 1)
    if party is None:
        return None
    if (
        party.first > 1
        and low_at(tokens, party.first - 1) in {"a", "an"}
        and low_at(tokens, party.first - 2) in _DASHES
    ):
        end = party.first - 2
        if low_at(tokens, end - 1) == ")":
            end = max((one for one in range(end - 6, end) if low_at(tokens, one) == "("), default=end)
        return party_before(tokens, end) or party
    return party


_DASHES = frozenset({"-", "–", "—", ","})


def _before_apposition(tokens: Sequence[Token], comma: int) -> Party | None:
    commas = [one for one in range(comma - 1, max(0, comma - 2 * NEAR), -1) if low_at(tokens, one) == ","]
    parties = [(one, party) for one in commas if (party := party_before(tokens, one))]
    if not parties:
        return None
    # "Several embassies, those of France, Italy and Spain among them, put out": the one that opens the sentence.
    opening, party = next((pair for pair in parties if _opens(tokens, pair[1])), parties[0])
    name = party_after(tokens, opening + 1)
    if name and name.last == comma and name.kind is PartyKind.NAME:
        return Party(f"{party.name} {name.name}", PartyKind.PERSON, party.first, name.last, party.start, name.end)
    return party


def _shared(tokens: Sequence[Token], at: int, last: int, found: Sequence[Saying]) -> Party | None:
    """Who speaks where no speaker stands with the verb: "said … and warned", "put out a notice, telling …"."""
    if low_at(tokens, last) not in {"and", "but", ","} and not (found and tokens[last + 1].low.endswith("ing")):
        return None
    if found:
        return found[-1].who
    return party_after(tokens, 0) if last > 0 and not tokens[at].low.endswith("s") else None


def _addressee(tokens: Sequence[Token], at: int, frame: Frame) -> tuple[Party | None, int]:
    """Who is told, and the first token behind; (None, behind the verb) where nobody is named."""
    direct = at + 1 + (low_at(tokens, at + 1) in {"in", "on", "to", "with"})
    if frame in {Frame.TELL, Frame.TO, Frame.ADDRESS}:
        to = party_after(tokens, direct, of=tokens[at].low not in _OF)
        if to is None and frame is Frame.TELL:
            to = _hearers(tokens, direct)
        if to and to.kind is not PartyKind.DOCUMENT and not (direct == at + 1 and low_at(tokens, direct) in _WE):
            return to, to.last
    behind, _ = _skip_day(tokens, at + 1)
    if frame is Frame.SAY and low_at(tokens, behind) in {"to", "on", "in"}:
        to = party_after(tokens, behind + 1)
        if to and (low_at(tokens, behind) == "to" or to.kind is PartyKind.MEDIA):
            return to, to.last
    if frame in {Frame.SHARE, Frame.ISSUE}:
        return _receiver(tokens, at)
    return None, at + 1


def _hearers(tokens: Sequence[Token], at: int) -> Party | None:
    """Hearers by a word that no lexicon holds: the plural right behind the verb, before what they are told."""
    word = low_at(tokens, at)
    if not (len(word) > 3 and word.endswith("s") and word not in words("documents")):
        return None
    if low_at(tokens, at + 1) not in {"of", "that", "to", "not", "about", "against"}:
        return None
    return Party(word, PartyKind.PEOPLE, at, at + 1, tokens[at].start, tokens[at].end)


_WE = frozenset({"we", "i"})
_OF = frozenset("accused accuses warned warns informed informs reminded notified assured alerted advised".split())
"""Verbs whose "of" tells the matter: "accused the mission of"."""


def _receiver(tokens: Sequence[Token], at: int) -> tuple[Party | None, int]:
    """To whom a notice or what is known was handed: behind "to" or "with", near the verb."""
    for one in range(at + 1, min(len(tokens), at + 1 + NEAR)):
        if tokens[one].low in {",", "that", "about", "after"}:
            break
        if tokens[one].low in {"to", "with"}:
            to = party_after(tokens, one + 1)
            if to and to.kind is not PartyKind.DOCUMENT:
                return to, to.last
    return None, at + 1


def _skip_day(tokens: Sequence[Token], at: int) -> tuple[int, Token | None]:
    """Behind a day, with or without "on": where the words that follow begin, and the day."""
    here = at
    while here < len(tokens) and here < at + 3:
        if tokens[here].shape is Shape.DAY:
            return here + 1, tokens[here]
        if low_at(tokens, here) not in _BEFORE_DAY | {","}:
            break
        here += 1
    return at, None


def _day_before(tokens: Sequence[Token], first: int, verb: int, found: Sequence[Saying]) -> Token | None:
    """The day between the speaker and the verb, or at the head of the clause; not one inside another's words."""
    days = [one for one in tokens[first:verb] if one.shape is Shape.DAY]
    low = found[-1].after if found else 0
    head = [one for one in tokens[max(low, first - 3) : min(first, low + 2 * NEAR // 3)] if one.shape is Shape.DAY]
    return (head + days)[-1] if head or days else None


def _has_been(tokens: Sequence[Token], at: int) -> bool:
    """Is the verb in the passive: a form of "be" right before it, adverbs between?"""
    for one in range(at - 1, max(-1, at - 5), -1):
        if tokens[one].low in {"is", "are", "was", "were", "been", "being", "be"}:
            return True
        if tokens[one].low not in words("auxiliaries") and not tokens[one].low.endswith("ly"):
            return False
    return False

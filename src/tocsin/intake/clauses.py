"""Cuts sentences into clauses and says of each what it does: state, advise, tell of the past, deny, restrict the sender's own staff."""

from bisect import bisect_left, bisect_right
from datetime import timedelta
from functools import cached_property, lru_cache

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.intake.dates import MONTH, MONTHS, WEEKDAYS, find_dates
from tocsin.intake.issue_date import find_issue_date
from tocsin.intake.sections import Part, sentences
from tocsin.intake.wording import Wording, lowered

_CUT = Expression(
    r"[;:,\s](?:(?<=[;:])\s|(?<=\s)[-–—]\s|(?<=,) (?:and|but) (?=(?:do|be|stay|keep|avoid|follow|should|we|the|they|citizens)\b))"
)
"""Begins with a set of characters to which the engine can skip; what may follow which of them stands behind it."""
_ADVICE = Expression(
    r"^\W*(?:(?:please|always|also|then|therefore|and|as a precaution|in public|there)[, ]+)*(?:avoid|stay|keep|be|remain|follow|monitor|"
    r"review|carry|hold|vary|change|take|exercise|report|register|enrol|do|don't|obey|heed|watch|know|expect|allow|reckon|leave|move|"
    r"seek|shelter|tell|contact|make|have|prepare|publish|show|turn|go over|think|reconsider|limit|postpone|mind|steer|shun|check|use|listen|never)\b"
    r"|\b(?:should (?!know|note|be aware (?:of|that))|must|are (?:asked|advised|urged|told|warned|encouraged|requested|reminded|recommended)|(?:asked|told|urged|advised|warned|"
    r"asks|tells|urges|advises|warns|reminds|reminded|recommends?|recommended|requests?|calls? on)\b[^.;]{0,80}\bto\b|we (?:advise|urge|recommend|ask))",
)
_WATCHFUL = Expression(
    r"\b(?:alert|aware|vigilant|vigilance|careful|cautious|caution|watchful|attentive|surroundings|guard|awareness)\b|\bcare\b|\bwatch out\b",
)
_AVOIDING = Expression(
    r"\b(?:avoid\w*|shun\w*|(?:stay|keep|steer|remain)\w* (?:well )?(?:out|away|clear|off)|reconsider\w*|not (?:to )?(?:go|attend|visit|travel|enter|use))\b",
)
_PAST = Wording(
    r"\b(?:was|were|had been|has been|have been) (?:\w+ )?(?:attacked|bombed|killed|struck|hit|stormed|shot|wounded|injured|targeted|kidnapped|abducted|blown)\b"
    r"|\b(?<!\bto )(?:killed|died|struck|exploded|stormed|wounded|injured|gunned|hit|claimed|took place|occurred|happened|attacked)\b"
    r"[^.;]{0,60}\b(?:on|in|at|last|this|ago|yesterday|earlier|before|since)\b"
    r"|\b(?:recent|earlier|previous|past|last (?:week|month|year|night)'?s?|former|yesterday'?s?|deadly) (?:\w+ ){0,2}(?:attack|bombing|shooting|incident|blast|explosion|kidnapping|assault)\b"
    r"|\b(?:attacks?|bombings?|shootings?|blasts?|explosions?)\b[^.;,]{0,40}\b(?:in|of|on) (?:\d{1,2} )?(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:19|20)\d\d)\b"
    r"|\b(?:people|dead|persons) (?:were )?(?:died|dead|killed)|\bleft \w+ dead\b|\bafter (?:an?|the) (?:\w+ ){0,3}(?:attack|bombing|shooting|blast|explosion)\b",
    near=(
        *("attacked", "bombed", "killed", "struck", "hit", "stormed", "shot", "wounded", "injured", "targeted"),
        *("kidnapped", "abducted", "blown", "died", "dead", "exploded", "gunned", "claimed", "took place", "occurred"),
        *("happened", "recent", "earlier", "previous", "past", "last ", "former", "yesterday", "after a", "after the "),
        *(f" {month}" for month in MONTHS),
        *(" 19", " 20"),
    ),
    glue=None,
)
_TODAY = Expression(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening|noon)|last night|overnight|yesterday|earlier in the day|in the (?:past|last) (?:few |\w+ )?hours?|"
    r"(?:an?|half an|a few|some|several|[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:hours?|minutes?) ago|just now|moments ago)\b"
)
_GOES_ON = Expression(
    r"\b(?:under ?way|ongoing|still|unfolding|in progress|at large|go(?:es)? on|going on|(?:has|have) not ended|continu(?:es?|ing)|(?:is|are) (?:now|currently))\b"
)
_AFTERMATH = Expression(
    r"\b(?:investigat\w*|inquir(?:y|ies)|trials?|courts?|hospital|mourn\w*|clean-?up|repairs?|rescue|recovering|shut|closed|shaken|tributes?)\b"
)
"""What goes on then is not the attack."""
_LONG_AGO = Expression(
    rf"\b(?:(?:19|20)[0-9]{{2}}|last (?:week|month|year|spring|summer|autumn|winter|{'|'.join(WEEKDAYS)})|(?:days?|weeks?|months?|years?) (?:ago|before|earlier)|"
    rf"(?:in|of|since) (?:early |late |mid-)?(?:{MONTH})|[0-9] (?:{MONTH})|(?:{MONTH}) [0-9])\b"
)
_REMEMBERED = Expression(
    r"\b(?:anniversary|commemorat\w*|remembrance|remembered|memorial|years? (?:since|after|on)|marks)\b"
)
_ANNIVERSARY = Wording(
    r"\banniversary of (?:\w+ ){0,4}(?:attack|bombing|shooting|blast|explosion|kidnapping|assault|massacre)s?\b",
    near=("anniversary of ",),
    glue=None,
)
_MODEL = Expression(
    r"\b(?:like|similar|such as|in the past|methods?|tactics?|used|history of|often|continue|again|could|(?<!in )(?<![0-9] )(?<!of )may(?! [0-9])|might|possible|potential|future|threat|risk|planned|planning|will|expected|feared|likely|intends?)\b",
)
_DENIED = Wording(
    r"\b(?:no|not|without|never|nor|lack of) (?:\w+ ){0,3}(?:information|evidence|indications?|threats?|reports?|signs?|intelligence|targeted|aware|credible|specific to)\b"
    r"|\b(?:knew of no|knows of no|denied|ruled out|unfounded|false alarm)\b",
    near=(
        *("no ", "not ", "without ", "never ", "nor ", "lack of ", "of no", "denied", "ruled out", "unfounded"),
        "false alarm",
    ),
    glue=None,
)
_STAFF = Wording(
    r"\b(?:embassy|consulate|mission|government|official|our|its)(?: \w+){0,2} (?:staff|personnel|employees)\b|\b(?:staff|personnel|employees)\b",
    near=("staff", "personnel", "employees"),
    glue=None,
)


class Clause(Struct, frozen=True, dict=True):
    """From `start` to `end` in characters of the text, end exclusive; what it does is found out when somebody asks."""

    start: int
    end: int
    part: Part
    words: str
    """In lower case, cut where no person's sentence goes on."""
    fresh: tuple[int, ...] = ()
    """Where the text names the day of its issue, or the day before (characters of the text)."""

    @cached_property
    def advises(self) -> bool:
        """Tells people what to do."""
        return self.part is Part.ACTIONS or bool(_ADVICE.search(self.words))

    @cached_property
    def watchful(self) -> bool:
        """Advice to be careful: what it names is where people go, not what is aimed at."""
        return self.advises and bool(_WATCHFUL.search(self.words))

    @cached_property
    def avoiding(self) -> bool:
        """Names what to keep away from."""
        return bool(_AVOIDING.search(self.words))

    @cached_property
    def told(self) -> bool:
        """Tells of one thing that happened, which is no model of what is feared (VOCAB R2)."""
        return bool(_PAST.first(self.words)) and not _MODEL.search(self.words)

    @cached_property
    def past(self) -> bool:
        """Tells of one thing that is over: not of an attack of the day of issue, or one that goes on (VOCAB R2, R4)."""
        return (self.told and not self._is_fresh) or self._remembers

    @property
    def _remembers(self) -> bool:
        return bool(_ANNIVERSARY.first(self.words)) and not _MODEL.search(self.words)

    @property
    def _is_fresh(self) -> bool:
        if _REMEMBERED.search(self.words):
            return False
        at = bisect_left(self.fresh, self.start)
        if _TODAY.search(self.words) or (at < len(self.fresh) and self.fresh[at] < self.end):
            return True
        goes_on = bool(_GOES_ON.search(self.words)) and not _AFTERMATH.search(self.words)
        return goes_on and not _LONG_AGO.search(self.words)

    @cached_property
    def denied(self) -> bool:
        """Says that there is none of what it names."""
        return bool(_DENIED.first(self.words))

    @cached_property
    def staff(self) -> bool:
        """Speaks of the issuer's own staff."""
        return bool(_STAFF.first(self.words))


@lru_cache(maxsize=8)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of the text in order.

    >>> [(one.advises, one.past) for one in clauses("Avoid crowds. A hotel was bombed in May.")]
    [(True, False), (False, True)]
    """
    lower = lowered(text)
    fresh = _fresh_days(lower, text)
    return tuple(
        Clause(start, end, part, lower[start : min(end, start + MOST_CHARACTERS)], fresh)
        for start, end, part in _cut(lower, text)
    )


_ON_WEEKDAY = Wording(
    rf"(?:on|early|late) (?P<weekday>{'|'.join(WEEKDAYS)})\b(?!,? (?:the )?[0-9])(?!,? (?:{MONTH}) [0-9])",
    near=tuple(WEEKDAYS),
)


def _fresh_days(lower: str, text: str) -> tuple[int, ...]:
    """Where the text, besides its date line, names the day on which it was issued, or the day before."""
    of_issue = find_issue_date(text, lower)
    if of_issue is None:
        return ()
    issued = of_issue[0]
    days = (issued, issued - timedelta(days=1))
    named = (
        one.start for one in find_dates(lower) if one.start != of_issue[1] and (on := one.on(issued)) and on[1] in days
    )
    weekdays = (
        match.start()
        for match in _ON_WEEKDAY.each(lower)
        if WEEKDAYS.index(match["weekday"]) in {day.weekday() for day in days}
    )
    return tuple(sorted((*named, *weekdays)))


def clause_number(found: tuple[Clause, ...], at: int) -> int | None:
    """Which of the clauses of a text stands at that offset; None between them."""
    number = bisect_right(found, at, key=lambda one: one.start) - 1
    return number if number >= 0 and at < found[number].end else None


def clause_at(text: str, at: int) -> Clause | None:
    """The clause of the text at that offset."""
    found = clauses(text)
    number = clause_number(found, at)
    return None if number is None else found[number]


def _cut(lower: str, text: str) -> list[tuple[int, int, Part]]:
    found = []
    for sentence in sentences(text):
        start = sentence.start
        for cut in _CUT.finditer(lower, sentence.start, sentence.end):
            found.append((start, cut.start(), sentence.part))
            start = cut.end()
        found.append((start, sentence.end, sentence.part))
    return [one for one in found if one[0] < one[1]]


MOST_CHARACTERS = 2_000
"""Of a clause that are looked at: no sentence of a person is longer, and a hostile one costs no more."""

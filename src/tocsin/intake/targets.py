"""What a text says is aimed at: the targets of a threat, not what people are told to mind or who is spoken to."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from tocsin.core.expression import Expression
from tocsin.intake.clauses import Clause, clauses
from tocsin.intake.phrases import Mention, first_mentions
from tocsin.intake.report import Found
from tocsin.intake.wording import Wording, lowered

_WHERE_PEOPLE_GO = frozenset(
    {"tourist_site", "foreign_nationals", "large_gathering", "general_public", "public_transport"}
)
"""In advice to be careful these say where people are, not what is aimed at (VOCAB R3)."""
_ONLY_AVOIDED = frozenset({"demonstration_rally", "jewish_israeli", "general_public", "children"})
_LISTED = Expression(
    r"tourist (?:and \w+ )?(?:sites?|spots?|attractions?|cent(?:re|er)s?|destinations?)|(?:large |big |mass |public |crowded )+(?:gatherings?|events?|venues?)|festivals?|public transport\w*|transport hubs?|trains|bus(?:es)?(?: stations?)?|metro(?: stations?| system)?"
)
"""Named one by one, these are what the writer expects to be hit, even in advice to be careful."""
_JUST_CROWDS = Expression(r"(?:large )?crowds|crowded (?:places?|areas?|venues?|spots?|sites?)")
_VERBS = r"(?:harm(?:ing)?|target(?:s|ed|ing)?|kidnap(?:ping)?|attack(?:ing)?|kill(?:ing)?|strik(?:e|ing)|hit(?:ting)?|endanger(?:ing)?)"
_AIMED = (
    r"(?:attacks?|threats?|violence|plots?|plotting|kidnappings?|kidnap|harm(?:ing)?|target(?:s|ed|ing)?|aimed|directed|strikes?|killing|"
    r"danger|(?:hostile|violent) act(?:ion)?s?|assaults?|conspir\w+|operations|incidents|set on)"
)
_AIMED_WORD = Expression(_AIMED)
_TOWARDS = r",?\s+(?:[\w'’-]+,?\s+){0,5}?(?:against|on|to|at|towards?|of|for|upon)\s+"
_ALL = r"(?:(?:the|any|all|private|official|both|other|and|some|many|more)\s+){0,3}"
_STATES = {
    "us": r"\b(?:u\.?s\.?a?\.?|united states|american)",
    "uk": r"\b(?:u\.?k\.?|british|united kingdom)",
    "au": r"\baustralian",
    "french": r"\bfrench",
}
_CITIZENS = {
    "us_citizens": (
        ("american", "u.s", "us citizens", "us nationals"),
        r"(?:americans|(?:u\.?s\.?|american) (?:citizens|nationals|travell?ers|persons|people|visitors))",
    ),
    "french_citizens": (("french", "france"), r"french (?:citizens|nationals|people)"),
}


def find_targets(text: str) -> tuple[Found, ...]:
    """Each target once, at the first clause that states it as one."""
    found: dict[str, Found] = {}
    for one in sorted((*_kinds(text), *_people(text), *_interests(text)), key=lambda found: found.start):
        found.setdefault(one.value, one)
    return tuple(found.values())


def _kinds(text: str) -> Iterator[Found]:
    for one in first_mentions("targets", text, _counts):
        yield Found(one.label, one.start, one.end, "O-advised" if one.clause.advises else "O-stated")


def _counts(one: Mention) -> bool:
    """VOCAB R1 to R3: what advice names counts only where people are told to keep away from it."""
    label, clause = one.label, one.clause
    words, at = clause.words, one.start - clause.start
    named = words[at : one.end - clause.start]
    if (clause.denied and not (clause.advises and clause.avoiding)) or (clause.past and not clause.advises):
        return False
    if label == "government_building" and _OF_A_STATE.search(words, max(0, at - 30), at):
        return False
    if label == "embassy_diplomatic" and _is_sender(words, at):
        return False
    if _is_no_object(words, at, one.end - clause.start) or (
        named in _BARE and (not _is_attacked(words, at) or _ACTS.match(words, one.end - clause.start))
    ):
        return False
    if label == "festival_event" and (clause.staff or _OCCASION.search(words, max(0, at - 20), at)):
        return False
    if not clause.advises or _FEARED.search(words, max(0, at - 200), at):
        return True
    if label == "demonstration_rally" and (
        not _JUST_PROTESTS.fullmatch(named) or _TO_COME.match(words, one.end - clause.start)
    ):
        return True
    if label in _ONLY_AVOIDED or (label == "large_gathering" and _JUST_CROWDS.fullmatch(named)):
        return False
    if clause.watchful and not clause.avoiding:
        return label not in _WHERE_PEOPLE_GO or bool(_LISTED.fullmatch(named))
    return clause.avoiding and not (clause.staff and label in _WHERE_PEOPLE_GO - {"large_gathering"})


_JUST_PROTESTS = Expression(
    r"(?:political |mass |public |election )?(?:demonstrations?|protests?|rall(?:y|ies)|marches)|protest marches|civil unrest"
)
_TO_COME = Expression(
    r"[^.;,]{0,40}\b(?:are|is) (?:expected|planned|called|likely|foreseen|announced|scheduled|anticipated)\b"
)
"""Rallies that are named as what will come count in advice too (VOCAB R1)."""
_BARE = frozenset({"police", "army", "soldiers", "troops"})
"""These act in most texts; they are aimed at where an attack is on them."""
_ATTACK_ON = Expression(
    r"\b(?:(?:attacks?|threats?|violence|bombings?|strikes?|ambush(?:es)?)\b[^.;:]{0,60}?\b(?:against|on|at)|target(?:s|ed|ing)?|kill(?:ed|ing)?|attack(?:ed|ing)?|ambush(?:ed|ing)?)\b"
    r"(?: (?:the|on|and|or|of|[\w'’-]+,)| [\w'’-]+(?= (?:and|or|of)\b)){0,10} ?\Z"
)
_ACTS = Expression(
    r" (?:said|says?|told|report\w*|has|have|had|is|are|was|were|will|may|use[ds]?|fired?|arrest\w*|believe\w*|chief)\b"
)
_OF_A_STATE = Expression(r"\b(?:u\.?s\.?|american|united states|british|australian|french|western|foreign) \Z")
"""The government buildings of a foreign state are its interests."""
_CLOSED = Expression(
    r"[^.;,:]{0,30}\b(?:is|are|was|were|remains?|stays?|be|been) (?:\w+ ){0,2}(?:clos(?:ed|ing)|shut|suspended|cancell?ed|halted)\b|[^.;,:]{0,20}\bmay (?:close|shut)\b"
)
_GUARDED = Wording(
    r"\b(?:police|soldiers|troops|guards|security|patrols?|measures|checks|officers)\b[^.;:]{0,40}\b(?:sent|deployed|posted|stationed|increased|stepped up|tightened|reinforced|strengthened)\b[^.;:]{0,60}\Z",
    near=(
        "sent",
        "deployed",
        "posted",
        "stationed",
        "increased",
        "stepped up",
        "tightened",
        "reinforced",
        "strengthened",
    ),
    glue=None,
)


def _is_no_object(words: str, at: int, end: int) -> bool:
    """`The airport is closed`, `guards are posted at schools`: what is done to keep people from harm."""
    if _CLOSED.match(words, end) and not _AIMED_WORD.search(words):
        return True
    return _GUARDED.first(words, max(0, at - 120), at) is not None


def _is_attacked(words: str, at: int) -> bool:
    return bool(_ATTACK_ON.search(words[max(0, at - 160) : at]))


_OCCASION = Expression(r"\b(?:around|during|over|through|throughout|before|after|until|ahead of) (?:the )?$")
_FEARED = Expression(rf"\b{_AIMED}\b[^.;:]{{0,60}}\b(?:on|against|at|to|of|in|aimed)\b")


_SPEAKING = Expression(r"(?:contact|call|by|several|sent by|u\.?s\.?|american|british|our|of the|from) *(?:the )?$")


_ACTING = Expression(
    r"(?:embassies|consulates|missions)\b[^.;]{0,90}?\b(?:put out|passed|issued?|sent|send|warn(?:ed)?|advised?|told|tell|published?|asked?|urged?)\b"
)


def _is_sender(words: str, at: int) -> bool:
    """`Consulate General Karachi` in a heading, `contact the embassies`: who speaks, not what is aimed at."""
    if _ACTING.match(words, at):
        return True
    return bool(_SPEAKING.search(words, max(0, at - 30), at)) and not _AIMED_WORD.search(words)


def _people(text: str) -> Iterator[Found]:
    lower = lowered(text)
    citizens = [(label, *about) for label, about in _CITIZENS.items() if any(word in lower for word in about[0])]
    public = _PUBLIC.may_stand_in(lower)
    if not citizens and not public:
        return
    for clause in clauses(text):
        # What a clause is costs more to find out than whether it names anybody.
        for label, near, who in citizens:
            if not any(word in clause.words for word in near):
                continue
            match = _victim(clause.words, who, all_roles=not (clause.advises and clause.watchful))
            if match and _is_told_of(clause):
                yield Found(label, clause.start + match.start(), clause.start + match.end(), "O-aimed-at")
        named = _PUBLIC.each(clause.words) if public else ()
        match = next((one for one in named if not _is_served(clause.words, one.start())), None)
        if match and _is_told_of(clause) and not clause.advises:
            yield Found("general_public", clause.start + match.start(), clause.start + match.end(), "O-public")


def _is_told_of(clause: Clause) -> bool:
    return not clause.denied and not (clause.past and not clause.advises)


_SERVED = Expression(
    r"\b(?:(?:closed|open(?:ed)?|shut|available|accessible|services?|access|appeal(?:ed|s)?|help|information|advice) (?:to|for|from)|serv(?:e|es|ed|ing)|"
    r"(?:ask|asked|asks|urge|urged|advise|advised|alert|reassure)) (?:members of )?\Z"
)


def _is_served(words: str, at: int) -> bool:
    """`Closed to the public`: those whom a body serves or speaks to (VOCAB R3)."""
    return bool(_SERVED.search(words, max(0, at - 40), at))


def _victim(words: str, who: str, *, all_roles: bool) -> re.Match[str] | None:
    """Where they are the victims; without `all_roles` only where an attack on them is named, not where they go."""
    named, *roles = _victims(who)
    if not named.search(words):
        return None
    for pattern in roles if all_roles else roles[:1]:
        if match := pattern.search(words):
            return match
    return None


_PUBLIC = Wording(
    r"\b(?:civilians|civilian (?:population|lives|people)|the (?:general )?public|members of the public|ordinary people|anyone|people of all|local people|residents|passers-?by|bystanders|commuters|pedestrians"
    r"|(?:against|kill|harm|target(?:ing)?|attack(?:ing)?|kidnap(?:ping)?) (?:\w+ ){0,2}people)\b",
    near=(
        *(
            "civilian",
            "the public",
            "the general public",
            "of the public",
            "ordinary people",
            "anyone",
            "people of all",
        ),
        *("local people", "residents", "passers", "bystanders", "commuters", "pedestrians", " people"),
    ),
    glue=None,
)


@cache
def _victims(who: str) -> tuple[Expression, ...]:
    """First whether they are named at all, then in which words they are the victims."""
    return (
        Expression(who),
        Expression(rf"\b{_AIMED}{_TOWARDS}{_ALL}{who}"),
        Expression(rf"\b{_VERBS}\s+{_ALL}{who}"),
        Expression(
            rf"{who}(?:,? (?:and|or|who|among)\b[^.;]{{0,40}})?[^.;]{{0,30}}\b(?:victims?|targets?|targeted|kidnapped|attacked|harmed|aimed at|come together|gather)\b"
        ),
        Expression(rf"{who} (?:are |were |have been )?(?:often )?among (?:them|the victims|those|the targets)"),
        Expression(
            rf"\b(?:where|places?|venues?|areas|used by|frequented by|visited by|by)\b[^.;]{{0,60}}{who}[^.;]{{0,50}}\b(?:meet|gather|live|visit|come together|congregate|frequent|used|go)\b"
        ),
    )


def _interests(text: str) -> Iterator[Found]:
    lower = lowered(text)
    if any(
        word in lower
        for word in ("interest", "facilit", "installation", "sites", "target", "presence", "propert", "assets")
    ):
        for state, pattern in _interest_patterns().items():
            if match := pattern.search(lower):
                yield Found(f"{state}_interests", match.start(), match.end(), "O-interests")
    aimed_at = _EMBASSY_AIMED_AT.search(lower) if _AT_EMBASSY.first(lower) else None
    hits = (aimed_at, _EMBASSY_HIT.first(lower))
    if match := min((one for one in hits if one), key=lambda one: one.start(), default=None):
        yield Found("embassy_diplomatic", match.start(), match.end(), "O-embassy")


_AT_EMBASSY = Wording(
    r"(?:against|on|to|at|near|in front of|outside)\s+(?:the\s+|our\s+|its\s+)?(?:(?:u\.?s\.?|american|british|french|israeli|canadian|australian|german)\s+)?(?:embassy|consulate|mission)\b",
    near=("embassy", "consulate", "mission"),
)
_EMBASSY_AIMED_AT = Expression(rf"\b{_AIMED}\b(?:\s+[\w'’-]++){{0,9}}?\s+{_AT_EMBASSY.words}")
"""Dear to look for, as an attack may be nine words before: first a look at what stands nearest to the embassy."""
_EMBASSY_HIT = Wording(
    r"(?:embassy|consulate)\b[^.;]{0,20}\b(?:was|were|has been|had been|is|may be) (?:\w+ )?(?:struck|attacked|hit|targeted|threatened|stormed|bombed|fired)"
    r"|away from the (?:embassy|consulate)\b|(?:embassy|consulate(?: general)?),? included\b|including the (?:\w+ )?(?:embassy|consulate)\b",
    near=(
        *("hit", "fired", "struck", "bombed", "stormed", "attacked", "targeted", "threatened"),
        *("included", "including the ", "away from the "),
    ),
)


@cache
def _interest_patterns() -> Mapping[str, Expression]:
    return {
        state: Expression(
            rf"{name} (?:(?:government|official|commercial|business|private|diplomatic|citizens|nationals|persons|people|personnel),? (?:(?:and|or) )?)*(?:interests?|facilit(?:y|ies)|installations?|sites|targets|presence|properties|assets)\b"
        )
        for state, name in _STATES.items()
    }

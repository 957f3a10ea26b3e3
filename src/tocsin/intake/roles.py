"""Whether a place is threatened or only mentioned (VOCAB R4, R5)."""

import re

from tocsin.intake.clauses import Clause, clauses, lowered
from tocsin.intake.sections import Part
from tocsin.intake.wording import Wording

_FEARED = re.compile(
    r"\b(?:attack(?:s|ed|ing)?|threat(?:s|en\w*)?|plot\w*|strike|strikes|terror\w*|kidnap\w*|danger\w*|bomb\w*|violence|violent|hit|target\w*|imminent|"
    r"objects?|security (?:situation|threat)|unrest|conflict|war|unpredictable|volatile|state of emergency|shoot\w*|missiles?|drones?|risk\w*|demonstrations?|"
    r"attractive|aim(?:ing|ed|s)?|attempts?|jihad|active|expected|fears?|possible|potential|level [1-5]|warning for|alert for|rumou?rs|action|emergency|abduct\w*|assaults?|riots?)\b"
)
_KEEP_OUT = re.compile(
    r"\b(?:avoid\w*|(?:do|should|must|may|can)? ?not (?:to )?(?:travel|go|visit|stay|come)|against (?:all )?(?:but )?[\w ]{0,20}travel|leave|leaving|depart\w*|(?:stay|keep|move) (?:away|out|clear|off)|"
    r"no travel|put off|postpone|reconsider|think twice|shelter|limit\w*|forbidden|restrict\w*|non-essential|careful|vigilant|vigilance|caution|closed)\b"
)
_ISSUER = re.compile(
    r"\b(?:embassy|consulate|consulate general|mission|high commission|warden message|department|bureau|authorities|government|police|spokes\w+)"
    r"(?: (?:in|to|at|of))?,? (?:the )?$"
)
_ACTING = re.compile(
    r"^(?:'s|’s)? (?:and its|government|citizens|nationals|interests|has|have|go(?:es)? on|goes(?! up)|accuses?|says?|said|warned|warns|raised|condemned|and hamas)\b"
)
_AFFILIATION = re.compile(
    r"\b(?:linked (?:with|to)|against|from|because of|accuses?|blamed?|by|with|after|the war in|near|border with|allied with|government (?:of|in)|police (?:of|in)|response to|"
    r"fighters return from|ministry of|embassy of|states around|strikes on|cells of|over|"
    r"(?:given|over|amid|following|like|those of|in view of) (?:[\w-]+ ){0,4}(?:tensions?|events|war|conflict|attacks|developments|protests) in|"
    r"(?:citizens|nationals|residents|americans|israelis|australians|canadians|britons|compatriots|travell?ers|visitors|expatriates|community)"
    r"(?: (?:\w+ ){0,2}(?:in|of|to))?) (?:the )?$"
)
"""Names a state as the one that acts, or that something is of, not as the place where it happens."""


def is_threatened(
    clause: Clause, start: int, end: int, *, country: bool, with_city: bool, beside: Clause | None
) -> bool:
    """Whether the clause says that a place at these offsets is threatened.

    `with_city`: it names a city of that country too. `beside` is the clause on the other side of a colon: a list there is
    of what stands here.
    """
    words = clause.words
    at, after = start - clause.start, end - clause.start
    before = words[max(0, at - 60) : at]
    if clause.part is Part.LOCATION or words.strip() == words[at:after]:
        return True
    if clause.part is not Part.CONTACT and (
        _NO_TRAVEL_TO.first(before) or (_ABOVE_ALL.first(before) and _is_dangerous(words))
    ):
        return True
    if clause.part is Part.CONTACT or clause.past or ("clos" not in words and _speaks(before, country=country)):
        return False
    dangerous = _is_dangerous(words)
    if beside is not None and not dangerous:
        return _is_dangerous(beside.words) and not beside.past
    return _country_is(words, at, after, with_city=with_city, dangerous=dangerous) if country else dangerous


def _country_is(words: str, at: int, after: int, *, with_city: bool, dangerous: bool) -> bool:
    """A country is named for much besides: as a party that acts, as what a body is of, as where the threatened city lies."""
    before, wide = words[max(0, at - 60) : at], words[max(0, at - 100) : at]
    if _ADVICE_FOR.search(wide) or (_EMBASSIES_IN.search(wide) and _PASS_ON.search(words, after)):
        return True
    if with_city and not _ELSEWHERE.search(before):
        return False
    acts = _ACTING.search(words[after : after + 20]) and not before.endswith(" in ")
    return dangerous and not acts and not _AFFILIATION.search(before)


def _speaks(before: str, *, country: bool) -> bool:
    """`the embassy in`, `the government of`: the place is where somebody speaks. The police in a town speak of that town."""
    return bool(_ISSUER.search(before)) and (country or not _LOCAL.search(before))


_LOCAL = re.compile(r"\b(?:local|police|provincial|regional|city) (?:authorities|police|officials)? ?in (?:the )?$")
_NO_TRAVEL_TO = Wording(
    r"\b(?:no|not|non-essential|avoid|against|reconsider|postpone|put off|limit) (?:[\w-]+ ){0,3}(?:travel(?:ling)?|trips?|visits?|journeys?) to (?:the )?$",
    near=("travel", "trip", "visit", "journey"),
    glue=None,
)
_ABOVE_ALL = Wording(
    r"\b(?:above all|especially|particularly|in particular|mainly|chiefly|most of all) (?:in|at|around|near) (?:the )?$",
    near=("above all", "especially", "particularly", "in particular", "mainly", "chiefly", "most of all"),
    glue=None,
)
"""What the sentence tells of besides, such as an arrest, takes nothing from these."""

_ADVICE_FOR = re.compile(
    r"\b(?:advice|advisory|warning|notice|alert) (?:[^.;:]{0,80} )?(?:for|to|on)(?: (?:\w+ ){0,4}in)? (?:the )?$"
)
"""A heading that gives advice for a country speaks of what is feared there."""

_EMBASSIES_IN = re.compile(r"\b(?:embassies|missions|consulates) in [^.;:()]{0,90}$")
_PASS_ON = re.compile(
    r"\b(?:pass(?:ed|ing)?|repeat(?:ed)?|warn(?:ed)?|told|tell|ask(?:ed)?|publish(?:ed)?|issued?|sent|put out)\b"
)
"""Several embassies that pass a warning on do so because it holds where they are."""

_ELSEWHERE = re.compile(
    r"\b(?:elsewhere in|parts? of|the rest of|across|throughout|in the whole of|all of|anywhere in|everywhere in|"
    r"(?:travel(?:ling)?|trips?|journeys?|visits?) to) (?:the )?$"
)


def _is_dangerous(words: str) -> bool:
    return bool(_FEARED.search(words) or _KEEP_OUT.search(words))


_THE = {
    "country": Wording(r"(?:the (?:whole )?country|countrywide|nationwide)\b", near=("country", "nationwide")),
    "airport": Wording(r"the airport\b", near=("the airport",)),
}


def speaks_of_the(kind: str, text: str) -> bool:
    """Whether a clause says of `the country` or `the airport`, which was named before, that it is dangerous or to be left."""
    the = _THE[kind]
    return the.may_stand_in(lowered(text)) and any(
        the.first(one.words) and _is_dangerous(one.words) and not one.past for one in clauses(text)
    )

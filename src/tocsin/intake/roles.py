"""Whether a place is threatened or only mentioned (VOCAB R4, R5)."""

from functools import lru_cache

from tocsin.core.expression import Expression
from tocsin.intake.clauses import Clause, clauses
from tocsin.intake.phrases import names_any
from tocsin.intake.sections import Part
from tocsin.intake.wording import Wording, lowered

_FEARED = Expression(
    r"\b(?:attack(?:s|ed|ing)?|threat(?:s|en\w*)?|plot\w*|strike|strikes|terror\w*|bomb\w*|danger\w*|violence|violent|hit|target\w*|imminent|"
    r"objects?|security (?:situation|threat)|conflict|war|unpredictable|volatile|state of (?:emergency|exception|siege)|martial law|risk\w*|demonstrations?|"
    r"attractive|aim(?:ing|ed|s)?|attempts?|jihad|active|expected|fears?|possible|potential|level [1-5]|warning for|alert for|rumou?rs|action|emergency)\b"
)
"""What is feared, beside the methods of an attack: those are looked for with the lexicon of methods."""
_KEEP_OUT = Expression(
    r"\b(?:avoid\w*|(?:do|should|must|may|can)? ?not (?:to )?(?:travel|go|visit|stay|come)|against (?:all )?(?:but )?[\w ]{0,20}travel|leave|leaving|depart\w*|(?:stay|keep|move) (?:away|out|clear|off)|"
    r"no travel|put off|postpone|reconsider|think twice|shelter|limit\w*|forbidden|restrict\w*|non-essential|careful|(?:take|exercise|special|particular|extra|great) care|vigilant|vigilance|caution|closed)\b"
)
_ISSUER = Expression(
    r"\b(?:embassy|consulate|consulate general|mission|high commission|warden message|department|bureau|authorities|government|police|spokes\w+)"
    r"(?: (?:in|to|at|of))?,? (?:the )?$"
)
_ACTING = Expression(
    r"^(?:'s|’s)? (?:and its|government|citizens|nationals|interests|(?:has|have)(?! (?:gone|become|been|seen|an?)\b)|go(?:es)? on|goes(?! up)|accuses?|says?|(?:\w+ly )?(?:said|gave|passed|shared|denied|fired|launched|vowed|promised|pledged|threatened)|"
    r"warn(?:ed|s)|advise[ds]|urge[ds]|asked|asks|told|tells|raised|condemned|and hamas|and (?:[\w.]+ ){1,4}(?:have|has|warn(?:ed)?|urged?|advised?|ask(?:ed)?|told|said))\b"
    r"|^(?:'s|’s) (?:[\w-]+ ){0,3}(?:ministry|ministries|department|council|bureau|embassy|consulate|president|minister|police|authorities|service|government|army)\b"
)
_AFFILIATION = Expression(
    r"\b(?:linked (?:with|to)|against|from|because of|accuses?|blamed?|by|with|after|the war in|near|borders? with|(?:borders?|border (?:regions?|areas?)) with (?:(?!(?:in|and|where)\b)[\w-]+(?:,| and) (?:the )?){1,3}|allied with|government (?:of|in)|police (?:of|in)|response to|"
    r"fighters return from|(?:ministry|embass(?:y|ies)|consulates?|consulate general|mission|high commission|republic|kingdom|those|that) of|"
    r"affairs(?: of|(?:,| and) (?:international )?trade(?: and development)?,?)?|states around|(?:hostile|opposed) to|strikes on|cells of|over|"
    r"(?:given|over|amid|following|like|those of|in view of) (?:[\w-]+ ){0,4}(?:tensions?|events|war|conflict|attacks|developments|protests) in|"
    r"(?:citizens|nationals|residents|americans|israelis|australians|canadians|britons|compatriots|travell?ers|visitors|expatriates|community)"
    r"(?: (?:(?!of\b)\w+ ){0,2}(?:in|of|to))?) (?:the )?$"
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
    if is_permitted(clause, start):
        return False
    if clause.part is not Part.CONTACT and (
        _NO_TRAVEL_TO.first(before) or (_ABOVE_ALL.first(before) and _is_dangerous(clause))
    ):
        return True
    if is_named_beside(clause, start):
        return False
    if clause.part is Part.CONTACT or clause.past or ("clos" not in words and _speaks(before, country=country)):
        return False
    dangerous = _is_dangerous(clause)
    if beside is not None and not dangerous:
        return _is_dangerous(beside) and not beside.past and not (country and is_party(clause, start, end))
    return _country_is(words, at, after, with_city=with_city, dangerous=dangerous) if country else dangerous


def _country_is(words: str, at: int, after: int, *, with_city: bool, dangerous: bool) -> bool:
    """A country is named for much besides: as a party that acts, as what a body is of, as where the threatened city lies."""
    before, wide = words[max(0, at - 60) : at], words[max(0, at - 100) : at]
    if _ADVICE_FOR.search(wide) or (_EMBASSIES_IN.search(wide) and _PASS_ON.search(words, after)):
        return True
    if with_city and not _ELSEWHERE.search(before):
        return False
    return dangerous and not _is_party(words, at, after)


def is_party(clause: Clause, start: int, end: int) -> bool:
    """Whether a country at these offsets acts, or is what a body or people are of (VOCAB R5)."""
    return _is_party(clause.words, start - clause.start, end - clause.start)


def _is_party(words: str, at: int, after: int) -> bool:
    before = words[max(0, at - 60) : at]
    acts = _ACTING.search(words[after : after + 50]) and not before.endswith(" in ")
    return bool(acts or _AFFILIATION.search(before))


def _speaks(before: str, *, country: bool) -> bool:
    """`the embassy in`, `the government of`: the place is where somebody speaks. The police in a town speak of that town."""
    return bool(_ISSUER.search(before)) and (country or not _LOCAL.search(before))


_LOCAL = Expression(r"\b(?:local|police|provincial|regional|city) (?:authorities|police|officials)? ?in (?:the )?$")
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

_ADVICE_FOR = Expression(
    r"\b(?:advice|advisory|warning|notice|alert) (?:[^.;:]{0,80} )?(?:for|to|on)(?: (?:\w+ ){0,4}in)? (?:the )?$"
)
"""A heading that gives advice for a country speaks of what is feared there."""

_EMBASSIES_IN = Expression(r"\b(?:embassies|missions|consulates) in [^.;:()]{0,90}$")
_PASS_ON = Expression(
    r"\b(?:pass(?:ed|ing)?|repeat(?:ed)?|warn(?:ed)?|told|tell|ask(?:ed)?|publish(?:ed)?|issued?|sent|put out)\b"
)
"""Several embassies that pass a warning on do so because it holds where they are."""

_ELSEWHERE = Expression(
    r"\b(?:elsewhere in|parts? of|the rest of|across|throughout|in the whole of|all of|anywhere in|everywhere in|"
    r"(?:travel(?:ling)?|trips?|journeys?|visits?) to) (?:the )?$"
)


@lru_cache(maxsize=64)
def _is_dangerous(clause: Clause) -> bool:
    """A threat, an attack or unrest under way, or a place to keep out of (VOCAB R4)."""
    words = clause.words
    if _FEARED.search(words) or _KEEP_OUT.search(words):
        return True
    return not clause.denied and names_any("methods", words)


_MODEL_OR_CAUSE = Wording(
    r"\b(?:like|similar to|following|after|since|in the wake of|in response to|as with|modelled on) (?:(?:the|that|those|an?) )?"
    r"(?:(?!against\b|in\b|on\b)[\w-]+ ){0,3}?(?:those|that|ones|attacks?|bombings?|shootings?|blasts?|explosions?|killings?|murders?|assaults?|sieges?|massacres?)\b",
    near=(
        "like ",
        "similar to ",
        "following ",
        "after ",
        "since ",
        "in the wake of ",
        "in response to ",
        "as with ",
        "modelled on ",
    ),
)
_GOES_ON = Expression(
    r", (?:the|there|they|we|this|it|all|an?|our|you|your|citizens|americans|nationals|police|authorities|(?:\w+ )?attacks|further|more|security|terrorists|extremists|"
    r"be|avoid|stay|leave|keep|travel\w*|which|who)\b|\b(?:and|but) (?:there|they|we|may|might|could|plan|again)\b|\b(?:may|might|could|again|are|is|were|was|will|can|plan\w*)\b"
)
_NOW = Expression(r"\b(?:today|tonight|this (?:morning|afternoon|evening)|last night|under way|ongoing)\b")
_PERMITTED = Expression(
    r"\b(?:travel\w*|trips?|journeys?|movements?|mov(?:e|ing)|go(?:ing)?|leav(?:e|ing))\b[^.;:]{0,40}\b(?:outside|beyond)(?: of)? (?:(?!(?:in|to|at|near|from)\b)[\w'’-]+,? ){0,10}\Z"
)


_EXCEPTED = Wording(
    r"\b(?:except(?:ing)?(?: for)?|excluding|apart from|with the exception of|other than)\b[^.;:,]{0,50}\Z",
    near=("except", "excluding", "apart from", "other than"),
    glue=None,
)


def is_named_beside(clause: Clause, start: int) -> bool:
    """Whether a place at this offset is the site of an earlier attack, named as model or cause: `like those in`, `after the bombings in`."""
    at = start - clause.start
    before = clause.words[max(0, at - 160) : at]
    cause = _MODEL_OR_CAUSE.first(before)
    return cause is not None and not _GOES_ON.search(before, cause.end()) and not _NOW.search(clause.words)


def is_permitted(clause: Clause, start: int) -> bool:
    """Whether a place at this offset is left out of what is said: staff or travellers may be there, the advice excepts it."""
    words, at = clause.words, start - clause.start
    if _EXCEPTED.first(words, max(0, at - 60), at):
        return True
    if "outside" not in words and "beyond" not in words:
        return False
    return (clause.staff or clause.advises) and bool(_PERMITTED.search(words, max(0, at - 160), at))


_THE = {
    "country": Wording(r"(?:the (?:whole )?country|countrywide|nationwide)\b", near=("country", "nationwide")),
    "airport": Wording(r"the airport\b", near=("the airport",)),
}


def speaks_of_the(kind: str, text: str) -> bool:
    """Whether a clause says of `the country` or `the airport`, which was named before, that it is dangerous or to be left."""
    the = _THE[kind]
    return the.may_stand_in(lowered(text)) and any(
        the.first(one.words) and _is_dangerous(one) and not one.past for one in clauses(text)
    )

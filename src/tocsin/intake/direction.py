"""Whether a clause speaks of what comes: a day that it names is then one of a window, and not of a report."""

from functools import lru_cache

from tocsin.core.expression import Expression
from tocsin.intake.clauses import Clause

_COMING = Expression(
    r"\b(?:may|might|could|will|would|plan\w*|plot\w*|expected|scheduled|possible|potential|threat\w*|call(?:s|ed) for|closed?|closing|clos(?:es|ure)|due|"
    r"avoid|strike|attack\w*|hit|target\w*|prepar\w*|demonstrations?|elections?|suspended|until|restrict\w*|shut|risk\w*|protests?|march(?:es)?|rall(?:y|ies)|"
    r"curfew|vigil\w*|parade|summit|match|festival|heightened|fear\w*|bars?|barred|forbid\w*|cancel\w*)\b"
)
_AHEAD = Expression(
    r"(?<!in )(?<![0-9] )(?<!of )\bmay\b(?! [0-9])|\b(?:might|could|can|will|shall|should|must|would|going to|(?:is|are) (?:not )?to|plans?|planning|(?:is|are) planned|intends?|"
    r"expects?|(?:is|are) expected|(?:is|are|been) (?:scheduled|announced|called|due|set|foreseen)|call(?:s|ed)? for|(?:have|has) (?:called|announced|convened)|(?:called|announced|convened) (?:[\w-]+ ){1,4}for|likely|(?:is|are) feared|fears?|possible|possibility|potential|"
    r"(?:remains?|stays?|is|are) (?:closed|shut|suspended|cancelled|canceled|barred|forbidden|restricted)|takes? place|begins?|starts?|upcoming|coming|ahead)\b"
)
_BACK = Expression(
    r"(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bto )\b(?:(?!heightened|armed|crowded|increased|united|need|embed|speed|indeed|red|bed|based|related|limited|continued|planned (?!an?\b|the\b|to\b|attacks?\b)|advised|named|so-called)"
    r"[a-z]{2,}ed|broke|took|struck|shot|fought|fell|went|came|was|were|had|burnt|blew|drove|left|held|began|said|told|wrote|spoke|made|ran|rose|saw|hit)\b"
)
_SAID = Expression(
    r"(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bbeen )\b(?:said|told|asked|called|replied|wrote|spoke|announced|reported|posted|published|summoned|denied|arrested|foiled|claimed)\b"
)
_LEARNT = Expression(r"\b(?:receive[ds]?|learn(?:ed|t)|informed|issued|raised|confirmed|published|warned)\b")
_SAID_OF_WHAT_COMES = Expression(r"\b(?:may|could|will|plan|plot|told to|due)\b")


def speaks_of_what_comes(clause: Clause) -> bool:
    """Names something that may come and reports nothing: what a day of issue, or one that may be past, needs to be a window."""
    coming, _, _ = _tenses(clause.words)
    says = reports(clause) and not _SAID_OF_WHAT_COMES.search(clause.words)
    return coming and not says and not looks_back(clause)


def looks_back(clause: Clause) -> bool:
    """Tells of something that happened; or has a verb in the past, none of what comes, and tells nobody what to do."""
    _, ahead, back = _tenses(clause.words)
    return clause.told or (back and not ahead and not clause.advises)


def looks_ahead(clause: Clause) -> bool:
    """Advises, or names something that may come, and does not look back."""
    coming, ahead, back = _tenses(clause.words)
    return not clause.told and (clause.advises or ahead or (coming and not back))


def reports(clause: Clause) -> bool:
    """Tells what somebody said or did on the day that it names."""
    return bool(_SAID.search(clause.words))


def tells_the_news(clause: Clause) -> bool:
    """Tells what somebody said, learnt or issued: "today" is then the day of that."""
    return reports(clause) or bool(_LEARNT.search(clause.words))


@lru_cache(maxsize=64)
def _tenses(words: str) -> tuple[bool, bool, bool]:
    """Whether the words name what may come, have a verb of what comes, and one in the past."""
    return bool(_COMING.search(words)), bool(_AHEAD.search(words)), bool(_BACK.search(words))

"""By which method a text says an attack may come; unspecified where it names an attack and no method."""

from tocsin.core.expression import Expression
from tocsin.intake.clauses import clauses
from tocsin.intake.phrases import Mention, first_mentions
from tocsin.intake.report import Found
from tocsin.intake.wording import lowered

_SPECIAL = {
    "suicide_bombing": "bombing",
    "vehicle_bomb": "bombing",
    "ambush": "armed_assault",
    "armed_assault": "assault",
}
"""The special method replaces the general one (VOCAB, methods)."""
_BESIDE = frozenset({"armed_conflict", "kidnapping", "hostage_taking", "civil_unrest", "hijacking", "assassination"})
"""Beside these an attack that is named without its method stays unspecified."""
_ATTACK = Expression(
    r"\b(?:attack(?:s|ed|ing)?|plot(?:s|ting)?|terror(?:ism|ist)?|strike|violence|conspir\w+|hit a|harm(?:ing)?|targeting|imminent plans?)\b"
    r"(?!-emergency)"
)
_THREAT = Expression(
    r"\b(?:(?:security |credible |specific |terrorist |potential |possible )?threats?|danger|incident|security situation|risk)\b"
)


_EXPECTED = Expression(
    r"(?:calls?|plans?|potential|possibility|likelihood|risk|threat|there|(?:demonstrations?|protests?|marches|rallies)[^.;]{0,40}\b(?:are|is) (?:expected|planned|called|likely|foreseen|announced|scheduled))\b"
)
"""Unrest that is named as what will come counts in advice too (VOCAB R1)."""


def find_methods(text: str) -> tuple[Found, ...]:
    """Each method once, at the first clause that names it for the threat, not for one thing of the past."""
    found = {
        one.label: Found(one.label, one.start, one.end, "M-named") for one in first_mentions("methods", text, _counts)
    }
    for special, general in _SPECIAL.items():
        if special in found:
            found.pop(general, None)
    if not set(found) - _BESIDE:
        attack = _attack(text) or (None if found else _threat(text))
        if attack:
            found["unspecified_attack"] = attack
    return tuple(sorted(found.values(), key=lambda one: one.start))


def _counts(one: Mention) -> bool:
    clause = one.clause
    if clause.past or (clause.denied and not _ATTACK.search(clause.words)):
        return False
    return not (clause.advises and one.label == "civil_unrest") or bool(
        _EXPECTED.match(clause.words, one.start - clause.start)
    )


def _attack(text: str) -> Found | None:
    """The first word for an attack in a clause that does not tell of the past."""
    for clause in clauses(text):
        match = _ATTACK.search(clause.words)
        if match and not clause.past:
            return Found("unspecified_attack", clause.start + match.start(), clause.start + match.end(), "M-attack")
    return None


def _threat(text: str) -> Found | None:
    lower = lowered(text)
    match = _ATTACK.search(lower) or _THREAT.search(lower)
    return Found("unspecified_attack", match.start(), match.end(), "M-threat") if match else None

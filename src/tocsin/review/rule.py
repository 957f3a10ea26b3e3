"""By which rule a pair is judged: its numbers and its clauses are data, a file of the package or of whoever judges."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from msgspec import Struct, field

from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.core.fields import Fields
from tocsin.core.threat import Level
from tocsin.errors import InputError
from tocsin.evidence.statement import load_json
from tocsin.review.facets import Verdict
from tocsin.review.incident import IncidentStatus

MAX_BYTES = 256 * 1024
MAX_CLAUSES = 200
_KEYS = ("id", "near_km", "late_hours", "max_late_hours", "cap_worldwide", "cap_evidence", "overall")
_ID = Expression(r"[a-z0-9]+(?:-[a-z0-9]+)*/[1-9][0-9]{0,3}")


class WarningType(StrEnum):
    """What was passed on. A person lead names somebody and no plan."""

    THREAT_WARNING = "threat_warning"
    PERSON_LEAD = "person_lead"
    VULNERABILITY_ASSESSMENT = "vulnerability_assessment"
    GENERAL_BULLETIN = "general_bulletin"


class EvidenceStatus(StrEnum):
    """Where it is known from that the warning said so."""

    OFFICIAL_TEXT = "official_text"
    OFFICIAL_STATEMENT = "official_statement"
    INQUIRY = "inquiry"
    PRESS_SOURCES = "press_sources"
    CLAIM_DENIED = "claim_denied"


_TAGS = (Verdict.HIT, Verdict.PARTIAL, Verdict.MISS, Verdict.UNSPECIFIED)
_WORDS: Mapping[str, frozenset[str]] = {
    "status": frozenset(IncidentStatus),
    "type": frozenset(WarningType),
    "place": frozenset({Verdict.HIT, Verdict.NEAR, Verdict.MISS, Verdict.UNSPECIFIED}),
    "place_level": frozenset(Level),
    "time": frozenset({Verdict.EARLY, Verdict.HIT, Verdict.LATE, Verdict.MISS, Verdict.UNSPECIFIED}),
    "target": frozenset(_TAGS),
    "actor": frozenset(_TAGS),
    "method": frozenset(_TAGS),
    "person": frozenset({Verdict.HIT, Verdict.MISS, Verdict.UNSPECIFIED}),
}
"""What a clause may ask for, and the words that each can have (REVIEW 0)."""
_OVERALL = frozenset({Verdict.HIT, Verdict.PARTIAL, Verdict.MISSED_EVENT, Verdict.AVERTED})


class Clause(Struct, frozen=True):
    """`overall` is the verdict if each thing asked for has one of its words; `cites` names the line of the written rule."""

    cites: str
    when: Mapping[str, frozenset[str]]
    overall: Verdict

    def fits(self, facts: Mapping[str, str]) -> bool:
        """Whether all that it asks for is so; a clause that asks for nothing always fits."""
        for name, words in self.when.items():  # noqa: SIM110  # a generator takes twice as long, and pairs are many
            if facts.get(name) not in words:
                return False
        return True


class MatchRule(Struct, frozen=True, kw_only=True):
    """A rule, printed beside every score; without arguments it is `casebook/1`.

    `late` bounds the verdict "late" of a facet; `max_late` is the grace that a contingency table allows, fixed beforehand.
    The first of the `clauses` that fits is the verdict; a cap then makes a hit partial.
    """

    id: str = "casebook/1"
    near_km: float = field(default_factory=lambda: _casebook().near_km)
    late: timedelta = field(default_factory=lambda: _casebook().late)
    max_late: timedelta = timedelta(0)
    clauses: tuple[Clause, ...] = field(default_factory=lambda: _casebook().clauses)
    cap_worldwide: bool = True
    cap_evidence: frozenset[EvidenceStatus] = field(default_factory=lambda: _casebook().cap_evidence)

    def decide(self, facts: Mapping[str, str]) -> Clause:
        """The first clause that fits; the last one always does."""
        return next(one for one in self.clauses if one.fits(facts))


def read_rule(raw: bytes) -> MatchRule:
    """The rule in this JSON file; InputError names the key or the clause, what was found and what was expected.

    Every key must be there: a rule that leaves a number to somebody else is no rule. `casebook/1` is frozen: a file that
    takes its name must say what it says.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(f"rule has {len(raw)} bytes, at most {MAX_BYTES} expected")
    rule = _make_rule(load_json(raw, "rule"))
    if rule.id == _casebook().id and rule != _casebook():
        raise InputError(f"rule calls itself {rule.id!r} and differs from it", hint="give it a name of its own, NAME/1")
    return rule


def _casebook() -> MatchRule:
    return _own("casebook-1.json")


@cache
def _own(name: str) -> MatchRule:
    return _make_rule(read_data("review", name))


def _make_rule(found: Mapping[str, Any]) -> MatchRule:
    fields = Fields.of("rule", found)
    fields.allow(_KEYS)
    name = fields.text("id")
    if not _ID.fullmatch(name):
        raise InputError(f"rule: id is {name[:60]!r}, expected NAME/NUMBER in small letters, such as 'casebook/1'")
    capped = fields.value("cap_worldwide")
    if not isinstance(capped, bool):
        raise InputError(f"rule: cap_worldwide is {str(capped)[:60]!r}, expected true or false")
    clauses = tuple(_clause(one) for one in fields.records("overall"))
    if not clauses or len(clauses) > MAX_CLAUSES or clauses[-1].when:
        raise InputError(
            f"rule: overall has {len(clauses)} clauses, expected 1 to {MAX_CLAUSES}, the last one asking for nothing"
        )
    return MatchRule(
        id=name,
        near_km=_number(fields, "near_km", 20038),
        late=timedelta(hours=_number(fields, "late_hours", 87660)),
        max_late=timedelta(hours=_number(fields, "max_late_hours", 87660)),
        clauses=clauses,
        cap_worldwide=capped,
        cap_evidence=frozenset(_word(fields.name, "cap_evidence", one) for one in fields.texts("cap_evidence")),
    )


def _clause(fields: Fields) -> Clause:
    fields.allow(("cites", "when", "overall"))
    asked = fields.record("when")
    asked.allow(tuple(_WORDS))
    when = {}
    for name in asked.found:
        words = asked.texts(name)
        unknown = sorted(set(words) - _WORDS[name])
        if unknown or not words:
            found = unknown[0] if unknown else "none"
            raise InputError(f"{asked.name}: {name} has {found!r}, expected words of {', '.join(sorted(_WORDS[name]))}")
        when[name] = frozenset(words)
    overall = fields.choice("overall", Verdict)
    if overall not in _OVERALL:
        raise InputError(f"{fields.name}: overall is {overall.value!r}, expected one of {', '.join(sorted(_OVERALL))}")
    return Clause(fields.text("cites"), when, overall)


def _word(name: str, key: str, found: str) -> EvidenceStatus:
    if found not in frozenset(EvidenceStatus):
        raise InputError(f"{name}: {key} has {found[:60]!r}, expected words of {', '.join(EvidenceStatus)}")
    return EvidenceStatus(found)


def _number(fields: Fields, key: str, most: int) -> float:
    value = fields.value(key)
    # Not a number and infinity fail the comparison too.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise InputError(f"{fields.name}: {key} is {str(value)[:60]!r}, expected a number from 0 to {most}")
    return float(value)

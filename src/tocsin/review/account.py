"""The account of an incident for one reader: every part in its order, with what that reader may not see taken out."""

from collections.abc import Sequence

from msgspec.structs import replace

from tocsin.compose.leaks import HeldBack
from tocsin.core.marking import Audience
from tocsin.review.account_finding import (
    tell_facets,
    tell_in_short,
    tell_leads,
    tell_peers,
    tell_place,
    tell_rule,
    tell_time,
)
from tocsin.review.account_proof import tell_grades, tell_keys, tell_not_proved, tell_proved
from tocsin.review.account_record import (
    tell_claims,
    tell_lessons,
    tell_measures,
    tell_order,
    tell_parties,
    tell_words,
)
from tocsin.review.facts import Facts
from tocsin.review.finding import make_title, write_local
from tocsin.review.redact import TAKEN_OUT, redact
from tocsin.review.sheet import Sheet

_PARTS = (
    tell_in_short,
    tell_time,
    tell_leads,
    tell_words,
    tell_place,
    tell_facets,
    tell_peers,
    tell_rule,
    tell_parties,
    tell_measures,
    tell_lessons,
    tell_order,
    tell_claims,
    tell_proved,
    tell_not_proved,
    tell_grades,
    tell_keys,
)


def make_account(facts: Facts, held_back: Sequence[HeldBack]) -> Sheet:
    """All that one account says to `facts.reader`, ready to print. `held_back` are the phrases of the warnings in it.

    Lessons of other incidents may tell what other warnings held back: their words are for internal readers alone.
    """
    incident = facts.incident
    withheld = {
        one.id for one in facts.lessons if one.incident != incident.id and facts.reader is not Audience.INTERNAL
    }
    lessons = (replace(one, text=TAKEN_OUT) if one.id in withheld else one for one in facts.lessons)
    facts = replace(facts, lessons=tuple(lessons))
    sheet = Sheet(
        title=make_title(facts.match, incident),
        name=f"Account of {incident.id}, {incident.place.name}",
        made=f"by {facts.node}, made {write_local(facts.generated, facts.zone)}. Times are those of {facts.zone}.",
        exercise=facts.exercise,
        reader=facts.reader,
        sections=tuple(tell(facts) for tell in _PARTS),
        taken_out=len(withheld),
    )
    return redact(sheet, held_back, (facts.threat.area.description, facts.node))

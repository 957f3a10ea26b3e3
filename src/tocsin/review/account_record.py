"""The parts of an account that say what was said and done: words, parties, measures, lessons, the order of things, claims."""

from collections.abc import Iterator

from tocsin.core.window import write_instant, zone_of
from tocsin.evidence.receipt import Answer, Grade
from tocsin.review.facts import Facts, Party
from tocsin.review.finding import write_day, write_local, write_span
from tocsin.review.lesson import Lesson
from tocsin.review.sheet import Line, Look, Mark, Section
from tocsin.review.timeline import SIGNED, Moment, Silence
from tocsin.review.told import ToldClaim, find_difference, write_date
from tocsin.review.wording import say_reached


def tell_words(facts: Facts) -> Section:
    """The words of each version that the reader may see, as issued."""
    return Section(
        title="What was said",
        note=f"{facts.warning.id}, state now: {facts.warning.status.replace('_', ' ')}",
        look=Look.WORDS,
        lines=tuple(
            Line(
                label=f"{one.audience.value} version",
                text="",
                quote=f"{one.headline}\n{one.description}\n{one.instruction}",
            )
            for one in facts.warning.words
        ),
    )


def tell_parties(facts: Facts) -> Section:
    """Who it went to, in the strongest words that each proof bears, and what came back."""
    states = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in facts.mail.items()) or "none"
    return Section(
        title="Who it went to",
        wide=True,
        look=Look.POINTS,
        lines=(*map(_party, facts.parties), Line(text=f"E-mail, all of it: {states}.")),
        foot="Handed over to a mail server is not read. How many of all who were there it reached is not known.",
    )


def tell_measures(facts: Facts) -> Section:
    """What was done, as those say who did it."""
    return Section(
        title="Measures",
        note="as answers say that were given; none checked here",
        look=Look.POINTS,
        lines=tuple(
            Line(
                text=f"{one.party} says that it acted{':' if one.words else '; what it did is not stated'}",
                quote=one.words,
                when=write_local(one.at, facts.zone),
                grade=one.grade,
            )
            for one in facts.measures
        )
        or (Line(text="No measure is recorded here. That says nothing of what was done elsewhere."),),
    )


def tell_lessons(facts: Facts) -> Section:
    """Open ones of earlier accounts first: what was known and not done (LESSONS L60)."""
    here = facts.incident.id
    order = sorted(facts.lessons, key=lambda one: (one.incident == here, one.closed is not None, one.due, one.id))
    return Section(
        title="Lessons",
        look=Look.POINTS,
        lines=tuple(line for one in order for line in _lesson(facts, one)) or (Line(text="No lesson is recorded."),),
    )


def tell_order(facts: Facts) -> Section:
    """Everything on one line of time, day by day."""
    return Section(
        title="In order",
        wide=True,
        note="● signed by another party · ○ from this node’s log · ◆ incident · “ claim: somebody says so, not checked here"
        " · … nothing entered",
        foot="By link: somebody who had the letter answered; who, is not proved.",
        look=Look.TIMELINE,
        lines=tuple(_order(facts)),
    )


def tell_claims(facts: Facts) -> Section:
    """What others say, with who reports it; never a fact."""
    many = len(facts.claims)
    texts = dict.fromkeys(f"{one.report} is the text with SHA-256 {one.digest}." for one in facts.claims)
    return Section(
        title="What others claim",
        wide=True,
        note=f"{many} {'claim' if many == 1 else 'claims'}, none checked here",
        look=Look.CLAIMS,
        lines=(*(line for one in facts.claims for line in _claim(facts, one)), *(Line(text=one) for one in texts))
        or (Line(text="No claim is recorded here. That says nothing of what was said elsewhere."),),
        foot="The words in quotation marks are those of the text that has them. A claim changes no verdict, no count and "
        "no proof of this account.",
    )


def _party(party: Party) -> Line:
    if not party.answer:
        said = "nothing came back"
    elif party.signed:
        said = f"it signed “{party.answer}”"
    else:
        said = f"by its link somebody answered “{party.answer}”; who, is not proved"
    # Their machine signed that it could not read it: that reached nobody.
    reached = Grade.E2 if party.answer == Answer.UNREADABLE.value else party.grade
    note = f"Letters to its contacts: {party.letters}." if party.letters else ""
    return Line(text=f"{say_reached(party.name, reached)}; {said}.", quote=party.reason, grade=party.grade, note=note)


def _lesson(facts: Facts, one: Lesson) -> Iterator[Line]:
    owner = facts.names.get(one.owner, one.owner)
    state = "closed"
    if one.closed is None:
        late = one.due < facts.generated.astimezone(zone_of(facts.zone)).date()
        state = "open and overdue" if late else "open"
    earlier = "" if one.incident == facts.incident.id else f" From the account of {one.incident}."
    due = write_date(one.due)
    yield Line(label=one.id, text=f"{state}, owner {owner}, due {due}:", quote=one.text, note=earlier.strip())
    if one.closed is not None:
        yield Line(label=one.id, text=f"closed on {write_local(one.closed, facts.zone)}:", quote=one.outcome)


def _order(facts: Facts) -> Iterator[Line]:
    day = ""
    for one in facts.timeline:
        if (today := write_day(one.at, facts.zone)) != day:
            day = today
            yield Line(text=day, mark=Mark.DAY)
        if isinstance(one, Silence):
            span = write_span(one.until - one.at)
            yield Line(
                text=f"Nothing was entered here for {span}, until {write_local(one.until, facts.zone)}.",
                mark=Mark.SILENCE,
            )
        elif one.claim is not None:
            yield _claim_in_order(facts, one, one.claim)
        else:
            yield _moment(facts, one)


def _moment(facts: Facts, one: Moment) -> Line:
    mark = Mark.INCIDENT if one.by == "incident" else Mark.SIGNED if one.grade in SIGNED else Mark.LOG
    logged = "" if one.logged is None else f"entered {write_local(one.logged, facts.zone)}"
    return Line(
        text=one.text,
        quote=one.quote,
        when=f"{one.at.astimezone(zone_of(facts.zone)):%H:%M:%S}",
        instant=write_instant(one.at),
        logged=logged,
        grade=one.grade,
        mark=mark,
    )


def _claim_in_order(facts: Facts, one: Moment, told: ToldClaim) -> Line:
    exact = told.to_the_minute
    return Line(
        label="claim",
        text=f"{one.by} says",
        quote=one.text,
        note=_reported(told),
        when=f"{one.at.astimezone(zone_of(facts.zone)):%H:%M}" if exact else told.said,
        instant=write_instant(one.at) if exact else "",
        mark=Mark.CLAIM,
    )


def _claim(facts: Facts, told: ToldClaim) -> Iterator[Line]:
    claim = told.claim
    yield Line(
        label="claim",
        text=f"{claim.who} says",
        quote=claim.words,
        note=f"{_reported(told)} To: {claim.to or 'not stated'}. Said: {told.said}. Source: {told.report}, "
        f"claim {told.number}, characters {claim.start} to {claim.end}.",
        mark=Mark.CLAIM,
    )
    found = find_difference(claim, incident=facts.incident, issued=facts.warning.issued)
    if found is not None:
        yield Line(
            label="Differs from this node’s log.",
            text=f"Time of the {found.subject.value}: the claim has {found.theirs}, the log has "
            f"{write_local(found.ours, facts.zone)}. Both stand as they are.",
            mark=Mark.DIFFERS,
        )


def _reported(told: ToldClaim) -> str:
    return f"As reported by {told.tellers} on {write_date(told.claim.dated)}."

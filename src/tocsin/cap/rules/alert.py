"""Rules of CAP 1.2 section 3.2.1 that speak of one alert: who sends what to whom, and of which other message."""

import re
from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.grammar import VERSIONS
from tocsin.cap.times import find_instant

_NAME = re.compile(r"[^\s,<&]++")
_PROFILED = re.compile(r"\S+")
_OLDEST = f"{{{VERSIONS['1.0']}}}"
_OF_OLDEST = re.compile(r"[^\s,<&/]+/[^\s,<&]+")


@rule(3, Level.ERROR, "3.2.1", on="alert")
def names_hold_nothing_that_divides_references(alert: Block) -> Sequence[Fault]:
    """Identifier and sender are not empty and hold no space, comma, < or &."""
    faults = [
        Fault(alert.at(name), f"{name} {text[:60]!r} is empty or holds a space, comma, '<' or '&'")
        for name in ("identifier", "sender")
        if name in alert.leaves and not _NAME.fullmatch(text := alert.leaves[name])
    ]
    return faults or NO_FAULTS


@rule(11, Level.ADVICE, "3.2.1", on="alert", where="status", words=("Exercise",))
def an_exercise_names_itself(alert: Block) -> Sequence[Fault]:
    """The identifier of an exercise stands in the note."""
    if alert.text("note"):
        return NO_FAULTS
    return (Fault(alert.at("status"), "status Exercise without the name of the exercise in note"),)


@rule(12, Level.ERROR, "3.2.1", on="alert", where="msgType", words=("Update", "Cancel"))
def an_update_says_what_it_replaces(alert: Block) -> Sequence[Fault]:
    """Update and Cancel speak of the messages in references."""
    if alert.text("references"):
        return NO_FAULTS
    kind = alert.text("msgType")
    return (Fault(alert.at("msgType"), f"msgType {kind} without references: it replaces nothing"),)


@rule(13, Level.ERROR, "3.2.1", on="alert", where="msgType", words=("Ack", "Error"))
def an_answer_says_to_what(alert: Block) -> Sequence[Fault]:
    """Ack and Error speak of the messages in references."""
    if alert.text("references"):
        return NO_FAULTS
    kind = alert.text("msgType")
    return (Fault(alert.at("msgType"), f"msgType {kind} without references: it answers nothing"),)


@rule(13, Level.ADVICE, "3.2.1", on="alert", where="msgType", words=("Error",))
def an_error_says_why(alert: Block) -> Sequence[Fault]:
    """Error explains itself in note."""
    if alert.text("note"):
        return NO_FAULTS
    return (Fault(alert.at("msgType"), "msgType Error without an explanation in note"),)


@rule(14, Level.ERROR, "3.2.1", on="alert", needs="references")
def references_name_earlier_messages(alert: Block) -> Sequence[Fault]:
    """Each is sender,identifier,sent (identifier/sender in CAP 1.0); none is this very message or later than it."""
    faults: list[Fault] = []
    sent = find_instant(alert.text("sent"))
    own = (alert.text("sender"), alert.text("identifier"))
    spot = alert.at("references")
    for one in alert.text("references").split():
        if "," not in one and alert.node.tag.startswith(_OLDEST) and _OF_OLDEST.fullmatch(one):
            continue
        parts = one.split(",")
        at = find_instant(parts[2]) if len(parts) == 3 else None
        if at is None or not parts[0] or not parts[1]:
            faults.append(Fault(spot, f"reference {one[:80]!r} is not sender,identifier,sent"))
        elif (parts[0], parts[1]) == own and at == sent:
            faults.append(Fault(spot, f"reference {one[:80]!r} is to the message itself"))
        elif sent is not None and at > sent:
            faults.append(Fault(spot, f"reference {one[:80]!r} is to a message sent later"))
    return faults


@rule(14, Level.WARNING, "3.2.1", on="alert", needs="references")
def references_are_to_other_identifiers(alert: Block) -> Sequence[Fault]:
    """Sender, identifier and sent name a message together; who compares less takes the earlier one for this one."""
    own = f"{alert.text('sender')},{alert.text('identifier')},"
    references = alert.text("references")
    if own not in references:
        return NO_FAULTS
    sent = find_instant(alert.text("sent"))
    return [
        Fault(alert.at("references"), f"reference {one[:80]!r} has the identifier of this message: each has its own")
        for one in references.split()
        if one.startswith(own) and (at := find_instant(one[len(own) :])) is not None and at != sent
    ]


@rule(18, Level.ERROR, "3.2.1", on="alert", where="scope", words=("Private",))
def what_is_private_says_for_whom(alert: Block) -> Sequence[Fault]:
    """Scope Private needs addresses."""
    if alert.text("addresses"):
        return NO_FAULTS
    return (Fault(alert.at("scope"), "scope Private without addresses"),)


@rule(18, Level.WARNING, "3.2.1", on="alert", needs="addresses")
def addresses_with_spaces_are_quoted(alert: Block) -> Sequence[Fault]:
    """Addresses are divided by spaces; a quote that is opened is closed."""
    if alert.text("addresses").count('"') % 2 == 0:
        return NO_FAULTS
    return (Fault(alert.at("addresses"), "addresses hold a double quote that is not closed"),)


@rule(19, Level.ERROR, "3.2.1", on="alert", where="scope", words=("Restricted",))
def what_is_restricted_says_how(alert: Block) -> Sequence[Fault]:
    """Scope Restricted needs a restriction."""
    if alert.text("restriction"):
        return NO_FAULTS
    return (Fault(alert.at("scope"), "scope Restricted without a restriction"),)


@rule(19, Level.WARNING, "3.2.1", on="alert", needs="restriction")
def a_restriction_goes_with_restricted(alert: Block) -> Sequence[Fault]:
    """A restriction is used when scope is Restricted."""
    scope = alert.text("scope")
    if scope == "Restricted" or not alert.text("restriction"):
        return NO_FAULTS
    return (Fault(alert.at("restriction"), f"restriction in a message of scope {scope[:20]!r}"),)


@rule(21, Level.WARNING, "3.2.1", on="alert", needs="incidents")
def incidents_with_spaces_are_quoted(alert: Block) -> Sequence[Fault]:
    """Incidents are divided by spaces; a quote that is opened is closed."""
    if alert.text("incidents").count('"') % 2 == 0:
        return NO_FAULTS
    return (Fault(alert.at("incidents"), "incidents hold a double quote that is not closed"),)


@rule(22, Level.ADVICE, "3.2.1", on="alert", needs="code")
def a_code_says_something(alert: Block) -> Sequence[Fault]:
    """A code that is there marks a profile or a special handling."""
    return [
        Fault(alert.at("code", number), "code is empty")
        for number, text in enumerate(alert.texts("code"))
        if not _PROFILED.search(text)
    ]


@rule(25, Level.ADVICE, "3.2.1", on="alert", lacks=("info",))
def an_alert_informs(alert: Block) -> Sequence[Fault]:
    """Without an info block nobody learns what threatens; an Ack, Error or Cancel needs none."""
    if alert.text("msgType") in {"Ack", "Error", "Cancel"}:
        return NO_FAULTS
    return (Fault(alert.at(), "the message has no info: it says nothing of a threat"),)


@rule(24, Level.WARNING, "3.2.2", on="alert", needs="info")
def each_language_tells_the_same_event(alert: Block) -> Sequence[Fault]:
    """All info blocks have the same categories and event codes; networks demand it."""
    return find_other_events(alert)


def find_other_events(alert: Block) -> Sequence[Fault]:
    """A fault for each info whose categories or event codes are not those of the first."""
    infos = alert.inner("info")
    if len(infos) < 2:
        return NO_FAULTS
    first = _subject(infos[0])
    return [
        Fault(info.at(), "category and eventCode are not those of the first info")
        for info in infos[1:]
        if _subject(info) != first
    ]


def _subject(info: Block) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    categories = frozenset(map(str.strip, info.texts("category")))
    return categories, frozenset(info.pairs("eventCode"))


RULES = (
    names_hold_nothing_that_divides_references,
    an_exercise_names_itself,
    an_update_says_what_it_replaces,
    an_answer_says_to_what,
    an_error_says_why,
    references_name_earlier_messages,
    references_are_to_other_identifiers,
    what_is_private_says_for_whom,
    addresses_with_spaces_are_quoted,
    what_is_restricted_says_how,
    a_restriction_goes_with_restricted,
    incidents_with_spaces_are_quoted,
    a_code_says_something,
    an_alert_informs,
    each_language_tells_the_same_event,
)

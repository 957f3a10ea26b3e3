"""What several networks demand alike of an info block, each under its own number."""

from collections.abc import Callable, Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, Rule, rule
from tocsin.cap.rules.alert import find_other_events


def an_info(number: int, network: str, *, answers_too: bool = False) -> Rule:
    """Nothing can be shown without one; an Ack or an Error shows nothing."""

    @rule(number, Level.ERROR, network, on="alert", lacks=("info",))
    def an_alert_has_an_info(alert: Block) -> Sequence[Fault]:
        if not answers_too and alert.text("msgType") in {"Ack", "Error"}:
            return NO_FAULTS
        return (Fault(alert.at(), "the message has no info"),)

    return an_alert_has_an_info


def one_event(number: int, network: str) -> Rule:
    """What CAP advises (CAP-24), a network demands: each info of the same event."""

    @rule(number, Level.ERROR, network, on="alert", needs="info")
    def each_info_is_of_the_same_event(alert: Block) -> Sequence[Fault]:
        return find_other_events(alert)

    return each_info_is_of_the_same_event


def an_area(number: int, network: str) -> Rule:
    """Nothing is sent without one."""

    @rule(number, Level.ERROR, network, on="info", lacks=("area",))
    def an_info_has_an_area(info: Block) -> Sequence[Fault]:
        return (Fault(info.at(), "info has no area"),)

    return an_info_has_an_area


def listed_event(
    number: int, network: str, is_listed: Callable[[str], object], named: str, *, several: bool = False
) -> Rule:
    """One eventCode whose scheme is of the network's list, and a value in it; with `several`, one or more."""

    @rule(number, Level.ERROR, network, on="info")
    def an_info_has_a_listed_event(info: Block) -> Sequence[Fault]:
        codes = [value for scheme, value in info.pairs("eventCode") if is_listed(scheme)]
        if codes and all(codes) and (several or len(codes) == 1):
            return NO_FAULTS
        return (Fault(info.at(), f"eventCodes {named} are {codes!r}, expected one"),)

    return an_info_has_a_listed_event

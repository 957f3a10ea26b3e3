"""What several networks demand alike of an info block, each under its own number."""

from collections.abc import Callable, Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, Rule, rule


def an_area(number: int, network: str) -> Rule:
    """Nothing is sent without one."""

    @rule(number, Level.ERROR, network, on="info", lacks=("area",))
    def an_info_has_an_area(info: Block) -> Sequence[Fault]:
        return (Fault(info.at(), "info has no area"),)

    return an_info_has_an_area


def one_listed_event(number: int, network: str, is_listed: Callable[[str], object], named: str) -> Rule:
    """One eventCode whose scheme is of the network's list, and a value in it."""

    @rule(number, Level.ERROR, network, on="info")
    def an_info_has_one_listed_event(info: Block) -> Sequence[Fault]:
        codes = [value for scheme, value in info.pairs("eventCode") if is_listed(scheme)]
        if len(codes) == 1 and codes[0]:
            return NO_FAULTS
        return (Fault(info.at(), f"eventCodes {named} are {codes!r}, expected one"),)

    return an_info_has_one_listed_event

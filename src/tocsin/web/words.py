"""The words of the desk's pages: states, answers and counts as people say them, never one that claims too much."""

from collections.abc import Mapping

from msgspec import Struct

from tocsin.cap.chain import Standing
from tocsin.compose.lifecycle import Status
from tocsin.desk.records import MailState
from tocsin.desk.show_parties import PartyState
from tocsin.evidence.receipt import Answer
from tocsin.exchange.protocol import DeliveryState

_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def write_count(count: int, noun: str = "", nouns: str = "") -> str:
    """A small number in words, a large one in figures, with its noun.

    >>> write_count(1, "warning"), write_count(0, "warning"), write_count(1200, "person", "people"), write_count(0)
    ('one warning', 'no warnings', '1,200 people', 'none')
    """
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    if not noun:
        return number if count else "none"
    return f"{number} {noun if count == 1 else nouns or noun + 's'}"


def write_plain(tag: str) -> str:
    """A tag of a vocabulary as words.

    >>> write_plain("public_gathering")
    'public gathering'
    """
    return tag.replace("_", " ")


def write_fingerprint(hexadecimal: str) -> str:
    """In groups of four, to be read out over the telephone.

    >>> write_fingerprint("0123456789ab")
    '0123 4567 89ab'
    """
    return " ".join(hexadecimal[n : n + 4] for n in range(0, len(hexadecimal), 4))


class Said(Struct, frozen=True):
    """A state in one or two words, the tag that it is drawn as, and what is proved by it and what is not."""

    word: str
    tag: str
    proved: str


LIFE: Mapping[Status, Said] = {
    Status.LIVE: Said("live", "tag-good", "Its window runs."),
    Status.ON_WATCH: Said("on watch", "tag-wait", "The end of the window is not an all-clear."),
    Status.CLOSED: Said("closed", "", "Closed does not mean that the threat is over."),
}

STANDING: Mapping[Standing, Said] = {
    Standing.IN_FORCE: Said("in force", "tag-good", "No message ended it."),
    Standing.SUPERSEDED: Said("superseded", "", "Its sender says something newer, in"),
    Standing.CANCELLED: Said("cancelled", "", "Its sender cancelled it, in"),
    Standing.ENDS: Said(
        "ends a warning", "tag-wait", "It ends the messages that it names, and warns of nothing itself."
    ),
    Standing.HELD: Said(
        "held",
        "tag-bad",
        "Its words and its status, or two contents under one name, disagree: it ends nothing. Look at it.",
    ),
    Standing.NO_WARNING: Said("no warning", "", "A machine’s word about another message."),
    Standing.NOT_ACTED_ON: Said("not for action", "tag-wait", "Its status says that it is not meant for action here."),
}

PEER: Mapping[DeliveryState, Said] = {
    DeliveryState.COMMITTED: Said("not yet offered", "tag-bad", "Sealed and logged here. Not proved: that it left."),
    DeliveryState.SENT: Said("offered", "tag-wait", "Not proved: that it was taken in."),
    DeliveryState.FAILED: Said("refused", "tag-bad", "Their machine signed that it could not use the envelope."),
    DeliveryState.DELIVERED: Said(
        "arrived, no answer",
        "tag-wait",
        "Their machine signed for the sealed envelope. Not proved: that anybody read it.",
    ),
    DeliveryState.READ: Said("read, no answer", "tag-wait", "Their officer’s key signed that it was opened."),
    DeliveryState.ASKED: Said("asked us something", "tag-wait", "Their officer’s key signed a question."),
    DeliveryState.ACKNOWLEDGED: Said("acknowledged", "tag-good", "Their officer’s key signed."),
    DeliveryState.ACTED: Said("acting", "tag-good", "Their officer’s key signed that they act."),
    DeliveryState.DISMISSED: Said("set aside", "tag-wait", "Their officer’s key signed that they set it aside."),
}

ANSWER: Mapping[Answer, str] = {
    Answer.DELIVERED: "arrived",
    Answer.READ: "read",
    Answer.ACKNOWLEDGED: "acknowledged",
    Answer.ACTED: "acting",
    Answer.PASSED_ON: "passed on",
    Answer.ASKED: "asked us something",
    Answer.DISMISSED: "set aside",
    Answer.UNREADABLE: "refused",
}

OURS: Mapping[DeliveryState, str] = {
    DeliveryState.DELIVERED: "not opened, no answer",
    DeliveryState.READ: "opened, no answer",
    DeliveryState.ASKED: "asked them something",
    DeliveryState.ACKNOWLEDGED: "acknowledged",
    DeliveryState.ACTED: "acting",
    DeliveryState.DISMISSED: "set aside",
}
"""What we have answered to a message; it is in the inbox because it arrived."""

_CONTACTS = {"duty": "their duty desk", "liaison": "our liaison"}


def say_party(party: PartyState) -> Said:
    """The state of one party as a desk says it; the grade beside it is the party's own."""
    if party.by_link is not None:
        tag = "tag-good" if party.by_link.ends_ladder else "tag-wait"
        node = f" From node to node: {PEER[party.delivery].word}." if party.delivery else ""
        proved = f"Somebody holding the link pressed; who: not proved.{node}"
        return Said(f"{ANSWER[party.by_link]} by link", tag, proved)
    if party.delivery is not None:
        return PEER[party.delivery]
    return _say_letters(party.letters)


def say_next(party: PartyState) -> str:
    """What is done next by itself, without its time."""
    if party.next is None:
        return "Nothing: asking ended with the watch" if party.silent else "Nothing: it has answered"
    *others, last = party.next.who or ("",)
    if not last:
        return "the envelope itself"
    if last in _CONTACTS:
        return f"mail to {_CONTACTS[last]}"
    return f"mail to contacts {', '.join(others)} and {last}" if others else f"mail to contact {last}"


def _say_letters(letters: Mapping[MailState, int]) -> Said:
    if count := letters[MailState.HANDED_OVER]:
        proved = f"Our mail server took {write_count(count, 'mail')}. Not proved: that anybody got or read it."
        return Said("offered, no answer", "tag-wait", proved)
    if count := letters[MailState.QUEUED]:
        return Said("not yet offered", "tag-bad", f"{write_count(count, 'mail').capitalize()} not yet handed over.")
    return Said("refused", "tag-bad", "No mail server took any mail to its contacts.")

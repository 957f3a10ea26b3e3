"""Rules of CAP 1.2 section 3.3.4.1 that speak of how a message is signed: the structure alone, nothing is verified here."""

from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, NodeSpot, rule

USUAL = 2
"""Signatures: the sender's, and one of the network that carries the message."""


@rule(43, Level.ADVICE, "3.3.4.1", on="alert", needs="Signature")
def a_signature_is_told(alert: Block) -> Sequence[Fault]:
    """A reader is told that there is one, and that it was not verified."""
    return [
        Fault(NodeSpot(one.node), "the message is signed; its signature was not verified here")
        for one in alert.signed()[:1]
    ]


def _tell_several(alert: Block, *, usual: bool) -> Sequence[Fault]:
    found = alert.signed()
    if len(found) < 2 or (len(found) <= USUAL) is not usual:
        return NO_FAULTS
    return (Fault(NodeSpot(found[1].node), f"the message has {len(found)} signatures, 1 expected"),)


@rule(43, Level.ADVICE, "3.3.4.1", on="alert", needs="Signature")
def there_is_one_signature(alert: Block) -> Sequence[Fault]:
    """One enveloped signature; in Canada the network signs beside the sender, and each reader has to know whose counts."""
    return _tell_several(alert, usual=True)


@rule(43, Level.WARNING, "3.3.4.1", on="alert", needs="Signature")
def there_are_no_more_signatures_than_a_sender_and_a_network_make(alert: Block) -> Sequence[Fault]:
    """Which of so many counts, nobody can say."""
    return _tell_several(alert, usual=False)


@rule(43, Level.ERROR, "3.3.4.1", on="alert", needs="Signature")
def a_signature_stands_at_the_end(alert: Block) -> Sequence[Fault]:
    """Nothing of CAP follows a signature."""
    signed = {one.tag for one in alert.signatures}
    after = [one for first in alert.signed()[:1] for one in first.node.itersiblings() if one.tag not in signed]
    return [Fault(NodeSpot(one), "the signature is not at the end of the alert") for one in after[:1]]


@rule(44, Level.WARNING, "3.3.4.1", on="alert", needs="Signature")
def a_signature_covers_the_whole_message(alert: Block) -> Sequence[Fault]:
    """A reference to the whole document without the signature, beside which others may stand: else words are unsigned."""
    faults: list[Fault] = []
    for one in alert.signed():
        if not one.refers_to_all:
            faults.append(Fault(NodeSpot(one.node), "the signature does not refer to the whole message"))
        elif not one.is_enveloped:
            faults.append(Fault(NodeSpot(one.node), "the signature is not enveloped: it would sign itself"))
    return faults


@rule(45, Level.WARNING, "3.3.4.1", on="alert", needs="Signature")
def a_signature_is_complete(alert: Block) -> Sequence[Fault]:
    """Without a value, a digest and a method no one can verify it."""
    return [Fault(NodeSpot(one.node), f"the signature has no {name}") for one in alert.signed() for name in one.lacking]


@rule(46, Level.WARNING, "3.3.4.1", on="alert", needs="Signature")
def a_signature_is_strong(alert: Block) -> Sequence[Fault]:
    """SHA-1 and MD5 can be forged."""
    return [
        Fault(NodeSpot(node), f"the signature rests on {algorithm[:40]}, which can be forged")
        for one in alert.signed()
        for node, algorithm in one.weak
    ]


RULES = (
    a_signature_is_told,
    there_is_one_signature,
    there_are_no_more_signatures_than_a_sender_and_a_network_make,
    a_signature_stands_at_the_end,
    a_signature_covers_the_whole_message,
    a_signature_is_complete,
    a_signature_is_strong,
)

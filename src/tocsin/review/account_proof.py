"""The parts of an account that say how it is known: what is proved, what is not, how far a grade reaches, whose keys."""

from collections.abc import Iterator

from tocsin.evidence.receipt import Grade
from tocsin.review.facts import Facts
from tocsin.review.sheet import Line, Look, Section


def tell_proved(facts: Facts) -> Section:
    """Each thing that holds, with its grade."""
    return Section(
        title="Proved",
        look=Look.PROVED,
        lines=tuple(Line(text=one.text, grade=one.grade) for one in facts.proof.proved) or (Line(text="nothing"),),
    )


def tell_not_proved(facts: Facts) -> Section:
    """What a reader must not take from it. Each line goes on from the heading."""
    return Section(title="Not proved", look=Look.NOT_PROVED, lines=tuple(Line(text=one) for one in _not_proved(facts)))


def tell_grades(_facts: Facts) -> Section:
    """The scale."""
    return Section(
        title="How far a grade reaches", look=Look.PROVED, lines=tuple(Line(text="", grade=one) for one in Grade)
    )


def tell_keys(facts: Facts) -> Section:
    """Every key in use, with its whole fingerprint."""
    return Section(
        title="Keys used",
        look=Look.POINTS,
        lines=tuple(
            Line(
                label=one.name,
                text="known to the reader’s policy" if one.trust == "policy" else "stated by this record, not compared",
                note=one.fingerprint,
            )
            for one in facts.proof.keys
        ),
        foot="Compare a fingerprint with its owner over another way before you rely on it.",
    )


def _not_proved(facts: Facts) -> Iterator[str]:
    yield from facts.proof.not_proved
    if len(facts.claims) == 1:
        yield "that the claim of somebody else is true: it was not checked here"
    elif facts.claims:
        yield f"that any of the {len(facts.claims)} claims of others is true: they were not checked here"
    if facts.measures:
        yield "that any measure was taken: those say so who say that they took it"
    yield "that nothing else was known: this account holds what this node has"

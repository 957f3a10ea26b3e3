"""How far an account may go in saying that somebody was warned: no further than the evidence grade (LESSONS L44)."""

from tocsin.evidence.receipt import Grade


def say_reached(party: str, grade: Grade) -> str:
    """That a warning went to a party, in the strongest words that its proof bears.

    >>> say_reached("city.example", Grade.E2)
    'Tendered to city.example'
    """
    return _REACHED[grade].format(party=party)


_REACHED = {
    Grade.E0: "Sent to {party}, by this node's own log alone",
    Grade.E1: "Sent to {party}; a witness saw that this was logged by then",
    Grade.E2: "Tendered to {party}",
    Grade.E3: "{party} was warned: its machine signed for it",
    Grade.E4: "{party} was told: its officer signed",
}

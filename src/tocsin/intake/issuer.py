"""Who issued a text: name, state and kind of the body."""

import re

from tocsin.core.data import read_data
from tocsin.intake.report import Found


def find_issuer(text: str) -> tuple[dict[str, str | None], tuple[Found, ...]]:
    """`<state> Embassy|Consulate|… <city>` in the first lines."""
    lexicon = read_data("intake", "lexicon.json")
    head = text[:400]
    for states, code in lexicon["issuers"].items():
        for kinds, kind in lexicon["issuer_kinds"].items():
            match = re.search(rf"\b(?:{states}) (?:{kinds})(?:(?: in)? [A-Z][\w'-]+)?", head)
            if match:
                span = Found(match.group(), match.start(), match.end(), "I-state-kind")
                return {"name": match.group(), "state": code, "kind": kind}, (span,)
    return {"name": None, "state": None, "kind": None}, ()

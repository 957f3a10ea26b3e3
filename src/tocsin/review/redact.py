"""Takes out of an account what its reader may not see, and counts it: the leak check reads the whole account in one go."""

from collections.abc import Sequence
from itertools import count

from msgspec.structs import replace

from tocsin.compose.leaks import HeldBack, find_telling
from tocsin.review.sheet import Sheet, change_texts, texts_of

TAKEN_OUT = "[taken out]"


def redact(sheet: Sheet, held_back: Sequence[HeldBack], said_anyway: Sequence[str]) -> Sheet:
    """The account for its reader: each passage that tells a held-back phrase is replaced whole, and counted.

    `said_anyway` are words that everybody may know: where the warning applied, who issued it. A phrase split over several
    passages takes out all of them. Whole passages, because the words around a gap often tell what was in it.
    """
    while telling := _find(sheet, held_back, said_anyway):
        # What stood apart may stand together now, so it is read again; each turn takes out at least one more.
        sheet = replace(_without(sheet, telling), taken_out=sheet.taken_out + len(telling))
    return sheet


def _find(sheet: Sheet, held_back: Sequence[HeldBack], said_anyway: Sequence[str]) -> frozenset[str]:
    passages = [(str(number), text) for number, text in enumerate(texts_of(sheet))]
    gone = {number for number, text in passages if text == TAKEN_OUT}
    return find_telling(passages, sheet.reader, held_back, said_anyway) - gone


def _without(sheet: Sheet, telling: frozenset[str]) -> Sheet:
    numbers = count()

    def change(text: str) -> str:
        return TAKEN_OUT if str(next(numbers)) in telling else text

    return change_texts(sheet, change)

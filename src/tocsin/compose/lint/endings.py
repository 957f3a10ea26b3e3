"""What the text that ends a warning has to say: which, error or over, safe or not, what to stop, whom to ask (TXT-E1 to E5)."""

from collections.abc import Iterator

from tocsin.compose.lint.finding import Level, Said
from tocsin.compose.lint.rule import Check, Fault, Rule
from tocsin.compose.lint.words import find_words


def _says(words: str, found: str, hint: str) -> Check:
    def check(said: Said, language: str) -> Iterator[Fault]:
        if find_words(words, language, said.text) is None:
            yield Fault(found, hint)

    return check


def _says_safe_or_not(said: Said, language: str) -> Iterator[Fault]:
    if find_words("safe", language, said.text) is None:
        yield Fault("nothing says whether people are safe", "say: you are safe; or: the danger remains at PLACE")
    thanks = find_words("praise", language, said.text)
    if thanks is not None:
        yield Fault(
            f"“{said.text[thanks[0] : thanks[1]]}”", "no thanks and no praise: say over, safe, stop, why", thanks
        )


def _rule(number: int, asks: str, check: Check, *words: str) -> Rule:
    return Rule(id=f"TXT-E{number}", level=Level.ERROR, asks=asks, check=check, words=words, on=(True,))


ENDINGS = (
    _rule(
        1,
        "which message it ends",
        _says("thing_ended", "the message that ends is not named", "say: our warning of DAY HOUR"),
        "thing_ended",
    ),
    _rule(
        2,
        "whether that was an error or is over",
        _says("error_or_over", "neither an error nor over", "say: is over; or: was sent by mistake"),
        "error_or_over",
    ),
    _rule(3, "whether people are safe, without thanks or praise", _says_safe_or_not, "safe", "praise"),
    _rule(
        4,
        "what to stop doing",
        _says("stop", "nothing says what to stop doing", "say: you no longer need to stay away from PLACE"),
        "stop",
    ),
    _rule(
        5,
        "where to ask",
        _says("ask_back", "nothing says where to ask", "name the page or telephone"),
        "ask_back",
    ),
)

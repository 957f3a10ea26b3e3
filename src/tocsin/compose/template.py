"""Words approved beforehand, in any number of languages: a template leaves open the place, the end, who says so and when."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from tocsin.compose.versions import VersionText
from tocsin.core.data import read_text_data
from tocsin.core.expression import Expression
from tocsin.core.language import FALLBACK, LANGUAGES, tell_moment
from tocsin.core.marking import Audience
from tocsin.errors import InputError
from tocsin.evidence.statement import load_json

MAX_BYTES = 256 * 1024
MUST = ("place", "until")
"""What the public words must leave open."""
MAY = (*MUST, "issuer", "issued")
"""All that may be filled in."""
SHIPPED = ("avoid-crowds", "shelter-inside", "leave-area")
"""Templates of ours, in six languages. No native reader has reviewed the other five: each is confirmed before it goes out."""
_HOLE = Expression(r"\{([^{}]*)\}")


class Template(Struct, frozen=True):
    """Words per audience with `{place}` and `{until}`. `digest` is the SHA-256 of the file that was approved.

    `languages` are the public words in others than English, by primary subtag; each leaves the same open.
    """

    name: str
    texts: Mapping[Audience, VersionText]
    digest: str
    languages: Mapping[str, VersionText] = field(default_factory=dict)


class Filling(Struct, frozen=True, kw_only=True):
    """What a template leaves open: the place and its names by language, aware local times, their IANA zone, who says so."""

    place: str
    places: Mapping[str, str]
    until: datetime
    issued: datetime
    zone: str
    issuer: str

    def values(self, language: str) -> Mapping[str, str]:
        """By hole, in that language; a place without a name there keeps the one it has."""
        return {
            "place": self.places.get(language, self.place),
            "until": f"{tell_moment(self.until, language)} ({self.zone})",
            "issued": f"{tell_moment(self.issued, language)} ({self.zone})",
            "issuer": self.issuer,
        }


def read_template(name: str, raw: bytes) -> Template:
    """The template in this JSON file: an object of audiences and of `languages`, each with headline, description, instruction.

    Raises InputError if words are missing, a hole is unknown, the public words do not say place and end, or a language
    leaves open another thing than they do.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(f"template {name} has {len(raw)} bytes, at most {MAX_BYTES} expected")
    found = load_json(raw, f"template {name}")
    try:
        told = found.pop("languages", {})
        texts = {Audience(one): VersionText(**words) for one, words in found.items()}
        languages = {one: VersionText(**words) for one, words in told.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"template {name} cannot be read: {error}", hint='{"public": {"headline": …}}') from None
    for text in (*texts.values(), *languages.values()):
        _check(name, text)
    public = texts.get(Audience.PUBLIC)
    if public is None or not set(MUST) <= set(_holes(public)):
        raise InputError(f"template {name} does not say {{place}} and {{until}} in its public words")
    for language, text in languages.items():
        if language not in LANGUAGES or language == FALLBACK:
            raise InputError(f"template {name} has language {language!r}", hint="one of " + ", ".join(LANGUAGES[1:]))
        if _holes(text) != _holes(public):
            raise InputError(f"template {name} leaves open in {language!r} another thing than in the main language")
    return Template(name, texts, hashlib.sha256(raw).hexdigest(), languages)


def shipped_templates() -> dict[str, Template]:
    """Our own templates, by name. A node's own file of that name stands before them."""
    return {name: read_template(name, read_text_data("compose", f"template-{name}.json").encode()) for name in SHIPPED}


def fill_template(template: Template, filling: Filling, language: str) -> dict[Audience, VersionText]:
    """The words of each audience, in the main language, filled in; the values are data and are never looked at for holes."""
    values = filling.values(language)
    return {audience: _fill(text, values) for audience, text in template.texts.items()}


def fill_language(template: Template, filling: Filling, language: str) -> VersionText:
    """The public words in that language, filled in."""
    return _fill(template.languages[language], filling.values(language))


def _fill(text: VersionText, values: Mapping[str, str]) -> VersionText:
    def fill(words: str) -> str:
        return _HOLE.sub(lambda hole: values[hole.group(1)], words)

    return VersionText(fill(text.headline), fill(text.description), fill(text.instruction))


def _holes(text: VersionText) -> list[str]:
    return sorted(_HOLE.findall(f"{text.headline} {text.description} {text.instruction}"))


def _check(name: str, text: VersionText) -> None:
    for words in (text.headline, text.description, text.instruction):
        if not isinstance(words, str) or not words.strip():
            raise InputError(f"template {name} has an empty text")
        unknown = [hole for hole in _HOLE.findall(words) if hole not in MAY]
        if unknown:
            known = ", ".join(f"{{{one}}}" for one in MAY)
            raise InputError(f"template {name} has the hole {{{unknown[0]}}}", hint=f"only {known} are known")

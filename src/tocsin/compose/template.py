"""Words approved beforehand: a template leaves open only the place and the end of the window."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.compose.versions import VersionText
from tocsin.core.marking import Audience
from tocsin.errors import InputError
from tocsin.evidence.statement import load_json

MAX_BYTES = 256 * 1024
PLACES = ("place", "until")
"""All that may be filled in; each must stand in the public words."""
_HOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Template:
    """Words per audience with `{place}` and `{until}`. `digest` is the SHA-256 of the file that was approved."""

    name: str
    texts: Mapping[Audience, VersionText]
    digest: str


def read_template(name: str, raw: bytes) -> Template:
    """The template in this JSON file: an object of audiences, each with headline, description, instruction.

    Raises InputError if words are missing, a hole is unknown, or the public words do not say place and end.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(f"template {name} has {len(raw)} bytes, at most {MAX_BYTES} expected")
    found = load_json(raw, f"template {name}")
    try:
        texts = {Audience(one): VersionText(**words) for one, words in found.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"template {name} cannot be read: {error}", hint='{"public": {"headline": …}}') from None
    for text in texts.values():
        for field in (text.headline, text.description, text.instruction):
            if not isinstance(field, str) or not field.strip():
                raise InputError(f"template {name} has an empty text")
            unknown = [hole for hole in _HOLE.findall(field) if hole not in PLACES]
            if unknown:
                raise InputError(
                    f"template {name} has the hole {{{unknown[0]}}}", hint="only {place} and {until} are known"
                )
    public = texts.get(Audience.PUBLIC)
    said = set(_HOLE.findall(f"{public.headline} {public.description} {public.instruction}")) if public else set()
    if said != set(PLACES):
        raise InputError(f"template {name} does not say {{place}} and {{until}} in its public words")
    return Template(name, texts, hashlib.sha256(raw).hexdigest())


def fill_template(template: Template, *, place: str, until: str) -> dict[Audience, VersionText]:
    """The words with place and end in them; the values are data and are never looked at for holes."""
    values = {"place": place, "until": until}

    def fill(text: str) -> str:
        return _HOLE.sub(lambda hole: values[hole.group(1)], text)

    return {
        audience: VersionText(fill(text.headline), fill(text.description), fill(text.instruction))
        for audience, text in template.texts.items()
    }

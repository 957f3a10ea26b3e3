"""Threat intelligence in JSON: the words of a STIX 2.1 bundle or a MISP event, object by object."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tocsin.errors import InputError

MAX_BYTES = 10 * 1024 * 1024
MOST_OBJECTS = 10_000
_STIX_WORDS = ("name", "description", "abstract", "content", "explanation")
_STIX_KINDS = frozenset(
    "report note opinion indicator threat-actor intrusion-set campaign attack-pattern incident identity location sighting observed-data grouping".split()
)


def read_shared(raw: bytes) -> tuple[str, str]:
    """Kind (`stix` or `misp`) and text. InputError if it is neither, too long or nested too deep."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"JSON has {len(raw)} bytes, at most {MAX_BYTES} expected")
    try:
        found = json.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"JSON cannot be read: {type(error).__name__}", hint="expected a STIX 2.1 bundle or a MISP event"
        ) from None
    if isinstance(found, dict) and found.get("type") == "bundle" and isinstance(found.get("objects"), list):
        return "stix", _joined(_stix(found["objects"][:MOST_OBJECTS]))
    event = found.get("Event", found) if isinstance(found, dict) else None
    if isinstance(event, dict) and "info" in event and ("Attribute" in event or "uuid" in event):
        return "misp", _joined(_misp(event))
    raise InputError(
        "JSON is neither a STIX 2.1 bundle nor a MISP event",
        hint="a bundle has type and objects, an event has info and uuid",
    )


def _joined(lines: Iterator[str]) -> str:
    text = "\n".join(line for line in lines if line.strip())
    if not text:
        raise InputError("JSON holds no words to read")
    return text


def _stix(objects: list[Any]) -> Iterator[str]:
    for one in objects:
        if isinstance(one, Mapping) and one.get("type") in _STIX_KINDS:
            label = "Location: " if one["type"] == "location" else ""
            words = [str(one[key]) for key in _STIX_WORDS if isinstance(one.get(key), str)]
            yield label + ". ".join(words)


def _misp(event: Mapping[str, Any]) -> Iterator[str]:
    date = event.get("date")
    yield f"{event['info']}" + (f" (issued {date})" if isinstance(date, str) else "")
    for one in _records(event, "Attribute"):
        if one.get("type") in {"text", "comment", "other", "threat-actor", "campaign-name", "target-location"}:
            yield str(one.get("value", ""))
        if isinstance(one.get("comment"), str):
            yield one["comment"]
    for group in _records(event, "Galaxy"):
        for cluster in _records(group, "GalaxyCluster"):
            yield f"{cluster.get('value', '')}. {cluster.get('description', '')}"


def _records(parent: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = parent.get(key)
    return [one for one in found[:MOST_OBJECTS] if isinstance(one, Mapping)] if isinstance(found, list) else []

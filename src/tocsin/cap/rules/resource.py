"""Rules of CAP 1.2 section 3.2.3 that speak of one resource: what it is and where it lies."""

import re
from collections.abc import Sequence
from string import ascii_letters, digits

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.grammar import SPACE
from tocsin.cap.links import is_absolute

MAX_INSIDE = 64 * 1024
"""Characters of a resource carried inside; beyond it the message is advised to point to it instead."""
_MIME = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:\s*;.*)?")
_BASE64 = (ascii_letters + digits + "+/" + SPACE).encode()
_PADDING = re.compile(r"(?:=[ \t\r\n]*+){0,2}")
_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")


@rule(30, Level.WARNING, "3.2.3", on="resource", needs="uri")
def a_resource_is_pointed_to_in_full(resource: Block) -> Sequence[Fault]:
    """A uri is absolute, or relative only beside derefUri."""
    uri = resource.text("uri")
    if is_absolute(uri) or resource.text("derefUri"):
        return NO_FAULTS
    return (Fault(resource.at("uri"), f"uri {uri[:60]!r} is not absolute and there is no derefUri"),)


@rule(31, Level.WARNING, "3.2.3", on="resource")
def a_resource_says_what_it_is(resource: Block) -> Sequence[Fault]:
    """A MIME type and a description that say something."""
    mime = resource.text("mimeType")
    faults: list[Fault] = []
    if not mime:
        faults.append(Fault(resource.at("mimeType"), "resource has no mimeType"))
    elif not _MIME.fullmatch(mime):
        faults.append(Fault(resource.at("mimeType"), f"mimeType {mime[:40]!r} is no type/subtype"))
    if "resourceDesc" in resource.leaves and not resource.text("resourceDesc"):
        faults.append(Fault(resource.at("resourceDesc"), "resourceDesc is empty"))
    return faults


@rule(32, Level.WARNING, "3.2.3", on="resource", needs="derefUri")
def what_is_inside_is_base64(resource: Block) -> Sequence[Fault]:
    """What derefUri carries is base64."""
    text = resource.text("derefUri")
    body = text.partition("=")[0]
    if body.encode("ascii", "replace").translate(None, _BASE64) or not _PADDING.fullmatch(text, len(body)):
        return (Fault(resource.at("derefUri"), "derefUri is no base64"),)
    characters = len(text) - sum(map(text.count, SPACE))
    if characters % 4 == 0:
        return NO_FAULTS
    said = f"derefUri is no base64: {characters} characters, expected a multiple of 4"
    return (Fault(resource.at("derefUri"), said),)


@rule(32, Level.ADVICE, "3.2.3", on="resource", needs="derefUri")
def what_is_inside_is_small(resource: Block) -> Sequence[Fault]:
    """Not every network carries it: it is used only where all direct clients handle it."""
    size = len(resource.text("derefUri"))
    if not size:
        return NO_FAULTS
    said = f"derefUri carries {size} characters: only for clients that all handle it"
    if size > MAX_INSIDE:
        said = f"derefUri carries {size} characters, at most {MAX_INSIDE} advised"
    return (Fault(resource.at("derefUri"), said),)


@rule(33, Level.ADVICE, "3.2.3", on="resource", needs="digest")
def a_digest_is_one_of_sha1(resource: Block) -> Sequence[Fault]:
    """The digest is 40 hex digits of SHA-1, which proves little today."""
    digest = resource.text("digest")
    if not digest or _SHA1.fullmatch(digest):
        return NO_FAULTS
    return (Fault(resource.at("digest"), f"digest {digest[:60]!r} is not 40 hex digits of SHA-1"),)


RULES = (
    a_resource_is_pointed_to_in_full,
    a_resource_says_what_it_is,
    what_is_inside_is_base64,
    what_is_inside_is_small,
    a_digest_is_one_of_sha1,
)

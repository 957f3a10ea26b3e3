"""What an XML signature in a message consists of: its structure alone, noticed in one pass; nothing is verified here."""

from lxml import etree
from msgspec import Struct

from tocsin.cap.grammar import SIGNATURES

SIGNATURE, _SIGNED_INFO, _REFERENCE, _TRANSFORMS, _TRANSFORM, _VALUE, _DIGEST, _METHOD, _DIGEST_METHOD = (
    f"{{{SIGNATURES}}}{name}"
    for name in (
        "Signature SignedInfo Reference Transforms Transform SignatureValue DigestValue SignatureMethod DigestMethod"
    ).split()
)
_WHOLE = f"{SIGNATURES}enveloped-signature"
_METHODS = frozenset({_METHOD, _DIGEST_METHOD})
_WEAK = frozenset({"sha1", "md5"})
"""Parts of the names of algorithms."""


class Signed(Struct, frozen=True):
    """One signature: does it refer to the whole message, and leaves it itself out there; what it lacks, by name.

    `weak` has each element that names an algorithm which can be forged, with that algorithm.
    """

    node: etree._Element
    refers_to_all: bool
    is_enveloped: bool
    lacking: tuple[str, ...]
    weak: tuple[tuple[etree._Element, str], ...]


def find_signed(signature: etree._Element) -> Signed:
    """The parts of that element of the name Signature."""
    lacking = {_VALUE: "SignatureValue", _DIGEST: "DigestValue", _METHOD: "SignatureMethod"}
    weak: list[tuple[etree._Element, str]] = []
    whole: set[etree._Element | None] = set()
    enveloped = False
    for node in signature.iter():
        tag = node.tag
        if tag == _TRANSFORM:
            enveloped = enveloped or (node.get("Algorithm") == _WHOLE and _find_reference(node) in whole)
        elif tag == _DIGEST:
            lacking.pop(_DIGEST, None)
        elif tag in _METHODS:
            lacking.pop(tag, None)
            algorithm = (node.get("Algorithm") or "").rpartition("#")[2]
            if not _WEAK.isdisjoint(algorithm.lower().split("-")):
                weak.append((node, algorithm))
        elif tag == _REFERENCE:
            if not node.get("URI") and _is_signed_info(node.getparent(), signature):
                whole.add(node)
        elif tag == _VALUE and node.getparent() is signature:
            lacking.pop(_VALUE, None)
    return Signed(signature, bool(whole), enveloped, tuple(lacking.values()), tuple(weak))


def _find_reference(transform: etree._Element) -> etree._Element | None:
    transforms = transform.getparent()
    return transforms.getparent() if transforms is not None and transforms.tag == _TRANSFORMS else None


def _is_signed_info(node: etree._Element | None, signature: etree._Element) -> bool:
    return node is not None and node.tag == _SIGNED_INFO and node.getparent() is signature

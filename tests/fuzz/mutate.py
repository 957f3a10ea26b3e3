"""Messages that are nearly right: changes of a message's structure, texts and bytes, from a seed alone."""

import copy
import random
from collections.abc import Callable

from lxml import etree

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
NAMES = (
    "alert identifier sender sent status msgType source scope restriction addresses code note references incidents info "
    "language category event responseType urgency severity certainty audience eventCode effective onset expires senderName "
    "headline description instruction web contact parameter resource area resourceDesc mimeType size uri derefUri digest "
    "areaDesc polygon circle geocode altitude ceiling valueName value reference Signature"
).split()
SPACES = (CAP, "", "http://www.w3.org/2000/09/xmldsig#", "urn:oasis:names:tc:emergency:cap:1.1")
TEXTS = (
    *(
        "",
        " ",
        "a",
        "Actual",
        "actual",
        "Alert",
        "Public",
        "Met",
        "Very Likely",
        "Likely",
        "en",
        "en_US",
        "en-",
        "None",
    ),
    *("2024-02-29T24:00:00-00:00", "2023-02-29T00:00:00-00:00", "2024-02-29T23:59:60-00:00", "2024-01-01T00:00:00Z"),
    *(
        "2024-01-01T00:00:00+14:00",
        "2024-01-01T00:00:00+14:01",
        " 2024-01-01T00:00:00-05:00\n",
        "0000-01-01T00:00:00-00:00",
    ),
    *(
        "1",
        "-1",
        "+1",
        "1.5",
        "1.",
        ".5",
        ".",
        "1e3",
        "NaN",
        "٤٢",
        "9" * 400,
        "http://a b",
        "//",
        "http://[",
        "a:b",
        "1:b",
        "%",
    ),
    *(
        "1,2 3,4 5,6 1,2",
        "1,2 3,4",
        "1,2,3",
        "91,0 0,0 1,1 91,0",
        "0,0 1,1 0,1 1,0 0,0",
        "1,2 0",
        "1,2 -3",
        "1,2",
        "a,b,c",
    ),
    *(
        "a b,c",
        "<b>x</b>",
        "&amp;",
        '"',
        "\u00a0",
        "\u2028",
        "x" * 200,
        "s,i,2024-01-01T00:00:00-00:00",
        "1-2,3 4,5 6,7 1-2,3",
    ),
)
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
# No schemaLocation: it makes the schema processor open files, and take what the schema does not.
ATTRIBUTES = ((f"{XSI}nil", "true"), (f"{XSI}type", "xs:string"), ("a", "b"))


def mutate_tree(root: etree._Element, dice: random.Random) -> etree._Element:
    """A copy with one to four changes of structure, text, attribute or name."""
    made = copy.deepcopy(root)
    for _ in range(dice.randint(1, 4)):
        nodes = list(made.iter("*"))
        dice.choice(CHANGES)(dice.choice(nodes), dice.choice(nodes), dice)
    return made


def mutate_bytes(raw: bytes, dice: random.Random) -> bytes:
    """A copy with some bytes changed, cut out, doubled or moved: mostly no XML any more."""
    made = bytearray(raw)
    for _ in range(dice.randint(1, 6)):
        at, to = sorted(dice.randrange(len(made) + 1) for _ in range(2))
        kind = dice.randrange(5)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] = dice.randrange(256)
        elif kind == 1:
            del made[at : min(to, at + 40)]
        elif kind == 2:
            made[at:at] = made[at : min(to, at + 200)]
        elif kind == 3:
            made[at:at] = dice.choice(TOKENS)
        else:
            made[at:at] = dice.randbytes(dice.randrange(1, 5))
    return bytes(made)


TOKENS = (
    *(
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
        b"&b;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<?a?>",
    ),
    *(
        b'<?xml version="1.0" encoding="utf-7"?>',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
        b"&#0;",
        b"&#x10FFFF;",
        b"<a>" * 300,
    ),
    *(b'xmlns="urn:oasis:names:tc:emergency:cap:1.1"', b"<info/>", b"</info>", b"<area><polygon>", b"9" * 5000),
)


def _delete(one: etree._Element, _other: etree._Element, _dice: random.Random) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _double(one: etree._Element, _other: etree._Element, _dice: random.Random) -> None:
    if one.getparent() is not None:
        one.addnext(copy.deepcopy(one))


def _move(one: etree._Element, other: etree._Element, dice: random.Random) -> None:
    if one.getparent() is not None and one not in list(other.iterancestors()) and one is not other:
        other.insert(dice.randint(0, len(other)), one)


def _swap(one: etree._Element, _other: etree._Element, _dice: random.Random) -> None:
    after = one.getnext()
    if after is not None and one.getparent() is not None:
        after.addnext(one)


def _rename(one: etree._Element, _other: etree._Element, dice: random.Random) -> None:
    if one.getparent() is not None:
        space = dice.choice(SPACES)
        one.tag = (f"{{{space}}}" if space else "") + dice.choice(NAMES)


def _add(one: etree._Element, _other: etree._Element, dice: random.Random) -> None:
    space = dice.choice(SPACES)
    made = etree.Element((f"{{{space}}}" if space else "") + dice.choice(NAMES))
    made.text = dice.choice(TEXTS)
    one.insert(dice.randint(0, len(one)), made)


def _say(one: etree._Element, _other: etree._Element, dice: random.Random) -> None:
    one.text = dice.choice(TEXTS)


def _trail(one: etree._Element, _other: etree._Element, dice: random.Random) -> None:
    if one.getparent() is not None:
        one.tail = dice.choice(TEXTS)


def _mark(one: etree._Element, _other: etree._Element, dice: random.Random) -> None:
    one.set(*dice.choice(ATTRIBUTES))


CHANGES: tuple[Callable[[etree._Element, etree._Element, random.Random], None], ...] = (
    *(_say, _say, _say, _say, _delete, _double, _move, _swap, _rename, _add, _trail, _mark),
)

"""An agreement counts only signed by both over exactly these terms, and in its one form."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.core.window import Entropy
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.signing import SigningKey
from tocsin.exchange.envelope import SealKey
from tocsin.exchange.peers import (
    Agreement,
    PeerKeys,
    Terms,
    make_agreement,
    read_agreement,
    sign_agreement,
    verify_agreement,
    write_agreement,
)

SINCE = datetime(2024, 3, 1, tzinfo=UTC)
EMBASSY, CITY = "embassy.example", "city.example"
NUMBER = {EMBASSY: 1, CITY: 5, "third.example": 9}


def signing_key(name: str, *, offset: int = 0) -> SigningKey:
    return SigningKey.from_seed(name, bytes([NUMBER[name.split("/", maxsplit=1)[0]] + offset]) * 32)


def party(name: str, **changed: Any) -> PeerKeys:
    facts: dict[str, Any] = {
        "name": name,
        "url": f"https://{name}",
        "node": signing_key(name).verify_key,
        "roles": (signing_key(f"{name}/officer", offset=1).verify_key,),
        "log": signing_key(f"{name}/log", offset=2).verify_key,
        "seal": SealKey.from_secret(bytes([NUMBER[name]]) * 96).public,
    }
    return PeerKeys(**(facts | changed))


def terms(**changed: Any) -> Terms:
    facts: dict[str, Any] = {
        "response_clock": timedelta(minutes=60),
        "duty": {EMBASSY: "duty@embassy.example", CITY: "duty@city.example"},
        "liaison": {EMBASSY: "liaison@embassy.example"},
    }
    return Terms(**(facts | changed))


def counted() -> Entropy:
    calls = iter(range(1, 100))
    return lambda count: bytes([next(calls)]) * count


def draft() -> Agreement:
    return make_agreement((party(EMBASSY), party(CITY)), terms=terms(), since=SINCE, entropy=counted())


def signed() -> Agreement:
    return sign_agreement(sign_agreement(draft(), signing_key(CITY)), signing_key(EMBASSY))


RAW = write_agreement(signed())


def test_an_agreement_that_both_signed_holds_and_comes_back_from_its_file_the_same() -> None:
    verify_agreement(signed())
    verify_agreement(read_agreement(RAW))

    assert read_agreement(RAW) == signed()
    assert write_agreement(read_agreement(RAW)) == RAW


def test_the_order_of_signing_makes_no_other_agreement() -> None:
    other_way = sign_agreement(sign_agreement(draft(), signing_key(EMBASSY)), signing_key(CITY))

    assert write_agreement(other_way) == RAW


def test_an_agreement_that_one_party_did_not_sign_does_not_hold() -> None:
    for one in (draft(), sign_agreement(draft(), signing_key(EMBASSY))):
        with pytest.raises(VerificationError, match="no signature by") as refused:
            verify_agreement(read_agreement(write_agreement(one)))
        assert refused.value.step == "agreement"


CHANGES: dict[str, Callable[[Agreement], Agreement]] = {
    "the clock": lambda one: replace(one, terms=terms(response_clock=timedelta(minutes=61))),
    "who is called": lambda one: replace(one, terms=terms(liaison={EMBASSY: "other@embassy.example"})),
    "since when": lambda one: replace(one, since=SINCE + timedelta(seconds=1)),
    "where one is reached": lambda one: replace(one, parties=(party(EMBASSY, url="https://evil.example"), party(CITY))),
    "a role key": lambda one: replace(one, parties=(party(EMBASSY), party(CITY, roles=()))),
    "the mailboxes": lambda one: replace(one, mailboxes={EMBASSY: one.mailboxes[CITY], CITY: one.mailboxes[EMBASSY]}),
    "who is first": lambda one: replace(one, parties=(party(CITY), party(EMBASSY))),
    "whose signature it is": lambda one: replace(
        one, signatures={EMBASSY: one.signatures[CITY], CITY: one.signatures[EMBASSY]}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_can_be_changed_after_signing(change: Callable[[Agreement], Agreement]) -> None:
    with pytest.raises(VerificationError, match="agreement: found a signature by"):
        verify_agreement(change(signed()))


def test_a_key_that_the_agreement_does_not_name_cannot_sign_it() -> None:
    with pytest.raises(InputError, match="another key"):
        sign_agreement(draft(), SigningKey.from_seed(CITY, bytes(32)))
    with pytest.raises(InputError, match="not with 'third"):
        sign_agreement(draft(), signing_key("third.example"))


def test_each_party_has_its_own_mailbox_and_no_token_opens_the_other() -> None:
    one = signed()

    assert one.mailbox_url(CITY) == f"https://city.example/in/{one.mailboxes[CITY]}"
    assert one.is_mailbox(CITY, one.mailboxes[CITY])
    for wrong in (
        one.mailboxes[EMBASSY],
        one.mailboxes[CITY][:-1],
        one.mailboxes[CITY].upper() + "x",
        "",
        "\ud800",
        "é",
    ):
        assert not one.is_mailbox(CITY, wrong)


def test_the_other_of_two_is_found_and_a_stranger_is_not() -> None:
    assert signed().other(EMBASSY).name == CITY
    assert signed().keys_of(CITY).signing_keys == (signing_key(CITY).verify_key, *party(CITY).roles)
    with pytest.raises(InputError, match="not with 'third"):
        signed().other("third.example")


def test_one_cannot_agree_with_oneself() -> None:
    with pytest.raises(InputError, match="with itself"):
        make_agreement((party(CITY), party(CITY)), terms=terms(duty={}, liaison={}), since=SINCE, entropy=counted())


def changed(path: str, value: Any) -> bytes:
    found = json.loads(RAW)
    *way, last = path.split(".")
    place = found
    for name in way:
        place = place[int(name)] if isinstance(place, list) else place[name]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"


BAD_AGREEMENTS = {
    "empty": b"",
    "truncated": RAW[: len(RAW) // 2],
    "not UTF-8": b"\xff" + RAW,
    "no line end": RAW[:-1],
    "other spaces": json.dumps(json.loads(RAW)).encode(),
    "a list": b"[]",
    "null": b"null",
    "deep": b'{"parties":' * 50_000,
    "over-long": RAW + b" " * 300_000,
    "a field more": changed("note", "trust us"),
    "a field missing": changed("since", KeyError),
    "other format": changed("format", "tocsin-agreement/2"),
    "one party": changed("parties", json.loads(RAW)["parties"][:1]),
    "three parties": changed("parties", json.loads(RAW)["parties"] + json.loads(RAW)["parties"][:1]),
    "the same party twice": changed("parties", json.loads(RAW)["parties"][:1] * 2),
    "time without zone": changed("since", "2024-03-01T00:00:00"),
    "time in another zone": changed("since", "2024-03-01T03:00:00+03:00"),
    "clock as text": changed("response_clock", "3600"),
    "clock zero": changed("response_clock", 0),
    "clock below zero": changed("response_clock", -60),
    "clock true": changed("response_clock", True),
    "clock with half a second": changed("response_clock", 60.5),
    "clock for ever": changed("response_clock", 10**12),
    "clock beyond any": changed("response_clock", 10**30),
    "mailbox too short": changed("mailboxes." + "x", "00"),
    "duty desk with a header": changed("duty", {EMBASSY: "a@b.example\r\nBcc: c@d.example"}),
    "duty desk a number": changed("duty", {EMBASSY: 1}),
    "duty desk a list": changed("duty", [["a", "b"]]),
    "liaison of a stranger": changed("liaison", {"third.example": "a@third.example"}),
    "signature of a stranger": changed("signatures", {"third.example": "AAAA"}),
    "signature not base64": changed("signatures", {EMBASSY: "!"}),
    "name with a path": changed("parties.0.name", "../../etc"),
    "name with capitals": changed("parties.0.name", "Embassy.example"),
    "name of somebody else's key": changed("parties.0.name", "evil.example"),
    "name a number": changed("parties.0.name", 1),
    "address of a file": changed("parties.0.url", "file:///etc/passwd"),
    "address with a query": changed("parties.0.url", "https://embassy.example/?x="),
    "address with a user": changed("parties.0.url", "https://embassy.example@evil.example"),
    "address with a space": changed("parties.0.url", "https://embassy.example /"),
    "key too short": changed("parties.0.node", "AAAA"),
    "key not base64": changed("parties.0.node", "?"),
    "no log key": changed("parties.0.log", {}),
    "two log keys": changed("parties.0.log", {"a": "AA==", "b": "AA=="}),
    "log key of another node": changed(
        "parties.0.log", {"evil.example/log": json.loads(RAW)["parties"][0]["log"]["embassy.example/log"]}
    ),
    "roles a list": changed("parties.0.roles", []),
    "seal key too short": changed("parties.0.seal.x25519", "AAAA"),
    "seal key of small order": changed("parties.0.seal.x25519", "A" * 43 + "="),
}


@pytest.mark.parametrize("raw", BAD_AGREEMENTS.values(), ids=BAD_AGREEMENTS)
def test_an_agreement_in_any_other_form_is_refused_as_input(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_agreement(raw)


def test_a_mailbox_that_can_be_guessed_or_shared_is_refused() -> None:
    one = signed()
    for boxes in (
        {EMBASSY: "0" * 31, CITY: "1" * 32},
        {EMBASSY: "0" * 32, CITY: "0" * 32},
        {EMBASSY: "0" * 32},
        {EMBASSY: "0" * 32, CITY: "../../inbox" + "0" * 21},
    ):
        with pytest.raises(InputError, match="mailbox"):
            replace(one, mailboxes=boxes)


@given(st.integers(1, 30 * 86400), st.integers(0, 2**31))
def test_whatever_is_agreed_is_read_as_it_was_written(clock: int, since: int) -> None:
    one = replace(
        signed(), terms=terms(response_clock=timedelta(seconds=clock)), since=datetime.fromtimestamp(since, UTC)
    )

    assert read_agreement(write_agreement(one)) == one


@given(st.binary(max_size=80))
def test_junk_is_refused_as_input(junk: bytes) -> None:
    with pytest.raises(InputError):
        read_agreement(junk)

"""What would break if a version could carry another audience's words, marking or facts."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tocsin.cap.alert import (
    Alert,
    AlertArea,
    Category,
    Certainty,
    Info,
    MsgType,
    NamedValue,
    Scope,
    Severity,
    Status,
    Urgency,
)
from tocsin.cap.codec import read_alert, write_alert
from tocsin.compose.fields import FIELDS, derive_fields, warning_fields
from tocsin.compose.versions import Version, VersionText, make_versions
from tocsin.core.area import Area, Circle, Point, Polygon
from tocsin.core.marking import Audience, Tlp
from tocsin.errors import InputError, PolicyError

SENT = datetime(2024, 3, 7, 15, tzinfo=UTC)
RING = (Point(0, 0), Point(0, 1), Point(1, 1), Point(0, 0))
ALERT = Alert(
    identifier="embassy.example.W-1",
    sender="warnings@embassy.example",
    sent=SENT,
    status=Status.ACTUAL,
    msg_type=MsgType.ALERT,
    scope=Scope.PUBLIC,
    infos=(
        Info(
            categories=(Category.SECURITY,),
            event="Threat of attack",
            urgency=Urgency.IMMEDIATE,
            severity=Severity.EXTREME,
            certainty=Certainty.POSSIBLE,
            effective=SENT,
            expires=SENT + timedelta(hours=48),
            parameters=(
                NamedValue("tocsin:target", "concert"),
                NamedValue("tocsin:actor", "extremists"),
                NamedValue("tocsin:method", "bomb"),
            ),
            areas=(
                AlertArea(
                    Area(description="Moscow", circles=(Circle(Point(55.75, 37.62), 8),), polygons=(Polygon(RING),))
                ),
            ),
        ),
    ),
)
TEXTS = {audience: VersionText(f"head {audience}", f"body {audience}", f"do {audience}") for audience in Audience}
ADDRESSES = {Audience.INTERNAL: ("embassy.example",), Audience.PARTNER: ("city.example", "venue desk")}


def versions() -> dict[Audience, Version]:
    return {version.audience: version for version in make_versions(ALERT, TEXTS, addresses=ADDRESSES)}


def test_the_strictest_stands_first() -> None:
    assert list(versions()) == [Audience.INTERNAL, Audience.PARTNER, Audience.PUBLIC]


def test_scope_restriction_addresses_and_code_say_the_marking() -> None:
    made = versions()
    internal, partner, public = (made[audience].alert for audience in Audience)
    assert (internal.scope, internal.restriction, internal.addresses) == (Scope.PRIVATE, None, ("embassy.example",))
    assert (partner.scope, partner.addresses) == (Scope.RESTRICTED, ("city.example", "venue desk"))
    assert partner.restriction is not None
    assert partner.restriction.startswith("TLP:AMBER ")
    assert (public.scope, public.restriction, public.addresses) == (Scope.PUBLIC, None, ())
    assert [made[audience].alert.codes for audience in Audience] == [("tlp:AMBER+STRICT",), ("tlp:AMBER",), ("tlp:CLEAR",)]  # fmt: skip


def test_the_exact_marking_can_be_recovered_from_the_bytes() -> None:
    for version in versions().values():
        (code,) = read_alert(version.cap).codes
        assert Tlp(code.upper()) is version.tlp


def test_each_version_holds_its_own_words_and_no_others() -> None:
    for audience, version in versions().items():
        for other in Audience:
            assert (f"body {other}".encode() in version.cap) is (other is audience)


def test_the_public_version_does_not_say_who_is_feared() -> None:
    made = versions()
    assert b"extremists" in made[Audience.PARTNER].cap
    assert b"extremists" not in made[Audience.PUBLIC].cap
    assert b"concert" in made[Audience.PUBLIC].cap


def test_a_lower_version_never_contradicts_a_higher_one() -> None:
    kept = {(v.alert.sent, v.alert.status, v.alert.infos[0].expires, v.alert.infos[0].areas) for v in versions().values()}  # fmt: skip
    assert len(kept) == 1


def test_what_is_checked_is_what_is_issued() -> None:
    for version in versions().values():
        assert version.alert.raw == version.cap
        assert write_alert(version.alert) == version.cap


def test_no_two_versions_share_an_identifier() -> None:
    assert len({version.alert.identifier for version in versions().values()}) == 3


def test_without_words_for_the_public_nothing_is_made() -> None:
    with pytest.raises(PolicyError, match="public"):
        make_versions(ALERT, {Audience.INTERNAL: TEXTS[Audience.INTERNAL]}, addresses=ADDRESSES)


def test_an_audience_without_words_gets_no_version() -> None:
    (only,) = make_versions(ALERT, {Audience.PUBLIC: TEXTS[Audience.PUBLIC]}, addresses={})
    assert only.audience is Audience.PUBLIC


BAD = {
    "private without addresses": (ALERT, TEXTS, {}),
    "two info blocks": (replace(ALERT, infos=ALERT.infos * 2), TEXTS, ADDRESSES),
    "a text of spaces": (ALERT, {**TEXTS, Audience.PARTNER: VersionText(" ", "b", "i")}, ADDRESSES),
    "a bell in a text": (ALERT, {**TEXTS, Audience.PARTNER: VersionText("h", "\a", "i")}, ADDRESSES),
}


@pytest.mark.parametrize(("alert", "texts", "addresses"), BAD.values(), ids=BAD.keys())
def test_what_cap_cannot_carry_is_refused(
    alert: Alert, texts: dict[Audience, VersionText], addresses: dict[Audience, tuple[str, ...]]
) -> None:
    with pytest.raises(InputError):
        make_versions(alert, texts, addresses=addresses)


def test_the_fields_that_are_signed_come_from_the_bytes_alone() -> None:
    for version in versions().values():
        assert derive_fields(version.cap) == warning_fields(version.alert)
        assert list(derive_fields(version.cap)) == list(FIELDS)


def test_the_fields_say_what_the_message_says() -> None:
    fields = derive_fields(versions()[Audience.PUBLIC].cap)
    assert fields["sent"] == "2024-03-07T15:00:00-00:00"
    assert fields["circles"] == ["55.75,37.62 8"]
    assert fields["polygons"] == ["0,0 0,1 1,1 0,0"]
    assert (fields["targets"], fields["actors"], fields["methods"]) == (["concert"], [], ["bomb"])
    assert fields["onset"] is None


def test_a_message_without_info_has_no_fields() -> None:
    with pytest.raises(InputError, match="no info"):
        warning_fields(replace(ALERT, infos=()))

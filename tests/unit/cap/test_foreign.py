"""What would break if a good warning of others could not be read, or if what was forgiven for it were not told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from tests.unit.cap.test_codec import alerts
from tests.unit.cap.test_rules import GOOD, both, leaf, signed, to, version, without

from tocsin.cap.alert import Alert, Category, Certainty, NamedValue, Reference, Scope, Severity
from tocsin.cap.check import check_cap
from tocsin.cap.codec import read_alert, write_alert
from tocsin.cap.contain import find_messages
from tocsin.cap.finding import Finding
from tocsin.cap.foreign import MAX_TOLD, make_alert
from tocsin.cap.opening import open_xml
from tocsin.core.area import Circle, Point
from tocsin.errors import InputError

MOSCOW = timezone(timedelta(hours=3))


def foreign(text: str) -> tuple[Alert, tuple[Finding, ...]]:
    raw = text.encode()
    ((_, message),) = find_messages(open_xml(raw))
    return make_alert(message, raw)


def strict(text: str) -> Alert:
    return read_alert(text.encode())


@settings(max_examples=60)
@given(alerts())
def test_what_we_write_is_read_as_it_is_and_nothing_is_forgiven(alert: Alert) -> None:
    raw = write_alert(alert)
    assert foreign(raw.decode()) == (alert, ())


def test_what_is_read_strictly_is_read_the_same() -> None:
    alert, forgiven = foreign(GOOD)
    assert (alert, forgiven) == (strict(GOOD), ())
    assert alert.raw == GOOD.encode()


def info(**changes: object) -> Callable[[Alert], Alert]:
    return lambda alert: replace(alert, infos=(replace(alert.infos[0], **changes),))


def same(alert: Alert) -> Alert:
    return alert


FORGIVEN: dict[str, tuple[Callable[[str], str], Callable[[Alert], Alert], list[str]]] = {
    "signed": (signed(), same, ["CAP-43 advice alert/Signature"]),
    "out of order": (both(without("scope"), to("<code>", "<code>X</code><scope>Public</scope><code>")), lambda one: replace(one, codes=("X", "X")), ["CAP-02 error alert/scope"]),
    "an element of nobody": (to("<code>", "<colour>red</colour><code>"), same, ["CAP-02 error alert/colour"]),
    "an empty note": (to("<references>", "<note/><references>"), same, ["CAP-49 advice alert/note"]),
    "an empty restriction": (to("<code>", "<restriction/><code>"), same, ["CAP-49 advice alert/restriction"]),
    "a restriction beside Public": (to("<code>", "<restriction>x</restriction><code>"), same, ["CAP-19 warning alert/restriction"]),
    "an open quote": (leaf("incidents", '"one two'), lambda one: replace(one, incidents=("one", "two")), ["CAP-21 warning alert/incidents"]),
    "an empty event": (leaf("event", ""), info(event=""), ["CAP-25 advice alert/info/event"]),
    "an empty parameter": (to("<resource>", "<parameter><valueName>a</valueName><value/></parameter><resource>"), info(parameters=(NamedValue("a", ""),)), ["CAP-49 advice alert/info/parameter"]),
    "24:00:00": (leaf("onset", "2024-03-07T24:00:00+03:00"), info(onset=datetime(2024, 3, 8, tzinfo=MOSCOW)), ["CAP-06 advice alert/info/onset"]),
    "Z and a fraction": (leaf("onset", "2024-03-07T16:00:00.000Z"), info(onset=datetime(2024, 3, 7, 16, tzinfo=UTC)), ["CAP-06 error alert/info/onset", "CAP-06 advice alert/info/onset"]),
    "no zone": (leaf("onset", "2024-03-07T16:00:00"), info(onset=datetime(2024, 3, 7, 16, tzinfo=UTC)), ["CAP-06 error alert/info/onset", "CAP-06 advice alert/info/onset"]),
    "an onset after the end": (leaf("onset", "2024-03-10T16:00:00+03:00"), info(onset=None), ["CAP-28 warning alert/info/onset"]),
    "an end before it was sent": (both(leaf("effective", "2024-03-01T00:00:00+03:00"), leaf("expires", "2024-03-02T00:00:00+03:00")), info(effective=datetime(2024, 3, 1, tzinfo=MOSCOW), expires=None), ["CAP-28 warning alert/info/expires"]),
    "a language with an underscore": (leaf("language", "en_GB"), info(language="en-GB"), ["CAP-23 error alert/info/language", "CAP-23 advice alert/info/language"]),
    "no category": (without("category"), info(categories=(Category.OTHER,)), ["CAP-25 error alert/info"]),
    "a severity of nobody": (leaf("severity", "Red"), info(severity=Severity.UNKNOWN), ["CAP-25 error alert/info/severity", "CAP-25 warning alert/info/severity"]),
    "an earlier message of its name": (leaf("references", "embassy.example,a.1,2024-03-07T17:00:00+03:00"), lambda one: replace(one, references=(Reference("embassy.example", "a.1", one.sent - timedelta(hours=1)),)), []),
    "a size in words": (to("<uri>", "<size>big</size><uri>"), same, ["CAP-31 error alert/info/resource/size", "CAP-31 warning alert/info/resource/size"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGIVEN)
def test_what_is_forgiven_is_told_and_all_else_is_read_as_it_stands(name: str) -> None:
    change, expected, told = FORGIVEN[name]
    alert, forgiven = foreign(change(GOOD))
    assert alert == expected(strict(GOOD))
    assert [f"{one.rule} {one.level} {one.path}" for one in forgiven] == told


def test_a_circle_around_nothing_is_left_out_and_the_other_shapes_stay() -> None:
    alert, forgiven = foreign(to("<circle>", "<circle>55.7,37.6 0</circle><circle>")(GOOD))
    (area,) = alert.infos[0].areas
    assert area.area.circles == (Circle(Point(55.756, 37.617), 8),)
    assert [(one.rule, one.path, one.line) for one in forgiven] == [("CAP-37", "alert/info/area/circle[1]", 13)]


def test_a_ring_of_forty_thousand_corners_keeps_them_all() -> None:
    ring = " ".join(f"{n % 90}.5,{n % 170}" for n in range(41_008)) + " 0.5,0"
    alert, forgiven = foreign(leaf("polygon", ring)(GOOD))
    assert len(alert.infos[0].areas[0].area.polygons[0].ring) == 41_009
    assert forgiven == ()


@pytest.mark.parametrize("number", ["1.0", "1.1"])
def test_an_older_version_is_read_as_the_newest_and_that_is_told(number: str) -> None:
    old = both(version(number), leaf("certainty", "Very Likely"))(GOOD)
    old = old.replace("urn:oasis:names:tc:emergency:cap:1.0", "http://www.incident.com/cap/1.0")
    alert, forgiven = foreign(old)
    assert alert.infos[0].certainty is Certainty.LIKELY
    assert (forgiven[0].rule, forgiven[0].level) == ("CAP-01", "advice")
    assert "CAP-26" in {one.rule for one in forgiven}


def test_a_code_in_one_text_as_cap_1_0_wrote_it_is_a_name_and_a_value() -> None:
    old = to("<effective>", "<eventCode>SAME=CEM</eventCode><effective>")(version("1.0")(GOOD))
    old = without("scope")(old.replace("urn:oasis:names:tc:emergency:cap:1.0", "http://www.incident.com/cap/1.0"))
    alert, forgiven = foreign(old)
    assert alert.infos[0].event_codes == (NamedValue("SAME", "CEM"),)
    assert alert.scope is Scope.PUBLIC
    assert "no scope: read as Public" in {one.message for one in forgiven}


NEVER_GUESSED: dict[str, Callable[[str], str]] = {
    "no sender": without("sender"),
    "no identifier": without("identifier"),
    "no time": leaf("sent", "soon"),
    "a status of nobody": leaf("status", "actual"),
    "no status": without("status"),
    "a type of nobody": leaf("msgType", "Warning"),
    "a scope of nobody": leaf("scope", "Secret"),
    "private for nobody": leaf("scope", "Private"),
    "restricted without a rule": leaf("scope", "Restricted"),
}


@pytest.mark.parametrize("name", NEVER_GUESSED)
def test_who_says_it_when_and_how_to_take_it_is_never_guessed(name: str) -> None:
    with pytest.raises(InputError):
        foreign(NEVER_GUESSED[name](GOOD))


def test_a_message_of_a_thousand_faults_tells_the_first_hundred() -> None:
    _, forgiven = foreign(to("<code>", "<x/>" * 1_000 + "<code>")(GOOD))
    assert len(forgiven) == MAX_TOLD


def test_no_circle_polygon_or_pair_that_is_right_is_lost_beside_a_wrong_one() -> None:
    wrong = to("<polygon>", "<polygon>1,2 3;4</polygon><polygon>")(GOOD)
    alert, forgiven = foreign(wrong)
    assert alert == strict(GOOD)
    assert [(one.rule, one.path) for one in forgiven] == [("CAP-35", "alert/info/area/polygon[1]")]
    assert not check_cap(wrong.encode())[0].valid

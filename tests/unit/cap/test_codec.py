"""What would break if a CAP message could be read loosely or written in two ways."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.cap.alert import (
    Alert,
    AlertArea,
    Category,
    Certainty,
    Info,
    MsgType,
    NamedValue,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from tocsin.cap.codec import read_alert, write_alert
from tocsin.core.area import Area, Circle, Geocode, Point, Polygon
from tocsin.errors import InputError

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co"]), min_size=1, max_size=12
)
texts = st.lists(words, min_size=1, max_size=4).map(" ".join)
names = st.from_regex(r"[a-zA-Z0-9.@:-]{1,20}", fullmatch=True)
plain_words = st.from_regex(r"[a-zA-Z0-9]{1,8}( [a-zA-Z0-9]{1,8})?", fullmatch=True)
times = st.builds(
    lambda seconds, minutes: datetime.fromtimestamp(seconds, timezone(timedelta(minutes=15 * minutes))),
    st.integers(0, 2**31),
    st.integers(-48, 56),
).map(lambda at: at if at.utcoffset() else at.replace(tzinfo=UTC))
numbers = st.integers(-(10**6), 10**6).map(lambda n: n / 10**4)
points = st.builds(
    Point,
    st.integers(-90_0000, 90_0000).map(lambda n: n / 10**4),
    st.integers(-180_0000, 180_0000).map(lambda n: n / 10**4),
)
circles = st.builds(Circle, points, st.integers(1, 10**6).map(lambda n: n / 1000))
polygons = st.lists(points, min_size=3, max_size=6).map(lambda ring: Polygon((*ring, ring[0])))
pairs = st.lists(st.builds(NamedValue, texts, texts), max_size=2).map(tuple)
areas = st.builds(
    AlertArea,
    st.builds(
        Area,
        description=texts,
        polygons=st.lists(polygons, max_size=2).map(tuple),
        circles=st.lists(circles, max_size=2).map(tuple),
        geocodes=st.lists(st.builds(Geocode, names, names), max_size=2).map(tuple),
    ),
    st.none() | numbers,
    st.none() | numbers,
)
infos = st.builds(
    Info,
    categories=st.lists(st.sampled_from(Category), min_size=1, max_size=2).map(tuple),
    event=texts,
    urgency=st.sampled_from(Urgency),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    language=st.sampled_from(["en-US", "ru", "fr"]),
    response_types=st.lists(st.sampled_from(ResponseType), max_size=2).map(tuple),
    audience=st.none() | texts,
    event_codes=pairs,
    effective=st.none() | times,
    onset=st.none() | times,
    expires=st.none() | times,
    sender_name=st.none() | texts,
    headline=st.none() | texts,
    description=st.none() | texts,
    instruction=st.none() | texts,
    contact=st.none() | texts,
    parameters=pairs,
    resources=st.lists(
        st.builds(Resource, description=texts, mime_type=names, size=st.none() | st.integers(0, 10**9)), max_size=1
    ).map(tuple),
    areas=st.lists(areas, max_size=2).map(tuple),
)
alerts = st.builds(
    Alert,
    identifier=names,
    sender=names,
    sent=times,
    status=st.sampled_from(Status),
    msg_type=st.sampled_from(MsgType),
    scope=st.just(Scope.PUBLIC),
    source=st.none() | texts,
    addresses=st.lists(plain_words, max_size=2).map(tuple),
    codes=st.lists(texts, max_size=2).map(tuple),
    note=st.none() | texts,
    references=st.lists(st.builds(Reference, names, names, times), max_size=2).map(tuple),
    incidents=st.lists(plain_words, max_size=2).map(tuple),
    infos=st.lists(infos, max_size=2).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(alerts)
def test_what_is_read_is_what_was_written(alert: Alert) -> None:
    raw = write_alert(alert)
    again = read_alert(raw)
    assert again == alert
    assert again.raw == raw
    assert write_alert(again) == raw


GOOD = write_alert(
    Alert(
        identifier="a.1",
        sender="warnings@embassy.example",
        sent=datetime(2024, 3, 7, 18, 0, tzinfo=timezone(timedelta(hours=3))),
        status=Status.EXERCISE,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        note="rehearsal",
        infos=(
            Info(
                categories=(Category.SECURITY,),
                event="Threat of attack",
                urgency=Urgency.IMMEDIATE,
                severity=Severity.EXTREME,
                certainty=Certainty.POSSIBLE,
                areas=(AlertArea(Area(description="Moscow", circles=(Circle(Point(55.75, 37.62), 8),))),),
            ),
        ),
    )
).decode()

BAD = {
    "empty": b"",
    "blank": b"  \n",
    "truncated": GOOD[: len(GOOD) // 2].encode(),
    "no XML": b"hello",
    "DOCTYPE": GOOD.replace("<alert", "<!DOCTYPE alert [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><alert").encode(),
    "DOCTYPE in UTF-16": GOOD.replace("UTF-8", "UTF-16").encode("utf-16"),
    "entity bomb": b"<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>",
    "wrong bytes for its encoding": GOOD.replace("Moscow", "Moskau\xfc").encode("latin-1"),
    "unknown encoding": GOOD.replace("UTF-8", "UTF-7").encode(),
    "over-long": GOOD.encode() + b" " * (1024 * 1024),
    "CAP 1.1": GOOD.replace("cap:1.2", "cap:1.1").encode(),
    "other root": GOOD.replace("<alert ", "<warning ").replace("</alert>", "</warning>").encode(),
    "unknown element": GOOD.replace("<status>", "<mood>x</mood><status>").encode(),
    "out of order": GOOD.replace("<status>Exercise</status>", "").replace("<scope>", "<status>Exercise</status><scope>").encode(),
    "element twice": GOOD.replace("<status>", "<status>Exercise</status><status>").encode(),
    "status unknown": GOOD.replace("Exercise</status>", "Practice</status>").encode(),
    "time with Z": GOOD.replace("2024-03-07T18:00:00+03:00", "2024-03-07T15:00:00Z").encode(),
    "time without zone": GOOD.replace("+03:00", "").encode(),
    "time that does not exist": GOOD.replace("2024-03-07", "2024-02-30").encode(),
    "identifier with a space": GOOD.replace("a.1", "a 1").encode(),
    "no identifier": GOOD.replace("<identifier>a.1</identifier>", "").encode(),
    "Private without addresses": GOOD.replace("Public", "Private").encode(),
    "Restricted without restriction": GOOD.replace("Public", "Restricted").encode(),
    "circle without radius": GOOD.replace("55.75,37.62 8", "55.75,37.62").encode(),
    "circle off the globe": GOOD.replace("55.75,37.62 8", "155.75,37.62 8").encode(),
    "circle of radius zero": GOOD.replace("55.75,37.62 8", "55.75,37.62 0").encode(),
    "open polygon": GOOD.replace("<circle>55.75,37.62 8</circle>", "<polygon>1,1 2,2 3,3 4,4</polygon>").encode(),
    "no category": GOOD.replace("<category>Security</category>", "").encode(),
}  # fmt: skip


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
def test_what_is_no_cap_message_gets_a_clear_error(raw: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_alert(raw)
    assert str(caught.value)


def test_a_character_that_xml_cannot_carry_is_refused_when_written() -> None:
    alert = read_alert(GOOD.encode())
    with pytest.raises(InputError, match="XML cannot carry"):
        write_alert(Alert(**{**{n: getattr(alert, n) for n in Alert.__dataclass_fields__}, "note": "a\x00b"}))


def test_utc_is_written_with_a_minus() -> None:
    alert = read_alert(GOOD.replace("+03:00", "-00:00").encode())
    assert alert.sent.utcoffset() == timedelta(0)
    assert b"<sent>2024-03-07T18:00:00-00:00</sent>" in write_alert(alert)

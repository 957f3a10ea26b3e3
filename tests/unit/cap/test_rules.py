"""Known answers: a message that is right, one change of it for each rule, and what must be found then, no more and no less."""

from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest

from tocsin.cap.check import check_cap
from tocsin.cap.grammar import VERSIONS
from tocsin.cap.profiles import PROFILES
from tocsin.cap.rules import RULES

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>a.1</identifier><sender>embassy.example</sender><sent>2024-03-07T18:00:00+03:00</sent>
<status>Actual</status><msgType>Update</msgType><scope>Public</scope><code>X</code>
<references>embassy.example,a.0,2024-03-07T17:00:00+03:00</references><incidents>"one two"</incidents>
<info><language>en</language><category>Security</category><event>attack</event><responseType>Avoid</responseType>
<urgency>Immediate</urgency><severity>Extreme</severity><certainty>Possible</certainty>
<effective>2024-03-07T18:00:00+03:00</effective><onset>2024-03-07T19:00:00+03:00</onset>
<expires>2024-03-09T18:00:00+03:00</expires><headline>Avoid crowds</headline><description>Stay at home</description>
<web>https://embassy.example/a</web>
<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><uri>https://embassy.example/map</uri></resource>
<area><areaDesc>Moscow</areaDesc><polygon>55.7,37.5 55.7,37.7 55.8,37.7 55.8,37.5 55.7,37.5</polygon>
<circle>55.756,37.617 8</circle><geocode><valueName>ISO</valueName><value>RU-MOW</value></geocode>
<altitude>100</altitude><ceiling>200</ceiling></area></info>
</alert>
"""
RING = "55.7,37.5 55.7,37.7 55.8,37.7 55.8,37.5 55.7,37.5"
SIGNED = (
    '<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"><s:SignedInfo>'
    '<s:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><s:Reference URI=""><s:Transforms>'
    '<s:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></s:Transforms>'
    '<s:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><s:DigestValue>a</s:DigestValue></s:Reference>'
    "</s:SignedInfo><s:SignatureValue>a</s:SignatureValue></s:Signature></alert>"
)
Change = Callable[[str], str]


def to(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    return change


def both(*changes: Change) -> Change:
    def change(text: str) -> str:
        for one in changes:
            text = one(text)
        return text

    return change


def leaf(name: str, text: str) -> Change:
    def change(message: str) -> str:
        before, mark, rest = message.partition(f"<{name}>")
        assert mark, name
        return f"{before}<{name}>{text}</{name}>{rest.partition(f'</{name}>')[2]}"

    return change


def without(name: str) -> Change:
    return lambda message: message.partition(f"<{name}>")[0] + message.partition(f"</{name}>")[2]


def version(one: str) -> Change:
    return lambda text: text.replace("cap:1.2", f"cap:{one}")


OLDEST = to("urn:oasis:names:tc:emergency:cap:1.2", VERSIONS["1.0"])


def signed(*changes: Change) -> Change:
    return both(to("</alert>", SIGNED), *changes)


CASES: dict[str, tuple[Change, set[str]]] = {
    "an older version": (version("1.1"), {"CAP-01 advice alert"}),
    "an element of nobody": (to("<code>", "<colour/><code>"), {"CAP-02 error alert/colour"}),
    "out of order": (both(without("scope"), to("<code>", "<code/><scope>Public</scope><code>")), {"CAP-02 error alert/scope", "CAP-22 advice alert/code[1]"}),
    "twice": (to("<status>Actual</status>", "<status>Actual</status><status>Test</status>"), {"CAP-02 error alert/status[2]"}),
    "twice, and the second elsewhere": (to("<code>", "<status>Test</status><code>"), {"CAP-02 error alert/status[2]"}),
    "moved far to the front": (both(without("incidents"), to("<sender>", "<incidents>x</incidents><sender>")), {"CAP-02 error alert/incidents"}),
    "moved far to the back": (both(without("sender"), to("<info>", "<sender>embassy.example</sender><info>")), {"CAP-02 error alert/sender"}),
    "two moved": (both(without("language"), without("web"), to("<urgency>", "<web>https://embassy.example</web><urgency>"), to("<area>", "<language>en</language><area>")), {"CAP-02 error alert/info/web", "CAP-02 error alert/info/language"}),
    "text between": (to("<info>", "x<info>"), {"CAP-02 error alert/incidents"}),
    "an attribute": (to("<code>", '<code a="b">'), {"CAP-02 error alert/code"}),
    "elements in a text": (leaf("event", "<b>x</b>"), {"CAP-02 error alert/info/event", "CAP-25 warning alert/info/event"}),
    "no identifier": (without("identifier"), {"CAP-03 error alert"}),
    "an empty sender": (leaf("sender", ""), {"CAP-03 error alert/sender"}),
    "a comma in the identifier": (leaf("identifier", "a,1"), {"CAP-03 error alert/identifier"}),
    "a time without a zone": (leaf("sent", "2024-03-07T18:00:00"), {"CAP-06 error alert/sent"}),
    "a leap second": (leaf("onset", "2024-03-07T18:59:60+03:00"), {"CAP-06 error alert/info/onset"}),
    "a day there never was": (leaf("onset", "2024-02-30T18:00:00+03:00"), {"CAP-06 error alert/info/onset"}),
    "a zone beyond 14 hours": (leaf("onset", "2024-03-07T18:00:00+14:01"), {"CAP-06 error alert/info/onset"}),
    "UTC as +00:00": (leaf("onset", "2024-03-07T18:00:00+00:00"), {"CAP-07 advice alert/info/onset"}),
    "Z, read all the same": (leaf("expires", "2024-03-01T18:00:00Z"), {"CAP-06 error alert/info/expires", "CAP-07 advice alert/info/expires", "CAP-28 error alert/info/expires", "CAP-28 warning alert/info/expires", "CAP-28 warning alert/info/onset"}),
    "UTC as +00:00, with a line break behind it": (leaf("onset", "2024-03-07T18:00:00+00:00\n"), {"CAP-07 advice alert/info/onset"}),
    "24:00:00": (leaf("onset", "2024-03-07T24:00:00+03:00"), {"CAP-08 advice alert/info/onset"}),
    "24:00:00, with a blank before it": (leaf("onset", " 2024-03-07T24:00:00+03:00"), {"CAP-08 advice alert/info/onset"}),
    "sent at 24:00:00": (leaf("sent", "2024-03-06T24:00:00+03:00"), {"CAP-08 advice alert/sent", "CAP-14 error alert/references"}),
    "sent in UTC": (leaf("sent", "2024-03-07T15:00:00-00:00"), {"CAP-09 advice alert/sent"}),
    "white space around": (leaf("headline", " Avoid crowds\n"), {"CAP-10 advice alert/info/headline"}),
    "white space around a code": (leaf("code", "\nX "), {"CAP-10 advice alert/code"}),
    "white space around the second code": (to("<code>", "<code>Y</code><code> "), {"CAP-10 advice alert/code[2]"}),
    "white space around the name of an area": (leaf("areaDesc", " Moscow"), {"CAP-10 advice alert/info/area/areaDesc"}),
    "white space around a value": (leaf("value", "RU-MOW\n"), {"CAP-10 advice alert/info/area/geocode"}),
    "white space around the name of a code": (leaf("valueName", "&#32;ISO"), {"CAP-10 advice alert/info/area/geocode"}),
    "white space around an event code": (to("<effective>", "<eventCode><valueName>a</valueName><value>b</value></eventCode><eventCode><valueName>a</valueName>\n <value> c</value></eventCode><effective>"), {"CAP-10 advice alert/info/eventCode[2]"}),
    "white space around a parameter": (to("<resource>", "<parameter>\n<valueName>a </valueName>\n<value>b</value>\n</parameter><resource>"), {"CAP-10 advice alert/info/parameter"}),
    "white space around what a resource is": (leaf("resourceDesc", "map "), {"CAP-10 advice alert/info/resource/resourceDesc"}),
    "white space in and around lists and long texts": (both(leaf("description", " Stay\nhome\n"), leaf("polygon", RING.replace(" ", "\n")), leaf("circle", "55.756,37.617\t8"), leaf("references", "\nembassy.example,a.0,2024-03-07T17:00:00+03:00\n")), set()),
    "white space around shapes": (both(leaf("polygon", f"\n{RING}\n"), leaf("circle", " 55.756,37.617 8 ")), {"CAP-10 advice alert/info/area/polygon", "CAP-10 advice alert/info/area/circle"}),
    "an exercise without a name": (leaf("status", "Exercise"), {"CAP-11 advice alert/status"}),
    "a status of nobody": (leaf("status", "actual"), {"CAP-11 error alert/status"}),
    "an update of nothing": (without("references"), {"CAP-12 error alert/msgType"}),
    "an answer to nothing": (both(without("references"), leaf("msgType", "Ack")), {"CAP-13 error alert/msgType"}),
    "an error without words": (leaf("msgType", "Error"), {"CAP-13 advice alert/msgType"}),
    "a reference to itself": (leaf("references", "embassy.example,a.1,2024-03-07T18:00:00+03:00"), {"CAP-14 error alert/references"}),
    "a reference to the future": (leaf("references", "embassy.example,a.0,2024-03-07T18:00:01+03:00"), {"CAP-14 error alert/references"}),
    "a reference to an earlier message of its name": (leaf("references", "embassy.example,a.1,2024-03-07T17:00:00+03:00"), {"CAP-14 warning alert/references"}),
    "a reference to a later message of its name": (leaf("references", "embassy.example,a.1,2024-03-07T19:00:00+03:00"), {"CAP-14 error alert/references", "CAP-14 warning alert/references"}),
    "a reference to itself in another zone": (leaf("references", "embassy.example,a.1,2024-03-07T15:00:00-00:00"), {"CAP-14 error alert/references"}),
    "a reference to an identifier that begins as its own": (leaf("references", "embassy.example,a.10,2024-03-07T17:00:00+03:00"), set()),
    "a reference to no time with a letter": (leaf("references", "embassy.example,a.0,2024-03-07X17:00:00+03:00"), {"CAP-14 error alert/references"}),
    "a reference to no time with a small letter": (leaf("references", "embassy.example,a.0,2024-03-07t17:00:00+03:00"), {"CAP-14 error alert/references"}),
    "a reference to a day of a week": (leaf("references", "embassy.example,a.0,2024-W10-4T17:00:00+03:00"), {"CAP-14 error alert/references"}),
    "a reference to a zone of nowhere": (leaf("references", "embassy.example,a.0,2024-03-07T17:00:00+23:00"), {"CAP-14 error alert/references"}),
    "a reference to the midnight at the end of a day": (leaf("references", "embassy.example,a.0,2024-03-06T24:00:00+14:00"), set()),
    "a reference of two parts": (leaf("references", "embassy.example,a.0"), {"CAP-14 error alert/references"}),
    "a reference as CAP 1.0 writes it": (leaf("references", "a.0/embassy.example"), {"CAP-14 error alert/references"}),
    "a reference as CAP 1.0 writes it, in CAP 1.0": (both(OLDEST, leaf("references", "a.0/embassy.example")), {"CAP-01 advice alert", "CAP-02 warning alert/info/area/geocode"}),
    "private for nobody": (leaf("scope", "Private"), {"CAP-18 error alert/scope"}),
    "an open quote in addresses": (both(leaf("scope", "Private"), to("<code>", '<addresses>"a b</addresses><code>')), {"CAP-18 warning alert/addresses"}),
    "restricted without a rule": (leaf("scope", "Restricted"), {"CAP-19 error alert/scope"}),
    "a rule without restricted": (to("<code>", "<restriction>x</restriction><code>"), {"CAP-19 warning alert/restriction"}),
    "an open quote in incidents": (leaf("incidents", '"one two'), {"CAP-21 warning alert/incidents"}),
    "an empty code": (leaf("code", ""), {"CAP-22 advice alert/code"}),
    "no language": (without("language"), {"CAP-23 advice alert/info"}),
    "an underscore in a language": (leaf("language", "en_US"), {"CAP-23 error alert/info/language"}),
    "another subject in the second language": (
        lambda text: text.replace("</info>", "</info>" + text[text.index("<info>") : text.index("</info>")].replace("Security", "Met") + "</info>"),
        {"CAP-24 warning alert/info[2]"},
    ),
    "no info": (without("info"), {"CAP-25 advice alert"}),
    "no urgency": (without("urgency"), {"CAP-25 error alert/info"}),
    "an empty event": (leaf("event", " "), {"CAP-25 warning alert/info/event", "CAP-10 advice alert/info/event"}),
    "a word of CAP 1.0": (leaf("certainty", "Very Likely"), {"CAP-26 error alert/info/certainty"}),
    "the public is to assess": (leaf("responseType", "Assess"), {"CAP-27 warning alert/info/responseType"}),
    "no end": (without("expires"), {"CAP-28 advice alert/info"}),
    "over before it takes effect": (leaf("effective", "2024-03-09T18:00:00+03:00"), {"CAP-28 error alert/info/expires"}),
    "over before it begins": (leaf("onset", "2024-03-09T18:00:00+03:00"), {"CAP-28 warning alert/info/onset"}),
    "over before it was sent": (both(leaf("sent", "2024-03-10T18:00:00+03:00")), {"CAP-28 warning alert/info/expires"}),
    "a long headline": (leaf("headline", "x" * 161), {"CAP-29 advice alert/info/headline"}),
    "markup": (leaf("description", "Stay &lt;b&gt;home&lt;/b&gt;"), {"CAP-29 warning alert/info/description"}),
    "a link without a scheme": (leaf("web", "www.embassy.example"), {"CAP-30 warning alert/info/web"}),
    "an empty link": (leaf("web", ""), {"CAP-30 warning alert/info/web"}),
    "a link that is none": (leaf("web", "http://["), {"CAP-30 error alert/info/web", "CAP-30 warning alert/info/web"}),
    "a resource beside nothing": (leaf("uri", "map.png"), {"CAP-30 warning alert/info/resource/uri"}),
    "a resource beside nothing but an empty text": (both(leaf("uri", "map.png"), to("</uri>", "</uri><derefUri/>")), {"CAP-30 warning alert/info/resource/uri"}),
    "a resource of no name": (leaf("resourceDesc", ""), {"CAP-31 warning alert/info/resource/resourceDesc"}),
    "no type of a resource": (without("mimeType"), {"CAP-31 error alert/info/resource"}),
    "no type of a resource in an older version": (both(version("1.1"), without("mimeType")), {"CAP-01 advice alert", "CAP-31 warning alert/info/resource"}),
    "a size in words": (to("<uri>", "<size>big</size><uri>"), {"CAP-31 error alert/info/resource/size"}),
    "a resource within": (to("</uri>", "</uri><derefUri>aGk=</derefUri>"), {"CAP-32 advice alert/info/resource/derefUri"}),
    "no base64 within": (to("</uri>", "</uri><derefUri>a!</derefUri>"), {"CAP-32 advice alert/info/resource/derefUri", "CAP-32 warning alert/info/resource/derefUri"}),
    "base64 within, in lines": (to("</uri>", "</uri><derefUri>\naGk=\n aGkh\n</derefUri>".replace("=\n aGkh", "h\n aGk=")), {"CAP-32 advice alert/info/resource/derefUri"}),
    "base64 that was cut off": (to("</uri>", "</uri><derefUri>aGkha</derefUri>"), {"CAP-32 advice alert/info/resource/derefUri", "CAP-32 warning alert/info/resource/derefUri"}),
    "base64 padded too far": (to("</uri>", "</uri><derefUri>aGk==</derefUri>"), {"CAP-32 advice alert/info/resource/derefUri", "CAP-32 warning alert/info/resource/derefUri"}),
    "a digest of another kind": (to("</uri>", "</uri><digest>abc</digest>"), {"CAP-33 advice alert/info/resource/digest"}),
    "an area without a name": (leaf("areaDesc", ""), {"CAP-34 warning alert/info/area/areaDesc"}),
    "an area of words alone": (both(without("polygon"), without("circle"), without("geocode")), {"CAP-34 advice alert/info/area"}),
    "an open ring": (leaf("polygon", "1,2 3,4 5,7 1,3"), {"CAP-35 error alert/info/area/polygon"}),
    "three points": (leaf("polygon", "1,2 3,4 1,2"), {"CAP-35 error alert/info/area/polygon"}),
    "an empty polygon": (leaf("polygon", ""), {"CAP-35 error alert/info/area/polygon"}),
    "a polygon of words": (leaf("polygon", "1,2 3;4 5,6 1,2"), {"CAP-35 error alert/info/area/polygon"}),
    "longitude first": (leaf("polygon", "100,2 100,4 101,4 100,2"), {"CAP-36 error alert/info/area/polygon"}),
    "a bow tie": (leaf("polygon", "0,0 1,1 0,1 1,0 0,0"), {"CAP-36 warning alert/info/area/polygon"}),
    "a thousand points": (leaf("polygon", " ".join(f"{n / 100:.2f},{n * n / 10000:.4f}" for n in range(200)) + " 0.00,0.0000"), {"CAP-36 advice alert/info/area/polygon"}),
    "a circle around nothing": (leaf("circle", "55.7,37.6 0"), {"CAP-37 warning alert/info/area/circle"}),
    "a circle of short numbers": (leaf("circle", ".5,-.25 10"), set()),
    "a circle of long numbers": (leaf("circle", "+1.0,+002. 00010.50"), set()),
    "a circle of a number too long for the globe": (leaf("circle", f"{'9' * 400},1 1"), {"CAP-37 error alert/info/area/circle"}),
    "a circle in scientific form": (leaf("circle", "1e1,2 3"), {"CAP-37 error alert/info/area/circle"}),
    "a circle turned inside out": (leaf("circle", "55.7,37.6 -1"), {"CAP-37 error alert/info/area/circle"}),
    "a circle without a radius": (leaf("circle", "55.7,37.6"), {"CAP-37 error alert/info/area/circle"}),
    "half a code": (leaf("value", ""), {"CAP-38 warning alert/info/area/geocode"}),
    "a code of one no-break space": (leaf("value", "&#160;"), {"CAP-38 warning alert/info/area/geocode"}),
    "codes alone": (both(without("polygon"), without("circle")), {"CAP-38 advice alert/info/area"}),
    "a ceiling below the floor": (leaf("ceiling", "50"), {"CAP-39 error alert/info/area/ceiling"}),
    "a ceiling without a floor": (without("altitude"), {"CAP-39 error alert/info/area/ceiling"}),
    "a height in words": (leaf("ceiling", "high"), {"CAP-39 error alert/info/area/ceiling"}),
    "signed": (signed(), {"CAP-43 advice alert/Signature"}),
    "signed twice": (signed(lambda text: text.replace("</s:Signature>", f"</s:Signature>{SIGNED.removesuffix('</alert>')}", 1)), {"CAP-43 advice alert/Signature[1]", "CAP-43 advice alert/Signature[2]"}),
    "signed three times": (signed(lambda text: text.replace("</s:Signature>", f"</s:Signature>{SIGNED.removesuffix('</alert>') * 2}", 1)), {"CAP-43 advice alert/Signature[1]", "CAP-43 warning alert/Signature[2]"}),
    "signed with properties of the signature": (signed(to("</s:Reference>", '</s:Reference><s:Reference URI="#p"><s:DigestValue>b</s:DigestValue></s:Reference>')), {"CAP-43 advice alert/Signature"}),
    "signed by a reference that names nothing": (signed(to(' URI=""', "")), {"CAP-43 advice alert/Signature"}),
    "signed without a way to leave the signature out": (signed(to("xmldsig#enveloped-signature", "xmldsig#base64")), {"CAP-43 advice alert/Signature", "CAP-44 warning alert/Signature"}),
    "the signature is left out of something else": (signed(to('<s:Reference URI=""><s:Transforms>', '<s:Reference URI=""/><s:Reference URI="#p"><s:Transforms>')), {"CAP-43 advice alert/Signature", "CAP-44 warning alert/Signature"}),
    "a signature of a part": (signed(to('URI=""', 'URI="#a"')), {"CAP-43 advice alert/Signature", "CAP-44 warning alert/Signature"}),
    "a signature without a value": (signed(to("<s:SignatureValue>a</s:SignatureValue>", "")), {"CAP-43 advice alert/Signature", "CAP-45 warning alert/Signature"}),
    "a signature that can be forged": (signed(to("xmldsig-more#rsa-sha256", "xmldsig#rsa-sha1")), {"CAP-43 advice alert/Signature", "CAP-46 warning alert/Signature/SignedInfo/SignatureMethod"}),
    "a signature that can be forged, named the other way round": (signed(to("xmldsig-more#rsa-sha256", "2007/05/xmldsig-more#sha1-rsa-MGF1")), {"CAP-43 advice alert/Signature", "CAP-46 warning alert/Signature/SignedInfo/SignatureMethod"}),
    "a signature in the middle": (lambda text: text.replace("<info>", SIGNED.removesuffix("</alert>") + "<info>"), {"CAP-43 error alert/info", "CAP-43 advice alert/Signature"}),
}  # fmt: skip


def findings(text: str, profile: str = "cap") -> set[str]:
    (checked,) = check_cap(text.encode(), profile=profile)
    return {f"{one.rule} {one.level} {one.path}" for one in checked.findings}


def test_a_message_that_is_right_has_no_finding() -> None:
    (checked,) = check_cap(GOOD.encode())
    assert (checked.version, checked.schema_valid, checked.valid, checked.findings) == ("1.2", True, True, ())


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_found_at_its_place_and_nothing_else(name: str) -> None:
    change, expected = CASES[name]
    assert findings(change(GOOD)) == expected


def test_every_rule_has_a_case_that_breaks_it() -> None:
    broken = {one.rpartition(" ")[0] for _, expected in CASES.values() for one in expected}
    # A polygon of 200,000 points is made in test_check.
    assert {f"{one.id} {one.level}" for one in RULES} - broken == {"CAP-48 error"}


def test_a_finding_names_the_line() -> None:
    (checked,) = check_cap(leaf("web", "x")(GOOD).encode())
    assert [(one.line, one.message) for one in checked.findings] == [(10, "web 'x' is no absolute URI")]


PROFILED: dict[str, set[str]] = {
    "google": set(),
    "ipaws": {"CAP-40 error alert", "CAP-40 error alert/info", "CAP-40 advice alert/info", "CAP-40 advice alert/info/effective", "CAP-40 advice alert/info/onset", "CAP-40 advice alert/info/area"},
    "cap-au": {"CAP-41 error alert", "CAP-41 error alert/info"},
    "cap-cp": {"CAP-41 error alert", "CAP-41 error alert/info", "CAP-41 error alert/info/area", "CAP-41 advice alert"},
    "cap": set(),
}  # fmt: skip


@pytest.mark.parametrize("profile", PROFILED)
def test_a_profile_demands_more_and_never_less(profile: str) -> None:
    assert set(PROFILED) == set(PROFILES)
    assert findings(GOOD, profile) == PROFILED[profile]
    assert findings(leaf("web", "x")(GOOD), profile) >= {"CAP-30 warning alert/info/web"}


def test_google_shows_no_test_and_nothing_without_an_area() -> None:
    tested = both(leaf("status", "Test"), without("area"), without("web"))(GOOD)
    assert findings(tested, "google") == {"CAP-42 warning alert/status", "CAP-42 error alert/info"}


@pytest.mark.parametrize(
    ("profile", "kind", "told"),
    [
        ("google", "Alert", True),
        ("google", "Ack", True),
        ("cap-au", "Alert", True),
        ("cap-au", "Ack", False),
        ("cap-cp", "Cancel", True),
        ("cap-cp", "Error", False),
        ("cap", "Alert", False),
    ],
)
def test_a_network_that_shows_infos_takes_no_message_without_one(profile: str, kind: str, told: bool) -> None:
    (checked,) = check_cap(both(leaf("msgType", kind), without("info"))(GOOD).encode(), profile=profile)
    assert ("the message has no info" in {one.message for one in checked.findings}) is told


@pytest.mark.parametrize(("profile", "rule"), {"google": 42, "ipaws": 40, "cap-au": 41, "cap-cp": 41}.items())
def test_infos_of_two_events_are_advised_against_by_cap_and_forbidden_by_networks(profile: str, rule: int) -> None:
    two, _ = CASES["another subject in the second language"]
    assert findings(two(GOOD), profile) >= {"CAP-24 warning alert/info[2]", f"CAP-{rule} error alert/info[2]"}


def test_canada_takes_the_event_in_the_words_of_two_versions_of_its_list() -> None:
    code = "<eventCode><valueName>profile:CAP-CP:Event:{}</valueName><value>wind</value></eventCode>"
    message = to("<effective>", f"{code.format('0.4')}{code.format('1.0')}<effective>")(GOOD)
    assert "CAP-41 error alert/info" not in findings(message, "cap-cp")
    assert "CAP-41 error alert/info" in findings(message.replace("wind", "", 1), "cap-cp")


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0", False),
        ("profile:CAP-AU:1.0", False),
        ("CAP-AU:1.0", False),
        ("profile:CAP-CP:0.4", True),
        ("my-profile:CAP-AU:1.0", True),
    ],
)
def test_the_mark_of_australia_is_taken_as_a_urn_and_in_its_short_form(mark: str, told: bool) -> None:
    assert ("CAP-41 error alert" in findings(leaf("code", mark)(GOOD), "cap-au")) is told


def test_what_a_profile_asks_for_satisfies_it() -> None:
    code = "<eventCode><valueName>{}</valueName><value>{}</value></eventCode><effective>"
    ipaws = both(leaf("code", "IPAWSv1.0"), to("<effective>", code.format("SAME", "CEM")))(GOOD)
    assert not {one for one in findings(ipaws, "ipaws") if " error " in one}
    canada = both(
        leaf("code", "profile:CAP-CP:0.4"),
        to("<effective>", code.format("profile:CAP-CP:Event:0.4", "terrorism")),
        leaf("valueName", "profile:CAP-CP:Location:0.3"),
    )
    canadian = (
        canada(GOOD).replace("RU-MOW", "3506008").replace("profile:CAP-CP:Location:0.3", "profile:CAP-CP:Event:0.4", 1)
    )
    canadian = canadian.replace("<valueName>ISO", "<valueName>profile:CAP-CP:Location:0.3")
    assert not {one for one in findings(canadian, "cap-cp") if " error " in one}


MARKED = [
    "Stay <b>home</b>", "one<br/>two", "one<BR>two", "<a href='x>y'>k</a>", "<Center>Gale</Center>", "<table border=1>", "<o:p>x",
    "<!-- hidden -->text", "<!DOCTYPE html>", "it&#8217;s", "it&#x2019;s", "5 m&sup2;", "&frac12; m", "Met &amp; Hydro", "a&nbsp;b",
]  # fmt: skip
UNMARKED = [
    "<Areas affected> coast <Expected heights> 1 m", "<END> of bulletin", "<Area> Vienna <Time> noon", "<SUMMARY> gale",
    "call <duty@met.example>, see <https://met.example/x?a=1&b=2> or <mailto:duty@met.example>", "if a <b and c> d",
    "R&D; AT&T; Q&A; S&P", "-> <- <= 5 <5m <3", "a form <!DOCTYPE is not ours", "<! attention !>", "<1> <2>", "fish&chips;",
]  # fmt: skip


@pytest.mark.parametrize("text", [*MARKED, *UNMARKED])
def test_markup_is_what_html_knows_and_no_other_word_in_brackets(text: str) -> None:
    told = {"CAP-29 warning alert/info/description"} if text in MARKED else set()
    assert findings(leaf("description", escape(text))(GOOD)) == told


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("event", "info/event"),
        ("headline", "info/headline"),
        ("resourceDesc", "info/resource/resourceDesc"),
        ("areaDesc", "info/area/areaDesc"),
    ],
)
def test_every_text_that_is_shown_is_looked_at_for_markup(name: str, path: str) -> None:
    assert findings(leaf(name, "Met &amp;amp; Hydro")(GOOD)) == {f"CAP-29 warning alert/{path}"}
    shown = to("<headline>", "<senderName>a &amp;lt; b</senderName><headline>")
    assert findings(shown(GOOD)) == {"CAP-29 warning alert/info/senderName"}
    assert findings(leaf("web", "https://embassy.example/?a=1&amp;amp;b")(GOOD)) == set()


LINKS: dict[str, bool] = {
    "https://met.example/w?a=1&amp;b=2#c": True,
    "HTTP://MET.EXAMPLE": True,
    "https://user@met.example:8443/": True,
    "http://[2001:db8::1]:80/w": True,
    "https://пример.example/ü": True,
    "ftp://met.example/map.png": True,
    "urn:oid:2.49.0.1.40": True,
    "mailto:duty@met.example": True,
    "tel:+49-30-1": True,
    "geo:55.7,37.6": True,
    "www.met.example:8080/w": False,
    "met.example/w": False,
    "//met.example/w": False,
    "https:/met.example/": False,
    "https:met.example": False,
    "http:///w": False,
    "https://": False,
    "https://:8080/w": False,
    "https://user@/w": False,
    "http:\\\\met.example\\w": False,
    "https://met.example\\w": False,
    "https://met.example/a b": False,
    "C:/warnings/1.html": False,
    "map.png": False,
}


@pytest.mark.parametrize("link", LINKS)
def test_a_link_is_absolute_only_if_it_says_by_itself_where_it_leads(link: str) -> None:
    for name, path in (("web", "alert/info/web"), ("uri", "alert/info/resource/uri")):
        found = {one for one in findings(leaf(name, link)(GOOD)) if " warning " in one}
        assert found == (set() if LINKS[link] else {f"CAP-30 warning {path}"})

"""The acts of the story, in order: each a call to a node, a letter answered, or time that passes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field

from tocsin.core.data import read_data, read_text_data
from tocsin.core.window import write_instant, zone_of
from tocsin.demo.postbox import Postbox
from tocsin.demo.stage import ANALYST, OFFICER, RELEASER, Stage, Theatre, free_ports, set_up
from tocsin.errors import StateError
from tocsin.track_record.lead import write_leads
from tocsin.track_record.rates import write_rates

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
ZONE = "Europe/Moscow"
BOUNCES = "p013@people.example"
"""The one subscriber whose mailbox does not exist."""

Say = Callable[[str], None]


class Story(Struct):
    """What is on stage and what has been seen so far. `at_each_step` is called before each act, with its number and name."""

    theatre: Theatre
    postbox: Postbox
    out: Path
    say: Say
    at_each_step: Callable[[int, str], None] = lambda _step, _name: None
    step: int = 0
    warning: str = ""
    results: dict[str, Any] = field(default_factory=dict)

    def act(self, stage: Stage, method: str, path: str, body: Any = None, *, by: str = OFFICER) -> Any:
        """One act of one person at one desk; the same act again after a crash is the same act."""
        self.step += 1
        self.at_each_step(self.step, path)
        answer = stage.call(method, path, body, by=by, once=f"step {self.step}")
        self.theatre.settle()
        return answer

    def move_to(self, at: datetime) -> None:
        """Let time pass."""
        self.step += 1
        self.at_each_step(self.step, "time passes")
        self.theatre.move_to(at)

    def tell(self, text: str) -> None:
        """One line of the timeline: UTC, Moscow time, what happened."""
        now = self.theatre.now
        local = now.astimezone(zone_of(ZONE))
        self.say(f"{write_instant(now)}  ({local:%d %b %H:%M} Moscow)  {text}")

    def show(self) -> dict[str, Any]:
        """The warning as the embassy's desk sees it now."""
        found: dict[str, Any] = self.theatre.embassy.call("GET", f"/v1/warnings/{self.warning}")
        return found


@contextmanager
def staged(
    out: Path, say: Say, at_each_step: Callable[[int, str], None] = lambda _step, _name: None
) -> Iterator[Story]:
    """Everything set up and running; everything stopped afterwards, whatever happens."""
    postbox = Postbox(refuses=frozenset({BOUNCES}))
    (mail_port,) = free_ports(1)
    server = postbox.start("127.0.0.1", mail_port)
    try:
        theatre = set_up(out, start=START, mail_port=mail_port)
        try:
            yield Story(theatre=theatre, postbox=postbox, out=out, say=say, at_each_step=at_each_step)
        finally:
            theatre.stop()
    finally:
        server.stop()


def play(story: Story) -> None:
    """7 to 24 March 2024."""
    _prepare(story)
    _warn(story)
    _chase(story)
    _lapse(story)
    _dismiss(story)
    _happen(story)


def _prepare(story: Story) -> None:
    embassy = story.theatre.embassy
    for kind, file in (("people", "people.csv"), ("venues", "venues.csv"), ("gatherings", "gatherings.ics")):
        count = story.act(embassy, "POST", f"/v1/register/{kind}", read_text_data("demo", file).encode())["imported"]
        story.tell(f"embassy.example imports {count} {kind}")


def _warn(story: Story) -> None:
    embassy = story.theatre.embassy
    story.move_to(START + timedelta(minutes=20))
    found = story.act(embassy, "POST", "/v1/reports", read_text_data("demo", "report.txt").encode())
    reading = found["reading"]
    places = ", ".join(p["name"] for p in reading["places"] if p["role"] == "threatened")
    story.tell(
        f"a report comes in; read out of it: {places}; {', '.join(reading['targets'])}; {', '.join(reading['actors'])}; "
        f"“{reading['window']['text']}”"
    )
    story.move_to(START + timedelta(minutes=21))
    taken = story.act(embassy, "POST", f"/v1/reports/{found['report']}/take", {})
    story.tell(
        f"{taken['owner']} takes the report in hand; after two minutes without an owner the next officer is asked"
    )
    story.move_to(START + timedelta(minutes=45))
    path = f"/v1/reports/{found['report']}/determination"
    duty = story.act(embassy, "POST", path, {"reliability": "B", "credibility": 2})
    story.tell(
        f"duty to warn ({duty['ruleset']}): {duty['outcome']}; every element has its reason; dispatch due {duty['due']['dispatch']}"
    )
    order = dict(read_data("demo", "order.json")) | {"determination": duty["determination"]}
    _refuse_leak(story, order)
    story.move_to(START + timedelta(minutes=55))
    drafted = story.act(embassy, "POST", "/v1/drafts", order)
    story.tell(
        f"an officer drafts the warning: {drafted['draft']} waits for a second person, {drafted['asked']} is asked by e-mail"
    )
    _refuse_own_draft(story, drafted)
    story.move_to(START + timedelta(minutes=60))
    people = drafted["exposed"]["people"]
    issued = story.act(embassy, "POST", f"/v1/drafts/{drafted['draft']}/release", {"people": people}, by=RELEASER)
    story.warning = issued["warning"]
    exposed = issued["exposed"]
    story.tell(
        f"the releaser lets it go: warning {story.warning} in {len(issued['versions'])} versions, valid until {issued['expires']}; "
        f"exposed: {exposed['people']} registered people, {exposed['venues']} venues, {exposed['gatherings']} gatherings; "
        f"{len(issued['can_act'])} can act, not addressed: {len(issued['not_addressed'])}"
    )
    mail = story.show()["mail"]
    story.tell(f"e-mail: {mail.get('handed_over', 0)} handed over, {mail.get('refused', 0)} refused by the mail server")


def _refuse_leak(story: Story, order: dict[str, Any]) -> None:
    """Somebody pastes a held-back phrase into the public text: refused, nothing stored, nothing sent."""
    texts = dict(order["texts"])
    texts["public"] = dict(texts["public"]) | {
        "description": texts["public"]["description"] + " This comes from " + order["held_back"][0]["phrase"] + "."
    }
    before = story.postbox.count()
    try:
        story.act(story.theatre.embassy, "POST", "/v1/drafts", dict(order) | {"texts": texts})
    except StateError as error:
        story.results["leak_refused"] = str(error)
    else:
        raise StateError("a held-back phrase went out in the public version")
    story.theatre.settle()
    assert story.postbox.count() == before, "a refused warning was sent all the same"
    story.tell("a first draft names a source in the public text: refused by the leak check, nothing sent")


def _refuse_own_draft(story: Story, drafted: dict[str, Any]) -> None:
    """The officer tries to release what the officer wrote: the role is missing, and the attempt is logged."""
    path = f"/v1/drafts/{drafted['draft']}/release"
    try:
        story.act(story.theatre.embassy, "POST", path, {"people": drafted["exposed"]["people"]})
    except StateError as error:
        story.results["own_draft_refused"] = str(error)
    else:
        raise StateError("an officer released a warning without being a releaser")
    story.theatre.settle()
    story.tell("the officer tries to release it alone: refused, and the attempt is in the log")


def _chase(story: Story) -> None:
    theatre = story.theatre
    (item,) = theatre.city.call("GET", "/v1/inbox")
    story.tell(
        f"city.example has the sealed partner version and signed “delivered” before opening it; answer due {item['respond_by']}"
    )
    story.move_to(theatre.now + timedelta(minutes=10))
    story.act(theatre.city, "POST", f"/v1/inbox/{item['item']}/read")
    story.tell("an officer at city.example opens it: a signed “read” goes back")
    _answer_letters(story)
    story.move_to(theatre.now + timedelta(minutes=100))
    letters = len(story.postbox.letters["liaison@embassy.example"])
    story.tell(
        f"nobody at city.example acknowledged in time: its duty desk was asked by e-mail, then our liaison ({letters} letters)"
    )
    story.results["item"] = item["item"]


def _answer_letters(story: Story) -> None:
    """Most venues answer at once; one answers late, one never. A page that is only opened, and an auto-reply, count for nothing."""
    asked = [one["party"] for one in story.show()["asked"] if one["kind"] == "venue"]
    silent, late, prompt = asked[0], asked[1], asked[2:]
    for party in prompt:
        _press(story, party)
    story.tell(f"{len(prompt)} venues acknowledge by their link")
    opened = _link(story, late)
    story.theatre.embassy.call("GET", opened)
    assert _ladder(story, late)["ended"] is None, "opening a page counted as an answer"
    story.tell(
        f"a mail scanner opens the link of {late}, and an auto-reply comes: neither is an answer, the asking goes on"
    )
    story.move_to(story.theatre.now + timedelta(minutes=40))
    _press(story, late)
    steps = _ladder(story, late)["steps"]
    story.tell(f"{late} answers late, after {steps} notices; its ladder ends, {silent} is asked again and higher up")
    story.results |= {"silent": silent, "late": late}


def _lapse(story: Story) -> None:
    story.move_to(START + timedelta(minutes=60, hours=48, seconds=1))
    (item,) = story.theatre.city.call("GET", "/v1/inbox")
    found = story.show()
    story.tell(
        f"the window ends without an incident: {found['status']} at embassy.example, {item['status']} at city.example; this is no all-clear"
    )
    if {found["status"], item["status"]} != {"on_watch"}:
        raise StateError("the warning is not on watch at both nodes")


def _dismiss(story: Story) -> None:
    theatre = story.theatre
    story.move_to(datetime(2024, 3, 19, 15, 0, tzinfo=UTC))
    body = {"answer": "dismissed", "reason": "provocation"}
    story.act(theatre.city, "POST", f"/v1/inbox/{story.results['item']}/answers", body)
    story.tell(
        "city.example answers “dismissed: provocation”, signed and logged at both nodes; its ladder stops, and only its own"
    )
    liaison = len(story.postbox.letters["liaison@embassy.example"])
    silent = _ladder(story, story.results["silent"])["steps"]
    story.move_to(datetime(2024, 3, 21, 15, 0, tzinfo=UTC))
    if len(story.postbox.letters["liaison@embassy.example"]) != liaison:
        raise StateError("the liaison was asked again after the dismissal")
    more = _ladder(story, story.results["silent"])["steps"] - silent
    story.tell(
        f"two days later: no more letters about city.example, {more} more notices to {story.results['silent']}, which never answered"
    )
    if not more:
        raise StateError("the dismissal of one party stopped the asking of another")


def _happen(story: Story) -> None:
    embassy = story.theatre.embassy
    story.move_to(datetime(2024, 3, 22, 20, 0, tzinfo=UTC))
    found = story.act(embassy, "POST", "/v1/incidents", read_data("demo", "incident.json"), by=ANALYST)
    story.tell(f"incident {found['incident']} recorded: an attack on a concert hall on 22 March at 19:58 Moscow time")
    story.move_to(datetime(2024, 3, 24, 9, 0, tzinfo=UTC))
    _hear(story, found["incident"])
    review = story.act(embassy, "GET", f"/v1/incidents/{found['incident']}/review", by=ANALYST)
    story.results |= {"incident": found["incident"], "review": review}
    match = next(one for one in review["matches"] if one["told"] == "public")
    facets = ", ".join(f"{name} {match[name]}" for name in ("place", "time", "target", "actor", "method"))
    story.tell(f"review by {review['rule']}: {match['overall']}; {facets}; {match['distance_km']} km away")
    story.tell(
        f"the attack came {match['delay_hours_from_issue']} h after issue, {match['delay_hours_from_window_end']} h after the window"
    )
    for row in (one for one in review["tables"] if one["told"] == "public"):
        for line in (*write_rates(row), *write_leads(row["leads"])):
            story.tell(line)


def _hear(story: Story, incident: str) -> None:
    """What the news tells two days later: claims, each with its teller."""
    body = {"text": read_text_data("demo", "news.txt"), "marked": read_data("demo", "claims.json")}
    found = story.act(story.theatre.embassy, "POST", f"/v1/incidents/{incident}/claims", body, by=ANALYST)
    story.tell(
        f"an analyst records a news account, {found['report']}: {found['claims']} claims, each with who tells it; none becomes a fact"
    )


def _press(story: Story, party: str) -> None:
    story.act(story.theatre.embassy, "POST", _link(story, party) + "?answer=acknowledged")


def _link(story: Story, party: str) -> str:
    """Path of the newest link that a contact of this venue was sent."""
    address = f"{party.lower()}-1@venues.example"
    return urlsplit(story.postbox.latest(address).link).path


def _ladder(story: Story, party: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in story.show()["asked"] if one["party"] == party)
    return found

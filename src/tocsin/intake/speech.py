"""Claims out of running text: who said what to whom, when, as told by whom, one hop for each speaker that the text nests."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from tocsin.core.expression import Expression
from tocsin.intake.claims import MAX_CLAIMS, MAX_TELLERS, MAX_WORDS
from tocsin.intake.days import Day
from tocsin.intake.parties import Party, PartyKind, Speakers, own_people, party_after, words
from tocsin.intake.quoting import Shape, Token, inside, sentences_of
from tocsin.intake.report import FoundClaim
from tocsin.intake.saying import Saying, find_sayings
from tocsin.intake.verbs import Frame

MAX_DEPTH = 3
"""Quotations inside a quotation that are looked into."""
_BESIDE = frozenset(
    {"and", "but", "while", "whereas", "as", "after", "before", "since", "when", "although", "though", "which", ";"}
)
"""Words behind which the writer of the text speaks on, not the speaker before."""
PRESS = "press"
_SPEAKS_FOR = Expression(r"\b[Ss]pokes(?:man|woman|person)\b")
"""Whose office is to speak to the press: the word itself says it."""


class _Told(Struct):
    """A saying with its parties resolved; `content` is its words as (first token, end).

    `goes_on` is set where the same speaker goes on in the same sentence and addresses nobody anew: no claim of its own.
    """

    saying: Saying
    who: Party
    to: str | None
    when: str | None
    content: tuple[int, int]
    parent: "_Told | None" = None
    is_hop: bool = False
    is_fronted: bool = False
    goes_on: bool = False

    @property
    def opens(self) -> bool:
        """In "Speaking to the BBC, the minister": only sets the scene for the verb that follows."""
        return self.saying.frame is Frame.ADDRESS and self.saying.rule == "S-inverted"


class _Scene(Struct):
    """What the article has told so far."""

    text: str
    days: Sequence[Day]
    values: Mapping[int, str]
    speakers: Speakers
    claims: list[FoundClaim] = field(default_factory=list)
    last: _Told | None = None
    address: _Told | None = None


def find_claims(
    text: str, days: Sequence[Day], *, issuer: str | None, writer: str, start: int = 0
) -> tuple[FoundClaim, ...]:
    """The claims from offset `start` on, at most MAX_CLAIMS, in the order of the text.

    `days` are those of `days.find_days`; `issuer` is whom "the alert" speaks for until the text names another; `writer`
    is the last teller of every claim: whoever wrote the text.
    """
    scene = _Scene(text, days, {one.start: one.value for one in days}, Speakers(issuer))
    _tell(scene, (start, len(text)), (writer,), 0)
    return tuple(sorted(scene.claims, key=lambda one: (one.start, one.end)))


def _tell(scene: _Scene, span: tuple[int, int], tellers: tuple[str, ...], depth: int) -> None:
    before: tuple[Token, ...] = ()
    for sentence in sentences_of(scene.text, scene.days, *span):
        if len(scene.claims) >= MAX_CLAIMS or len(tellers) > MAX_TELLERS:
            return
        told = _resolve(scene, sentence, find_sayings(sentence))
        _set_contents(sentence, told)
        _set_parents(sentence, told)
        for one in told:
            _claim(scene, sentence, before, one, tellers)
        _go_inside(scene, sentence, told, tellers, depth)
        before = sentence


def _resolve(scene: _Scene, sentence: Sequence[Token], sayings: Sequence[Saying]) -> list[_Told]:
    """The sayings whose speakers are known, with the day and addressee that the scene gives them."""
    told: list[_Told] = []
    _meet_subject(scene, sentence)
    for one in sayings:
        who = scene.speakers.known(one.who)
        if who is None:
            continue
        scene.speakers.meet(who)
        if one.frame in {Frame.ISSUE, Frame.TELL}:
            scene.speakers.issue(who)
        if one.frame is Frame.TO and one.to:
            scene.speakers.summon(one.to)
        to = _addressee(scene, sentence, one, who)
        when = scene.values[one.day.start] if one.day else None
        item = _Told(one, who, to, when, (one.after, len(sentence)))
        item.goes_on = to is None and (
            one.shares or any(other.who.name == who.name and not other.opens for other in told)
        )
        _keep_address(scene, item)
        told.append(item)
    return told


def _meet_subject(scene: _Scene, sentence: Sequence[Token]) -> None:
    """Who opens a sentence is whom "it" and "she" mean after it, whether the sentence says anything or not."""
    first = next((at for at, token in enumerate(sentence[:3]) if token.shape is Shape.DAY), -1) + 1
    subject = party_after(sentence, first)
    if subject is not None and subject.kind in {PartyKind.PERSON, PartyKind.BODY}:
        scene.speakers.meet(scene.speakers.known(subject) or subject)


def _addressee(scene: _Scene, sentence: Sequence[Token], saying: Saying, who: Party) -> str | None:
    if saying.to is None:
        return None
    to = scene.speakers.known(saying.to)
    if to is None:
        return None
    if to.kind is not PartyKind.NAME:
        scene.speakers.meet(to)
        scene.speakers.meet(who)
    return own_people(to, sentence, who) if to.name == saying.to.name else to.name


def _keep_address(scene: _Scene, told: _Told) -> None:
    """Who speaks before hearers goes on speaking to them while the text goes on with "he said"."""
    if told.saying.frame is Frame.ADDRESS:
        scene.address = told
    elif scene.address and scene.address.who.name != told.who.name:
        scene.address = None
    elif scene.address:
        told.to = told.to or scene.address.to
        told.when = told.when or scene.address.when


def _set_contents(sentence: Sequence[Token], told: Sequence[_Told]) -> None:
    """The words of each saying: behind it, up to the next one beside it, or before it where it only closes them."""
    for one in told:
        one.is_fronted = one.saying.frame in {Frame.SAY, Frame.TELL} and _closes(sentence, one.saying)
    end = len(sentence)
    for one in reversed(told):
        saying = one.saying
        one.content = (saying.begin if _turns(sentence, saying) else saying.after, end)
        if one.is_fronted:
            goes_on = len(sentence) - saying.after > 2 and sentence[saying.after].low == "," and saying.to is not None
            one.content = (0, len(sentence) if goes_on else saying.first)
        if one.is_fronted or (_is_beside(sentence, saying) and not one.goes_on):
            end = saying.first - 1


def _turns(sentence: Sequence[Token], saying: Saying) -> bool:
    """Would the words mean something else without their verb: "denied that", "asked whether", "summoned"?"""
    if saying.frame not in {Frame.SAY, Frame.TELL} or sentence[saying.verb].low in words("turning"):
        return True
    behind = sentence[saying.after].low if saying.after < len(sentence) else ""
    return behind in {"whether", "if", "why", "how", "what", "when", "responsibility"}


def _closes(sentence: Sequence[Token], saying: Saying) -> bool:
    """Do the words of this saying stand before it: "…," she told reporters?"""
    before = sentence[saying.first - 1] if saying.first else None
    if before is None or (before.shape is not Shape.QUOTE and before.low != ","):
        return False
    if before.shape is Shape.QUOTE:
        return True
    after = sentence[saying.after].low if saying.after < len(sentence) else "."
    return sentence[0].low not in words("fronted") and (after in _ENDS or after in words("fronted"))


_ENDS = frozenset(".,!?;")


def _is_beside(sentence: Sequence[Token], saying: Saying) -> bool:
    """Does the writer go on to another speaker here, rather than the speaker before telling of him?"""
    if saying.shares or not saying.first:
        return saying.is_relative
    before = sentence[saying.first - 1]
    return saying.is_relative or before.low in _BESIDE or before.text.endswith((" after", " before"))


def _set_parents(sentence: Sequence[Token], told: Sequence[_Told]) -> None:
    """Who tells each saying: the speaker within whose words it stands."""
    for at, one in enumerate(told):
        for earlier in () if one.is_fronted else reversed(told[:at]):
            if one.saying.shares:
                one.parent = earlier.parent
                break
            first, end = earlier.content
            if (
                first <= one.saying.first < end
                and not _is_beside(sentence, one.saying)
                and earlier.saying.frame in {Frame.SAY, Frame.TELL}
            ):
                one.parent = earlier
                break
    for one in told:
        if not one.is_fronted and one.saying.rule != "S-passive":
            continue
        inner = [two for two in told if two is not one and two.parent is None and two.saying.verb < one.saying.verb]
        for two in inner:
            two.parent = one
        one.is_hop = bool(inner) and one.who.kind in {PartyKind.MEDIA, PartyKind.NAME} and one.saying.to is None


def _claim(
    scene: _Scene, sentence: Sequence[Token], before: Sequence[Token], one: _Told, tellers: tuple[str, ...]
) -> None:
    """Keep it as a claim, unless it only goes on with the one before or only passes on another's."""
    if one.is_hop or one.opens or (one.goes_on and scene.last is not None):
        return
    start, end = _words_of(sentence, before, one)
    chain: list[str] = []
    above = one.parent
    while above is not None and len(chain) < MAX_TELLERS:
        chain.append(above.who.name)
        above = above.parent
    if end <= start or len(chain) + len(tellers) > MAX_TELLERS or len(scene.claims) >= MAX_CLAIMS:
        return
    end = min(end, start + MAX_WORDS)
    scene.last = one
    scene.claims.append(
        FoundClaim(
            who=one.who.name,
            to=one.to or (PRESS if _SPEAKS_FOR.search(one.who.name) else None),
            when=one.when,
            words=scene.text[start:end],
            reported_by=(*chain, *tellers),
            start=start,
            end=end,
            rule=one.saying.rule,
        )
    )


def _words_of(sentence: Sequence[Token], before: Sequence[Token], one: _Told) -> tuple[int, int]:
    """Where the words of a claim stand in the text; those of a verb with nothing beside it in the quotation before."""
    first, end = one.content
    while first < end and (sentence[first].shape is Shape.MARK or sentence[first].low == "that"):
        first += 1
    while end > first and sentence[end - 1].low in {",", ".", "!", "?", ";", "and", "but"}:
        end -= 1
    if first < end:
        tokens = sentence[first:end]
        return (
            inside(tokens[0])
            if len(tokens) == 1 and tokens[0].shape is Shape.QUOTE
            else (tokens[0].start, tokens[-1].end)
        )
    if before and before[-1].shape is Shape.QUOTE:
        return inside(before[-1])
    verb = sentence[one.saying.verb]
    return verb.start, verb.end


def _go_inside(
    scene: _Scene, sentence: Sequence[Token], told: Sequence[_Told], tellers: tuple[str, ...], depth: int
) -> None:
    """What the quotations of a sentence tell is told by their speaker; a quotation that stands alone has the last one."""
    quotes = [(at, token) for at, token in enumerate(sentence) if token.shape is Shape.QUOTE]
    alone = len(sentence) <= 2 and bool(quotes) and scene.last is not None
    if alone and scene.last is not None:
        start, end = inside(quotes[0][1])
        last = scene.last
        scene.claims.append(
            FoundClaim(
                who=last.who.name,
                to=last.to,
                when=last.when,
                words=scene.text[start:end],
                reported_by=tellers,
                start=start,
                end=end,
                rule="S-quotation",
            )
        )
    if depth >= MAX_DEPTH:
        return
    for at, token in quotes:
        speaker = next((one for one in told if one.content[0] <= at < one.content[1]), scene.last if alone else None)
        if speaker is not None and token.end - token.start > 30:
            hops = [one.who.name for one in told if one.is_hop and one is not speaker]
            _tell(scene, inside(token), (speaker.who.name, *hops, *tellers), depth + 1)

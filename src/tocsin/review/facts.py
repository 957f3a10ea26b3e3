"""What an account is made from: everything that the desk knows of one warning and one incident, and who is to read it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from tocsin.core.marking import Audience
from tocsin.core.threat import Threat
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.facets import Verdict
from tocsin.review.incident import Incident
from tocsin.review.lesson import Lesson
from tocsin.review.matching import Match, MatchRule
from tocsin.review.timeline import Moment, Silence
from tocsin.review.told import ToldClaim


class IssuedWords(Struct, frozen=True, kw_only=True):
    """The words of one version of the warning, as issued."""

    audience: Audience
    headline: str
    description: str
    instruction: str


class Accounted(Struct, frozen=True, kw_only=True):
    """The warning that the account is about: its life, and the versions that the reader may see, the public one first."""

    id: str
    issued: datetime
    expires: datetime
    status: str
    words: tuple[IssuedWords, ...]


class Party(Struct, frozen=True, kw_only=True):
    """One who was addressed, and how far it came. `answer` is what came back, empty if nothing; `reason` their own words.

    `signed` says that the answer carries their signature; else somebody used a link that was sent to them.
    """

    name: str
    grade: Grade
    answer: str = ""
    reason: str = ""
    signed: bool = False
    letters: str = ""


class Measure(Struct, frozen=True, kw_only=True):
    """Something that was done because of the warning, as an answer says that was given at `at`. Nobody checked it."""

    at: datetime
    party: str
    words: str
    grade: Grade


class Lead(Struct, frozen=True, kw_only=True):
    """How long before the incident: `since` names what it is counted from, `at` is None if that never came.

    `before` is how many of how many addressed had come so far before the incident; None from issue, which reaches nobody.
    """

    since: str
    at: datetime | None
    before: tuple[int, int] | None


class Counted(Struct, frozen=True, kw_only=True):
    """The counts of what was told to some under one lateness, as how many of how many; `spans` are sentences on intervals and on what is in no rate.

    `false_alarms` says of those without a hit whether any event is known that came near.
    """

    told: str
    late_allowed: str
    warned_of: tuple[int, int]
    without_hit: tuple[int, int]
    false_alarms: str
    spans: tuple[str, ...] = ()


class Ruled(Struct, frozen=True, kw_only=True):
    """What a person put beside the verdict of the rule; `reason` are their words."""

    warning: str
    by: str
    judged: Verdict
    ruled: Verdict
    reason: str


class ToPeers(Struct, frozen=True, kw_only=True):
    """What peers had been told of the warning, up to and including `until`, and the verdict on that alone."""

    threat: Threat
    until: datetime
    match: Match


class CaseDelays(Struct, frozen=True, kw_only=True):
    """The same two delays computed from a documented case, whose times are days."""

    slug: str
    warning: str
    from_issue: float
    from_window_end: float


class Facts(Struct, frozen=True, kw_only=True):
    """All of it. `mail` are e-mails to people by state; the states are never summed into a share.

    `match` is the verdict on what the public was told of `warning`, `threat` what that was; `to_peers` is the same for peers,
    None if none was told or the reader may not see it. `others` are the verdicts on all else told before the incident. `claims` are reported and
    change nothing: no verdict, count or proof is computed from them. `lessons` are those of this incident, open or closed,
    and the open ones of others. `names` gives the name of an officer by id, as far as the reader may know it.
    """

    node: str
    exercise: str
    generated: datetime
    zone: str
    reader: Audience
    incident: Incident
    warning: Accounted
    threat: Threat
    match: Match
    others: tuple[Match, ...]
    to_peers: ToPeers | None
    rule: MatchRule
    timeline: tuple[Moment | Silence, ...]
    proof: VerifiedBundle
    counted: tuple[Counted, ...]
    leads: tuple[Lead, ...]
    mail: Mapping[str, int]
    parties: tuple[Party, ...] = ()
    measures: tuple[Measure, ...] = ()
    rulings: tuple[Ruled, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    names: Mapping[str, str]
    case: CaseDelays | None = None
    claims: tuple[ToldClaim, ...] = ()

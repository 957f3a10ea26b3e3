"""What may be done to a warning that is out: update, extend, ease, cancel; and what each of them must say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from tocsin.cap.alert import Alert, Info, MsgType, Reference, ResponseType
from tocsin.cap.chain import triple
from tocsin.compose.lifecycle import ClosedBy
from tocsin.compose.versions import VersionText
from tocsin.core.marking import Audience
from tocsin.errors import PolicyError


class Change(StrEnum):
    """One act on a live warning (DESIGN 6). The value is the command's name."""

    UPDATE = "update"
    """Other facts or other advice: everybody must look again."""
    EXTEND = "extend"
    """The same goes on for longer."""
    EASE = "ease"
    """It is over."""
    CANCEL = "cancel"
    """It was wrong."""

    @property
    def closes_by(self) -> ClosedBy | None:
        """How the warning is closed by it; None if it goes on."""
        return _CLOSES.get(self.value)

    @property
    def msg_type(self) -> MsgType:
        """What it is in CAP: what is over ends by an Update with AllClear, what was wrong by a Cancel (CAP-27)."""
        return MsgType.CANCEL if self is Change.CANCEL else MsgType.UPDATE


_CLOSES = {"ease": ClosedBy.EASED, "cancel": ClosedBy.CANCELLED}

_REVERSES = {ResponseType.SHELTER: ResponseType.EVACUATE, ResponseType.EVACUATE: ResponseType.SHELTER}
CHANGED: Mapping[str, str] = {
    "en": "CHANGED:",
    "fr": "MODIFIÉ :",
    "es": "CAMBIO:",
    "ru": "ИЗМЕНЕНО:",
    "uk": "ЗМІНЕНО:",
    "ar": "تغيير:",
}
"""The first words of an update that reverses an action, by language (LESSONS L17)."""


def is_ending(alert: Alert) -> bool:
    """Whether the message says that the warning is over or was wrong: then nothing of its window or its asking goes on."""
    return alert.msg_type is MsgType.CANCEL or any(
        ResponseType.ALL_CLEAR in info.response_types for info in alert.infos
    )


def find_reversals(before: Sequence[ResponseType], after: Sequence[ResponseType]) -> tuple[ResponseType, ...]:
    """Actions that were told and whose opposite is told now: whoever obeyed must be called back.

    >>> find_reversals([ResponseType.SHELTER], [ResponseType.EVACUATE])
    (<ResponseType.SHELTER: 'Shelter'>,)
    >>> find_reversals([ResponseType.SHELTER], [ResponseType.SHELTER, ResponseType.EVACUATE])
    ()
    """
    return tuple(one for one in before if one not in after and _REVERSES.get(one) in after)


def check_changed(before: Info, after: Sequence[ResponseType], texts: Mapping[Audience, VersionText]) -> None:
    """Refuse an update that reverses an action and does not begin by saying so, in any version (LESSONS L17: PolicyError)."""
    reversed_ = find_reversals(before.response_types, after)
    first = CHANGED.get(before.language.partition("-")[0].lower(), CHANGED["en"])
    for audience, text in texts.items():
        if reversed_ and not text.headline.startswith(first):
            raise PolicyError(
                f"the update reverses {reversed_[0].value!r}, and its headline for {audience.value!r} does not begin with {first!r}",
                hint="begin with it, then say what was told before and what holds now",
            )


def references_to(chain: Sequence[Alert], at: datetime) -> tuple[Reference, ...]:
    """What the next message of one audience must name: all of its chain that are not expired, and always the newest (CAP-12).

    `chain` is in the order of issue. The messages that an update has superseded are named too: a receiver may have missed it.
    """
    return tuple(triple(one) for n, one in enumerate(chain) if n == len(chain) - 1 or _is_unexpired(one, at))


def _is_unexpired(alert: Alert, at: datetime) -> bool:
    return any(info.expires is None or at <= info.expires for info in alert.infos)

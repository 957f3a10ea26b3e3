"""One version per audience: its own words, its own marking, and nothing that its readers may not see."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from tocsin.cap.alert import Alert, Info, Reference, Scope
from tocsin.cap.codec import read_alert, write_alert
from tocsin.core.marking import Audience, Tlp
from tocsin.errors import InputError, PolicyError


class VersionText(Struct, frozen=True):
    """The words of one version."""

    headline: str
    description: str
    instruction: str


class Version(Struct, frozen=True):
    """The alert as one audience may read it. `cap` is what is issued, byte for byte."""

    audience: Audience
    tlp: Tlp
    alert: Alert
    cap: bytes


_SUFFIX = {Audience.INTERNAL: "int", Audience.PARTNER: "par", Audience.PUBLIC: "pub"}
_HIDDEN_FROM_PUBLIC = frozenset({"tocsin:actor"})


def make_versions(
    alert: Alert,
    texts: Mapping[Audience, VersionText],
    *,
    addresses: Mapping[Audience, tuple[str, ...]],
    references: Mapping[Audience, tuple[Reference, ...]] | None = None,
) -> tuple[Version, ...]:
    """Strictest first. Area, window and status are the same in each: a lower version may be vaguer, never contradict (R35).
    `references` are, for each audience, the messages that its version supersedes or cancels: an audience hears only of its own.
    The first info block is in the main language; those after it are the public words in others, for the public version alone.

    Raises PolicyError without words for the public: the least that everybody may know must exist (R33); InputError for
    a version that CAP cannot carry, such as a private one without addresses.
    """
    if Audience.PUBLIC not in texts:
        raise PolicyError("no words for the public version", hint="give headline, description and instruction")
    if not alert.infos or len({info.language for info in alert.infos}) != len(alert.infos):
        raise InputError(
            f"alert {alert.identifier!r} has {len(alert.infos)} info blocks, expected one for each of its languages"
        )
    return tuple(
        _make(
            alert,
            audience,
            texts[audience],
            addresses=addresses.get(audience, ()),
            references=(references or {}).get(audience, ()),
        )
        for audience in Audience
        if audience in texts
    )


def _make(
    alert: Alert,
    audience: Audience,
    text: VersionText,
    *,
    addresses: tuple[str, ...],
    references: tuple[Reference, ...],
) -> Version:
    tlp = audience.default_tlp
    main = replace(alert.infos[0], headline=text.headline, description=text.description, instruction=text.instruction)
    infos = (main,) if audience is not Audience.PUBLIC else tuple(map(_without_hidden, (main, *alert.infos[1:])))
    made = replace(
        alert,
        identifier=f"{alert.identifier}.{_SUFFIX[audience]}",
        scope=_scope(tlp),
        restriction=f"{tlp.value} organisation and clients of those addressed" if tlp is Tlp.AMBER else None,
        addresses=addresses if tlp in {Tlp.AMBER, Tlp.AMBER_STRICT} else (),
        references=references,
        codes=(f"tlp:{tlp.value.removeprefix('TLP:')}",),
        infos=infos,
    )
    cap = write_alert(made)
    return Version(audience, tlp, read_alert(cap), cap)


def _without_hidden(info: Info) -> Info:
    return replace(info, parameters=tuple(one for one in info.parameters if one.name not in _HIDDEN_FROM_PUBLIC))


def _scope(tlp: Tlp) -> Scope:
    """RULES section 6: how a marking is said in CAP."""
    if tlp is Tlp.CLEAR:
        return Scope.PUBLIC
    return Scope.RESTRICTED if tlp in {Tlp.AMBER, Tlp.GREEN} else Scope.PRIVATE

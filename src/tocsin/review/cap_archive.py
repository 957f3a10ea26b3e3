"""Messages of CAP that others sent, one file or a zip of them, as the versions of the warnings they speak of."""

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from tocsin.cap.alert import Alert, Info, MsgType, Scope, Status
from tocsin.cap.check import check_cap
from tocsin.cap.finding import Level
from tocsin.cap.opening import open_xml
from tocsin.core.area import Area
from tocsin.core.threat import Threat
from tocsin.core.window import Precision, Window
from tocsin.errors import InputError
from tocsin.intake.extract import read_alert_text, threats_of
from tocsin.intake.ports import GazetteerEntry
from tocsin.intake.read_cap import alert_as_text, each_alert
from tocsin.review.matching import ReviewedWarning, Told
from tocsin.review.rows import SHOWN

MAX_BYTES = 64 * 1024 * 1024
MAX_MESSAGES = 20_000
MAX_MESSAGE_BYTES = 1024 * 1024
_SAYS_SOMETHING = frozenset({MsgType.ALERT, MsgType.UPDATE, MsgType.CANCEL})
_INSTANT = timedelta(seconds=1)


class _NoPlaces:
    """A gazetteer of nothing: where a CAP message speaks of is what its areas say."""

    def look_up(self, _key: str) -> tuple[GazetteerEntry, ...]:
        """No place of that name."""
        return ()

    def look_up_all(self, keys: Collection[str]) -> Mapping[str, tuple[GazetteerEntry, ...]]:
        """No place for any of them."""
        return dict.fromkeys(keys, ())


def archived_warnings(raw: bytes) -> tuple[tuple[ReviewedWarning, ...], int]:
    """The versions told by these messages in the order they were sent, and how many messages were no warning.

    Tests, exercises, drafts, acknowledgements and errors are left out and counted. InputError names the files that cannot
    be read.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(f"warnings: archive has {len(raw)} bytes, at most {MAX_BYTES} expected")
    alerts = _alerts(raw)
    told = [one for one in alerts if one.status is Status.ACTUAL and one.msg_type in _SAYS_SOMETHING]
    chains: dict[str, str] = {}
    newest: dict[str, ReviewedWarning] = {}
    found = []
    for alert in sorted(told, key=lambda one: (one.sent, one.sender, one.identifier)):
        name = _name(alert.sender, alert.identifier)
        earlier = [_name(one.sender, one.identifier) for one in alert.references]
        chain = next((chains[one] for one in earlier if one in chains), min(earlier, default=name))
        chains |= dict.fromkeys((name, *earlier), chain)
        version = _version(alert, name, chain, newest.get(chain))
        newest[chain] = version
        found.append(version)
    return tuple(found), len(alerts) - len(found)


def _version(alert: Alert, name: str, chain: str, before: ReviewedWarning | None) -> ReviewedWarning:
    """A Cancel ends what its chain said before, at the moment it was sent; what it says itself is no threat."""
    sent = alert.sent.astimezone(UTC)
    told = Told.PUBLIC if alert.scope is Scope.PUBLIC else Told.PRIVATE
    if alert.msg_type is MsgType.CANCEL or not alert.infos:
        start = before.window.start if before else None
        window = Window(start=start if start and start < sent else None, end=sent, precision=Precision.MINUTE)
        empty = ReviewedWarning(id=name, threat=Threat(), issued=sent, window=window)
        return replace(
            before or empty, id=name, issued=sent, window=window, told=told, chain=chain, issuer=alert.sender
        )
    info = next((one for one in alert.infos if one.language.lower().startswith("en")), alert.infos[0])
    threat = threats_of(read_alert_text(alert_as_text(alert), gazetteer=_NoPlaces()))[0]
    return ReviewedWarning(
        id=name,
        threat=replace(threat, places=(), persons=()),
        issued=sent,
        window=_window(info, sent),
        area=_area(info),
        told=told,
        chain=chain,
        issuer=alert.sender,
    )


def _window(info: Info, sent: datetime) -> Window:
    """From onset, else effect, else sending, to the second of `expires`, which is still inside."""
    start = (info.onset or info.effective or sent).astimezone(UTC)
    end = None if info.expires is None else info.expires.astimezone(UTC) + _INSTANT
    return Window(start=start, end=end, precision=Precision.MINUTE)


def _area(info: Info) -> Area | None:
    """All areas of the message as one, None if it has no geometry: a name alone cannot be measured."""
    areas = [one.area for one in info.areas]
    found = Area(
        description="; ".join(one.description for one in areas) or "not stated",
        polygons=tuple(shape for one in areas for shape in one.polygons),
        circles=tuple(shape for one in areas for shape in one.circles),
        geocodes=tuple(code for one in areas for code in one.geocodes),
    )
    return found if found.has_geometry else None


def _alerts(raw: bytes) -> list[Alert]:
    found: dict[str, Alert] = {}
    bad = []
    for file, content in _messages(raw):
        for name, alert in _read_file(file, content):
            if isinstance(alert, str):
                bad.append(f"{name}: {alert}")
                continue
            key = _name(alert.sender, alert.identifier)
            if key in found and found[key] != alert:
                bad.append(f"{name}: {key} stands in the archive with other words too")
            found[key] = alert
    if bad:
        more = f"; and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise InputError(f"warnings: {len(bad)} messages cannot be read: {'; '.join(bad[:SHOWN])}{more}")
    return list(found.values())


def _read_file(file: str, content: bytes) -> Iterator[tuple[str, Alert | str]]:
    """Each message in a file, or why it is none: what has an error by the rules of CAP is not counted as anything."""
    checked = check_cap(content)
    for one in checked:
        name = file if one.entry is None else f"{file} entry {one.entry}"
        error = next((found for found in one.findings if found.level is Level.ERROR), None)
        if error is not None:
            yield name, f"line {error.line}: {error.path} {error.rule}: {error.message}"
    if not checked:
        yield file, "no CAP message in it"
    valid = {one.entry for one in checked if one.valid}
    for message in each_alert(open_xml(content), content) if valid else ():
        if message.entry in valid:
            name = file if message.entry is None else f"{file} entry {message.entry}"
            yield name, message.alert or message.error


def _messages(raw: bytes) -> list[tuple[str, bytes]]:
    """Name and bytes of each file in a zip, folders left out; sizes are looked at before anything is unfolded."""
    if not raw.startswith(b"PK"):
        return [("message", raw)]
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if not 0 < len(members) <= MAX_MESSAGES or sum(one.file_size for one in members) > MAX_BYTES:
                raise InputError(
                    f"warnings: archive has {len(members)} files, expected 1 to {MAX_MESSAGES} of {MAX_BYTES} bytes in all"
                )
            return [(one.filename[:100], _unfold(archive, one)) for one in members]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise InputError(f"warnings: the zip is damaged or sealed: {str(error)[:100]}") from None


def _unfold(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        found = file.read(MAX_MESSAGE_BYTES + 1)
    if len(found) > MAX_MESSAGE_BYTES:
        raise InputError(f"warnings: {member.filename[:100]} has more than {MAX_MESSAGE_BYTES} bytes")
    return found


def _name(sender: str, identifier: str) -> str:
    return f"cap:{sender}/{identifier}"

"""One e-mail: what, where, when, what to do, who says so, and how to answer. The same inputs give the same bytes."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from tocsin.cap.alert import Alert, Status
from tocsin.core.window import write_instant, zone_of

EXERCISE = "EXERCISE"


def render_mail(
    alert: Alert,
    *,
    key: str,
    node: str,
    sender: str,
    recipient: str,
    at: datetime,
    zone: str,
    link: str,
    notice: int = 1,
) -> bytes:
    """RFC 5322 bytes of one message; `notice` counts how often this party was asked, from 1.

    The Message-ID is the delivery's key, so that a second copy on the wire is the same message to every mail program.
    """
    info = alert.infos[0]
    exercise = alert.status is not Status.ACTUAL
    headline = info.headline or info.event
    message = EmailMessage(policy=SMTP.clone(max_line_length=998, cte_type="8bit"))
    prefix = f"[{EXERCISE}] " if exercise else ""
    again = f" (notice {notice})" if notice > 1 else ""
    message["From"] = f"{_plain(info.sender_name or alert.sender)} <{sender}>"
    message["To"] = recipient
    message["Subject"] = _plain(f"{prefix}{headline}{again}")
    message["Date"] = at
    message["Message-ID"] = f"<{key.replace(':', '.')}@{node}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Tocsin-Key"] = key
    local = zone_of(zone)
    until = info.expires.astimezone(local) if info.expires else None
    lines = [
        *([EXERCISE, ""] if exercise else []),
        headline,
        "",
        *([f"Do this: {info.instruction}", ""] if info.instruction else []),
        info.description or "",
        "",
        f"Where: {'; '.join(area.area.description for area in info.areas)}",
        f"When: issued {alert.sent.astimezone(local):%A %d %B %Y %H:%M} ({zone}), {write_instant(alert.sent)}",
        (
            f"Until: {f'{until:%A %d %B %Y %H:%M} ({zone})' if until else 'not stated'}"
            ". The end of this time is not an all-clear."
        ),
        f"Who says so: {info.sender_name or alert.sender}",
        "",
        "Tell us that you have this: open the page and press a button. Opening it alone records nothing.",
        link,
        *(["", EXERCISE] if exercise else []),
    ]
    message.set_content("\n".join(lines) + "\n")
    return message.as_bytes()


def _plain(text: str) -> str:
    """One line, for a header."""
    return " ".join(text.split())

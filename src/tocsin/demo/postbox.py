"""The receiving mail server of the demo: real SMTP on loopback, every message counted, one address refused."""

import re
from collections import defaultdict
from email import message_from_bytes
from email.policy import default as default_policy
from threading import Lock

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from msgspec import Struct, field

_LINK = re.compile(r"https?://\S+/k/[a-z2-7]{26}")


class Letter(Struct, frozen=True):
    """One message as it arrived at one address. `copies` counts how often the same Message-ID came."""

    to: str
    message_id: str
    subject: str
    link: str
    automatic: bool
    body: str


class Postbox(Struct):
    """Mailboxes of everybody in the demo. A second copy of a Message-ID is counted, not shown as a second letter."""

    refuses: frozenset[str] = frozenset()
    letters: dict[str, list[Letter]] = field(default_factory=lambda: defaultdict(list))
    second_copies: int = 0
    refused: int = 0
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def start(self, host: str, port: int) -> Controller:
        """Serve until `stop()` of what this gives is called."""
        controller = Controller(self, hostname=host, port=port, ready_timeout=20)
        controller.start()
        return controller

    def count(self) -> int:
        """Letters in all boxes, second copies not counted."""
        with self._lock:
            return sum(len(box) for box in self.letters.values())

    def latest(self, address: str) -> Letter:
        """The newest letter to that address; KeyError if there is none."""
        with self._lock:
            if not self.letters.get(address):
                raise KeyError(f"no letter to {address}")
            return self.letters[address][-1]

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse the one address that does not exist, for good."""
        if address in self.refuses:
            with self._lock:
                self.refused += 1
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the library's name
        """Take the message in before saying so."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=default_policy)
        body = message.get_content()
        link = _LINK.search(body)
        with self._lock:
            for address in envelope.rcpt_tos:
                letter = Letter(
                    to=address,
                    message_id=str(message["Message-ID"]),
                    subject=str(message["Subject"]),
                    link=link.group() if link else "",
                    automatic=message.get("Auto-Submitted", "no") != "no",
                    body=body,
                )
                if (address, letter.message_id) in self._seen:
                    self.second_copies += 1
                else:
                    self._seen.add((address, letter.message_id))
                    self.letters[address].append(letter)
        return "250 OK"

"""E-mail to people over SMTP: one connection a batch, one answer a recipient."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tocsin.desk.ports import MailResult
from tocsin.desk.records import Mail

if TYPE_CHECKING:
    import aiosmtplib

TIMEOUT_SECONDS = 30


class SmtpChannel:
    """Serves the desk's Channel. What the server says of one recipient never changes what another gets."""

    def __init__(self, host: str, port: int, sender: str) -> None:
        self._host = host
        self._port = port
        self._sender = sender

    async def send(self, batch: Sequence[tuple[Mail, bytes]]) -> tuple[MailResult, ...]:
        """Hand each message over, in order. A result with `final` False is to be tried again."""
        import aiosmtplib  # loaded with the first message: no command line sends any

        results: list[MailResult] = []
        try:
            async with aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=TIMEOUT_SECONDS) as server:
                for mail, message in batch:
                    results.append(await self._send_one(server, mail, message))
        except (OSError, aiosmtplib.SMTPException) as error:
            # The connection is gone. What was answered stands; the rest is tried again, under the same keys.
            said = f"mail server {self._host}:{self._port}: {type(error).__name__}"
            results += [
                MailResult(mail.key, accepted=False, final=False, detail=said) for mail, _ in batch[len(results) :]
            ]
        return tuple(results)

    async def _send_one(self, server: "aiosmtplib.SMTP", mail: Mail, message: bytes) -> MailResult:
        import aiosmtplib

        try:
            await server.sendmail(self._sender, [mail.address], message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            return _refused(mail, refused.code, refused.message)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(mail, error.code, error.message)
        return MailResult(mail.key, accepted=True, final=True, detail="250")


def _refused(mail: Mail, code: int, said: str) -> MailResult:
    # The server's text may quote the address: only its code is kept.
    del said
    return MailResult(mail.key, accepted=False, final=500 <= code < 600, detail=str(code))

"""Bytes to peers and witnesses over HTTP(S). What is inside is sealed and signed: TLS is not what we trust."""

from typing import TYPE_CHECKING

from tocsin.errors import DeliveryError

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_SECONDS = 20
MAX_ANSWER_BYTES = 256 * 1024


class HttpsTransport:
    """Serves the desk's Transport. Follows no redirect: an address is what the agreement says, nothing else."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None  # loaded with the first call: no command line posts anything

    async def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS), auto_decompress=False, trust_env=False
            )
        headers = {"Content-Type": "application/octet-stream", "Accept-Encoding": "identity"}
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                chunks = await answer.content.read(MAX_ANSWER_BYTES + 1)
                while len(chunks) <= MAX_ANSWER_BYTES and (more := await answer.content.read(MAX_ANSWER_BYTES)):
                    chunks += more
                if len(chunks) > MAX_ANSWER_BYTES:
                    raise DeliveryError(f"{_host(url)} answered with more than {MAX_ANSWER_BYTES} bytes")
                return answer.status, chunks
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise DeliveryError(f"{_host(url)} did not answer: {type(error).__name__}") from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _host(url: str) -> str:
    """Scheme and host only: the path of a mailbox is a secret."""
    return "/".join(url.split("/")[:3])

"""API, sender and clockwork of one node in one process (`tocsin serve`)."""

import asyncio
import stat
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog
import uvicorn
from fastapi import FastAPI

from tocsin.api.app import make_app
from tocsin.backup import back_up
from tocsin.config import Settings
from tocsin.desk.backup import is_backup_due
from tocsin.desk.clockwork import run_due
from tocsin.desk.restored import find_held_back
from tocsin.desk.sending import claim_mail, claim_postings, settle_mail, settle_posting
from tocsin.desk.witnessing import due_witnesses, make_request, settle_cosignature
from tocsin.errors import ConfigError, DeliveryError
from tocsin.node import Node

LONGEST_SLEEP_SECONDS = 1.0
"""Another process (a command line) may have put something into the outbox: look at least this often."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "[::1]", "localhost"})

log = structlog.get_logger("tocsin")


class Worker:
    """Sends what is due and runs the clockwork. One round at a time; no transaction is open while it waits for others."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._desk = node.desk
        self._wake = asyncio.Event()
        self._one_round = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._backup: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until cancelled: do what is due, then sleep until something is, or until somebody wakes us."""
        self._loop = asyncio.get_running_loop()
        held_back = await asyncio.to_thread(find_held_back, self._desk)
        if held_back is not None:
            log.warning("nothing is signed or sent", reason=str(held_back))
        while True:
            self._wake.clear()
            await self.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LONGEST_SLEEP_SECONDS)

    def wake(self) -> None:
        """Something new is in the outbox. Safe from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    def settle(self) -> int:
        """From another thread: do all that is due now and wait for it. Gives how many things were done."""
        if self._loop is None:
            raise ConfigError("the worker is not running yet")
        return asyncio.run_coroutine_threadsafe(self._settle(), self._loop).result()

    async def _settle(self) -> int:
        """Drain, with the backup that became due on the way, and with what the backup set off."""
        total = await self.drain()
        if self._backup is not None:
            await self._backup
            total += await self.drain()
        return total

    async def drain(self) -> int:
        """Rounds until nothing is due any more."""
        total = 0
        async with self._one_round:
            while done := await self._round():
                total += done
        return total

    async def _round(self) -> int:
        if await asyncio.to_thread(find_held_back, self._desk) is not None:
            return 0
        await self._back_up_if_due()
        done = await asyncio.to_thread(run_due, self._desk)
        done += await self._send_mail()
        done += await self._send_postings()
        done += await self._ask_witnesses()
        return done

    async def _back_up_if_due(self) -> None:
        """Start a backup beside the sending: a warning never waits for one. A failure of its own is said at the next round."""
        if self._backup is not None and self._backup.done():
            self._backup.result()
            self._backup = None
        if self._backup is None and await asyncio.to_thread(is_backup_due, self._desk):
            self._backup = asyncio.create_task(asyncio.to_thread(back_up, self._node))

    async def _send_mail(self) -> int:
        if self._node.channel is None:
            return 0
        batch = await asyncio.to_thread(claim_mail, self._desk)
        if not batch:
            return 0
        results = await self._node.channel.send(batch)
        again = await asyncio.to_thread(settle_mail, self._desk, [mail for mail, _ in batch], results)
        log.info("mail sent", messages=len(batch), again=again)
        return len(batch)

    async def _send_postings(self) -> int:
        postings = await asyncio.to_thread(claim_postings, self._desk)
        for posting in postings:
            agreement = self._desk.agreements[posting.peer]
            answer = await self._post(agreement.mailbox_url(posting.peer), posting.raw)
            arrived = await asyncio.to_thread(settle_posting, self._desk, posting, answer)
            log.info("envelope posted", peer=posting.peer, envelope=posting.digest[:16], arrived=arrived)
        return len(postings)

    async def _ask_witnesses(self) -> int:
        names = await asyncio.to_thread(due_witnesses, self._desk)
        for name in names:
            url = self._desk.witnesses[name].url + "/add-checkpoint"
            asked = await asyncio.to_thread(make_request, self._desk, name)
            answer = None
            if asked is not None:
                status, answer = await self._ask(url, asked[1])
                if status == 409 and answer.strip().isdigit():
                    # The witness has seen more of our log than we remember (we were killed before its answer came).
                    asked = await asyncio.to_thread(make_request, self._desk, name, old_size=int(answer))
                    status, answer = await self._ask(url, asked[1]) if asked else (0, b"")
                answer = answer if status == 200 else None
            await asyncio.to_thread(settle_cosignature, self._desk, name, asked[0] if asked else None, answer)
        return len(names)

    async def _post(self, url: str, body: bytes) -> bytes | None:
        status, answer = await self._ask(url, body)
        return answer if status == 200 else None

    async def _ask(self, url: str, body: bytes) -> tuple[int, bytes]:
        try:
            return await self._node.transport.post(url, body)
        except DeliveryError as error:
            log.warning("no answer", reason=str(error))
            return 0, b""


def make_service(node: Node) -> FastAPI:
    """The web application with its worker running beside it."""
    worker = Worker(node)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(worker.run())
        task.add_done_callback(_say_why_it_ended)
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await node.transport.close()
        node.desk.store.close()

    return make_app(node, worker, lifespan)


def serve(node: Node) -> None:
    """Serve until interrupted. ConfigError before anything is bound if it would be seen by others without TLS.

    StateError if the store lets only one process send, and another does.
    """
    settings = node.desk.settings
    check_listen(settings)
    with node.desk.store.write() as tx:
        freed = tx.outbox.release_claims()
    log.info("claims of processes that are gone", freed=freed)
    host, _, port = settings.listen.rpartition(":")
    uvicorn.run(
        make_service(node),
        host=host.strip("[]"),
        port=int(port),
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
    )


def check_listen(settings: Settings) -> None:
    """ConfigError for an address that is none, for a public one without TLS, and for a TLS key that others can read."""
    host, _, port = settings.listen.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ConfigError(f"listen {settings.listen!r} is not HOST:PORT", hint="e.g. 127.0.0.1:8100")
    if bool(settings.tls_cert) is not bool(settings.tls_key):
        raise ConfigError("only one of tls_cert and tls_key is set", hint="TLS needs both, or neither")
    for key in ("tls_cert", "tls_key"):
        file = Path(getattr(settings, key))
        if settings.tls_cert and not file.is_file():
            raise ConfigError(f"{key} {str(file)!r} is not a file")
    if settings.tls_key and stat.S_IMODE(Path(settings.tls_key).stat().st_mode) & 0o077:
        raise ConfigError(
            f"tls_key {settings.tls_key!r} can be read by others", hint=f"chmod go-rwx {settings.tls_key}"
        )
    if settings.tls_cert or host in LOOPBACK:
        return
    raise ConfigError(
        f"listen {settings.listen!r} is not loopback and there is no TLS",
        hint="set tls_cert and tls_key; or put a proxy with TLS in front and let it talk to 127.0.0.1",
    )


def _say_why_it_ended(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("worker died", error=repr(task.exception()))
        threading.Thread(target=_stop_process, daemon=True).start()


def _stop_process() -> None:
    """A node that cannot send must not look alive: its supervisor starts it again, and nothing is lost."""
    import os
    import signal

    os.kill(os.getpid(), signal.SIGTERM)

"""What every answer tells the browser it may do, and whether a form was sent from one of our own pages."""

import base64
import hashlib
from collections.abc import Iterable
from enum import Enum
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.config import Settings
from tocsin.errors import AccessError

STATIC = "/static/"
_ONE_YEAR_SECONDS = 31536000


class Sender(Enum):
    """Where a form came from, as far as the browser says."""

    OURS = "a page of this node, or no page at all"
    UNKNOWN = "a program, or a browser that does not say"
    OTHERS = "a page of somebody else"


def write_policy(styles: Iterable[str] = ()) -> str:
    """The content security policy: everything from this node alone, no inline script, no frame around it.

    `styles` are texts of style blocks that the page carries itself; each is allowed by its SHA-256 and nothing else is
    (CSP Level 3 section 2.3.1).
    """
    hashes = "".join(f" 'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in styles)
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'self'{hashes}",
            "script-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


class SecurityHeaders:
    """Adds the headers to every answer of the application. What a route has set itself stays as it is.

    Nothing is kept by a browser or on the way unless its route says that it may be; the sheets and scripts of this node
    are kept and asked for again by their ETag.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": write_policy(),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        if is_https(settings):
            self._headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR_SECONDS}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith(STATIC) else "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def is_https(settings: Settings) -> bool:
    """Whether people reach this node by https, through whatever stands before it."""
    return urlsplit(settings.url).scheme == "https"


def sender_of(request: Request, settings: Settings) -> Sender:
    """Who made the browser send this form.

    `Referrer-Policy: no-referrer` turns the Origin of our own forms into `null` (Fetch, "append a request Origin
    header"), so `null` says nothing and Sec-Fetch-Site decides; `none` there is the person, not a page.
    """
    origin = request.headers.get("origin", "null")
    site = request.headers.get("sec-fetch-site")
    if origin != "null":
        ours = urlsplit(settings.url)
        if origin != f"{ours.scheme}://{ours.netloc}":
            return Sender.OTHERS
        return Sender.OURS
    if site is None:
        return Sender.UNKNOWN
    return Sender.OURS if site in {"same-origin", "none"} else Sender.OTHERS


def check_own_form(request: Request, settings: Settings) -> None:
    """AccessError unless a page of this node sent the form: nobody else may act with the reader's session."""
    found = sender_of(request, settings)
    if found is not Sender.OURS:
        raise AccessError(
            f"this form was sent by {found.value}, expected a page of {settings.url}",
            hint="open the page itself and send it again; a very old browser cannot be used here",
        )

"""Who sits at this browser: the session cookie, and the desk with its holder at it."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import HTTPException, Request
from starlette.responses import Response

from tocsin.config import Settings
from tocsin.desk.house import CredentialKind
from tocsin.desk.people import desk_of
from tocsin.desk.ports import Desk
from tocsin.desk.sign_in import SESSION_LASTS
from tocsin.errors import SignInError
from tocsin.web.security import check_own_form, is_https

SIGN_IN = "/sign-in"
HOME = "/now"
_MOST_NEXT = 512
"""Characters of a path to come back to; a longer one is left out."""


def make_session(desk: Desk) -> Callable[[Request], Desk]:
    """A dependency of a route: the desk with the signed-in person at it. Everybody else is sent to sign in (303).

    A session that ended, or whose holder left, is no session. A form must come from a page of this node (AccessError).
    """

    def session(request: Request) -> Desk:
        if request.method not in {"GET", "HEAD"}:
            check_own_form(request, desk.settings)
        try:
            return desk_of(desk, read_cookie(request, desk.settings), CredentialKind.SESSION)
        except SignInError:
            raise HTTPException(303, headers={"Location": _sign_in_from(request)}) from None

    return session


def read_cookie(request: Request, settings: Settings) -> str:
    """The secret that the browser sent, empty if it sent none."""
    return request.cookies.get(_name(settings), "")


def set_cookie(answer: Response, settings: Settings, secret: str) -> None:
    """Give the browser its session. Scripts cannot read it, and no other site can make the browser send it."""
    answer.set_cookie(
        _name(settings),
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="strict",
    )


def drop_cookie(answer: Response, settings: Settings) -> None:
    """Take it away again."""
    answer.delete_cookie(_name(settings), path="/", secure=is_https(settings), httponly=True, samesite="strict")


def local_path(text: str) -> str:
    r"""A path of this node to go to after signing in: the one asked for, or the first page if it could lead elsewhere.

    >>> local_path("/warnings/W-1?rule=a"), local_path("//evil.example"), local_path("/\\evil.example")
    ('/warnings/W-1?rule=a', '/now', '/now')
    """
    # A path begins with one slash: two, or a slash and a backslash, begin a host to every browser.
    plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    if not text.startswith("/") or text.startswith("//") or not plain or len(text) > _MOST_NEXT:
        return HOME
    return text


def _name(settings: Settings) -> str:
    """`__Host-` binds a cookie to this host, to https and to the path `/` (RFC 6265bis section 4.1.3.2)."""
    return "__Host-tocsin" if is_https(settings) else "tocsin"


def _sign_in_from(request: Request) -> str:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method != "GET" or local_path(asked) != asked:
        return SIGN_IN
    return f"{SIGN_IN}?next={quote(asked, safe='')}"

"""Pages: the frame that every page shares.

Each room keeps its templates in `templates/<area>/` and registers its place in the navigation with `section`; the shell they
stand in is the web's. A page is HTML from the server; scripts only make it quicker to use.
"""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from markupsafe import Markup, escape
from msgspec import Struct

from standards_hub.kernel.access.actor import PUBLIC, Actor
from standards_hub.kernel.access.middleware import COOKIE, CSRF_NAME
from standards_hub.kernel.access.secrets import csrf_of
from standards_hub.kernel.http import LANGUAGE_COOKIE, language_of
from standards_hub.kernel.messages import LANGUAGES, Message
from standards_hub.kernel.templates import render

AnyRequest = Request[Any, Any, Any]
SAID_COOKIE = "hub_said"
YEAR = 365 * 24 * 3600


class Section(Struct, frozen=True):
    """An entry of the navigation, shown to those who hold its permission somewhere."""

    path: str
    name: Message
    icon: str
    permission: str
    order: int
    also: tuple[str, ...] = ()
    """Other addresses whose pages belong to it."""


SECTIONS: dict[str, Section] = {}


def section(path: str, name: Message, icon: str, permission: str, order: int, also: tuple[str, ...] = ()) -> None:
    """Put a section into the navigation. `icon` is one of the sprite's, `order` its place from the top."""
    SECTIONS[path] = Section(path, name, icon, permission, order, also)


class Frame(Struct, frozen=True):
    """What the shell knows of a request: who asks, where they are, and what was just done."""

    actor: Actor
    csrf: str
    path: str
    query: tuple[tuple[str, str], ...]
    flash: str

    @property
    def csrf_field(self) -> Markup:
        """What every form that changes something carries."""
        return Markup(f'<input type="hidden" name="{CSRF_NAME}" value="{escape(self.csrf)}">')

    @property
    def sections(self) -> list[Section]:
        return sorted((s for s in SECTIONS.values() if self.actor.may(s.permission)), key=lambda s: s.order)

    def here(self, path: str) -> bool:
        """Whether the page belongs to the section at this path."""
        also = SECTIONS[path].also if path in SECTIONS else ()
        return f"{self.path}/".startswith(tuple(f"{one}/" for one in (path, *also)))

    def url(self, *, path: str | None = None, without: tuple[str, str] | None = None, **changes: Any) -> str:
        """This address with other parameters: None takes one away, a list repeats it; `without` takes away one of several values.

        The place in a list of pages is always left behind, for another filter has other pages.
        """
        changed = {name.rstrip("_"): value for name, value in changes.items()}
        kept = [(n, v) for n, v in self.query if n not in changed and n != "after" and (n, v) != without]
        for name, value in changed.items():
            values = value if isinstance(value, list | tuple) else [] if value is None or value == "" else [value]
            kept += [(name, str(v)) for v in values]
        return quote(path or self.path) + ("?" + urlencode(kept) if kept else "")


def frame_of(request: AnyRequest) -> Frame:
    actor: Actor = request.scope.get("actor", PUBLIC)  # type: ignore[assignment]
    identity: Any = request.scope.get("auth")
    csrf = csrf_of(request.cookies[COOKIE]) if identity and identity.kind == "session" else ""
    path, items = request.url.path, list(request.query_params.items())
    if request.method == "POST":  # the address of a form may take no GET, the page that it stands on does
        path, _, text = came_from(request, path).partition("?")
        items = parse_qsl(text)
    query = tuple((name, value) for name, value in items if name != "lang")
    return Frame(actor, csrf, path, query, _flash(request))


def came_from(request: AnyRequest, default: str) -> str:
    """The page of this hub from which a form was sent; the default where the browser does not say."""
    try:
        there = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return default
    if there.netloc != request.headers.get("host"):
        return default
    return local(there.path + (f"?{there.query}" if there.query else ""), default)


def page(
    request: AnyRequest, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, cookies: list[Cookie] | None = None,
    **values: Any,
) -> Response[str]:  # fmt: skip
    """A page of the hub. Pages of somebody signed in are kept by no cache."""
    language, frame = language_of(request), frame_of(request)
    kept = list(cookies or ())
    if request.query_params.get("lang") in LANGUAGES:
        kept.append(language_cookie(request, language))
    if frame.flash:
        kept.append(_cookie(request, SAID_COOKIE, "", 0))
    cache_control = {"Cache-Control": "no-store"} if frame.actor.account or kept else {"Cache-Control": "no-cache"}
    html = render(template, language=language, frame=frame, **values)
    return Response(html, status_code=status, media_type=MediaType.HTML, headers={**cache_control, **(headers or {})}, cookies=kept)


def go(request: AnyRequest, path: str, said: Message | None = None) -> Redirect:
    """Go on to a page of the hub after something was done, which says so once."""
    cookies = []
    if said is not None:
        text = base64.urlsafe_b64encode(said.into(language_of(request)).encode()).decode()
        cookies.append(_cookie(request, SAID_COOKIE, text, 60))
    return Redirect(path, status_code=HTTP_303_SEE_OTHER, cookies=cookies)


def language_cookie(request: AnyRequest, language: str) -> Cookie:
    """A language once chosen stays the one of this browser."""
    return _cookie(request, LANGUAGE_COOKIE, language, YEAR)


def _cookie(request: AnyRequest, key: str, value: str, max_age: int) -> Cookie:
    secure = request.url.scheme == "https" or bool(request.app.state.settings.secure_cookies)
    return Cookie(key=key, value=value, path="/", max_age=max_age, httponly=True, samesite="lax", secure=secure)


def _flash(request: AnyRequest) -> str:
    """What was just done, for the next whole page: a part that is fetched meanwhile shows nothing of it and must not use it up."""
    if request.headers.get("hx-request"):
        return ""
    try:
        return base64.urlsafe_b64decode(request.cookies.get(SAID_COOKIE, "")).decode()[:500]
    except ValueError:  # whatever somebody else put there
        return ""


def local(path: str | None, default: str = "/") -> str:
    """A path of this hub, never another host's."""
    return path if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else default

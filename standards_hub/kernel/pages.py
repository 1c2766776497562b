"""Pages: one template engine for all rooms, and the frame that every page shares.

Each room keeps its templates in `templates/<area>/` and registers its place in the navigation with `section`; the shell they
stand in is the web's. A page is HTML from the server; scripts only make it quicker to use.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from msgspec import Struct

from standards_hub.kernel.access.actor import PUBLIC, Actor
from standards_hub.kernel.access.middleware import COOKIE, CSRF_NAME
from standards_hub.kernel.access.secrets import csrf_of
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.http import LANGUAGE_COOKIE, Said, language_of
from standards_hub.kernel.messages import PACKAGE, Message, Name

AnyRequest = Request[Any, Any, Any]
STATIC = PACKAGE / "web" / "static"
SAID_COOKIE = "hub_said"
LOCALES = {"zh": Locale.parse("zh_CN"), "en": Locale.parse("en_GB")}
"""Looked up once: Babel searches its files for a name on every call."""
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


GLOBALS: dict[str, Any] = {}
"""What rooms give to all templates by name; to be filled while they are imported."""


class Frame(Struct, frozen=True):
    """What the shell knows of a request: who asks, where they are, and what was just done."""

    actor: Actor
    csrf: str
    path: str
    query: tuple[tuple[str, str], ...]
    flash: str

    @property
    def sections(self) -> list[Section]:
        return sorted((s for s in SECTIONS.values() if self.actor.may(s.permission)), key=lambda s: s.order)

    def here(self, path: str) -> bool:
        """Whether the page belongs to the section at this path."""
        also = SECTIONS[path].also if path in SECTIONS else ()
        return any(self.path == one or (self.path.startswith(one.rstrip("/") + "/") and one != "/") for one in (path, *also))

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


@cache
def environment() -> Environment:
    """The engine: every room's templates, escaping always, undefined names an error."""
    folders = sorted(path for path in PACKAGE.rglob("templates") if path.is_dir())
    made = Environment(
        loader=FileSystemLoader(folders), autoescape=True, auto_reload=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    made.filters |= {"said": _said, "day": _day, "when": _when, "number": _number}
    made.globals |= {"static": static, "csrf_name": CSRF_NAME, **GLOBALS}
    return made


@pass_context
def _said(context: Context, value: Message | Name | Said | str | None) -> str:
    """A text in the page's language."""
    if isinstance(value, Said):
        return value.zh if context["language"] == "zh" else value.en
    return value.into(context["language"]) if isinstance(value, Message | Name) else value or ""


@pass_context
def _day(context: Context, value: date | None) -> str:
    return "—" if value is None else day_in(context["language"], value)


@lru_cache(maxsize=4096)
def day_in(language: str, value: date) -> str:
    """A day as pages write it."""
    return value.isoformat() if language == "zh" else format_date(value, "d MMM yyyy", locale=LOCALES["en"])


@pass_context
def _when(context: Context, value: datetime | None) -> str:
    """An instant in Asia/Shanghai, to the minute."""
    if value is None:
        return "—"
    pattern = "yyyy-MM-dd HH:mm" if context["language"] == "zh" else "d MMM yyyy HH:mm"
    return format_datetime(value.astimezone(ZONE), pattern, locale=LOCALES[context["language"]])


@pass_context
def _number(context: Context, value: int | float) -> str:
    if isinstance(value, int):  # both languages write 12,345, and the locale is slow to say so
        return f"{value:,}"
    return format_decimal(value, locale=LOCALES[context["language"]])


@cache
def static(name: str) -> str:
    """The address of a static file, which changes with its content, so that browsers may keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


def render(template: str, *, language: str, **values: Any) -> str:
    """A template in one language; `say` in it prints in that language."""

    def said(text: str, /, **places: Any) -> str:
        return Message(text, places).into(language)

    return environment().get_template(template).render(language=language, say=said, **values)


def frame_of(request: AnyRequest) -> Frame:
    actor: Actor = request.scope.get("actor", PUBLIC)  # type: ignore[assignment]
    identity: Any = request.scope.get("auth")
    csrf = csrf_of(request.cookies[COOKIE]) if identity and identity.kind == "session" else ""
    query = tuple((name, value) for name, value in request.query_params.multi_items() if name != "lang")
    return Frame(actor, csrf, request.url.path, query, _flash(request))


def page(
    request: AnyRequest, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, cookies: list[Cookie] | None = None,
    **values: Any,
) -> Response[str]:  # fmt: skip
    """A page of the hub. Pages of somebody signed in are kept by no cache."""
    language, frame = language_of(request), frame_of(request)
    kept = list(cookies or ())
    if request.query_params.get("lang") in LOCALES:
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
    try:
        return base64.urlsafe_b64decode(request.cookies.get(SAID_COOKIE, "")).decode()[:500]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def local(path: str | None, default: str = "/") -> str:
    """A path of this hub, never another host's."""
    return path if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else default

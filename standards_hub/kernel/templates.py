"""One template engine for all rooms, made once for each language.

A template is compiled for its language, so whatever it says that does not depend on a request stands in the compiled template as a constant:
texts without places, icons and the addresses of static files.
"""

import hashlib
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from babel.dates import format_datetime
from babel.numbers import format_decimal
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from standards_hub.kernel.access.middleware import CSRF_NAME
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.compiling import Templates
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import LOCALES, PACKAGE, SAID, Message, Name, day_in, filled

STATIC = PACKAGE / "web" / "static"
GLOBALS: dict[str, Any] = {}
"""What rooms give to all templates by name; to be filled while they are imported."""


@cache
def static(name: str) -> str:
    """The address of a static file, which changes with its content, so that browsers may keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


@cache
def icon(name: str) -> Markup:
    """An icon of the sprite, which is beside a word and not read out."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        static("vendor/icons.svg"), name
    )


def _when(language: str, value: datetime) -> str:
    """An instant in Asia/Shanghai, to the minute."""
    pattern = "yyyy-MM-dd HH:mm" if language == "zh" else "d MMM yyyy HH:mm"
    return format_datetime(value.astimezone(ZONE), pattern, locale=LOCALES[language])


def _said(language: str, value: Message | Name | Said | str | None) -> str:
    """A text in a language."""
    if isinstance(value, SAID):
        return value.into(language)
    return getattr(value, language) if isinstance(value, Said) else value or ""


def _number(language: str, value: int | float) -> str:
    if isinstance(value, int):  # both languages write 12,345, and the locale is slow to say so
        return f"{value:,}"
    return format_decimal(value, locale=LOCALES[language])


@cache
def environment(language: str) -> Templates:
    """The engine for a language: every room's templates, escaping always, undefined names an error."""
    folders = sorted(path for path in PACKAGE.rglob("templates") if path.is_dir())
    made = Templates(
        loader=FileSystemLoader(folders), autoescape=True, auto_reload=False, cache_size=-1, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip

    def say(text: str, /, **places: Any) -> str:
        return Message(text, places).into(language)

    made.fixed = {"say": say, "static": static, "icon": icon}
    made.filters |= {
        "filled": partial(filled, language),
        "icon": icon,
        "said": partial(_said, language),
        "day": lambda value: "—" if value is None else day_in(language, value),
        "when": lambda value: "—" if value is None else _when(language, value),
        "number": partial(_number, language),
    }
    made.tests["day"] = lambda value: isinstance(value, date)
    made.globals |= {**made.fixed, "language": language, "csrf_name": CSRF_NAME, **GLOBALS}

    return made


def render(template: str, *, language: str, **values: Any) -> str:
    """A template in one language."""
    return environment(language).get_template(template).render(values)

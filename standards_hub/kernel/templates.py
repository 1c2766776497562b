"""One template engine for all rooms, made once for each language.

A template is compiled for its language, so whatever it says that does not depend on a request stands in the compiled template as a constant:
texts without places, icons and the addresses of static files.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any

from babel.dates import format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from standards_hub.kernel.access.middleware import CSRF_NAME
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import LOCALES, PACKAGE, Message, Name, day_in

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
    if isinstance(value, Said):
        return value.zh if language == "zh" else value.en
    return value.into(language) if isinstance(value, Message | Name) else value or ""


def _number(language: str, value: int | float) -> str:
    if isinstance(value, int):  # both languages write 12,345, and the locale is slow to say so
        return f"{value:,}"
    return format_decimal(value, locale=LOCALES[language])


@cache
def environment(language: str) -> Environment:
    """The engine for a language: every room's templates, escaping always, undefined names an error."""
    folders = sorted(path for path in PACKAGE.rglob("templates") if path.is_dir())
    made = Environment(
        loader=FileSystemLoader(folders), autoescape=True, auto_reload=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip

    def say(text: str, /, **places: Any) -> str:
        return Message(text, places).into(language)

    fixed: dict[str, Callable[..., str]] = {"say": say, "static": static, "icon": icon}
    made.filters |= {
        "said": partial(_said, language),
        "day": lambda value: "—" if value is None else day_in(language, value),
        "when": lambda value: "—" if value is None else _when(language, value),
        "number": partial(_number, language),
    }
    made.globals |= {**fixed, "language": language, "csrf_name": CSRF_NAME, **GLOBALS}

    class Compiling(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
            super().visit_Template(_Fixing(fixed).visit(node), frame)

    made.code_generator_class = Compiling
    return made


class _Fixing(NodeTransformer):
    """Puts the answers of calls whose arguments are constants in their place."""

    def __init__(self, functions: dict[str, Callable[..., str]]) -> None:
        self.functions = functions

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        function = self.functions.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        varies = node.kwargs or node.dyn_args or node.dyn_kwargs or not all(isinstance(arg, nodes.Const) for arg in node.args)
        if function is None or varies:
            return node
        return nodes.Const(function(*(arg.value for arg in node.args if isinstance(arg, nodes.Const))), lineno=node.lineno)


def render(template: str, *, language: str, **values: Any) -> str:
    """A template in one language."""
    return environment(language).get_template(template).render(values)

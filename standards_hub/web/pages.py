"""Templates and how they are filled."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from standards_hub.kernel.messages import Message
from standards_hub.web import TEMPLATES


@cache
def templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def render(template: str, *, language: str, **values: Any) -> str:
    """A page in one language; `say` in a template prints in it."""

    def said(text: str, /, **places: Any) -> str:
        return Message(text, places).into(language)

    return templates().get_template(template).render(language=language, say=said, **values)

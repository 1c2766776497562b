"""Messages that print in Chinese and English.

Chinese is the source text; English stands in the `locale/en.po` of the room that says it. A message is a value:
it is made where something happens and printed where somebody reads it, in that reader's language.
"""

from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from msgspec import Struct, field

PACKAGE = Path(__file__).parent.parent
LANGUAGES = ("zh", "en")
LOCALES = {"zh": Locale.parse("zh_CN"), "en": Locale.parse("en_GB")}
"""Looked up once: Babel searches its files for a name on every call."""


class Name(Struct, frozen=True):
    """A name that stands in the data in both languages."""

    zh: str
    en: str

    def into(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.zh


class Message(Struct, frozen=True, gc=False):
    """A source text in Chinese with `{name}` places, and the values that fill them."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def into(self, language: str) -> str:
        """The finished sentence in `zh` or `en`; a text without translation stays Chinese."""
        text = translated(language, self.text)
        return filled(language, text, **self.values) if self.values else text

    def __str__(self) -> str:
        return self.into("zh")

    @property
    def both(self) -> str:
        """Chinese and English side by side, for the command line and the logs."""
        chinese, english = self.into("zh"), self.into("en")
        return chinese if chinese == english else f"{chinese} / {english}"


SAID = (Message, Name)
"""What says itself in a language. A tuple, since it is asked a hundred times a page and a union would be made anew each time."""


def translated(language: str, text: str) -> str:
    """A source text in a language, with its places still open."""
    return text if language == "zh" else catalogue().get(text) or text


def filled(language: str, text: str, /, **values: Any) -> str:
    """A text of a language with its places filled by values in that language."""
    return text.format(**{name: _into(value, language) for name, value in values.items()})


def _into(value: Any, language: str) -> Any:
    if isinstance(value, SAID):
        return value.into(language)
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(str(_into(item, language)) for item in value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_in(language, value)
    return value


@lru_cache(maxsize=4096)
def day_in(language: str, value: date) -> str:
    """A day as people write it."""
    return value.isoformat() if language == "zh" else format_date(value, "d MMM yyyy", locale=LOCALES["en"])


def say(text: str, /, **values: Any) -> Message:
    """A message whose Chinese text Babel extracts; `values` fill its `{name}` places."""
    return Message(text, values)


@cache
def catalogue() -> dict[str, str]:
    """Every English translation of the package, from all rooms."""
    entries: dict[str, str] = {}
    for path in sorted(PACKAGE.glob("**/locale/en.po")):
        with path.open("rb") as file:
            entries.update((str(m.id), str(m.string)) for m in read_po(file, locale="en") if m.id and m.string)
    return entries

"""What an identifier is once it is understood: its parts, its printed form, and what it is the same as."""

import re
from typing import Any, Literal, get_args

from msgspec import Struct, field

from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.messages import Message, say

Family = Literal[
    "national",
    "occupational-health",
    "military",
    "metrology",
    "industry",
    "local",
    "group",
    "enterprise",
    "plan",
    "plan-industry",
    "iso",
    "iec",
    "iec-wd",
    "iec-wp",
    "itu",
    "adoption",
]
FAMILIES: tuple[str, ...] = get_args(Family)
INTERNATIONAL = frozenset({"iso", "iec", "iec-wd", "iec-wp", "itu", "adoption"})
"""Families in which the kind of document (TS, TR, Guide …) is part of what a document is; a Chinese nature may change."""

MARKS = (
    "sub",
    "department",
    "sheet",
    "iteration",
    "month",
    "annex",
    "appendix",
    "supplement",
    "version",
    "mark",
    "study_group",
    "range_end",
    "twins",
    "form",
    "consolidated",
    "suffix",
    "number_mark",
    "year_mark",
    "part_mark",
    "all_parts",
    "adopters",
    "directive",
    "attachment",
    "series_wide",
)
"""Entries of `extra` that tell one document from another."""
LOOSE = frozenset({"month", "iteration", "version", "year_mark", "suffix", "consolidated", "all_parts", "sheet"})
"""Those of them that only tell editions, or pieces, of the same work apart."""


class IdentifierError(BadInput):
    """Text that is not an identifier; `position` is the character of the raw text, from 0, where it goes wrong."""

    code = "identifier"

    def __init__(self, code: str, why: Message, position: int) -> None:
        super().__init__(say("第 {column} 个字符：{why}", column=position + 1, why=why), code=f"identifier.{code}")
        self.why = why
        self.position = position


def _natural(text: str | None) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(piece), piece) if piece.isdecimal() else (1, 0, piece) for piece in re.findall(r"\d+|\D+", text or ""))


class Identifier(Struct, frozen=True, kw_only=True):
    """A standard's identifier taken apart. `canonical` is printed from the other parts, never from `raw`.

    `nature` is `mandatory`, `T` or `Z` for Chinese standards, the plan's letter for plans, the kind of document
    (`IS`, `TS`, `Rec`, `CDV` …) for international ones. `part` is the revision in ITU-R.
    """

    raw: str = ""
    canonical: str = ""
    family: Family
    prefix: str | None = None
    nature: str | None = None
    region_or_org: str | None = None
    number: str | None = None
    part: str | None = None
    year: str | None = None
    stage: str | None = None
    amendments: str | None = None
    dual: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.family, self.canonical))

    def _work(self) -> list[str]:
        parts = [self.family, self.prefix, self.region_or_org, self.number]
        if self.family in INTERNATIONAL:
            parts.append(self.nature)
        return [part or "" for part in parts]

    @property
    def key(self) -> str:
        """What makes the document this one. A Chinese nature stays out: it can change without a new number."""
        found = [*self._work(), self.part or "", self.year or ""]
        found += [f"{name}={_plain(self.extra[name])}" for name in MARKS if self.extra.get(name)]
        if self.stage:
            found.append(f"stage={self.stage}")
        if not (self.year or self.amendments) and "edition" in self.extra:
            found.append(f"edition={self.extra['edition']}")
        if self.amendments:
            found.append(re.sub(r"[ .]", "", self.amendments).lower())
        return ":".join(found)

    @property
    def series(self) -> str:
        """The key without the year, the stage and the amendments: all editions of one standard share it."""
        found = self._work()
        if not self.revised_by_part:
            found.append(self.part or "")
        found += [f"{name}={_plain(self.extra[name])}" for name in MARKS if name not in LOOSE and self.extra.get(name)]
        return ":".join(found)

    @property
    def revised_by_part(self) -> bool:
        """In ITU-R the figure after the dash counts revisions of the same text."""
        return self.prefix == "ITU-R"

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """Orders by family, body and number, figures by value and leading zeros after."""
        return (
            self.family,
            self.prefix or "",
            self.region_or_org or "",
            _natural(self.number),
            _natural(self.part),
            self.year or "",
            _natural(self.amendments),
            self.canonical,
        )

    def same_document(self, other: "Identifier") -> bool:
        """Whether both name one document, whatever they look like on paper."""
        return self.key == other.key

    def same_series(self, other: "Identifier") -> bool:
        """Whether both are editions, drafts or amendments of one standard."""
        return self.series == other.series

    @property
    def urn(self) -> str | None:
        """RFC 5141 name of an ISO or ISO/IEC document, nothing for other families."""
        from standards_hub.lifecycle.identifiers.urn import urn_of

        return urn_of(self)


def _plain(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)

"""What goes out of the catalogue's doors."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Name
from standards_hub.lifecycle.catalogue.values import CommitteeRef


class EntryLine(Struct, kw_only=True):
    """An entry in a list."""

    id: UUID
    source: str
    docid: str
    title: str
    doctype: str | None
    status: str | None
    stage: str | None
    substage: str | None
    edition: str | None
    published_on: date | None
    published_precision: str | None
    committee: str | None


class RelationOut(Struct, kw_only=True):
    """A relation and the document at its other end; `entry` is null if that is not in the catalogue."""

    type: str
    docid: str
    degree: str | None
    entry: UUID | None
    title: str | None


class EntryOut(EntryLine, kw_only=True):
    """An entry with everything the catalogue knows of it, and what stands in relation to it in both directions."""

    canonical: str | None
    family: str | None
    titles: dict[str, str]
    effective_on: date | None
    committees: list[CommitteeRef]
    ics: list[str]
    verified: bool | None
    last_committed: str | None
    extra: dict[str, Any]
    relations: list[RelationOut]
    relations_to: list[RelationOut]

    @property
    def name(self) -> Name:
        """Its title in either language."""
        return Name(self.title, self.titles.get("en", self.title))


class Found(Struct):
    """An entry found by words, with the ranges of the title and of the snippet to print bold."""

    entry: EntryLine
    text: str
    marks: list[tuple[int, int]]
    snippet: str
    snippet_marks: list[tuple[int, int]]


class CommitteeLine(Struct, kw_only=True):
    """An ISO committee in a list."""

    id: int
    reference: str
    title: str
    status: str | None
    secretariat: str | None
    created_on: date | None
    parent_id: int | None


class Member(Struct):
    acronym: str
    participation: str
    """P takes part, O observes"""


class CommitteeOut(CommitteeLine, kw_only=True):
    """An ISO committee with its members, liaisons and subcommittees."""

    scope: str | None
    liaisons: dict[str, list[str]]
    members: list[Member]
    children: list[CommitteeLine]


class IcsOut(Struct, kw_only=True):
    """A field, group or sub-group of the ICS."""

    code: str
    level: str
    parent: str | None
    title_en: str
    title_fr: str | None
    scope_en: str | None
    notes: str | None
    see_also: str | None


class RunOut(Struct, kw_only=True):
    """An import: which file, how far, and what became of its records."""

    id: UUID
    format: str
    filename: str
    sha256: str
    state: str
    position: int
    counts: dict[str, int]

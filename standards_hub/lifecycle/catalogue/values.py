"""A record of the catalogue as its reader makes it: plain values, the same for every source."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from msgspec import Struct

from standards_hub.kernel.messages import Message
from standards_hub.lifecycle.identifiers import IdentifierError, parse

NAMESPACE = uuid5(NAMESPACE_URL, "urn:standards-hub:catalogue")
SPACE = re.compile(r"\s+")


class Rejected(Exception):
    """A line that cannot be used; the message says why and how to mend it."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class Target(Struct, frozen=True):
    """What an entry says of another document."""

    type: str
    docid: str
    degree: str | None = None


class CommitteeRef(Struct, frozen=True):
    identifier: str
    name: str = ""


class Named(Struct, frozen=True):
    """A docid understood: what it names, in which series, of which family, and how it is properly written."""

    identity: str
    series: str | None = None
    family: str | None = None
    canonical: str | None = None


class Record(Struct, kw_only=True):
    """One entry with what it says of others."""

    source: str
    docid: str
    digests: tuple[str, ...]
    project: str | None = None
    titles: dict[str, str] = {}
    doctype: str | None = None
    stage: str | None = None
    substage: str | None = None
    status: str | None = None
    edition: str | None = None
    published_on: date | None = None
    published_precision: str | None = None
    effective_on: date | None = None
    committees: tuple[CommitteeRef, ...] = ()
    ics: tuple[str, ...] = ()
    verified: bool | None = None
    last_committed: str | None = None
    extra: dict[str, msgspec.Raw] = {}
    relations: tuple[Target, ...] = ()

    @property
    def id(self) -> UUID:
        """The same for the same thing in every import and on every machine."""
        return uuid5(NAMESPACE, f"{self.source}:project:{self.project}" if self.project else f"{self.source}:{self.docid}")

    @property
    def title(self) -> str:
        """The Chinese title, else the English, else any, else the number."""
        return self.titles.get("zh") or self.titles.get("en") or next(iter(self.titles.values()), self.docid)


@lru_cache(maxsize=100_000)
def named(docid: str) -> Named:
    """Understand a docid; one that no grammar knows names itself."""
    try:
        found = parse(docid)
    except IdentifierError:
        return Named("docid:" + SPACE.sub(" ", docid).strip().casefold())
    return Named(f"{found.family}:{found.key}", f"{found.family}:{found.series}", found.family, found.canonical)


def digest(content: bytes) -> str:
    """A short name for the content of a source line."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def merged(winner: Record, loser: Record) -> Record:
    """One entry of two lines for the same document: the winner's facts, and the loser's where the winner is silent."""
    filled: Mapping[str, object] = {
        name: getattr(loser, name)
        for name in (
            "project",
            "last_committed",
            "doctype",
            "stage",
            "substage",
            "status",
            "edition",
            "published_on",
            "published_precision",
            "effective_on",
            "verified",
        )
        if getattr(winner, name) is None
    }
    return msgspec.structs.replace(
        winner,
        **filled,
        titles={**loser.titles, **winner.titles},
        committees=tuple(dict.fromkeys((*winner.committees, *loser.committees))),
        ics=tuple(dict.fromkeys((*winner.ics, *loser.ics))),
        relations=tuple(dict.fromkeys((*winner.relations, *loser.relations))),
        extra={**loser.extra, **winner.extra},
        digests=tuple(dict.fromkeys((*loser.digests, *winner.digests))),
    )


def older(one: str | None, other: str | None) -> bool:
    """Whether the first was committed before the second; unknown days are never older."""
    return bool(one and other and one < other)

"""Lists of standards as people read them: what an address asks for, the names it needs, and what stands beside the rows."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from standards_hub.committees import repository as committees
from standards_hub.kernel import frequent, search
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.messages import Name
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import queries
from standards_hub.lifecycle.columns import Beside, Column
from standards_hub.lifecycle.filtering import FACETS, INSIDE_SORTS, Names, Query
from standards_hub.lifecycle.identifiers import regions
from standards_hub.lifecycle.intake.ports import Words, linkage
from standards_hub.lifecycle.repository import Filter

OF_PLANS = {"plan", "field", "region"}
"""Conditions and columns whose names stand in the plans."""


def inside(work: Work) -> bool:
    """Whether limits and the like may be seen."""
    return work.actor.may("standard.read")


async def asked(work: Work, query: Query) -> Filter:
    """The conditions of a query. Raises `NotSignedIn` for one that only those signed in may use."""
    if query.sort in INSIDE_SORTS or any(FACETS[name].inside for name in query.values):
        work.actor.require("standard.read")
    return query.filter(work.today, await found(work, query.text("q")))


async def found(work: Work, text: str | None) -> tuple[UUID, ...] | None:
    """The standards that words or a number find; nothing is asked where there is no text, and none are found by mere marks."""
    if not text or not text.strip():
        return None
    try:
        keys = await search.keys(work.connection, text, "standard", public_only=not inside(work))
    except BadInput:
        return ()
    return tuple(UUID(key) for key in keys)


async def beside(work: Work, rows: Collection[Any], columns: Mapping[str, Column]) -> Beside:
    """What stands beside some rows; only what the columns show is read."""
    limited = [row.id for row in rows] if {"due", "left", "limit"} & set(columns) and inside(work) else []
    named = {row.committee_id for row in rows} - {None} if {"committee", "committee_name"} & set(columns) else set()
    questions = queries.next_limits_of(limited), committees.committee_names_of(named)
    limits, called = await frequent.together(work.connection, *questions) if limited or named else ({}, {})
    words = await linkage().words(work) if OF_PLANS & set(columns) else Words()
    return Beside(work.today, limits, called, words.plans, words.of(None, "fields"), region_names(words))


def region_names(words: Words) -> dict[str, Name]:
    """Regions by their digits: as the plans call them, else as GB/T 2260 does."""
    return {**_registered(), **words.of(None, "regions")}


@cache
def _registered() -> dict[str, Name]:
    return {code: Name(one.name, one.name) for code, one in regions().items()}


async def names(work: Work, query: Query) -> Names:
    """The names of what a query asks for."""
    ids = [UUID(one) for one in query.values.get("committee", ())]
    words = await linkage().words(work) if OF_PLANS & set(query.values) else Words()
    known = await committees.committee_names(work.connection, ids)
    return Names({str(id): name for id, (_, name) in known.items()}, words.plans, words.of(None, "fields"), region_names(words))


async def every_name(work: Work) -> Names:
    """The names of everything that can be asked for."""
    words = await linkage().words(work)
    ids = await queries.committees_named(work.connection, work.actor)
    known = await committees.committee_names(work.connection, ids)
    called = {str(id): name for id, (_, name) in sorted(known.items(), key=lambda item: item[1][0].zh)}
    return Names(called, words.plans, words.of(None, "fields"), words.of(None, "regions"))

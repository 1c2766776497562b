"""Which standards: what a list is narrowed to, as conditions, and what an actor may see at all."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.among import among
from standards_hub.kernel.events import table_of
from standards_hub.lifecycle.models import DeadlineRow
from standards_hub.lifecycle.repository.reading import STANDARD
from standards_hub.lifecycle.values import Standard

PUBLIC_STAGES = ("30.20", "30.60", "40.20", "40.60", "50.20", "60.00", "60.60", "90.20", "90.60", "90.93", "95.20", "95.99")
"""What the public sees: from the public comment on (标准化法 requires drafts to be published then)."""
PUBLIC = STANDARD.c.stage.in_(PUBLIC_STAGES)


class Filter(Struct, frozen=True, kw_only=True):
    """What a list of standards is narrowed to; several values of one field are alternatives."""

    level: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    """Codes, or two digits for a whole stage."""
    step: tuple[str, ...] = ()
    """Steps by their keys, where one code has several."""
    status: tuple[str, ...] = ()
    track: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    committee: tuple[UUID, ...] = ()
    plan: str | None = None
    kind: tuple[str, ...] = ()
    fills_gap: bool | None = None
    stricter: bool | None = None
    published_from: date | None = None
    published_to: date | None = None
    overdue_on: date | None = None
    text: str | None = None
    ids: tuple[UUID, ...] | None = None
    """Narrowed to these, which a search found."""


MATCHED = {
    "level": STANDARD.c.level, "step": STANDARD.c.step, "status": STANDARD.c.status, "track": STANDARD.c.track, "field": STANDARD.c.primary_field,
    "region": STANDARD.c.region, "committee": STANDARD.c.committee_id, "kind": STANDARD.c.kind, "ids": STANDARD.c.id,
    "plan": STANDARD.c.plan_key, "fills_gap": STANDARD.c.fills_gap, "stricter": STANDARD.c.stricter,
}  # fmt: skip
"""The columns that a field of the filter must equal, or be among several values of."""


def values_of(wanted: Filter) -> dict[str, Any]:
    """What the conditions of a filter are given. The names alone decide what the conditions are, so statements can be kept by them."""
    values: dict[str, Any] = {}
    for name in MATCHED:
        given = getattr(wanted, name)
        if not isinstance(given, tuple):
            values |= {} if given is None else {name: given}
        elif given or name == "ids":
            values |= {name: given[0]} if len(given) == 1 else {f"{name}_any": list(given)}
    for n, stage in enumerate(wanted.stage):
        values |= {f"stage_{n}": stage} if "." in stage else {f"stage_{n}_from": f"{stage}.00", f"stage_{n}_to": f"{stage}.99"}
    for name in ("published_from", "published_to", "overdue_on"):
        values |= {} if (given := getattr(wanted, name)) is None else {name: given}
    return values


def conditions(names: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    """The conditions of a filter by the names of what they are given."""
    c = STANDARD.c
    found: list[sa.ColumnElement[bool]] = []
    stages: list[sa.ColumnElement[bool]] = []
    for name in names:
        field = name.removesuffix("_any")
        if field in MATCHED:
            column = MATCHED[field]
            found.append(among(column, name) if field != name else column == sa.bindparam(name, type_=column.type))
        elif name.endswith("_from") and name.startswith("stage"):
            stages.append(c.stage.between(sa.bindparam(name), sa.bindparam(name.replace("_from", "_to"))))
        elif name.startswith("stage") and not name.endswith("_to"):
            stages.append(c.stage == sa.bindparam(name))
        elif name == "published_from":
            found.append(c.published_on >= sa.bindparam(name))
        elif name == "published_to":
            found.append(c.published_on <= sa.bindparam(name))
        elif name == "overdue_on":
            d = table_of(DeadlineRow)
            found.append(c.id.in_(sa.select(d.c.standard_id).where(d.c.state == "running", d.c.due_on < sa.bindparam(name))))
    return [*found, sa.or_(*stages)] if stages else found


def visible(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """What an actor may see at all: everything once signed in, the public only what has gone to public comment."""
    return [] if actor.may("standard.read") else [PUBLIC]


def may_see(actor: Actor, standard: Standard) -> bool:
    return actor.may("standard.read", standard) or standard.stage in PUBLIC_STAGES

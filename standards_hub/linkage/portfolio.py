"""The facts of a plan's standards as of a day, from the log: what counting and the report are fed with."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.committees.models import CommitteeRow, OrganisationRow
from standards_hub.kernel import audit
from standards_hub.kernel.events import Replica, table_of
from standards_hub.kernel.memory import Memory
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.identifiers import IdentifierError, parse
from standards_hub.lifecycle.models import DeadlineRow, DraftingUnitRow, PaperRow, PlanSpellRow, RelationRow, StandardRow, VisitRow
from standards_hub.lifecycle.tracks import track
from standards_hub.lifecycle.tracks.model import HOLDERS
from standards_hub.linkage.facts import DeadlineFact, DeadlineState, Drafter, ProjectRef, StandardFacts
from standards_hub.linkage.forecast.histories import History
from standards_hub.linkage.forecast.told import told as told_ways
from standards_hub.linkage.models import ProjectRow, ProjectStandardRow

PUBLICATION_PAPERS = ("publication_notice", "published_text")
"""What shows a publication: the announcement and the text (GB/T practice; procedure of every track)."""
APPROVAL_PAPERS = ("approval_decision", "approval_notice", "vote_result")
"""What shows an approval: the authority's decision (Chinese tracks), the notice (ITU-T), the last ballot (ISO and IEC)."""
SHOWING = frozenset((*PUBLICATION_PAPERS, *APPROVAL_PAPERS))
AT_PRINT = "60.00"
SOURCES = ("adopts", "derived_from")
CONSEQUENCES = {
    "freeze": say("冻结"), "lapse": say("计划失效"), "cancel": say("撤销"), "return": say("退回"), "none": say("催办"),
}  # fmt: skip
CHUNK = 500
HELD: Memory["Portfolio"] = Memory(12)
LET_GO = ("suggested", "returned", "withdrawn", "revoked")
"""States in which a claim does not stand."""


class Portfolio(Struct, frozen=True):
    """The standards of a plan on a day, and the hash of the data they were computed from."""

    facts: list[StandardFacts]
    data_hash: str
    known_at: datetime
    papers: Mapping[str, tuple["PaperFact", ...]] = {}
    """For each standard the papers that show its publication or approval; they prove the facts and are none of them."""
    histories: list[History] = []
    """Their ways from step to step, and those of standards that were under the plan before: what the forecast learns from."""


class PaperFact(Struct, frozen=True):
    """A paper of a dossier that was accepted: what a publication or an approval is shown by."""

    id: UUID
    kind: str
    title: str
    dated: date
    reference: str | None
    filename: str | None


async def held(work: Work, plan_key: str, day: date, known_at: datetime | None = None) -> Portfolio:
    """What `of_plan` gives, from what is known now if nobody says; told once for each state of the log."""
    now = work.clock.now()
    head = await audit.newest(work.connection, known_at or now)
    key = (plan_key, day, known_at or work.today, head.hash)
    if not (found := HELD.get(key)):
        found = HELD.put(key, await of_plan(work.connection, plan_key, day, known_at or now, None if known_at else head))
    return found if known_at else msgspec.structs.replace(found, known_at=now)


async def of_plan(connection: AsyncConnection, plan_key: str, day: date, known_at: datetime, head: audit.Head | None = None) -> Portfolio:
    """The standards tracked under a plan, as they were on `day` from what was known at `known_at`.

    With the head that the log has now, which is what an overview asks for after every act, only what came since is replayed.
    """
    table = table_of(PlanSpellRow)
    ever = sa.select(table.c.standard_id).distinct().where(table.c.plan_key == plan_key).order_by(table.c.standard_id)
    ids = (await connection.execute(ever)).scalars()
    streams = [f"standard:{id}" for id in ids]
    if head:
        replica = await audit.as_of_head(connection, day, streams, head)
    else:
        replica = await audit.as_of(connection, day, streams=streams, known_at=known_at)
    facts = told(replica, await surroundings(connection, replica, day, known_at), plan_key, day)
    ways = told_ways(replica.rows(StandardRow), _grouped(replica, VisitRow), _grouped(replica, DeadlineRow))
    return Portfolio(facts, hashlib.sha256(msgspec.json.encode(facts)).hexdigest(), known_at, _papers(replica), ways)


def _papers(replica: Replica) -> dict[str, tuple[PaperFact, ...]]:
    found: dict[str, list[PaperFact]] = {}
    for row in replica.rows(PaperRow):
        if row["kind"] in SHOWING and row["accepted_on"] and not row["withdrawn_on"]:
            found.setdefault(str(row["standard_id"]), []).append(
                msgspec.convert({n: row[n] for n in PaperFact.__struct_fields__}, PaperFact)
            )
    return {id: tuple(sorted(papers, key=lambda paper: (paper.kind, paper.dated, paper.id))) for id, papers in found.items()}


async def of_standards(connection: AsyncConnection, ids: Iterable[UUID], day: date, known_at: datetime) -> list[StandardFacts]:
    """Some standards, whatever plan they are under, as they were on `day` from what was known at `known_at`."""
    replica = await audit.as_of(connection, day, streams=[f"standard:{id}" for id in sorted(ids)], known_at=known_at)
    return told(replica, await surroundings(connection, replica, day, known_at), None, day)


Row = Mapping[str, Any]
Rows = Mapping[UUID, list[dict[str, Any]]]


class Surroundings(Struct, frozen=True):
    """What facts of standards are told with besides their own streams, each as it was on the day and as it was known."""

    organisations: Mapping[UUID, Row]
    committees: Mapping[UUID, Row]
    projects: Mapping[UUID, tuple[ProjectRef, ...]]


async def surroundings(connection: AsyncConnection, replica: Replica, day: date, known_at: datetime) -> Surroundings:
    """The organisations, committees and projects around the standards of a replica."""
    standards = list(replica.rows(StandardRow))

    async def named(model: type[SQLModel], stream: str, ids: set[UUID]) -> dict[UUID, Row]:
        found = await audit.as_of(connection, day, streams=[f"{stream}:{id}" for id in sorted(ids)], known_at=known_at, entered=True)
        return {row["id"]: row for row in found.rows(model)}

    return Surroundings(
        await named(OrganisationRow, "organisation", {u["organisation_id"] for u in replica.rows(DraftingUnitRow)}),
        await named(CommitteeRow, "committee", {s["committee_id"] for s in standards if s["committee_id"]}),
        await _projects(connection, [s["id"] for s in standards], day, known_at),
    )


def told(replica: Replica, beside: Surroundings, plan_key: str | None, day: date) -> list[StandardFacts]:
    """The facts of a plan's standards in a replica, or of all of them, in the order of their ids."""
    around = _Around(
        beside, _grouped(replica, DraftingUnitRow), _grouped(replica, DeadlineRow), _grouped(replica, PaperRow), _grouped(replica, VisitRow),
        _grouped(replica, RelationRow),
    )  # fmt: skip
    rows = (row for row in replica.rows(StandardRow) if plan_key is None or row["plan_key"] == plan_key)
    return sorted((_facts(row, around, day) for row in rows), key=lambda f: f.id)


class _Around(Struct, frozen=True):
    beside: Surroundings
    units: Rows
    deadlines: Rows
    papers: Rows
    visits: Rows
    relations: Rows


def _grouped(replica: Replica, model: type[SQLModel]) -> Rows:
    grouped: dict[UUID, list[dict[str, Any]]] = {}
    for row in replica.rows(model):
        grouped.setdefault(row["standard_id"], []).append(row)
    return grouped


async def _projects(
    connection: AsyncConnection, ids: list[UUID], day: date, known_at: datetime
) -> dict[UUID, tuple[ProjectRef, ...]]:  # fmt: skip
    """The projects that claimed each standard on the day."""
    link, owners = table_of(ProjectStandardRow), set[UUID]()
    for start in range(0, len(ids), CHUNK):
        query = sa.select(link.c.project_id).distinct().where(link.c.standard_id.in_(ids[start : start + CHUNK]))
        owners.update((await connection.execute(query)).scalars())
    streams, wanted = [f"project:{id}" for id in sorted(owners)], set(ids)
    replica = await audit.as_of(connection, day, streams=streams, known_at=known_at)
    projects = {row["id"]: row for row in replica.rows(ProjectRow)}
    claiming: dict[UUID, list[ProjectRef]] = {}
    for claim in replica.rows(ProjectStandardRow):
        if claim["standard_id"] in wanted and claim["state"] not in LET_GO:
            one = projects[claim["project_id"]]
            claiming.setdefault(claim["standard_id"], []).append(ProjectRef(one["project_no"], one["title"], claim["relation"]))
    return {id: tuple(sorted(found, key=lambda ref: ref.project_no)) for id, found in claiming.items()}


def _facts(row: Mapping[str, Any], around: _Around, day: date) -> StandardFacts:
    chosen = track(row["track"])
    step = chosen.step(row["step"])
    units = sorted(around.units.get(row["id"], []), key=lambda u: (u["rank"] is None, u["rank"] or 0, str(u["organisation_id"])))
    papers = around.papers.get(row["id"], [])
    committee = around.beside.committees.get(row["committee_id"])
    held = sorted(p["kind"] for p in papers if p["accepted_on"] and not p["withdrawn_on"])
    approved = _approved_on(row, around.visits.get(row["id"], []))
    sources = {str(r["target_id"]) for r in around.relations.get(row["id"], []) if r["kind"] in SOURCES and r["target_id"]}
    same = {name: row[name] for name in StandardFacts.__struct_fields__ if name in row and name not in ("id", "fields", "approved_on")}
    return StandardFacts(
        **same, id=str(row["id"]), family=_family(row["number"]), step_name_zh=step.name.zh, step_name_en=step.name.en,
        stage_entered_on=row["step_entered_on"], publication_evidence=tuple(k for k in held if k in PUBLICATION_PAPERS),
        approved_on=approved, approval_evidence=tuple(k for k in held if approved and k in APPROVAL_PAPERS),
        same_source=tuple(sorted(sources)), fields=tuple(row["fields"]),
        drafters=tuple(_drafter(u, around.beside.organisations) for u in units), projects=around.beside.projects.get(row["id"], ()),
        committee=committee["name_zh"] if committee else None, holder=HOLDERS[step.holder].zh, stricter_than_national=row["stricter"],
        deadlines=tuple(_deadline(d, row, day) for d in around.deadlines.get(row["id"], []) if d["state"] in ("running", "executed", "met")),
    )  # fmt: skip


def _approved_on(row: Mapping[str, Any], visits: Iterable[Mapping[str, Any]]) -> date | None:
    """The day on record, or the day it went on to be published; one sent back from there is not approved."""
    recorded: date | None = row["approved_on"]
    if recorded or row["stage"] < AT_PRINT:
        return recorded
    return min((v["entered_on"] for v in visits if v["stage"] == AT_PRINT and v["round"] == row["round"]), default=None)


def _family(number: str | None) -> str | None:
    try:
        return parse(number).family if number else None
    except IdentifierError:
        return None


def _drafter(unit: Mapping[str, Any], organisations: Mapping[UUID, Mapping[str, Any]]) -> Drafter:
    organisation = organisations.get(unit["organisation_id"])
    if organisation is None:
        return Drafter(str(unit["organisation_id"]), unit["rank"], None, False, unit["lead"])
    return Drafter(organisation["name_zh"], unit["rank"], organisation["region"], organisation["in_province"], unit["lead"])


def _deadline(deadline: Mapping[str, Any], row: Mapping[str, Any], day: date) -> DeadlineFact:
    state: DeadlineState = "overdue" if deadline["state"] == "running" and day > deadline["due_on"] else deadline["state"]
    reason = {"frozen": "期限届满而未报批，已冻结", "suspended": "项目暂停"}.get(row["status"])
    consequence = CONSEQUENCES[deadline["consequence"]].into("zh")
    return DeadlineFact(
        deadline["name_zh"], deadline["name_en"], deadline["due_on"], HOLDERS[deadline["holder"]].zh, state, consequence, reason
    )

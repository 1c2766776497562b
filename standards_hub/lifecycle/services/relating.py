"""Relations, and the projects that come of other standards: raised, revised, amended, adopted."""

from datetime import date
from uuid import UUID, uuid4

from msgspec import structs

from standards_hub.kernel.errors import BadInput, NotFound, Refused, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import Related, Unrelated
from standards_hub.lifecycle.identifiers import parse
from standards_hub.lifecycle.relations import ACYCLIC, closes_cycle, unmet_for_relation
from standards_hub.lifecycle.schemas import Adoption, Proposal, RelationIn, Removal, Successor
from standards_hub.lifecycle.services import facts
from standards_hub.lifecycle.services.naming import check_named
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import LEVELS
from standards_hub.lifecycle.values import ISSUED, Kind, Patch, Standard


async def relate(work: Work, standard_id: UUID, given: RelationIn) -> UUID:
    """Say how a standard relates to another, to a catalogue entry or to an identifier."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.relate", standard)
    return await _relate(work, standard, given)


async def _relate(work: Work, standard: Standard, given: RelationIn, on: date | None = None) -> UUID:
    targets = [t for t in (given.target_id, given.catalogue_id, given.identifier) if t]
    unmet = unmet_for_relation(given.kind, degree=given.degree, targets=len(targets), level=standard.level)
    unmet = [u for u in unmet if not (u.waivable and given.override)]
    if unmet:
        raise BadInput(say("关系有误"), unmet=unmet)
    named = parse(given.identifier) if given.identifier else None
    identifier = named.canonical if named else None
    if given.target_id == standard.id or (named and named.key == standard.number_key):
        where = "identifier" if named else "target_id"
        raise BadInput(say("关系有误"), unmet=[Unmet("relation.self", say("标准不能与自身相关"), where)])
    if given.target_id:
        await repository.standard(work.connection, given.target_id)
        if given.kind in ACYCLIC and closes_cycle(standard.id, given.target_id, await repository.edges(work.connection, given.kind)):
            raise BadInput(say("关系有误"), unmet=[Unmet("relation.cycle", say("这样会形成循环"), "target_id")])
    same = [
        r for r in await repository.relations(work.connection, standard.id)
        if (r.kind, r.target_id, r.catalogue_id, r.identifier) == (given.kind, given.target_id, given.catalogue_id, identifier)
    ]  # fmt: skip
    if same:
        return same[0].id
    event = Related(
        relation=uuid4(), kind=given.kind, target=given.target_id, catalogue=given.catalogue_id, identifier=identifier, degree=given.degree,
        edition=given.edition, part=given.part,
    )  # fmt: skip
    await work.append(standard, event, effective_on=on)
    return event.relation


async def unrelate(work: Work, standard_id: UUID, relation_id: UUID, reason: str) -> None:
    """Take back a relation that was said in error."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.relate", standard)
    if relation_id not in {r.id for r in await repository.relations(work.connection, standard_id)}:
        raise NotFound(say("找不到关系 {id}", id=relation_id))
    await work.append(standard, Unrelated(relation=relation_id, reason=reason))


async def unrelate_by(work: Work, standard_id: UUID, given: Removal) -> None:
    """Take back a relation that was said in error, named in what is given."""
    await unrelate(work, standard_id, given.relation, given.reason)


async def _succeed(work: Work, old: Standard, given: Successor, track: str, kind: Kind, relations: tuple[str, ...]) -> Standard:
    same = track.partition("@")[0] == old.track.partition("@")[0]
    committee_id = given.committee_id or (old.committee_id if same else None)
    await check_named(work, Patch(committee_id=given.committee_id))
    patch = Patch(
        title_zh=given.title_zh or old.title_zh, title_en=given.title_en or old.title_en, ics=old.ics, ccs=old.ccs, plan_key=old.plan_key,
        fields=old.fields, primary_field=old.primary_field, region=old.region, committee_id=committee_id,
    )  # fmt: skip
    units = await repository.drafting_units(work.connection, old.id)
    proposal = Proposal(
        track=track, kind=kind, facts=patch, drafting_units=units, on=given.on, difference=f"← {old.label}", exemplar=old.exemplar
    )
    new = await facts.propose(work, proposal, allowed=True)
    for relation in relations:
        await _relate(work, new, RelationIn(kind=relation, target_id=old.id), given.on)
    return new


def _issued(old: Standard) -> None:
    if old.status not in ISSUED:
        raise Refused(say("须为已发布的标准"), unmet=[Unmet("status", say("{label} 尚未发布", label=old.label), "status")])


async def raise_level(work: Work, standard_id: UUID, given: Successor) -> Standard:
    """Take a standard up to another track: a new project derived from it. The old one stays valid until the new one is in force."""
    old = await repository.standard(work.connection, standard_id)
    work.actor.require("standard.raise", old)
    if not given.track or LEVELS.index(facts.track_called(given.track).level) <= LEVELS.index(old.level):
        raise BadInput(say("请选择上一级的轨道"), unmet=[Unmet("track", say("轨道须高于现级别"), "track")])
    return await _succeed(work, old, given, given.track, "new", ("derived_from",))


async def revise(work: Work, standard_id: UUID, given: Successor) -> Standard:
    """Start the revision of a published standard: a new project that will replace it under a new year."""
    old = await repository.standard(work.connection, standard_id)
    work.actor.require("standard.propose", old)
    _issued(old)
    return await _succeed(work, old, given, given.track or old.track.partition("@")[0], "revision", ("revises", "replaces"))


async def amend(work: Work, standard_id: UUID, given: Successor) -> Standard:
    """Start an amendment sheet (修改单): the number and year stay, and a standard may have only so many sheets."""
    old = await repository.standard(work.connection, standard_id)
    work.actor.require("standard.propose", old)
    _issued(old)
    most = track_of(old.track).facts.get("amendments_most")
    sheets = [r for r in await repository.relations_to(work.connection, standard_id) if r.kind == "amends"]
    if most and len(sheets) >= most.value:
        raise Refused(say("修改单已满"), unmet=[
            Unmet("amend.most", say("每项标准最多 {most} 份修改单，应予修订", most=most.value), "standard")])  # fmt: skip
    title = given.title_zh or f"{old.title_zh}（第{len(sheets) + 1}号修改单）"
    return await _succeed(
        work, old, structs.replace(given, title_zh=title), given.track or old.track.partition("@")[0], "amendment", ("amends",)
    )


async def adopt(work: Work, given: Adoption) -> Standard:
    """Start a project that adopts an international standard, with its degree and the parent's edition."""
    if given.parent.kind != "adopts":
        raise BadInput(say("关系有误"), unmet=[Unmet("relation.kind", say("采标项目的关系为 adopts"), "parent.kind")])
    new = await facts.propose(
        work, Proposal(track=given.track, kind="adoption", facts=given.facts, drafting_units=given.drafting_units, on=given.on)
    )
    await _relate(work, new, given.parent, given.on)
    return await repository.standard(work.connection, new.id)

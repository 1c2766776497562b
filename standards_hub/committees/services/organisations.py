"""What users do to organisations: register, edit, merge, close and reopen."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET, structs

from standards_hub.committees import persistent, ports, repository, uscc
from standards_hub.committees.events import (
    CommitteeEdited,
    OrganisationAbsorbed,
    OrganisationClosed,
    OrganisationEdited,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationReopened,
    PersonEdited,
)
from standards_hub.committees.schemas import Merge, NewOrganisation, OrganisationChange, OrganisationOut, Reason, checked
from standards_hub.committees.services.dates import day_of
from standards_hub.committees.values import Alias, CommitteeFacts, Organisation, OrganisationFacts, PersonFacts
from standards_hub.kernel import search
from standards_hub.kernel.access import carrying
from standards_hub.kernel.errors import BadInput, Conflict, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work, last_said

PROVINCE = "32"
"""The province whose hub this is: the first digits of its division codes (Jiangsu)."""


async def show(work: Work, id: UUID) -> OrganisationOut:
    work.actor.require("organisation.read")
    return OrganisationOut(await repository.organisation(work.connection, id), await repository.secretariats(work.connection, id))


async def register(work: Work, data: NewOrganisation, *, on: date | None = None) -> Organisation:
    """Put an organisation on the register. Raises `BadInput` for a malformed code, `Conflict` if it is there already."""
    work.actor.require("organisation.manage")
    said = _tidy(structs.asdict(checked(data)))
    exemplar = said.pop("exemplar")
    inside = _in_province(said.pop("in_province"), said["region"])
    made = Organisation(id=uuid4(), exemplar=exemplar, in_province=inside, **said)
    await _unique(work, made)
    facts = OrganisationFacts(in_province=inside, **said)
    await work.append(made, OrganisationRegistered(facts=facts, exemplar=exemplar), effective_on=day_of(work, on))
    await _index(work, made)
    return made


async def edit(work: Work, id: UUID, change: OrganisationChange, *, on: date | None = None) -> Organisation:
    """Change what is known of an organisation. A name or code that it gives up is kept as an alias."""
    found = await repository.organisation(work.connection, id)
    work.actor.require("organisation.manage", found)
    said = _tidy({name: value for name, value in structs.asdict(checked(change)).items() if value is not UNSET})
    on = said.pop("on", None) or on
    region = said.get("region", found.region)
    if "region" in said or "in_province" in said:
        said["in_province"] = _in_province(said.get("in_province"), region)
    news = OrganisationFacts(**said).news(found)
    day = day_of(work, on)
    renamed = news.name_zh is not UNSET or (news.uscc is not UNSET and found.uscc is not None)
    if renamed:
        news = structs.replace(news, aliases=[*found.aliases, Alias(found.name_zh, day, found.uscc)])
    if not news.said():
        return found
    before = news.before(found)
    news.apply(found)
    await _unique(work, found)
    await work.append(found, OrganisationEdited(before=before, after=news), effective_on=day)
    await _index(work, found)
    return found


async def merge(work: Work, id: UUID, data: Merge) -> Organisation:
    """Let an organisation go into another one, which takes over its names, people, committees, roles, standards and projects.

    Returns the one that remains. Papers and drafting lists that name the old one stay as they are.
    """
    data = checked(data)
    old = await repository.organisation(work.connection, id)
    new = await repository.organisation(work.connection, data.into)
    work.actor.require("organisation.manage", old)
    work.actor.require("organisation.manage", new)
    unmet = []
    if old.id == new.id:
        unmet.append(Unmet("merge.self", say("不能并入自身"), "into"))
    if old.merged_into:
        unmet.append(Unmet("merge.again", say("{name} 已并入其他单位", name=old.name)))
    if not new.active:
        unmet.append(Unmet("merge.inactive", say("{name} 已停用，不能并入", name=new.name), "into"))
    refuse_if(unmet, say("不能合并单位"))
    day = day_of(work, data.on)
    committees = await repository.committees_of_organisation(work.connection, old.id)
    people = await repository.people_of(work.connection, old.id)
    came = await last_said(work.connection, [*committees, *people], f'"{old.id}"')
    for committee in committees:
        after = CommitteeFacts(
            secretariat_id=new.id if committee.secretariat_id == old.id else UNSET,
            department_id=new.id if committee.department_id == old.id else UNSET,
        )
        event = CommitteeEdited(before=after.before(committee), after=after)
        await work.append(committee, event, effective_on=max(day, came.get(committee.stream, day)))
    for person in people:
        moved = PersonFacts(organisation_id=new.id)
        on = max(day, came.get(person.stream, day))
        await work.append(person, PersonEdited(before=moved.before(person), after=moved), effective_on=on)
    await carrying.carry(work, ("organisation", str(old.id)), ("organisation", str(new.id)))
    await ports.carry(work, old.id, new.id, day)
    aliases = [*new.aliases, *old.aliases, Alias(old.name_zh, day, old.uscc)]
    await work.append(new, OrganisationAbsorbed(absorbed=old.id, aliases=aliases), effective_on=day)
    await work.append(old, OrganisationMerged(into=new.id, reason=data.reason), effective_on=day)
    new.aliases = aliases
    old.active, old.merged_into = False, new.id
    await _index(work, new)
    return new


async def close(work: Work, id: UUID, data: Reason) -> Organisation:
    """Take an organisation out of use. Refused while it hosts the secretariat of a committee."""
    data = checked(data)
    found = await repository.organisation(work.connection, id)
    work.actor.require("organisation.manage", found)
    unmet = [
        Unmet("secretariat", say("仍承担“{committee}”秘书处，请先变更秘书处承担单位", committee=c.name), str(c.id))
        for c in await repository.secretariats(work.connection, id)
    ]
    if not found.active:
        unmet.append(Unmet("closed", say("{name} 已停用", name=found.name)))
    refuse_if(unmet, say("不能停用单位"))
    await work.append(found, OrganisationClosed(reason=data.reason), effective_on=day_of(work, data.on))
    found.active = False
    return found


async def reopen(work: Work, id: UUID, data: Reason) -> Organisation:
    """Bring a closed organisation back. One that was merged stays where it went."""
    data = checked(data)
    found = await repository.organisation(work.connection, id)
    work.actor.require("organisation.manage", found)
    unmet = []
    if found.active:
        unmet.append(Unmet("active", say("{name} 并未停用", name=found.name)))
    if found.merged_into:
        unmet.append(Unmet("merged", say("{name} 已并入其他单位，不能恢复", name=found.name)))
    refuse_if(unmet, say("不能恢复单位"))
    await _unique(work, found)
    await work.append(found, OrganisationReopened(reason=data.reason), effective_on=day_of(work, data.on))
    found.active = True
    return found


def _tidy(said: dict[str, Any]) -> dict[str, Any]:
    """Without spaces at the ends, and with a normalised and well-formed code. Raises `BadInput`."""
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if code := said.get("uscc"):
        said["uscc"] = code = uscc.normalise(code)
        if why := uscc.fault(code):
            raise BadInput(say("统一社会信用代码有误"), unmet=[Unmet("uscc", why, "uscc")])
    if code := said.get("ror"):
        said["ror"] = code = persistent.ror(code)
        if why := persistent.ror_fault(code):
            raise BadInput(say("ROR 有误"), unmet=[Unmet("ror", why, "ror")])
    return said


def _in_province(said: bool | None, region: str | None) -> bool:
    """Whether it lies in the province, as said or by its region. Raises `BadInput` where the two contradict."""
    if region is None:
        return bool(said)
    inside = region.startswith(PROVINCE)
    if said is not None and said != inside:
        why = say("行政区划 {region} 与“省内”不一致，请改其中之一", region=region)
        raise BadInput(say("单位所在地前后不一致"), unmet=[Unmet("in_province", why, "in_province")])
    return inside


async def _unique(work: Work, one: Organisation) -> None:
    """Raises `Conflict` naming the organisation that has this code or name."""
    if one.uscc and (other := await repository.organisation_by_uscc(work.connection, one.uscc)) and other.id != one.id:
        raise Conflict(say("该统一社会信用代码已登记在“{name}”名下", name=other.name), code="exists")
    if (other := await repository.organisation_by_name(work.connection, one.name_zh)) and other.id != one.id:
        raise Conflict(say("已有名为“{name}”的单位；若确为不同单位，请在名称中加以区分", name=one.name_zh), code="exists")


async def _index(work: Work, one: Organisation) -> None:
    body = search.words_once(one.name_en, one.short_name, one.uscc, *(alias.name for alias in one.aliases))
    await search.index(work.connection, "organisation", str(one.id), title=one.name_zh, body=body, public=False)

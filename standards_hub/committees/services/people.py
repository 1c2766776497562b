"""What users do to people: register, edit, record that they left or came back."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET, Struct, structs

from standards_hub.committees import persistent, repository
from standards_hub.committees.events import PersonEdited, PersonLeft, PersonRegistered, PersonReturned
from standards_hub.committees.schemas import NewPerson, PersonChange, PersonOut, Reason, checked
from standards_hub.committees.services.dates import day_of
from standards_hub.committees.values import Person, PersonFacts
from standards_hub.kernel import search
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.errors import BadInput, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


class Reachable(Struct, frozen=True):
    """A person with the committees they sit in now: whose secretariats need to reach them."""

    person: Person
    committees: frozenset[UUID]

    def bodies(self) -> set[Body]:
        return self.person.bodies() | {("committee", str(id)) for id in self.committees}


async def shown(work: Work, found: list[Person]) -> list[Person]:
    """People as this actor may see them: address and telephone are for themselves and for those who need to reach them."""
    sits = await repository.committees_of_people(work.connection, [person.id for person in found], work.today)
    return [
        person if work.actor.person == person.id or work.actor.may("person.contact", Reachable(person, frozenset(sits.get(person.id, ()))))
        else structs.replace(person, email=None, phone=None)
        for person in found
    ]  # fmt: skip


async def show(work: Work, id: UUID) -> PersonOut:
    work.actor.require("person.read")
    found = await repository.person(work.connection, id)
    one = (await shown(work, [found]))[0]
    return PersonOut(one, await repository.seats_of_person(work.connection, id), await repository.employers(work.connection, id))


async def register(work: Work, data: NewPerson, *, on: date | None = None) -> Person:
    """Put a person on the register. Two people may have one name, so nothing is refused for that."""
    work.actor.require("person.manage")
    said = _tidy(structs.asdict(checked(data)))
    exemplar = said.pop("exemplar")
    await _employable(work, data.organisation_id)
    made = Person(id=uuid4(), exemplar=exemplar, **said)
    await work.append(made, PersonRegistered(facts=PersonFacts(**said), exemplar=exemplar), effective_on=day_of(work, on))
    await _index(work, made)
    return made


async def edit(work: Work, id: UUID, change: PersonChange, *, on: date | None = None) -> Person:
    found = await repository.person(work.connection, id)
    work.actor.require("person.manage", found)
    said = _tidy({name: value for name, value in structs.asdict(checked(change)).items() if value is not UNSET})
    on = said.pop("on", None) or on
    news = PersonFacts(**said).news(found)
    if not news.said():
        return found
    if news.organisation_id is not UNSET:
        await _employable(work, news.organisation_id)
    before = news.before(found)
    await work.append(found, PersonEdited(before=before, after=news), effective_on=day_of(work, on))
    news.apply(found)
    await _index(work, found)
    return found


async def leave(work: Work, id: UUID, data: Reason) -> Person:
    """Record that a person takes part no more. Refused while a seat of theirs goes on."""
    data = checked(data)
    found = await repository.person(work.connection, id)
    work.actor.require("person.manage", found)
    day = day_of(work, data.on)
    unmet = [
        Unmet("seated", say("仍在“{committee}”任职，请先结束任期", committee=seat.committee_name), str(seat.committee_id))
        for seat in await repository.seats_of_person(work.connection, id)
        if seat.until is None or seat.until > day
    ]
    if not found.active:
        unmet.append(Unmet("left", say("{name} 已停用", name=found.name)))
    refuse_if(unmet, say("不能停用人员"))
    await work.append(found, PersonLeft(reason=data.reason), effective_on=day)
    found.active = False
    return found


async def return_(work: Work, id: UUID, data: Reason) -> Person:
    data = checked(data)
    found = await repository.person(work.connection, id)
    work.actor.require("person.manage", found)
    refuse_if([Unmet("active", say("{name} 并未停用", name=found.name))] if found.active else [], say("不能恢复人员"))
    await work.append(found, PersonReturned(reason=data.reason), effective_on=day_of(work, data.on))
    found.active = True
    return found


def _tidy(said: dict[str, Any]) -> dict[str, Any]:
    """Without spaces at the ends, and with a well-formed ORCID. Raises `BadInput`."""
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if code := said.get("orcid"):
        said["orcid"] = code = persistent.orcid(code)
        if why := persistent.orcid_fault(code):
            raise BadInput(say("ORCID 有误"), unmet=[Unmet("orcid", why, "orcid")])
    return said


async def _employable(work: Work, organisation_id: UUID | None) -> None:
    """Raises `NotFound`, or `Refused` for an organisation out of use."""
    if organisation_id is not None:
        employer = await repository.organisation(work.connection, organisation_id)
        refuse_if([] if employer.active else [Unmet("organisation.closed", say("{name} 已停用", name=employer.name), "organisation_id")])


async def _index(work: Work, one: Person) -> None:
    await search.index(work.connection, "person", str(one.id), title=one.name, body=one.name_en or "", public=False)

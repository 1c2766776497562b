"""The JSON doors of organisations, people and committees: parse, call one service function, present."""

import builtins
from typing import Annotated, TypeVar
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from standards_hub.committees import repository
from standards_hub.committees.schemas import (
    CommitteeChange,
    CommitteeOut,
    Merge,
    NewCommittee,
    NewOrganisation,
    NewPerson,
    NewSeat,
    OrganisationChange,
    OrganisationOut,
    PersonChange,
    PersonOut,
    Reason,
    SeatEnd,
    StateChange,
)
from standards_hub.committees.services import committees, organisations, people
from standards_hub.committees.tree import Family, Held
from standards_hub.committees.values import (
    Committee,
    CommitteeLevel,
    CommitteeState,
    Organisation,
    OrganisationKind,
    Person,
    Seat,
)
from standards_hub.kernel.http import Page, etag, expect
from standards_hub.kernel.work import Subject, Work

IfMatch = Annotated[str | None, Parameter(header="If-Match", description="The ETag you read; refused with 412 if it is no longer current.")]
Limit = Annotated[int, Parameter(ge=1, le=200)]
After = Annotated[UUID | None, Parameter(description="`next` of the page before.")]
Q = Annotated[str | None, Parameter(max_length=200, description="A part of a name, number or code.")]

S = TypeVar("S", bound=Subject)
T = TypeVar("T")


def tagged(subject: S, status: int = HTTP_200_OK) -> Response[S]:
    return Response(subject, status_code=status, headers=etag(subject.version))


def with_version(value: T, version: int) -> Response[T]:
    return Response(value, headers=etag(version))


def page_of(found: list[S], limit: int) -> Page[S]:
    """One page from a list that was read one row longer than the page."""
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


class OrganisationController(Controller):
    """The register of organisations."""

    path = "/organisations"
    tags = ("单位 Organisations",)

    @get(operation_id="ListOrganisations", opt={"permission": "organisation.read"})
    async def list(
        self, reading: Work, q: Q = None, kind: OrganisationKind | None = None, region: str | None = None, active: bool | None = None,
        after: After = None, limit: Limit = 50,
    ) -> Page[Organisation]:  # fmt: skip
        """Organisations by name; `region` takes the first digits of a division code."""
        found = await repository.organisations(
            reading.connection, text=q, kind=kind, region=region, active=active, after=after, limit=limit + 1
        )
        return page_of(found, limit)

    @post(operation_id="RegisterOrganisation", opt={"permission": "organisation.manage"})
    async def register(self, work: Work, data: NewOrganisation) -> Response[Organisation]:
        """Put an organisation on the register. Its 统一社会信用代码 is checked for form only."""
        return tagged(await organisations.register(work, data), HTTP_201_CREATED)

    @get("/{id:uuid}", operation_id="GetOrganisation", opt={"permission": "organisation.read"})
    async def show(self, reading: Work, id: UUID) -> Response[OrganisationOut]:
        """One organisation, with the committees whose secretariat it hosts."""
        found = await organisations.show(reading, id)
        return with_version(found, found.organisation.version)

    @patch("/{id:uuid}", operation_id="EditOrganisation", opt={"permission": "organisation.manage"})
    async def edit(self, work: Work, id: UUID, data: OrganisationChange, if_match: IfMatch = None) -> Response[Organisation]:
        """Change what is known of an organisation; a name or code it gives up is kept as an alias."""
        await _organisation(work, id, if_match)
        return tagged(await organisations.edit(work, id, data))

    @post("/{id:uuid}/merge", operation_id="MergeOrganisation", opt={"permission": "organisation.manage"}, status_code=HTTP_200_OK)
    async def merge(self, work: Work, id: UUID, data: Merge, if_match: IfMatch = None) -> Response[Organisation]:
        """Let it go into another one, which takes over its names, people and committees. Answers with the one that remains."""
        await _organisation(work, id, if_match)
        return tagged(await organisations.merge(work, id, data))

    @post("/{id:uuid}/close", operation_id="CloseOrganisation", opt={"permission": "organisation.manage"}, status_code=HTTP_200_OK)
    async def close(self, work: Work, id: UUID, data: Reason, if_match: IfMatch = None) -> Response[Organisation]:
        """Take it out of use; refused while it hosts a secretariat."""
        await _organisation(work, id, if_match)
        return tagged(await organisations.close(work, id, data))

    @post("/{id:uuid}/reopen", operation_id="ReopenOrganisation", opt={"permission": "organisation.manage"}, status_code=HTTP_200_OK)
    async def reopen(self, work: Work, id: UUID, data: Reason, if_match: IfMatch = None) -> Response[Organisation]:
        """Bring a closed organisation back."""
        await _organisation(work, id, if_match)
        return tagged(await organisations.reopen(work, id, data))


class PersonController(Controller):
    """The register of people."""

    path = "/people"
    tags = ("人员 People",)

    @get(operation_id="ListPeople", opt={"permission": "person.read"})
    async def list(
        self, reading: Work, q: Q = None, organisation: UUID | None = None, active: bool | None = None, after: After = None,
        limit: Limit = 50,
    ) -> Page[Person]:  # fmt: skip
        """People by name. Address and telephone are only there for those who need to reach them."""
        found = await repository.people(
            reading.connection, text=q, organisation_id=organisation, active=active, after=after, limit=limit + 1
        )
        return page_of(await people.shown(reading, found), limit)

    @post(operation_id="RegisterPerson", opt={"permission": "person.manage"})
    async def register(self, work: Work, data: NewPerson) -> Response[Person]:
        """Put a person on the register."""
        return tagged(await people.register(work, data), HTTP_201_CREATED)

    @get("/{id:uuid}", operation_id="GetPerson", opt={"permission": "person.read"})
    async def show(self, reading: Work, id: UUID) -> Response[PersonOut]:
        """One person with all seats, past ones too."""
        found = await people.show(reading, id)
        return with_version(found, found.person.version)

    @patch("/{id:uuid}", operation_id="EditPerson", opt={"permission": "person.manage"})
    async def edit(self, work: Work, id: UUID, data: PersonChange, if_match: IfMatch = None) -> Response[Person]:
        """Change what is known of a person."""
        await _person(work, id, if_match)
        return tagged(await people.edit(work, id, data))

    @post("/{id:uuid}/leave", operation_id="PersonLeaves", opt={"permission": "person.manage"}, status_code=HTTP_200_OK)
    async def leave(self, work: Work, id: UUID, data: Reason, if_match: IfMatch = None) -> Response[Person]:
        """Record that the person takes part no more; refused while a seat goes on."""
        await _person(work, id, if_match)
        return tagged(await people.leave(work, id, data))

    @post("/{id:uuid}/return", operation_id="PersonReturns", opt={"permission": "person.manage"}, status_code=HTTP_200_OK)
    async def return_(self, work: Work, id: UUID, data: Reason, if_match: IfMatch = None) -> Response[Person]:
        """Record that the person takes part again."""
        await _person(work, id, if_match)
        return tagged(await people.return_(work, id, data))


class CommitteeController(Controller):
    """The register of committees and their seats."""

    path = "/committees"
    tags = ("技术委员会 Committees",)

    @get(operation_id="ListCommittees", opt={"permission": "committee.read"})
    async def list(
        self, reading: Work, q: Q = None, level: CommitteeLevel | None = None, committee_state: CommitteeState | None = None,
        parent: UUID | None = None, after: After = None, limit: Limit = 50,
    ) -> Page[Committee]:  # fmt: skip
        """Committees by name."""
        found = await repository.committees(
            reading.connection, text=q, level=level, state=committee_state, parent_id=parent, after=after, limit=limit + 1
        )
        return page_of(found, limit)

    @get("/tree", operation_id="ShowCommitteeTree", opt={"permission": "committee.read"})
    async def tree(self, reading: Work) -> builtins.list[Family]:
        """All committees as one tree: of the province, the nation, ministries, ISO, IEC and ITU, with mirrors."""
        return await committees.whole(reading)

    @get("/positions", operation_id="ListInternationalPositions", opt={"permission": "committee.read"})
    async def positions(
        self, reading: Work, past: Annotated[bool, Parameter(description="也列已卸任的 / also those that ended")] = False
    ) -> builtins.list[Held]:
        """Positions in international committees that people of the province hold: chair, convenor, project leader, editor, expert."""
        return await committees.abroad(reading, past=past)

    @post(operation_id="RegisterCommittee", opt={"permission": "committee.manage"})
    async def register(self, work: Work, data: NewCommittee) -> Response[Committee]:
        """Put a committee on the register, in preparation or already at work."""
        return tagged(await committees.register(work, data), HTTP_201_CREATED)

    @get("/{id:uuid}", operation_id="GetCommittee", opt={"permission": "committee.read"})
    async def show(self, reading: Work, id: UUID) -> Response[CommitteeOut]:
        """One committee with its seats, those below it, and what its composition does not meet today."""
        found = await committees.show(reading, id)
        return with_version(found, found.committee.version)

    @patch("/{id:uuid}", operation_id="EditCommittee", opt={"permission": "committee.manage"})
    async def edit(self, work: Work, id: UUID, data: CommitteeChange, if_match: IfMatch = None) -> Response[Committee]:
        """Change what is known of a committee."""
        await with_committee(work, id, if_match)
        return tagged(await committees.edit(work, id, data))

    @post("/{id:uuid}/state", operation_id="ChangeCommitteeState", opt={"permission": "committee.manage"}, status_code=HTTP_200_OK)
    async def change_state(self, work: Work, id: UUID, data: StateChange, if_match: IfMatch = None) -> Response[Committee]:
        """Found, suspend, resume or dissolve it."""
        await with_committee(work, id, if_match)
        return tagged(await committees.change_state(work, id, data))

    @post("/{id:uuid}/seats", operation_id="TakeSeat", opt={"permission": "committee.manage"})
    async def take_seat(self, work: Work, id: UUID, data: NewSeat, if_match: IfMatch = None) -> Seat:
        """Give a person a seat for a term."""
        await with_committee(work, id, if_match)
        return await committees.take_seat(work, id, data)

    @post("/{id:uuid}/seats/{seat_id:uuid}/end", operation_id="EndSeat", opt={"permission": "committee.manage"}, status_code=HTTP_200_OK)
    async def end_seat(self, work: Work, id: UUID, seat_id: UUID, data: SeatEnd, if_match: IfMatch = None) -> Seat:
        """Set or move the last day of a seat."""
        await with_committee(work, id, if_match)
        return await committees.end_seat(work, id, seat_id, data)

    @delete("/{id:uuid}/seats/{seat_id:uuid}", operation_id="StrikeSeat", opt={"permission": "committee.manage"}, status_code=HTTP_200_OK)
    async def strike_seat(self, work: Work, id: UUID, seat_id: UUID, reason: str, if_match: IfMatch = None) -> Response[Committee]:
        """Remove a seat that was entered by mistake; the log keeps that it was."""
        await with_committee(work, id, if_match)
        return tagged(await committees.strike_seat(work, id, seat_id, Reason(reason=reason)))


async def _organisation(work: Work, id: UUID, if_match: str | None) -> None:
    if if_match is not None:
        expect(if_match, (await repository.organisation(work.connection, id, lock=True)).version)


async def _person(work: Work, id: UUID, if_match: str | None) -> None:
    if if_match is not None:
        expect(if_match, (await repository.person(work.connection, id, lock=True)).version)


async def with_committee(work: Work, id: UUID, if_match: str | None) -> None:
    """Refuse a change that was made on an old copy of the committee."""
    if if_match is not None:
        expect(if_match, (await repository.committee(work.connection, id, lock=True)).version)


CONTROLLERS = [OrganisationController, PersonController, CommitteeController]

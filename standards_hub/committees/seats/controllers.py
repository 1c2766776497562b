"""The JSON doors of seats: compositions and what-ifs, replacements, interests."""

from datetime import date
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.status_codes import HTTP_200_OK

from standards_hub.committees.controllers import IfMatch, with_committee
from standards_hub.committees.schemas import Reason
from standards_hub.committees.seats import service
from standards_hub.committees.seats.schemas import (
    CompositionOut,
    NewInterest,
    Renewal,
    Replacement,
    SeatsOut,
    SideChange,
    WhatIf,
    WhatIfOut,
)
from standards_hub.committees.seats.values import Interest
from standards_hub.committees.values import Seat
from standards_hub.kernel.work import Work


class SeatController(Controller):
    """How committees are composed, and what ties their members."""

    path = "/committees/{id:uuid}"
    tags = ("技术委员会 Committees",)

    @get("/composition", operation_id="ShowComposition", opt={"permission": "committee.read"})
    async def composition(self, reading: Work, id: UUID, on: date | None = None) -> CompositionOut:
        """Rule by rule how the committee is composed on a day: met or not, the figure, the limit, the source."""
        return await service.show_composition(reading, id, on=on)

    @post("/composition/what-if", operation_id="TryComposition", opt={"permission": "committee.read"}, status_code=HTTP_200_OK)
    async def what_if(self, reading: Work, id: UUID, data: WhatIf) -> WhatIfOut:
        """What the rules would say if some seats went and some people came. Nothing is written."""
        return await service.what_if(reading, id, data)

    @get("/participation", operation_id="ShowSeats", opt={"permission": "committee.read"})
    async def participation(self, reading: Work, id: UUID) -> SeatsOut:
        """The composition with the interests that hold and who took part in the ballots and meetings of a year."""
        return await service.show(reading, id)

    @post("/seats/{seat_id:uuid}/replace", operation_id="ReplaceSeat", opt={"permission": "committee.manage"})
    async def replace(self, work: Work, id: UUID, seat_id: UUID, data: Replacement, if_match: IfMatch = None) -> Seat:
        """Let somebody go on from a seat; position and end of the term stay."""
        await with_committee(work, id, if_match)
        return await service.replace(work, id, seat_id, data)

    @post("/seats/renew", operation_id="RenewSeats", opt={"permission": "committee.manage"})
    async def renew(self, work: Work, id: UUID, data: Renewal, if_match: IfMatch = None) -> list[Seat]:
        """Begin a new term: who stays goes on in it, all other seats end the day before."""
        await with_committee(work, id, if_match)
        return await service.renew(work, id, data)

    @put("/seats/{seat_id:uuid}/side", operation_id="SaySide", opt={"permission": "committee.manage"})
    async def side(self, work: Work, id: UUID, seat_id: UUID, data: SideChange, if_match: IfMatch = None) -> Seat:
        """Say whose interest a member stands for."""
        await with_committee(work, id, if_match)
        return await service.say_side(work, id, seat_id, data)

    @post("/interests", operation_id="DeclareInterest", opt={"permission": "interest.declare"})
    async def declare(self, work: Work, id: UUID, data: NewInterest, if_match: IfMatch = None) -> Interest:
        """Declare what ties a member to a thing that the committee decides on."""
        await with_committee(work, id, if_match)
        return await service.declare(work, id, data)

    @post(
        "/interests/{interest_id:uuid}/lift", operation_id="LiftInterest", opt={"permission": "committee.manage"}, status_code=HTTP_200_OK
    )
    async def lift(self, work: Work, id: UUID, interest_id: UUID, data: Reason, if_match: IfMatch = None) -> Interest:
        """Record that an interest is no more."""
        await with_committee(work, id, if_match)
        return await service.lift(work, id, interest_id, data)


CONTROLLERS = [SeatController]

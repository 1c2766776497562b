"""What happens to the committees of the example office: their way from proposal to evaluation, replacements, interests."""

from msgspec import convert

from standards_hub.committees import repository
from standards_hub.committees.founding import service as founding
from standards_hub.committees.founding.schemas import CourseMove
from standards_hub.committees.seats import service as seats
from standards_hub.committees.seats.schemas import NewInterest, Replacement
from standards_hub.demo.cast import Cast
from standards_hub.demo.fixtures import BodyAct
from standards_hub.kernel.work import Work


async def do(work: Work, cast: Cast, act: BodyAct) -> None:
    """Do one dated act on a committee through its service."""
    id = cast.committees[act.committee]
    said = {name: cast.people[value] if name in ("person_id", "old") else value for name, value in act.said.items()}
    if act.act == "replace":
        old = said.pop("old")
        held = await repository.seats(work.connection, id, on=act.on)
        seat = next(seat for seat in held if seat.person_id == old)
        await seats.replace(work, id, seat.id, convert({"since": act.on, **said}, Replacement))
    elif act.act == "interest":
        await seats.declare(work, id, convert({"on": act.on, **said}, NewInterest))
    else:
        await founding.move(work, id, convert({"act": act.act, "on": act.on, **said}, CourseMove))

"""Each day, those whom it concerns are warned of terms that end: once for each of the days before, however often the jobs run."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.founding import repository as courses
from standards_hub.committees.founding import rules
from standards_hub.committees.values import POSITIONS, Committee, SeatHolder
from standards_hub.committees.warning import repository
from standards_hub.committees.warning.thresholds import days_before, reached
from standards_hub.kernel import notices
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.mail import link
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work

TERM = notices.kind("term", say("任期：委员任期、委员会届期或国际职务将满"))
SWEEP = "terms.sweep"
NAMED = 30
"""So many names stand in one letter; for the others it points to the page."""


@every(SWEEP, cron="15 0 * * *")
@job(SWEEP, say("逐日检查任期"))
async def sweep(work: Work) -> None:
    """Each day: one job for every warning whose day has come; what was asked for under its key before is not asked for again."""
    most = max(*days_before("seat"), *days_before("position"))
    seats = await repository.ending(work.connection, work.today, work.today + timedelta(days=most))
    committees = {one.id: one for one in await registers.committees_by_ids(work.connection, {seat.committee_id for seat in seats})}
    for (id, until), _ in groupby(seats, key=lambda seat: (seat.committee_id, seat.until)):
        kind = _kind(committees[id])
        if until and (days := reached(kind, until, work.today)) is not None:
            arguments = {"committee_id": str(id), "until": until.isoformat(), "days": days}
            await work.enqueue("terms.seats", arguments, key=f"{kind}-ends:{id}:{until}:{days}")
    for id, course in (await courses.courses(work.connection)).items():
        for limit in rules.limits(course):
            if limit.key != "notice" and (days := reached(limit.key, limit.due, work.today)) is not None:
                arguments = {"committee_id": str(id), "limit": limit.key, "due": limit.due.isoformat(), "days": days}
                await work.enqueue("terms.committee", arguments, key=f"committee-{limit.key}:{id}:{limit.due}:{days}")


def _kind(committee: Committee) -> str:
    return "position" if committee.level == "international" else "seat"


@job("terms.seats", say("提醒委员任期或国际职务将满"))
async def seats(work: Work, committee_id: str, until: str, days: int) -> None:
    """Write to those whose terms end that day, and to who keeps the seats: the secretariat, or for positions abroad the officers too."""
    committee, due = await registers.committee(work.connection, UUID(committee_id)), date.fromisoformat(until)
    ending = [seat for seat in await repository.ending(work.connection, due, due) if seat.committee_id == committee.id]
    if not ending:
        return
    key, abroad = f"term:{committee.id}:{until}:{days}", committee.level == "international"
    own = (
        say("您在{committee}的任期将满", committee=committee.called)
        if not abroad
        else say("您在{committee}的国际职务将满", committee=committee.called)
    )
    holders = await ballots.accounts_of(work.connection, [seat.person_id for seat in ending])
    text = say("{committee}：任期至 {day} 24:00。{link}", committee=committee.called, day=due, link=link(f"/committees/{committee.id}"))
    await notices.send(work, dict.fromkeys(holders, TERM), own, text, key)
    roles = {"secretary", "officer"} if abroad else {"secretary"}
    keepers = await accounts.holding(work.connection, roles, committee.bodies(), work.today) - holders
    subject = say("{committee}：{count} 人任期于 {day} 届满", committee=committee.called, count=len(ending), day=due)
    names = say("{names}。请安排连任或更换：{link}", names=_names(ending), link=link(f"/committees/{committee.id}"))
    await notices.send(work, dict.fromkeys(keepers, TERM), subject, names, f"{key}:kept")


def _names(ending: Iterable[SeatHolder]) -> list[Message]:
    return [say("{name}（{position}）", name=seat.person_name, position=POSITIONS[seat.position]) for seat in ending][:NAMED]


@job("terms.committee", say("提醒委员会届期"))
async def committee(work: Work, committee_id: str, limit: str, due: str, days: int) -> None:
    """Write to the secretariat and the competent department of a committee that has a day to keep."""
    one, day = await registers.committee(work.connection, UUID(committee_id)), date.fromisoformat(due)
    course = await courses.course(work.connection, one.id)
    found = next((each for each in rules.limits(course) if (each.key, each.due) == (limit, day)), None) if course else None
    if found is None:  # done meanwhile
        return
    concerned = await accounts.holding(work.connection, {"secretary", "department"}, one.bodies(), work.today)
    subject = say("{committee}：{what}，{day} 24:00 截止", committee=one.label, what=found.what, day=day)
    text = say(
        "{committee}：{what}，还有 {days} 日。{link}",
        committee=one.label,
        what=found.what,
        days=(day - work.today).days,
        link=link(f"/committees/{one.id}"),
    )
    await notices.send(work, dict.fromkeys(concerned, TERM), subject, text, f"committee-{limit}:{one.id}:{due}:{days}")

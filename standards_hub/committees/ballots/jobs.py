"""What happens to ballots by themselves: they close by the clock, once; who has yet to vote is reminded; the result is told."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from standards_hub.committees.ballots import repository, roll, service
from standards_hub.committees.ballots.rules import OUTCOMES
from standards_hub.committees.ballots.values import Ballot, Voter
from standards_hub.committees.warning.thresholds import days_before
from standards_hub.kernel import notices
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.mail import link
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work

BALLOT = notices.kind("ballot", say("表决：待我投票，或表决已有结果"))


@every("ballots.sweep", cron="2 0 * * *")
@job("ballots.sweep", say("逐日检查表决"))
async def sweep(work: Work) -> None:
    """Each day: close what is over, should its own job have been lost, and remind of what is not."""
    for found in await repository.to_close(work.connection, work.today):
        await work.enqueue("ballot.close", {"ballot_id": str(found.id)}, key=f"ballot-close:{found.id}:{work.today}")
    days = days_before("ballot")
    for found in await repository.open_ones(work.connection, until=work.today + timedelta(days=max(days))):
        if work.today in roll.reminded_on(found.closes_on, days):
            await work.enqueue("ballot.call", {"ballot_id": str(found.id)}, key=f"ballot-call:{found.id}:{work.today}")


@job("ballot.close", say("到期结束表决"))
async def close(work: Work, ballot_id: str) -> None:
    await service.close_by_clock(work, UUID(ballot_id))


@job("ballot.call", say("提醒投票"))
async def call(work: Work, ballot_id: str) -> None:
    """Write to those who have yet to vote."""
    found = await repository.ballot(work.connection, UUID(ballot_id))
    if found.state != "open":
        return
    waiting = [v for v in await repository.voters(work.connection, found.id) if v.vote is None and not v.recused]
    subject = say("请投票：{title}，{day} 24:00 截止", title=found.title, day=found.closes_on)
    body = say(
        "《{title}》正在表决，您尚未投票。{day} 24:00 截止，此前可以更改。{link}",
        title=found.title,
        day=found.closes_on,
        link=link(f"/ballots/{found.id}"),
    )
    await _write(work, waiting, subject, body, f"ballot-call:{found.id}:{work.today}")


@job("ballot.tell", say("通知表决结果"))
async def tell(work: Work, ballot_id: str) -> None:
    """Write to all on the roll and to the secretariat what came of it."""
    found = await repository.ballot(work.connection, UUID(ballot_id))
    voters = await repository.voters(work.connection, found.id)
    secretaries = await accounts.holding(work.connection, {"secretary"}, found.bodies(), work.today)
    await _write(work, voters, *told(found), f"ballot-tell:{found.id}", secretaries)


def told(found: Ballot) -> tuple[Message, Message]:
    """What came of a ballot, as the heading and the text of a letter."""
    if found.state == "void":
        return say("表决作废：{title}", title=found.title), say(
            "{reason}。{link}", reason=found.void_why, link=link(f"/ballots/{found.id}")
        )
    outcome = OUTCOMES[found.outcome]  # type: ignore[index]
    text = say("《{title}》的表决已结束：{outcome}。理由见 {link}", title=found.title, outcome=outcome, link=link(f"/ballots/{found.id}"))
    return say("表决结果：{title}，{outcome}", title=found.title, outcome=outcome), text


async def _write(work: Work, voters: Iterable[Voter], subject: Message, body: Message, key: str, more: Iterable[UUID] = ()) -> None:
    ids = await repository.accounts_of(work.connection, [v.person_id for v in voters if v.person_id])
    await notices.send(work, dict.fromkeys([*ids, *more], BALLOT), subject, body, key)

"""Days before a term ends those whom it concerns are warned, once for each of the days, also where the hub was off on one of them."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from standards_hub.committees import repository
from standards_hub.committees import schemas as registers
from standards_hub.committees.founding import service as founding
from standards_hub.committees.founding.schemas import CourseMove
from standards_hub.committees.services import committees, people
from standards_hub.committees.warning import jobs as warnings
from standards_hub.committees.warning import thresholds
from standards_hub.kernel import jobs, mail
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.values import NewAccount, NewGrant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.work import Hub, Work
from tests.support.mailbox import Mailbox

BEGUN, ENDS = date(2022, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    "left, due", [(91, None), (90, 90), (89, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)  # fmt: skip
def test_the_last_warning_whose_day_has_come_is_due(left: int, due: int | None) -> None:
    assert thresholds.reached("seat", ENDS, ENDS - timedelta(days=left)) == due


def test_every_figure_names_its_source_and_whether_it_was_verified() -> None:
    assert {"seat", "position", "term", "renewal", "rectifying", "ballot"} == set(thresholds.table())
    assert all(one.source and not one.verified and one.days for one in thresholds.table().values())


class Office:
    """Two members of a committee, one of whom is to go on, and who keeps the seats."""

    def __init__(self, hub: Hub, mailbox: Mailbox) -> None:
        self.hub, self.mailbox = hub, mailbox

    async def found(self, level: registers.CommitteeLevel = "provincial") -> None:
        async def task(work: Work) -> None:
            made = await committees.register(work, registers.NewCommittee(name_zh="示例标委会", level=level, exemplar=True))
            self.committee = made.id
            for n, name in enumerate(("示例甲", "示例乙")):
                person = (await people.register(work, registers.NewPerson(name=name, exemplar=True))).id
                seat = registers.NewSeat(
                    person_id=person, position="expert" if level == "international" else "member", since=BEGUN, until=ENDS
                )
                await committees.take_seat(work, self.committee, seat)
                await self.account(work, f"person-{n}", person)
            account = await self.account(work, "keeper")
            await access.grant_role(work, account, NewGrant(role="secretary", body_kind="committee", body_id=str(self.committee)))
            await access.grant_role(work, await self.account(work, "officer"), NewGrant(role="officer"))

        await self.act(BEGUN, task)

    async def account(self, work: Work, login: str, person: UUID | None = None) -> UUID:
        given = NewAccount(login=login, name=login, email=f"{login}@example.org", person_id=person)
        return (await access.open_account(work, given)).id

    async def act(self, day: date, task: object) -> None:
        async with self.on(day).work(SYSTEM) as work:
            await task(work)  # type: ignore[operator]
            await work.commit()

    def on(self, day: date) -> Hub:
        return Hub(self.hub.database, self.hub.files, Clock(day))

    async def night(self, left: int) -> dict[str, str]:
        """Whom the jobs of a night wrote to, so many days before the end, and what."""
        before, day = len(self.mailbox.messages), ENDS - timedelta(days=left)
        async with self.on(day).work(SYSTEM) as work:
            await work.enqueue(warnings.SWEEP, {}, key=f"night:{day}:{before}")
            await work.commit()
        assert (await jobs.drain(self.on(day), mail.Smtp(self.mailbox.host, self.mailbox.port))).errors == []
        return {str(m["To"]).partition("@")[0]: str(m["Subject"]) for m in self.mailbox.messages[before:]}


@pytest.fixture
async def office(hub: Hub, mailbox: Mailbox) -> Office:
    return Office(hub, mailbox)


async def test_members_and_their_secretariat_are_warned_once_for_each_of_the_days(office: Office) -> None:
    await office.found()
    assert await office.night(91) == {}
    told = await office.night(90)
    assert set(told) == {"person-0", "person-1", "keeper"} and "2 人任期于 2026-12-31 届满" in told["keeper"]
    assert await office.night(90) == {} == await office.night(60)
    assert set(await office.night(29)) == {"person-0", "person-1", "keeper"}  # the hub was off on the thirtieth day
    assert await office.night(28) == {}


async def test_who_goes_on_is_not_warned(office: Office) -> None:
    await office.found()

    async def goes_on(work: Work) -> None:
        person = await repository.find_person(work.connection, "示例甲")
        seat = registers.NewSeat(person_id=person.id, position="member", since=ENDS + timedelta(days=1))
        await committees.take_seat(work, office.committee, seat)

    await office.act(ENDS - timedelta(days=100), goes_on)
    told = await office.night(90)
    assert set(told) == {"person-1", "keeper"} and "1 人任期" in told["keeper"]


async def test_positions_abroad_are_warned_of_earlier_and_to_the_officers_too(office: Office) -> None:
    await office.found("international")
    told = await office.night(180)
    assert set(told) == {"person-0", "person-1", "keeper", "officer"} and "国际职务将满" in told["person-0"]


async def test_the_term_of_a_committee_and_its_re_election_are_warned_of_until_they_are_done(office: Office) -> None:
    await office.found()
    await office.act(BEGUN, lambda work: founding.move(work, office.committee, CourseMove(act="enter", term=1, until=ENDS)))
    told = await office.night(180)  # of the re-election file, due three months before the end, and of the term itself
    assert set(told) == {"keeper"} and "24:00 截止" in told["keeper"]
    assert "本届届满" in (await office.night(89))["keeper"]

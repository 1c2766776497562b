"""A limit of a ballot, an enquiry or a meeting that ends on a day off says so beside it, and stays where it is."""

import re
from datetime import date

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.comments import repository as enquiries
from standards_hub.committees.meetings import repository as meetings
from standards_hub.kernel import holidays
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.holidays import Holiday
from standards_hub.kernel.messages import day_in
from tests.support.office import TODAY, visit


async def off_from(app: Litestar, *days: date) -> str:
    """The days made days off; the last working day before the first."""
    async with app.state.hub.work(SYSTEM) as work:
        await holidays.enter(work, [Holiday(day, "off", "示例节", "Example day", "示例依据") for day in sorted(set(days))])
        await work.commit()
        return str((await holidays.days_off(work.connection, days))[days[0]].before)


async def test_the_last_day_of_a_ballot(office_app: Litestar) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        found = await ballots.ballots(work.connection, limit=100)
    open_, closed = (next(one for one in found if one.state == state) for state in ("open", "closed"))
    before = await off_from(office_app, open_.closes_on, closed.closes_on)
    async with await visit(office_app, "secretary") as secretary:
        assert f"示例节，建议提前至 {before}" in (await secretary.get(f"/ballots/{open_.id}")).text
        assert (
            f"Example day, so better by {day_in('en', date.fromisoformat(before))}"
            in (await secretary.get(f"/ballots/{open_.id}?lang=en")).text
        )
        assert "示例节" not in (await secretary.get(f"/ballots/{closed.id}?lang=zh")).text


async def test_the_last_day_of_a_ballot_before_it_is_opened(office_app: Litestar) -> None:
    before = await off_from(office_app, date(2026, 12, 21))
    async with await visit(office_app, "secretary") as secretary:
        made = await secretary.send_form(
            "/ballots/new",
            {"committee_id": "江苏省氢燃料电池汽车标准化技术委员会", "rule": "V1", "closes_on": "2026-12-21", "title": "示例：改选秘书长"},
        )
        asked = (await secretary.get(f"{made.headers['location'].partition('?')[0]}/open")).text
    assert f"截止日是示例节，建议提前至 {before}" in asked


@pytest.mark.parametrize("login", ["secretary", None])
async def test_the_last_day_of_an_enquiry(office_app: Litestar, login: str | None) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        one = next(one for one in await enquiries.enquiries(work.connection) if one.state == "open")
    before = await off_from(office_app, one.closes_on)
    staff = [f"/enquiries/{one.id}/comments", f"/enquiries/of/{one.subject_kind}/{one.subject_id}"]
    async with await visit(office_app, login) as visitor:
        for path in ["/enquiries", f"/enquiries/{one.id}", *(staff if login else [])]:
            assert f"示例节，建议提前至 {before}" in (await visitor.get(path)).text, path


async def test_the_last_day_of_an_enquiry_before_it_is_opened(office_app: Litestar) -> None:
    async with await visit(office_app, "liaison") as liaison:
        listed = html.fromstring((await liaison.get("/standards?stage=30.20&status=active")).text)
        ids = dict.fromkeys(re.findall(r"/standards/([0-9a-f-]{36})", " ".join(listed.xpath("//main//a/@href"))))
        paths = [f"/enquiries/of/standard/{id}" for id in ids]
        forms = [
            (path, day)
            for path in paths
            for day in html.fromstring((await liaison.get(path)).text).xpath("//input[@name='closes_on']/@min")
        ]
        path, day = forms[0]
        before = await off_from(office_app, date.fromisoformat(day))
        assert f"截止日是示例节，建议提前至 {before}" in (await liaison.get(path)).text


async def test_the_day_of_a_meeting_and_what_it_gave_to_do(office_app: Litestar) -> None:
    today = date.fromisoformat(TODAY)
    async with office_app.state.hub.glancing(SYSTEM) as work:
        duty = next(one for one in await meetings.duties(work.connection, waiting=True) if one.due_on >= today)
        held = await meetings.meeting(work.connection, duty.meeting_id)
        coming = next(one for one in await meetings.meetings(work.connection, limit=100) if one.state == "called" and one.starts_on > today)
    before = await off_from(office_app, duty.due_on, held.starts_on, coming.starts_on)
    async with await visit(office_app, "secretary") as secretary:
        page = (await secretary.get(f"/meetings/{held.id}")).text
        assert page.count("示例节") == 1 and f"示例节，建议提前至 {before}" in page
        page = (await secretary.get(f"/meetings/{coming.id}")).text
        assert page.count("示例节") == 1 and "示例节，建议" not in page

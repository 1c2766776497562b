"""What stands around a plan's standards in a report: as of its day and from what was known when it was made."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from standards_hub.committees.schemas import NewCommittee, NewOrganisation, NewPerson, NewSeat, OrganisationChange, SeatEnd
from standards_hub.committees.services import committees, organisations, people
from standards_hub.documents import surroundings
from standards_hub.documents.report.around import Around, Promise
from standards_hub.kernel.access.actor import SYSTEM, Actor
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.evidence_numbers import evidence_number
from standards_hub.lifecycle.values import Standard
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import finding
from standards_hub.linkage.claiming.events import ClaimSubmitted, ClaimVerified, EvidenceAdded
from standards_hub.linkage.schemas import CommitteeLink, NewClaim, NewCommitment, NewPlanCommittee, NewProject, ProjectChange, Words
from standards_hub.linkage.services import claims, plans, projects, tallies
from standards_hub.linkage.values import Project
from tests.lifecycle.driving import on_day
from tests.linkage.snapshots.conftest import ENTERED, PLAN, YEAR_END, published
from tests.linkage.snapshots.conftest import hub as hub
from tests.linkage.snapshots.conftest import standard as standard

JANUARY = date(2027, 1, 31)


async def around(hub: Hub, day: date = YEAR_END, known_at: date | None = None) -> Around:
    async with hub.reading(SYSTEM) as work:
        tally = await tallies.tally(work, PLAN, day, known_at=known_at)
        return await surroundings.around(work, PLAN, tally)


def told(found: Around) -> list[tuple[int, int, int, int]]:
    """Done, late, waiting and short of every promise."""
    return [_numbers(promise) for project in found.projects for promise in project.promises]


def _numbers(promise: Promise) -> tuple[int, int, int, int]:
    return promise.done, promise.late, promise.pending, promise.short


async def proven(hub: Hub, project: Project, standard: Standard, on: date) -> UUID:
    """A piece of evidence on the project's claim, entered on a day."""
    piece = uuid4()
    async with on_day(hub, on).work(SYSTEM) as work:
        (claim,) = await repository.claims(work.connection, project.id)
        event = EvidenceAdded(
            claim=claim.id, standard_id=standard.id, evidence=piece, kind="foreword", title="示例前言", filename="foreword.pdf", page="前言第2页",
            sha256="0" * 64, media_type="application/pdf", size=1,
        )  # fmt: skip
        await work.append(await repository.project(work.connection, project.id), event)
        await work.commit()
    return piece


async def test_what_counts_rests_on_evidence_whose_numbers_the_hub_finds_again(hub: Hub, standard: Standard) -> None:
    project = await a_project(hub, standard, ends_on=YEAR_END, verified=date(2026, 12, 30))
    piece = await proven(hub, project, standard, date(2026, 12, 30))
    later = await proven(hub, project, standard, ENTERED)
    await published(hub, standard, date(2026, 12, 28), recorded=date(2026, 12, 28))
    found = (await around(hub)).evidence
    assert [(one.kind, one.page, one.project_no) for one in found] == [
        ("发布公告", "", ""), ("发布文本", "", ""), ("标准封面和前言页", "前言第2页", "示例-1"),
    ]  # fmt: skip
    assert found[-1].number == evidence_number(piece) and found[-1].source == "foreword.pdf"
    assert [one.number for one in (await around(hub, JANUARY)).evidence if one.project_no] == sorted(map(evidence_number, (piece, later)))
    async with hub.reading(SYSTEM) as work:
        papers = [(await finding.find(work, one.number))[0] for one in found[:2]]
        assert [(one.of, one.standard_id, one.reference) for one in papers] == [("standard", standard.id, "示例")] * 2
        (seen,) = await finding.find(work, evidence_number(piece).lower().replace("-", " "))
        assert (seen.id, seen.page) == (piece, "前言第2页") and seen.path.startswith(f"/projects/{project.id}/standards/")
        with pytest.raises(NotFound):
            await finding.find(work, "ZJ00000000")
        with pytest.raises(NotFound, match="ZJ7WN9RGDQ"):
            await finding.find(work, "ZJ12")
    async with hub.reading(Actor(account=uuid4(), name="drafter")) as work:
        assert [one.open for one in await finding.find(work, found[0].number)] == [True]
        (closed,) = await finding.find(work, evidence_number(piece))
        assert (closed.open, closed.page, closed.sha256, closed.project_id, closed.path) == (
            False,
            None,
            None,
            None,
            f"/standards/{standard.id}",
        )


async def test_a_claim_that_nobody_verified_proves_nothing(hub: Hub, standard: Standard) -> None:
    project = await a_project(hub, standard, ends_on=YEAR_END)
    await proven(hub, project, standard, date(2026, 12, 29))
    await published(hub, standard, date(2026, 12, 28), recorded=date(2026, 12, 28))
    assert [one.project_no for one in (await around(hub)).evidence] == ["", ""]


async def a_project(hub: Hub, standard: Standard, *, verified: date | None = None, primary: bool = False, **facts: object) -> Project:
    """A project that promised a national standard and claims this one, since 2026."""
    promise = NewCommitment(level="national", count=1, source_text="示例：发布国家标准1项")
    given = {"project_no": "示例-1", "title": "示例项目", "programme": "示例", "plan_key": PLAN, "commitments": [promise], **facts}
    async with on_day(hub, date(2026, 2, 1)).work(SYSTEM) as work:
        unit = (await lifecycle.drafting_units(work.connection, standard.id))[0].organisation_id
        project = await projects.register(work, NewProject(**{"lead_organisation_id": unit, **given}))  # type: ignore[arg-type]
        claim = await claims.claim(work, project.id, NewClaim(standard_id=standard.id, primary=primary))
        project = await repository.project(work.connection, project.id)
        await work.append(project, ClaimSubmitted(claim=claim.id, standard_id=standard.id))
        await work.commit()
    if verified:
        async with on_day(hub, verified).work(SYSTEM) as work:
            event = ClaimVerified(claim=claim.id, standard_id=standard.id, role="lead", policy="default")
            await work.append(project, event)
            await work.commit()
    return project


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [(date(2026, 12, 25), (0, 1, 0, 1)), (date(2026, 12, 28), (1, 0, 0, 0)), (date(2027, 6, 30), (1, 0, 0, 0))],
    ids=["before", "on the day", "not yet"],
)
async def test_a_promise_is_judged_by_the_end_of_its_project_and_what_came_later_is_told_apart(
    hub: Hub, standard: Standard, ends_on: date, expected: tuple[int, ...]
) -> None:
    await a_project(hub, standard, verified=date(2026, 12, 30), ends_on=ends_on)
    await published(hub, standard, date(2026, 12, 28), recorded=date(2026, 12, 28))
    assert told(await around(hub)) == [expected]


async def test_what_a_project_kept_is_told_from_what_was_known(hub: Hub, standard: Standard) -> None:
    await a_project(hub, standard, verified=date(2026, 12, 20), ends_on=YEAR_END)
    await published(hub, standard, YEAR_END, recorded=ENTERED)
    assert told(await around(hub)) == [(1, 0, 0, 0)]
    assert told(await around(hub, known_at=date(2027, 1, 7))) == [(0, 0, 0, 1)]
    assert told(await around(hub, date(2026, 12, 30))) == [(0, 0, 0, 1)]


async def test_a_verification_after_the_day_is_not_known_on_it(hub: Hub, standard: Standard) -> None:
    await a_project(hub, standard, verified=ENTERED, ends_on=YEAR_END)
    await published(hub, standard, date(2026, 12, 28), recorded=date(2026, 12, 28))
    assert told(await around(hub)) == [(0, 0, 1, 1)]
    assert told(await around(hub, JANUARY)) == [(1, 0, 0, 0)]


async def test_a_unit_that_was_renamed_since_still_drafted_what_its_project_claims(hub: Hub, standard: Standard) -> None:
    promise = NewCommitment(level="national", count=1, source_text="示例：主导发布国家标准1项", role_required="lead")
    project = await a_project(hub, standard, verified=date(2026, 12, 30), ends_on=YEAR_END, commitments=[promise])
    await published(hub, standard, date(2026, 12, 28), recorded=date(2026, 12, 28))
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        assert project.lead_organisation_id
        await organisations.edit(work, project.lead_organisation_id, OrganisationChange(name_zh="示例单位改名"))
        await work.commit()
    assert told(await around(hub)) == told(await around(hub, JANUARY)) == [(1, 0, 0, 0)]


async def test_a_project_that_left_the_plan_since_is_told_for_the_days_before(hub: Hub, standard: Standard) -> None:
    project = await a_project(hub, standard, ends_on=YEAR_END)
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        await projects.edit(work, project.id, ProjectChange(plan_key=None))
        await work.commit()
    assert [len((await around(hub, day)).projects) for day in (YEAR_END, JANUARY)] == [1, 0]


async def test_a_contest_with_a_project_outside_the_plan_freezes_both(hub: Hub, standard: Standard) -> None:
    await a_project(hub, standard, verified=date(2026, 12, 30), primary=True, ends_on=YEAR_END)
    await published(hub, standard, date(2026, 12, 28), recorded=date(2026, 12, 28))
    async with on_day(hub, date(2026, 12, 30)).work(SYSTEM) as work:
        rival = await projects.register(work, NewProject(project_no="示例-2", title="示例项目乙", programme="示例"))
        await claims.claim(work, rival.id, NewClaim(standard_id=standard.id, primary=True))
        await work.commit()
    found = await around(hub)
    assert [one.project_no for one in found.projects] == ["示例-1"]
    assert told(found) == [(0, 0, 0, 1)]


async def test_positions_abroad_hold_by_their_own_days_and_by_what_was_known(hub: Hub) -> None:
    async with on_day(hub, date(2026, 2, 1)).work(SYSTEM) as work:
        house = await organisations.register(work, NewOrganisation(name_zh="示例研究院", kind="institute", in_province=True))
        person = await people.register(work, NewPerson(name="示例专家", organisation_id=house.id))
        abroad = await committees.register(work, NewCommittee(name_zh="示例国际技术委员会", number="ISO/TC 999", level="international"))
        seat = await committees.take_seat(
            work, abroad.id, NewSeat(person_id=person.id, position="convenor", since=date(2025, 1, 1), until=date(2026, 12, 31))
        )
        await work.commit()
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        await committees.end_seat(work, abroad.id, seat.id, SeatEnd(until=date(2026, 11, 30), reason="示例：辞任"))
        await organisations.edit(work, house.id, OrganisationChange(name_zh="示例研究院改名"))
        await work.commit()

    async def held(day: date, known_at: date | None = None) -> list[tuple[str, str]]:
        return [(one.person, one.organisation) for one in (await around(hub, day, known_at)).positions]

    assert await held(YEAR_END) == []
    assert await held(YEAR_END, date(2027, 1, 7)) == [("示例专家", "示例研究院")]
    assert await held(date(2026, 11, 30)) == [("示例专家", "示例研究院")]
    assert await held(date(2026, 11, 30), date(2026, 1, 31)) == []


async def test_committees_that_the_plan_names_stand_as_they_were_and_as_they_were_known(hub: Hub) -> None:
    async with on_day(hub, date(2026, 2, 1)).work(SYSTEM) as work:
        await plans.extend(work, PLAN, Words(committees=[NewPlanCommittee(name_zh="示例标委会", name_en="Example TC")]))
        await work.commit()
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        made = await committees.register(
            work, NewCommittee(name_zh="示例标准化技术委员会", level="provincial", founded_on=date(2026, 6, 1))
        )
        entry = (await plans.show(work, PLAN)).committees[0].id
        await plans.link_committee(work, PLAN, CommitteeLink(entry=entry, committee_id=made.id))
        await plans.extend(work, PLAN, Words(committees=[NewPlanCommittee(name_zh="示例标委会乙", name_en="Example TC B")]))
        await work.commit()

    async def named(day: date, known_at: date | None = None) -> list[tuple[str, bool]]:
        return [(one.name, one.state is not None) for one in (await around(hub, day, known_at)).committees]

    assert await named(YEAR_END) == [("示例标准化技术委员会", True)]
    assert await named(date(2026, 5, 31)) == [("示例标委会", False)]
    assert await named(YEAR_END, date(2027, 1, 7)) == [("示例标委会", False)]
    assert await named(JANUARY) == [("示例标准化技术委员会", True), ("示例标委会乙", False)]

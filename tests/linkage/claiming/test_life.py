"""The life of a claim through its services, on both engines: who may do what, evidence, contests, closings; its log is proven."""

import hashlib
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from standards_hub.committees.schemas import Reason
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant, Principal
from standards_hub.kernel.errors import BadInput, Forbidden, NotFound, Refused
from standards_hub.kernel.events import Stamp, decode, table_of
from standards_hub.kernel.jobs import JobRow
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import proving, reckoning, service
from standards_hub.linkage.claiming.schemas import Day, NewEvidence, Shortfall, Verify
from standards_hub.linkage.schemas import NewClaim, NewCommitment, ProjectStateChange
from standards_hub.linkage.services import claims, projects
from tests.linkage.claiming.driving import Office, a_standard, account, claimed, codes, handed_in


async def test_a_claim_is_handed_in_with_evidence_verified_by_another_and_accepted_at_the_closing(office: Office) -> None:
    made, project = await claimed(office), office.project
    await handed_in(office, made)
    async with office.hub.work(office.officer) as work:
        seen = await service.review(work, project.id, made.id)
        assert (seen.unmet, seen.part.role, [c.source_text for c in seen.commitments]) == ([], "lead", ["示例：发布地方标准1项"])
        done = await service.verify(work, project.id, made.id, Verify(note="佐证一致"))
        assert (done.state, done.role, done.policy) == ("verified", "lead", "default")
        assert done == await repository.claim(work.connection, project.id, made.id)
        with pytest.raises(Refused) as error:
            await projects.change_state(work, project.id, ProjectStateChange(state="closed", reason="验收"))
        assert codes(error) == ["closing.shortfall"]  # verified, but the standard is not published by the project's end
        commitment = (await repository.commitments(work.connection, project.id))[0]
        await reckoning.explain(work, project.id, commitment.id, Shortfall(cause="示例原因", remedy="示例措施"))
        await projects.change_state(work, project.id, ProjectStateChange(state="closed", reason="验收"))
        await work.commit()
    async with office.hub.reading(SYSTEM) as work:
        assert (await repository.claim(work.connection, project.id, made.id)).state == "accepted"
        jobs = (await work.connection.execute(sa.select(table_of(JobRow).c.name))).scalars().all()
        assert "package.make" in jobs and jobs.count("claim.notice") == 2


async def test_who_verifies_what_no_unit_of_the_project_drafted_is_told_so_and_not_stopped(office: Office) -> None:
    async with office.hub.work(SYSTEM) as work:
        standard = await a_standard(work)
        await work.commit()
    async with office.hub.work(office.manager) as work:
        made = await claims.claim(work, office.project.id, NewClaim(standard_id=standard))
        await work.commit()
    await handed_in(office, made)
    async with office.hub.work(office.officer) as work:
        seen = await service.review(work, office.project.id, made.id)
        assert seen.unmet == [] and [
            ("未记载起草单位" in one.into("zh"), "no part in the standard" in one.into("en")) for one in seen.cautions
        ] == [(True, True)]
        assert (await service.verify(work, office.project.id, made.id, Verify())).role is None


async def test_the_manager_does_not_accept_the_own_project(office: Office) -> None:
    async with office.hub.work(office.manager) as work:
        with pytest.raises(Forbidden):
            await projects.change_state(work, office.project.id, ProjectStateChange(state="closed", reason="x"))
        await projects.change_state(work, office.project.id, ProjectStateChange(state="terminated", reason="示例"))


async def test_the_claimant_never_verifies_by_account_as_a_person_or_by_a_deputy(office: Office) -> None:
    made, project = await claimed(office), office.project
    await handed_in(office, made)
    officer = (Grant("officer", ("hub", "*")),)
    async with office.hub.work(SYSTEM) as work:
        twin = await account(work, "twin", *officer, person=office.manager.person)
        await work.commit()
    manager = office.manager.account
    assert manager and twin.account

    def deputy_of(principal: UUID) -> Actor:
        return Actor(account=office.other.account, grants=(Grant("officer", ("hub", "*"), Principal(principal, "example")),))

    for actor in (
        Actor(account=manager, grants=officer),
        twin,
        deputy_of(manager),
        deputy_of(twin.account),
    ):
        async with office.hub.work(actor) as work:
            with pytest.raises(Refused) as error:
                await service.verify(work, project.id, made.id, Verify())
            assert codes(error) == ["claim.same_person"]
    async with office.hub.work(office.manager) as work:
        for attempt in (
            service.verify(work, project.id, made.id, Verify()),
            service.send_back(work, project.id, made.id, Reason(reason="x")),
            service.revoke(work, project.id, made.id, Reason(reason="x")),
        ):
            with pytest.raises(Forbidden):
                await attempt


async def test_the_evidence_of_another_project_is_no_matter_of_its_managers(office: Office) -> None:
    made, project = await claimed(office), office.project
    await handed_in(office, made)
    stranger = Actor(account=office.other.account, grants=(Grant("project_manager", ("project", str(uuid4()))),))
    async with office.hub.reading(stranger) as work:
        with pytest.raises(Forbidden):
            await service.review(work, project.id, made.id)


async def test_nothing_is_done_to_a_claim_before_what_was_done_to_it_last(office: Office) -> None:
    made, project = await claimed(office, on=date(2026, 11, 10)), office.project
    async with office.hub.work(office.manager) as work:
        url = NewEvidence(kind="foreword", url="https://example.org", retrieved_on=date(2026, 11, 1))
        await proving.add(work, project.id, made.id, url)
        with pytest.raises(Refused) as error:
            await service.submit(work, project.id, made.id, Day(on=date(2026, 11, 9)))
        assert codes(error) == ["claim.early"]
        await service.submit(work, project.id, made.id, Day(on=date(2026, 11, 20)))
        await work.commit()
    async with office.hub.work(office.officer) as work:
        with pytest.raises(Refused) as error:
            await service.verify(work, project.id, made.id, Verify(on=date(2026, 11, 19)))
        assert codes(error) == ["claim.early"]
        await service.verify(work, project.id, made.id, Verify(on=date(2026, 11, 20)))
        with pytest.raises(Refused) as error:
            await service.revoke(work, project.id, made.id, Reason(reason="x", on=date(2026, 11, 12)))
        assert codes(error) == ["claim.early"]


async def test_without_evidence_nothing_is_handed_in_and_without_what_the_contract_asks_nothing_is_verified(office: Office) -> None:
    made, project = await claimed(office), office.project
    async with office.hub.work(office.manager) as work:
        with pytest.raises(Refused) as error:
            await service.submit(work, project.id, made.id, Day())
        assert codes(error) == ["evidence.none"]
    await handed_in(office, made, "meeting_minutes")
    async with office.hub.work(office.officer) as work:
        with pytest.raises(Refused) as error:
            await service.verify(work, project.id, made.id, Verify())
        assert codes(error) == ["evidence.missing"]
        await service.send_back(work, project.id, made.id, Reason(reason="缺前言页"))
        await work.commit()
    async with office.hub.work(office.manager) as work:
        back = await repository.claim(work.connection, project.id, made.id)
        assert (back.state, back.reason, back.withdrawn_on) == ("returned", "缺前言页", date(2026, 11, 24))
        given = NewEvidence(kind="foreword", url="https://example.org/foreword", retrieved_on=date(2026, 11, 20))
        await proving.add(work, project.id, made.id, given)
        again = await service.submit(work, project.id, made.id, Day())
        assert (again.state, again.withdrawn_on) == ("in_review", None)
        await work.commit()
    async with office.hub.work(office.officer) as work:
        assert (await service.verify(work, project.id, made.id, Verify())).state == "verified"
        gone = await service.revoke(work, project.id, made.id, Reason(reason="前言未列项目单位"))
        assert (gone.state, gone.primary) == ("revoked", False)


@pytest.mark.parametrize(
    "given, expected",
    [
        ({"kind": "foreword"}, ["evidence.file"]),
        ({"kind": "foreword", "url": "https://example.org/x"}, ["evidence.retrieved"]),
        ({"kind": "foreword", "url": "https://example.org/x", "retrieved_on": date(2026, 12, 1)}, ["evidence.future"]),
        ({"kind": "foreword", "sha256": "0" * 64, "filename": "x.exe"}, ["evidence.type"]),
        ({"kind": "foreword", "sha256": hashlib.sha256(b"somebody else's").hexdigest(), "filename": "x.pdf"}, ["evidence.file"]),
        ({"kind": "foreword", "url": "javascript:alert(1)", "retrieved_on": date(2026, 1, 1)}, ["invalid"]),
    ],
)
async def test_evidence_that_shows_nothing_is_refused_with_the_mend(office: Office, given: dict[str, object], expected: list[str]) -> None:
    made = await claimed(office)
    async with office.hub.work(office.manager) as work:
        work.files.put(b"somebody else's")  # its hash alone is no key to it
        with pytest.raises(BadInput) as error:
            await proving.add(work, office.project.id, made.id, NewEvidence(**given))  # type: ignore[arg-type]
        assert codes(error) == expected


async def test_evidence_is_read_by_those_who_may_and_withdrawn_while_the_claim_is_open(office: Office) -> None:
    made, project = await claimed(office), office.project
    await handed_in(office, made)
    async with office.hub.work(office.manager) as work:
        (piece,) = (await service.review(work, project.id, made.id)).evidence
        assert (await proving.read(work, project.id, made.id, piece.id))[1] == b"example foreword"
        gone = await proving.withdraw(work, project.id, made.id, piece.id, Reason(reason="页码有误"))
        assert gone.withdrawn_on == date(2026, 11, 24)
        with pytest.raises(NotFound):
            await proving.read(work, project.id, made.id, uuid4())
    async with office.hub.reading(Actor(account=uuid4(), grants=(Grant("member", ("hub", "*")),))) as work:
        with pytest.raises(Forbidden):
            await proving.read(work, project.id, made.id, piece.id)


async def test_what_counts_for_a_contract_is_what_was_reached_by_its_day(office: Office) -> None:
    """The standard reached its stage in 2025; a promise due in 2024 does not have it, one due at the project's end does."""
    project = office.project
    async with office.hub.work(SYSTEM) as work:
        for due in (date(2024, 12, 31), None):
            promise = NewCommitment(level="local", count=1, source_text="示例：送审稿", min_stage="20.00", due=due)
            await projects.promise(work, project.id, promise)
        await work.commit()
    made = await claimed(office)
    await handed_in(office, made)
    async with office.hub.work(office.officer) as work:
        await service.verify(work, project.id, made.id, Verify())
        await work.commit()
    async with office.hub.reading(office.officer) as work:
        commitments = [c for c in await repository.commitments(work.connection, project.id) if c.min_stage == "20.00"]
        every = await repository.claims(work.connection, project.id)
        kept = {one.commitment.due: one.missing for one in await reckoning.kept_by_contract(work, project, commitments[:1], every)}
        kept |= {one.commitment.due: one.missing for one in await reckoning.kept_by_contract(work, project, commitments[1:], every)}
        assert kept == {date(2024, 12, 31): 1, None: 0}


def test_an_old_claim_replays_as_it_was_written() -> None:
    """The log of an earlier release knows no contribution; what it says still makes the row that the migrated table has."""
    claim, standard = uuid4(), uuid4()
    said = f'{{"claim":"{claim}","standard_id":"{standard}","relation":"output_of","share":"1/2","primary":true,"note":null}}'
    at = Stamp(f"project:{uuid4()}", 2, date(2025, 3, 1), datetime(2025, 3, 1, tzinfo=UTC), "account:x")
    (row,) = decode("standard-claimed", said).changes(at)
    assert (row.values["state"], row.values["primary"], row.values["claimed_on"]) == ("claimed", True, date(2025, 3, 1))
    assert {row.values[name] for name in ("contribution", "grounds", "submitted_on", "decided_on", "role", "policy", "reason")} == {None}

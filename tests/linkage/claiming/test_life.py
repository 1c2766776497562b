"""The life of a claim through its services, on both engines: who may do what, evidence, contests, closings; its log is proven."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from standards_hub.committees.schemas import NewOrganisation, NewPerson, Reason
from standards_hub.committees.services import organisations, people
from standards_hub.kernel import audit, uploads
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant, Principal
from standards_hub.kernel.access.values import NewAccount
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import BadInput, Forbidden, NotFound, Refused
from standards_hub.kernel.events import Stamp, decode, table_of
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.jobs import JobRow
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.events import DraftingUnitsSet, Proposed, Running
from standards_hub.lifecycle.models import StandardRow
from standards_hub.lifecycle.values import DraftingUnit, Patch, Standard
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import proving, reckoning, service, suggesting
from standards_hub.linkage.claiming.schemas import Day, NewEvidence, Ruling, Shortfall, Take, Verify
from standards_hub.linkage.schemas import ClaimChange, NewClaim, NewCommitment, NewProject, ProjectChange, ProjectStateChange
from standards_hub.linkage.services import claims, projects
from standards_hub.linkage.values import Claim, Project


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    hub = Hub(Database(database_url), FileStore(tmp_path / "files"), Clock(date(2026, 11, 24)))
    yield hub
    async with hub.database.read() as connection:
        found = await audit.verify(connection)
    await hub.database.close()
    assert found.sound, (found.broken, [str(d) for d in found.differences])


async def a_standard(work: Work, *, stage: str = "20.20", units: tuple[UUID, ...] = ()) -> UUID:
    """A standard by its events alone: how it came to be does not matter here."""
    columns = table_of(StandardRow).columns
    made = Standard(**{name: None for name in Standard.__struct_fields__ if name in columns} | {"id": uuid4(), "version": 0})  # type: ignore[arg-type]
    event = Proposed(
        track="local-db32@2026.1", level="local", kind="new", step=stage, stage=stage, facts=Patch(title_zh="示例标准"), visit=uuid4(),
        running=Running(), exemplar=True,
    )  # fmt: skip
    await work.append(made, event, effective_on=date(2025, 1, 1))
    if units:
        await work.append(
            made, DraftingUnitsSet(before=[], after=[DraftingUnit(id, n) for n, id in enumerate(units, 1)]), effective_on=date(2025, 1, 1)
        )
    return made.id


class Office:
    """A project with its manager, and two officers."""

    def __init__(self, hub: Hub, project: Project, manager: Actor, officer: Actor, other: Actor) -> None:
        self.hub, self.project, self.manager, self.officer, self.other = hub, project, manager, officer, other


async def account(work: Work, login: str, *grants: Grant, person: UUID | None = None) -> Actor:
    made = await access.open_account(
        work, NewAccount(login=login, name=login, email=f"{login}@example.org", password="demo-2026-hub", person_id=person)
    )
    return Actor(account=made.id, name=login, grants=grants, person=person)


@pytest.fixture
async def office(hub: Hub) -> Office:
    async with hub.work(SYSTEM) as work:
        house = await organisations.register(work, NewOrganisation(name_zh="示例公司", kind="enterprise", region="3201"))
        person = await people.register(work, NewPerson(name="示例负责人", organisation_id=house.id))
        promise = NewCommitment(level="local", count=1, source_text="示例：发布地方标准1项", evidence=["foreword"])
        project = await projects.register(work, NewProject(
            project_no="SHILI-1", title="示例项目", programme="示例", lead_organisation_id=house.id, manager_person_id=person.id,
            starts_on=date(2024, 1, 1), ends_on=date(2026, 6, 30), commitments=[promise],
        ))  # fmt: skip
        own = Grant("project_manager", ("project", str(project.id)))
        manager = await account(work, "manager", own, person=person.id)
        officer = await account(work, "officer", Grant("officer", ("hub", "*")))
        other = await account(work, "other", Grant("officer", ("hub", "*")))
        await work.commit()
    return Office(hub, project, manager, officer, other)


def codes(error: pytest.ExceptionInfo[Refused] | pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [unmet.code for unmet in error.value.unmet]


async def claimed(office: Office, **more: object) -> Claim:
    async with office.hub.work(SYSTEM) as work:
        standard = await a_standard(work, units=(office.project.lead_organisation_id,))  # type: ignore[arg-type]
        await work.commit()
    async with office.hub.work(office.manager) as work:
        made = await claims.claim(work, office.project.id, NewClaim(standard_id=standard, contribution="示例：4.2", **more))  # type: ignore[arg-type]
        await work.commit()
    return made


async def handed_in(office: Office, made: Claim, kind: str = "foreword") -> None:
    async with office.hub.work(office.manager) as work:
        digest = await uploads.keep(work, b"example foreword")
        given = NewEvidence(kind=kind, sha256=digest, filename="a/../foreword.pdf", page="前言第2页")  # type: ignore[arg-type]
        piece = await proving.add(work, office.project.id, made.id, given)
        assert (piece.filename, piece.media_type, piece.page, piece.size) == ("foreword.pdf", "application/pdf", "前言第2页", 16)
        await service.submit(work, office.project.id, made.id, Day())
        await work.commit()


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


async def test_two_primaries_freeze_both_until_an_officer_rules(office: Office) -> None:
    made = await claimed(office, primary=True)
    async with office.hub.work(office.officer) as work:
        rival = await projects.register(work, NewProject(project_no="SHILI-2", title="示例二", programme="示例"))
        second = await claims.claim(work, rival.id, NewClaim(standard_id=made.standard_id, primary=True))
        await work.commit()
    async with office.hub.work(office.manager) as work:
        await proving.add(
            work, office.project.id, made.id, NewEvidence(kind="foreword", url="https://example.org", retrieved_on=date(2026, 1, 1))
        )
        with pytest.raises(Refused) as error:
            await service.submit(work, office.project.id, made.id, Day())
        assert codes(error) == ["claim.contested"]
        with pytest.raises(Forbidden):
            await service.rule(work, made.standard_id, Ruling(claim_id=made.id, reason="x"))
        await work.commit()
    as_officer = (Grant("officer", ("hub", "*")),)
    deputy = Actor(
        account=office.other.account, grants=(Grant("officer", ("hub", "*"), Principal(cast(UUID, office.officer.account), "example")),)
    )
    for had_a_hand in (office.officer, Actor(account=office.manager.account, grants=as_officer), deputy):
        async with office.hub.work(had_a_hand) as work:
            assert [one.code for one in await service.unmet_for_ruling(work, made.standard_id)] == ["claim.same_person"]
            with pytest.raises(Refused) as error:
                await service.rule(work, made.standard_id, Ruling(claim_id=made.id, reason="x"))
            assert codes(error) == ["claim.same_person"]
    async with office.hub.work(office.other) as work:
        with pytest.raises(Refused) as error:
            await service.rule(work, made.standard_id, Ruling(claim_id=uuid4(), reason="x"))
        assert codes(error) == ["ruling.claim"]
        ruled = await service.rule(work, made.standard_id, Ruling(claim_id=made.id, reason="牵头研制"))
        assert {link.id: link.primary for link in ruled} == {made.id: True, second.id: False}
        with pytest.raises(Refused) as error:
            await service.rule(work, made.standard_id, Ruling(claim_id=made.id, reason="x"))
        assert codes(error) == ["ruling.none"]
        await work.commit()
    async with office.hub.work(office.manager) as work:
        assert (await service.submit(work, office.project.id, made.id, Day())).state == "in_review"


async def test_a_second_claimant_contests_by_saying_it_is_the_primary(office: Office) -> None:
    made = await claimed(office)
    async with office.hub.work(office.officer) as work:
        rival = await projects.register(work, NewProject(project_no="SHILI-2", title="示例二", programme="示例"))
        await claims.claim(work, rival.id, NewClaim(standard_id=made.standard_id, primary=True))
        await work.commit()
    async with office.hub.work(office.manager) as work:
        await claims.edit(work, office.project.id, made.id, ClaimChange(primary=True))
        assert (await service.review(work, office.project.id, made.id)).frozen
        assert [link.primary for link in await repository.claims_of_standard(work, made.standard_id)] == [True, True]


async def test_a_returned_claim_gives_its_share_free_and_must_fit_in_again(office: Office) -> None:
    made, project = await claimed(office, share="2/3"), office.project
    await handed_in(office, made)
    async with office.hub.work(office.officer) as work:
        await service.send_back(work, project.id, made.id, Reason(reason="示例"))
        rival = await projects.register(work, NewProject(project_no="SHILI-2", title="示例二", programme="示例"))
        await claims.claim(work, rival.id, NewClaim(standard_id=made.standard_id, share="1/2"))
        await work.commit()
    async with office.hub.work(office.manager) as work:
        with pytest.raises(Refused) as error:
            await service.submit(work, project.id, made.id, Day())
        assert codes(error) == ["claim.sum"] and "SHILI-2 1/2" in str(error.value)


async def test_standards_that_name_the_project_s_units_are_suggested_once_with_why(office: Office) -> None:
    project = office.project
    assert project.lead_organisation_id
    async with office.hub.work(SYSTEM) as work:
        partner = await organisations.register(work, NewOrganisation(name_zh="示例伙伴", kind="institute"))
        stranger = await organisations.register(work, NewOrganisation(name_zh="示例外人", kind="institute"))
        await projects.edit(work, project.id, ProjectChange(partners=[partner.id]))
        own = await a_standard(work, units=(stranger.id, project.lead_organisation_id, partner.id))
        theirs = await a_standard(work, units=(partner.id,))
        await a_standard(work, units=(stranger.id,))
        await work.commit()
    async with office.hub.work(office.manager) as work:
        found = await suggesting.suggest(work, project.id)
        assert {claim.standard_id: [(g.kind, g.rank) for g in claim.grounds or ()] for claim in found} == {
            own: [("lead", 2), ("partner", 3)], theirs: [("partner", 1)],
        }  # fmt: skip
        assert [claim.standard_id for claim in found] == [own, theirs] and {claim.state for claim in found} == {"suggested"}
        assert (await projects.show(work, project.id)).claims and not await repository.claims_of_standard(work, own)
        taken = await service.take(work, project.id, found[0].id, Take(share="1/2", primary=True, contribution="示例"))
        assert taken == await repository.claim(work.connection, project.id, found[0].id)
        assert (taken.state, taken.claimed_on) == ("claimed", date(2026, 11, 24))
        await service.dismiss(work, project.id, found[1].id, Reason(reason="与本项目无关"))
        assert await suggesting.suggest(work, project.id) == []
        await work.commit()


async def test_whoever_claims_what_was_suggested_takes_the_suggestion(office: Office) -> None:
    project, house = office.project, office.project.lead_organisation_id
    async with office.hub.work(SYSTEM) as work:
        await a_standard(work, units=(house,) if house else ())
        (suggested,) = await suggesting.suggest(work, project.id)
        await work.commit()
    async with office.hub.work(office.manager) as work:
        made = await claims.claim(work, project.id, NewClaim(standard_id=suggested.standard_id, contribution="示例：4.2"))
        assert (made.id, made.state, made.grounds) == (suggested.id, "claimed", suggested.grounds)
        assert await repository.claims(work.connection, project.id) == [made]


async def test_a_project_that_was_terminated_takes_no_suggestion_and_claims_nothing(office: Office) -> None:
    project, house = office.project, office.project.lead_organisation_id
    async with office.hub.work(SYSTEM) as work:
        for _ in range(2):
            await a_standard(work, units=(house,) if house else ())
        (first, second) = await suggesting.suggest(work, project.id)
        await work.commit()
    async with office.hub.work(office.manager) as work:
        await projects.change_state(work, project.id, ProjectStateChange(state="terminated", reason="示例"))
        for attempt in (
            service.take(work, project.id, first.id, Take()),
            claims.claim(work, project.id, NewClaim(standard_id=second.standard_id)),
        ):
            with pytest.raises(Refused) as error:
                await attempt
            assert codes(error) == ["project.terminated"] and "不能再申报标准" in str(error.value)


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

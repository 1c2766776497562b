"""Projects that are not on the list: claimed for all the same, to be checked, then confirmed or merged with their claims."""

from datetime import date

import pytest

from standards_hub.committees.schemas import Reason
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.errors import Conflict, Forbidden, Refused
from standards_hub.kernel.work import Hub
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import entering, proving, service, suggesting
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.entering import Entered, Merge
from standards_hub.linkage.claiming.schemas import Day, NewEvidence
from standards_hub.linkage.claiming.service import review
from standards_hub.linkage.schemas import ProjectChange
from standards_hub.linkage.services import projects
from tests.linkage.claiming.driving import Office, a_standard, codes


async def entered(office: Office) -> tuple[Entered, Actor]:
    async with office.hub.work(Actor(system=True)) as work:
        standard = await a_standard(work)
        await work.commit()
    said = Entered(project_no="SHILI-77", title="示例名册外项目", programme="示例", standard_id=standard, share="1/2", contribution="示例")
    return said, office.manager


async def test_a_project_that_is_missing_from_the_list_is_claimed_for_and_waits_to_be_checked(office: Office) -> None:
    said, manager = await entered(office)
    async with office.hub.work(manager) as work:
        claim = await entering.enter(work, said)
        project = await repository.project(work.connection, claim.project_id)
        assert (project.unchecked, claim.state, claim.share) == (True, "claimed", "1/2")
        assert await repository.projects(work.connection, unchecked=True) == [project]
        with pytest.raises(Conflict, match="SHILI 77"):
            await entering.enter(work, Entered(project_no="SHILI 77", title="x", programme="x", standard_id=said.standard_id))
        with pytest.raises(Forbidden):
            await entering.confirm(work, project.id, Reason(reason="x"))
        await work.commit()
    async with office.hub.work(office.officer) as work:
        assert (await entering.confirm(work, project.id, Reason(reason="已列入名册"))).unchecked is False
        assert await repository.projects(work.connection, unchecked=True) == []
        with pytest.raises(Refused) as error:
            await entering.confirm(work, project.id, Reason(reason="x"))
        assert codes(error) == ["project.checked"]
        await work.commit()


async def test_merging_moves_the_claims_with_their_evidence_and_the_number_finds_the_other(office: Office) -> None:
    said, manager = await entered(office)
    async with office.hub.work(manager) as work:
        claim = await entering.enter(work, said)
        await work.commit()
    async with office.hub.work(office.officer) as work:
        await proving.add(
            work, claim.project_id, claim.id, NewEvidence(kind="foreword", url="https://example.org", retrieved_on=date(2026, 1, 1))
        )
        with pytest.raises(Refused) as error:
            await entering.merge(work, claim.project_id, Merge(into=claim.project_id, reason="x"))
        assert codes(error) == ["merge.self", "merge.into"]
        gone = await entering.merge(work, claim.project_id, Merge(into=office.project.id, reason="同一项目"))
        assert gone == await repository.project(work.connection, claim.project_id)
        await work.commit()
    async with office.hub.reading(office.officer) as work:
        assert (await repository.project_by_number(work.connection, "shili 77")).id == office.project.id  # type: ignore[union-attr]
        (moved,) = await repository.claims(work.connection, office.project.id)
        assert (moved.standard_id, moved.share, moved.contribution, moved.state) == (said.standard_id, "1/2", "示例", "claimed")
        assert [one.url for one in (await review(work, office.project.id, moved.id)).evidence] == ["https://example.org"]
        assert (await claiming.link(work.connection, claim.id)).state == "withdrawn"


async def test_merging_takes_along_what_was_returned_and_ends_what_was_suggested(office: Office) -> None:
    said, manager = await entered(office)
    async with office.hub.work(manager) as work:
        claim = await entering.enter(work, said)
        await work.commit()
    async with office.hub.work(SYSTEM) as work:
        house = office.project.lead_organisation_id
        named = await a_standard(work, units=(house,) if house else ())
        await projects.edit(work, claim.project_id, ProjectChange(lead_organisation_id=house))
        (suggested,) = await suggesting.suggest(work, claim.project_id)
        given = NewEvidence(kind="foreword", url="https://example.org", retrieved_on=date(2026, 1, 1))
        await proving.add(work, claim.project_id, claim.id, given)
        await service.submit(work, claim.project_id, claim.id, Day())
        await service.send_back(work, claim.project_id, claim.id, Reason(reason="缺前言"))
        await work.commit()
    assert suggested.standard_id == named
    async with office.hub.work(office.officer) as work:
        await entering.merge(work, claim.project_id, Merge(into=office.project.id, reason="同一项目"))
        await work.commit()
    async with office.hub.reading(office.officer) as work:
        assert {one.state for one in await repository.claims(work.connection, claim.project_id)} == {"withdrawn"}
        (moved,) = await repository.claims(work.connection, office.project.id)
        assert (moved.standard_id, moved.state, moved.reason) == (said.standard_id, "returned", "缺前言")
        assert await repository.claims_of_standard(work, said.standard_id) == []  # it holds no share until it is handed in again
        assert [one.url for one in (await review(work, office.project.id, moved.id)).evidence] == ["https://example.org"]


async def test_whoever_entered_a_project_does_not_verify_its_claim_after_the_merging(office: Office) -> None:
    said, _ = await entered(office)
    async with office.hub.work(office.other) as work:
        claim = await entering.enter(work, said)
        await work.commit()
    async with office.hub.work(office.officer) as work:
        await entering.merge(work, claim.project_id, Merge(into=office.project.id, reason="同一项目"))
        await work.commit()
    async with office.hub.reading(office.other) as work:
        (moved,) = await repository.claims(work.connection, office.project.id)
        assert "claim.same_person" in [one.code for one in (await review(work, office.project.id, moved.id)).unmet]
    async with office.hub.reading(office.manager) as work:
        assert "claim.same_person" not in [one.code for one in (await review(work, office.project.id, moved.id)).unmet]


async def test_whoever_holds_no_role_enters_nothing(hub: Hub, office: Office) -> None:
    said, _ = await entered(office)
    async with hub.work(Actor(account=office.manager.account, grants=(Grant("member", ("hub", "*")),))) as work:
        with pytest.raises(Forbidden):
            await entering.enter(work, said)

"""Claims that get into each other's way: two primaries, shares that do not fit."""

from datetime import date
from typing import cast
from uuid import UUID, uuid4

import pytest

from standards_hub.committees.schemas import Reason
from standards_hub.kernel.access.actor import Actor, Grant, Principal
from standards_hub.kernel.errors import Forbidden, Refused
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import proving, service
from standards_hub.linkage.claiming.schemas import Day, NewEvidence, Ruling
from standards_hub.linkage.schemas import ClaimChange, NewClaim, NewProject
from standards_hub.linkage.services import claims, projects
from tests.linkage.claiming.driving import Office, claimed, codes, handed_in


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

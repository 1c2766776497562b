"""Standards that a project is told it may claim."""

from datetime import date

import pytest

from standards_hub.committees.schemas import NewOrganisation, Reason
from standards_hub.committees.services import organisations
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import Refused
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import service, suggesting
from standards_hub.linkage.claiming.schemas import Take
from standards_hub.linkage.schemas import NewClaim, ProjectChange, ProjectStateChange
from standards_hub.linkage.services import claims, projects
from tests.linkage.claiming.driving import Office, a_standard, codes


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

"""Whom a standard names is on a register, however the standard comes in and whatever is done to it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from standards_hub.committees.schemas import Merge, NewCommittee, Reason, StateChange
from standards_hub.committees.services import committees, organisations, people
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Forbidden, Unmet
from standards_hub.kernel.events import table_of
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.models import DraftingUnitRow
from standards_hub.lifecycle.schemas import Adoption, Entry, Proposal, RelationIn, Successor, Team
from standards_hub.lifecycle.services import facts, relating
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Patch
from tests.lifecycle.driving import a_committee, a_person, an_organisation, do, driven, holding, now, proposed

NOBODY = UUID(int=7)
TITLED = Patch(title_zh="示例 氢能标准")
EVERYWHERE = Patch(title_zh="示例 氢能标准", committee_id=NOBODY, department_id=NOBODY, leader_id=NOBODY)
PARENT = RelationIn(kind="adopts", identifier="ISO 14687:2025", degree="IDT")
UNITS, DRAFTERS = [DraftingUnit(NOBODY, 1)], [Drafter(NOBODY, 1)]
FACTS, UNIT, DRAFTER = ["committee_id", "department_id", "leader_id"], "drafting_units.0.organisation_id", "drafters.0.person_id"
WITHIN = [f"facts.{fact}" for fact in FACTS]
STARTS: dict[str, tuple[Any, Any, list[str]]] = {
    "propose": (facts.propose, Proposal(track="local-db32", facts=EVERYWHERE, drafting_units=UNITS, drafters=DRAFTERS), [*WITHIN, UNIT, DRAFTER]),
    "enter": (facts.enter, Entry(track="local-db32", facts=EVERYWHERE, drafting_units=UNITS, drafters=DRAFTERS, step="20.00",
                                 dates={"20.00": date(2026, 1, 15)}), [*WITHIN, UNIT, DRAFTER]),
    "adopt": (relating.adopt, Adoption(parent=PARENT, facts=EVERYWHERE, drafting_units=UNITS), [*WITHIN, UNIT]),
}  # fmt: skip
ACTS: dict[str, tuple[Any, Any, list[str]]] = {
    "edit": (facts.edit, Patch(committee_id=NOBODY, department_id=NOBODY, leader_id=NOBODY, scope="示例"), FACTS),
    "team": (facts.set_team, Team(drafting_units=UNITS, drafters=DRAFTERS), [UNIT, DRAFTER]),
    "raise": (relating.raise_level, Successor(track="national-gbt", committee_id=NOBODY), ["committee_id"]),
    "revise": (relating.revise, Successor(committee_id=NOBODY), ["committee_id"]),
    "amend": (relating.amend, Successor(committee_id=NOBODY), ["committee_id"]),
}


async def refused(hub: Hub, verb: Callable[..., Awaitable[Any]], *given: Any, actor: Any = SYSTEM) -> list[Unmet]:
    """What is unmet of an act that is refused as it came in."""
    async with hub.work(actor) as work:
        with pytest.raises(BadInput) as error:
            await verb(work, *given)
    return list(error.value.unmet)


@pytest.mark.parametrize("start", STARTS)
async def test_a_standard_begins_with_nobody_who_is_not_registered(hub: Hub, start: str) -> None:
    verb, given, where = STARTS[start]
    unmet = await refused(hub, verb, given)
    assert [u.where for u in unmet] == where and {u.code for u in unmet} == {"unregistered"}


@pytest.mark.parametrize("act", ACTS)
async def test_no_act_names_whom_nobody_has_registered(hub: Hub, act: str) -> None:
    verb, given, where = ACTS[act]
    standard, _ = await driven(hub, (await proposed(hub, "local-db32")).id, "60.60")
    assert [u.where for u in await refused(hub, verb, standard.id, given)] == where
    assert await now(hub, standard) == standard


async def test_the_refusal_says_which_field_who_and_the_mend_in_both_languages(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        here = await an_organisation(work)
        await work.commit()
    units = [DraftingUnit(here, 1), DraftingUnit(NOBODY, 2)]
    (unmet,) = await refused(hub, facts.propose, Proposal(track="local-db32", facts=TITLED, drafting_units=units))
    assert unmet.where == "drafting_units.1.organisation_id"
    assert unmet.why.into("zh") == f"起草单位“{NOBODY}”没有登记，请先登记，或改用已登记的"
    assert unmet.why.into("en") == f"Drafting organisations: “{NOBODY}” is not registered; register first, or name one that is"


async def test_who_stands_on_one_register_does_not_stand_on_another(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        committee, organisation, person = await a_committee(work), await an_organisation(work), await a_person(work)
        await work.commit()
    swapped = Patch(title_zh="示例 氢能标准", committee_id=organisation, department_id=person, leader_id=committee)
    assert [u.where for u in await refused(hub, facts.propose, Proposal(track="local-db32", facts=swapped))] == WITHIN
    right = Patch(title_zh="示例 氢能标准", committee_id=committee, department_id=organisation, leader_id=person)
    await do(hub, date(2026, 11, 24), facts.propose, Proposal(track="local-db32", facts=right, drafters=[Drafter(person, 1)]))


async def test_who_was_merged_closed_dissolved_or_left_may_still_be_named(hub: Hub) -> None:
    """Papers keep the name that they were made with; forms only do not suggest it."""
    async with hub.work(SYSTEM) as work:
        committee = (await committees.register(work, NewCommittee(name_zh="示例标委会", level="national"))).id
        merged, closed, person = await an_organisation(work), await an_organisation(work), await a_person(work)
        await committees.change_state(work, committee, StateChange(state="dissolved", reason="示例：撤销"))
        await organisations.merge(work, merged, Merge(into=await an_organisation(work), reason="示例：重复登记"))
        await organisations.close(work, closed, Reason(reason="示例：停用"))
        await people.leave(work, person, Reason(reason="示例：退休"))
        named = Patch(title_zh="示例 氢能标准", committee_id=committee, department_id=closed, leader_id=person)
        made = await facts.propose(work, Proposal(track="local-db32", facts=named, drafting_units=[DraftingUnit(merged, 1)]))
        await work.commit()
    assert (made.committee_id, made.department_id, made.leader_id, made.lead_drafter_id) == (committee, closed, person, merged)


async def test_whom_a_standard_names_already_is_looked_up_by_no_act_that_says_nothing_new_of_it(hub: Hub) -> None:
    """Once nobody asked for a register; who changes the scope or begins the revision cannot mend that there."""
    standard, _ = await driven(hub, (await proposed(hub, "local-db32")).id, "60.60")
    async with hub.work(SYSTEM) as work:  # nothing of it is kept
        await work.connection.execute(sa.update(repository.STANDARD).values(committee_id=NOBODY))
        await work.connection.execute(sa.update(table_of(DraftingUnitRow)).values(organisation_id=NOBODY))
        edited = await facts.edit(work, standard.id, Patch(committee_id=NOBODY, scope="示例"))
        revision = await relating.revise(work, standard.id, Successor(title_zh="示例 修订项目"))
    assert (edited.committee_id, edited.scope) == (NOBODY, "示例")
    assert (revision.committee_id, revision.lead_drafter_id) == (NOBODY, NOBODY)


async def test_all_who_are_named_are_looked_up_at_once_and_nobody_is_where_nobody_is_named(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        units = [DraftingUnit(await an_organisation(work), rank) for rank in (1, 2, 3)]
        drafters = [Drafter(await a_person(work), rank) for rank in (1, 2, 3)]
        named = Patch(title_zh="示例 氢能标准", committee_id=await a_committee(work), department_id=units[0].organisation_id)
        await work.commit()
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.extend([statement] if "register" in statement and "person" in statement else [])

    sa.event.listen(hub.database.engine.sync_engine, "before_cursor_execute", note)
    async with hub.work(SYSTEM) as work:
        made = await facts.propose(work, Proposal(track="local-db32", facts=named, drafting_units=units, drafters=drafters))
        assert len(asked) == 1
        await facts.edit(work, made.id, Patch(scope="示例"))
        assert len(asked) == 1


async def test_a_secretary_is_told_for_which_committees_to_propose_where_another_or_none_is_named(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        own = [(await committees.register(work, NewCommittee(name_zh=f"示例标委会{n}", level="national"))).id for n in (1, 2)]
        other = await a_committee(work)
        await work.commit()
    secretary = holding("secretary", *(("committee", str(id)) for id in own))
    for named in (None, other, NOBODY):
        given = Proposal(track="local-db32", facts=Patch(title_zh="示例 氢能标准", committee_id=named))
        (unmet,) = await refused(hub, facts.propose, given, actor=secretary)
        assert (unmet.code, unmet.where) == ("committee", "facts.committee_id")
        assert unmet.why.into("zh") == "您可以为示例标委会1、示例标委会2提出，请填写其中之一"
    async with hub.work(holding("member", ("committee", str(own[0])))) as work:
        with pytest.raises(Forbidden):
            await facts.propose(work, given)
    right = Proposal(track="local-db32", facts=Patch(title_zh="示例 氢能标准", committee_id=own[1]))
    await do(hub, date(2026, 11, 24), facts.propose, right, actor=secretary)

"""Choosing somebody in a form by a name: exactly who is meant, or nobody."""

from uuid import UUID

from standards_hub.committees.pages.picks import PERSON
from standards_hub.committees.schemas import NewOrganisation, NewPerson
from standards_hub.committees.services import organisations, people
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.forms import Form
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.pages import picking

LEADER = "facts[leader_id]"


async def _registered(hub: Hub) -> list[UUID]:
    """Two of one name at one employer, and a third with a longer name elsewhere."""
    async with hub.work(SYSTEM) as work:
        one, other = [
            (await organisations.register(work, NewOrganisation(name_zh=name, kind="institute", exemplar=True))).id
            for name in ("示例研究院", "示例学院")
        ]
        found = [
            (await people.register(work, NewPerson(name=name, organisation_id=employer, title=title))).id
            for name, employer, title in (("示例甲", one, "工程师"), ("示例甲", one, "研究员"), ("示例乙丙", other, "讲师"))
        ]
        await work.commit()
    return found


async def test_a_form_that_is_opened_and_saved_keeps_whom_it_names_though_another_has_the_name(hub: Hub) -> None:
    for id in (await _registered(hub))[:2]:
        async with hub.reading(SYSTEM) as work:
            shown = picking.named(Form({LEADER: [str(id)]}), await picking.lists(work))
            assert shown.text(LEADER).startswith("示例甲 · 示例研究院")
            assert (await picking.resolved(work, shown)).text(LEADER) == str(id)
            assert await PERSON.find(work, await PERSON.name(work, id)) == id


async def test_a_part_of_a_name_or_another_employer_is_nobody(hub: Hub) -> None:
    third = (await _registered(hub))[2]
    async with hub.reading(SYSTEM) as work:
        for typed, meant in (
            ("示例乙丙", str(third)),
            ("示例乙丙 · 示例学院", str(third)),
            ("示例乙", ""),
            ("示例乙丙 · 示例研究院", ""),
            ("示例甲", ""),
        ):
            assert (await picking.resolved(work, Form({LEADER: [typed]}))).text(LEADER) == (meant or typed)

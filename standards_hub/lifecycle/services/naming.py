"""Whom a standard names: its committee, department and leader, and who drafts it. All of them stand on a register first."""

from collections.abc import Iterable

from standards_hub.committees import repository as registers
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.values import Drafter, DraftingUnit, Patch
from standards_hub.lifecycle.wording import FACT_NAMES

REGISTER_OF = {"committee_id": "committee", "department_id": "organisation", "leader_id": "person"}
"""The facts that name somebody, by the register where they are looked for."""


async def check_named(
    work: Work, facts: Patch = Patch(), units: Iterable[DraftingUnit] = (), people: Iterable[Drafter] = (), *, within: str = ""
) -> None:
    """Raise `BadInput` at every field that names whom nobody has registered; `within` is where the facts stand.

    Whoever was merged, closed or dissolved stays on the register and may be named: forms only leave them out of what they suggest.
    """
    said = facts.said()
    named = [(f"{within}{fact}", fact, register, said[fact]) for fact, register in REGISTER_OF.items() if said.get(fact)]
    named += [(f"drafting_units.{at}.organisation_id", "drafting_units", "organisation", u.organisation_id) for at, u in enumerate(units)]
    named += [(f"drafters.{at}.person_id", "drafters", "person", p.person_id) for at, p in enumerate(people)]
    known = await registers.registered(work.connection, {(register, id) for _, _, register, id in named})
    unmet = [
        Unmet("unregistered", say("{field}“{id}”没有登记，请先登记，或改用已登记的", field=FACT_NAMES[fact], id=id), where)
        for where, fact, register, id in named if (register, id) not in known
    ]  # fmt: skip
    if unmet:
        raise BadInput(say("有的委员会、单位或人员没有登记"), unmet=unmet)

"""How organisations, people and committees are chosen in forms: by the name as it is typed, with suggestions; and what their pages share."""

from typing import Any
from uuid import UUID

from litestar import Request

from standards_hub.committees import repository
from standards_hub.committees.values import COMMITTEE_LEVELS, COMMITTEE_STATES, ORGANISATION_KINDS
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.http import language_of
from standards_hub.kernel.messages import Name, say
from standards_hub.kernel.registers.acts import Field, Pick, Said
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
OFFERED = 50
TABS = (
    (say("委员会"), "/committees"),
    (say("单位"), "/organisations"),
    (say("人员"), "/people"),
    (say("表决"), "/ballots"),
    (say("会议"), "/meetings"),
)


async def _find_organisation(work: Work, text: str) -> UUID:
    return (await repository.find_organisation(work.connection, text)).id


async def _organisation_name(work: Work, id: UUID) -> str:
    return (await repository.organisation(work.connection, id)).name_zh


async def organisation_of(work: Work, id: str) -> Name:
    """What the organisation of an address is called."""
    return (await repository.organisation(work.connection, UUID(id))).name


async def _organisations(work: Work, text: str) -> list[tuple[str, Said]]:
    found = await repository.organisations(work.connection, text=text or None, active=True, limit=OFFERED)
    return [(one.name_zh, Name(known := one.short_name or one.uscc or "", one.name_en or known)) for one in found]


async def _find_person(work: Work, text: str) -> UUID:
    return (await repository.find_person(work.connection, text)).id


async def _person_name(work: Work, id: UUID) -> str:
    found = await repository.person(work.connection, id)
    employer = await repository.organisation_names(work.connection, [found.organisation_id]) if found.organisation_id else {}
    name = "，".join([found.name, *employer.values()])
    try:
        await repository.find_person(work.connection, name)
    except BadInput:  # a namesake at the same employer: only the id is no other's, and the form can be sent as it was opened
        return str(id)
    return name


async def _people(work: Work, text: str) -> list[tuple[str, Said]]:
    found = await repository.people(work.connection, text=text.partition("，")[0] or None, active=True, limit=OFFERED)
    names = await repository.organisation_names(work.connection, [one.organisation_id for one in found if one.organisation_id])
    return [("，".join(filter(None, (one.name, names.get(one.organisation_id or one.id)))), one.title or "") for one in found]


async def _find_committee(work: Work, text: str) -> UUID:
    return (await repository.find_committee(work.connection, text)).id


async def _committee_name(work: Work, id: UUID) -> str:
    found = await repository.committee(work.connection, id)
    return found.number or found.name_zh


async def committee_of(work: Work, id: str) -> Name:
    """What the committee of an address is called: its number where it has one."""
    found = await repository.committee(work.connection, UUID(id))
    return Name(found.number, found.number) if found.number else found.name


async def _committees(work: Work, text: str) -> list[tuple[str, Said]]:
    found = await repository.committees(work.connection, text=text or None, limit=OFFERED)
    return [
        (one.number or one.name_zh, one.name if one.number else Name("", one.name_en or "")) for one in found if one.state != "dissolved"
    ]


ORGANISATION = Pick(_find_organisation, _organisation_name, _organisations, "/organisations/known", "organisation.read")
PERSON = Pick(_find_person, _person_name, _people, "/people/known", "person.read")
COMMITTEE = Pick(_find_committee, _committee_name, _committees, "/committees/known", "committee.read")
BY_NAME = say("填写名称或统一社会信用代码，可从提示中选。")
WHO = say("填写姓名；有同名的写作“姓名，单位”，可从提示中选。")
WHICH = say("填写编号或名称，可从提示中选。")
REASON = Field(name="reason", label=say("理由"), kind="area", required=True, most=300)
ON = Field(name="on", label=say("日期"), kind="date", help=say("不填即为今天。"))
SINCE = Field(name="on", label=say("自何日起"), kind="date", help=say("更名、换单位等变动发生的日期；不填即为今天。"))
KINDS = tuple(ORGANISATION_KINDS.items())
LEVELS = tuple(COMMITTEE_LEVELS.items())
STATES = tuple(COMMITTEE_STATES.items())
MARKS = {"preparing": "waiting", "active": "active", "suspended": "suspended", "dissolved": "withdrawn"}
"""The mark of a committee's state."""


def called(request: AnyRequest, one: Any) -> str:
    """A name in the language of the page, the Chinese one where there is no other."""
    return str(one.name_en) if language_of(request) == "en" and one.name_en else str(one.name_zh)

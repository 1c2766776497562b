"""The limits that somebody holds and the meetings they are called to, as a calendar (iCalendar, RFC 5545) at an address that only they know.

The secret of the address is a token with the scope `calendar`: stored as its hash, listed and revoked among one's tokens, of no
use as a bearer token, for it has not their mark. Each new address ends the one before.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from icalendar import Calendar, Event
from litestar import Request, Response, get, post
from litestar.status_codes import HTTP_201_CREATED
from msgspec import Struct
from msgspec.structs import asdict

from standards_hub.committees.meetings import invitation
from standards_hub.committees.meetings.services import showing
from standards_hub.committees.meetings.values import Meeting
from standards_hub.kernel import holidays
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access import service
from standards_hub.kernel.access.events import TokenIssued
from standards_hub.kernel.access.pages import account
from standards_hub.kernel.access.secrets import digest
from standards_hub.kernel.access.values import Token
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.holidays import DayOff
from standards_hub.kernel.http import hub_address
from standards_hub.kernel.messages import Name, say
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.services.duties import held_limits
from standards_hub.lifecycle.values import Deadline, Standard

SCOPE = "calendar"
PREFIX_LENGTH = 6


class CalendarOut(Struct):
    """The address of one's calendar, told only now."""

    url: str


async def issue(work: Work) -> str:
    """Give the actor a new secret and end the former ones. The secret is told once."""
    account_id = service.own_id(work)
    for token in await accounts.tokens(work.connection, account_id):
        if token.scope == SCOPE:
            await service.revoke_token(work, token.id)
    own = await accounts.account(work.connection, account_id)
    secret, name = secrets.token_urlsafe(32), str(say("期限日历").into(own.language))
    token = Token(uuid4(), name, secret[:PREFIX_LENGTH], SCOPE, work.clock.now())
    await work.connection.execute(sa.insert(accounts.TOKEN).values(**asdict(token), hash=digest(secret), account_id=account_id))
    await work.append(own, TokenIssued(token.id, token.name, token.scope, None))
    return secret


def calendar(
    held: list[tuple[Deadline, Standard]], language: str, at: datetime, off: Mapping[date, DayOff] | None = None,
    meetings: Sequence[tuple[Meeting, str]] = (), *, hub: str = "",
) -> bytes:  # fmt: skip
    """The limits as events of a whole day, which is their last, and meetings; `off` are days on which nobody is at work, as a hint."""
    made = Calendar()
    made.add("prodid", "-//Standards Hub//Limits//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", say("标准期限").into(language))
    made.add("x-wr-timezone", "Asia/Shanghai")
    for deadline, standard in held:
        event = Event()
        event.add("uid", f"{deadline.id}@standards-hub")
        event.add("dtstamp", at)
        event.add("dtstart", deadline.due_on)
        event.add("sequence", deadline.extensions)
        event.add("transp", "TRANSPARENT")
        limit = Name(deadline.name_zh, deadline.name_en)
        event.add("summary", say("{label}：{limit}届满", label=standard.label, limit=limit).into(language))
        if rest := (off or {}).get(deadline.due_on):
            hint = say("期限不顺延；届满日为{hint}", hint=rest.hint)
            event.add("description", hint.into(language))
        made.add_component(event)
    for meeting, committee in meetings:
        made.add_component(invitation.event(meeting, committee, language, at, hub=hub))
    content: bytes = made.to_ical()
    return content


def address(request: Request[Any, Any, Any], secret: str) -> str:
    return f"{hub_address(request)}/calendar/{secret}.ics"


@post("/me/calendar", operation_id="IssueCalendar", opt={"permission": "account.self"}, tags=["待办 To do"])
async def issue_calendar(request: Request[Any, Any, Any], work: Work) -> Response[CalendarOut]:
    """A new secret address for the calendar of one's limits; the former one ends. It is told in this answer and never again."""
    made = CalendarOut(address(request, await issue(work)))
    return Response(made, status_code=HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


@get(
    "/calendar/{name:str}",
    operation_id="ReadCalendar",
    opt={"permission": "calendar.read"},
    tags=["待办 To do"],
    media_type="text/calendar",
)
async def read_calendar(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """The limits of whoever has this address, for the calendar program of their choice."""
    hub: Hub = request.app.state.hub
    secret = name.removesuffix(".ics")
    async with hub.database.read() as connection:
        found = await accounts.holder(connection, accounts.TOKEN, digest(secret)) if name.endswith(".ics") else None
    if found is None or found[0]["scope"] != SCOPE:
        raise NotFound(say("没有这个日历；请在“我的账号”重新取得地址"))
    actor = accounts.actor_of(found[1], hub.clock.today())
    async with hub.reading(actor) as work:
        held = await held_limits(work)
        off = await holidays.days_off(work.connection, [deadline.due_on for deadline, _ in held])
        meetings = await showing.calendar_of(work)
        content = calendar(held, actor.language, hub.clock.now(), off, meetings, hub=hub_address(request))
    return Response(content, media_type="text/calendar", headers={"Cache-Control": "private, max-age=900"})


@post("/account/calendar", opt={"permission": "account.self"}, include_in_schema=False)
async def issue_from_page(request: Request[Any, Any, Any]) -> Response[str]:
    """A new address, shown once on the page of one's account."""
    outcome = await attempt(request, await Form.of(request), issue)
    if outcome.error:
        raise outcome.error
    return await account.shown(request, calendar=address(request, str(outcome.value)))


CONTROLLERS: list[Any] = [issue_calendar]
PAGES: list[Any] = [read_calendar, issue_from_page]

"""Bodies by their names: what a role is held in, as the search index of all rooms knows it."""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import search
from standards_hub.kernel.access.actor import HUB, Body
from standards_hub.kernel.access.values import BODY_NAMES, ROLE_BODIES
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work

PLACES = {
    "committee": "/committees/",
    "standard": "/standards/",
    "project": "/projects/",
    "organisation": "/organisations/",
    "person": "/people/",
    "account": "/admin/accounts/",
}
"""Where the page of a thing is, by its kind."""
MOST_NAMED = 8
WHOLE_HUB = {"*", BODY_NAMES["hub"].zh, BODY_NAMES["hub"].en}
"""What says that a role counts everywhere; leaving the field blank does not."""


Namer = Callable[[Work, Collection[Body]], Awaitable[Mapping[Body, Name]]]
_namers: dict[str, Namer] = {}


def names_by(room: str, namer: Namer) -> None:
    """Let a room say what its bodies are called in either language."""
    _namers[room] = namer


Finder = Callable[[AsyncConnection, str], Awaitable[UUID | None]]
_finders: dict[str, Finder] = {}


def finds(kind: str, finder: Finder) -> None:
    """Let a room find a body of its kind by what it alone is called, such as its number."""
    _finders[kind] = finder


async def names(work: Work, bodies: Iterable[Body]) -> dict[Body, str | Name | Message]:
    """The names of bodies, by one query of the index and what the rooms know. One that is in no index is said to be unknown."""
    wanted = {body for body in bodies if body != HUB}
    found: dict[Body, str | Name | Message] = dict.fromkeys(wanted, say("（已不存在）"))
    found |= await search.titles(work.connection, wanted)
    for namer in _namers.values():
        found |= await namer(work, wanted)
    return {HUB: BODY_NAMES["hub"], **found}


async def suggestions(connection: AsyncConnection, role: str, text: str) -> list[search.Hit]:
    """The bodies a role may be held in whose name or number is like a text."""
    kind = ROLE_BODIES.get(role, "hub")
    if kind == "hub" or not re.search(r"\w", text):
        return []
    return await search.search(connection, text, kinds=[kind], limit=MOST_NAMED)


async def body_called(connection: AsyncConnection, role: str, text: str, where: str) -> Body:
    """The body of a name, a number or an id; the whole hub only where it is said. Raises `BadInput` with those it might be."""
    text, kind = text.strip(), ROLE_BODIES.get(role, "hub")
    if kind == "hub" or text.lower() in WHOLE_HUB:
        return HUB
    if not text:
        why = say("请填写{kind}；确要授予全系统的，请填写“{hub}”", kind=BODY_NAMES[kind], hub=BODY_NAMES["hub"])
        raise BadInput(say("任职的对象有误"), unmet=[Unmet("body", why, where)])
    try:
        return (kind, str(UUID(text)))
    except ValueError:
        pass
    if kind in _finders and (found := await _finders[kind](connection, text)):
        return (kind, str(found))
    hits = await suggestions(connection, role, text)
    exact = [hit for hit in hits if hit.title == text]
    if len(chosen := exact or hits) == 1:
        return (kind, chosen[0].key)
    if not chosen:
        why = say("没有这个{kind}", kind=BODY_NAMES[kind])
    elif exact:  # several of one name: only the id tells them apart
        why = say("“{name}”不止一个，请填写其内部编号：{ids}", name=text, ids=[hit.key for hit in exact])
    else:
        why = say("不止一个，请填写全称：{names}", names=[hit.title for hit in chosen])
    raise BadInput(say("任职的对象有误"), unmet=[Unmet("body", why, where)])

"""What waits: for the actor across all roles, those lent to a deputy among them, or in one body whoever's turn it is."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct, structs

from standards_hub.kernel.access.actor import Body, Principal, permissions
from standards_hub.kernel.errors import BadInput, Forbidden, Unmet
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import evidence, repository
from standards_hub.lifecycle.gates import paper_called, paper_name, wanting
from standards_hub.lifecycle.jobs import ROLES_OF_HOLDER
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import HOLDERS, Track
from standards_hub.lifecycle.values import Deadline, Paper, Standard

BODY_KINDS = ("committee", "organisation")
"""The kinds of bodies in which things wait."""
MAY_ACT = {"advance": "standard.advance", "supply": "standard.dossier_add"}
"""What those whose turn it is by the procedure must be permitted besides, to settle a thing themselves."""


class Todo(Struct, frozen=True):
    """One thing that waits: what, for which standard, until when, whose turn it is, and the act of the actor that settles it."""

    kind: str
    """deadline, extension, paper, missing or step"""
    standard_id: UUID
    label: str
    title: Name
    due_on: date | None
    what: Message
    holder: Name | None
    act: str
    """advance, extension, accept or supply; `read` where it is for somebody else to settle"""
    mine: bool = True
    acting_for: Principal | None = None
    """Whom the actor is a deputy of in this; none where it is their own."""
    papers: tuple[str, ...] = ()
    """The kinds of papers that are to be supplied, the first where several will do."""


async def mine_to_do(work: Work) -> list[Todo]:
    """What waits for the actor across all roles: limits held, extensions to decide, papers to supply or accept. By due day."""
    work.actor.require("todo.read")
    held = {grant.body for grant in work.actor.grants}
    return await _waiting(work, held)


async def body_queue(work: Work, body: Body) -> list[Todo]:
    """Everything that waits in a body the actor works in, whoever's turn it is. By due day."""
    work.actor.require("todo.read")
    if not work.actor.roles_in({body}):
        raise Forbidden(say("您不在其中任职；请系统管理员授予角色，或由其人员指定您为代办人"))
    return await _waiting(work, {body}, everyones=True)


def body_of(text: str) -> Body:
    """Reads `committee:<id>`. Raises `BadInput`."""
    kind, _, id = text.partition(":")
    try:
        if kind in BODY_KINDS:
            return (kind, str(UUID(id)))
    except ValueError:
        pass
    raise BadInput(say("没有这样的机构"), unmet=[Unmet("body", say("请写 committee: 或 organisation: 加编号"), "body")])


async def held_limits(work: Work) -> list[tuple[Deadline, Standard]]:
    """The limits that run and that the actor holds by a role, each with its standard, by due day."""
    standards = await repository.under_way_in(work.connection, {grant.body for grant in work.actor.grants})
    return [
        (deadline, standard)
        for deadline in await repository.running(work.connection, ids=standards)
        if set(ROLES_OF_HOLDER[deadline.holder]) & work.actor.roles_in((standard := standards[deadline.standard_id]).bodies())
    ]


async def _waiting(work: Work, bodies: Collection[Body], *, everyones: bool = False) -> list[Todo]:
    """What waits in some bodies for the actor, or for anybody, in four queries. A step is told where nothing else of the standard is."""
    standards = await repository.under_way_in(work.connection, bodies)
    if not standards:
        return []
    found: list[Todo] = []
    for deadline in await repository.running(work.connection, ids=standards):
        what = say("{limit}，{due} 届满", limit=Name(deadline.name_zh, deadline.name_en), due=deadline.due_on)
        found.append(_todo(work, "deadline", standards[deadline.standard_id], what, deadline.holder, due=deadline.due_on))
    for asked in await repository.asked_extensions(work.connection, standards):
        what = say("延期 {months} 个月的申请待决定", months=asked.months)
        found.append(_todo(work, "extension", standards[asked.standard_id], what, "department", "standard.extension_decide", "extension"))
    papers = await repository.papers_of(work.connection, standards)
    for paper in (paper for handed_in in papers.values() for paper in handed_in if paper.accepted_on is None):
        what = say("材料《{title}》待确认", title=paper_called(track_of(standards[paper.standard_id].track), paper))
        found.append(_todo(work, "paper", standards[paper.standard_id], what, "secretariat", "standard.dossier_accept", "accept"))
    limits = {todo.standard_id: todo.due_on for todo in reversed(found) if todo.kind == "deadline"}  # they come by day: the next stays
    found = [todo for todo in found if everyones or todo.mine]
    missing = [
        todo
        for standard in standards.values() if standard.status == "active"
        for todo in _missing(work, standard, papers.get(standard.id, ()), limits.get(standard.id)) if everyones or todo.mine
    ]  # fmt: skip
    found = _with_missing(found, missing)
    told = {todo.standard_id for todo in found}
    for standard in standards.values():
        if standard.status == "active" and standard.id not in told:
            step = track_of(standard.track).step(standard.step)
            found.append(_todo(work, "step", standard, say("现处“{step}”", step=step.name), step.holder))
    return sorted((todo for todo in found if everyones or todo.mine), key=lambda todo: (todo.due_on or date.max, todo.label, todo.kind))


def _missing(work: Work, standard: Standard, papers: Iterable[Paper], due: date | None) -> list[Todo]:
    """What the next step still wants of papers until the next limit ends: all of the actor's own in one row, others' by whose they are."""
    track, rows = track_of(standard.track), dict[Name | None, list[tuple[Todo, tuple[str, ...]]]]()
    for gate, kinds in wanting(track, standard, papers, evidence.answering()):
        todo = _todo(work, "missing", standard, Message(gate.name.zh), gate.fixer, act="supply", due=due)
        rows.setdefault(None if todo.mine else todo.holder, []).append((todo, kinds))
    found = []
    for row in rows.values():
        names = [paper_name(track, kinds[0]) if len(kinds) == 1 else _any_of(track, kinds) for _, kinds in row]
        found.append(structs.replace(row[0][0], what=say("缺少{papers}", papers=names), papers=tuple(kinds[0] for _, kinds in row)))
    accepts = work.actor.may("standard.dossier_accept", standard) and work.actor.may("standard.advance", standard)
    return [structs.replace(todo, act="advance") if accepts and todo.act == "supply" else todo for todo in found]


def _with_missing(found: list[Todo], missing: list[Todo]) -> list[Todo]:
    """Rows with what is missing: at the limit that it endangers where both are the actor's or the same holder's, else in a row of its own."""

    def whose(todo: Todo) -> tuple[UUID, date | None, Name | None]:
        return todo.standard_id, todo.due_on, None if todo.mine else todo.holder

    limits = {whose(todo): n for n, todo in enumerate(found) if todo.kind == "deadline"}
    rows = list(found)
    for one in missing:
        at = limits.get(whose(one))
        if at is None:
            rows.append(one)
        else:
            both = say("{limit}；{missing}", limit=rows[at].what, missing=one.what)
            rows[at] = structs.replace(rows[at], what=both, act=one.act, papers=one.papers)
    return rows


def _any_of(track: Track, kinds: Iterable[str]) -> Message:
    """Papers of which any will do."""
    first, *others = [paper_name(track, kind) for kind in kinds]
    return say("{paper}（或{others}）", paper=first, others=others)


def _todo(
    work: Work,
    kind: str,
    standard: Standard,
    what: Message,
    holder: str,
    permission: str = "",
    act: str = "advance",
    due: date | None = None,
) -> Todo:
    """With a permission, it is for those who may; else for those who hold the step or limit."""
    bodies = standard.bodies()
    roles: Iterable[str] = permissions()[permission].roles if permission else ROLES_OF_HOLDER[holder]
    mine = bool(set(roles) & work.actor.roles_in(bodies))
    able = mine and (act not in MAY_ACT or (standard.status == "active" and work.actor.may(MAY_ACT[act], standard)))
    principal = work.actor.acts_for(set(roles), bodies)
    return Todo(kind, standard.id, standard.label, standard.title, due, what, HOLDERS[holder], act if able else "read", mine, principal)

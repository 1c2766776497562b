"""`standards-hub organisation|person|committee|plan|project …`: the registers, with every act their services have."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from standards_hub.cli import acts
from standards_hub.cli.runtime import Day, as_json, run, show
from standards_hub.committees import repository as bodies
from standards_hub.committees import schemas as body_schemas
from standards_hub.committees.services import committees, organisations, people
from standards_hub.committees.values import Committee, Organisation, Person, Seat
from standards_hub.kernel.complaints import complaint
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository, schemas
from standards_hub.linkage.allotments import service as allotments
from standards_hub.linkage.allotments.controllers import out as allotments_out
from standards_hub.linkage.allotments.schemas import AllotmentsOut, NewAllotment
from standards_hub.linkage.services import claims, plans, projects
from standards_hub.linkage.values import Claim, Commitment, Plan, Project, Target

Doing = Callable[..., Awaitable[Any]]
Find = Callable[[Work, str], Awaitable[Any]]


@click.group("organisation", help="单位 / organisations")
def organisation_group() -> None:
    pass


@click.group("person", help="人员 / people")
def person_group() -> None:
    pass


@click.group("committee", help="技术委员会与席位 / committees and seats")
def committee_group() -> None:
    pass


@click.group("plan", help="计划与指标 / plans and targets")
def plan_group() -> None:
    pass


@click.group("project", help="科技项目、承诺与申报 / projects, commitments and claims")
def project_group() -> None:
    pass


def words(value: Any) -> str:
    """A result in a line."""
    match value:
        case Organisation():
            return f"{value.id}  {value.uscc or '—':18}  {value.name_zh}"
        case Person():
            return f"{value.id}  {value.name}"
        case Committee():
            return f"{value.id}  {value.state:10}  {value.label}"
        case Seat():
            return f"{value.id}  {value.position}  {value.since} – {value.until or '…'}"
        case Plan():
            return f"{value.key}  {value.window_start} – {value.window_end}  {value.name_zh}"
        case Target():
            return f"{value.key}@{value.n}  {value.value}  {value.due}  {value.name_zh}"
        case Project():
            return f"{value.id}  {value.project_no}  {value.state:10}  {value.title}"
        case Commitment():
            return f"{value.id}  {value.level} × {value.count}  {value.source_text}"
        case Claim():
            return f"{value.id}  {value.standard_id}  {value.relation}  {value.share or '—'}  {value.state}"
        case list():
            return "\n".join(words(item) for item in value)
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _act(group: click.Group, name: str, struct: type[Any], doing: Doing, summary: str, find: Find | None = None) -> None:
    """Add a command that fills `struct` from options and calls `doing(work, [reference], [part], filled)`.

    `find` turns the reference into what `doing` takes. Services whose third argument is a part (a seat, a claim) get it
    from a second argument of the command.
    """
    part = doing in PARTS

    def command(as_json: bool, data: str | None = None, reference: str = "", part_id: str | None = None, **options: Any) -> None:
        async def task(work: Work) -> Any:
            before = [await find(work, reference)] if find else []
            inner = [PARTS[doing](part_id)] if part_id is not None else []
            return await doing(work, *before, *inner, await acts.filled(work, struct, options, data))

        show(run(task), as_json, words)

    parameters = acts._parameters(struct, find is not None)
    if part:
        parameters.insert(1, click.Argument(["part_id"]))
    group.add_command(click.Command(name, callback=command, help=summary, params=parameters))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(say("参数有误"), unmet=[Unmet("id", say("“{value}”不是 id", value=text))]) from error


PARTS: dict[Doing, Callable[[str], Any]] = {
    committees.end_seat: _id, committees.strike_seat: _id, plans.rebase: str, projects.withdraw_promise: _id, claims.edit: _id,
    claims.withdraw: _id,
}  # fmt: skip


def _reader(group: click.Group, summary: str, find: Find, doing: Doing) -> None:
    @group.command("show", help=summary)
    @click.argument("reference")
    @as_json
    def command(reference: str, as_json: bool) -> None:
        async def task(work: Work) -> Any:
            return await doing(work, await find(work, reference))

        show(run(task, writes=False), as_json, words)


def _list(group: click.Group, summary: str, permission: str, doing: Doing, *filters: str) -> None:
    def command(as_json: bool, **options: Any) -> None:
        async def task(work: Work) -> Any:
            work.actor.require(permission)
            found = await doing(work.connection, **options)
            persons = {one.id: one for one in await people.shown(work, [one for one in found if isinstance(one, Person)])}
            return [persons.get(one.id, one) for one in found]

        show(run(task, writes=False), as_json, words)

    parameters: list[click.Parameter] = [click.Option([f"--{name}"]) for name in filters]
    if filters:
        parameters.append(click.Option(["--limit"], default=50, type=click.IntRange(1, 1000)))
    parameters.append(click.Option(["--json", "as_json"], is_flag=True, help="只输出 JSON / print JSON and nothing else"))
    group.add_command(click.Command("list", callback=command, help=summary, params=parameters))


async def _organisation(work: Work, reference: str) -> UUID:
    return (await bodies.find_organisation(work.connection, reference)).id


async def _person(_work: Work, reference: str) -> UUID:
    return _id(reference)


async def _committee(work: Work, reference: str) -> UUID:
    return (await bodies.find_committee(work.connection, reference)).id


async def _plan(_work: Work, reference: str) -> str:
    return reference


async def _project(work: Work, reference: str) -> UUID:
    return (await projects.find(work, reference)).id


_list(organisation_group, "列出单位 / list organisations", "organisation.read", bodies.organisations, "text", "kind", "region")
_reader(organisation_group, "查看单位（id、信用代码或名称） / one organisation by id, code or name", _organisation, organisations.show)
_act(organisation_group, "add", body_schemas.NewOrganisation, organisations.register, "登记单位 / register")
_act(organisation_group, "edit", body_schemas.OrganisationChange, organisations.edit, "修改单位 / edit", _organisation)
_act(organisation_group, "merge", body_schemas.Merge, organisations.merge, "并入其他单位 / merge into another", _organisation)
_act(organisation_group, "close", body_schemas.Reason, organisations.close, "停用单位 / put out of use", _organisation)
_act(organisation_group, "reopen", body_schemas.Reason, organisations.reopen, "恢复单位 / bring back", _organisation)

_list(person_group, "列出人员 / list people", "person.read", bodies.people, "text")
_reader(person_group, "查看人员 / one person", _person, people.show)
_act(person_group, "add", body_schemas.NewPerson, people.register, "登记人员 / register")
_act(person_group, "edit", body_schemas.PersonChange, people.edit, "修改人员 / edit", _person)
_act(person_group, "leave", body_schemas.Reason, people.leave, "停用人员 / takes part no more", _person)
_act(person_group, "return", body_schemas.Reason, people.return_, "恢复人员 / takes part again", _person)

_list(committee_group, "列出委员会 / list committees", "committee.read", bodies.committees, "text", "level", "state")
_reader(committee_group, "查看委员会（id、编号或名称） / one committee by id, number or name", _committee, committees.show)
_act(committee_group, "add", body_schemas.NewCommittee, committees.register, "登记委员会 / register")
_act(committee_group, "edit", body_schemas.CommitteeChange, committees.edit, "修改委员会 / edit", _committee)
_act(committee_group, "state", body_schemas.StateChange, committees.change_state, "变更状态 / found, suspend, resume, dissolve", _committee)
_act(committee_group, "seat", body_schemas.NewSeat, committees.take_seat, "登记席位 / give a seat", _committee)
_act(committee_group, "end-seat", body_schemas.SeatEnd, committees.end_seat, "结束任期 / end a seat", _committee)
_act(committee_group, "strike-seat", body_schemas.Reason, committees.strike_seat, "删除误录的席位 / strike a mistaken seat", _committee)

_list(plan_group, "列出计划 / list plans", "plan.read", repository.plans)
_reader(plan_group, "查看计划 / one plan by key", _plan, plans.show)
_act(plan_group, "edit", schemas.PlanChange, plans.edit, "修改计划 / edit", _plan)
_act(plan_group, "add-target", schemas.NewTarget, plans.add_target, "增加指标 / add a target", _plan)
_act(plan_group, "rebase", schemas.Rebase, plans.rebase, "调整指标（PLAN TARGET） / re-base a target", _plan)
_act(plan_group, "allot", NewAllotment, allotments.allot, "分解指标（PLAN TARGET） / divide a target", _plan)
_act(plan_group, "extend", schemas.Words, plans.extend, "增加领域、区域与委员会 / add fields, regions, committees", _plan)
_act(plan_group, "link-committee", schemas.CommitteeLink, plans.link_committee, "指明所称委员会 / say which committee is meant", _plan)

_list(project_group, "列出项目 / list projects", "project.read", repository.projects, "text", "plan", "state")
_reader(project_group, "查看项目（id 或任意写法的编号） / one project by id or number in any spelling", _project, projects.show)
_act(project_group, "add", schemas.NewProject, projects.register, "登记项目 / register")
_act(project_group, "edit", schemas.ProjectChange, projects.edit, "修改项目 / edit", _project)
_act(project_group, "state", schemas.ProjectStateChange, projects.change_state, "验收、终止或恢复 / close, terminate, resume", _project)
_act(project_group, "promise", schemas.NewCommitment, projects.promise, "登记承诺 / record a commitment", _project)
_act(project_group, "withdraw-promise", body_schemas.Reason, projects.withdraw_promise, "取消承诺 / withdraw a commitment", _project)
_act(project_group, "claim", schemas.NewClaim, claims.claim, "申报标准 / claim a standard", _project)
_act(project_group, "edit-claim", schemas.ClaimChange, claims.edit, "变更申报 / change a claim", _project)
_act(project_group, "withdraw-claim", body_schemas.Reason, claims.withdraw, "撤回申报 / withdraw a claim", _project)


@plan_group.command("shares", help="指标的分解与完成 / divisions of targets beside what counts")
@click.argument("key")
@click.option("--as-of", "as_of", type=Day(), help="默认今天 / default today")
@as_json
def shares(key: str, as_of: date | None, as_json: bool) -> None:
    async def task(work: Work) -> AllotmentsOut:
        return allotments_out(await allotments.show(work, key, as_of))

    show(run(task, writes=False), as_json)


@plan_group.command("add", help="登记计划，读 TOML 或 JSON 文件 / register a plan from a TOML or JSON file")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def add_plan(file: Path, as_json: bool) -> None:
    read = msgspec.json.decode if file.suffix == ".json" else msgspec.toml.decode
    try:
        data = read(file.read_bytes(), type=schemas.NewPlan)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(say("计划文件 {name} 有误", name=file.name), unmet=[complaint(str(error))]) from error
    show(run(lambda work: plans.register(work, data)), as_json, words)

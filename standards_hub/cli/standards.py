"""`standards-hub standard …`: every act of a standard's life, and what there is to read of it."""

from datetime import date
from typing import Any
from uuid import UUID

import click

from standards_hub.cli.acts import act
from standards_hub.cli.runtime import Day, as_json, run, show
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import queries, repository, schemas
from standards_hub.lifecycle.filtering import SORTS, Sort
from standards_hub.lifecycle.presenting import StandardOut, TodoOut, WayOut
from standards_hub.lifecycle.repository import Filter
from standards_hub.lifecycle.services import dossier, duties, ending, facts, moving, relating, timing, tracking
from standards_hub.lifecycle.services import reading as views
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.values import Patch, Standard


@click.group("standard", help="标准：立项到废止 / standards, from proposal to withdrawal")
def standard_group() -> None:
    pass


@standard_group.command("list", help="列出标准 / list standards")
@click.option("--level", multiple=True)
@click.option("--stage", multiple=True)
@click.option("--status", multiple=True, type=click.Choice(list(STATUS_NAMES)))
@click.option("--plan")
@click.option("--overdue", is_flag=True)
@click.option("--sort", type=click.Choice(list(SORTS)), default="moved", help="次序 / the order")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50)
@as_json
def list_standards(
    level: tuple[str, ...],
    stage: tuple[str, ...],
    status: tuple[str, ...],
    plan: str | None,
    overdue: bool,
    sort: Sort,
    limit: int,
    as_json: bool,
) -> None:
    async def task(work: Work) -> list[Standard]:
        wanted = Filter(level=level, stage=stage, status=status, plan=plan, overdue_on=work.today if overdue else None)
        names = Standard.__struct_fields__
        found = await queries.page(work.connection, work.actor, wanted, sort, names, at=None, limit=limit)
        return [Standard(**dict(zip(names, row, strict=False))) for row in found.rows]

    found = run(task, writes=False)
    show(
        [StandardOut.of(s) for s in found],
        as_json,
        lambda _: "\n".join(f"{s.id}  {s.stage}  {s.status:10}  {s.label}  {s.title_zh}" for s in found),
    )


def _reader(name: str, summary: str, doing: Any, words: Any) -> None:
    @standard_group.command(name, help=summary)
    @click.argument("reference")
    @as_json
    def command(reference: str, as_json: bool) -> None:
        async def task(work: Work) -> Any:
            return await doing(work, (await repository.find(work.connection, reference)).id)

        show(run(task, writes=False), as_json, words)


async def _shown(work: Work, id: UUID) -> StandardOut:
    return StandardOut.of(await views.readable(work, id))


async def _ways(work: Work, id: UUID) -> list[WayOut]:
    return [WayOut.of(way) for way in await views.readiness(work, id)]


def _ways_in_words(ways: list[WayOut]) -> str:
    lines = []
    for way in ways:
        lines.append(f"{'✔' if way.ready else '✘'} {way.act} → {way.to} {way.to_name.zh} / {way.to_name.en}")
        lines += [f"    {'✔' if gate.met else '✘'} {gate.gate}  {gate.name.zh}：{gate.why.zh} / {gate.why.en}" for gate in way.gates]
    return "\n".join(lines)


_reader("show", "一项标准 / one standard", _shown, None)
_reader("ways", "可往何处，还差什么 / where it may go and what is missing", _ways, _ways_in_words)
_reader(
    "history", "历程 / its history", views.history, lambda es: "\n".join(f"{e.seq:4} {e.effective_on} {e.type:20} {e.actor}" for e in es)
)
_reader("whole", "连同卷宗、期限、关系 / with dossier, limits and relations", views.whole, None)


@standard_group.command("as-of", help="某日的全部标准 / the portfolio as of a day")
@click.argument("day", type=Day())
@as_json
def as_of(day: date, as_json: bool) -> None:
    rows = run(lambda work: views.on_day(work, day), writes=False)
    show(
        rows,
        as_json,
        lambda rs: "\n".join(f"{r['stage']}  {r['status']:10}  {r['number'] or r['plan_number'] or ''}  {r['title_zh']}" for r in rs),
    )


async def _add_paper(work: Work, id: UUID, given: schemas.PaperIn) -> dict[str, UUID]:
    return {"id": await dossier.add_paper(work, id, given)}


async def _relate(work: Work, id: UUID, given: schemas.RelationIn) -> dict[str, UUID]:
    return {"id": await relating.relate(work, id, given)}


ACTS: tuple[tuple[str, type[Any], Any, str], ...] = (
    ("edit", Patch, facts.edit, "修改信息 / edit facts"),
    ("team", schemas.Team, facts.set_team, "起草单位与起草人 / drafting organisations and drafters"),
    ("plan-number", schemas.PlanNumberIn, facts.give_plan_number, "计划号 / plan number"),
    ("move", schemas.Move, moving.move, "推进、退回、重复、跳过 / advance, return, repeat, skip"),
    ("publish", schemas.Publication, moving.publish, "发布 / publish"),
    ("review", schemas.ReviewConclusion, moving.conclude_review, "复审结论 / conclude a review"),
    ("withdraw", schemas.Ending, moving.withdraw, "废止 / withdraw"),
    ("ask-extension", schemas.ExtensionRequest, timing.ask_extension, "申请延期 / ask for an extension"),
    ("decide-extension", schemas.ExtensionDecision, timing.decide_extension, "决定延期 / decide on the extension"),
    ("suspend", schemas.Because, timing.suspend, "暂停 / suspend"),
    ("resume", schemas.Because, timing.resume, "恢复 / resume"),
    ("terminate", schemas.Ending, ending.terminate, "终止 / terminate"),
    ("split", schemas.Split, ending.split, "拆分 / split"),
    ("merge", schemas.Merge, ending.merge, "合并 / merge"),
    ("raise", schemas.Successor, relating.raise_level, "上升为上一级标准 / raise to a higher level"),
    ("revise", schemas.Successor, relating.revise, "修订 / revise"),
    ("amend", schemas.Successor, relating.amend, "修改单 / amendment sheet"),
    ("relate", schemas.RelationIn, _relate, "关系 / relate"),
    ("move-track", schemas.TrackChange, tracking.move_track, "换轨道版本 / move to another version of the track"),
    ("add-paper", schemas.PaperIn, _add_paper, "材料入卷 / add a paper to the dossier"),
)
BEGINNINGS: tuple[tuple[str, type[Any], Any, str], ...] = (
    ("propose", schemas.Proposal, facts.propose, "提出立项 / propose"),
    ("enter", schemas.Entry, facts.enter, "中途登记 / enter in mid-life"),
    ("adopt", schemas.Adoption, relating.adopt, "采标 / adopt"),
)
for name, struct, doing, summary in ACTS:
    act(standard_group, name, struct, doing, summary=summary)
for name, struct, doing, summary in BEGINNINGS:
    act(standard_group, name, struct, doing, subject=False, summary=summary)


@standard_group.command("accept-paper", help="确认材料 / accept a paper")
@click.argument("paper", type=click.UUID)
@as_json
def accept_paper(paper: UUID, as_json: bool) -> None:
    show(run(lambda work: dossier.accept_paper(work, paper)), as_json)


@click.command("todo", help="待办（与 --as 同用） / what waits for the account of --as")
@as_json
def todo(as_json: bool) -> None:
    async def task(work: Work) -> list[TodoOut]:
        return [TodoOut.of(t) for t in await duties.mine_to_do(work)]

    show(run(task, writes=False), as_json, lambda ts: "\n".join(f"{t.due_on or '—'}  {t.label}  {t.what.zh}" for t in ts))

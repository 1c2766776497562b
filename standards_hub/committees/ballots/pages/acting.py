"""What a secretariat does with ballots, as forms: prepare, open, recuse, invite, count, close, enter votes from paper."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import ports, recusing, repository, service
from standards_hub.committees.ballots.roll import hopeless, unmet_for_opening
from standards_hub.committees.ballots.rules import CHOICES, rules
from standards_hub.committees.ballots.schemas import BallotChange, CountsIn, NewBallot, Opening, RecordedVote, RuleId, Strike
from standards_hub.committees.ballots.values import FORMS, Ballot, Entry, Interested, Invited, MemberBody, Recusal
from standards_hub.committees.ballots.values import Form as BallotForm
from standards_hub.committees.pages.picks import COMMITTEE, PERSON, REASON, WHICH
from standards_hub.committees.schemas import LongText, Reason, Text
from standards_hub.kernel import holidays, search
from standards_hub.kernel.access import bodies
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.registers import acts
from standards_hub.kernel.registers.acts import Act, Choice, Field, Pick, Place, Said, Trail
from standards_hub.kernel.work import Work

MANAGE, READ = "ballot.manage", "ballot.read"
COUNTED: dict[str, Message] = {
    "present": say("出席人数"),
    "drafter_organisation": say("投票人中起草单位的人数"),
    "substantive": say("实质性意见数"),
    "typographical": say("文字性意见数"),
    "objections": say("反对的成员国数"),
    "countries_using": say("使用该标准的国家数"),
}
RULES: tuple[Choice, ...] = tuple((id, Name(f"{id}　{rule.name.zh}", f"{id}: {rule.name.en}")) for id, rule in rules().items())


class Recused(Struct, frozen=True):
    """Who of those with a declared interest is ticked as recused."""

    recuse: list[UUID] = []


class Nothing(Struct, frozen=True):
    """A form that only asks whether one means it."""


class OnStandard(Struct, frozen=True, kw_only=True):
    """A ballot as its form has it: on a standard, or without one on the matter that is written."""

    committee_id: UUID
    rule: RuleId
    closes_on: date
    standard: UUID | None = None
    title: Text | None = None
    question: LongText | None = None
    form: BallotForm = "letter"


class Many(Struct, frozen=True, kw_only=True):
    """Who will be on the roll in place of the committee's members, one a line."""

    people: list[str] = []
    p_members: list[str] = []
    others: list[str] = []


async def _find_standard(work: Work, text: str) -> UUID:
    return UUID((await bodies.body_called(work.connection, "drafter", text, "standard"))[1])


async def _standard_name(work: Work, id: UUID) -> str:
    return (await search.titles(work.connection, [("standard", str(id))])).get(("standard", str(id)), str(id))


async def _standards(work: Work, text: str) -> list[tuple[str, Said]]:
    return [(hit.title, "") for hit in await bodies.suggestions(work.connection, "drafter", text)] if text else []


STANDARD = Pick(_find_standard, _standard_name, _standards, "/ballots/standards/known", "standard.read")


async def _subject(work: Work, place: Place, lock: bool) -> Ballot:
    return await repository.ballot(work.connection, place["id"], lock=lock)


def href(id: UUID) -> str:
    return f"/ballots/{id}"


def trail(one: Ballot | None) -> Trail:
    return [(say("委员会"), "/committees"), (say("表决"), "/ballots"), *([(one.title, href(one.id))] if one else [])]


async def _prepare(work: Work, _place: Place, data: OnStandard) -> str:
    said = {name: value for name, value in structs.asdict(data).items() if name != "standard"}
    given = NewBallot(**said)
    if data.standard is not None:
        given = structs.replace(given, subject_kind="standard", subject_id=data.standard)
    return href((await service.prepare(work, given)).id)


async def _edit(work: Work, place: Place, data: BallotChange) -> str:
    return href((await service.edit(work, place["id"], data)).id)


async def _editing(_work: Work, one: Ballot, _place: Place) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("title", "question", "rule", "form", "closes_on")}


async def _open(work: Work, place: Place, data: Recused) -> str:
    return href((await service.open_(work, place["id"], Opening(recuse=data.recuse))).id)


async def _interested(work: Work, one: Ballot, _place: Place) -> list[Choice]:
    found = await recusing.proposed(work, one, await service.roll_of(work, one))
    return [(str(each.person_id), say("{name}：{reason}", name=each.name, reason=each.reason)) for each in found]


async def _proposing(work: Work, one: Ballot, _place: Place) -> dict[str, Any]:
    found = await recusing.proposed(work, one, await service.roll_of(work, one))
    return {"recuse": [each.person_id for each in found]}


async def _opening(work: Work, one: Ballot, _place: Place) -> list[Message]:
    subject, roll = await ports.now(work, one), await service.roll_of(work, one)
    recused = [say("{name}（{reason}）", name=entry.name, reason=entry.recusal_reason) for entry in roll if entry.recused]
    off = await holidays.day_off(work.connection, one.closes_on)
    return [
        say("表决对象：{label}", label=subject.label),
        say("表决文本：{text}", text=subject.text or (say("本页所写事项") if one.subject_kind == "matter" else say("尚未提交"))),
        say("规则 {rule}　{name}", rule=one.rule, name=one.law.name),
        say("名册 {count} 人，其中回避 {recused} 人", count=len(roll), recused=len(recused)),
        *([say("回避：{names}", names=recused)] if recused else []),
        *cautions(one, subject, roll, await recusing.proposed(work, one, roll), work.today),
        say("开始后名册、回避、规则和文本即冻结；{day} 24:00 自动结束。期间文本变更则表决作废。", day=one.closes_on),
        *([say("截止日是{hint}", hint=off.hint)] if off else []),
    ]  # fmt: skip


def cautions(one: Ballot, subject: ports.SubjectFacts, roll: list[Entry], interested: list[Interested], today: date) -> list[Message]:
    """What stands in the way of opening, and what the secretariat should think of before. Who is `interested` is proposed as recused."""
    seen = {each.person_id for each in interested}
    lines = [say("还不能开始投票：{why}", why=unmet.why) for unmet in unmet_for_opening(one, roll, subject.hash, today, subject.rules)]
    if roll and (never := hopeless(one.law, roll)):
        why = Name(never.explanation.zh, never.explanation.en)
        lines.append(say("请注意：按这份名册，即使全部赞成也无效——{why}", why=why))
    if drafting := [entry.name for entry in roll if entry.person_id in {*subject.drafters} - seen and not entry.recused]:
        lines.append(say("请注意：名册中有本标准的起草人，尚未登记回避：{names}", names=drafting))
    return lines


async def _on_roll(work: Work, one: Ballot, _place: Place) -> list[Choice]:
    return [(str(entry.person_id), entry.name) for entry in await service.roll_of(work, one) if entry.person_id and not entry.recused]


async def _recuse(work: Work, place: Place, data: Recusal) -> str:
    found = await repository.ballot(work.connection, place["id"])
    others = tuple(one for one in found.invited.recusals if one.person_id != data.person_id)
    change = BallotChange(invited=structs.replace(found.invited, recusals=(*others, data)))
    return href((await service.edit(work, place["id"], change)).id)


async def _invite(work: Work, place: Place, data: Many) -> str:
    found = await repository.ballot(work.connection, place["id"])
    people = tuple([(await registers.find_person(work.connection, text)).id for text in data.people])
    bodies_ = (*(MemberBody(name) for name in data.p_members), *(MemberBody(name, p_member=False) for name in data.others))
    change = BallotChange(invited=Invited(people=people, bodies=bodies_, recusals=found.invited.recusals if people else ()))
    return href((await service.edit(work, place["id"], change)).id)


async def _inviting(work: Work, one: Ballot, _place: Place) -> dict[str, Any]:
    people = [await PERSON.name(work, id) for id in one.invited.people]
    lists_ = {
        "p_members": [b.name for b in one.invited.bodies if b.p_member],
        "others": [b.name for b in one.invited.bodies if not b.p_member],
    }
    return {name: "\n".join(lines) for name, lines in {"people": people, **lists_}.items()}


async def _count(work: Work, place: Place, data: CountsIn) -> str:
    return href((await service.count(work, place["id"], data)).id)


async def _counts(_work: Work, one: Ballot, _place: Place) -> dict[str, Any]:
    return {name: getattr(one.counts, name) or "" for name in COUNTED}


async def _close(work: Work, place: Place, _data: Nothing) -> str:
    return href((await service.close(work, place["id"])).id)


async def _call_off(work: Work, place: Place, data: Reason) -> str:
    return href((await service.call_off(work, place["id"], data)).id)


async def _who(work: Work, one: Ballot, place: Place) -> list[Message]:
    voter = await service.voter_of(work, one, place["voter_id"])
    return [say("{name}", name=voter.name)]


async def _choices(_work: Work, one: Ballot, _place: Place) -> list[Choice]:
    return [(vote, CHOICES[vote]) for vote in one.law.votes]


async def _record(work: Work, place: Place, data: RecordedVote) -> str:
    return href((await service.record(work, place["id"], place["voter_id"], data)).id)


async def _strike(work: Work, place: Place, data: Strike) -> str:
    return href((await service.strike(work, place["id"], place["voter_id"], data)).id)


async def _closing(_work: Work, one: Ballot, _place: Place) -> list[Message]:
    return [say("函审须全部投票后才能提前结束；否则 {day} 24:00 自动结束。", day=one.closes_on)]


async def _voiding(_work: Work, _one: Ballot, _place: Place) -> list[Message]:
    return [say("作废后不能恢复，须重新组织；已投的票保留在记录中，不产生结果。")]


RULE = Field(name="rule", label=say("表决规则"), kind="select", options=RULES, required=True)
FORM = Field(name="form", label=say("方式"), kind="radios", options=tuple(FORMS.items()), help=say("不选即为函审。"))
CLOSES = Field(name="closes_on", label=say("截止日"), kind="date", required=True, help=say("当日 24:00 自动结束。"))
TITLE = Field(name="title", label=say("标题"), help=say("就标准表决的可不填；委员会事项请写明事项。"))
QUESTION = Field(name="question", label=say("说明"), kind="area", most=20_000)
REASONS = Field(name="reason", label=say("理由或意见"), kind="area", most=20_000, help=say("反对须写明理由的，请写明。"))
PREPARE = Act(
    path="/ballots/new", permission=MANAGE, title=say("准备表决"), short=say("准备表决"), button=say("下一步"), done=say("已准备，可开始投票"),
    takes=OnStandard, do=_prepare, trail=trail, scope=None,
    fields=(
        Field(name="committee_id", label=say("委员会"), required=True, help=WHICH, pick=COMMITTEE),
        Field(name="standard", label=say("标准"), help=say("填写名称或编号，可从提示中选；就委员会事项表决的不填。"), pick=STANDARD),
        RULE, FORM, CLOSES, TITLE, QUESTION,
    ),
)  # fmt: skip
EDIT = Act(
    path="/ballots/{id:uuid}/edit", permission=MANAGE, title=say("修改表决安排"), short=say("修改"), button=say("保存"), done=say("已保存"),
    takes=BallotChange, fields=(TITLE, QUESTION, RULE, FORM, CLOSES), do=_edit, trail=trail, subject=_subject, holding=_editing,
)  # fmt: skip
OPEN = Act(
    path="/ballots/{id:uuid}/open", permission=MANAGE, title=say("开始投票"), short=say("开始投票"), button=say("开始投票"),
    done=say("投票已开始，已通知名册中的人"), takes=Recused, do=_open, trail=trail, subject=_subject, says=_opening, holding=_proposing,
    fields=(
        Field(name="recuse", label=say("申报了利益关系的人，勾选的回避"), kind="boxes", options=_interested,
              help=say("按委员申报的利益关系提出；不勾选的照常投票，并记录在案。")),
    ),
)  # fmt: skip
RECUSE = Act(
    path="/ballots/{id:uuid}/recusals/new", permission=MANAGE, title=say("登记回避"), short=say("登记回避"), button=say("登记"),
    done=say("已登记回避"), takes=Recusal, do=_recuse, trail=trail, subject=_subject,
    fields=(Field(name="person_id", label=say("人员"), kind="select", options=_on_roll, required=True), REASON),
)  # fmt: skip
INVITE = Act(
    path="/ballots/{id:uuid}/roll", permission=MANAGE, title=say("另定名册"), short=say("另定名册"), button=say("保存"), done=say("已保存名册"),
    takes=Many, do=_invite, trail=trail, subject=_subject, holding=_inviting,
    fields=(
        Field(name="people", label=say("专家"), kind="area", most=20_000, help=say("每行一人；有同名的写作“姓名，单位”。都不填即为委员会的委员。")),
        Field(name="p_members", label=say("P 成员"), kind="area", most=20_000, help=say("国际投票用，每行一个成员体。")),
        Field(name="others", label=say("其他成员体"), kind="area", most=20_000, help=say("每行一个。")),
    ),
)  # fmt: skip
COUNT = Act(
    path="/ballots/{id:uuid}/counts", permission=MANAGE, title=say("登记出席等数目"), short=say("登记数目"), button=say("保存"), done=say("已保存"),
    takes=CountsIn, do=_count, trail=trail, subject=_subject, holding=_counts,
    fields=tuple(Field(name=name, label=label, kind="number") for name, label in COUNTED.items()),
)  # fmt: skip
CLOSE = Act(
    path="/ballots/{id:uuid}/close", permission=MANAGE, title=say("结束表决"), short=say("结束表决"), button=say("结束表决"), done=say("表决已结束"),
    takes=Nothing, fields=(), do=_close, trail=trail, subject=_subject, says=_closing,
)  # fmt: skip
VOID = Act(
    path="/ballots/{id:uuid}/void", permission=MANAGE, title=say("作废表决"), short=say("作废"), button=say("作废"), done=say("表决已作废"),
    takes=Reason, fields=(REASON,), do=_call_off, trail=trail, subject=_subject, says=_voiding, danger=True,
)  # fmt: skip
RECORD = Act(
    path="/ballots/{id:uuid}/voters/{voter_id:uuid}/record", permission=MANAGE, title=say("录入选票"), short=say("录入"), button=say("录入"),
    done=say("已录入选票"), takes=RecordedVote, do=_record, trail=trail, subject=_subject, says=_who,
    fields=(
        Field(name="vote", label=say("投票"), kind="radios", options=_choices, required=True), REASONS,
        Field(name="expert_named", label=say("提名了专家"), kind="box"),
        Field(name="paper", label=say("选票存放处"), required=True, help=say("如函审单编号、国际组织的投票结果编号。")),
    ),
)  # fmt: skip
STRIKE = Act(
    path="/ballots/{id:uuid}/voters/{voter_id:uuid}/strike", permission=MANAGE, title=say("从名册中删除"), short=say("删除"), button=say("删除"),
    done=say("已从名册中删除"), takes=Strike, do=_strike, trail=trail, subject=_subject, says=_who, danger=True,
    fields=(
        Field(name="notice", label=say("主管部门的调整文件"), required=True),
        Field(name="dated", label=say("文件日期"), kind="date", required=True, help=say("须早于开始投票的日期。")),
    ),
)  # fmt: skip
ACTS = {"open": OPEN, "close": CLOSE, "count": COUNT, "edit": EDIT, "void": VOID}


PAGES: list[Any] = [*acts.routes(PREPARE, EDIT, OPEN, RECUSE, INVITE, COUNT, CLOSE, VOID, RECORD, STRIKE), *acts.suggestions(STANDARD)]

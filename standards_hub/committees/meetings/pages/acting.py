"""What is done to a meeting by a form."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import repository as ballots
from standards_hub.committees.ballots.pages.acting import RULES, Nothing
from standards_hub.committees.ballots.values import FORMS
from standards_hub.committees.ballots.values import STATES as BALLOT_STATES
from standards_hub.committees.meetings import repository, rules
from standards_hub.committees.meetings.rules import unmet_for_reference
from standards_hub.committees.meetings.schemas import (
    Discussion,
    Done,
    Excuse,
    ItemBallot,
    MeetingChange,
    NewDecision,
    NewDuty,
    NewItem,
    NewItems,
    NewMeeting,
    Relocation,
)
from standards_hub.committees.meetings.services import agenda, calling, holding
from standards_hub.committees.meetings.values import DECISIONS, KINDS, PURPOSES, Meeting, Purpose
from standards_hub.committees.pages.picks import COMMITTEE, PERSON, REASON, WHICH, WHO
from standards_hub.committees.schemas import Reason
from standards_hub.kernel.complaints import worded
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.registers import acts
from standards_hub.kernel.registers.acts import Act, Choice, Field, Place, Trail, held
from standards_hub.kernel.work import Work

MANAGE = "meeting.manage"
OFFERED = worded(r"^\w+:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:\w+$", say("请从所列各项中选择"))
Offered = Annotated[str, Meta(pattern=OFFERED)]
"""`kind:id:purpose`"""


class Chosen(Struct, frozen=True):
    """Subjects of the work programme."""

    subjects: list[Offered] = []


async def subject(work: Work, place: Place, lock: bool) -> Meeting:
    return await repository.meeting(work.connection, place["id"], lock=lock)


def href(id: UUID) -> str:
    return f"/meetings/{id}"


def trail(one: Meeting | None) -> Trail:
    return [(say("委员会"), "/committees"), (say("会议"), "/meetings"), *([(one.title, href(one.id))] if one else [])]


async def _prepare(work: Work, _place: Place, data: NewMeeting) -> str:
    return href((await calling.prepare(work, data)).id)


async def _edit(work: Work, place: Place, data: MeetingChange) -> str:
    return href((await calling.edit(work, place["id"], data)).id)


async def _holding(_work: Work, one: Meeting, _place: Place) -> dict[str, Any]:
    return held(one, FACTS)


async def _call(work: Work, place: Place, data: Excuse) -> str:
    return href((await calling.call(work, place["id"], data)).id)


async def _calling(work: Work, one: Meeting, _place: Place) -> list[Message]:
    seats = await registers.seats(work.connection, one.committee_id, on=one.starts_on)
    missed = await calling.unreached(work, one)
    return [
        say("通知会议当日有席位的 {count} 人，随信附日历邀请；委员会页面和各人的日历同时出现。", count=len({s.person_id for s in seats})),
        *([say("其中 {count} 人没有账号也没有邮箱，须另行通知：{names}", count=len(missed), names=missed)] if missed else []),
        *await _time(work, one, "call"),
    ]


async def _send(work: Work, place: Place, data: Excuse) -> str:
    return href((await calling.send_papers(work, place["id"], data)).id)


async def _sending(work: Work, one: Meeting, _place: Place) -> list[Message]:
    count = len(await repository.papers(work.connection, one.id))
    return [say("通知各人材料已备齐，共 {count} 份，可整包下载。", count=count), *await _time(work, one, "papers")]


async def _time(work: Work, one: Meeting, what: rules.What) -> list[Message]:
    line = rules.line(what, one, await repository.items(work.connection, one.id), work.today)
    said = [say("{name}：{why}", name=rules.name_of(line.name), why=rules.name_of(line.why))]
    return said if line.met else [*said, say("已晚于规定，须写明理由；理由会留在会议记录中。")]


async def _move(work: Work, place: Place, data: Relocation) -> str:
    return href((await calling.move(work, place["id"], data)).id)


async def _moving(work: Work, one: Meeting, _place: Place) -> list[Message]:
    return [say("通知过的人都会收到改期的信，日历中的会议随之更新。"), *await _time(work, one, "call")]


async def _cancel(work: Work, place: Place, data: Reason) -> str:
    return href((await calling.cancel(work, place["id"], data)).id)


async def _cancelling(_work: Work, one: Meeting, _place: Place) -> list[Message]:
    told = say("通知过的人都会收到取消的信，日历中的会议随之取消。") if one.state == "called" else say("通知还没有发出，不会有人收到信。")
    return [told, say("取消后不能恢复；会议留在记录中。")]


async def _hold(work: Work, place: Place, data: Excuse) -> str:
    return href((await holding.hold(work, place["id"], data)).id)


async def _being_held(work: Work, one: Meeting, _place: Place) -> list[Message]:
    there = [a for a in await repository.attendees(work.connection, one.id) if a.presence in ("present", "proxy")]
    said = [say("已登记出席 {count} 人。登记后记录各议题的讨论和决定。", count=len(there))]
    late = one.papers_on is None and await repository.papers(work.connection, one.id)
    return [*said, say("会议材料没有发出过，须写明理由。")] if late else said


async def _add(work: Work, place: Place, data: NewItem) -> str:
    return href((await agenda.add(work, place["id"], NewItems(items=[data]))).id)


async def _offered(work: Work, one: Meeting, _place: Place) -> list[Choice]:
    return [
        (f"{o.kind}:{o.id}:{o.purpose}", say("{label}（{purpose}；{why}）", label=o.label, purpose=PURPOSES[o.purpose], why=rules.name_of(o.why)))
        for o in await agenda.offered(work, one.id) if not o.on_agenda
    ]  # fmt: skip


async def _none_offered(work: Work, one: Meeting, place: Place) -> list[Message]:
    return [] if await _offered(work, one, place) else [say("工作计划中没有需要开会的标准，或者都已列入议程。")]


async def _choose(work: Work, place: Place, data: Chosen) -> str:
    items = []
    for text in data.subjects:
        kind, id, purpose = text.split(":")
        wanted: Purpose = purpose  # type: ignore[assignment]  # one of those that were offered; the service checks again
        items.append(NewItem(subject_kind=kind, subject_id=UUID(id), purpose=wanted))
    return href((await agenda.add(work, place["id"], NewItems(items=items))).id)


async def _item(work: Work, one: Meeting, place: Place) -> list[Message]:
    item = await repository.item(work.connection, one.id, place["item_id"])
    return [say("第 {place} 项　{title}（{purpose}）", place=item.place, title=item.title, purpose=PURPOSES[item.purpose])]


async def _discuss(work: Work, place: Place, data: Discussion) -> str:
    return href((await agenda.discuss(work, place["id"], place["item_id"], data)).id)


async def _discussed(work: Work, one: Meeting, place: Place) -> dict[str, Any]:
    return {"discussion": (await repository.item(work.connection, one.id, place["item_id"])).discussion or ""}


async def _decisions(work: Work, one: Meeting, place: Place) -> list[Choice]:
    item = await repository.item(work.connection, one.id, place["item_id"])
    review = ("passed", "amended", "failed", "letter")
    return [(kind, name) for kind, name in DECISIONS.items() if kind not in review or (item.purpose == "review" and item.subject_id)]


async def _decide(work: Work, place: Place, data: NewDecision) -> str:
    await holding.decide(work, place["id"], place["item_id"], data)
    return href(place["id"])


async def _strike(work: Work, place: Place, data: Reason) -> str:
    return href((await holding.strike(work, place["id"], place["decision_id"], data)).id)


async def _give(work: Work, place: Place, data: NewDuty) -> str:
    await holding.give(work, place["id"], place["item_id"], data)
    return href(place["id"])


async def _vote(work: Work, place: Place, data: ItemBallot) -> str:
    await agenda.vote_on(work, place["id"], place["item_id"], data)
    item = await repository.item(work.connection, place["id"], place["item_id"])
    return href(place["id"]) if data.ballot_id else f"/ballots/{item.ballot_id}"


async def _ballots(work: Work, one: Meeting, place: Place) -> list[Choice]:
    item = await repository.item(work.connection, one.id, place["item_id"])
    about = (item.subject_kind, item.subject_id) if item.subject_kind and item.subject_id else None
    found = await ballots.ballots(work.connection, committee_id=one.committee_id, subject=about)
    return [
        (str(b.id), say("{title}（{form}，{day}，{state}）", title=b.title, form=FORMS[b.form], day=b.closes_on, state=BALLOT_STATES[b.state]))
        for b in found if not unmet_for_reference(b)
    ]  # fmt: skip


async def _tick(work: Work, place: Place, data: Done) -> str:
    await holding.tick(work, place["id"], place["duty_id"], data)
    return "/todo"


async def _duty(work: Work, one: Meeting, place: Place) -> list[Message]:
    found = [duty for duty in await repository.duties(work.connection, meeting_id=one.id) if duty.id == place["duty_id"]]
    return [say("{what}，{day} 前", what=duty.what, day=duty.due_on) for duty in found]


async def _issue(work: Work, place: Place, _data: Nothing) -> str:
    return href((await holding.issue(work, place["id"])).id)


async def _issuing(_work: Work, _one: Meeting, _place: Place) -> list[Message]:
    return [say("纪要形成后不能再改出席、讨论和决定。请先下载核对，打印后连同签到表送签，再上传签回的文件。")]


EXCEPTION = Field(name="exception", label=say("晚于规定的理由"), kind="area", most=300, help=say("按时的不填。"))
CHAIR = Field(name="chaired_by", label=say("主持人"), help=WHO, pick=PERSON)
RULE = Field(name="rule", label=say("表决规则"), kind="select", options=RULES, help=say("据此核对到会人数；审查会须选程序规定的规则。"))
NOTE = Field(name="note", label=say("其他事项"), kind="area", most=20_000, help=say("写在通知里，如食宿、联系人。"))
WHEN = (
    Field(name="starts_on", label=say("日期"), kind="date", required=True),
    Field(name="starts_at", label=say("开始时间"), kind="time", help=say("不填即为 09:00。")),
    Field(name="ends_on", label=say("结束日期"), kind="date", help=say("当日结束的不填。")),
    Field(name="ends_at", label=say("结束时间"), kind="time"),
)
WHERE = (
    Field(name="place", label=say("地点")),
    Field(name="link", label=say("网上会议链接"), help=say("以 https:// 开头。"), most=500),
)
KIND = Field(name="kind", label=say("类型"), kind="select", options=tuple(KINDS.items()), required=True)
TITLE = Field(name="title", label=say("会议名称"), required=True)
FACTS = (KIND, TITLE, *WHEN, *WHERE, CHAIR, RULE, NOTE)
PREPARE = Act(
    path="/meetings/new", permission=MANAGE, title=say("准备会议"), short=say("准备会议"), button=say("下一步"), done=say("已准备，请安排议程"),
    takes=NewMeeting, do=_prepare, trail=trail,
    fields=(Field(name="committee_id", label=say("委员会"), required=True, help=WHICH, pick=COMMITTEE), *FACTS),
)  # fmt: skip
EDIT = Act(
    path="/meetings/{id:uuid}/edit", permission=MANAGE, title=say("修改会议安排"), short=say("修改"), button=say("保存"), done=say("已保存"),
    takes=MeetingChange, fields=FACTS, do=_edit, trail=trail, subject=subject, holding=_holding, blank="clear",
)  # fmt: skip
CHAIRED = Act(
    path="/meetings/{id:uuid}/chair", permission=MANAGE, title=say("主持人与表决规则"), short=say("主持人与规则"), button=say("保存"),
    done=say("已保存"), takes=MeetingChange, fields=(CHAIR, RULE, NOTE), do=_edit, trail=trail, subject=subject, holding=_holding,
    blank="clear",
)  # fmt: skip
CALL = Act(
    path="/meetings/{id:uuid}/call", permission=MANAGE, title=say("发出会议通知"), short=say("发出通知"), button=say("发出通知"),
    done=say("通知已发出"), takes=Excuse, fields=(EXCEPTION,), do=_call, trail=trail, subject=subject, says=_calling,
)  # fmt: skip
SEND = Act(
    path="/meetings/{id:uuid}/papers/send", permission=MANAGE, title=say("发出会议材料"), short=say("发出材料"), button=say("发出材料"),
    done=say("材料已发出"), takes=Excuse, fields=(EXCEPTION,), do=_send, trail=trail, subject=subject, says=_sending,
)  # fmt: skip
MOVE = Act(
    path="/meetings/{id:uuid}/move", permission=MANAGE, title=say("改期或改地点"), short=say("改期"), button=say("改期并通知"),
    done=say("已改期并通知"), takes=Relocation, fields=(*WHEN, *WHERE, REASON, EXCEPTION), do=_move, trail=trail, subject=subject,
    holding=_holding, says=_moving, blank="clear",
)  # fmt: skip
CANCEL = Act(
    path="/meetings/{id:uuid}/cancel", permission=MANAGE, title=say("取消会议"), short=say("取消会议"), button=say("取消会议"),
    done=say("会议已取消"), takes=Reason, fields=(REASON,), do=_cancel, trail=trail, subject=subject, says=_cancelling, danger=True,
)  # fmt: skip
HOLD = Act(
    path="/meetings/{id:uuid}/hold", permission=MANAGE, title=say("登记会议已召开"), short=say("会议已召开"), button=say("会议已召开"),
    done=say("请记录各议题的讨论和决定"), takes=Excuse, fields=(EXCEPTION,), do=_hold, trail=trail, subject=subject, says=_being_held,
)  # fmt: skip
ADD = Act(
    path="/meetings/{id:uuid}/items/new", permission=MANAGE, title=say("增加议题"), short=say("增加议题"), button=say("列入议程"),
    done=say("已列入议程"), takes=NewItem, do=_add, trail=trail, subject=subject, adds=True,
    fields=(Field(name="title", label=say("议题"), required=True),),
)  # fmt: skip
CHOOSE = Act(
    path="/meetings/{id:uuid}/items/programme", permission=MANAGE, title=say("从工作计划选议题"), short=say("从工作计划选"),
    button=say("列入议程"), done=say("已列入议程"), takes=Chosen, do=_choose, trail=trail, subject=subject, adds=True, says=_none_offered,
    fields=(Field(name="subjects", label=say("需要开会的标准"), kind="boxes", options=_offered),),
)  # fmt: skip
DISCUSS = Act(
    path="/meetings/{id:uuid}/items/{item_id:uuid}/discussion", permission=MANAGE, title=say("记录讨论情况"), short=say("讨论"),
    button=say("保存"), done=say("已保存"), takes=Discussion, do=_discuss, trail=trail, subject=subject, says=_item, holding=_discussed,
    fields=(Field(name="discussion", label=say("讨论情况"), kind="area", most=20_000, help=say("主要意见和处理，写入会议纪要。")),), blank="clear",
)  # fmt: skip
DECIDE = Act(
    path="/meetings/{id:uuid}/items/{item_id:uuid}/decide", permission=MANAGE, title=say("记录决定"), short=say("决定"), button=say("记录"),
    done=say("已记录决定"), takes=NewDecision, do=_decide, trail=trail, subject=subject, adds=True, says=_item,
    fields=(
        Field(name="kind", label=say("决定"), kind="select", options=_decisions, required=True, help=say("审查结论是标准的依据，纪要签回后生效。")),
        Field(name="text", label=say("内容"), kind="area", most=20_000, required=True),
    ),
)  # fmt: skip
STRIKE = Act(
    path="/meetings/{id:uuid}/decisions/{decision_id:uuid}/strike", permission=MANAGE, title=say("更正决定"), short=say("更正决定"),
    button=say("删去这项决定"), done=say("已删去，请重新记录"), takes=Reason, fields=(REASON,), do=_strike, trail=trail, subject=subject,
    danger=True,
)  # fmt: skip
GIVE = Act(
    path="/meetings/{id:uuid}/items/{item_id:uuid}/duties/new", permission=MANAGE, title=say("交办事项"), short=say("交办"), button=say("交办"),
    done=say("已交办，会出现在承办人的待办中"), takes=NewDuty, do=_give, trail=trail, subject=subject, adds=True, says=_item,
    fields=(
        Field(name="person_id", label=say("承办人"), required=True, help=WHO, pick=PERSON),
        Field(name="what", label=say("事项"), kind="area", most=2000, required=True),
        Field(name="due_on", label=say("期限"), kind="date", required=True),
    ),
)  # fmt: skip
VOTE = Act(
    path="/meetings/{id:uuid}/items/{item_id:uuid}/ballot", permission=MANAGE, title=say("就本议题表决"), short=say("表决或函审"),
    button=say("下一步"), done=say("已与表决关联"), takes=ItemBallot, do=_vote, trail=trail, subject=subject, says=_item,
    fields=(
        Field(name="ballot_id", label=say("已有的表决"), kind="select", options=_ballots, help=say("选了就不必填下面各项。")),
        Field(name="form", label=say("方式"), kind="radios", options=tuple(FORMS.items()), help=say("不选即为会议表决；改为函审的选函审。")),
        Field(name="rule", label=say("表决规则"), kind="select", options=RULES),
        Field(name="closes_on", label=say("截止日"), kind="date", help=say("当日 24:00 自动结束。")),
    ),
)  # fmt: skip
TICK = Act(
    path="/meetings/{id:uuid}/duties/{duty_id:uuid}/done", permission="meeting.duty", title=say("办结交办事项"), short=say("办结"),
    button=say("办结"), done=say("已办结"), takes=Done, do=_tick, trail=trail, subject=subject, adds=True, says=_duty,
    fields=(Field(name="outcome", label=say("办理情况"), kind="area", most=2000),),
)  # fmt: skip
ISSUE = Act(
    path="/meetings/{id:uuid}/minutes", permission=MANAGE, title=say("形成会议纪要"), short=say("形成纪要"), button=say("形成纪要"),
    done=say("纪要已形成，请下载送签"), takes=Nothing, fields=(), do=_issue, trail=trail, subject=subject, says=_issuing,
)  # fmt: skip
EVERY = (
    PREPARE, EDIT, CHAIRED, CALL, SEND, MOVE, CANCEL, HOLD, ADD, CHOOSE, DISCUSS, DECIDE, STRIKE, GIVE, VOTE, TICK, ISSUE,
)  # fmt: skip
PAGES: list[Any] = [*acts.routes(*EVERY)]

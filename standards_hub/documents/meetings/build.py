"""The papers of a meeting as objects, after 会议通知, 议程, 签名表 and 会议纪要 (form F6): fields in their order."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.ballots.rules import OUTCOMES
from standards_hub.committees.ballots.values import FORMS, Ballot
from standards_hub.committees.meetings.schemas import MeetingOut
from standards_hub.committees.meetings.values import DECISIONS, KINDS, PRESENCES, PURPOSES, Attendee, Item, Meeting
from standards_hub.committees.values import POSITIONS, VOTING
from standards_hub.documents.meetings.model import Block, Heading, Paper, Paragraph, Table
from standards_hub.documents.report.wording import clean, day

NUMERALS = "一二三四五六七八九十"
SPARE = 4
"""Empty rows of a signature sheet for those nobody expected."""


class Facts(Struct, frozen=True):
    """All that the papers of a meeting say."""

    shown: MeetingOut
    committee: str
    chair: str | None
    ballots: Mapping[UUID, Ballot]
    titles: Mapping[UUID, str]
    """Professional titles of people."""
    today: date

    @property
    def meeting(self) -> Meeting:
        return self.shown.meeting

    def members(self) -> list[Attendee]:
        return [one.attendee for one in self.shown.attendees if one.attendee.position in VOTING]

    def there(self) -> list[Attendee]:
        return [one for one in self.members() if one.presence in ("present", "proxy")]


def when(one: Meeting) -> str:
    """2026年12月9日9:00至17:00."""
    begins = f"{day(one.starts_on)}{one.starts_at}"
    if one.ends_at is None:
        return begins if one.ends_on is None else f"{begins}，至{day(one.ends_on)}"
    return f"{begins}至{day(one.ends_on) if one.ends_on else ''}{one.ends_at}"


def _numbered(n: int, text: str) -> Heading:
    return Heading(f"{NUMERALS[n - 1]}、{text}")


def notice(facts: Facts) -> Paper:
    one = facts.meeting
    blocks: list[Block] = [
        Paragraph("各位委员：", "flush"),
        Paragraph(f"经研究，定于{day(one.starts_on)}召开{KINDS[one.kind]}“{clean(one.title)}”。现将有关事项通知如下。"),
        _numbered(1, "时间"), Paragraph(when(one)),
        _numbered(2, "地点"), Paragraph(clean(one.where) or "另行通知"),
        _numbered(3, "议程"), *(Paragraph(f"{item.place}.{_called(item)}") for item in facts.shown.items),
        _numbered(4, "参会人员"), Paragraph("本委员会全体委员；不能出席的，请提前向秘书处请假。"),
        _numbered(5, "会议材料"), Paragraph(_papers_by(facts)),
    ]  # fmt: skip
    if one.note:
        blocks += [_numbered(6, "其他事项"), *(Paragraph(clean(line)) for line in one.note.split("\n") if line.strip())]
    blocks += [Paragraph(f"{facts.committee}秘书处", "right"), Paragraph(day(one.called_on or facts.today), "right")]
    return Paper("会议通知", "会议通知", clean(one.title), blocks)


def _called(item: Item) -> str:
    """An item with what it is about, where its title does not say so."""
    return clean(item.title) if item.purpose == "other" else f"{clean(item.title)}（{PURPOSES[item.purpose]}）"


def _papers_by(facts: Facts) -> str:
    line = next(line for line in facts.shown.times if line.key == "papers")
    called = facts.meeting.called_on
    if line.done_on and (called is None or line.done_on <= called):
        return f"会议材料已于{day(line.done_on)}发出，可在本系统中整包下载。"
    return f"会议材料将在{day(line.latest)}前发出，届时可在本系统中整包下载。"


def agenda(facts: Facts) -> Paper:
    one = facts.meeting
    rows = [
        (str(item.place), clean(item.title), str(PURPOSES[item.purpose]),
         "；".join(clean(paper.title) for paper in facts.shown.papers if paper.item_id == item.id) or "—")
        for item in facts.shown.items
    ]  # fmt: skip
    blocks: list[Block] = [
        Table((30, 126), [("委员会", facts.committee), ("时间", when(one)), ("地点", clean(one.where) or "—"), ("主持人", facts.chair or "—")]),
        Heading("议题"), Table((12, 62, 28, 54), rows, ("序号", "议题", "内容", "材料")),
    ]  # fmt: skip
    return Paper("会议议程", "会议议程", clean(one.title), blocks)


def sheet(facts: Facts) -> Paper:
    """The signature sheet; who comes in somebody's place signs with both names."""
    listed = [one.attendee for one in facts.shown.attendees]
    rows = [
        (str(n), clean(one.name), str(POSITIONS[one.position]) if one.position else "列席",
         clean(facts.titles.get(one.person_id) if one.person_id else None), clean(one.organisation), _remark(one))
        for n, one in enumerate(listed, 1)
    ]  # fmt: skip
    rows += [(str(len(listed) + n), "", "", "", "", "") for n in range(1, SPARE + 1)]
    held = facts.meeting.held_on is not None
    came = str(len(facts.there())) if held else "　　"
    blocks: list[Block] = [
        Table((30, 126), [("委员会", facts.committee), ("时间", when(facts.meeting)), ("地点", clean(facts.meeting.where) or "—")]),
        Paragraph("", "flush"),
        Table((12, 30, 22, 24, 42, 26), rows, ("序号", "姓名", "委员会职务", "职称", "单位", "签名"), tall=True),
        Paragraph(f"共有委员 {len(facts.members())} 人，参加会议委员 {came} 人。", "flush"),
    ]
    return Paper("签到表", "会议签到（签名）表", clean(facts.meeting.title), blocks)


def _remark(one: Attendee) -> str:
    if one.presence == "proxy":
        return f"（{clean(one.proxy)}代）"
    return f"（{PRESENCES[one.presence]}）" if one.presence == "excused" else ""


def minutes(facts: Facts) -> Paper:
    one, members = facts.meeting, facts.members()
    absent = [a for a in members if a.presence not in ("present", "proxy")]
    guests = [a.attendee for a in facts.shown.attendees if a.attendee.position not in VOTING and a.attendee.presence == "present"]
    proxies = [a for a in members if a.presence == "proxy"]
    blocks: list[Block] = [
        Table((30, 126), [
            ("会议名称", clean(one.title)), ("会议类型", str(KINDS[one.kind])), ("时间", when(one)), ("地点", clean(one.where) or "—"),
            ("主持人", facts.chair or "—"), ("组织单位", f"{facts.committee}秘书处"),
            ("出席情况", f"委员总数 {len(members)} 人，实到 {len(facts.there())} 人" + (f"（其中代理 {len(proxies)} 人）" if proxies else "")),
            ("缺席与请假", "、".join(f"{clean(a.name)}（{PRESENCES[a.presence]}）" for a in absent) or "无"),
            ("列席", "、".join(clean(a.name) for a in guests) or "无"),
        ]),
    ]  # fmt: skip
    for test in facts.shown.quorum:
        blocks.append(Paragraph(f"到会人数：{test.explanation.zh}。"))
    blocks.append(Heading("一、议题与决定"))
    for item in facts.shown.items:
        blocks += _item(facts, item)
    blocks += [Heading("二、交办事项"), *_duties(facts)]
    blocks += [
        Paragraph("附件：会议签到（签名）表", "kept"), Paragraph("主持人（签名）：　　　　　　　　　", "right"),
        Paragraph(f"{facts.committee}（章）", "right"), Paragraph(day(one.minutes_on or one.held_on or facts.today), "right"),
    ]  # fmt: skip
    return Paper("会议纪要", "会议纪要", clean(one.title), blocks, draft=one.minutes_on is None)


def _item(facts: Facts, item: Item) -> list[Block]:
    numeral = NUMERALS[item.place - 1] if item.place <= len(NUMERALS) else str(item.place)
    blocks: list[Block] = [Paragraph(f"（{numeral}）{_called(item)}")]
    blocks += [Paragraph(clean(line)) for line in (item.discussion or "").split("\n") if line.strip()]
    ballot = facts.ballots.get(item.ballot_id) if item.ballot_id else None
    if ballot is not None:
        blocks.append(Paragraph(_vote(ballot)))
    for decision in facts.shown.decisions:
        if decision.item_id == item.id:
            blocks.append(Paragraph(f"会议决定（{DECISIONS[decision.kind]}）：{clean(decision.text)}"))
            if decision.subject_hash:
                blocks.append(Paragraph(f"所审文本散列：{decision.subject_hash[:16]}……"))
    return blocks


def _vote(ballot: Ballot) -> str:
    how = f"表决方式：{FORMS[ballot.form]}，规则 {ballot.rule}"
    if ballot.state == "void":
        return f"{how}；已作废，没有结果。"
    if ballot.outcome is None:
        return f"{how}；截止日 {day(ballot.closes_on)}，尚未结束。"
    said = str((ballot.result or {}).get("explanation", {}).get("zh", "")).split("\n")
    votes = next((line for line in said if line.startswith("投票")), "")
    return f"{how}；{votes + '；' if votes else ''}结果：{OUTCOMES[ballot.outcome]}。"  # type: ignore[index]


def _duties(facts: Facts) -> Sequence[Block]:
    rows = [(str(n), clean(one.duty.what), clean(one.person), one.duty.due_on.isoformat()) for n, one in enumerate(facts.shown.duties, 1)]
    return [Table((12, 86, 30, 28), rows, ("序号", "事项", "承办人", "期限"))] if rows else [Paragraph("无。")]


PAPERS = {"notice": notice, "agenda": agenda, "sheet": sheet, "minutes": minutes}
"""The papers by the names under which they are asked for."""


def contents(facts: Facts) -> Paper:
    """The first page of a bundle: of what meeting, and what is in it under which name."""
    one = facts.meeting
    items = {item.id: item for item in facts.shown.items}
    rows = [
        (str(n), f"{items[paper.item_id].place}.{clean(items[paper.item_id].title)}", clean(paper.title), paper.sha256[:12])
        for n, paper in enumerate(facts.shown.papers, 1)
    ]
    blocks: list[Block] = [
        Table((30, 126), [
            ("委员会", facts.committee), ("会议", clean(one.title)), ("时间", when(one)), ("地点", clean(one.where) or "—"),
            ("材料", f"{len(rows)} 份"),
        ]),
        Heading("目录"), Table((12, 56, 58, 30), rows, ("序号", "议题", "材料", "散列")),
    ]  # fmt: skip
    return Paper("目录", "会议材料", clean(one.title), blocks)

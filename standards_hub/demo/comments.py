"""Enquiries of the example office: a text is put out, sheets come back from invented organisations, comments are answered."""

from datetime import date
from uuid import UUID

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.schemas import Because, Disposal, Merging, NewComment, NewEnquiry, SentFile
from standards_hub.committees.comments.services import answering, enquiring, importing
from standards_hub.committees.comments.sheets import Entry, Head, write_docx
from standards_hub.committees.comments.subjects import Enquiry
from standards_hub.committees.comments.values import Disposition
from standards_hub.kernel.work import Work

VERBS = ("consult", "remark", "collect", "answer")
SENT = 12
AUTHORS = ("示例整车企业", "示例加氢站运营公司", "示例检测中心", "示例大学", "示例行业协会")
SAID = (
    ("", "总体同意，建议按计划报批。", ""),
    ("3.1", "术语与上位标准的表述不一致，容易误解。", "改用上位标准的定义。"),
    ("4.2", "在线监测的数据间隔过短，现有车载设备达不到。", "改为“不大于 5 s”。"),
    ("4.3", "报警阈值没有给出依据。", "补充试验数据，或在编制说明中说明。"),
    ("5.1", "试验条件未写环境温度范围。", "增加“环境温度 15 ℃～35 ℃”。"),
    ("附录A", "表 A.1 的表头与正文用语不一致。", ""),
)
"""Clause, comment, proposal; each organisation takes some of them."""
ANSWERS: dict[str, tuple[Disposition, str]] = {
    "": ("noted", ""), "3.1": ("adopted", ""), "4.2": ("partly", "示例：数据间隔改为不大于 3 s，现有主流设备可以做到。"),
    "4.3": ("not_adopted", "示例：阈值依据已在编制说明第 3 章给出。"), "5.1": ("adopted", ""), "附录A": ("adopted", ""),
}  # fmt: skip
REMARKS = (("4.2", "作为司机，希望报警有声音提示。", "增加声光报警的要求。"), ("", "文本写得清楚，支持。", ""))


async def act(work: Work, standard: UUID, verb: str, words: str) -> None:
    """One act on the enquiry of a standard."""
    if verb == "consult":
        closes_on = date.fromisoformat(words) if words else None
        await enquiring.open_enquiry(work, NewEnquiry(subject_id=standard, closes_on=closes_on, sent=SENT))
        return
    one = (await repository.of_subject(work.connection, "standard", standard))[0]
    if verb == "remark":
        clause, text, proposed = REMARKS[int(words)]
        comment = NewComment(author="示例公众", text=text, proposed=proposed, clause=clause)
        await answering.make(work, one.id, comment)
    elif verb == "collect":
        await _collect(work, one)
    else:
        await _answer(work, one)


async def _collect(work: Work, one: Enquiry) -> None:
    """Sheets from five organisations, of which two say the same on one clause."""
    read = []
    for at, author in enumerate(AUTHORS):
        chosen = [SAID[(at + step) % len(SAID)] for step in range(3)]
        entries = [Entry(row=0, clause=clause, text=text, proposed=proposed) for clause, text, proposed in chosen]
        head = Head(title=one.title_zh, author=author, handler=f"示例联系人{at + 1}")
        content = write_docx("zh-feedback", head, entries)
        read.append(importing.read_file(work.files, SentFile(f"{author}-意见反馈表.docx", work.files.put(content))))
    await importing.merge(work, one, read)


async def _answer(work: Work, one: Enquiry) -> None:
    """Merge those that say the same, decide on all of them, and close."""
    for group in await answering.alike(work, one.id):
        await answering.merge(work, one.id, Merging(into=group[0].id, comments=[comment.id for comment in group]))
    comments = [c for c in await repository.comments(work.connection, one.id) if c.status == "open"]
    for clause, (disposition, reason) in ANSWERS.items():
        ids = [comment.id for comment in comments if comment.clause == clause]
        if ids:
            await answering.dispose(work, one.id, Disposal(comments=ids, disposition=disposition, reason=reason))
    await enquiring.close(work, one.id, Because(reason="示例：期限届满，意见已逐条处理"))

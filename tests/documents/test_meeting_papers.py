"""The papers of a meeting: what they say, read back from DOCX and PDF, and the bundle, which is safe and the same every time."""

import io
from datetime import date
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import docx
import pypdf
import pytest
from msgspec import structs

from standards_hub.committees.meetings import rules
from standards_hub.committees.meetings.schemas import AttendeeOut, DutyOut, MeetingOut
from standards_hub.committees.meetings.values import Attendee, Decision, Duty, Item, Meeting, Tabled
from standards_hub.documents.meetings.build import PAPERS, Facts, contents
from standards_hub.documents.meetings.bundle import safe, write_bundle
from standards_hub.documents.meetings.model import Paper
from standards_hub.documents.meetings.writers import write_docx, write_pdf

ID, ITEM, DAY = UUID(int=1), UUID(int=2), date(2026, 12, 9)


def attendee(n: int, **more: Any) -> AttendeeOut:
    given = {"id": uuid4(), "seat_id": UUID(int=100 + n), "person_id": UUID(int=200 + n), "name": f"示例委员{n}", "position": "member",
             "organisation": f"示例单位{n}", "presence": "present", **more}  # fmt: skip
    one = Attendee(**given)
    return AttendeeOut(one.seat_id or one.id, True, one)


def facts(**more: Any) -> Facts:
    one = Meeting(
        id=ID, committee_id=UUID(int=9), kind="review", title="示例审查会", starts_on=DAY, starts_at="09:00", ends_at="17:00", place="示例会议室",
        prepared_on=date(2026, 11, 2), called_on=date(2026, 11, 9), held_on=DAY, minutes_on=date(2026, 12, 10), state="minutes", rule="V1",
        **more,
    )  # fmt: skip
    item = Item(
        id=ITEM, meeting_id=ID, place=1, title="示例标准送审稿", purpose="review", discussion="示例：逐条讨论。\n示例：第 5 章修改。"
    )
    guest = AttendeeOut(UUID(int=50), True, Attendee(id=UUID(int=50), name="示例来宾", presence="present"))
    people = [
        attendee(0, position="chair"), attendee(1), attendee(2, presence="proxy", proxy="示例代理人"), attendee(3, presence="excused"), guest
    ]  # fmt: skip
    paper = Tabled(id=uuid4(), meeting_id=ID, item_id=ITEM, title="送审稿", sha256="ab" * 32, filename="../送审稿.PDF", media_type="application/pdf",
                   size=3, added_on=DAY)  # fmt: skip
    decision = Decision(
        id=uuid4(), meeting_id=ID, item_id=ITEM, kind="passed", text="示例：同意通过", subject_hash="cd" * 32, decided_on=DAY
    )
    duty = DutyOut(Duty(id=uuid4(), meeting_id=ID, item_id=ITEM, person_id=UUID(int=200), what="示例：修改第 5 章", due_on=date(2026, 12, 31)),
                   "示例委员0", "示例审查会", UUID(int=9), False)  # fmt: skip
    attendees = [row.attendee for row in people]
    shown = MeetingOut(
        one, [item], [paper], people, [decision], [duty], rules.lines(one, [item], DAY), rules.quorum("V1", attendees), True, []
    )
    return Facts(shown, "示例标委会", "示例委员0", {}, {UUID(int=200): "研究员"}, DAY)


def docx_text(paper: Paper) -> str:
    read = docx.Document(io.BytesIO(write_docx(paper)))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in read.paragraphs), *cells])


SAYS = {
    "notice": ["会议通知", "2026年12月9日09:00至17:00", "示例会议室", "1.示例标准送审稿（审查送审稿）", "示例标委会秘书处", "2026年11月9日"],
    "agenda": ["会议议程", "示例标准送审稿", "送审稿", "主持人"],
    "sheet": ["序号", "签名", "示例委员3", "研究员", "示例来宾", "列席", "（示例代理人代）", "（请假）", "共有委员 4 人，参加会议委员 3 人。"],
    "minutes": ["会议纪要", "委员总数 4 人，实到 3 人（其中代理 1 人）", "3 × 4 = 12 ≥ 4 × 3 = 12，符合", "示例：第 5 章修改。",
                "会议决定（审查通过）：示例：同意通过", "cdcdcdcdcdcdcdcd", "示例：修改第 5 章", "2026-12-31", "示例委员3（请假）"],
}  # fmt: skip


@pytest.mark.parametrize("name", SAYS)
def test_a_paper_read_back_says_what_the_meeting_was(name: str) -> None:
    paper = PAPERS[name](facts())
    text = docx_text(paper)
    assert [said for said in SAYS[name] if said not in text] == []
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(write_pdf(paper))).pages)
    squeezed = "".join(printed.split())
    assert [said for said in SAYS[name] if "".join(said.split()) not in squeezed] == []


def test_minutes_that_may_still_change_say_on_every_page_that_they_are_a_draft() -> None:
    found = facts()
    for settled in (True, False):
        one = structs.replace(found.shown.meeting, minutes_on=DAY if settled else None, state="minutes" if settled else "held")
        paper = PAPERS["minutes"](structs.replace(found, shown=structs.replace(found.shown, meeting=one)))
        head = docx.Document(io.BytesIO(write_docx(paper))).sections[0].header.paragraphs[0].text
        pages = pypdf.PdfReader(io.BytesIO(write_pdf(paper))).pages
        assert ["草稿" in head, *("草稿" in page.extract_text() for page in pages)] == [not settled] * (len(pages) + 1)


def test_who_signs_the_minutes_never_stands_on_a_page_alone() -> None:
    made = facts()
    (item,) = made.shown.items
    for lines in range(1, 12):  # more and more of them, so that the pages end at every place
        told = structs.replace(item, discussion="\n".join(["示例：逐条讨论。"] * lines))
        paper = PAPERS["minutes"](structs.replace(made, shown=structs.replace(made.shown, items=[told])))
        read = pypdf.PdfReader(io.BytesIO(write_pdf(paper))).pages
        texts = ["".join(page.extract_text().split()) for page in read]
        assert len(texts) == 2
        signed = next(text for text in texts if "主持人（签名）" in text)
        assert "附件：会议签到" in signed and "示例：修改第5章" in signed and "2026年12月10日" in signed, lines
        document = docx.Document(io.BytesIO(write_docx(paper)))
        last = [cell.paragraphs[0] for cell in document.tables[-1].rows[-1].cells]
        closing = next(paragraph for paragraph in document.paragraphs if "附件：" in paragraph.text)
        assert all(paragraph.paragraph_format.keep_with_next for paragraph in [*last, closing])


def test_a_signature_sheet_leaves_the_signature_of_who_is_there_blank_and_has_spare_rows() -> None:
    table = docx.Document(io.BytesIO(write_docx(PAPERS["sheet"](facts())))).tables[1]
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert [row[5] for row in rows[:2]] == ["", ""] and [row[0] for row in rows] == [str(n) for n in range(1, 10)]
    assert all(not any(row[1:]) for row in rows[5:])


def test_the_bundle_is_the_same_every_time_and_its_names_lead_nowhere() -> None:
    found = facts()

    def made() -> bytes:
        first = [("00 目录.pdf", write_pdf(contents(found)))]
        return write_bundle(DAY, first, found.shown.items, found.shown.papers, lambda _: b"pdf")

    once = made()
    assert once == made()
    with ZipFile(io.BytesIO(once)) as archive:
        assert archive.namelist() == ["00 目录.pdf", "01-01 送审稿.pdf"] and archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 12, 9, 0, 0, 0)}
        assert archive.read("01-01 送审稿.pdf") == b"pdf"
        listed = "".join(pypdf.PdfReader(io.BytesIO(archive.read("00 目录.pdf"))).pages[0].extract_text().split())
    assert "1.示例标准送审稿" in listed and "abababababab" in listed


@pytest.mark.parametrize(
    "title, name",
    [
        ("../../etc/passwd", "_.._etc_passwd"), ("a\\b:c*?", "a_b_c_"), ("  . ", "_"), ("长" * 200, "长" * 60), ("\u202etxt.exe", "txt.exe"),
        ("<b>示例</b>", "_b_示例_b_"),
    ],
)  # fmt: skip
def test_a_title_becomes_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert safe(title) == name

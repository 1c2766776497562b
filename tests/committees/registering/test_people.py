"""People from a file: found by ORCID or by name and organisation, completed, and never mixed up with a namesake."""

import csv
import io

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.committees import repository
from standards_hub.committees.registering.people import PEOPLE, SHEET
from standards_hub.committees.schemas import NewOrganisation, NewPerson
from standards_hub.committees.services import organisations, people
from standards_hub.kernel.errors import Forbidden
from standards_hub.kernel.registers.taking import Taken, take_in
from standards_hub.kernel.work import Work
from tests.support.office import visit

CODE = "0000-0002-1825-0097"


def lines(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([[column.name.into("zh") for column in SHEET.columns.values()]])
    csv.writer(text).writerows([[row.get(key, "") for key in SHEET.columns] for row in rows])
    return text.getvalue().encode()


def told(taken: Taken) -> list[tuple[str, list[str]]]:
    return [(row.outcome, [p.cell for p in row.problems] or [one.zh for one in row.changes]) for row in taken.rows]


async def test_a_person_is_registered_then_completed_and_a_namesake_elsewhere_is_another(work: Work) -> None:
    for name in ("示例公司", "示例学院"):
        await organisations.register(work, NewOrganisation(name_zh=name, kind="enterprise"))
    first = lines(
        {"name": "李示例", "organisation": "示例公司", "title": "研究员"}, {"name": "王示例", "orcid": f"https://orcid.org/{CODE}"}
    )
    assert told(await take_in(work, PEOPLE, first, write=True)) == [("registered", []), ("registered", [])]
    assert told(await take_in(work, PEOPLE, first, write=True)) == [("known", []), ("known", [])]
    later = lines(
        {"name": "李示例", "organisation": "示例公司", "phone": "025-1"}, {"name": "李示例", "organisation": "示例学院"},
        {"name": "王又名", "orcid": CODE, "organisation": "示例学院"},
    )  # fmt: skip
    assert told(await take_in(work, PEOPLE, later, write=True)) == [
        ("changed", ["电话"]), ("registered", []), ("changed", ["姓名", "所在单位"]),
    ]  # fmt: skip
    found = await repository.people(work.connection, text="李示例")
    assert sorted((one.title or "", one.phone or "") for one in found) == [("", ""), ("研究员", "025-1")]


async def test_what_is_wrong_is_told_by_cell_and_which_of_several_is_asked(work: Work) -> None:
    for _ in range(2):
        await people.register(work, NewPerson(name="同名示例"))
    rows = (
        {"name": "同名示例"}, {"title": "研究员"}, {"name": "甲示例", "organisation": "没有的单位"}, {"name": "乙示例", "orcid": "0000-0000-0000-0000"},
        {"name": "丙示例"}, {"name": "丙示例"},
    )  # fmt: skip
    taken = await take_in(work, PEOPLE, lines(*rows), write=True)
    assert told(taken) == [
        ("wrong", ["A2"]),
        ("wrong", ["A3"]),
        ("wrong", ["B4"]),
        ("wrong", ["F5"]),
        ("registered", []),
        ("wrong", ["A7"]),
    ]
    assert "2 人" in taken.rows[0].problems[0].why.zh and "第 6 行" in taken.rows[5].problems[0].why.zh
    assert await repository.people(work.connection, text="甲示例") == []


async def test_people_are_taken_in_on_a_page_and_through_the_api(office_app: Litestar) -> None:
    content = lines({"name": "新来示例", "organisation": "示例·苏南氢能研究院"}, {"name": "错了示例", "organisation": "没有的单位"})
    async with await visit(office_app, "officer") as officer:
        tried = await officer.send_form("/people/sheet", {}, files={"file": ("people.csv", content)})
        assert "可写入 1 行，尚未写入" in tried.text and "<code>B3</code>" in tried.text
        digest = html.fromstring(tried.text).xpath("//input[@name='tried']/@value")[0]
        assert "已写入 1 行" in (await officer.send_form("/people/sheet", {"tried": digest, "write": "1"})).text
        assert "新来示例" in (await officer.get("/people?q=新来示例")).text
        headers = {"x-csrf-token": officer.csrf, "accept": "application/json"}
        again = await officer.post("/api/v1/people/sheet/try", files={"file": ("people.csv", content)}, headers=headers)
        assert again.status_code == 200 and again.json()["counts"] == {"registered": 0, "changed": 0, "known": 1, "wrong": 1}
        assert (await officer.get("/people/sheet/template")).content[:2] == b"PK"
    async with await visit(office_app, "member") as member:
        assert (await member.get("/people/sheet")).status_code == 403


async def test_whoever_may_not_manage_people_takes_in_nothing(work: Work) -> None:
    from uuid import uuid4

    from standards_hub.kernel.access.actor import Actor, Grant

    work.actor = Actor(account=uuid4(), grants=(Grant("member", ("hub", "*")),))
    with pytest.raises(Forbidden):
        await take_in(work, PEOPLE, lines({"name": "示例"}), write=True)

"""People from a file: each row is registered, completed, known already, or wrong. Two people may have one name."""

from typing import Any

from standards_hub.committees import persistent, repository
from standards_hub.committees.schemas import NewPerson, PersonChange
from standards_hub.committees.services import people
from standards_hub.committees.values import Person
from standards_hub.kernel.errors import BadInput, HubError, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.registers.rows import Column, Row, Sheet
from standards_hub.kernel.registers.taking import Done, Register
from standards_hub.kernel.work import Work

SHEET = Sheet(
    title=say("人员"), name="people", required=("name",),
    columns={
        "name": Column(say("姓名"), say("已登记的人按 ORCID，或按姓名和单位找到并补全"), "李明（示例）"),
        "organisation": Column(say("所在单位"), say("已登记单位的名称或统一社会信用代码"), "示例·苏南氢能研究院", wide=True),
        "title": Column(say("职称"), say("可不填"), "研究员"),
        "duty": Column(say("行政职务"), say("可不填")),
        "speciality": Column(say("从事专业"), say("可不填")),
        "orcid": Column(say("ORCID"), say("16 位，可填网址；只核对写法"), "0000-0002-1825-0097"),
        "phone": Column(say("电话"), say("只有需要联系此人的人看得到")),
        "email": Column(say("电子邮箱"), say("只有需要联系此人的人看得到"), "name@example.org"),
        "name_en": Column(say("英文姓名"), say("可不填")),
    },
)  # fmt: skip


async def take(work: Work, row: Row) -> Done:
    """Register or complete the person of a row; what it leaves blank stays as it is."""
    said = await _said(work, row)
    known = await _known(work, said)
    if known is None:
        return Done("registered", (await people.register(work, NewPerson(**said))).id)
    news = {key: value for key, value in said.items() if getattr(known, key) != value}
    if news:
        await people.edit(work, known.id, PersonChange(**news))
    return Done("changed" if news else "known", known.id, tuple(news))


async def _said(work: Work, row: Row) -> dict[str, Any]:
    """The facts of a row. Raises `BadInput` naming the column."""
    said: dict[str, Any] = dict(row.cells)
    unmet = [] if "name" in said else [Unmet("required", say("必填"), "name")]
    if employer := said.pop("organisation", None):
        try:
            said["organisation_id"] = (await repository.find_organisation(work.connection, employer)).id
        except HubError as error:
            unmet.append(Unmet(error.code, error.message, "organisation"))
    if "orcid" in said:
        said["orcid"] = persistent.orcid(said["orcid"])
    if unmet:
        raise BadInput(say("内容不符合要求"), unmet=unmet)
    return said


async def _known(work: Work, said: dict[str, Any]) -> Person | None:
    """The person of a row that is there already. Raises `BadInput` where that may be several.

    One of the same name is another person where both have an ORCID, or both an organisation, and they differ.
    """
    found = await repository.namesakes(work.connection, said["name"], said.get("orcid"))
    if same := [one for one in found if one.orcid and one.orcid == said.get("orcid")]:
        return same[0]
    fits = [one for one in found if all(not said.get(k) or getattr(one, k) in (None, said[k]) for k in ("orcid", "organisation_id"))]
    near = [one for one in fits if one.organisation_id == said.get("organisation_id")] or fits
    if len(near) > 1:
        why = say("已登记的同名者有 {count} 人，请写明单位或 ORCID", count=len(near))
        raise BadInput(say("内容不符合要求"), unmet=[Unmet("person.several", why, "name")])
    return near[0] if near else None


PEOPLE = Register(
    path="/people", permission="person.manage", sheet=SHEET, named="name", take=take, columns={"organisation_id": "organisation"},
    same=lambda row: persistent.orcid(row.cells.get("orcid", "")) or f"{row.cells.get('name', '')}，{row.cells.get('organisation', '')}",
    title=say("用 XLSX 或 CSV 导入人员"), about=say("每行一人；先试算，看每一行的结果，再导入"),
    help=say("第一行是表头；同名的人请写明单位或 ORCID。"), trail=[(say("人员"), "/people")],
)  # fmt: skip

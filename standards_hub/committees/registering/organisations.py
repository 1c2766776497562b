"""Organisations from a file: each row is registered, completed, known already, or wrong."""

from typing import Any

from standards_hub.committees import persistent, repository, uscc
from standards_hub.committees.schemas import NewOrganisation, OrganisationChange
from standards_hub.committees.services import organisations
from standards_hub.committees.values import ORGANISATION_KINDS, Organisation
from standards_hub.kernel.errors import BadInput, Conflict, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.registers.rows import Column, Row, Sheet
from standards_hub.kernel.registers.taking import Done, Register
from standards_hub.kernel.work import Work

KINDS = {name.into(language).casefold(): key for key, name in ORGANISATION_KINDS.items() for language in ("zh", "en")}
SHEET = Sheet(
    title=say("单位"), name="organisations", required=("name_zh", "kind"),
    columns={
        "name_zh": Column(say("名称"), say("全称；没有代码的按名称找到并补全"), "示例·苏南氢能研究院", wide=True),
        "kind": Column(say("类别"), say("必填"), "科研院所", tuple(name.into("zh") for name in ORGANISATION_KINDS.values())),
        "uscc": Column(say("统一社会信用代码"), say("18 位；已登记的单位先按代码找"), "12320000MA20001070"),
        "region": Column(say("行政区划代码"), say("GB/T 2260 的 2 至 6 位数字"), "320100"),
        "short_name": Column(say("简称"), say("可不填")),
        "name_en": Column(say("英文名称"), say("可不填"), wide=True),
        "ror": Column(say("ROR"), say("可填网址；只核对写法"), "https://ror.org/…"),
    },
)  # fmt: skip


async def take(work: Work, row: Row) -> Done:
    """Register or complete the organisation of a row; what it leaves blank stays as it is."""
    said = _said(row)
    known = await _known(work, said)
    try:
        if known is None:
            return Done("registered", (await organisations.register(work, NewOrganisation(**said))).id)
        news = {key: value for key, value in said.items() if getattr(known, key) != value}
        if news:
            await organisations.edit(work, known.id, OrganisationChange(**news))
    except Conflict as error:
        if "uscc" in said and not error.unmet:
            error.unmet = (Unmet(error.code, error.message, "uscc"),)
        raise
    return Done("changed" if news else "known", known.id, tuple(news))


def _said(row: Row) -> dict[str, Any]:
    """The facts of a row. Raises `BadInput` naming the column."""
    said: dict[str, Any] = dict(row.cells)
    unmet = [Unmet("required", say("必填"), key) for key in SHEET.required if key not in said]
    if "kind" in said and (kind := KINDS.get(said["kind"].casefold())):
        said["kind"] = kind
    elif "kind" in said:
        names = list(ORGANISATION_KINDS.values())
        unmet.append(Unmet("kind", say("没有“{kind}”这一类，应为：{names}", kind=said["kind"], names=names), "kind"))
    if "uscc" in said:
        said["uscc"] = uscc.normalise(said["uscc"])
    if "ror" in said:
        said["ror"] = persistent.ror(said["ror"])
    if unmet:
        raise BadInput(say("内容不符合要求"), unmet=unmet)
    return said


async def _known(work: Work, said: dict[str, Any]) -> Organisation | None:
    """The organisation of a row that is there already: by its code, else by its name where that one has no other code."""
    if (code := said.get("uscc")) and (by_code := await repository.organisation_by_uscc(work.connection, code)):
        return by_code
    found = await repository.organisation_by_name(work.connection, said["name_zh"])
    return found if found and (not said.get("uscc") or found.uscc is None) else None


ORGANISATIONS = Register(
    path="/organisations", permission="organisation.manage", sheet=SHEET, named="name_zh", take=take,
    same=lambda row: uscc.normalise(row.cells.get("uscc", "")) or row.cells.get("name_zh", ""),
    title=say("用 XLSX 或 CSV 导入单位"), about=say("每行一个单位；先试算，看每一行的结果，再导入"),
    help=say("第一行是表头；代码和行政区划按文字填写。"), trail=[(say("单位"), "/organisations")],
)  # fmt: skip

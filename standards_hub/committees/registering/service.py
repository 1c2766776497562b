"""Taking organisations in from a workbook: each row is registered, completed, known already, or wrong."""

from typing import Any, Literal

from msgspec import Struct

from standards_hub.committees import persistent, repository, uscc
from standards_hub.committees.registering import sheet
from standards_hub.committees.registering.sheet import COLUMNS, Row, Table
from standards_hub.committees.schemas import NewOrganisation, OrganisationChange
from standards_hub.committees.services import organisations
from standards_hub.committees.values import ORGANISATION_KINDS, Organisation
from standards_hub.kernel.errors import BadInput, Conflict, HubError, Unmet
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work

RowOutcome = Literal["registered", "changed", "known", "wrong"]
OUTCOMES: dict[str, Message] = {
    "registered": say("新登记"),
    "changed": say("已补全"),
    "known": say("已在册，无变化"),
    "wrong": say("有误"),
}
KINDS = {name.into(language).casefold(): key for key, name in ORGANISATION_KINDS.items() for language in ("zh", "en")}


class CellProblem(Struct, frozen=True):
    """What is wrong, and in which cell."""

    cell: str
    why: Said


class RowResult(Struct, frozen=True):
    """What came of a row of the workbook."""

    row: int
    name: str
    outcome: RowOutcome
    id: str | None = None
    changes: list[Said] = []
    """The columns that were completed or put right."""
    problems: list[CellProblem] = []


class Taken(Struct, frozen=True):
    """What came of a workbook; with `written` false nothing of it was kept."""

    written: bool
    rows: list[RowResult]
    counts: dict[str, int]


async def take_in(work: Work, content: bytes, *, write: bool) -> Taken:
    """Register what the rows say, or only try. Rows that are wrong are left out and told by cell; the others are not held up by them.

    The caller that only tries must not commit.
    """
    work.actor.require("organisation.manage")
    table, results, seen = sheet.read(content), list[RowResult](), dict[str, int]()
    for row in table.rows:
        name = row.cells.get("name_zh", "")
        key = uscc.normalise(row.cells.get("uscc", "")) or name
        if key in seen:
            problem = _problem(table, row, Unmet("row.twice", say("与第 {row} 行是同一单位", row=seen[key]), "name_zh"))
            results.append(RowResult(row.number, name, "wrong", problems=[problem]))
            continue
        seen[key] = row.number
        results.append(await _take(work, table, row))
    counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in OUTCOMES}
    return Taken(write, results, counts)


async def _take(work: Work, table: Table, row: Row) -> RowResult:
    name = row.cells.get("name_zh", "")
    try:
        said = _said(row)
        known = await _known(work, said)
        if known is None:
            made = await organisations.register(work, NewOrganisation(**said))
            return RowResult(row.number, name, "registered", str(made.id))
        news = {key: value for key, value in said.items() if getattr(known, key) != value}
        if not news:
            return RowResult(row.number, name, "known", str(known.id))
        await organisations.edit(work, known.id, OrganisationChange(**news))
        return RowResult(row.number, name, "changed", str(known.id), [Said.of(COLUMNS[key]) for key in news])
    except HubError as error:
        unmet = error.unmet or (
            Unmet(error.code, error.message, "uscc" if isinstance(error, Conflict) and "uscc" in row.cells else "name_zh"),
        )
        return RowResult(row.number, name, "wrong", problems=[_problem(table, row, one) for one in unmet])


def _said(row: Row) -> dict[str, Any]:
    """The facts of a row. Raises `BadInput` naming the column."""
    said: dict[str, Any] = dict(row.cells)
    unmet = [Unmet("required", say("必填"), key) for key in sheet.REQUIRED if key not in said]
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


def _problem(table: Table, row: Row, unmet: Unmet) -> CellProblem:
    key = unmet.where if unmet.where in COLUMNS else None
    return CellProblem(table.place(row.number, key), Said.of(unmet.why))

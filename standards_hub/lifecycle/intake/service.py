"""What users do with a portfolio's file: check it, put cells right, take its rows in, take it all back."""

from uuid import UUID, uuid4

from msgspec import Struct, structs

from standards_hub.committees.schemas import NewOrganisation
from standards_hub.committees.services import organisations
from standards_hub.kernel import search
from standards_hub.kernel.cleanliness import clean_text
from standards_hub.kernel.errors import BadInput, NotFound, Refused, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.catalogue.events import Import
from standards_hub.lifecycle.events import Related
from standards_hub.lifecycle.intake import lookups, store
from standards_hub.lifecycle.intake.columns import ROW_HEADER, folded, headers
from standards_hub.lifecycle.intake.events import PortfolioImported
from standards_hub.lifecycle.intake.ports import linkage
from standards_hub.lifecycle.intake.reading import Table, read_table
from standards_hub.lifecycle.intake.rows import mark_twins, read_rows
from standards_hub.lifecycle.intake.schemas import Correction, Counts, IntakeOut, rows_out
from standards_hub.lifecycle.intake.settling import Near, Nears, settle
from standards_hub.lifecycle.intake.store import PERMISSION, Intake
from standards_hub.lifecycle.intake.template import errors_file, make_template
from standards_hub.lifecycle.intake.values import Draft, Known, Options
from standards_hub.lifecycle.relations import closes_cycle
from standards_hub.lifecycle.services import facts
from standards_hub.lifecycle.values import DraftingUnit, Standard

MOST_NAMED = 50
"""Problems that one refusal names; all of them stand in the result."""
LONGEST_NAME = 200


async def template(work: Work) -> bytes:
    """The workbook to fill in, with the words of the plans that are here."""
    work.actor.require(PERMISSION)
    return make_template(await linkage().words(work))


async def plan_import(work: Work, content: bytes, name: str, options: Options = Options()) -> IntakeOut:
    """Keep a file and say what taking it in would do, row by row. Nothing of it enters the portfolio yet.

    Raises `BadInput` or `TooLarge` where the file as a whole cannot be read.
    """
    work.actor.require(PERMISSION)
    name = clean_text(name.replace("\\", "/").rpartition("/")[2][-LONGEST_NAME:], "file") or "portfolio"
    table = read_table(content, name)
    drafts, _ = await _checked(work, table, options)
    before = await store.accepted_before(work, sha256 := work.files.put(content))
    made = Intake(
        id=uuid4(), sha256=sha256, name=name, state="planned", options=options, corrections={}, counts=Counts.of(drafts), report=rows_out(table, drafts),
        created_at=work.clock.now(), created_by=work.actor.label,
    )  # fmt: skip
    await store.add(work, made)
    return made.out(notes=before)


async def show(work: Work, intake_id: UUID) -> IntakeOut:
    """An import as it stands: checked afresh while it is open, else what became of it."""
    intake = await store.load(work, intake_id)
    if intake.state in store.AT_WORK:
        return structs.replace(intake.out(), progress=await store.progress(work, intake))
    if intake.state != "planned":
        return intake.out()
    table = _table(work, intake)
    drafts, _ = await _checked(work, table, intake.options)
    return structs.replace(intake.out(rows_out(table, drafts), await store.accepted_before(work, intake.sha256)), counts=Counts.of(drafts))


async def last_checked(work: Work, intake_id: UUID) -> IntakeOut:
    """An import as it was found when it was last checked, at once; accepting it checks it anew in any case."""
    intake = await store.load(work, intake_id)
    if intake.state != "planned" or intake.report is None:
        return await show(work, intake_id)
    return intake.out(notes=await store.accepted_before(work, intake.sha256))


async def recheck(work: Work, intake_id: UUID) -> IntakeOut:
    """Check again what was not found before: a committee, say, may have been registered meanwhile."""
    return await _corrected(work, await store.load_open(work, intake_id))


async def recent(work: Work, limit: int = 50) -> list[IntakeOut]:
    """The imports the actor may see, the latest first, without their rows."""
    return [intake.out([]) for intake in await store.recent(work, limit)]


async def correct(work: Work, intake_id: UUID, cells: list[Correction]) -> IntakeOut:
    """Put cells right in place and check again; the file itself stays as it was uploaded."""
    intake = await store.load_open(work, intake_id)
    numbers = {row.number for row in _table(work, intake).rows}
    unmet = []
    for cell in cells:
        column = headers().get(folded(cell.column))
        if column is None:
            unmet.append(Unmet("column.unknown", say("没有“{name}”这一列", name=cell.column[:60]), "column"))
        elif cell.row not in numbers:
            unmet.append(Unmet("row.unknown", say("文件没有第 {row} 行数据", row=cell.row), "row"))
        else:
            intake.corrections.setdefault(cell.row, {})[column.key] = cell.value.strip()
    if unmet:
        raise BadInput(say("更正有误"), unmet=unmet)
    return await _corrected(work, intake)


async def mend(work: Work, intake_id: UUID, content: bytes, name: str) -> IntakeOut:
    """Take the rows of an error file that was put right back into the import it came from; each says which row it is."""
    intake = await store.load_open(work, intake_id)
    first, again = _table(work, intake), read_table(content, name)
    numbers = {row.number for row in first.rows}
    unmet = [
        Unmet("row.unknown", say("请保留错误文件的“{name}”列；新增的行请另行上传", name=ROW_HEADER), f"A{row.number}")
        for row in again.rows if row.source not in numbers
    ]  # fmt: skip
    if unmet:
        raise BadInput(say("这些行在原文件中找不到"), unmet=unmet[:MOST_NAMED])
    for row in again.rows:
        assert row.source is not None
        intake.corrections[row.source] = {key: str(row.cells.get(key, "")) for key in {*first.places, *again.places}}
    return await _corrected(work, intake)


async def discard(work: Work, intake_id: UUID) -> str:
    """Throw a check away that nobody accepted, with what was corrected in it; nothing was written. Gives the name of its file."""
    intake = await store.load_open(work, intake_id)
    await store.remove(work, intake)
    return intake.name


async def _corrected(work: Work, intake: Intake) -> IntakeOut:
    table = _table(work, intake)
    drafts, _ = await _checked(work, table, intake.options)
    intake.counts, intake.report, intake.failure = Counts.of(drafts), rows_out(table, drafts), None
    await store.keep(work, intake)
    return intake.out()


async def errors(work: Work, intake_id: UUID) -> bytes:
    """The rows that are wrong, as a workbook that can be put right and loaded again."""
    intake = await store.load(work, intake_id)
    found = await show(work, intake_id)
    wrong = [row for row in found.rows if row.outcome == "error" and row.standard_id is None]
    if not wrong:
        raise NotFound(say("没有有误的行"))
    return errors_file(_table(work, intake), wrong, await linkage().words(work))


async def accept(work: Work, intake_id: UUID, *, only_good: bool = False) -> IntakeOut:
    """Take the rows in, all in one transaction: every row, or with `only_good` those without error.

    Raises `Refused` naming cells while rows are wrong, `Conflict` if it was accepted before.
    """
    intake = await store.load_open(work, intake_id)
    return await take_in(work, intake, await ready(work, intake, only_good=only_good))


class Ready(Struct, frozen=True):
    """Rows that were checked and may be taken in; nothing is written yet."""

    table: Table
    drafts: list[Draft]
    good: list[Draft]
    known: Known


async def ready(work: Work, intake: Intake, *, only_good: bool) -> Ready:
    """What an acceptance would write. Raises `Refused` naming cells while rows are wrong."""
    table = _table(work, intake)
    drafts, known = await _checked(work, table, intake.options)
    good = [draft for draft in drafts if draft.outcome != "error"]
    if len(good) < len(drafts) and not only_good:
        raise Refused(
            say("{count} 行有误，没有写入任何数据；请更正，或只导入无误的行", count=len(drafts) - len(good)), unmet=_named(table, drafts)
        )
    if not good:
        raise Refused(say("没有可以导入的行"), unmet=_named(table, drafts))
    return Ready(table, drafts, good, known)


async def take_in(work: Work, intake: Intake, found: Ready) -> IntakeOut:
    """Write the rows that are ready, and tell how many are written as it goes."""
    table, drafts, good, known = found.table, found.drafts, found.good, found.known
    registered = await _register(work, good)
    standards = {}
    with store.counting(intake.id, len(good)) as count:
        for draft in good:
            standards[draft.number] = await _enter(work, intake.id, draft, registered)
            count()
    await search.index_many(work.connection, [facts.indexed_as(standard) for standard in standards.values()], fresh=True)
    await _relate(work, good, standards, known)
    for draft in good:
        for at, project in enumerate(draft.claims):
            await linkage().claim(work, project.id, standards[draft.number].id, primary=at == 0)
    notes = {str(standards[draft.number].id): draft.note for draft in good if draft.note}
    await work.append(Import(id=intake.id), PortfolioImported(
        filename=intake.name, sha256=intake.sha256, rows=len(drafts), taken=len(good), left_out=len(drafts) - len(good),
        organisations=len(registered), notes=notes,
    ))  # fmt: skip
    intake.state, intake.accepted_at, intake.accepted_by = "accepted", work.clock.now(), work.actor.label
    intake.failure = None
    intake.counts = Counts.of(drafts, taken=len(good))
    intake.report = rows_out(table, drafts, {number: standard.id for number, standard in standards.items()})
    await store.keep(work, intake)
    return intake.out()


async def _enter(work: Work, import_id: UUID, draft: Draft, registered: dict[str, UUID]) -> Standard:
    assert draft.entry is not None
    units = [
        DraftingUnit(registered[folded(unit)] if isinstance(unit, str) else unit, rank, lead=rank == 1)
        for rank, unit in enumerate(draft.unit_ids, 1)
    ]
    return await facts.enter(work, structs.replace(draft.entry, drafting_units=units, import_id=import_id), alone=False)


async def _register(work: Work, drafts: list[Draft]) -> dict[str, UUID]:
    """Put the organisations that are new on the register; what kind they are is for somebody to say later."""
    names = {folded(unit): unit for draft in drafts for unit in draft.unit_ids if isinstance(unit, str)}
    return {key: (await organisations.register(work, NewOrganisation(name_zh=name, kind="other"))).id for key, name in names.items()}


async def _relate(work: Work, drafts: list[Draft], standards: dict[int, Standard], known: Known) -> None:
    """Relations to standards of the portfolio where they are there or come in with this file, else to the number as text."""
    here = {key: there.id for key, there in known.by_number.items()}
    here |= {draft.number_key: standards[draft.number].id for draft in drafts if draft.number_key and standards[draft.number].number_key}
    edges: dict[str, dict[UUID, list[UUID]]] = {}
    for draft in drafts:
        standard = standards[draft.number]
        for link in draft.links:
            target = here.get(link.key)
            graph = edges.setdefault(link.kind, await repository.edges(work.connection, link.kind) if link.kind not in edges else {})
            if target and closes_cycle(standard.id, target, graph):
                target = None
            if target:
                graph.setdefault(standard.id, []).append(target)
            event = Related(
                relation=uuid4(), kind=link.kind, target=target, identifier=None if target else link.identifier, degree=link.degree
            )
            await work.append(standard, event, effective_on=standard.step_entered_on)


async def _checked(work: Work, table: Table, options: Options) -> tuple[list[Draft], Known]:
    """Every row checked against itself, the other rows and everything that is there."""
    drafts = read_rows(table.rows, work.today)
    mark_twins(drafts)
    known = await lookups.known_for(work, drafts)
    nears = Nears(Near(known.committee_names), Near(known.organisation_names))
    may_register = work.actor.may("organisation.manage")
    for draft in drafts:
        settle(draft, known, options, nears, lambda reach: work.actor.may(PERMISSION, reach), may_register)
    return drafts, known


def _named(table: Table, drafts: list[Draft]) -> list[Unmet]:
    found = [
        Unmet(problem.code, problem.why, table.cell(draft.number, problem.column))
        for draft in drafts for problem in draft.problems if problem.severity == "error"
    ]  # fmt: skip
    return found[:MOST_NAMED]


def _table(work: Work, intake: Intake) -> Table:
    return read_table(work.files.get(intake.sha256), intake.name).corrected(intake.corrections)

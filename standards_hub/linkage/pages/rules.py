"""Two counting rules side by side on the same day, and where they part, standard by standard."""

from datetime import date
from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from standards_hub.kernel.errors import HubError, NotFound
from standards_hub.kernel.forms import Form
from standards_hub.kernel.http import download, language_of
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import page
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository, sheets
from standards_hub.linkage.counting import window_of
from standards_hub.linkage.rule import rules
from standards_hub.linkage.services import tallies
from standards_hub.linkage.services.tallies import SideBySide, Tally

AnyRequest = Request[Any, Any, Any]
CLAUSES: dict[str, Message] = {
    "trigger": say("计入时点"), "window": say("计入期间"), "status": say("标准状态"), "kinds": say("制修订类别"), "types": say("国际文件类型"),
    "families": say("标准类别"), "roles": say("主导与参与"), "lead": say("主导的认定"), "evidence": say("佐证材料"), "parts": say("分部分标准"),
    "adoption": say("采用国际标准"), "distinct": say("去重与归集"),
}  # fmt: skip
"""What each clause of a rule is about."""
READ: dict[str, Any] = {"permission": "report.read"}


class Asked(Struct, frozen=True):
    """The fields of the form as they stand in the address."""

    first: str
    second: str
    as_of: date
    known_at: date | None = None


async def _form(request: AnyRequest, work: Work, key: str) -> Form:
    """What is asked, with the plan's own rule against the first other one where nobody says."""
    plan = await repository.plan_facts(work, key)
    own = plan.count_rule.partition("@")[0]
    other = next((rule.key for rule in rules() if rule.key != own), own)
    there = Form(fields={name: [value] for name, value in request.query_params.items() if value})
    for name, value in {"first": own, "second": other, "as_of": work.today.isoformat()}.items():
        there.fields.setdefault(name, [value])
    return there


async def _both(work: Work, key: str, form: Form) -> SideBySide:
    asked = form.into(Asked)
    return await tallies.side_by_side(work, key, asked.as_of, asked.second, known_at=asked.known_at, rule=asked.first)


def worded(tally: Tally) -> list[tuple[Message, Name]]:
    """The clauses of the rule in words, with the window and the numbers in their places."""
    start, end = window_of(tally.plan, tally.rule)
    values = {"start": start, "end": end, "first": tally.rule.lead.first}
    return [(CLAUSES[name], Name(Message(c.zh, values).into("zh"), Message(c.en, values).into("en"))) for name, c in tally.rule.clauses]


@get("/plans/{key:str}/rules", opt=READ, include_in_schema=False)
async def compare(request: AnyRequest, reading: Work, key: str) -> Response[str]:
    """The targets under both rules, and each standard that they judge otherwise with the clauses that decided."""
    plan = await repository.plan_by_key(reading, key)
    form, both = await _form(request, reading, key), None
    try:
        both = await _both(reading, key, form)
    except HubError as error:
        form.error = error
    clauses = list(zip(worded(both.first), worded(both.second), strict=True)) if both else []
    trail = [(say("计划"), "/plans"), (plan.name, f"/plans/{key}")]
    return page(
        request, "plans/rules.html", status=form.error.status if form.error else 200, plan=plan, form=form, both=both, trail=trail,
        choices=[(rule.id, Name(rule.zh, rule.en)) for rule in rules()], changes=sheets.CHANGES, clause_names=CLAUSES, today=reading.today,
        clauses=[(name, mine, theirs) for (name, mine), (_, theirs) in clauses if mine != theirs],
        chosen=[both.first.rule.id, both.second.rule.id] if both else [form.text("first"), form.text("second")],
    )  # fmt: skip


@get("/plans/{key:str}/rules/file/{format:str}", opt=READ, include_in_schema=False)
async def file(request: AnyRequest, reading: Work, key: str, format: str) -> Response[bytes]:
    """The same as a file."""
    if format not in sheets.MEDIA:
        raise NotFound(say("没有这种格式：{format}", format=format))
    form = await _form(request, reading, key)
    both = await _both(reading, key, form)
    made = sheets.written(both, "csv" if format == "csv" else "xlsx", language_of(request))
    return download(made, f"口径比较-{key}-{form.text('as_of')}.{format}", sheets.MEDIA[format])


PAGES: list[Any] = [compare, file]

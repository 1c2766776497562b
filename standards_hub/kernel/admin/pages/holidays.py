"""The calendar of public holidays as a page, entered from a table."""

import re
from typing import Any

from litestar import Request, Response, get, post

from standards_hub.kernel import holidays
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.holidays import service
from standards_hub.kernel.messages import PACKAGE, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]
EXAMPLE = PACKAGE / "kernel" / "holidays" / "2026.csv"
KIND_NAMES = {"off": say("放假"), "work": say("上班")}
WEEKDAYS = (say("周一"), say("周二"), say("周三"), say("周四"), say("周五"), say("周六"), say("周日"))
MOST_BYTES = 256 * 1024
YEAR = re.compile("1949|19[5-9][0-9]|2[0-9]{3}")


@get("/admin/holidays", opt={"permission": "holiday.read"}, include_in_schema=False)
async def holidays_page(request: AnyRequest) -> Response[str]:
    """The days of a year, this one unless another is asked for."""
    return await _shown(request, Form())


async def _shown(request: AnyRequest, form: Form) -> Response[str]:
    hub: Hub = request.app.state.hub
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        given = request.query_params.get("year", "")
        year = int(given) if YEAR.fullmatch(given) else reading.today.year
        days = await holidays.of_year(reading.connection, year)
        entered, this_year = await holidays.years(reading.connection), reading.today.year
    return page(
        request, "admin/holidays.html", status=form.error.status if form.error else 200, form=form, year=year, days=days,
        years=sorted({*entered, year, this_year, this_year + 1}), kinds=KIND_NAMES, weekdays=WEEKDAYS, columns=service.COLUMNS,
    )  # fmt: skip


@post("/admin/holidays", opt={"permission": "holiday.manage"}, include_in_schema=False)
async def enter(request: AnyRequest) -> Response[Any]:
    """Take in a table; each year in it is replaced as a whole."""
    form = await Form.of(request)
    file = form.file("file")
    content = await file.read() if file else b""

    async def do(work: Work) -> list[int]:
        if not content or len(content) > MOST_BYTES:
            why = say("请选择 CSV 文件") if not content else say("文件过大，节假日表不超过 256 KB")
            raise BadInput(say("节假日表有误"), unmet=[Unmet("file", why, "file")])
        return await holidays.enter(work, holidays.read_csv(content))

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        return await _shown(request, form)
    return go(request, f"/admin/holidays?year={outcome.value[-1]}", say("已登记 {years} 年的节假日", years=[str(y) for y in outcome.value]))


@get("/admin/holidays/2026.csv", opt={"permission": "holiday.read"}, include_in_schema=False)
async def example() -> Response[bytes]:
    """The table of 2026, which is also the pattern for other years."""
    headers = {"Content-Disposition": 'attachment; filename="holidays-2026.csv"'}
    return Response(b"\xef\xbb\xbf" + EXAMPLE.read_bytes(), media_type="text/csv; charset=utf-8", headers=headers)


PAGES: list[Any] = [holidays_page, enter, example]

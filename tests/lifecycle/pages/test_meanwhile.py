"""Forms that somebody else overtook: what was changed meanwhile is shown, and nothing typed is lost."""

import re

from litestar import Litestar
from lxml import html

from standards_hub.kernel.work import Hub
from tests.lifecycle.pages.finding import standard_with
from tests.support.office import visit


async def test_a_change_by_somebody_else_is_shown_and_nothing_typed_is_lost(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="示例〔2025〕050号")
    async with await visit(office_app, "duty") as other, await visit(office_app, "secretary") as visitor:
        edited = await other.send_form(f"/standards/{standard.id}/acts/edit", {"version": standard.version, "ccs": "F19"})
        assert edited.status_code == 303
        stale = await visitor.send_form(f"/standards/{standard.id}/acts/suspend", {"version": standard.version, "reason": "示例：等待协调"})
        assert stale.status_code == 412
        assert "修改信息：CCS 分类" in stale.text and "标准化处值班（示例）" in stale.text and "示例：等待协调</textarea>" in stale.text
        version = re.search(r'name="version" value="(\d+)"', stale.text)
        assert version and int(version[1]) > standard.version
        odd = await visitor.send_form(f"/standards/{standard.id}/acts/suspend", {"version": "9" * 5000, "reason": "示例：等待协调"})
        assert odd.status_code == 412 and "修改信息：CCS 分类" in odd.text
        done = await visitor.send_form(f"/standards/{standard.id}/acts/suspend", {"version": version[1], "reason": "示例：等待协调"})
    assert done.status_code == 303
    assert (await standard_with(hub, id=standard.id)).status == "suspended"


async def test_a_form_that_was_overtaken_puts_nothing_back_that_others_changed(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, plan_number="示例〔2025〕050号")
    path = f"/standards/{standard.id}/acts"

    def filled(text: str) -> dict[str, object]:
        form = html.fromstring(text).xpath("//form[contains(@class, 'act')]")[0]
        return {name: value for name, value in form.fields.items() if name != "csrf"}

    async with await visit(office_app, "duty") as other, await visit(office_app, "secretary") as visitor:
        mine = filled((await visitor.get(f"{path}/edit")).text)
        done = await other.send_form(f"{path}/edit", {"version": standard.version, "title_en": "Example: theirs", "ccs": "F19"})
        assert done.status_code == 303
        stale = await visitor.send_form(f"{path}/edit", mine | {"title_zh": "示例：自己写的", "ccs": "F20"})
        assert stale.status_code == 412 and "您没有改过的项目" in stale.text
        rows = [
            [" ".join(cell.text_content().split()) for cell in row]
            for row in html.fromstring(stale.text).xpath("//*[@role='alert']//tbody/tr")
        ]
        assert ["CCS 分类", "；".join(standard.ccs) or "—", "F19", "F20"] in rows  # when it was opened, now, as it was typed
        assert ["英文名称", standard.title_en or "—", "Example: theirs", "没有改"] in rows and len(rows) == 2
        assert (await visitor.send_form(f"{path}/edit", filled(stale.text))).status_code == 303
        after = await standard_with(hub, id=standard.id)
        assert (after.title_zh, after.title_en, after.ccs) == ("示例：自己写的", "Example: theirs", ["F20"])

        mine = filled((await visitor.get(f"{path}/team")).text)
        team = {**filled((await other.get(f"{path}/team")).text), "drafters[0][rank]": "", "drafters[0][person_id]": ""}
        people = [name for name in team if name.startswith("drafters[")]
        assert (await other.send_form(f"{path}/team", {**team, **dict.fromkeys(people, "")})).status_code == 303
        stale = await visitor.send_form(f"{path}/team", mine)
        assert stale.status_code == 412
        (row,) = html.fromstring(stale.text).xpath("//*[@role='alert']//tbody/tr")
        assert [cell.text_content().strip() for cell in row][::2] == ["起草人", "—"] and "没有改" in row.text_content()
        shown = html.fromstring(stale.text).xpath("//input[contains(@name, '[person_id]')]/@value")
    assert not any(shown)

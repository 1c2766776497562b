"""Lists that somebody keeps: made, renamed, made the usual one, given up, and nobody else's."""

from litestar import Litestar
from lxml import html

from tests.support.office import visit


async def test_a_list_is_kept_found_again_renamed_and_given_up(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor, await visit(office_app, "officer") as other:
        form = await visitor.get("/standards/views?query=overdue%3Dtrue%26level%3Dnational")
        assert 'value="overdue=true&amp;level=national"' in form.text
        assert "保存当前列表" in form.text and "保存当前列表" not in (await visitor.get("/standards/views")).text
        kept = await visitor.send_form("/standards/views", {"name": " 逾期  国标 ", "query": "overdue=1&level=national"})
        assert (kept.status_code, kept.headers["location"]) == (303, "/standards?level=national&overdue=true")
        assert ">逾期 国标</a>" in (await visitor.get("/standards?all=1")).text
        assert "逾期 国标" not in (await other.get("/standards?all=1")).text
        [view] = (await visitor.get("/api/v1/views")).json()
        path = f"/standards/views/{view['id']}"
        assert (await other.send_form(path, {"name": "别人的", "query": ""})).status_code == 404
        assert (await other.send_form(f"{path}/removal")).status_code == 404
        await visitor.send_form(path, {"name": "新名", "query": view["query"], "usual": "0"})
        assert [one["name"] for one in (await visitor.get("/api/v1/views")).json()] == ["新名"]
        asks = html.fromstring((await visitor.get("/standards/views")).text).xpath(f"//details//form[@action='{path}/removal']")
        assert len(asks) == 1 and "删除视图“新名”后不能找回" in asks[0].text_content()
        await visitor.send_form(f"{path}/removal")
        assert (await visitor.get("/api/v1/views")).json() == []


async def test_the_usual_view_is_shown_where_nothing_is_asked_for_and_there_is_one_at_most(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        await visitor.send_form("/standards/views", {"name": "一", "query": "level=local", "usual": "1"})
        await visitor.send_form("/standards/views", {"name": "二", "query": "level=national&sort=due", "usual": "1"})
        assert (await visitor.get("/standards")).headers["location"] == "/standards?level=national&sort=due"
        assert (await visitor.get("/standards?all=1")).status_code == 200
        assert [(one["name"], one["usual"]) for one in (await visitor.get("/api/v1/views")).json()] == [("一", False), ("二", True)]


async def test_a_name_that_is_taken_is_said_at_its_field(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        await visitor.send_form("/standards/views", {"name": "一", "query": "level=local"})
        again = await visitor.send_form("/standards/views", {"name": "一", "query": "level=national"})
        assert again.status_code == 409 and "已有视图“一”，请换一个名称" in again.text and 'value="level=national"' in again.text
        assert (await visitor.send_form("/standards/views", {"name": " ", "query": ""})).status_code == 422
        wrong = await visitor.send_form("/standards/views", {"name": "二", "query": "published_from=x"})
        assert wrong.status_code == 422 and len((await visitor.get("/api/v1/views")).json()) == 1


async def test_the_api_keeps_the_same_views(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        visitor.headers["x-csrf-token"] = visitor.csrf
        made = await visitor.post("/api/v1/views", json={"name": "示例", "query": "overdue=1&q="})
        assert made.status_code == 201 and made.json()["query"] == "overdue=true"
        view = f"/api/v1/views/{made.json()['id']}"
        changed = await visitor.put(view, json={"name": "示例二", "query": "level=local", "usual": True})
        assert changed.json()["usual"] and changed.json()["query"] == "level=local"
        assert (await visitor.delete(view)).status_code == 204
        assert (await visitor.delete(view)).status_code == 404

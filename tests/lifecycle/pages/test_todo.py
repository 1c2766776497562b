"""What is to be done: grouped by day with the one act, a body's queue, and duties that a deputy does for another."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Litestar
from lxml import html

from standards_hub.kernel import holidays
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.holidays import Holiday
from standards_hub.kernel.messages import day_in
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.services import duties
from tests.support.office import TODAY, visit

UNTIL = str(date.fromisoformat(TODAY) + timedelta(days=7))


async def todos_of(app: Litestar, login: str) -> list[duties.Todo]:
    hub = app.state.hub
    async with hub.database.read() as connection:
        actor = await accounts.actor_for_login(connection, login, hub.clock.today())
    async with hub.reading(actor) as work:
        return await duties.mine_to_do(work)


def acts_on(text: str) -> list[Any]:
    """Where the last column of each row on standards leads, in the order of the page."""
    return list(html.fromstring(text).xpath("//main//tr/td[last()]/a[starts-with(@href, '/standards/')]/@href"))  # type: ignore[arg-type]


async def test_everything_is_shown_once_by_due_day_with_the_act_that_settles_it(office_app: Litestar) -> None:
    found = await todos_of(office_app, "secretary")
    async with await visit(office_app, "secretary") as secretary:
        answer = await secretary.get("/todo")
        for path in sorted(set(acts_on(answer.text)))[:3]:
            assert (await secretary.get(path.partition("/acts/")[0].partition("#")[0])).status_code in (200, 404)
    tails = {"advance": "/acts/advance", "extension": "/acts/extension-decision", "accept": "#dossier", "read": "", "supply": "#missing"}
    one_paper = [
        (todo, f"/papers/new?kind={todo.papers[0]}" if todo.act == "supply" and len(todo.papers) == 1 else tails[todo.act])
        for todo in found
    ]
    assert sorted(acts_on(answer.text)) == sorted(f"/standards/{todo.standard_id}{tail}" for todo, tail in one_paper) and found
    tree = html.fromstring(answer.text)
    order = [heading.get("id") for heading in tree.xpath("//main//h2")]  # type: ignore[union-attr]
    assert order == [key for key in ("votes", "terms", "late", "today", "week", "later", "open") if key in order]
    assert "terms" in order and "江苏省石墨烯标准化技术委员会" in answer.text
    counts = [int(small.text) for small in tree.xpath("//main//h2[not(@id = 'terms' or @id = 'votes')]/small")]  # type: ignore[union-attr, arg-type]
    assert sum(counts) == len(found) and f"本人待办 {len(found)} 项" in answer.text


async def test_what_waits_is_asked_for_in_four_queries(office_app: Litestar) -> None:
    hub, asked = office_app.state.hub, []
    async with hub.database.read() as connection:
        actor = await accounts.actor_for_login(connection, "secretary", hub.clock.today())

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    sa.event.listen(hub.database.engine.sync_engine, "before_cursor_execute", note)
    async with hub.reading(actor) as work:
        assert await duties.mine_to_do(work)
    sa.event.remove(hub.database.engine.sync_engine, "before_cursor_execute", note)
    assert len([one for one in asked if one.startswith("SELECT")]) == 4


async def test_a_body_shows_everybodys_turn_to_those_who_work_in_it(office_app: Litestar) -> None:
    async with await visit(office_app, "member") as member, await visit(office_app, "drafter") as drafter:
        own = await member.get("/todo")
        body = re.search(r'href="/todo\?body=(committee:[\w-]+)"', own.text)
        assert body
        queue = await member.get(f"/todo?body={body[1]}")
        by_door = (await member.get(f"/api/v1/todo?body={body[1]}")).json()
        closed = await drafter.get(f"/todo?body={body[1]}")
        wrong = await member.get("/todo?body=committee:1")
    assert len(acts_on(queue.text)) == len(by_door) > len(acts_on(own.text))
    assert {todo["mine"] for todo in by_door} >= {False} and {todo["act"] for todo in by_door if not todo["mine"]} == {"read"}
    assert "江苏省氢燃料电池汽车标准化技术委员会：共" in queue.text
    assert closed.status_code == 403 and wrong.status_code == 422
    async with office_app.state.hub.database.read() as connection:
        there = await repository.under_way_in(connection, {("committee", body[1].partition(":")[2])})
    assert {UUID(todo["standard_id"]) for todo in by_door} <= there.keys()


async def test_a_deputy_sees_the_duties_marked_does_them_and_is_named_in_the_log(office_app: Litestar) -> None:
    hub = office_app.state.hub
    before = await todos_of(office_app, "lab")
    async with await visit(office_app, "secretary") as secretary, await visit(office_app, "lab") as lab:
        form = await secretary.get("/todo/deputies")
        assert "江苏省石墨烯标准化技术委员会" in form.text
        named = await secretary.send_form("/todo/deputies", {"login": "lab", "until": UNTIL, "body_id": ""})
        assert named.status_code == 303
        shown = await lab.get("/todo")
        assert "代 周启航（示例）" in shown.text and len(acts_on(shown.text)) > len(before)
        assert "代理您至 " in (await secretary.get(named.headers["location"])).text
        theirs = await lab.get("/todo/deputies")
        assert "周启航（示例）" in theirs.text and "代理中" in theirs.text
        todo = next(t for t in await todos_of(office_app, "lab") if t.acting_for and t.act == "advance")
        patch = await lab.patch(f"/api/v1/standards/{todo.standard_id}", json={"title_en": "Example"}, headers={"x-csrf-token": lab.csrf})
        assert patch.status_code == 200, patch.text
        id = re.search(r"/todo/deputies/([\w-]+)/end", theirs.text)
        assert id
        async with await visit(office_app, "manager") as stranger:
            assert (await stranger.send_form(f"/todo/deputies/{id[1]}/end")).status_code == 404
        assert (await secretary.send_form(f"/todo/deputies/{id[1]}/end")).status_code == 303
        assert len(acts_on((await lab.get("/todo")).text)) == len(before)
        refused = await lab.patch(f"/api/v1/standards/{todo.standard_id}", json={"title_en": "Other"}, headers={"x-csrf-token": lab.csrf})
        assert refused.status_code == 403
    event = table_of(EventRow)
    async with hub.database.read() as connection:
        query = sa.select(event.c.actor).where(event.c.stream == f"standard:{todo.standard_id}").order_by(event.c.seq.desc()).limit(1)
        actor = (await connection.execute(query)).scalar_one()
        assert actor == f"account:{(await accounts.account_by_login(connection, 'lab')).id}"


async def test_what_is_wrong_with_a_deputy_is_said_at_its_field_and_stays_typed(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as secretary:
        answer = await secretary.send_form("/todo/deputies", {"login": "nobody", "since": "", "until": "2026-11-01"})
    assert answer.status_code == 422 and 'value="nobody"' in answer.text
    assert '<a href="#login">' in answer.text and '<a href="#until">' in answer.text


async def test_an_administrator_has_nothing_to_lend_and_the_doors_say_the_same_as_the_page(office_app: Litestar) -> None:
    async with await visit(office_app, "admin") as admin:
        assert "系统管理员的角色不能代理" in (await admin.get("/todo/deputies")).text
        headers = {"x-csrf-token": admin.csrf}
        assert (await admin.post("/api/v1/me/deputies", json={"login": "lab", "until": UNTIL}, headers=headers)).status_code == 422
    async with await visit(office_app, "secretary") as secretary:
        headers = {"x-csrf-token": secretary.csrf}
        made = await secretary.post("/api/v1/me/deputies", json={"login": "lab", "until": UNTIL}, headers=headers)
        assert made.status_code == 201
        assert [one["deputy"] for one in (await secretary.get("/api/v1/me/deputies")).json()["named"]] == ["谭清和（示例）"]
        assert (await secretary.delete(f"/api/v1/me/deputies/{made.json()['id']}", headers=headers)).status_code == 204
        assert (await secretary.get("/api/v1/me/deputies")).json() == {"named": [], "acting_for": []}


async def test_the_pages_speak_english_and_the_public_signs_in_first(office_app: Litestar) -> None:
    async with await visit(office_app, "member", language="en") as member, await visit(office_app) as public:
        shown = [(await member.get(f"{path}?lang=en")).text for path in ("/todo", "/todo/deputies")]
        assert (await public.get("/todo")).headers["location"].startswith("/sign-in")
    assert "things to do" in shown[0] and "Name a deputy" in shown[1]
    for heading in html.fromstring(shown[0]).xpath("//main//h1|//main//h2|//main//th"):  # type: ignore[union-attr]
        assert not re.search(r"[一-鿿]", heading.text_content())  # type: ignore[union-attr]


async def test_whoever_is_to_supply_a_paper_is_asked_for_it_until_it_is_handed_in(office_app: Litestar) -> None:
    async def asked(login: str) -> list[duties.Todo]:
        return [todo for todo in await todos_of(office_app, login) if todo.label == "示例〔2026〕041号" and todo.papers]

    (todo,), (lab,) = await asked("drafter"), await asked("lab")
    assert todo.papers == ("explanatory_note", "verification_report") and lab.papers == ("verification_report",)
    assert str(todo.what) == "完成征求意见稿，2026-12-26 届满；缺少编制说明、试验验证报告（或免验证说明）"
    assert (lab.kind, str(lab.what), lab.due_on) == ("missing", "缺少试验验证报告（或免验证说明）", date(2026, 12, 26))
    assert await asked("secretary") == []
    async with await visit(office_app, "drafter") as drafter, await visit(office_app, "lab") as laboratory:
        assert f"/standards/{todo.standard_id}#missing" in acts_on((await drafter.get("/todo")).text)
        given = {"kind": "explanatory_note", "dated": "2026-11-20", "reference": "示例〔2026〕9号"}
        assert (await drafter.send_form(f"/standards/{todo.standard_id}/papers/new", given)).status_code == 303
        form = f"/standards/{todo.standard_id}/papers/new?kind=verification_report"
        for visitor in (drafter, laboratory):
            assert form in acts_on((await visitor.get("/todo")).text)
        given["kind"] = "verification_report"
        assert (await laboratory.send_form(form.partition("?")[0], given)).status_code == 303
        for visitor in (drafter, laboratory):
            assert form not in acts_on((await visitor.get("/todo")).text)
        assert [one["papers"] for one in (await drafter.get("/api/v1/todo")).json() if one["label"] == todo.label] == [[], []]


async def test_who_accepts_papers_hands_in_what_is_missing_with_the_act_itself(office_app: Litestar) -> None:
    found = [todo for todo in await todos_of(office_app, "secretary") if todo.papers]
    assert found and {todo.act for todo in found} == {"advance"}
    assert len({todo.standard_id for todo in found}) == len(found)  # one row a standard, however much it lacks


async def test_a_limit_that_ends_on_a_day_off_says_so_and_stays_where_it_is(office_app: Litestar) -> None:
    today = date.fromisoformat(TODAY)
    one = next(todo for todo in await todos_of(office_app, "secretary") if todo.kind == "deadline" and todo.due_on and todo.due_on >= today)
    assert one.due_on
    async with office_app.state.hub.work(SYSTEM) as work:
        await holidays.enter(work, [Holiday(one.due_on, "off", "示例节", "Example day", "示例依据")])
        await work.commit()
        before = (await holidays.days_off(work.connection, [one.due_on]))[one.due_on].before
    async with await visit(office_app, "secretary") as secretary:
        for path in ("/todo", f"/standards/{one.standard_id}"):
            page = (await secretary.get(path)).text
            assert str(one.due_on) in page and f"示例节，建议提前至 {before}" in page, path
        assert f"Example day, so better by {day_in('en', before)}" in (await secretary.get("/todo?lang=en")).text
    assert one in await todos_of(office_app, "secretary")


async def test_in_english_a_standard_and_its_papers_are_called_in_english(office_app: Litestar) -> None:
    found = await todos_of(office_app, "secretary")
    paper = next(todo for todo in found if todo.kind == "paper")
    assert paper.title.en != paper.title.zh
    async with await visit(office_app, "secretary") as secretary:
        english = html.fromstring((await secretary.get("/todo?lang=en")).text)
        form = html.fromstring((await secretary.get(f"/standards/{paper.standard_id}/acts/edit")).text)
    rows = [" ".join(row.text_content().split()) for row in english.xpath("//table[contains(@class, 'todo')]/tbody/tr")]
    assert all(any(todo.title.en in row for row in rows) for todo in found)
    assert any(paper.title.en in row and paper.what.into("en") in row for row in rows)
    assert not re.search("[\u4e00-\u9fff]", paper.what.into("en"))
    assert paper.title.en in form.xpath("//main")[0].text_content()

"""Search, the log, jobs, mails, the list as CSV and the calendar, through the application."""

import asyncio
import csv
import io
from datetime import date, timedelta

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from icalendar import Calendar
from litestar import Litestar
from sqlalchemy.exc import DBAPIError

from standards_hub.kernel import mail
from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import listing, repository
from standards_hub.lifecycle.repository import STANDARD, Filter
from tests.api.conftest import client_for, token_for
from tests.lifecycle.driving import driven, proposed


async def test_search_finds_all_kinds_and_the_public_only_what_is_public(app: Litestar, officer: httpx.AsyncClient, hub: Hub) -> None:
    await proposed(hub, title_zh="示例 固态储氢装置")
    await officer.post("/api/v1/organisations", json={"name_zh": "示例储氢研究院", "kind": "institute"})
    found = (await officer.get("/api/v1/search", params={"q": "储氢"})).json()
    assert {hit["kind"] for hit in found["items"]} == {"standard", "organisation"} and found["next"] is None
    only = (await officer.get("/api/v1/search", params={"q": "储氢", "kind": "organisation"})).json()
    assert [hit["kind"] for hit in only["items"]] == ["organisation"]
    first = (await officer.get("/api/v1/search", params={"q": "储氢", "limit": 1})).json()
    second = (await officer.get("/api/v1/search", params={"q": "储氢", "limit": 1, "after": first["next"]})).json()
    assert first["items"] + second["items"] == found["items"] and second["next"] is None
    async with client_for(app) as public:
        assert (await public.get("/api/v1/search", params={"q": "储氢"})).json()["items"] == []
        for wrong in ({"q": "，"}, {"q": "储氢", "kind": "No Kind"}, {}):
            assert (await public.get("/api/v1/search", params=wrong)).status_code == 422


async def test_the_log_is_read_by_its_own_number_in_both_directions(officer: httpx.AsyncClient, hub: Hub) -> None:
    standard = await proposed(hub)
    await officer.patch(f"/api/v1/standards/{standard.id}", json={"stricter": True})
    own = {"stream": f"standard:{standard.id}"}
    newest = (await officer.get("/api/v1/events", params=own)).json()["items"]
    assert [event["seq"] for event in newest] == [3, 2, 1] and newest[0]["actor"].startswith("account:")
    forwards, after = [], None
    while True:
        page = (await officer.get("/api/v1/events", params={"newest": False, "limit": 2, **({"after": after} if after else {})})).json()
        forwards += [event["id"] for event in page["items"]]
        if (after := page["next"]) is None:
            break
    assert forwards == list(range(1, max(forwards) + 1)) and len(forwards) > 5
    by_me = (await officer.get("/api/v1/events", params={"actor": newest[0]["actor"], "type": newest[0]["type"]})).json()["items"]
    assert [event["id"] for event in by_me] == [newest[0]["id"]]
    early = {"until": str(standard.proposed_on), "since": str(standard.proposed_on)}
    assert [event["id"] for event in (await officer.get("/api/v1/events", params=early)).json()["items"]] == [e["id"] for e in newest[1:]]


async def test_the_proof_names_the_first_link_that_does_not_hold(officer: httpx.AsyncClient, hub: Hub) -> None:
    standard = await proposed(hub)
    sound = (await officer.get("/api/v1/audit")).json()
    assert sound["sound"] and sound["events"] > 3 and sound["broken"] is None and len(sound["head"]) == 64
    async with hub.database.write() as connection:
        forged = sa.text("UPDATE event SET payload = replace(payload, 'national', 'rational') WHERE stream = :stream")
        await connection.execute(forged, {"stream": standard.stream})
        await connection.commit()
    broken = (await officer.get("/api/v1/audit")).json()
    assert not broken["sound"] and broken["broken"]["stream"] == standard.stream and broken["broken"]["why"]["en"].isascii()


async def test_jobs_are_seen_and_failed_ones_tried_again(officer: httpx.AsyncClient, hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        await work.enqueue("deadlines.sweep", {}, key="one")
        await mail.enqueue(work, None, "示例", "示例", "no-one")
        await work.commit()
    jobs = (await officer.get("/api/v1/jobs", params={"state": "waiting"})).json()
    assert [job["name"] for job in jobs] == ["deadlines.sweep"]
    url = f"/api/v1/jobs/{jobs[0]['id']}/retry"
    assert (await officer.post(url)).status_code == 409
    async with hub.database.write() as connection:
        await connection.execute(sa.update(queue.TABLE).values(state="failed", error="示例"))
        await connection.commit()
    assert (await officer.get("/api/v1/jobs/counts")).json()["failed"] == 1
    assert (await officer.post(url)).status_code == 204
    assert (await officer.get("/api/v1/jobs/counts")).json() == {"waiting": 1, "running": 0, "done": 0, "failed": 0}
    mails = (await officer.get("/api/v1/mails")).json()
    assert [(m["subject"], m["state"]) for m in mails] == [("示例", "no-address")]
    assert (await officer.get("/api/v1/mails", params={"state": "sent"})).json() == []


async def test_the_secret_of_a_letter_that_waits_is_told_to_no_keeper_of_the_jobs(officer: httpx.AsyncClient, hub: Hub) -> None:
    """Who reads a link that sets a password could act in its owner's name, and the log would believe it."""
    async with hub.work(SYSTEM) as work:
        await mail.enqueue(work, "a@example.org", "示例", "示例链接 /reset/only-for-its-reader", "letter", secret="only-for-its-reader")
        await work.commit()
    told = await officer.get("/api/v1/jobs")
    assert [(job["name"], "a@example.org" in job["arguments"]) for job in told.json()] == [("mail.send", True)]
    assert "only-for-its-reader" not in told.text + (await officer.get("/api/v1/mails")).text


async def exported(client: httpx.AsyncClient, **params: object) -> list[dict[str, str]]:
    answer = await client.get("/api/v1/standards.csv", params=params)  # type: ignore[arg-type]
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv"), answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_the_csv_has_what_the_list_has_in_its_order(app: Litestar, officer: httpx.AsyncClient, hub: Hub) -> None:
    made = [await proposed(hub, track, on=date(2025, 3, 1) + timedelta(days=n), ics=["13.020", "71.100"], fills_gap=n == 1)
            for n, track in enumerate(("national-gbt", "local-db32", "national-gbt"))]  # fmt: skip
    rows = await exported(officer)
    assert [row["id"] for row in rows] == [str(s.id) for s in reversed(made)]
    listed = (await officer.get("/api/v1/standards")).json()["items"]
    for row, item in zip(rows, listed, strict=True):
        for name in ("title_zh", "track", "stage", "step_entered_on", "status", "committee_id"):
            assert row[name] == item[name], name
    assert rows[0]["ics"] == "13.020;71.100" and rows[0]["ccs"] == "" and [row["fills_gap"] for row in rows] == ["0", "1", "0"]
    assert [row["id"] for row in await exported(officer, level="local")] == [str(made[1].id)]
    assert [row["id"] for row in await exported(officer, q=made[0].title_zh)] == [str(made[0].id)]
    async with client_for(app) as public:
        assert await exported(public) == []


@pytest.mark.parametrize("mark", listing.FORMULA[:8])
async def test_no_cell_of_the_csv_is_a_formula(officer: httpx.AsyncClient, hub: Hub, mark: str) -> None:
    await proposed(hub, title_zh=f'{mark}HYPERLINK("x"),\n"示例"')
    assert [row["title_zh"] for row in await exported(officer)] == [f'\'{mark}HYPERLINK("x"),\n"示例"']


async def test_a_cell_of_several_texts_is_no_formula_either_and_holds_each_as_it_is(officer: httpx.AsyncClient, hub: Hub) -> None:
    await proposed(hub, ics=["=1+1", "13.020"], ccs=["示例", '甲"乙', "丙, 丁", "A"], fields=["氢能"])
    rows = await exported(officer)
    assert [(row["ics"], row["ccs"], row["fields"]) for row in rows] == [("'=1+1;13.020", '示例;甲"乙;丙, 丁;A', "氢能")]


async def test_the_csv_has_the_columns_that_are_asked_for_in_their_order(officer: httpx.AsyncClient, hub: Hub) -> None:
    made = await proposed(hub)
    answer = await officer.get("/api/v1/standards.csv", params={"columns": ["title_zh", "id", "title_zh"], "bom": False})
    assert answer.text.splitlines() == ["title_zh,id", f"{made.title_zh},{made.id}"]
    assert (await officer.get("/api/v1/standards.csv", params={"columns": "colour"})).status_code == 422


async def test_what_is_overdue_is_not_for_the_public(app: Litestar) -> None:
    async with client_for(app) as public:
        for path in ("/api/v1/standards", "/api/v1/standards.csv"):
            assert (await public.get(path, params={"overdue": True})).status_code == 401
            assert (await public.get(path, params={"overdue": False})).status_code == 200


async def test_the_bom_can_be_left_out(officer: httpx.AsyncClient) -> None:
    with_bom = (await officer.get("/api/v1/standards.csv")).content
    assert with_bom.startswith(b"\xef\xbb\xbfid,number,")
    assert (await officer.get("/api/v1/standards.csv", params={"bom": False})).content == with_bom[3:]


async def test_the_csv_comes_in_pieces(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await proposed(hub)
    monkeypatch.setattr(listing, "BATCH", 1)
    monkeypatch.setattr(listing, "CHUNK_BYTES", 1)
    pieces = [piece async for piece in listing.lines(hub, SYSTEM, Filter())]
    assert len([piece for piece in pieces if piece]) == 4
    assert (await anext(listing.lines(hub, PUBLIC, Filter(), bom=False))).startswith(b"id,")


async def test_whoever_goes_away_in_the_middle_leaves_no_connection_behind(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(8):
        await proposed(hub)
    monkeypatch.setattr(listing, "BATCH", 1)
    monkeypatch.setattr(listing, "CHUNK_BYTES", 1)
    for _ in range(20):
        pieces = listing.lines(hub, SYSTEM, Filter())
        assert await anext(pieces) and await anext(pieces)
        await pieces.aclose()
    while listing.MAKERS:
        await asyncio.sleep(0.01)
    assert hub.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert len([piece async for piece in listing.lines(hub, SYSTEM, Filter())]) >= 9


async def test_an_error_in_the_middle_reaches_the_reader(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    await proposed(hub)
    monkeypatch.setattr(listing, "_printed", lambda name, sqlite: sa.literal_column("no_such_column"))
    with pytest.raises((DBAPIError, psycopg.Error)):
        [piece async for piece in listing.lines(hub, SYSTEM, Filter())]


async def test_the_calendar_has_the_limits_one_holds_at_an_address_only_they_know(app: Litestar, hub: Hub) -> None:
    standard = await proposed(hub, "national-gbt", on=date(2026, 6, 1))
    await proposed(hub, "national-gbt", on=date(2026, 6, 1))
    standard, _ = await driven(hub, standard.id, "20.00", start=date(2026, 6, 2))
    async with hub.reading(SYSTEM) as work:
        limits = await repository.running(work.connection, ids=[standard.id])
    async with client_for(app, await token_for(hub, "drafter", ("drafter", "standard", str(standard.id)))) as drafter:
        todo = [t for t in (await drafter.get("/api/v1/todo")).json() if t["kind"] == "deadline"]
        issued = await drafter.post("/api/v1/me/calendar")
        assert issued.status_code == 201 and issued.headers["cache-control"] == "no-store"
        url = issued.json()["url"]
        async with client_for(app) as anyone:
            answer = await anyone.get(url)
            assert answer.status_code == 200 and answer.headers["content-type"] == "text/calendar; charset=utf-8"
            events = Calendar.from_ical(answer.content).walk("VEVENT")
            assert sorted(e["dtstart"].dt for e in events) == sorted(date.fromisoformat(t["due_on"]) for t in todo) and len(events) >= 1
            assert {str(e["uid"]).partition("@")[0] for e in events} <= {str(limit.id) for limit in limits}
            assert all(standard.label in str(e["summary"]) and "届满" in str(e["summary"]) for e in events)
            secret = url.rpartition("/")[2].removesuffix(".ics")
            assert (await anyone.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})).status_code == 401
            assert (await anyone.get(url.removesuffix(".ics"))).status_code == 404
            await drafter.patch("/api/v1/me", json={"language": "en"})
            summary = str(Calendar.from_ical((await anyone.get(url)).content).walk("VEVENT")[0]["summary"])
            assert "届满" not in summary
            renewed = (await drafter.post("/api/v1/me/calendar")).json()["url"]
            assert (await anyone.get(url)).status_code == 404 and (await anyone.get(renewed)).status_code == 200
            token = next(t for t in (await drafter.get("/api/v1/me/tokens")).json() if t["scope"] == "calendar")
            assert (await drafter.delete(f"/api/v1/me/tokens/{token['id']}")).status_code == 204
            assert (await anyone.get(renewed)).status_code == 404


async def test_a_token_opens_no_calendar(app: Litestar, hub: Hub) -> None:
    token = await token_for(hub, "reader")
    async with client_for(app) as anyone:
        assert (await anyone.get(f"/calendar/{token}.ics")).status_code == 404


@pytest.mark.parametrize("sort", ["moved", "due", "number"])
async def test_every_order_of_the_list_is_read_page_by_page_without_gap_or_repeat(officer: httpx.AsyncClient, hub: Hub, sort: str) -> None:
    for n, track in enumerate(("national-gbt", "local-db32", "national-gbt", "local-db32")):
        await proposed(hub, track, on=date(2025, 3, 1) + timedelta(days=n // 2))
    async with hub.work(SYSTEM) as work:
        await work.connection.execute(
            sa.update(STANDARD).where(STANDARD.c.level == "national").values(number="GB/T 1", number_key=sa.cast(STANDARD.c.id, sa.Text))
        )
        await work.commit()
    whole = (await officer.get("/api/v1/standards", params={"sort": sort})).json()["items"]
    seen, after = [], None
    while True:
        page = (await officer.get("/api/v1/standards", params={"sort": sort, "limit": 1, **({"after": after} if after else {})})).json()
        seen += page["items"]
        if not (after := page["next"]):
            break
    assert seen == whole and len({one["id"] for one in seen}) == len(seen) >= 2
    other = next(one for one in ("moved", "due") if one != sort)
    answer = await officer.get("/api/v1/standards", params={"sort": sort, "limit": 1})
    mixed = await officer.get("/api/v1/standards", params={"sort": other, "after": answer.json()["next"]})
    assert mixed.status_code == 422 and mixed.json()["unmet"][0]["where"] == "after"

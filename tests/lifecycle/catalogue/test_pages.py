"""The catalogue as pages: found by words and number, relations both ways, and related to a standard of ours."""

import re

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.lifecycle import queries, repository
from standards_hub.lifecycle.catalogue import service
from standards_hub.lifecycle.repository import Filter
from tests.support.office import visit


async def entry_of(app: Litestar, identifier: str) -> str:
    async with app.state.hub.reading(SYSTEM) as work:
        return str((await service.by_identifier(work, identifier))[0].id)


async def test_an_entry_is_found_by_words_and_by_number(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        by_words = html.fromstring((await visitor.get("/catalogue?q=hydrogen")).text)
        by_number = await visitor.get("/catalogue?q=ISO 14687")
        none = await visitor.get("/catalogue?q=zzzzqqqq")
    assert by_words.xpath("//table//b/text()") and by_words.xpath("//table//a[starts-with(@href, '/catalogue/')]")
    assert "ISO 14687" in by_number.text
    assert "没有符合的条目" in none.text


async def test_the_list_is_narrowed_and_each_filter_can_be_taken_away(office_app: Litestar) -> None:
    async with await visit(office_app) as visitor:
        tree = html.fromstring((await visitor.get("/catalogue?source=iso&status=published")).text)
        assert len(tree.xpath("//tbody/tr")) == 34
        without = [chip.get("href") for chip in tree.xpath("//a[@class='chip']")]
        assert without == ["/catalogue?status=published", "/catalogue?source=iso"]
        assert len(html.fromstring((await visitor.get(without[0])).text).xpath("//tbody/tr")) == 38


async def test_pages_of_the_list_follow_each_other_without_gap(office_app: Litestar) -> None:
    seen: list[str] = []
    path = "/catalogue"
    async with await visit(office_app) as visitor:
        while path:
            tree = html.fromstring((await visitor.get(path)).text)
            seen += [link.get("href") for link in tree.xpath("//tbody//td[1]/a")]
            path = next(iter(tree.xpath("//a[@rel='next']/@href")), "")
        total = re.search(r"(\d+) 条", (await visitor.get("/catalogue")).text)
    assert total and len(seen) == len(set(seen)) == int(total[1]) > 50


async def test_what_is_national_already_is_not_offered_for_adoption(office_app: Litestar) -> None:
    id = await entry_of(office_app, "GB/T 34584—2017")
    async with await visit(office_app, "secretary") as visitor:
        answer = await visitor.get(f"/catalogue/{id}")
    assert f'href="/catalogue/{id}/relate"' in answer.text and "adopt=" not in answer.text


async def test_an_entry_shows_its_relations_and_our_standards(office_app: Litestar) -> None:
    id = await entry_of(office_app, "ISO 14687:2025")
    async with await visit(office_app, "secretary") as visitor:
        answer = await visitor.get(f"/catalogue/{id}")
        assert f'href="/catalogue/{id}/relate"' in answer.text and f'href="/standards/new?adopt={id}"' in answer.text
        async with office_app.state.hub.reading(SYSTEM) as work:
            local = Filter(track=("local-db32@2026.1",), status=("active",))
            standard = (await queries.page(work.connection, SYSTEM, local, "moved", ("id",), at=None, limit=60)).rows
            async with office_app.state.hub.reading(await _actor(office_app, "secretary")) as own:
                mine = next(s for s in await repository.related_by(own.connection, own.actor) if s.id in {row.id for row in standard})
        done = await visitor.send_form(f"/catalogue/{id}/relate", {"standard": str(mine.id), "kind": "references", "label": "ISO 14687"})
        assert done.status_code == 303 and done.headers["location"] == f"/standards/{mine.id}"
        after = await visitor.get(f"/catalogue/{id}")
    assert f'href="/standards/{mine.id}"' in after.text and "引用" in after.text


async def test_a_standard_that_names_an_entry_by_its_number_alone_is_found_there_too(office_app: Litestar) -> None:
    id = await entry_of(office_app, "ISO 23247-1:2021")
    async with await visit(office_app, "secretary") as visitor:
        tree = html.fromstring((await visitor.get(f"/catalogue/{id}")).text)
        (ours,) = tree.xpath("//h2[text()='与它有关的本库标准']/following-sibling::ul[1]/li")
        assert "采用" in ours.text_content() and "MOD" in ours.text_content()
        (standard,) = ours.xpath(".//a/@href")
        assert "ISO 23247-1:2021" in (await visitor.get(standard)).text


async def _actor(app: Litestar, login: str):  # type: ignore[no-untyped-def]
    from standards_hub.kernel.access import repository as accounts

    async with app.state.hub.reading(SYSTEM) as work:
        return await accounts.actor_for_login(work.connection, login, work.today)


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"standard": "", "kind": "references"}, "请填写"),
        ({"standard": "GB/T 0-1900", "kind": "references"}, "找不到标准 GB/T 0-1900"),
        ({"standard": "20259109-T-469", "kind": "adopts"}, "采用国际标准须注明一致性程度"),
    ],
)
async def test_what_is_wrong_with_a_relation_is_said_and_nothing_typed_is_lost(
    office_app: Litestar, fields: dict[str, object], said: str
) -> None:
    id = await entry_of(office_app, "ISO 14687:2025")
    async with await visit(office_app, "officer") as visitor:
        answer = await visitor.send_form(f"/catalogue/{id}/relate", {**fields, "part": "第 3 章"})
    assert answer.status_code in (404, 409, 422)
    assert said in answer.text and 'value="第 3 章"' in answer.text

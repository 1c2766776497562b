"""The list of standards as a page: what the address asks for, what the page says, and the same as a file."""

import csv
import io
import re
import zipfile
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from lxml import html
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.http import LANGUAGE_COOKIE
from standards_hub.lifecycle.columns import COLUMNS
from standards_hub.lifecycle.filtering import FACETS, SORTS, Names, Query, chips, read
from standards_hub.lifecycle.repository import STANDARD
from tests.support.office import Visitor, sign_in, visit

TODAY = date(2026, 11, 24)
WORDS = st.text(min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
OF_KIND = {
    "words": WORDS, "choice": WORDS, "id": st.uuids().map(str), "flag": st.sampled_from(["true", "false"]), "only": st.just("true"),
    "day": st.dates().map(date.isoformat),
}  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> Query:
    query = Query(sort=draw(st.sampled_from(list(SORTS))))
    for name in draw(st.lists(st.sampled_from(list(FACETS)), max_size=8)):
        query = query.having(name, draw(OF_KIND[FACETS[name].kind]))
    columns = draw(st.lists(st.sampled_from(list(COLUMNS)), max_size=6))
    return read([*query.pairs(), ("columns", ",".join(columns))])


@given(queries())
def test_an_address_reads_back_to_what_it_was_written_from(query: Query) -> None:
    assert read(parse_qsl(str(query))) == query
    assert read(parse_qsl(urlsplit(query.url()).query)) == query


@given(queries())
def test_a_chip_takes_away_just_its_condition_and_putting_it_back_gives_the_same_list(query: Query) -> None:
    found = chips(query, Names())
    assert len(found) == sum(len(values) for values in query.values.values())
    for chip in found:
        left = read(parse_qsl(urlsplit(chip.url).query))
        assert chip.value not in left.values.get(chip.facet, ())
        assert set(query.pairs()) - set(left.pairs()) == {(chip.facet, chip.value)}
        assert left.having(chip.facet, chip.value) == query


@pytest.mark.parametrize(
    "name, value", [("published_from", "yesterday"), ("committee", "SAC"), ("overdue", "perhaps"), ("sort", "colour"), ("columns", "label,colour")]
)  # fmt: skip
def test_what_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(BadInput) as error:
        read([(name, value)])
    assert [unmet.where for unmet in error.value.unmet] == [name]


async def tree(visitor: Visitor, path: str) -> html.HtmlElement:
    answer = await visitor.get(path)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def cells(page: html.HtmlElement) -> list[list[str]]:
    """The table as it is read: its head, then its rows, without the boxes."""
    rows = page.xpath("//table[contains(@class, 'standards')]//tr")
    return [[" ".join(cell.text_content().split()) for cell in row if "tick" not in (cell.get("class") or "")] for row in rows]


def total(page: html.HtmlElement) -> int:
    said = re.search(r"共 ([\d,]+) 项", page.xpath("string(//p[@role='status'][contains(@class, 'sum')])"))
    assert said
    return int(said[1].replace(",", ""))


async def every_page(visitor: Visitor, path: str) -> list[list[list[str]]]:
    """The tables of all pages of a list, by its own links."""
    found = []
    while path:
        page = await tree(visitor, path)
        found.append(cells(page))
        path = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    return found


@pytest.mark.parametrize("sort", list(SORTS))
async def test_pages_go_through_the_whole_list_and_back(office_app: Litestar, sort: str) -> None:
    async with await visit(office_app, "officer") as visitor:
        path, there, pages = f"/standards?sort={sort}&columns=label,title,left", [], 0
        while True:
            page = await tree(visitor, path)
            there.append(cells(page)[1:])
            pages += 1
            ahead = page.xpath("//a[@rel='next']/@href")
            if not ahead:
                break
            path = ahead[0]
        assert sum(len(rows) for rows in there) == total(page)
        seen = [tuple(row) for rows in there for row in rows]
        assert len(set(seen)) == len(seen)
        while back := page.xpath("//a[@rel='prev']/@href"):
            page = await tree(visitor, back[0])
            pages -= 1
            assert cells(page)[1:] == there[pages - 1]
        assert pages == 1


async def test_the_numbers_of_the_sentence_lead_to_what_they_count(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page = await tree(visitor, "/standards?status=active&status=frozen")
        late = page.xpath("//p[contains(@class, 'sum')]/a[contains(@class, 'late')]")
        said = re.search(r"(\d+) 项逾期", late[0].text)
        assert said and 0 < int(said[1]) < total(page)
        overdue = await tree(visitor, late[0].get("href"))
    assert total(overdue) == int(said[1])
    assert all("逾期" in row[5] for row in cells(overdue)[1:])


async def test_conditions_together_narrow_and_each_chip_widens(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page = await tree(visitor, "/standards?level=national&level=local&status=active&q=氢")
        shown = [chip.xpath("string()") for chip in page.xpath("//a[@class='chip']")]
        assert [" ".join(text.replace("×", "").replace("去掉此条件", "").split()) for text in shown] == [
            "字词或编号：氢", "层级：地方标准", "层级：国家标准", "状态：在研",
        ]  # fmt: skip
        narrow = total(page)
        for url in page.xpath("//a[@class='chip']/@href")[:1]:
            assert total(await tree(visitor, url)) > narrow > 0


async def test_a_form_without_scripts_comes_to_the_plain_address(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        answer = await visitor.get("/standards?q=&level=national&stage=&status=&published_from=")
    assert (answer.status_code, answer.headers["location"]) == (303, "/standards?level=national")


async def test_a_wrong_condition_is_said_with_its_mend(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        answer = await visitor.get("/standards?published_from=gestern")
        english = await visitor.get("/standards?published_from=gestern&lang=en")
    assert answer.status_code == 422 and "published_from" in answer.text and "请写成 2026-11-24 这样的日期" in answer.text
    assert "write a date such as 2026-11-24" in english.text


async def test_the_form_of_all_conditions_asks_for_what_it_was_opened_with(office_app: Litestar) -> None:
    query = "level=national&status=active&region=3201&plan=jiangsu-5x100&columns=label,title,plan,field,region&sort=due"
    async with await visit(office_app, "officer") as visitor:
        page = await tree(visitor, f"/standards/filter?{query}")
        form = page.xpath("//form[contains(@class, 'conditions')]")[0]
        answer = await visitor.get("/standards", params=[(n, v) for n, v in form.form_values()])
    assert answer.status_code == 303
    assert read(parse_qsl(urlsplit(answer.headers["location"]).query)) == read(parse_qsl(query))


EVERY = ",".join(COLUMNS)


@pytest.mark.parametrize("who", ["officer", None])
@pytest.mark.parametrize("query", ["all=1", "level=national&q=氢", f"columns={EVERY}&sort=number", "status=frozen&columns=title,due"])
async def test_the_files_hold_exactly_what_the_pages_show(office_app: Litestar, query: str, who: str | None) -> None:
    async with await visit(office_app, who) as visitor:
        tables = await every_page(visitor, f"/standards?{query}")
        answer = await visitor.get(f"/standards.csv?{query}")
        book = await visitor.get(f"/standards.xlsx?{query}")
    shown = [*tables[0][:1], *(row for table in tables for row in table[1:])]
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    printed = [[cell.isoformat() if isinstance(cell, date) else str(cell) for cell in line] for line in sheet]
    if shown:
        assert lines == shown
        assert printed == shown
    else:
        assert len(lines) == len(printed) == 1


async def test_no_cell_of_a_file_is_a_formula(office_app: Litestar) -> None:
    async with office_app.state.hub.database.write() as connection:
        one = (await connection.execute(sa.select(STANDARD.c.id).where(STANDARD.c.status == "frozen"))).scalars().first()
        await connection.execute(sa.update(STANDARD).where(STANDARD.c.id == one).values(title_zh='=HYPERLINK("x")'))
        await connection.commit()
    async with await visit(office_app, "officer") as visitor:
        lines = (await visitor.get("/standards.csv?status=frozen&columns=title")).content.decode("utf-8-sig").splitlines()
        book = (await visitor.get("/standards.xlsx?status=frozen&columns=title")).content
    assert '"\'=HYPERLINK(""x"")"' in lines
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert ['=HYPERLINK("x")'] in sheet
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")


async def test_the_public_sees_only_what_is_public_and_no_limits(office_app: Litestar) -> None:
    async with await visit(office_app) as public, await visit(office_app, "officer") as officer:
        few, all_of_them = [await tree(one, "/standards") for one in (public, officer)]
        assert 0 < total(few) < total(all_of_them)
        assert "期限" not in cells(few)[0] and "期限" in cells(all_of_them)[0]
        assert not few.xpath("//input[@type='checkbox']")
        for path in ("/standards?overdue=true", "/standards?sort=due", "/standards.csv?overdue=1", "/standards/board?overdue=true"):
            answer = await public.get(path)
            assert (answer.status_code, answer.headers["location"][:9]) == (303, "/sign-in?"), path


async def test_a_list_that_its_order_leaves_empty_offers_another_order(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        tree = html.fromstring((await officer.get("/standards?status=active&sort=number")).text)
        (way,) = tree.xpath("//*[contains(@class, 'empty-state')]//a/@href")
        assert way == "/standards?status=active" and "共 0 项" not in (await officer.get(way)).text


async def test_an_empty_list_says_what_to_change(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        page = await tree(visitor, "/standards?level=international&status=withdrawn&q=不存在的字词")
        assert "去掉一个条件" in page.xpath("string(//div[@class='empty-state'])")
        assert total(await tree(visitor, page.xpath("//div[@class='empty-state']//a/@href")[0])) == 137
        assert total(await tree(visitor, "/standards?q=——")) == 0


async def test_several_are_followed_at_once(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as visitor:
        page = await tree(visitor, "/standards?level=national")
        ids = page.xpath("//input[@name='ids[]']/@value")[:3]
        fields = {"ids[]": ids, "on": "1", "back": "level=national"}
        answer = await visitor.send_form("/standards/watching", fields)
        assert (answer.status_code, answer.headers["location"]) == (303, "/standards?level=national")
        assert "已关注 3 项" in (await visitor.get("/standards?level=national")).text
        watched = [(await visitor.get(f"/api/v1/standards/{id}")).json()["watched"] for id in ids]
        assert watched == [True] * 3
        await visitor.send_form("/standards/watching", {**fields, "on": "0"})
        assert not (await visitor.get(f"/api/v1/standards/{ids[0]}")).json()["watched"]
        none = await visitor.send_form("/standards/watching", {"back": "level=national"})
        assert none.status_code == 303 and "hub_said" in none.headers["set-cookie"]
        lost = await visitor.send_form("/standards/watching", {**fields, "ids[]": [ids[0], "01234567-89ab-4cde-8f01-23456789abcd"]})
        assert lost.status_code == 404
        assert not (await visitor.get(f"/api/v1/standards/{ids[0]}")).json()["watched"]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_board_counts_what_its_links_list(office_app: Litestar, language: str) -> None:
    async with await visit(office_app, "officer") as visitor:
        visitor.cookies.set(LANGUAGE_COOKIE, language)
        board = await tree(visitor, "/standards/board?level=national&level=local")
        counted = 0
        codes = []
        for column in board.xpath("//div[@class='board']/section"):
            link = column.xpath("./h2/a")[0]
            codes.append(column.xpath("string(./h2/span)"))
            listed = await tree(visitor, link.get("href"))
            said = re.search(r"\d+", listed.xpath("string(//p[contains(@class, 'sum')])"))
            assert said and said[0] == link.text
            cards = len(column.xpath("./ul/li"))
            assert cards == min(int(link.text), 12) and bool(column.xpath("./p/a")) == (int(link.text) > 12)
            counted += int(link.text)
        assert "25" in codes and codes == sorted(codes)
        whole = await tree(visitor, "/standards?level=national&level=local")
        said = re.search(r"\d+", whole.xpath("string(//p[contains(@class, 'sum')])"))
        assert said and int(said[0]) == counted


@pytest.mark.parametrize(
    "path", ["/standards", "/standards/filter", "/standards/board", "/standards/views", "/standards?q=nothing-like-it"]
)
async def test_in_english_nothing_of_the_page_itself_is_chinese(office_app: Litestar, path: str) -> None:
    async with await visit(office_app, "officer") as visitor:
        visitor.cookies.set(LANGUAGE_COOKIE, "en")
        page = await tree(visitor, path)
    own = page.xpath("//main//*[self::h1 or self::h2 or self::th or self::label or self::button or self::legend or self::p]/text()")
    assert own and not [text for text in own if re.search(r"[\u4e00-\u9fff]", text) and "示例" not in text]


def test_choosing_a_condition_changes_list_and_address_without_leaving_the_page(page: Page, office: str) -> None:
    sign_in(page, office, "officer")
    page.goto(f"{office}/standards?all=1")
    page.evaluate("window.stayed = true")
    page.get_by_label("层级").select_option("national")
    expect(page.locator(".chip")).to_contain_text("层级：国家标准")
    page.wait_for_url("**/standards?level=national")
    page.get_by_label("字词或编号").first.fill("氢")
    page.get_by_label("字词或编号").first.press("Enter")
    expect(page.locator(".chip")).to_have_count(2)
    assert page.evaluate("window.stayed")
    page.get_by_role("link", name="层级：国家标准").click()
    expect(page.locator(".chip")).to_have_count(1)
    page.get_by_label("选中本页全部").check()
    page.get_by_role("button", name="关注", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已关注")


@pytest.mark.parametrize("width", [1366, 390])
def test_no_list_is_wider_than_its_window(page: Page, office: str, width: int) -> None:
    sign_in(page, office, "officer")
    page.set_viewport_size({"width": width, "height": 768})
    for path in (
        "/standards?all=1",
        f"/standards?columns={EVERY}",
        "/standards/board",
        "/standards/filter",
        "/standards/views",
        "/search?q=氢",
    ):
        page.goto(office + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_an_export_by_several_values_of_one_condition_has_what_the_list_has(office_app: Litestar, kind: str) -> None:
    async with await visit(office_app, "officer") as visitor:
        answer = await visitor.get(f"/standards.{kind}?level=national&level=local")
    assert answer.status_code == 200 and len(answer.content) > 1000

"""Search: what a user types finds what an office wrote, on both engines."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import search
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.search.tokens import marks, phrases_of, words_of
from standards_hub.kernel.work import Hub

STANDARDS = {
    "gbt": ("GB/T 1.1—2020 标准化工作导则 第1部分：标准化文件的结构和起草规则", "Directives for standardization"),
    "charging": ("GB/T 20234.3—2023 电动汽车传导充电用连接装置 第3部分：直流充电接口", "Connection set for conductive charging"),
    "hydrogen": ("DB32/T 4000—2021 加氢站安全技术规范", "氢能 hydrogen refuelling stations"),
    "iso": ("ISO 10113:2020 Metallic materials — Sheet and strip", "Matériaux métalliques 77.040.10"),
    "steel": ("钢铁行业能源管理", "标准 化学"),
}


@pytest.fixture
async def index(hub: Hub) -> AsyncIterator[AsyncConnection]:
    """An index of a few made-up and well-known titles; the last is not open to the public."""
    async with hub.database.write() as connection:
        for key, (title, body) in STANDARDS.items():
            await search.index(connection, "standard", key, title=title, body=body, public=key != "steel")
        yield connection


async def keys(connection: AsyncConnection, text: str, kinds: list[str] | None = None, public_only: bool = False) -> set[str]:
    return {hit.key for hit in await search.search(connection, text, kinds=kinds, public_only=public_only)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("充电", {"charging"}),
        ("直流充电接口", {"charging"}),
        ("接口直流", set()),
        ("标准化", {"gbt"}),
        ("氢能", {"hydrogen"}),
        ("氢", {"hydrogen"}),
        ("站", {"hydrogen"}),
        ("范", {"hydrogen"}),
        ("GB/T 1.1", {"gbt"}),
        ("gb/t1.1", {"gbt"}),
        ("1.1", {"gbt"}),
        ("1.1-2020", {"gbt"}),
        ("1.1–2020", {"gbt"}),
        ("ＧＢ／Ｔ　１．１—２０２０", {"gbt"}),
        ("20234", {"charging"}),
        ("GB/T 20234", {"charging"}),
        ("20234.3-2023", {"charging"}),
        ("0234", set()),
        ("GB/T", {"gbt", "charging"}),
        ("gb/t 充电", {"charging"}),
        ("第3部分", {"charging"}),
        ("metallic SHEET", {"iso"}),
        ("materiaux", {"iso"}),
        ("MATÉRIAUX métalliques", {"iso"}),
        ("77.040", {"iso"}),
        ("DB32/T 4000", {"hydrogen"}),
        ("钢铁 metallic", set()),
        ("Sheet and strip", {"iso"}),
    ],
)
async def test_queries_of_an_office(index: AsyncConnection, query: str, expected: set[str]) -> None:
    assert await keys(index, query) == expected


async def test_a_phrase_is_of_neighbours_only(index: AsyncConnection) -> None:
    """标准 stands before 化学 in one body, but 标准化 does not."""
    assert await keys(index, "标准 化学") == {"steel"}
    assert await keys(index, "标准化学") == set()


@pytest.mark.parametrize("query", ['"', "NEAR(", "* -", "", "   ", "'' & |", "—"])
async def test_a_query_without_a_letter_is_refused(index: AsyncConnection, query: str) -> None:
    if phrases_of(query):
        assert await keys(index, query) == set()
    else:
        with pytest.raises(BadInput):
            await search.search(index, query)


@pytest.mark.parametrize(
    "query", ["title:gb", "gb OR hydrogen", "NOT gb", "gb*", "gb AND (充电", "充电' | 'x", "充电:*", "{title}: 充电", "a\\'", "充电\x00"]
)
async def test_operators_are_only_words(index: AsyncConnection, query: str) -> None:
    plain = {"gb*": {"gbt", "charging"}, "充电:*": {"charging"}, "充电\x00": {"charging"}}
    assert await keys(index, query) == plain.get(query, set())


@given(st.text(max_size=30))
def test_any_text_finds_itself(text: str) -> None:
    """Each phrase of a text stands in its tokens side by side."""
    words, beside = words_of(text)
    everything = [*words, "", *beside]
    for phrase in phrases_of(text):
        size = len(phrase.tokens)
        places = range(len(everything) - size + 1)
        if phrase.prefix:
            assert any(word.startswith(phrase.tokens[0]) for word in everything)
        else:
            assert any(tuple(everything[i : i + size]) == phrase.tokens for i in places)


async def test_any_text_is_a_query(index: AsyncConnection) -> None:
    for code in (*range(0x100), *range(0x100, 0x600, 13), *range(0x2000, 0x3100, 29), *range(0xFF00, 0xFFEF, 5), 0x20000, 0x1F600):
        if phrases_of(chr(code)):
            await search.search(index, chr(code))


async def test_the_title_ranks_before_the_rest(index: AsyncConnection) -> None:
    await search.index(index, "standard", "other", title="另一份文件", body="加氢站", public=True)
    assert [hit.key for hit in await search.search(index, "加氢站")] == ["hydrogen", "other"]


async def test_kinds_and_openness_are_kept_apart(index: AsyncConnection) -> None:
    await search.index(index, "catalogue_entry", "x", title="电动汽车充电", public=True)
    assert await keys(index, "充电") == {"charging", "x"}
    assert await keys(index, "充电", ["catalogue_entry"]) == {"x"}
    assert await keys(index, "充电", ["catalogue_entry", "standard"]) == {"charging", "x"}
    assert await keys(index, "充电", []) == set()
    assert await keys(index, "钢铁") == {"steel"}
    assert await keys(index, "钢铁", public_only=True) == set()
    assert await keys(index, "open") == await keys(index, "kind.standard") == set()


async def test_of_no_kind_at_all_nothing_is_found(index: AsyncConnection) -> None:
    assert [await search.search(index, "加氢站", kinds=none) for none in ([], ())] == [[], []]


async def test_a_thing_is_found_under_its_last_words_only(index: AsyncConnection) -> None:
    await search.index(index, "standard", "steel", title="水泥", public=True)
    assert (await keys(index, "钢铁"), await keys(index, "水泥")) == (set(), {"steel"})
    await search.remove(index, "standard", "steel")
    await search.remove(index, "standard", "never there")
    assert await keys(index, "水泥") == set()
    await search.remove_kind(index, "standard")
    assert await keys(index, "充电") == set()


async def test_many_at_once_and_paged(index: AsyncConnection) -> None:
    entries = [search.Entry("catalogue", str(n), f"传感器 {n}") for n in range(search.MOST + 200)]
    await search.index_many(index, [*entries, search.Entry("catalogue", "7", "改名")])
    seen: list[str] = []
    while hits := await search.search(index, "传感器", limit=300, after=len(seen)):
        seen += [hit.key for hit in hits]
    assert len(seen) == len(set(seen)) == search.MOST
    assert await keys(index, "改名") == {"7"}


async def test_marks_say_what_to_print_bold(index: AsyncConnection) -> None:
    (hit,) = await search.search(index, "ＧＢ/t 1.1 标准化文件")
    assert [hit.title[a:b] for a, b in hit.marks] == ["GB/T", "1.1", "标准化文件"]
    (hit,) = await search.search(index, "materiaux")
    assert [hit.snippet[a:b] for a, b in hit.snippet_marks] == ["Matériaux"]


async def test_what_is_shown_around_a_hit_begins_with_a_whole_word(index: AsyncConnection) -> None:
    body = "Technical committee for hydrogen refuelling 43.180 加氢站及接口"
    await search.index(index, "committee", "9", title="氢能", body=body, public=True)
    await search.index(index, "committee", "10", title="接口", body="a" * 90 + "燃料电池", public=True)
    (hit,) = await search.search(index, "加氢站", kinds=["committee"])
    assert hit.snippet == "hydrogen refuelling 43.180 加氢站及接口"
    (hit,) = await search.search(index, "燃料电池", kinds=["committee"])
    assert hit.snippet == "燃料电池"


def test_marks_keep_to_the_text_as_it_is_written() -> None:
    text = "㎏ ﬁre ２０２３ 氢能"
    assert [text[a:b] for a, b in marks(text, phrases_of("fire 2023 氢"))] == ["ﬁre", "２０２３", "氢"]


@given(st.lists(st.sampled_from(["氢能", "安全", "氢", "GB", "T", "20234", "20234.3", "1.1", "hydrogen", " ", "—", "/", "．"])))
def test_marks_stand_where_the_words_of_a_query_are(parts: list[str]) -> None:
    text = "".join(parts)
    words = words_of(text)[0]
    for word in words:
        assert marks(text, phrases_of(word)), (text, word)
    for query in parts:
        for start, end in marks(text, phrases_of(query)):
            assert phrases_of(text[start:end])[0].tokens[0].startswith(phrases_of(query)[0].tokens[0][:1])


async def test_the_index_can_be_taken_down(hub: Hub) -> None:
    async with hub.database.write() as connection:
        await connection.run_sync(search.drop_search)
        await connection.run_sync(search.create_search)
        assert await keys(connection, "充电") == set()

"""The hub followed link by link, as everybody who has an account in the example office and as the public."""

import re
import time
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from litestar import Litestar
from lxml import html
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from standards_hub.documents.meetings import service as papers
from standards_hub.documents.meetings.model import Paper
from standards_hub.kernel.work import Hub
from tests.support.office import Visitor, visit
from tests.web.crawling import Visited, crawl, words_of

EVERYBODY = [None, "admin", "officer", "department", "secretary", "member", "drafter", "manager", "lab"]
CHINESE = re.compile(r"[\u3400-\u9fff][\u3000-\u9fff\uff00-\uffef·—…\w.-]*")
SLOWEST = 1.0
"""Seconds of processor time that no page may take, of the best of three when the first took longer: a collection of garbage is not the page."""
WITHOUT_SESSION = ("/sign-in", "/forgotten", "/reset", "/invitation")
OURS = ("gate_name_zh",)
"""Columns whose Chinese is the hub's own wording with English beside it, so that showing it in an English page is an omission."""


def once(write: Callable[[Paper], bytes]) -> Callable[[Paper], bytes]:
    """What was written before is not written again."""
    written: dict[str, bytes] = {}

    def remembering(paper: Paper) -> bytes:
        if (said := repr(paper)) not in written:
            written[said] = write(paper)
        return written[said]

    return remembering


WRITERS = {format: once(write) for format, write in papers.WRITERS.items()}


@pytest.fixture
def printed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All who belong to a meeting are shown the same papers, and to print them took up to half of a crawl."""
    monkeypatch.setattr(papers, "WRITERS", WRITERS)
    monkeypatch.setattr(papers, "write_pdf", WRITERS["pdf"])


def faults(visited: Visited) -> list[str]:
    """What is wrong with a page for whoever follows its link."""
    where = f"{visited.path} from {visited.came_from or 'the start'}"
    found = []
    if visited.answer.status_code >= 400:
        found.append(f"{visited.answer.status_code}: {where}")
    elif visited.is_page:
        tree = visited.tree
        twice = [id for id, count in Counter(tree.xpath("//@id")).items() if count > 1]
        if twice:
            found.append(f"ids given twice {twice}: {where}")
        if len(tree.xpath("//h1")) != 1 and visited.path.partition("?")[0] != "/docs":
            found.append(f"{len(tree.xpath('//h1'))} first headings: {where}")
        if tree.xpath("//*[@style] | //script[not(@src)]"):
            found.append(f"inline style or script: {where}")
        bare = [form.get("action") for form in tree.xpath("//form[@method='post']") if not form.xpath(".//input[@name='x-csrf-token']")]
        if bare and not visited.path.startswith(WITHOUT_SESSION):
            found.append(f"forms without the token of the session {bare}: {where}")
    return found


async def seconds(visitor: Visitor, path: str) -> float:
    """The processor time that a page takes."""
    begun = time.process_time()
    await visitor.get(path)
    return time.process_time() - begun


@pytest.mark.usefixtures("untraced", "printed_once")
@pytest.mark.parametrize("login", EVERYBODY)
async def test_no_link_that_somebody_is_shown_is_dead_forbidden_or_slow(office_app: Litestar, login: str | None) -> None:
    found, pages = [], 0
    async with await visit(office_app, login) as visitor:
        await visitor.get("/overview")  # the first drawing of a process warms the library, which a server does at its start
        async for visited in crawl(visitor, "/overview" if login else "/", each=3, avoid="lang="):
            found += faults(visited)
            if visited.seconds > SLOWEST and (least := min([await seconds(visitor, visited.path) for _ in range(2)])) > SLOWEST:
                found.append(f"{least:.1f} s: {visited.path} from {visited.came_from or 'the start'}")
            pages += visited.is_page
    assert found == []
    assert pages > (20 if login else 5)


@pytest.mark.usefixtures("untraced")
async def test_every_standard_of_the_example_has_its_page(office_app: Litestar) -> None:
    found: list[str] = []
    standards: set[str] = set()
    path = "/standards?all=1"
    async with await visit(office_app, "officer") as visitor:
        while path:
            tree = html.fromstring((await visitor.get(path)).text)
            standards.update(tree.xpath("//tbody//a[starts-with(@href, '/standards/')]/@href"))
            path = next(iter(tree.xpath("//a[@rel='next']/@href")), "")
        for address in sorted(standards):
            answer = await visitor.get(address)
            found += faults(Visited(address, "/standards/*", "/standards", answer, 0))
    assert found == []
    assert len(standards) == 137


async def written(hub: Hub) -> str:
    """All that people wrote into the hub: what may be Chinese on an English page."""
    texts = []
    async with hub.database.read() as connection:
        there = await connection.run_sync(
            lambda reading: set(sa.inspect(reading).get_table_names())
        )  # other tests declare tables of their own
        for table in (table for table in SQLModel.metadata.sorted_tables if table.name in there):
            columns = [c for c in table.columns if isinstance(c.type, AutoString | sa.String | sa.JSON) and c.name not in OURS]
            if columns and table.name != "event":
                texts += [str(value) for row in await connection.execute(sa.select(*columns).distinct()) for value in row if value]
        payloads = await connection.execute(
            sa.text("SELECT payload FROM event WHERE type IN ('edited', 'moved', 'suspended', 'resumed', 'claim-withdrawn')")
        )
        texts += [row[0] for row in payloads]
    return "\n".join(texts)


@pytest.mark.usefixtures("untraced", "printed_once")
async def test_english_leaves_nothing_untranslated(office_app: Litestar) -> None:
    people_wrote = await written(office_app.state.hub)
    found, amiss = [], []
    for login in ("officer", "secretary", "admin"):
        async with await visit(office_app, login) as visitor:
            visitor.cookies.set("hub_language", "en")
            async for visited in crawl(visitor, "/overview", each=2, avoid="lang="):
                amiss += faults(visited)
                if not visited.is_page or visited.path.startswith("/help/"):
                    continue
                for words in words_of(visited.tree):
                    found += [
                        (visited.path, run) for run in CHINESE.findall(words) if run not in people_wrote and run not in ("中文", "Seed")
                    ]
    assert amiss == []
    left = {run: path for path, run in found}
    assert not left, "\n".join(f"{run}  {path}" for run, path in left.items())

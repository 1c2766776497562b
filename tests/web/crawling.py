"""Following the links of the hub as somebody would: what is reached, how long it takes, and what a page says."""

import re
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
from lxml import html
from msgspec import Struct

from tests.support.office import Visitor

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
TEXTLESS = ("script", "style", "template", "noscript")


class Visited(Struct):
    """One page: where it is, what it is like, and where its link stood."""

    path: str
    pattern: str
    came_from: str
    answer: httpx.Response
    seconds: float

    @property
    def is_page(self) -> bool:
        return self.answer.headers.get("content-type", "").startswith("text/html")

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.answer.text)


def pattern_of(address: str) -> str:
    """What an address is one of: ids are left out, and of a query all but the name of its one parameter; several are alike."""
    parts = urlsplit(address)
    path = DIGEST.sub("*", UUID.sub("*", parts.path))
    path = re.sub(r"/(tracks|plans|help)/[^/]+", r"/\1/*", path)
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return path + ("" if not names else f"?{names[0]}" if len(names) == 1 else "?…")


def links_of(address: str, tree: html.HtmlElement) -> list[str]:
    """The addresses of this hub that a page links to or loads, without fragments."""
    found = [str(urljoin(address, href)) for href in tree.xpath("//a/@href | //link/@href | //img/@src | //script/@src | //use/@href")]
    own = [urldefrag(link)[0] for link in found if urlsplit(link).netloc in ("", "hub.test")]
    return list(dict.fromkeys(link.removeprefix("http://hub.test") or "/" for link in own if urlsplit(link).scheme in ("", "http")))


async def crawl(visitor: Visitor, start: str = "/", *, each: int | None = None, avoid: str = "") -> AsyncIterator[Visited]:
    """Every page that can be reached by links; with `each`, at most so many of one pattern; none whose address has `avoid`."""
    seen, counts = {start}, Counter[str]()
    waiting = deque([(start, "")])
    while waiting:
        path, came_from = waiting.popleft()
        begun = time.process_time()
        answer = await visitor.get(path)
        visited = Visited(path, pattern_of(path), came_from, answer, time.process_time() - begun)
        yield visited
        following = links_of(path, visited.tree) if visited.is_page and answer.status_code == 200 else []
        if location := answer.headers.get("location"):
            following = [location]
        for link in following:
            pattern = pattern_of(link)
            if link in seen or (each is not None and counts[pattern] >= each) or (avoid and avoid in link):
                continue
            seen.add(link)
            counts[pattern] += 1
            waiting.append((link, path))


def words_of(tree: html.HtmlElement) -> list[str]:
    """The texts that a page shows or reads out, attributes included; without what is marked as Chinese, such as the letter of a report."""
    foreign = "(starts-with(@lang, 'zh') and local-name() != 'html') or @translate = 'no'"
    own = f"not(ancestor::script or ancestor::style or ancestor::template or ancestor::*[{foreign}])"
    texts = [text for text in tree.xpath(f"//text()[{own}]") if text.strip()]
    spoken = tree.xpath(f"(//@aria-label | //@placeholder | //@title | //@alt | //input[@type='submit']/@value)[{own}]")
    return [str(text).strip() for text in (*texts, *spoken)]

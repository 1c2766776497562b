"""Help: one page for each kind of user and one for all, from `docs/users/`, and the part that belongs to the page one is on.

A heading may name its topic, `## 推进标准 {#acts}`; topics are what pages ask for. The texts are Chinese.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect
from markdown_it import MarkdownIt
from msgspec import Struct

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page

FOLDER = Path(__file__).parents[2] / "docs" / "users"
ANCHOR = re.compile(r"\s*\{#([\w-]+)\}\s*$")
KINDS = ("secretary", "drafter", "officer", "department", "project_manager", "lab_staff", "member", "administrator", "public")
"""Kinds of users; of somebody who is several, the first. Each is a role, and has a page of its name in `docs/users/`."""
COMMON = "everybody"
"""The page that says of each page of the hub what is the same for all; where it is silent, the page is the administrator's."""
TOPICS = (
    ("/overview", "overview"), ("/todo", "todo"), ("/standards/new", "propose"), ("/standards/board", "list"), ("/standards/", "acts"),
    ("/standards", "list"), ("/reports", "reports"), ("/imports", "imports"), ("/catalogue", "catalogue"), ("/tracks", "tracks"),
    ("/claims", "claims"), ("/projects", "projects"), ("/plans", "projects"), ("/committees", "registers"), ("/organisations", "registers"),
    ("/people", "registers"), ("/ballots", "ballots"), ("/meetings", "meetings"), ("/enquiries", "enquiries"), ("/admin/accounts", "accounts"), ("/admin/log", "log"),
    ("/admin", "running"), ("/account", "account"), ("/search", "search"),
)  # fmt: skip
"""Which topic a page is about, by the beginning of its address; the first that fits."""
PUBLIC: dict[str, Any] = {"permission": "hub.read"}


class Chapter(Struct, frozen=True):
    """A page of help: its title, its sections as HTML by topic (the first without one is the introduction), in order."""

    title: str
    sections: tuple[tuple[str, str], ...]

    def section(self, topic: str) -> str | None:
        return dict(self.sections).get(topic)


@cache
def chapters() -> dict[str, Chapter]:
    """All pages of help by kind of user."""
    return {kind: read((FOLDER / f"{kind}.md").read_text(encoding="utf-8")) for kind in (*KINDS, COMMON)}


def read(text: str) -> Chapter:
    """A page of Markdown, whose HTML is never let through, cut at its second headings."""
    engine = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens, title = engine.parse(text), ""
    cuts: list[tuple[str, int]] = [("", 0)]
    for at, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = tokens[at + 1]
        topic = ""
        if found := ANCHOR.search(words.content):
            topic = found[1]
            words.children[-1].content = ANCHOR.sub("", words.children[-1].content)  # type: ignore[index]
            words.content = ANCHOR.sub("", words.content)
            token.attrSet("id", topic)
        if token.tag == "h1":
            title = words.content
            cuts[0] = ("", at + 3)
        elif token.tag == "h2":
            cuts.append((topic or f"part-{len(cuts)}", at))
    ends = [start for _, start in cuts[1:]] + [len(tokens)]
    render = engine.renderer.render
    sections = [(topic, str(render(tokens[start:end], engine.options, {}))) for (topic, start), end in zip(cuts, ends, strict=True)]
    return Chapter(title, tuple(sections))


def kind_of(actor: Actor) -> str:
    """Whose help somebody is shown first."""
    held = {grant.role for grant in actor.grants}
    return next((kind for kind in KINDS if kind in held), "public")


def topic_of(path: str) -> str:
    return next((topic for start, topic in TOPICS if path.startswith(start)), "")


def place_of(kind: str, topic: str) -> str:
    """On which page of help a topic stands for a kind of user: their own, else one for all; their own where it stands nowhere."""
    return next((page for page in (kind, COMMON, "administrator") if chapters()[page].section(topic)), kind)


@get("/help", opt=PUBLIC, include_in_schema=False)
async def help_index(request: Request[Any, Any, Any], of: str | None = None) -> Response[Any] | Redirect:
    """The help for the page one comes from; as a part to show beside it, or as a page of its own."""
    actor: Actor = request.scope["actor"]  # type: ignore[typeddict-item]
    own, topic = kind_of(actor), topic_of(of or "")
    kind = place_of(own, topic) if topic else own
    chapter = chapters()[kind]
    if request.headers.get("hx-request"):
        text = chapter.section(topic) or chapter.section("") or ""
        return page(request, "help/part.html", text=text, kind=kind, topic=topic)
    if of is None:
        return page(request, "help/index.html", chapters=chapters(), own=own)
    return go(request, f"/help/{kind}" + (f"#{topic}" if topic and chapter.section(topic) else ""))


@get("/help/{kind:str}", opt=PUBLIC, include_in_schema=False)
async def help_page(request: Request[Any, Any, Any], kind: str) -> Response[str]:
    """The help for one kind of user."""
    if kind not in chapters():
        raise NotFound(say("没有这一页帮助"))
    return page(request, "help/one.html", chapter=chapters()[kind], kind=kind, chapters=chapters())


PAGES: list[Any] = [help_index, help_page]

"""The example office with what only comes about by working in it, and one answer of every route of the pages.

An import with wrong rows, a kept report, a proof of the log, letters, a failed job, a deputy: without them some pages cannot be opened.
Names and titles are what an attacker would type, so that every page shows that they stay text. Made once a run and copied.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
import sqlalchemy as sa
from litestar import Litestar
from lxml import html
from msgspec import Struct
from pytest import MonkeyPatch

from standards_hub.committees.founding.rules import way
from standards_hub.kernel.access.secrets import csrf_of
from standards_hub.lifecycle.evidence_numbers import evidence_number
from tests.committees.comments import samples
from tests.support import postgres
from tests.support.addresses import address, routes
from tests.support.office import BROWSER, TODAY, Visitor, copied, loaded, serving, visit

HOSTILE = '<script>alert(1)</script><img src="x" onerror="alert(2)">示例'
LOGINS = ("duty", "officer", "secretary", "admin", None)
"""Among these is who sees most of a page; the first counts where they see alike."""
EVERYBODY = (*LOGINS, "department", "member", "drafter", "manager", "lab")


class Sample(Struct):
    """One address of a route, asked for by the one who sees most there."""

    route: str
    path: str
    login: str | None
    page: bool
    """Whether it is a page, and not a part of one or a file."""
    status: int
    headers: dict[str, str]
    text: str
    """What was answered; nothing for a file."""

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.text)


class Furnished(Struct):
    """What there is: secrets of open sessions by login, addresses, and places by name."""

    sessions: dict[str, str]
    samples: list[Sample]
    places: dict[str, str]

    @property
    def pages(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.page]


def home() -> Path:
    """The folder of the furnished office; to be read only."""
    return postgres.once("furnished-home", _make)


def furnished() -> Furnished:
    return msgspec.json.decode((home() / "furnished.json").read_bytes(), type=Furnished)


def _make(path: Path) -> None:
    being = path.with_name("furnishing")
    copied(loaded(), being)
    with ThreadPoolExecutor(1) as thread:  # the caller may be on an event loop already
        thread.submit(_untraced, being).result()
    being.rename(path)


def _untraced(being: Path) -> None:
    sys.settrace(None)  # a thousand pages that other tests measure
    asyncio.run(_furnish(being))


async def _furnish(being: Path) -> None:
    from standards_hub.documents import kept

    app = at(being)
    with MonkeyPatch.context() as patch:
        patch.setattr(kept, "PRINTED", ("json", "html"))  # the other prints take seconds and are shown elsewhere
        visitors = {login: await visit(app, login) for login in EVERYBODY}
        places = await _work(app, visitors)
    samples = await _samples(app, visitors, places)
    sessions = {login: visitor.cookies["hub_session"] for login, visitor in visitors.items() if login}
    for visitor in visitors.values():
        await visitor.aclose()
    await app.state.hub.database.close()
    (being / "furnished.json").write_bytes(msgspec.json.encode(Furnished(sessions, samples, places)))


def signed_in(app: Litestar, login: str | None) -> Visitor:
    """Somebody at their browser, with a session that is open since the office was furnished."""
    secret = furnished().sessions[login] if login else ""
    visitor = Visitor(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://hub.test", headers=BROWSER)  # type: ignore[arg-type]
    if secret:
        visitor.cookies.set("hub_session", secret)
        visitor.csrf = csrf_of(secret)
    return visitor


def at(home: Path) -> Litestar:
    """The application in process on a folder."""
    from tests.api.conftest import app_on

    return app_on(f"sqlite+aiosqlite:///{home / 'hub.sqlite'}", home)


async def _work(app: Litestar, visitors: dict[str | None, Visitor]) -> dict[str, str]:
    """What people do before the pages are looked at; where it is found."""
    from standards_hub.kernel import jobs
    from standards_hub.kernel.access import letters
    from standards_hub.kernel.access import repository as accounts
    from standards_hub.kernel.access.actor import SYSTEM
    from tests.lifecycle.intake.files import good, workbook

    duty, officer, admin = visitors["duty"], visitors["officer"], visitors["admin"]
    found = await _found(app)
    for path in ("standards/{standard}", "committees/{committee}", "organisations/{organisation}", "people/{person}", "projects/{project}"):
        name = {"people": "name", "projects": "title", "standards": "title_zh"}.get(path.partition("/")[0], "name_zh")
        await _patched(duty if "standards" in path else officer, f"/api/v1/{path.format(**found)}", {name: HOSTILE})
    await _patched(duty, "/api/v1/me", {"name": HOSTILE})
    ballot = await _ballot(visitors, found["committee"])
    enquiry = await _enquiry(app, visitors)
    meeting = await _meeting(app, visitors, found["committee"], found["person"])
    await _sent(officer, "/committees/new", {"name_zh": f"{HOSTILE} 3", "level": "provincial", "state": "preparing"})  # to be proposed
    await _sent(duty, "/standards/views", {"name": HOSTILE, "query": "level=local"})
    await _sent(duty, f"/standards/{found['standard']}/watch", {"on": "1"})
    paper = {"kind": "explanatory_note", "dated": "2026-11-20", "title": HOSTILE}
    await _sent(duty, f"/standards/{found['standard']}/papers/new", paper, files={"file": ("<b>.txt", HOSTILE.encode())})
    evidence = {"kind": "foreword", "title": HOSTILE, "page": HOSTILE[:60]}
    await _sent(
        officer, f"/projects/{found['project']}/standards/{found['claim']}/evidence/new", evidence, files={"file": ("<b>.txt", HOSTILE.encode())}
    )  # fmt: skip
    rows = [good(7001, **{"归口标委会": "SAC/TC 309", "领域": None}), good(7002, **{"归口标委会": HOSTILE, "领域": None})]
    import_path = await _sent(officer, "/imports", files={"file": (f"{HOSTILE}.xlsx".replace("/", ""), workbook(rows))})
    report = await _sent(officer, "/reports", {"plan": found["plan"], "as_of": TODAY, "since": "2026-10-31"})
    proof = await _sent(officer, "/admin/log/verify")
    closed = await _sent(officer, "/organisations/new", {"name_zh": f"{HOSTILE} 2", "kind": "enterprise"})
    await _sent(officer, f"{closed}/close", {"reason": HOSTILE})  # so that it can be opened again, as the next can come back
    left = await _sent(officer, "/people/new", {"name": f"{HOSTILE} 2"})
    await _sent(officer, f"{left}/leave", {"reason": HOSTILE})
    await _sent(visitors["secretary"], "/todo/deputies", {"login": "drafter", "since": TODAY, "until": "2026-12-24"})
    invited = {
        "login": "invited",
        "name": HOSTILE,
        "email": "invited@example.org",
        "grants[0][role]": "officer",
        "grants[0][body]": "全系统",
    }
    link = re.search(r"/invitation/([\w-]+)", (await admin.send_form("/admin/accounts/new", invited)).text)
    await _sent(officer, f"/projects/{found['project']}/packages")
    counted = await _first(app, "SELECT id FROM ballot WHERE state = 'closed' ORDER BY title")
    await _sent(
        visitors["duty"], f"/ballots/{counted}/sheets", {"signed_on": TODAY}, files={"file": ("示例结果表.pdf", b"%PDF-1.4 example")}
    )
    await jobs.drain(app.state.hub)
    async with app.state.hub.work(SYSTEM) as work:
        account = await accounts.account_by_login(work.connection, "lab")
        letter = await letters._issue(work, account, "reset", timedelta(hours=1))  # what stands in a mail and nowhere else
        await work.enqueue("deadlines.sweep", {"example": 1}, key="failing")
        await work.connection.execute(sa.text("UPDATE job SET state = 'failed', error = :said WHERE state = 'waiting'"), {"said": HOSTILE})
        await work.commit()
    calendar = re.search(r"/calendar/([\w.-]+\.ics)", (await officer.send_form("/account/calendar")).text)
    assert link and calendar
    return found | {
        "content": "data", "sheet": "csv", "import": import_path.rpartition("/")[2], "report": report.rpartition("/")[2], "proof": proof.rpartition("/")[2],
        "closed": closed.rpartition("/")[2], "left": left.rpartition("/")[2], "invitation": link[1], "reset": letter, "calendar": calendar[1],
        "paper": await _first(app, "SELECT id FROM paper WHERE title LIKE '<script>%'"), "ballot": ballot,
        "package": await _first(app, f"SELECT id FROM acceptance_package WHERE project_id = '{UUID(found['project']).hex}'"),
        "evidence": (evidence := await _first(app, "SELECT id FROM claim_evidence WHERE title LIKE '<script>%'")),
        "evidence number": evidence_number(UUID(evidence)),
        "voter": await _first(app, f"SELECT id FROM ballot_voter WHERE ballot_id = '{UUID(ballot).hex}' ORDER BY place"),
        "counted": counted, "signed sheet": await _first(app, f"SELECT id FROM ballot_sheet WHERE ballot_id = '{UUID(counted).hex}'"),
    } | enquiry | meeting | await _courses(app)  # fmt: skip


async def _ballot(visitors: dict[str | None, Visitor], committee: str) -> str:
    """A ballot that is open and has a vote against it."""
    duty, member = visitors["duty"], visitors["member"]
    new = {"committee_id": committee, "rule": "V1", "closes_on": "2026-12-31", "title": HOSTILE, "question": HOSTILE}
    made = await duty.post("/api/v1/ballots", json=new, headers={"x-csrf-token": duty.csrf})
    path = f"/ballots/{made.json()['id']}"
    await _sent(duty, f"{path}/open")
    await _sent(member, f"{path}/vote", {"vote": "against", "reason": HOSTILE})
    return path.rpartition("/")[2]


async def _meeting(app: Litestar, visitors: dict[str | None, Visitor], committee: str, person: str) -> dict[str, str]:
    """A meeting that is held today, with a paper, a decision and a duty; another that is signed is of the example."""
    duty = visitors["duty"]
    new = {
        "committee_id": committee,
        "kind": "plenary",
        "title": HOSTILE,
        "starts_on": TODAY,
        "place": HOSTILE,
        "note": HOSTILE,
        "rule": "V1",
    }
    made = await duty.post("/api/v1/meetings", json=new, headers={"x-csrf-token": duty.csrf})
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    path = f"/meetings/{id}"
    await _sent(duty, f"{path}/items/new", {"title": HOSTILE})
    item = await _first(app, f"SELECT id FROM meeting_item WHERE meeting_id = '{UUID(id).hex}'")
    await _sent(duty, f"{path}/items/{item}/papers", files={"files": ("<b>.txt", HOSTILE.encode())})
    await _sent(duty, f"{path}/call", {"exception": HOSTILE})
    seat = await _first(app, f"SELECT id FROM seat WHERE committee_id = '{UUID(committee).hex}' AND position = 'chair'")
    there = {
        "rows[0][id]": seat,
        "rows[0][presence]": "proxy",
        "rows[0][proxy]": HOSTILE,
        "rows[0][note]": HOSTILE,
        "guests[0][name]": HOSTILE,
    }
    await _sent(duty, f"{path}/attendance", there)
    await _sent(duty, f"{path}/hold", {"exception": HOSTILE})
    await _sent(duty, f"{path}/items/{item}/discussion", {"discussion": HOSTILE})
    await _sent(duty, f"{path}/items/{item}/decide", {"kind": "agreed", "text": HOSTILE})
    given = {"person_id": person, "what": HOSTILE, "due_on": "2026-12-31"}
    answer = await duty.post(f"/api/v1{path}/items/{item}/duties", json=given, headers={"x-csrf-token": duty.csrf})
    assert answer.status_code == 201, answer.text
    of = f"WHERE meeting_id = '{UUID(id).hex}'"
    return {
        "meeting": id, "item": item, "duty": answer.json()["id"], "tabled": await _first(app, f"SELECT id FROM meeting_paper {of}"),
        "decision": await _first(app, f"SELECT id FROM meeting_decision {of}"),
        "minutes": await _first(app, "SELECT id FROM meeting WHERE state = 'signed' ORDER BY starts_on"),
    }  # fmt: skip


async def _enquiry(app: Litestar, visitors: dict[str | None, Visitor]) -> dict[str, str]:
    """The enquiry that is open, with a comment from outside, its attachment, and a sheet that came back."""
    found = {
        name: await _first(app, f"SELECT {name} FROM enquiry WHERE state = 'open'")
        for name in ("id", "draft", "subject_kind", "subject_id")
    }
    path = f"/enquiries/{found['id']}"
    fields = {
        "author": HOSTILE,
        "author_kind": "public",
        "email": "reader@example.org",
        "clause": HOSTILE[:60],
        "text": HOSTILE,
        "draft": found["draft"],
    }
    await _sent(visitors[None], path, fields, files={"file": ("<b>.png", samples.png())})
    sheet = samples.chinese([("1", "4.2", HOSTILE, HOSTILE, HOSTILE, "", "")])
    merged = await _sent(visitors["duty"], f"{path}/sheets", files={"files": ("<i>.docx", sheet)})
    return {
        "enquiry": found["id"], "subject_kind": found["subject_kind"], "subject": found["subject_id"], "merged": merged.rpartition("/")[2],
        "comment": await _first(app, "SELECT id FROM comment WHERE attachment IS NOT NULL"),
    }  # fmt: skip


async def _courses(app: Litestar) -> dict[str, str]:
    """For each act on the way of a committee, one that is there to do it."""
    found = {}
    for act, one in way().acts.items():
        steps = ", ".join(f"'{step}'" for step in one.from_)
        without = {"propose": "preparing", "enter": "active"}.get(act)
        query = f"SELECT committee_id FROM committee_course WHERE step IN ({steps}) ORDER BY committee_id"
        fresh = f"SELECT id FROM committee WHERE state = '{without}' AND id NOT IN (SELECT committee_id FROM committee_course) ORDER BY id"
        found[f"to {act}"] = await _first(app, fresh if without else query)
    return found


async def _sent(visitor: Visitor, path: str, fields: dict[str, object] | None = None, **more: Any) -> str:
    answer = await visitor.send_form(path, fields, **more)
    assert answer.status_code == 303, (path, answer.status_code, re.sub(r"\s+", " ", answer.text.partition("<main")[2])[:1500])
    return answer.headers["location"]


async def _patched(visitor: Visitor, path: str, body: dict[str, object]) -> None:
    answer = await visitor.patch(path, json=body, headers={"x-csrf-token": visitor.csrf})
    assert answer.status_code == 200, (path, answer.text)


async def _first(app: Litestar, query: str) -> str:
    async with app.state.hub.database.read() as connection:
        value = (await connection.execute(sa.text(query))).scalars().first()
    try:
        return str(UUID(str(value)))
    except ValueError:
        return str(value)


async def _found(app: Litestar) -> dict[str, str]:
    """Places of the example office: what has most to show."""
    queries = {
        name: f"SELECT {table}.id FROM {table} JOIN {of} ON {of}.{name}_id = {table}.id GROUP BY {table}.id ORDER BY count(*) DESC, {table}.{by}"
        for name, table, of, by in (
            ("standard", "standard", "relation", "title_zh"), ("committee", "committee", "seat", "name_zh"),
            ("organisation", "organisation", "drafting_unit", "name_zh"), ("person", "person", "drafter", "name"),
            ("project", "project", "project_standard", "project_no"),
        )
    } | {
        "plan": "SELECT key FROM plan", "target": "SELECT key FROM target ORDER BY position",
        "entry": "SELECT id FROM plan_committee ORDER BY position", "account": "SELECT id FROM account WHERE login = 'secretary'",
        "catalogue": "SELECT entry_id FROM catalogue_relation JOIN catalogue_entry ON id = entry_id ORDER BY catalogue_entry.docid",
        "track": "SELECT track FROM standard WHERE level = 'national' AND status = 'active' ORDER BY track",
    }  # fmt: skip
    found = {name: await _first(app, query) for name, query in queries.items()}
    of = {name: UUID(found[name]).hex for name in ("standard", "committee", "project")}
    return found | {
        "seat": await _first(app, f"SELECT id FROM seat WHERE committee_id = '{of['committee']}' AND position = 'member'"),
        "interest": await _first(app, f"SELECT id FROM interest WHERE committee_id = '{of['committee']}' AND until IS NULL"),
        "commitment": await _first(app, f"SELECT id FROM commitment WHERE project_id = '{of['project']}'"),
        "claim": await _first(app, f"SELECT id FROM project_standard WHERE project_id = '{of['project']}' AND state = 'claimed'"),
    }  # fmt: skip


async def _samples(app: Litestar, visitors: dict[str | None, Visitor], places: dict[str, str]) -> list[Sample]:
    wanted = [(route, address(route, places)) for route in routes(app)] + [
        ("/standards/{id}/acts/{act}", path) for path in await _acts(app)
    ]
    made = []
    for route, path in wanted:
        answers = [(login, await visitors[login].get(path)) for login in LOGINS]
        opened = [one for one in answers if one[1].status_code == (404 if route == "/{path}" else 200)]
        opened = opened or [one for one in answers if one[1].has_redirect_location]
        assert opened, (
            f"nobody can open {path} ({route}): it needs a place in tests/support/addresses.py, and here something that stands there"
        )
        login, answer = max(opened, key=lambda one: len(one[1].content))
        text = answer.text if answer.headers.get("content-type", "").startswith("text/html") else ""
        made.append(Sample(route, path, login, "<html" in text, answer.status_code, dict(answer.headers), text))
    return made


async def _acts(app: Litestar) -> list[str]:
    """A form of each act, with a standard for which it is possible."""
    from standards_hub.kernel.access import repository as accounts
    from standards_hub.kernel.access.actor import SYSTEM
    from standards_hub.lifecycle import repository
    from standards_hub.lifecycle.acts import possible_acts
    from standards_hub.lifecycle.tracks import track
    from standards_hub.lifecycle.values import Standard

    async with app.state.hub.reading(SYSTEM) as work:
        actor = await accounts.actor_for_login(work.connection, "duty")
        every = repository.build(
            Standard, await work.connection.execute(sa.select(repository.STANDARD).order_by(repository.STANDARD.c.title_zh))
        )
    first: dict[str, str] = {}
    for standard in every:
        for act in possible_acts(standard, track(standard.track), actor):
            first.setdefault(act.key, act.path(standard))
    return list(first.values())


@pytest.fixture(scope="session")
def furnished_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a furnished office that this worker's tests share; they leave it as they found it."""
    with serving(copied(home(), tmp_path_factory.mktemp("furnished") / "home"), measured=False) as url:
        yield url


@pytest.fixture
async def furnished_app(tmp_path: Path) -> AsyncIterator[Litestar]:
    """The application in process on a copy of the furnished office."""
    made = at(copied(home(), tmp_path / "home"))
    yield made
    await made.state.hub.database.close()

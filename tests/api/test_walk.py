"""One standard of each family from proposal to publication, over HTTP alone, by the people whose task each step is."""

import itertools
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar

from standards_hub.kernel import audit
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.jobs import running
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.tracks.model import HOLDERS
from tests.api.conftest import client_for, token_for

STANDARDS = "/api/v1/standards"
START = date(2026, 1, 5)
WALKS = {
    "local-db32": "DB32/T 90001—{year}",
    "industry-miit": "SJ/T 90002—{year}",
    "national-gbt": "GB/T 90004—{year}",
    "national-adoption": "GB/T 90006—{year}",
    "iso-iec-36": "ISO 90007:{year}",
    "itu-t-aap": "ITU-T Y.9008",
}
"""Track and the number at the announcement: every family, and an adoption, which names its parent."""
PLAN_NUMBER = {"national": "20260001-T-339", "industry": "2026-0001T-SJ", "local": "苏市监示例 1", "international": "示例 1"}
_serial = itertools.count(1)


class Office:
    """The people of a standard, each with an account whose role is held in its body, and a calendar to turn."""

    def __init__(self, app: Litestar, today: date) -> None:
        self.app, self.clients = app, dict[str, httpx.AsyncClient]()
        self.turn(today)

    @property
    def hub(self) -> Hub:
        found: Hub = self.app.state.hub
        return found

    def turn(self, day: date) -> None:
        self.today = day
        self.app.state.hub = Hub(self.hub.database, self.hub.files, Clock(day))

    async def open(self) -> None:
        """Registers and accounts, by the administrator; papers and moves are not for him."""
        self.clients["administrator"] = client_for(self.app, await token_for(self.hub, "administrator", "administrator"))
        self.organisation = await self.made("organisations", name_zh="示例标准化处", kind="authority")
        self.committee = await self.made("committees", name_zh="示例氢能标委会", level="provincial", number="JS/TC 99")
        self.leader = await self.made("people", name="示例 组长")
        for role, body in (("secretary", ("committee", self.committee)), ("department", ("organisation", self.organisation)),
                           ("officer", ("hub", "*"))):  # fmt: skip
            self.clients[role] = client_for(self.app, await token_for(self.hub, role, (role, *body)))

    async def made(self, register: str, **given: Any) -> str:
        answer = await self.clients["administrator"].post(f"/api/v1/{register}", json=given)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def proposed(self, track: str, **facts: Any) -> "Walk":
        """A proposal of the secretariat, whose drafter gets an account for it."""
        kind = "adoption" if track == "national-adoption" else "new"
        given = {
            "track": track, "kind": kind, "drafting_units": [{"organisation_id": self.organisation, "rank": 1}],
            "facts": {"title_zh": f"示例 氢能标准 {next(_serial)}", "committee_id": self.committee, "department_id": self.organisation,
                      "leader_id": self.leader, **facts},
        }  # fmt: skip
        made = await self.clients["secretary"].post(STANDARDS, json=given)
        assert made.status_code == 201, made.text
        return await self.walk(made.json()["id"])

    async def walk(self, id: str) -> "Walk":
        drafter = await token_for(self.hub, f"drafter-{next(_serial)}", ("drafter", "standard", id))
        return Walk(self, id, {**self.clients, "drafter": client_for(self.app, drafter)})


class Walk:
    """A standard on its way."""

    def __init__(self, office: Office, id: str, people: dict[str, httpx.AsyncClient]) -> None:
        self.office, self.url, self.people, self.id = office, f"{STANDARDS}/{id}", people, id

    async def ask(self, who: str, method: str, path: str = "", expect: int = 200, **given: Any) -> Any:
        body = {"json": given} if given or method != "GET" else {}
        answer = await self.people[who].request(method, self.url + path, **body)
        assert answer.status_code == expect, (who, path, given, answer.text)
        return answer.json()

    async def standing(self) -> dict[str, Any]:
        return dict((await self.ask("secretary", "GET"))["standard"])

    async def way(self, act: str = "advance", to: str | None = None) -> dict[str, Any]:
        ways = await self.ask("secretary", "GET", "/ways")
        return next(way for way in ways if way["act"] == act and to in (None, way["to"]))

    async def paper(self, kind: str) -> None:
        """The drafter hands in a signed file, which counts only once the secretariat has accepted it."""
        sent = await self.people["drafter"].post("/api/v1/papers/files", files={"data": (f"{kind}.pdf", f"%PDF {self.id} {kind}".encode())})
        assert sent.status_code == 201, sent.text
        file = {"sha256": sent.json()["sha256"], "filename": f"{kind}.pdf"}
        paper = (await self.ask("drafter", "POST", "/papers", 201, kind=kind, dated=str(self.office.today), **file))["id"]
        refused = await self.people["drafter"].post(f"/api/v1/papers/{paper}/acceptance")
        assert refused.status_code == 403, refused.text
        accepted = await self.people["secretary"].post(f"/api/v1/papers/{paper}/acceptance")
        assert accepted.status_code == 200, accepted.text

    async def refused(self, act: str, who: str, way: dict[str, Any]) -> None:
        """Without its evidence the act is refused, and the refusal is the checklist: each gate, why, and who can fix it."""
        path, given = ("/publication", self.publication) if way["to"] == "60.60" else ("/moves", {"act": act, "to": way["to"]})
        problem = await self.ask(who, "POST", path, 409, **given)
        unmet = {gate["gate"]: gate for gate in way["gates"] if not gate["met"]}
        if path == "/publication":  # number and dates come with the act itself
            unmet = {key: gate for key, gate in unmet.items() if gate["paper"]}
        assert {item["code"] for item in problem["unmet"]} == set(unmet)
        for item in problem["unmet"]:
            gate = unmet[item["code"]]
            assert gate["name"]["zh"] in item["zh"] and gate["why"]["zh"] in item["zh"] and gate["why"]["en"] in item["en"], item
            assert item["fixer"] in HOLDERS and HOLDERS[item["fixer"]].zh in item["zh"], item

    @property
    def publication(self) -> dict[str, Any]:
        today = str(self.office.today)
        return {"number": self.number.format(year=today[:4]), "published_on": today, "effective_on": today}

    async def meet(self, way: dict[str, Any]) -> None:
        """Give each gate what it asks for."""
        for gate in (gate for gate in way["gates"] if not gate["met"]):
            if gate["paper"]:
                await self.paper(gate["paper"])
            elif "计划号" in gate["why"]["zh"]:
                await self.ask("secretary", "POST", "/plan-number", number=self.plan_number)
            elif "国际标准" in gate["why"]["zh"]:
                await self.ask("drafter", "POST", "/relations", 201, kind="adopts", identifier="ISO 14687:2025", degree="IDT", edition="2")
            elif "须满" in gate["why"]["zh"]:
                days = next(n for n in range(400) if f"即 {self.office.today + timedelta(days=n)} " in gate["why"]["zh"])
                self.office.turn(self.office.today + timedelta(days=days - 1))
                assert not next(g for g in (await self.way())["gates"] if g["gate"] == gate["gate"])["met"], "a day early"
                self.office.turn(self.office.today + timedelta(days=1))
            else:
                assert way["to"] == "60.60", gate

    async def step(self) -> str:
        """One step: tried without the evidence, then with it, by the first who may."""
        self.office.turn(self.office.today + timedelta(days=1))
        way = await self.way()
        if any(not gate["met"] for gate in way["gates"]):
            await self.refused("advance", next(role for role in ("secretary", "department") if role in way["by"]), way)
        for role in ("officer", "administrator"):
            await self.ask(role, "POST", "/moves", 403, act="advance", to=way["to"])
        await self.meet(way)
        if way["to"] == "60.60":
            who = next(role for role in ("department", "secretary") if role in way["by"])
            return str((await self.ask(who, "POST", "/publication", **self.publication))["step"])
        who = next(role for role in ("drafter", "department", "secretary") if role in way["by"])
        return str((await self.ask(who, "POST", "/moves", act="advance", to=way["to"]))["step"])

    async def to(self, step: str, number: str = "GB/T 9{serial}-{{year}}") -> None:
        now = await self.standing()
        self.number = number.replace("{serial}", f"{next(_serial):04}").replace("{{", "{").replace("}}", "}")
        self.plan_number = PLAN_NUMBER[now["level"]].replace("0001", f"{next(_serial):04}")
        for _ in range(30):
            if now["step"] == step or await self.step() == step:
                return
        raise AssertionError(f"{self.url} never came to {step}")


@pytest.fixture
async def office(app: Litestar) -> AsyncIterator[Office]:
    made = Office(app, START)
    await made.open()
    yield made
    for client in made.clients.values():
        await client.aclose()


@pytest.mark.parametrize("track", WALKS)
async def test_a_standard_goes_from_proposal_to_publication_and_is_refused_at_each_gate_that_is_not_met(office: Office, track: str) -> None:
    walk = await office.proposed(track)
    await walk.to("60.60", WALKS[track])
    whole = await walk.ask("officer", "GET")
    assert whole["standard"]["status"] == "published" and whole["standard"]["number"] == walk.publication["number"]
    assert whole["waivers"] == [] and len(whole["visits"]) > 5
    assert {paper["accepted_by"] for paper in whole["papers"] if paper["sha256"]} == {whole["papers"][0]["accepted_by"]}
    history = await walk.ask("officer", "GET", "/history")
    assert [entry["seq"] for entry in history] == list(range(1, whole["standard"]["version"] + 1))
    then = await office.clients["officer"].get(f"{STANDARDS}/as-of", params={"on": str(START)})
    assert [row["step"] for row in then.json() if row["id"] == walk.id] == [whole["visits"][0]["step"]]
    async with client_for(office.app) as public:
        assert (await public.get(walk.url)).json()["standard"]["number"] == walk.publication["number"]
    async with office.hub.database.read() as connection:
        found = await audit.verify(connection)
    assert found.sound, found


@pytest.fixture
async def here(sqlite_app: Litestar) -> AsyncIterator[Office]:
    made = Office(sqlite_app, START)
    await made.open()
    yield made
    for client in made.clients.values():
        await client.aclose()


REASON = {"reason": "示例 理由"}


async def decision(walk: Walk) -> dict[str, Any]:
    return {**REASON, "papers": [{"kind": "termination_decision", "dated": str(walk.office.today), "reference": "示例〔2026〕1 号"}]}


async def test_a_plan_that_goes_overdue_is_frozen_refused_extended_and_thawed(here: Office) -> None:
    walk = await here.proposed("national-gbt")
    await walk.to("20.20")
    whole = await walk.ask("officer", "GET")
    due = date.fromisoformat(next(limit["due_on"] for limit in whole["deadlines"] if limit["consequence"] == "freeze"))
    here.turn(due + timedelta(days=1))
    await jobs_run(here)
    assert (await walk.standing())["status"] == "frozen"
    for act in ({"act": "advance"}, {"act": "fail", **REASON}):
        problem = await walk.ask("secretary", "POST", "/moves", 409, **act)
        assert [unmet["fixer"] for unmet in problem["unmet"]] == ["department"]
    ask = {"months": 6, **REASON}
    assert [u["code"] for u in (await walk.ask("drafter", "POST", "/extension", 409, **ask))["unmet"]] == ["extension.late"]
    await walk.ask("drafter", "POST", "/extension", 403, **ask, override="设备到货推迟")
    await walk.ask("secretary", "POST", "/extension", **ask, override="设备到货推迟")
    for who in ("officer", "secretary", "drafter"):
        await walk.ask(who, "POST", "/extension/decision", 403, granted=True, decision="同意")
    assert (await walk.ask("department", "POST", "/extension/decision", granted=True, decision="同意"))["status"] == "active"
    assert await walk.step() == "verification"


async def jobs_run(office: Office) -> None:
    """What the serving process does on a new day."""
    async with office.hub.work(SYSTEM) as work:
        await work.enqueue("deadlines.sweep", {}, key=f"sweep:{office.today}")
        await work.commit()
    await running.drain(office.hub)


async def test_a_waiver_a_return_a_repeat_a_skip_and_a_rest_are_recorded_acts(here: Office) -> None:
    walk = await here.proposed("national-adoption")
    way = await walk.way()
    waivers = {gate["gate"]: "示例 免交" for gate in way["gates"] if gate["waivable"]}
    assert waivers
    await walk.ask("drafter", "POST", "/moves", 403, waivers=waivers)
    for gate in (gate for gate in way["gates"] if not gate["met"] and not gate["waivable"]):
        await walk.paper(gate["paper"])
    await walk.ask("secretary", "POST", "/moves", waivers=waivers)
    assert {w["gate"]: w["reason"] for w in (await walk.ask("officer", "GET"))["waivers"]} == waivers
    await walk.to("20.00")
    await walk.ask("secretary", "POST", "/moves", 422, act="skip")
    skip = await walk.way("skip")
    await walk.meet(skip)
    assert (await walk.ask("secretary", "POST", "/moves", act="skip", **REASON))["step"] == "30.20"
    await walk.ask("secretary", "POST", "/suspension", **REASON)
    assert (await walk.ask("secretary", "POST", "/moves", 409))["unmet"][0]["code"] == "suspended"
    here.turn(here.today + timedelta(days=5))
    await walk.ask("department", "POST", "/resumption", **REASON)
    await walk.to("30.60")
    again = await walk.ask("secretary", "POST", "/moves", act="repeat", **REASON)
    assert (again["step"], again["round"]) == ("30.20", 2)
    await walk.to("40.60")
    back = await walk.ask("secretary", "POST", "/moves", act="return", to="20.20", **REASON)
    assert (back["step"], back["failures"]) == ("20.20", 1)
    await walk.ask("secretary", "POST", "/moves", 422, on=str(here.today - timedelta(days=1)), **REASON)


async def test_projects_split_merge_and_end_on_a_decision_only(here: Office) -> None:
    one, other, third = [await here.proposed("national-gbt") for _ in range(3)]
    parts = [{"title_zh": f"示例 第{n}部分", "plan_number": f"2026800{n}-T-339"} for n in (1, 2)]
    for path, more in (("/split", {"parts": parts}), ("/merger", {"into": other.id}), ("/termination", {})):
        assert (await one.ask("secretary", "POST", path, 409, **REASON, **more))["unmet"][0]["fixer"] == "department"
    made = await one.ask("secretary", "POST", "/split", 201, **await decision(one), parts=parts)
    assert [part["step"] for part in made] == ["20.00", "20.00"] and (await one.standing())["status"] == "split"
    assert (await third.ask("department", "POST", "/merger", **await decision(third), into=other.id))["status"] == "merged"
    assert (await other.ask("department", "POST", "/termination", **await decision(other)))["status"] == "terminated"
    await other.ask("secretary", "POST", "/moves", 409)


async def test_after_publication_it_is_raised_revised_amended_reviewed_and_withdrawn(here: Office) -> None:
    walk = await here.proposed("local-db32")
    await walk.to("60.60", "DB32/T 91000—{year}")
    raised = await walk.ask("secretary", "POST", "/raised", 201, track="national-gbt")
    revision = await walk.ask("secretary", "POST", "/revision", 201)
    sheet = await walk.ask("secretary", "POST", "/amendment", 201)
    assert [raised["level"], revision["kind"], sheet["kind"]] == ["national", "revision", "amendment"]
    related = {(r["kind"], r["standard_id"]) for r in (await walk.ask("officer", "GET"))["relations_to"]}
    assert related >= {("derived_from", raised["id"]), ("replaces", revision["id"]), ("amends", sheet["id"])}
    for outcome, step in (("confirm", "60.60"), ("withdraw", "95.20")):
        await walk.to("90.60")
        code = {"confirm": "90.93", "withdraw": "95.20"}[outcome]
        way = next(w for w in await walk.ask("secretary", "GET", "/ways") if code in (w["via"], w["to"]))
        if not way["ready"]:
            await walk.ask("secretary", "POST", "/review", 409, outcome=outcome, **REASON)
        await walk.meet(way)
        assert (await walk.ask("secretary", "POST", "/review", outcome=outcome, **REASON))["step"] == step
    await walk.ask("secretary", "POST", "/withdrawal", 409, **REASON)
    await walk.meet(await walk.way())
    gone = await walk.ask("department", "POST", "/withdrawal", **REASON)
    assert (gone["status"], gone["withdrawn_on"], gone["number"]) == ("withdrawn", str(here.today), f"DB32/T 91000—{START.year}")

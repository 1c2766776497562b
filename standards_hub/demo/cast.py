"""Who acts in the example office: the registers it opens with, its accounts, and which of them does what."""

from datetime import date
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from standards_hub.committees.schemas import NewCommittee, NewOrganisation, NewPerson, NewSeat
from standards_hub.committees.services import committees, organisations, people
from standards_hub.committees.values import VOTING
from standards_hub.demo import fixtures
from standards_hub.demo.fixtures import Line
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import HUB, SYSTEM, Actor, Body, Grant
from standards_hub.kernel.access.values import NewAccount, NewGrant
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.tracks.model import Transition
from standards_hub.linkage.services import plans

PASSWORD = "demo-2026-hub"
"""Of every example account; printed, because it guards nothing."""
BODY_OF_ROLE = {"secretary": "committee", "member": "committee", "department": "organisation", "lab_staff": "organisation"}
TERM_YEARS = 5
INDUSTRY_DEPARTMENTS = {
    "industry-miit": "miit", "industry-transport": "mot", "industry-broadcasting": "nrta", "industry-natural-resources": "mnr",
    "industry-health": "nhc", "industry-general": "miit",
}  # fmt: skip
DEPARTMENT_LOGINS = {"samr-js": "department"}
"""Whose account decides for a department; all others are one desk."""
DEPARTMENT_STEPS = ("10.20", "50.20", "60.00")
"""Where the competent department itself records the next move."""


class Cast(Struct):
    """The ids of what the fixtures name by key, and the accounts with what they hold so far."""

    organisations: dict[str, UUID] = {}
    committees: dict[str, UUID] = {}
    people: dict[str, UUID] = {}
    standards: dict[str, UUID] = {}
    projects: dict[str, UUID] = {}
    claims: dict[tuple[str, str], UUID] = {}
    """By the number of the project and the key of the standard."""
    accounts: dict[str, UUID] = {}
    grants: dict[str, list[Grant]] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        return Actor(account=self.accounts[login], name=login, grants=tuple(self.grants[login]))

    def department(self, line: Line) -> str:
        """The competent department of a standard, by key."""
        if "dept" in line.options:
            return line.options["dept"]
        if line.track.startswith("industry"):
            return INDUSTRY_DEPARTMENTS[line.track]
        return fixtures.register().committees[line.committee].department

    def department_login(self, line: Line) -> str:
        return DEPARTMENT_LOGINS.get(self.department(line), "ministries")

    def secretary(self, line: Line) -> str:
        held = fixtures.register().accounts
        return next(login for login, account in held.items() if line.committee in account.held.get("secretary", []))

    def mover(self, line: Line, step: str, transition: Transition) -> str:
        """Who records a move: the drafter in drafting, the department where it decides, else the secretary."""
        if "drafter" in transition.by and line.drafter and step in ("20.00", "20.20", "verification"):
            return line.drafter
        if "department" in transition.by and step in DEPARTMENT_STEPS:
            return self.department_login(line)
        return self.secretary(line)


async def open_registers(work: Work, cast: Cast, since: date) -> None:
    """Organisations, people, committees with their seats, and the plan, on the day the office opens."""
    given = fixtures.register()
    for key, one in given.organisations.items():
        made = await organisations.register(work, NewOrganisation(
            name_zh=one.name_zh, name_en=one.name_en, kind=one.kind, region=one.region, exemplar=one.exemplar,
        ))  # fmt: skip
        cast.organisations[key] = made.id
    for key, (name, title, employer) in given.people.items():
        person = NewPerson(name=name, title=title, organisation_id=cast.organisations[employer], exemplar=True)
        cast.people[key] = (await people.register(work, person)).id
    for key, body in sorted(given.committees.items(), key=lambda item: (item[1].parent is not None, item[1].level != "international")):
        committee = NewCommittee(
            name_zh=body.name_zh, name_en=body.name_en, level=body.level, kind=body.kind, scope=body.scope, ics=body.ics,
            number=body.number, state=body.state, exemplar=body.exemplar,
            department_id=cast.organisations[body.department], catalogue_ref=body.catalogue_ref,
            secretariat_id=cast.organisations[body.secretariat] if body.secretariat else None,
            parent_id=cast.committees[body.parent] if body.parent else None,
            mirrors_id=cast.committees[body.mirrors] if body.mirrors else None,
        )  # fmt: skip
        cast.committees[key] = (await committees.register(work, committee)).id
    until = date(since.year + TERM_YEARS, since.month, since.day)
    for key, positions in given.seats.items():
        begins, ends = given.terms.get(key, (since, until))
        for position, holders in positions.items():
            for holder in holders:
                side = given.sides.get(given.people[holder][2], "public_interest") if position in VOTING else None
                seat = NewSeat(person_id=cast.people[holder], position=position, since=begins, until=ends, side=side)
                await committees.take_seat(work, cast.committees[key], seat)
    named = {body.plan: cast.committees[key] for key, body in given.committees.items() if body.plan}
    plan = fixtures.plan()
    entries = [replace(entry, committee_id=named.get(entry.name_zh)) for entry in plan.committees]
    await plans.register(work, replace(plan, committees=entries))


async def open_accounts(work: Work, cast: Cast) -> None:
    """The accounts and the roles they hold from the beginning."""
    for login, account in fixtures.register().accounts.items():
        opened = await access.open_account(work, NewAccount(
            login=login, name=account.name, email=f"{login}@example.org", password=PASSWORD,
            person_id=cast.people[account.person] if account.person else None,
        ))  # fmt: skip
        cast.accounts[login], cast.grants[login] = opened.id, []
        for role, bodies in account.held.items():
            for key in bodies:
                kind = BODY_OF_ROLE.get(role, "hub") if key != "*" else "hub"
                known = cast.committees if kind == "committee" else cast.organisations
                await grant(work, cast, login, role, HUB if kind == "hub" else (kind, str(known[key])))


async def grant(work: Work, cast: Cast, login: str, role: str, body: Body) -> None:
    """Grant a role in a body, as the administrator or the hub."""
    await access.grant_role(work, cast.accounts[login], NewGrant(role=role, body_kind=body[0], body_id=body[1]))
    cast.grants[login].append(Grant(role, body))


__all__ = ["PASSWORD", "SYSTEM", "Cast", "grant", "open_accounts", "open_registers"]

"""The demonstration: its days are believable, its acts went through the services, and its report says what was meant."""

import shutil
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from standards_hub.cli import main
from standards_hub.committees.models import OrganisationRow, PersonRow
from standards_hub.demo import fixtures, loading
from standards_hub.demo.acting import Office
from standards_hub.demo.cast import PASSWORD
from standards_hub.demo.fixtures import Line
from standards_hub.demo.schedule import arrivals, legs
from standards_hub.demo.timeline import Deed, course, deeds
from standards_hub.documents import service as documents
from standards_hub.documents.report.lists import overdue_items
from standards_hub.kernel import audit
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access import signing_in
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import ZONE, days_of_window
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.catalogue.models import ImportRejectRow
from standards_hub.lifecycle.models import DeadlineRow, PaperRow, StandardRow, WaiverRow
from standards_hub.lifecycle.schemas import Move
from standards_hub.lifecycle.services import duties, moving
from standards_hub.lifecycle.tracks import newest
from standards_hub.settings import Settings, from_environment
from tests.support import office

LINES = {line.key: line for line in fixtures.portfolio()}
LAST = date(2026, 11, 20)
PLAN = "jiangsu-5x100"
OCTOBER = date(2026, 10, 31)


def _settings(home: Path, today: str = "2026-11-24") -> Settings:
    return from_environment({"STANDARDS_HUB_HOME": str(home), "STANDARDS_HUB_TODAY": today})


@pytest.fixture
def home() -> Path:
    """A folder with the whole example, loaded once for all processes of a test run."""
    return office.loaded()


@pytest.fixture
async def hub(home: Path) -> AsyncIterator[Hub]:
    found = _settings(home).hub()
    yield found
    await found.database.close()


async def _rows(hub: Hub, model: Any, *columns: str) -> list[Any]:
    table = table_of(model)
    async with hub.database.read() as connection:
        return list(await connection.execute(sa.select(*(table.c[name] for name in columns))))


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_each_way_is_in_order_and_ends_where_the_portfolio_says(line: Line) -> None:
    way = course(line, LINES)
    days = [arrival.on for arrival in way]
    assert days == sorted(days)
    assert way[-1].step == line.until
    pinned = "60.00" if line.until == "60.60" and newest(line.track).level != "international" else line.until
    assert line.pins.get(pinned, line.on) == next(a.on for a in reversed(way) if a.step == pinned)
    for before, after in pairwise(way):
        least = max((g.days.value for g in after.transition.gates if g.days), default=0) if after.transition else 0
        if least and line.kind != "amendment":
            assert days_of_window(before.on, after.on) >= least


def test_a_route_that_the_track_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"no way from 20\.00 to 40\.20"):
        legs(newest("local-db32"), "00.20 10.00+1 10.20+1 20.00+1 40.20+1", "new", "40.20")


def test_days_that_leave_no_room_for_the_comment_period_are_an_error() -> None:
    route = legs(newest("national-gbt"), fixtures.scenarios()["chinese"]["smooth"], "new", "30.60")
    with pytest.raises(ValueError, match="leaves -"):
        arrivals(route, {"30.20": date(2026, 1, 5), "30.60": date(2026, 2, 5)}, "X")


def test_what_is_not_pinned_falls_on_weekdays() -> None:
    for line in LINES.values():
        pinned = {line.on, *line.pins.values(), *(act.on for other in LINES.values() for act in other.acts)}
        assert [a for a in course(line, LINES) if a.on.weekday() > 4 and a.on not in pinned] == []


def test_everything_happens_by_the_last_day_and_in_order() -> None:
    days = [deed.on for deed in deeds()]
    assert days == sorted(days)
    assert days[-1] <= LAST


def test_the_portfolio_covers_every_track_field_and_city() -> None:
    plan, known = fixtures.plan(), fixtures.register().organisations
    tracks = {
        "local-db32",
        "national-gbt",
        "national-gb",
        "national-adoption",
        "iso-iec-18",
        "iso-iec-24",
        "iso-iec-36",
        "itu-t-aap",
        "itu-t-tap",
    }
    tracks |= {f"industry-{name}" for name in ("miit", "transport", "broadcasting", "natural-resources", "health", "general")}
    assert {line.track for line in LINES.values()} == tracks
    assert {field for line in LINES.values() for field in line.fields} == {field.key for field in plan.fields}
    assert {known[unit].region for line in LINES.values() for unit in line.units} >= {region.code for region in plan.regions}
    assert [(target.value, target.levels) for target in plan.targets] == [
        (60, ["local", "industry"]),
        (30, ["national"]),
        (10, ["international"]),
    ]


async def test_the_log_is_whole_and_the_tables_are_what_it_says(hub: Hub) -> None:
    async with hub.database.read() as connection:
        found = await audit.verify(connection)
    assert found.sound, (found.broken, [str(d) for d in found.differences])
    assert found.events > 4000


async def test_acts_are_recorded_on_their_day_by_accounts_and_limits_by_the_job(hub: Hub) -> None:
    events = await _rows(hub, EventRow, "type", "actor", "effective_on", "recorded_at")
    late = [e for e in events if e.effective_on != e.recorded_at.astimezone(ZONE).date()]
    assert max(e.effective_on for e in events if e.actor != "system:claims.suggest-one") <= LAST
    assert {e.actor for e in events if e.type == "deadline-expired"} == {"system:deadline.expire"}
    assert {e.actor.partition(":")[0] for e in events if e.type in ("moved", "paper-added", "extension-asked")} == {"account"}
    assert any(e.type == "moved" for e in late)  # done elsewhere and recorded afterwards, or before the office opened
    assert len(late) < len(events) / 4


@pytest.mark.parametrize(
    ("key", "counted", "unverified"), [("local-industry", 41, 3), ("national", 21, 1), ("international", 6, 1), ("total", 68, 5)]
)
async def test_what_counts_at_the_end_of_october(hub: Hub, key: str, counted: int, unverified: int) -> None:
    async with hub.reading(SYSTEM) as work:
        found, _ = await documents.counted(work, PLAN, OCTOBER)
    target = next(t for t in (*found.targets, found.total) if t.key == key)
    assert (target.counted, target.unverified) == (counted, unverified)
    assert target.lead > target.participate >= (0 if key == "total" else 1)


async def test_things_are_overdue_frozen_waived_and_ended(hub: Hub) -> None:
    async with hub.reading(SYSTEM) as work:
        found, _ = await documents.counted(work, PLAN, date(2026, 11, 24))
    states = Counter(row.status for row in await _rows(hub, StandardRow, "status"))
    expected = {
        "frozen": 3,
        "suspended": 1,
        "terminated": 2,
        "lapsed": 1,
        "cancelled": 1,
        "merged": 1,
        "split": 1,
        "superseded": 1,
        "withdrawn": 1,
    }
    assert {state: states[state] for state in expected} == expected
    assert 8 <= len({item.standard.id for item in overdue_items(found)} | {item.name for item in overdue_items(found)}) <= 16
    assert len(await _rows(hub, WaiverRow, "gate", "reason")) == 4
    extended = [d for d in await _rows(hub, DeadlineRow, "first_due_on", "due_on", "extensions") if d.extensions]
    assert len(extended) == 2 and all(d.due_on > d.first_due_on for d in extended)
    late_stage = [line for line in found.having("in_progress") if line.standard.main_stage in ("50", "60")]
    assert len(late_stage) >= 6


async def test_what_is_invented_says_so(hub: Hub) -> None:
    standards = await _rows(hub, StandardRow, "title_zh", "exemplar", "number")
    organisations = await _rows(hub, OrganisationRow, "name_zh", "kind", "exemplar", "uscc")
    assert all(row.exemplar and row.title_zh.startswith("示例：") for row in standards)
    assert all("99" in row.number for row in standards if row.number)
    assert all(row.exemplar == ("示例" in row.name_zh) and row.exemplar != (row.kind == "authority") for row in organisations)
    assert {row.uscc for row in organisations} == {None}
    assert all("示例" in row.name for row in await _rows(hub, PersonRow, "name"))


async def test_the_papers_are_there_and_the_catalogue_was_taken_whole(hub: Hub) -> None:
    kept = [row for row in await _rows(hub, PaperRow, "sha256", "size", "reference") if row.sha256]
    assert len(kept) > 200
    assert all(len(hub.files.get(row.sha256)) == row.size and "示例".encode() in hub.files.get(row.sha256) for row in kept[:20])
    assert await _rows(hub, ImportRejectRow, "line", "why_zh") == []


def test_the_science_department_reports_and_decides_nothing() -> None:
    assert set(fixtures.register().accounts["officer"].held) == {"officer"}
    science = {key for key, one in fixtures.register().organisations.items() if "科学技术厅" in one.name_zh}
    held = {body for account in fixtures.register().accounts.values() for body in account.held.get("department", [])}
    assert science and not science & held
    assert not science & {line.options.get("dept") for line in fixtures.portfolio()}


@pytest.mark.parametrize("login", ["secretary", "department", "drafter", "manager", "member", "lab"])
async def test_each_login_works_and_has_something_to_do(hub: Hub, login: str) -> None:
    async with hub.database.read() as connection:
        actor = await accounts.actor_for_login(connection, login)
    async with hub.reading(actor) as work:
        assert await duties.mine_to_do(work)
    assert fixtures.register().accounts[login].shown


async def test_one_standard_stands_where_its_track_lets_a_step_be_skipped(hub: Hub) -> None:
    found = await _rows(hub, StandardRow, "id", "title_zh", "step")
    (id,) = [id for id, title, step in found if (title, step) == (LINES["N36"].title, "20.00")]
    async with hub.database.read() as connection:
        actor = await accounts.actor_for_login(connection, "liaison")
    async with hub.work(actor) as work:  # never committed
        moved = await moving.move(work, id, Move(act="skip", reason="示例：等同采用，无须另行起草"))
    assert moved.step == "30.20" and fixtures.register().accounts["liaison"].shown


async def test_the_printed_password_opens_every_shown_account(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "copy")
    hub = _settings(tmp_path / "copy").hub()
    shown = [login for login, account in fixtures.register().accounts.items() if account.shown]
    assert len(shown) == 9
    for login in (shown[0], shown[-1]):
        assert await signing_in.sign_in(hub, login, PASSWORD, "127.0.0.1")
    await hub.database.close()


async def test_the_report_of_october_can_be_made(hub: Hub) -> None:
    async with hub.reading(SYSTEM) as work:
        report = await documents.progress_report(work, PLAN, OCTOBER, since=date(2026, 9, 30))
    assert report.counted.total.counted == 68
    assert report.exemplars == len(report.counted.lines)
    assert {one.state for one in (*report.forecast.targets, report.forecast.total)} == {"range"}
    assert all(one.covered <= len(one.past) and len(one.past) >= 6 for one in report.forecast.targets)


def _run(*arguments: str, **environment: str) -> Any:
    return CliRunner().invoke(main, list(arguments), env={f"STANDARDS_HUB_{name}": value for name, value in environment.items()})


def test_a_loaded_home_is_not_loaded_again(home: Path) -> None:
    before = (home / "hub.sqlite").stat().st_size
    result = _run("demo", "--no-serve", "--json", HOME=str(home), TODAY="2026-11-24")
    assert result.exit_code == 0, result.output
    said = msgspec.json.decode(result.stdout)
    assert (said["loaded"], said["today"], said["plan"], said["standards"]) == (False, "2026-11-24", PLAN, len(LINES))
    assert [account["login"] for account in said["accounts"]][:2] == ["admin", "officer"]
    assert (home / "hub.sqlite").stat().st_size == before
    words = _run("demo", "--no-serve", HOME=str(home), TODAY="2026-11-24")
    assert PASSWORD in words.stdout and "secretary" in words.stdout and "http://" in words.stdout


def test_the_example_is_served_by_a_process_of_its_own(home: Path, tmp_path: Path) -> None:
    with office.serving(office.copied(home, tmp_path / "home"), command="demo") as url, urllib.request.urlopen(f"{url}/sign-in") as answer:
        assert "标准全程" in answer.read().decode()
    assert PASSWORD in (tmp_path / "home" / "log").read_text()


def test_a_day_before_the_end_of_the_data_is_refused(tmp_path: Path) -> None:
    result = _run("demo", "--no-serve", HOME=str(tmp_path), TODAY="2026-11-19")
    assert result.exit_code == 1
    assert "2026-11-20" in result.stderr
    with pytest.raises(BadInput):
        loading.check_day(LAST - timedelta(days=1))
    loading.check_day(LAST)


def test_other_data_are_left_alone(tmp_path: Path) -> None:
    made = _run("organisation", "add", "--name-zh", "别的单位", "--kind", "other", HOME=str(tmp_path))
    assert made.exit_code == 0, made.output
    result = _run("demo", "--no-serve", HOME=str(tmp_path))
    assert result.exit_code == 1
    assert "STANDARDS_HUB_HOME" in result.stderr


async def test_a_load_that_is_cut_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stop(_office: Office, _deed: Deed) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Office, "do", stop)
    (tmp_path / "hub.sqlite").touch()
    with pytest.raises(KeyboardInterrupt):
        await loading.load_home(_settings(tmp_path))
    assert (tmp_path / "hub.sqlite").stat().st_size == 0

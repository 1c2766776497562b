"""Snapshots: signed, chained, never changed; a later truth makes a correction; a broken chain is named."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from litestar import Litestar

from standards_hub.cli import main
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from standards_hub.kernel.events import GENESIS
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.values import Standard
from standards_hub.linkage.schemas import PlanChange
from standards_hub.linkage.services import plans, tallies
from standards_hub.linkage.snapshots import repository, service
from standards_hub.linkage.snapshots.models import SnapshotRow
from standards_hub.linkage.snapshots.values import Verification, contents, lines_of
from tests.lifecycle.driving import holding, on_day
from tests.linkage.snapshots.conftest import ENTERED, PLAN, YEAR_END, published, signed
from tests.support.office import copied, loaded, visit

NOVEMBER = date(2026, 11, 30)


async def verified(hub: Hub) -> Verification:
    async with hub.reading(SYSTEM) as work:
        return await service.verify(work, PLAN)


async def test_published_in_december_and_entered_in_january_makes_a_correction_and_the_signed_one_stays(
    hub: Hub, standard: Standard
) -> None:
    first = await signed(hub, YEAR_END, on=YEAR_END)
    async with on_day(hub, ENTERED).reading(SYSTEM) as work:
        assert await service.waiting(work) == []
    await published(hub, standard, YEAR_END, recorded=ENTERED)
    async with on_day(hub, ENTERED).work(SYSTEM) as work:
        assert [(one.day, one.path) for one in await service.waiting(work)] == [(YEAR_END, f"/plans/{PLAN}/snapshots/{first.n}")]
        with pytest.raises(Conflict) as due:
            await service.sign(work, PLAN, YEAR_END)
        made = await service.correct(work, PLAN, first.n, "公告补录")
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        assert await service.waiting(work) == []  # it has been settled, whoever looks
        kept, later = await repository.chain(work.connection, PLAN)
        found = await service.difference(work, kept, later)
        with pytest.raises(NotFound):
            await service.content(work, kept, service.DIFFERENCE)
        table = msgspec.json.decode(await service.content(work, later, service.DIFFERENCE))
    assert due.value.code == "correction-due"
    assert (kept, later) == (first, made) and (later.corrects, later.reason, later.previous_hash) == (1, "公告补录", kept.hash)
    assert [s.total.counted for s in (kept, later)] == [0, 1] and (kept.as_of, later.as_of) == (YEAR_END, YEAR_END)
    assert [one.id for one in found.added] == [str(standard.id)] == [row["id"] for row in table]
    assert (found.removed, found.moved) == ([], [])
    (did,) = [cause for cause in found.causes[str(standard.id)] if cause.decisive]
    assert (did.effective_on, did.recorded_at > first.known_at, did.late) == (YEAR_END, True, True)
    assert (await verified(hub)) == Verification(PLAN, 2, made.hash)


async def test_a_snapshot_is_corrected_once_and_only_where_something_is_different(hub: Hub, standard: Standard) -> None:
    await signed(hub, YEAR_END, on=YEAR_END)
    async with hub.work(SYSTEM) as work:
        with pytest.raises(Conflict) as same:
            await service.correct(work, PLAN, 1, "无")
    await published(hub, standard, YEAR_END, recorded=ENTERED)
    async with hub.work(SYSTEM) as work:
        await service.correct(work, PLAN, 1, "公告补录")
        with pytest.raises(Conflict) as again:
            await service.correct(work, PLAN, 1, "公告补录")
        with pytest.raises(BadInput):
            await service.correct(work, PLAN, 2, "  ")
        await work.commit()
    assert [same.value.code, again.value.code] == ["nothing-different", "not-standing"]


async def test_what_changed_since_it_was_shown_is_not_signed_unseen(hub: Hub, standard: Standard) -> None:
    async with hub.reading(SYSTEM) as work:
        shown = (await service.foresee(work, PLAN, YEAR_END)).count_hash
    await published(hub, standard, YEAR_END, recorded=ENTERED)
    async with hub.work(SYSTEM) as work:
        with pytest.raises(Conflict) as changed:
            await service.sign(work, PLAN, YEAR_END, expected=shown)
        now = (await service.foresee(work, PLAN, YEAR_END)).count_hash
        made = await service.sign(work, PLAN, YEAR_END, expected=now)
    assert changed.value.code == "changed" and made.count_hash == now


async def test_a_stage_that_is_recorded_late_is_a_difference_and_no_reason_to_correct(hub: Hub, standard: Standard) -> None:
    await signed(hub, date(2026, 12, 10), on=date(2026, 12, 15))  # the standard went to print on the 20th
    first = await signed(hub, YEAR_END, on=date(2026, 12, 31))
    async with hub.reading(SYSTEM) as work:
        early, last = await repository.chain(work.connection, PLAN)
        found = await service.difference(work, early, last)
        assert await service.due(work, PLAN) == []
    assert {one.kind for one in found.changes} == {"other"} and found.causes[str(standard.id)] and first == last


async def test_signing_again_what_is_still_true_adds_a_link(hub: Hub) -> None:
    one, two = await signed(hub, YEAR_END), await signed(hub, YEAR_END)
    assert (one.n, one.previous_hash, two.n, two.previous_hash) == (1, GENESIS, 2, one.hash)
    assert one.data_hash == two.data_hash and one.hash != two.hash


async def test_the_hashes_are_those_of_the_facts_the_plan_the_rule_and_the_lines(hub: Hub, standard: Standard) -> None:
    link = await signed(hub, YEAR_END)
    async with hub.reading(SYSTEM) as work:
        told = await tallies.tally(work, PLAN, YEAR_END, known_at=link.known_at)
        texts = contents(told.held.facts, told.plan, told.rule, lines_of(told.counted))
        assert {name: await service.content(work, link, name) for name in texts} == texts
    assert (link.data_hash, link.rule_hash, link.rule) == (told.held.data_hash, told.rule.hash, "default@1")


async def test_a_correction_counts_by_the_rule_that_was_signed_whatever_the_plan_counts_by_now(hub: Hub, standard: Standard) -> None:
    await signed(hub, YEAR_END, on=YEAR_END)
    await published(hub, standard, YEAR_END, recorded=ENTERED)
    async with hub.work(SYSTEM) as work:
        await plans.edit(work, PLAN, PlanChange(count_rule="approved"))
        made = await service.correct(work, PLAN, 1, "公告补录")
        await work.commit()
    assert made.rule == "default@1"


async def test_files_are_signed_only_where_they_are_kept(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        digest = work.files.put("示例报告".encode())
        with pytest.raises(BadInput):
            await service.sign(work, PLAN, YEAR_END, files={"report.pdf": "0" * 64})
        made = await service.sign(work, PLAN, YEAR_END, files={"report.pdf": digest})
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        assert await service.latest(work, PLAN) == made
        assert await service.content(work, made, "report.pdf") == "示例报告".encode()
    hub.files.path(digest).write_bytes(b"forged")
    assert "report.pdf" in str((await verified(hub)).broken)
    hub.files.path(digest).write_bytes("示例报告".encode())


FORGED: dict[str, tuple[dict[str, Any], int, str]] = {
    "a number": ({"rule": "other@1"}, 2, "内容与其散列不符"),
    "a hash": ({"hash": "0" * 64}, 2, "内容与其散列不符"),
    "a link": ({"previous_hash": "0" * 64}, 2, "没有接在前一号之后"),
    "a gap": ({"n": 7}, 2, "缺少第 2 号快照"),
}


@pytest.mark.parametrize("what", list(FORGED))
async def test_the_first_broken_link_is_named(hub: Hub, what: str) -> None:
    links = [await signed(hub, day) for day in (date(2026, 10, 31), NOVEMBER, YEAR_END)]
    values, n, why = FORGED[what]
    table = sa.inspect(SnapshotRow).local_table
    kept = {name: getattr(links[1], name) for name in values}
    async with hub.database.write() as connection:
        await connection.execute(sa.update(table).where(table.c.n == 2).values(**values))
        await connection.commit()
    found = await verified(hub)
    assert found.broken and (found.broken.n, why in found.broken.why.zh) == (n, True)
    async with hub.database.write() as connection:  # as it was, for the proof of the log
        await connection.execute(sa.update(table).where(table.c.id == links[1].id).values(**kept))
        await connection.commit()
    assert (await verified(hub)).sound


async def test_a_chain_forged_from_end_to_end_is_not_what_the_log_says_was_signed(hub: Hub) -> None:
    link = await signed(hub, YEAR_END)
    forged = msgspec.structs.replace(link, reason="伪造").sealed()
    table = sa.inspect(SnapshotRow).local_table
    for values in ({"reason": "伪造", "hash": forged.hash}, {"reason": None, "hash": link.hash}):
        async with hub.database.write() as connection:
            await connection.execute(sa.update(table).values(**values))
            await connection.commit()
        found = await verified(hub)
        assert found.broken is None if values["reason"] is None else found.broken and "日志" in found.broken.why.zh


async def test_only_an_officer_signs_and_days_to_come_are_refused(hub: Hub) -> None:
    async with hub.work(holding("secretary", ("hub", "*"))) as work:
        with pytest.raises(Forbidden):
            await service.sign(work, PLAN, YEAR_END)
    officer = holding("officer", ("hub", "*"))
    async with hub.work(officer) as work:
        with pytest.raises(BadInput):
            await service.sign(work, PLAN, date(2027, 2, 1))
        made = await service.sign(work, PLAN, YEAR_END)
    assert made.signed_by == officer.label and isinstance(made.signed_at, datetime)


async def test_the_api_signs_shows_compares_and_proves(office_app: Litestar) -> None:
    path = f"/api/v1/plans/{PLAN}/snapshots"
    async with await visit(office_app, "officer") as visitor:
        visitor.headers["X-CSRF-Token"] = visitor.csrf
        for day in ("2026-09-30", "2026-10-31"):
            made = await visitor.post(path, json={"as_of": day})
            assert made.status_code == 201, made.text
        listed = (await visitor.get(path)).json()["items"]
        last, before = listed[-1], listed[-2]
        one = (await visitor.get(f"{path}/{last['n']}")).json()
        both = (await visitor.get(f"{path}/{before['n']}/against/{last['n']}")).json()
        proof = (await visitor.get(f"{path}/verification")).json()
        data = await visitor.get(f"{path}/{last['n']}/contents/data")
        again = await visitor.post(f"{path}/{last['n']}/correct", json={"reason": "示例"})
        missing = await visitor.get(f"{path}/999")
    assert one == last == made.json() and last["previous_hash"] == before["hash"]
    assert last["total"]["counted"] - before["total"]["counted"] == both["added"] - both["removed"]
    assert (proof["broken"], proof["snapshots"], proof["head"]) == (None, len(listed), last["hash"])
    assert data.status_code == 200 and again.status_code == 409 and missing.status_code == 404


def test_the_command_line_signs_lists_compares_and_proves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDARDS_HUB_HOME", str(copied(loaded(), tmp_path / "home")))
    monkeypatch.setenv("STANDARDS_HUB_TODAY", "2026-11-24")

    def told(*words: str) -> Any:
        found = CliRunner().invoke(main, ["snapshot", *words, "--plan", PLAN, "--json"])
        assert found.exit_code == 0, found.output
        return msgspec.json.decode(found.stdout)

    made = [told("sign", "--as-of", day) for day in ("2026-09-30", "2026-10-31")]
    assert told("list")[-2:] == made and told("show", str(made[1]["n"])) == made[1]
    both = told("diff", str(made[0]["n"]), str(made[1]["n"]))
    assert both["added"] - both["removed"] == made[1]["total"]["counted"] - made[0]["total"]["counted"]
    assert told("verify")["head"] == made[1]["hash"]
    for words in (["list"], ["diff", str(made[0]["n"]), str(made[1]["n"])], ["verify"]):
        assert CliRunner().invoke(main, ["snapshot", *words, "--plan", PLAN]).exit_code == 0
    same = CliRunner().invoke(main, ["snapshot", "correct", str(made[1]["n"]), "--plan", PLAN, "--reason", "示例"])
    assert same.exit_code == 1 and "一致" in same.stderr

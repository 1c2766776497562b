"""What a form says beforehand that an act will do, for every act and every standard of the example."""

import pytest
import sqlalchemy as sa
from litestar import Litestar
from lxml import html

from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.acts import ACTS, possible_acts
from standards_hub.lifecycle.schemas import Because
from standards_hub.lifecycle.services import timing
from standards_hub.lifecycle.tracks import track
from standards_hub.lifecycle.values import Standard
from tests.lifecycle.driving import driven, proposed
from tests.lifecycle.pages.finding import standard_with, standards
from tests.support.office import visit


@pytest.mark.usefixtures("untraced")
async def test_the_form_of_every_possible_act_opens_and_looks_ahead_for_every_demo_standard(office_app: Litestar) -> None:
    """One standard of each track, step and state; somebody who may do everything opens every form and lets it look ahead."""
    hub: Hub = office_app.state.hub
    async with hub.reading(SYSTEM) as work:
        actor = await accounts.actor_for_login(work.connection, "duty")
    await _further_states(hub)
    seen: dict[tuple[str, str, str, str], Standard] = {}
    for standard in await standards(hub):
        seen.setdefault((standard.track, standard.step, standard.status, standard.kind), standard)
    opened: set[str] = set()
    async with await visit(office_app, "duty") as visitor:
        for standard in seen.values():
            for act in possible_acts(standard, track(standard.track), actor):
                answer = await visitor.get(act.path(standard))
                assert answer.status_code == 200, (act.key, standard.label, answer.text)
                _sound(answer.text)
                ahead = await visitor.send_form(f"{act.path(standard)}/preview", headers={"HX-Request": "true"})
                assert ahead.status_code == 200 and "<html" not in ahead.text, (act.key, standard.label)
                opened.add(act.key)
    assert set(ACTS) - opened == {"unrelate", "track"}, "the one hangs on a relation, of tracks there is one version each"


async def _further_states(hub: Hub) -> None:
    """States in which nothing of the example stands: at rest, in review, before withdrawal, and a revision on the fast track."""
    for step, kind in (("90.60", "new"), ("95.20", "new"), ("20.00", "revision"), ("20.20", "new")):
        made, _ = await driven(hub, (await proposed(hub, kind=kind)).id, step)
        if step == "20.20":
            async with hub.work(SYSTEM) as work:
                await timing.suspend(work, made.id, Because(reason="示例"))
                await work.commit()


def _sound(text: str) -> None:
    tree = html.fromstring(text)
    ids = [str(i) for i in tree.xpath("//@id")]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    labelled = set(tree.xpath("//label/@for"))
    controls = "//main//*[self::input[not(@type='hidden')] or self::select or self::textarea]"
    bare = [
        c.get("name")
        for c in tree.xpath(controls)
        if c.get("id") not in labelled and not c.get("aria-label") and not c.xpath("ancestor::label")
    ]
    assert bare == []
    assert len(tree.xpath("//h1")) == 1 and not tree.xpath("//*[@style]")


async def test_looking_ahead_changes_nothing(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, step="40.60", status="active", track="national-gbt@2026.1")
    before = await _everything(hub)
    async with await visit(office_app, "duty") as visitor:
        answer = await visitor.send_form(f"/standards/{standard.id}/acts/return/preview", {"way": "return:20.20"})
    assert answer.status_code == 200 and "40.60 审查结论 → 20.20 起草" in answer.text and "失效，须重新提交" in answer.text
    assert await _everything(hub) == before


async def _everything(hub: Hub) -> list[list[tuple[object, ...]]]:
    async with hub.reading(SYSTEM) as work:
        tables = ("event", "standard", "deadline", "paper", "job", "relation")
        return [[tuple(r) for r in await work.connection.execute(sa.text(f"SELECT * FROM {t} ORDER BY id"))] for t in tables]


async def test_looking_ahead_names_what_is_missing_as_the_form_does(office_app: Litestar) -> None:
    standard = await standard_with(office_app.state.hub, step="40.60", status="active", track="national-gbt@2026.1")
    async with await visit(office_app, "duty") as visitor:
        ahead = await visitor.send_form(f"/standards/{standard.id}/acts/plan-number/preview", {}, headers={"hx-request": "true"})
    assert [li.text_content() for li in html.fromstring(ahead.text).xpath("//li")] == ["计划号"]


async def test_what_was_foreseen_is_what_happens(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    standard = await standard_with(hub, step="40.60", status="active", track="national-gbt@2026.1")
    async with await visit(office_app, "duty") as visitor:
        fields = {"way": "return:20.20", "reason": "示例：重新起草", "version": standard.version}
        ahead = await visitor.send_form(f"/standards/{standard.id}/acts/return/preview", fields, headers={"HX-Request": "true"})
        done = await visitor.send_form(f"/standards/{standard.id}/acts/return", fields)
    assert (done.status_code, done.headers["location"]) == (303, f"/standards/{standard.id}")
    async with hub.reading(SYSTEM) as work:
        papers = [p for p in await repository.papers(work.connection, standard.id) if p.stale_on]
        after = await repository.standard(work.connection, standard.id)
    assert after.step == "20.20" and after.round == standard.round + 1
    assert ahead.text.count("失效，须重新提交") == len(papers) > 0

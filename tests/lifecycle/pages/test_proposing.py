"""Standards come into the hub by forms: the track first, then what it asks for; adopted from the catalogue, or entered in mid-life."""

import re

import pytest
import sqlalchemy as sa
from litestar import Litestar
from lxml import html

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.catalogue.repository import ENTRY
from standards_hub.lifecycle.pages.proposing import kinds_of
from standards_hub.lifecycle.tracks import load_tracks
from standards_hub.lifecycle.values import Standard
from tests.support.office import visit


async def made(hub: Hub, location: str) -> Standard:
    found = re.fullmatch(r"/standards/([0-9a-f-]{36})", location)
    assert found, location
    async with hub.reading(SYSTEM) as work:
        return await repository.find(work.connection, found[1])


async def test_the_track_is_chosen_first_and_its_form_asks_only_for_what_it_needs(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        start = await visitor.get("/standards/new")
        links = html.fromstring(start.text).xpath("//main//a[contains(@href, '?track=')]/@href")
        assert {link.partition("=")[2] for link in links} == {track.key for track in load_tracks().values()}
        local = (await visitor.get("/standards/new?track=local-db32")).text
        international = (await visitor.get("/standards/new?track=iso-iec-36")).text
        unknown = await visitor.get("/standards/new?track=nothing")
    assert 'name="facts[stricter]"' in local and 'name="facts[international_role]"' not in local
    assert 'name="facts[stricter]"' not in international and 'name="facts[international_role]"' in international
    assert 'name="facts[nature]"' not in international and unknown.status_code == 404


@pytest.mark.parametrize("track", sorted({track.key for track in load_tracks().values()}))
async def test_every_kind_of_every_track_has_a_form(office_app: Litestar, track: str) -> None:
    one = next(t for t in load_tracks().values() if t.key == track)
    async with await visit(office_app, "officer") as visitor:
        for kind, _ in kinds_of(one):
            answer = await visitor.get(f"/standards/new?track={track}&kind={kind}")
            ids = html.fromstring(answer.text).xpath("//@id")
            assert answer.status_code == 200 and len(ids) == len(set(ids))
            assert ('id="target"' in answer.text) == (kind == "adoption")
        entry = await visitor.get(f"/standards/new/entry?track={track}&step={one.steps[-1].key}")
        assert entry.text.count('name="dates[') == len(one.steps) and 'name="number"' in entry.text


async def test_a_proposal_is_previewed_refused_for_a_title_that_is_there_and_begun(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    async with hub.reading(SYSTEM) as work:
        title = (
            await work.connection.execute(sa.select(repository.STANDARD.c.title_zh).where(repository.STANDARD.c.status == "active"))
        ).scalar()
    fields = {"track": "local-db32", "kind": "new", "facts[title_zh]": "示例：表单提出的标准", "facts[committee_id]": "江苏省石墨烯标准化技术委员会",
              "facts[fields][]": "", "drafting_units[0][rank]": "1", "drafting_units[0][organisation_id]": "示例·苏南氢能研究院"}  # fmt: skip
    async with await visit(office_app, "officer") as visitor:
        ahead = await visitor.send_form("/standards/new/preview", fields, headers={"HX-Request": "true"})
        assert "新建项目《示例：表单提出的标准》" in ahead.text and "<html" not in ahead.text
        same = await visitor.send_form("/standards/new", {**fields, "facts[title_zh]": title})
        assert same.status_code == 409 and "同名" in same.text and 'name="difference"' in same.text
        untitled = await visitor.send_form("/standards/new", {**fields, "facts[title_zh]": ""})
        assert untitled.status_code == 422 and '<a href="#facts[title_zh]">' in untitled.text
        assert 'value="江苏省石墨烯标准化技术委员会"' in untitled.text
        done = await visitor.send_form("/standards/new", fields)
    standard = await made(hub, done.headers["location"])
    assert (standard.title_zh, standard.track.partition("@")[0], standard.kind) == ("示例：表单提出的标准", "local-db32", "new")
    assert standard.committee_id and standard.lead_drafter_id


async def test_an_entry_of_the_catalogue_is_adopted_with_what_is_known_of_it(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    async with hub.reading(SYSTEM) as work:
        row = (await work.connection.execute(sa.select(ENTRY.c.id, ENTRY.c.docid).where(ENTRY.c.docid.startswith("ISO 14687")))).first()
    assert row is not None
    async with await visit(office_app, "officer") as visitor:
        form = await visitor.get(f"/standards/new?adopt={row.id}")
        assert f'value="catalogue:{row.id}" checked' in form.text and row.docid in form.text
        values = {
            i.get("name"): i.get("value") or "" for i in html.fromstring(form.text).xpath("//main//input[@type='text' or @type='hidden']")
        }
        values |= {"facts[title_zh]": "示例：采标项目", "target": f"catalogue:{row.id}"}
        without = await visitor.send_form("/standards/new", values)
        (degree,) = html.fromstring(without.text).xpath("//fieldset[@id='parent[degree]']")
        assert without.status_code == 422 and "采用国际标准须注明一致性程度" in degree.text_content() and "必填" in degree.text_content()
        done = await visitor.send_form("/standards/new", {**values, "parent[degree]": "MOD"})
        missing = await visitor.get("/standards/new?adopt=00000000-0000-4000-8000-000000000001")
    standard = await made(hub, done.headers["location"])
    async with hub.reading(SYSTEM) as work:
        relations = await repository.relations(work.connection, standard.id)
    assert [(r.kind, r.catalogue_id, r.degree, r.edition) for r in relations] == [("adopts", row.id, "MOD", row.docid)]
    assert standard.kind == "adoption" and missing.status_code == 404


async def test_a_number_that_is_not_in_the_catalogue_can_be_adopted(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    fields = {"adopt": "", "track": "national-adoption", "kind": "adoption", "facts[title_zh]": "示例：按编号采标", "parent[degree]": "IDT"}
    async with await visit(office_app, "officer") as visitor:
        found = await visitor.send_form("/standards/new", {**fields, "target_q": "ISO 99999:2024", "find": "1"})
        assert 'value="identifier:ISO 99999:2024"' in found.text and 'value="示例：按编号采标"' in found.text
        nothing = await visitor.send_form("/standards/new", fields)
        assert nothing.status_code == 422 and "须且只须指明一个对象" in nothing.text
        done = await visitor.send_form("/standards/new", {**fields, "target": "identifier:ISO 99999:2024"})
    async with hub.reading(SYSTEM) as work:
        relations = await repository.relations(work.connection, (await made(hub, done.headers["location"])).id)
    assert [r.identifier for r in relations] == ["ISO 99999:2024"]


async def test_a_project_under_way_enters_where_it_stands(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    fields = {"track": "local-db32", "kind": "new", "step": "30.20", "dates[30.20]": "2026-10-08", "dates[20.00]": "2026-01-15",
              "facts[title_zh]": "示例：中途登记", "plan_number": "示例〔2026〕901号", "status": "active"}  # fmt: skip
    async with await visit(office_app, "officer") as visitor:
        steps = await visitor.get("/standards/new/entry?track=local-db32")
        assert "现处哪一步" in steps.text and "step=30.20" in steps.text
        wrong = await visitor.send_form("/standards/new/entry", {**fields, "dates[20.00]": "2026-11-15"})
        assert wrong.status_code == 422 and '<a href="#dates[30.20]">' in wrong.text
        done = await visitor.send_form("/standards/new/entry", fields)
    standard = await made(hub, done.headers["location"])
    assert (standard.step, standard.step_entered_on.isoformat(), standard.entered_mid_life) == ("30.20", "2026-10-08", True)


async def test_who_may_not_propose_is_told_so(office_app: Litestar) -> None:
    async with await visit(office_app, "member") as visitor:
        assert (await visitor.get("/standards/new")).status_code == 403
    async with await visit(office_app) as visitor:
        assert (await visitor.get("/standards/new")).headers["location"].startswith("/sign-in")


async def test_a_secretary_of_several_committees_is_told_for_which_to_propose(office_app: Litestar) -> None:
    fields = {"track": "local-db32", "kind": "new", "facts[title_zh]": "示例：秘书处提出的标准", "facts[fields][]": ""}
    own = "江苏省氢燃料电池汽车标准化技术委员会"
    async with await visit(office_app, "secretary") as visitor:
        ahead = await visitor.send_form("/standards/new/preview", fields)
        without = await visitor.send_form("/standards/new", fields)
        foreign = await visitor.send_form("/standards/new", {**fields, "facts[committee_id]": "江苏省人工智能标准化委员会"})
        done = await visitor.send_form("/standards/new", {**fields, "facts[committee_id]": own})
    for answer in (ahead, without, foreign):
        assert "您可以为" in answer.text and f"{own}、" in answer.text and "您无权" not in answer.text
    assert without.status_code == foreign.status_code == 422 and '<a href="#facts[committee_id]">' in without.text
    assert done.status_code == 303


async def test_an_id_that_nobody_registered_is_refused_at_its_field_and_its_row(office_app: Litestar) -> None:
    nobody = "00000000-0000-4000-8000-000000000001"
    fields = {"track": "local-db32", "kind": "new", "facts[title_zh]": "示例：没有登记的单位", "facts[fields][]": "",
              "facts[leader_id]": nobody, "drafting_units[0][organisation_id]": "示例·苏南氢能研究院",
              "drafting_units[1][organisation_id]": nobody, "drafters[0][person_id]": nobody}  # fmt: skip
    async with await visit(office_app, "officer") as visitor:
        refused = await visitor.send_form("/standards/new", fields)
    page = html.fromstring(refused.text)
    wrong = ["facts[leader_id]", "drafting_units[1][organisation_id]", "drafters[0][person_id]"]
    assert refused.status_code == 422 and page.xpath("//*[@role='alert']//a/@href") == [f"#{name}" for name in wrong]
    for name in wrong:
        (field,) = page.xpath(f"//input[@id='{name}']")
        assert "没有登记" in "".join(field.xpath("../*[contains(@class, 'why')]//text()")), name
    assert "没有登记" not in "".join(page.xpath("//input[@id='drafting_units[0][organisation_id]']/..//text()"))


async def test_a_team_without_ranks_is_in_the_order_of_its_rows(office_app: Litestar) -> None:
    hub: Hub = office_app.state.hub
    fields = {"track": "local-db32", "kind": "new", "facts[title_zh]": "示例：不填位次的标准", "facts[fields][]": "",
              "drafting_units[0][rank]": "", "drafting_units[0][organisation_id]": "示例·苏南氢能研究院",
              "drafting_units[1][rank]": "1", "drafting_units[1][organisation_id]": "示例·镇江氢动力有限公司",
              "drafting_units[2][rank]": "", "drafting_units[2][organisation_id]": "",
              "drafting_units[3][rank]": "", "drafting_units[3][organisation_id]": "示例·常州石墨烯应用研究院"}  # fmt: skip
    async with await visit(office_app, "officer") as visitor:
        done = await visitor.send_form("/standards/new", fields)
        standard = await made(hub, done.headers["location"])
        team = html.fromstring((await visitor.get(f"/standards/{standard.id}/acts/team")).text)
    typed = {name: team.xpath(f"string(//input[@name='{name}']/@value)") for name in fields if name.startswith("drafting_units")}
    assert [typed[f"drafting_units[{at}][organisation_id]"] for at in range(3)] == [
        "示例·镇江氢动力有限公司", "示例·苏南氢能研究院", "示例·常州石墨烯应用研究院",
    ]  # fmt: skip

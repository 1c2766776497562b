"""Committees are called in the reader's language wherever a list, a to-do or a form names one."""

import re

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.committees import repository as registers
from standards_hub.committees.schemas import NewCommittee, NewOrganisation, Reason
from standards_hub.committees.services import committees, organisations
from standards_hub.committees.values import called
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import Refused
from standards_hub.kernel.messages import Name
from standards_hub.kernel.work import Work
from tests.support.office import visit

SEMICONDUCTORS = Name("全国半导体设备和材料标准化技术委员会", "National TC on semiconductor equipment and materials")


@pytest.mark.parametrize(
    "number, zh, en, shown",
    [
        ("SAC/TC 203", "半导体", "semiconductors", Name("SAC/TC 203 半导体", "SAC/TC 203 semiconductors")),
        (None, "工作组", None, Name("工作组", "工作组")),
        ("ISO/TC 197", "氢能技术", None, Name("ISO/TC 197 氢能技术", "ISO/TC 197 氢能技术")),
    ],
)
def test_a_committee_is_called_by_its_number_and_its_name_in_either_language(
    number: str | None, zh: str, en: str | None, shown: Name
) -> None:
    assert called(number, zh, en) == shown


@pytest.mark.parametrize("path", ["/ballots", "/todo", "/todo/deputies"])
async def test_lists_and_the_to_do_name_committees_in_english_and_in_chinese(office_app: Litestar, path: str) -> None:
    async with await visit(office_app, "liaison") as liaison:
        for language, name in (("zh", SEMICONDUCTORS.zh), ("en", SEMICONDUCTORS.en)):
            text = html.fromstring((await liaison.get(f"{path}?lang={language}")).text).xpath("string(//main)")
            assert name in text, (path, language)
        assert SEMICONDUCTORS.zh not in text


@pytest.mark.parametrize("kind", ["committees", "organisations"])
async def test_the_standards_of_a_committee_or_an_organisation_are_called_in_the_readers_language(office_app: Litestar, kind: str) -> None:
    async with await visit(office_app, "officer") as officer:
        listed = html.fromstring((await officer.get(f"/{kind}")).text)
        for path in dict.fromkeys(listed.xpath(f"//main//table//a[starts-with(@href, '/{kind}/')]/@href")):
            rows = "//tr[td[@class='id']/a[starts-with(@href, '/standards/')]]/td"
            shown = {
                language: "".join(html.fromstring((await officer.get(f"{path}?lang={language}")).text).xpath(rows + "//text()"))
                for language in ("zh", "en")
            }
            if "示例：" in shown["zh"]:
                break
        assert "示例：" in shown["zh"]
        assert "Example: " in shown["en"] and "示例：" not in shown["en"]


async def test_a_refusal_names_what_stands_in_the_way_in_the_readers_language(work: Work) -> None:
    house = await organisations.register(work, NewOrganisation(name_zh="示例研究院", kind="institute", exemplar=True))
    names = {"name_zh": "示例石墨烯委员会", "name_en": "Example committee on graphene"}
    await committees.register(work, NewCommittee(**names, level="provincial", secretariat_id=house.id, exemplar=True))  # type: ignore[arg-type]
    with pytest.raises(Refused) as error:
        await organisations.close(work, house.id, Reason(reason="注销"))
    (hosted,) = error.value.unmet
    assert names["name_zh"] in hosted.why.into("zh")
    assert names["name_en"] in hosted.why.into("en") and names["name_zh"] not in hosted.why.into("en")


async def test_whoever_stands_beside_a_committee_or_a_person_is_called_in_english(office_app: Litestar) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        committee = next(one for one in await registers.committees(work.connection, limit=200) if one.name_en == SEMICONDUCTORS.en)
        seats = await registers.seats(
            work.connection, (await registers.find_committee(work.connection, "江苏省氢燃料电池汽车标准化技术委员会")).id
        )
    async with await visit(office_app, "duty") as duty:
        shown = html.fromstring((await duty.get(f"/committees/{committee.id}?lang=en")).text).xpath("string(//main)")
        assert "Standardization Administration of China" in shown and "国家标准化管理委员会" not in shown
        for path in ("/people", f"/people/{seats[0].person_id}", "/committees/positions", "/projects"):
            links = html.fromstring((await duty.get(f"{path}?lang=en")).text).xpath("//main//a[starts-with(@href, '/organisations/')]")
            assert links and not [link for link in links if re.search("[一-鿿]", link.text_content())], path


async def test_the_pages_above_conditions_roles_and_what_is_overdue_name_committees_in_english(office_app: Litestar) -> None:
    chinese = re.compile("[一-鿿]")
    async with office_app.state.hub.glancing(SYSTEM) as work:
        one = await registers.find_committee(work.connection, "江苏省氢燃料电池汽车标准化技术委员会")
    async with await visit(office_app, "officer") as officer:
        for page in ("seats", "course", "seats/what-if", "seats/new"):
            tree = html.fromstring((await officer.get(f"/committees/{one.id}/{page}?lang=en")).text)
            assert one.name_en in tree.xpath("//nav[@class='trail']/a/text()"), page
        for path in (f"/committees?parent={one.id}", f"/ballots?committee={one.id}", f"/meetings?committee={one.id}"):
            (chip,) = html.fromstring((await officer.get(f"{path}&lang=en")).text).xpath("//a[@class='chip']")
            assert str(one.name_en) in chip.text_content(), path
        overdue = html.fromstring((await officer.get("/overview?lang=en")).text).xpath(
            "//section[@aria-labelledby='overdue']//td/small/text()"
        )
        assert overdue and not [name for name in overdue if chinese.search(name)]
    async with await visit(office_app, "secretary") as secretary:
        roles = html.fromstring((await secretary.get("/account?lang=en")).text).xpath(
            "//main//a[starts-with(@href, '/committees/')]/text()"
        )
        assert one.name_en in roles and not [name for name in roles if chinese.search(name)]


async def test_rolls_of_ballots_and_meetings_and_drafts_for_comment_name_organisations_in_english(office_app: Litestar) -> None:
    places = (
        ("/ballots", "//section[@aria-labelledby='roll']//td[@class='aside']/text()"),
        ("/meetings", "//section[@aria-labelledby='attendance']//td[@class='aside']/text()"),
        ("/enquiries", "//dt[.='Drafting organisations']/following-sibling::dd[1]/text()"),
    )
    async with await visit(office_app, "duty") as duty:
        for path, cells in places:
            listed = html.fromstring((await duty.get(f"{path}?lang=en")).text).xpath(
                f"//main//tbody//a[starts-with(@href, '{path}/')]/@href"
            )
            pages = [html.fromstring((await duty.get(f"{href.removesuffix('/comments')}?lang=en")).text) for href in listed]
            names = [name for page in pages for name in page.xpath(cells) if name.strip() not in ("", "—")]
            assert names and not [name for name in names if re.search("[一-鿿]", name)], path

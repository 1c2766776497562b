"""Committees are called in the reader's language wherever a list, a to-do or a form names one."""

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.committees.values import called
from standards_hub.kernel.messages import Name
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

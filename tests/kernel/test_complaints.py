"""What msgspec says of a value comes out in both languages, with its field and a mend: each shape that msgspec can produce."""

import enum
import json
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta, Struct

from standards_hub.kernel.complaints import INK, complaint


class Unit(Struct, forbid_unknown_fields=True):
    rank: int


class Draft(Struct):
    units: list[Unit] = []


class Colour(enum.Enum):
    RED = "red"


CASES: list[tuple[Any, Any, str | None, str, str]] = [
    (Draft, {"units": [{"rank": "x"}]}, "units[0].rank", "应为整数，而不是文字", "Must be a whole number, not text"),
    (int | None, "x", None, "应为以下之一：整数、空（null）；而不是文字", "Must be one of: a whole number, nothing (null); not text"),
    (Draft, {"units": [{}]}, "units[0].rank", "缺少 rank，请填写", "rank is missing; fill it in"),
    (Unit, {"rank": 1, "b": 2}, "b", "没有 b 这个字段", "There is no field b"),
    (dict[int, int], {"x": 1}, None, "应为整数", "Must be a whole number"),
    (dict[str, int], {"x": "y"}, None, "应为整数", "Must be a whole number"),
    (list[int], ["x"], "[0]", "应为整数", "Must be a whole number"),
    (Annotated[int, Meta(ge=1)], 0, None, "最小为 1", "At least 1"),
    (Annotated[int, Meta(lt=1)], 5, None, "最大为 0", "At most 0"),
    (Annotated[float, Meta(gt=0)], 0.0, None, "须大于 0", "Must be more than 0"),
    (Annotated[float, Meta(lt=0.5)], 0.5, None, "须小于 0.5", "Must be less than 0.5"),
    (Annotated[int, Meta(multiple_of=5)], 3, None, "须为 5 的倍数", "Must be a multiple of 5"),
    (Annotated[str, Meta(min_length=2)], "a", None, "至少 2 字", "At least 2 characters"),
    (Annotated[str, Meta(max_length=2)], "aaa", None, "最多 2 字", "At most 2 characters"),
    (Annotated[list[int], Meta(max_length=1)], [1, 2], None, "最多 1 项", "At most 1 "),
    (Annotated[list[int], Meta(min_length=1)], [], None, "至少 1 项", "At least 1 "),
    (Annotated[dict[str, int], Meta(min_length=1)], {}, None, "至少 1 项", "At least 1 "),
    (tuple[int, int], [1], None, "须正好 2 项", "Must have exactly 2 entries"),
    (Annotated[str, Meta(pattern=INK)], " ", None, "不能只有空格", "spaces alone will not do"),
    (Annotated[str, Meta(pattern="^nobody's$")], "x", None, "不是规定的格式", "Not in the form that is wanted"),
    (date, "2026-02-30", None, "应为存在的日期", "Must be a date that exists"),
    (datetime, "x", None, "应为存在的日期和时间", "Must be a date and time"),
    (time, "x", None, "应为存在的时刻", "Must be a time of day"),
    (timedelta, "x", None, "应为时长", "Must be a duration"),
    (UUID, "x", None, "应为编号（UUID）", "Must be an id (UUID)"),
    (bytes, "~", None, "应为 base64 文本", "Must be text in base64"),
    (Decimal, "x", None, "应为数字", "Must be a number"),
    (Annotated[datetime, Meta(tz=True)], "2026-01-01T00:00:00", None, "时间须带时区", "The time needs its zone"),
    (Annotated[datetime, Meta(tz=False)], "2026-01-01T00:00:00Z", None, "时间不能带时区", "The time comes without a zone"),
    (Colour, "blue", None, "'blue' 不是可选的值", "'blue' is none of the possible values"),
    (Literal[1, 2], 3, None, "3 不是可选的值", "3 is none of the possible values"),
]


@pytest.mark.parametrize("kind, given, where, zh, en", CASES)
def test_a_wrong_value_is_said_in_both_languages_with_its_field(kind: Any, given: Any, where: str | None, zh: str, en: str) -> None:
    read = (lambda: msgspec.json.decode(json.dumps(given), type=kind), lambda: msgspec.convert(given, kind))
    for one in read:
        with pytest.raises(msgspec.ValidationError) as error:
            one()
        found = complaint(str(error.value))
        assert (found.where, found.why.into("zh")[: len(zh)] == zh or zh in found.why.into("zh")) == (where, True), found
        assert en in found.why.into("en") and not re.search("Expected|Object|regex|[一-鿿]", found.why.into("en")), found


@pytest.mark.parametrize(
    "content, zh", [(b"{", "JSON 不完整"), (b'{"a":}', "在第 5 字节处"), (b"1 x", "JSON 写法有误"), (b"1e999", "超出可用的范围")]
)
def test_json_that_cannot_be_read_is_said_in_both_languages(content: bytes, zh: str) -> None:
    with pytest.raises(msgspec.DecodeError) as error:
        msgspec.json.decode(content)
    why = complaint(str(error.value)).why
    assert zh in why.into("zh") and not re.search("[一-鿿]", why.into("en"))


@pytest.mark.parametrize("said, where, whole", [
    ("Expected `int`, got `str` - at `$.a[...].b`", "data", "data.a.b"), ("Expected `int`, got `str` - at `$[0].b`", "rows", "rows[0].b"),
    ("Object missing required field `b`", None, "b"), ("Object missing required field `b` - at `$.a`", None, "a.b"),
    ("Expected `int`, got `str`", "limit", "limit"),
])  # fmt: skip
def test_the_field_is_told_from_where_it_was_read_to_the_place_within(said: str, where: str | None, whole: str) -> None:
    assert complaint(said, where).where == whole


def test_what_msgspec_never_said_before_is_told_as_it_is() -> None:
    assert complaint("示例：新的说法").why.into("zh") == "内容不符合要求：示例：新的说法"

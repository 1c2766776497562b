"""What msgspec says of a value it cannot take, as a sentence in both languages. Its own are English and name types and patterns, no mend."""

import re
from ast import literal_eval
from collections.abc import Callable

from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, say

TYPES: dict[str, Message] = {
    "int": say("整数"),
    "float": say("数字"),
    "decimal": say("数字"),
    "str": say("文字"),
    "bool": say("是或否（true、false）"),
    "null": say("空（null）"),
    "array": say("JSON 列表"),
    "object": say("JSON 对象"),
    "bytes": say("base64 文本"),
    "date": say("日期，如 2026-11-24"),
    "datetime": say("日期和时间，如 2026-11-24T09:00:00Z"),
    "time": say("时刻，如 09:00:00"),
    "duration": say("时长，如 P1D"),
    "uuid": say("编号（UUID）"),
}
_wanted: dict[str, Message] = {}


def worded(pattern: str, wanted: Message) -> str:
    """A pattern for a `Meta`, with the sentence that says what it wants of a text."""
    _wanted[pattern] = wanted
    return pattern


def wording(pattern: str) -> Message | None:
    """What a pattern wants of a text, if it was worded."""
    return _wanted.get(pattern)


INK = worded(r"\S", say("请填写文字，不能只有空格"))
SHA256 = worded("^[0-9a-f]{64}$", say("应为文件的 SHA-256 散列，64 位小写十六进制"))
EMAIL = worded(r"^[^@\s]+@[^@\s]+$", say("应为邮箱地址，如 name@example.org"))


def _typed(found: re.Match[str]) -> Message:
    wanted = [TYPES.get(name, name) for name in found["wanted"].split(" | ")]
    if found["given"] is None:
        return say("应为{wanted}", wanted=wanted[0]) if len(wanted) == 1 else say("应为以下之一：{wanted}", wanted=wanted)
    given = TYPES.get(found["given"], found["given"])
    if len(wanted) == 1:
        return say("应为{wanted}，而不是{given}", wanted=wanted[0], given=given)
    return say("应为以下之一：{wanted}；而不是{given}", wanted=wanted, given=given)


def _matched(found: re.Match[str]) -> Message:
    return wording(literal_eval(found["pattern"])) or say("不是规定的格式")


LENGTHS: dict[tuple[str, str], Message] = {
    ("str", "<="): say("最多 {count} 字"),
    ("str", ">="): say("至少 {count} 字"),
    ("bytes", "<="): say("最多 {count} 字节"),
    ("bytes", ">="): say("至少 {count} 字节"),
    ("array", "<="): say("最多 {count} 项"),
    ("array", ">="): say("至少 {count} 项"),
    ("object", "<="): say("最多 {count} 项"),
    ("object", ">="): say("至少 {count} 项"),
}
BOUNDS: dict[str, Message] = {
    "<=": say("最大为 {count}"),
    ">=": say("最小为 {count}"),
    "<": say("须小于 {count}"),
    ">": say("须大于 {count}"),
}
ENCODED: dict[str, Message] = {
    "RFC3339 encoded date": say("应为存在的日期，如 2026-11-24"),
    "RFC3339 encoded datetime": say("应为存在的日期和时间，如 2026-11-24T09:00:00Z"),
    "RFC3339 encoded time": say("应为存在的时刻，如 09:00:00"),
    "ISO8601 duration": say("应为时长，如 P1D"),
    "UUID": say("应为编号（UUID），如 00000000-0000-0000-0000-000000000001"),
    "base64 encoded string": say("应为 base64 文本"),
    "decimal string": say("应为数字"),
    "epoch timestamp": say("应为存在的日期和时间，如 2026-11-24T09:00:00Z"),
}

Said = Callable[[re.Match[str]], Message]
SHAPES: tuple[tuple[re.Pattern[str], Said], ...] = tuple(
    (re.compile(shape, re.DOTALL), said)
    for shape, said in (
        (r"Expected `(?P<wanted>[^`]+)`(?:, got `(?P<given>[^`]+)`)?", _typed),
        (r"Expected `(?P<kind>str|bytes|array|object)` of length (?P<way><=|>=) (?P<count>\d+)",
         lambda m: Message(LENGTHS[m["kind"], m["way"]].text, {"count": m["count"]})),
        (r"Expected `array` of length (?P<least>\d+) to (?P<most>\d+)(?:, got \d+)?",
         lambda m: say("须有 {least} 至 {most} 项", least=m["least"], most=m["most"])),
        (r"Expected `array` of length (?P<count>\d+)(?:, got \d+)?", lambda m: say("须正好 {count} 项", count=m["count"])),
        (r"Expected `array` of at (?P<way>least|most) length (?P<count>\d+)(?:, got \d+)?",
         lambda m: Message(LENGTHS["array", ">=" if m["way"] == "least" else "<="].text, {"count": m["count"]})),
        (r"Expected `(?:int|float|decimal)` (?P<way><=|>=|<|>) (?P<count>\S+)",
         lambda m: Message(BOUNDS[m["way"]].text, {"count": m["count"].removesuffix(".0")})),
        (r"Expected `(?:int|float|decimal)` that's a multiple of (?P<count>\S+)", lambda m: say("须为 {count} 的倍数", count=m["count"])),
        (r"Expected `str` matching regex (?P<pattern>.+)", _matched),
        (r"Expected `\w+` with a timezone component", lambda _: say("时间须带时区，如 2026-11-24T09:00:00Z")),
        (r"Expected `\w+` with no timezone component", lambda _: say("时间不能带时区，如 2026-11-24T09:00:00")),
        (r"Invalid enum value (?P<value>.+)", lambda m: say("{value} 不是可选的值", value=m["value"])),
        (r"Invalid value (?P<value>.+)", lambda m: say("{value} 不是可选的值", value=m["value"])),
        (r"Invalid (?P<what>.+)", lambda m: ENCODED.get(m["what"], say("不是规定的格式"))),
        (r"(?:Integer value|Number|Timestamp|Duration) (?:is )?out of range ?", lambda _: say("数值或日期超出可用的范围")),
        (r"Object missing required field `(?P<field>[^`]+)`", lambda m: say("缺少 {field}，请填写", field=m["field"])),
        (r"Object contains unknown field `(?P<field>[^`]+)`", lambda m: say("没有 {field} 这个字段，请去掉或改正其名称", field=m["field"])),
        (r"JSON is malformed: .*\(byte (?P<at>\d+)\)", lambda m: say("JSON 写法有误，在第 {at} 字节处", at=m["at"])),
        (r"Input data was truncated", lambda _: say("JSON 不完整")),
    )
)  # fmt: skip
"""The shapes of what msgspec says, the first that fits; a new one of its own comes out as `unread`."""
PLACE = re.compile(r" - at (?:`(?P<part>\w+)` in )?`\$(?P<path>[^`]*)`$")
NAMED = re.compile(r"Object (?:missing required|contains unknown) field `([^`]+)`")


def sentence(said: str) -> Message:
    """What msgspec said, without the place, as what to do about it."""
    for shape, into in SHAPES:
        if found := shape.fullmatch(said):
            return into(found)
    return say("内容不符合要求：{why}", why=said)


def complaint(said: str, where: str | None = None) -> Unmet:
    """What msgspec said, with the field it is about: `where` it was read from, and the place within, such as `facts.units[0].rank`."""
    text, place = said, ""
    if found := PLACE.search(said):
        text, place = said[: found.start()], found["path"].replace("[...]", "").strip(".")
    if named := NAMED.fullmatch(text):
        place = f"{place}.{named[1]}" if place else named[1]
    whole = f"{where}{place}" if where and place.startswith("[") else ".".join(part for part in (where, place) if part)
    return Unmet("invalid", sentence(text), whole or None)

"""The columns of the portfolio's file: one table that the template, the reader and the checks share."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Literal

from msgspec import Struct

from standards_hub.kernel.messages import Name
from standards_hub.lifecycle.tracks import load_tracks, newest
from standards_hub.lifecycle.tracks.model import Track

Kind = Literal["text", "day", "choice", "flag", "list"]
SEPARATORS = re.compile(r"[;；\n]")
"""Between the members of a list; not the comma and 、, which stand inside names."""
STEP_PREFIX = "entered_"

KINDS = {
    "new": Name("制定", "new"),
    "revision": Name("修订", "revision"),
    "amendment": Name("修改单", "amendment"),
    "adoption": Name("采标", "adoption"),
}
NATURES = {
    "T": Name("推荐性", "recommended"),
    "mandatory": Name("强制性", "mandatory"),
    "Z": Name("指导性技术文件", "guidance"),
}
STATUSES = {"active": Name("正常", "in progress or in force"), "suspended": Name("暂停", "at rest")}
DEGREES = {"IDT": Name("IDT", "identical"), "MOD": Name("MOD", "modified"), "NEQ": Name("NEQ", "not equivalent")}
ROLES = {
    "project_leader": Name("项目负责人", "project leader"),
    "convenor": Name("召集人", "convenor"),
    "editor": Name("编辑", "editor"),
    "expert": Name("专家", "expert"),
}
FLAGS = {"yes": Name("是", "yes"), "no": Name("否", "no")}
CHOICES: dict[str, dict[str, Name]] = {
    "kind": KINDS, "nature": NATURES, "status": STATUSES, "degree": DEGREES, "role": ROLES, "flag": FLAGS
}  # fmt: skip
"""Values that a cell may have, {list: {key: its names}}."""


class Column(Struct, frozen=True, kw_only=True):
    """One column. A cell may hold the key or either name of a choice; members of a list have `；` between them."""

    key: str
    name: Name
    meaning: Name
    kind: Kind = "text"
    required: bool = False
    choices: str | None = None
    example: str = ""
    width: int = 14
    most: int = 300
    """Characters a cell, or a member of a list, may have."""
    aliases: tuple[str, ...] = ()
    step: str | None = None
    """The step whose day it holds."""


BEFORE_DAYS = (
    Column(key="title_zh", name=Name("名称", "Title (Chinese)"), required=True, width=36, example="示例 燃料电池用氢气 杂质测定",
           aliases=("标准名称", "中文名称", "项目名称"), meaning=Name("标准的中文名称", "Title of the standard in Chinese")),
    Column(key="title_en", name=Name("英文名称", "Title (English)"), width=30, most=500, example="Example: Hydrogen for fuel cells",
           meaning=Name("标准的英文名称", "Title of the standard in English")),
    Column(key="track", name=Name("轨道", "Track"), kind="choice", choices="track", required=True, width=26, example="国家标准（推荐性）GB/T",
           aliases=("程序轨道", "标准类别"), meaning=Name("所走的程序", "The procedure it follows")),
    Column(key="kind", name=Name("类型", "Kind"), kind="choice", choices="kind", example="制定", aliases=("制修订",),
           meaning=Name("制定、修订、修改单或采标；不填为制定", "New, revision, amendment or adoption; new if left out")),
    Column(key="nature", name=Name("性质", "Nature"), kind="choice", choices="nature", example="推荐性", aliases=("标准性质",),
           meaning=Name("国际标准不填", "Left out for international standards")),
    Column(key="step", name=Name("现处步骤", "Present step"), kind="choice", choices="step", required=True, width=22, example="30.20 征求意见",
           aliases=("当前阶段", "现处阶段", "所处阶段"), meaning=Name("代码或名称，见“取值”", "Code or name, see the sheet of values")),
    Column(key="status", name=Name("状态", "Status"), kind="choice", choices="status", example="正常",
           meaning=Name("暂停的项目填“暂停”；不填为正常", "“At rest” for a suspended project; in progress if left out")),
)  # fmt: skip
AFTER_DAYS = (
    Column(key="plan_number", name=Name("计划号", "Plan number"), width=20, most=80, example="20250001-T-469",
           aliases=("项目计划号", "计划编号"), meaning=Name("下达的计划号", "Number of the plan it was issued under")),
    Column(key="number", name=Name("标准号", "Standard number"), width=20, most=120, example="GB/T 99999-2026", aliases=("标准编号",),
           meaning=Name("已发布的必填，带年代号", "Wanted once published, with its year")),
    Column(key="approved_on", name=Name("批准日期", "Approved on"), kind="day", example="2026-03-01",
           meaning=Name("批准文件的日期", "Day of the approval")),
    Column(key="published_on", name=Name("发布日期", "Published on"), kind="day", example="2026-03-06", step="60.60",
           aliases=("60.60", "已发布日期", "出版日期"),
           meaning=Name("已发布的必填", "Wanted once published")),
    Column(key="effective_on", name=Name("实施日期", "In force from"), kind="day", example="2026-10-01",
           meaning=Name("不填视为发布之日", "The day of publication if left out")),
    Column(key="committee", name=Name("归口标委会", "Committee in charge"), width=22, example="SAC/TC 309", aliases=("归口单位", "技术委员会"),
           meaning=Name("委员会的编号或名称，须已登记", "Number or name of a registered committee")),
    Column(key="department", name=Name("主管部门", "Competent department"), width=22, example="", aliases=("归口主管部门",),
           meaning=Name("单位名称或统一社会信用代码，须已登记", "Name or code of a registered organisation")),
    Column(key="drafting_units", name=Name("起草单位", "Drafting organisations"), kind="list", width=36, example="示例单位甲；示例单位乙",
           aliases=("主要起草单位",),
           meaning=Name("按前言位次，以“；”分隔，第一个为第一起草单位", "In the order of the foreword, “；” between; the first leads")),
    Column(key="fields", name=Name("领域", "Fields"), kind="list", width=22, example="", aliases=("所属领域",),
           meaning=Name("计划词表中的领域，主领域在前，以“；”分隔", "Fields of the plan's vocabulary, the primary one first")),
    Column(key="region", name=Name("区域", "Region"), width=16, example="320100", aliases=("地区", "行政区划"),
           meaning=Name("行政区划代码（4 或 6 位）或计划词表中的名称", "Division code of GB/T 2260, or a name of the plan's vocabulary")),
    Column(key="plan_key", name=Name("考核计划", "Plan of targets"), width=16, most=80, example="", aliases=("计划",),
           meaning=Name("计入哪一计划的指标（计划的 key 或名称）", "Plan whose targets it counts for, by key or name")),
    Column(key="adopts", name=Name("采标号", "Adopts"), width=20, example="ISO 14687:2025", aliases=("采用国际标准号",),
           meaning=Name("所采用的国际标准", "International standard that is adopted")),
    Column(key="degree", name=Name("采标程度", "Degree of adoption"), kind="choice", choices="degree", example="MOD",
           aliases=("一致性程度",), meaning=Name("填采标号时必填", "Wanted with the adopted standard")),
    Column(key="replaces", name=Name("代替标准号", "Replaces"), kind="list", width=20, example="GB/T 99999-2015", aliases=("代替标准",),
           meaning=Name("被其全部代替的标准，以“；”分隔", "Standards it replaces as a whole, “；” between")),
    Column(key="fills_gap", name=Name("填补空白", "Fills a gap"), kind="flag", choices="flag", example="否",
           meaning=Name("是否填补空白；不填为否", "Whether it fills a gap; no if left out")),
    Column(key="stricter", name=Name("高于国标", "Stricter than national"), kind="flag", choices="flag", example="否",
           meaning=Name("指标是否高于国家标准；不填为否", "Whether stricter than the national standard; no if left out")),
    Column(key="international_role", name=Name("国际任职", "International role"), kind="choice", choices="role", example="",
           meaning=Name("只用于国际标准", "For international standards only")),
    Column(key="projects", name=Name("科技项目编号", "Science project numbers"), kind="list", width=24, example="",
           aliases=("项目编号", "科技项目"),
           meaning=Name("产出它的项目，须已登记；第一个为主要归属", "Registered projects it comes of; the first is the primary")),
    Column(key="note", name=Name("备注", "Note"), width=30, most=2000, example="", meaning=Name("记入导入记录", "Kept in the record of the import")),
)  # fmt: skip
ROW_HEADER = Name("原行号", "Original row")
"""The column of the error file that says which row of the first file each of its rows is."""
ERROR_HEADERS = ("错误", "error", "原行号", "original row")
"""Columns that the error file adds; no columns of the portfolio."""


@cache
def tracks() -> dict[str, Track]:
    """The newest version of every track, {key: track}, national ones first."""
    order = {"national": 0, "local": 1, "industry": 2, "iso-iec": 3, "itu-t": 4}
    keys = dict.fromkeys(track.key for track in load_tracks().values())
    return {t.key: t for t in sorted(map(newest, keys), key=lambda t: (order[t.family], t.key))}


@cache
def columns() -> tuple[Column, ...]:
    """Every column in the order of the template; the days of the steps are those of all tracks together."""
    return (*BEFORE_DAYS, *_days(), *AFTER_DAYS)


def _days() -> Iterable[Column]:
    names: dict[str, dict[str, Name]] = {}
    order: dict[str, tuple[str, int]] = {}
    for track in tracks().values():
        for position, step in enumerate(track.steps):
            names.setdefault(step.key, {}).setdefault(step.name.zh, step.name)
            order.setdefault(step.key, (step.code, position))
    published = {column.step for column in AFTER_DAYS if column.step}
    for key in sorted(set(names) - published, key=lambda key: order[key]):
        first, *others = names[key].values()
        meaning = Name(
            f"进入 {key} 的日期" + ("；国际轨道为" + "、".join(n.zh for n in others) if others else ""),
            f"Day on which {key} was entered" + ("; on international tracks " + ", ".join(n.en for n in others) if others else ""),
        )
        aliases = (key, *(alias for n in names[key].values() for alias in (n.zh, f"{n.zh}日期", n.en)))
        name = Name(f"{first.zh}日期", f"{first.en} ({key})")
        yield Column(key=STEP_PREFIX + key, name=name, kind="day", meaning=meaning, example="2026-03-01", step=key, aliases=aliases)


def folded(text: str) -> str:
    """What is compared of a header or a choice: width, case, spaces and a star aside."""
    return re.sub(r"[\s*＊]", "", unicodedata.normalize("NFKC", text)).casefold()


@cache
def headers() -> dict[str, Column]:
    """Every way to write a header, folded. A name that two columns could claim belongs to the one whose own name it is."""
    found: dict[str, Column] = {}
    for column in columns():
        for text in (column.key, column.name.zh, column.name.en):
            found.setdefault(folded(text), column)
    for column in columns():
        for text in column.aliases:
            found.setdefault(folded(text), column)
    return found


def column(key: str) -> Column:
    """The column of a key; KeyError if there is none."""
    return {c.key: c for c in columns()}[key]


@cache
def choices(name: str) -> dict[str, str]:
    """Every way to write a choice of a list, folded, and its key."""
    named = {t.key: t.name for t in tracks().values()} if name == "track" else CHOICES[name]
    found = {folded(text): key for key, names in named.items() for text in (key, names.zh, names.en)}
    if name == "track":
        found |= {folded(t.id): t.key for t in tracks().values()}
    if name == "flag":
        found |= {"true": "yes", "false": "no", "1": "yes", "0": "no", "√": "yes", "y": "yes", "n": "no"}
    if name == "nature":
        found |= {"推荐": "T", "强制": "mandatory", "指导性": "Z", "gb/t": "T", "gb": "mandatory", "gb/z": "Z"}
    return found


@cache
def step_choices(track_key: str) -> dict[str, str]:
    """Every way to write a step of a track, folded, and its key."""
    found: dict[str, str] = {}
    for step in tracks()[track_key].steps:
        for text in (step.key, step.shown, step.name.zh, step.name.en, f"{step.shown} {step.name.zh}", f"{step.shown} {step.name.en}"):
            found.setdefault(folded(text), step.key)
    return found


def steps_listed() -> list[str]:
    """The steps of all tracks as the template offers them, `30.20 征求意见`."""
    return sorted({f"{step.shown} {step.name.zh}" for track in tracks().values() for step in track.steps})

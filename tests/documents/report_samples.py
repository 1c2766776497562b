"""A portfolio of 120 example standards in the shape of a real office, and reports made of it."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, get_args

from standards_hub.documents.report import ProgressReport, build
from standards_hub.lifecycle.tracks import newest
from standards_hub.lifecycle.tracks.model import Level
from standards_hub.linkage.counting import (
    DeadlineFact,
    Drafter,
    PlanFacts,
    ProjectRef,
    StandardFacts,
    TargetFacts,
    Term,
    count,
    load_rule,
)
from standards_hub.linkage.forecast.histories import History, Stay
from tests.linkage.forecast.ways import histories

LEVELS: tuple[Level, ...] = get_args(Level)
AS_OF = date(2026, 10, 31)
BEFORE = date(2026, 7, 31)
KNOWN_AT = datetime(2026, 11, 1, 1, 5, tzinfo=UTC)
FIELDS = ("第三代半导体", "通用人工智能", "量子科技", "未来网络", "前沿新材料", "合成生物", "元宇宙", "细胞与基因技术", "无人驾驶", "氢能")
SUBJECTS = ("术语和定义", "总体技术要求", "系统接口与数据交换规范", "性能试验方法", "安全评价导则")
REGIONS = ("南京市", "无锡市", "常州市", "苏州市", "南通市", "扬州市")
STEPS = {"10.00": "立项", "20.20": "起草", "25.00": "试验验证", "30.20": "征求意见", "40.20": "技术审查", "50.20": "报批", "60.00": "出版"}
PLAN = PlanFacts(
    key="jiangsu-5x100",
    name="江苏未来产业“5个100”标准规范",
    document="加快科技创新引领未来产业发展“5个100”行动方案（2024—2026年）",
    targets=(
        TargetFacts("local-industry", "地方标准和行业标准", ("local", "industry"), 60, due=date(2026, 12, 31), source="行动方案第4条"),
        TargetFacts("national", "国家标准", ("national",), 30, due=date(2026, 12, 31), source="行动方案第4条"),
        TargetFacts("international", "国际标准", ("international",), 10, tolerance="左右", due=date(2026, 12, 31), source="行动方案第4条"),
    ),
    fields=tuple(Term(f"f{n}", name) for n, name in enumerate(FIELDS)),
    regions=tuple(Term(f"r{n}", name) for n, name in enumerate(REGIONS)),
    window_start=date(2024, 1, 1),
    window_end=date(2026, 12, 31),
)
TRACKS = {"local": "local-db32", "industry": "industry-general", "national": "national-gbt", "international": "iso-iec-36"}
NUMBERS = {"local": "DB32/T {}—{}", "industry": "YD/T {}—{}", "national": "GB/T {}—{}", "international": "ISO/IEC {}:{}"}


def portfolio(size: int = 120, seed: int = 7) -> list[StandardFacts]:
    """So many example standards over all levels, stages and ends; the same for the same seed."""
    random = Random(seed)
    return [_standard(n, random) for n in range(size)]


def _standard(n: int, random: Random) -> StandardFacts:
    level: Level = random.choices(LEVELS, (45, 25, 35, 12))[0]
    done = random.random() < 0.45
    published = date(2024, 3, 1) + timedelta(days=random.randrange(960)) if done else None
    entered = AS_OF - timedelta(days=random.randrange(400))
    stage = random.choice(list(STEPS))
    due = AS_OF + timedelta(days=random.randrange(-120, 300))
    drafters = tuple(
        Drafter(f"示例单位{random.randrange(40)}有限公司", rank, f"r{random.randrange(6)}", random.random() < 0.6)
        for rank in range(1, random.randrange(2, 7))
    )
    halted = not done and random.random() < 0.12
    return StandardFacts(
        id=f"s{n:03}",
        number=NUMBERS[level].format(90000 + n, published.year if published else "") if done else None,
        plan_number=f"2024{n:04}-T-000",
        title_zh=f"{random.choice(FIELDS)} {random.choice(SUBJECTS)} 第{n}部分",
        title_en=f"Example standard {n}",
        level=level,
        kind=random.choices(("new", "revision", "amendment", "adoption"), (75, 15, 4, 6))[0],
        nature="T",
        document_type=random.choices(("IS", "TS"), (8, 1))[0],
        family=random.choices((None, "group"), (30, 1))[0],
        status="published" if done else "frozen" if halted else random.choices(("active", "terminated"), (20, 1))[0],
        stage="60.60" if done else stage,
        step_name_zh="发布" if done else STEPS[stage],
        stage_entered_on=entered,
        published_on=published,
        effective_on=published + timedelta(days=180) if published else None,
        publication_evidence=("publication_notice", "published_text") if random.random() < 0.85 else (),
        primary_field=f"f{random.randrange(11)}",
        drafters=() if level == "international" else drafters,
        region=f"r{random.randrange(6)}",
        international_role=random.choice(("project_leader", "editor", "expert", None)) if level == "international" else None,
        projects=tuple(
            ProjectRef(f"BE2024{random.randrange(30):03}", "示例项目：关键技术研究与标准研制") for _ in range(random.randrange(3))
        ),
        committee=f"示例标准化技术委员会{random.randrange(12)}",
        holder="秘书处",
        fills_gap=random.random() < 0.1,
        deadlines=()
        if done
        else (
            DeadlineFact(
                "报批期限",
                "submission",
                due,
                "第一起草单位",
                "overdue" if due < AS_OF else "running",
                "freeze",
                "验证轮次增加" if halted else None,
            ),
        ),
        exemplar=True,
    )


def ways(facts: list[StandardFacts]) -> list[History]:
    """Where those under way stand on the routes of their levels, and what the hub saw of others before."""
    found = [one for n, track in enumerate(TRACKS.values()) for one in histories(75, until=AS_OF, seed=40 + n, track=track, apart=25)]
    for n, one in enumerate(sorted(facts, key=lambda one: one.id)):
        if one.status == "active" and not one.published_on:
            track = newest(TRACKS[one.level])
            steps = [step.key for step in track.steps if step.code < "60.60"]
            found.append(History(one.id, one.level, track.id, (Stay(steps[n % len(steps)], one.stage_entered_on or AS_OF),)))
    return found


def report_of(facts: list[StandardFacts], *, since: date | None = None, plan: PlanFacts = PLAN, **change: Any) -> ProgressReport:
    rule = load_rule()
    previous = count(facts, plan, rule, since) if since else None
    given = {
        "as_of": AS_OF,
        "known_at": KNOWN_AT,
        "data_hash": "0f" * 32,
        "previous": previous,
        "previous_as_of": since,
        "histories": ways(facts),
        **change,
    }
    return build(plan, facts, rule, **given)

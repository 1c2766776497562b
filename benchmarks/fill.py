"""A hub of any size: rows and events made by the same pure projections the hub uses, put in by COPY."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import psycopg
from sqlmodel import SQLModel

from standards_hub.kernel.events import GENESIS, Event, Replica, encode, link, table_of
from standards_hub.kernel.search.index import Entry, finished
from standards_hub.lifecycle.events import Edited, Moved, PaperAdded, Proposed, Running
from standards_hub.lifecycle.models import PaperRow, PlanSpellRow, StandardRow, VisitRow
from standards_hub.lifecycle.values import Patch

STEPS = ("20.20", "30.20", "30.60", "40.20", "50.20")
WORDS = (
    "氢能",
    "量子",
    "第三代半导体",
    "人工智能",
    "合成生物",
    "物联网",
    "石墨烯",
    "检测方法",
    "技术要求",
    "安全规范",
    "术语",
    "接口",
    "评价",
    "数据",
    "可靠性",
)
TRACKS = (("national-gbt@2026.1", "national"), ("local-db32@2026.1", "local"), ("industry-miit@2026.1", "industry"))
BATCH = 2000
MODELS = (StandardRow, PlanSpellRow, VisitRow, PaperRow)


def _uuid(*parts: object) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, parts)))


def story(number: int, plan: str | None) -> Iterator[tuple[Event, date]]:
    """The events of one standard: four, as the portfolio has on average."""
    random.seed(number)
    track, level = TRACKS[number % 3]
    opened = date(2025, 1, 6) + timedelta(days=number % 500)
    title = f"{random.choice(WORDS)}{random.choice(WORDS)}{random.choice(WORDS)} 第{number}部分"
    facts = Patch(title_zh=title, title_en=f"Part {number}", plan_key=plan, committee_id=_uuid("committee", number % 40), region="3205")
    step = STEPS[number % len(STEPS)]
    yield (
        Proposed(
            track=track, level=level, kind="new", step="20.00", stage="20.00", facts=facts, visit=_uuid("v", number), running=Running()
        ),
        opened,
    )
    yield PaperAdded(
        paper=_uuid("p", number), kind="verification_plan", title="验证方案", dated=opened, reference="示例", accepted=True
    ), opened + timedelta(days=1)  # fmt: skip
    yield Moved(
        act="advance", from_step="20.00", from_stage="20.00", to_step=step, to_stage=step, left=_uuid("v", number), visit=_uuid("w", number)
    ), opened + timedelta(days=30)  # fmt: skip
    yield Edited(before=Patch(scope=""), after=Patch(scope=f"本文件规定了{title}。")), opened + timedelta(days=40)


def fill(address: str, count: int, *, plan: str, of_plan: int) -> None:
    """Put `count` standards with their events, search rows and papers into an empty, migrated database."""
    previous, position = GENESIS, 0
    recorded = datetime(2026, 11, 1, tzinfo=UTC)
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        for start in range(0, count, BATCH):
            replica, events, entries = Replica(), [], []
            for number in range(start, min(start + BATCH, count)):
                stream = f"standard:{_uuid('standard', number)}"
                for seq, (event, on) in enumerate(story(number, plan if number < of_plan else None), 1):
                    position += 1
                    row = {"id": position, "stream": stream, "seq": seq, "type": event.type_name(), "effective_on": on, "recorded_at": recorded,
                           "actor": "system", "payload": encode(event)}  # fmt: skip
                    row["hash"] = previous = link(previous, row)
                    events.append(row)
                    replica.apply(row)
            for row in replica.rows(StandardRow):
                entries.append(Entry("standard", str(row["id"]), str(row["title_zh"]), str(row["scope"]), True))
            with connection.cursor() as cursor:
                for model in MODELS:
                    _copy(cursor, model, list(replica.rows(model)))
                _copy_rows(cursor, "event", events)
                with cursor.copy("COPY search_text (kind, key, title, body, words) FROM STDIN") as copy:
                    for entry in finished("postgresql", entries):
                        copy.write_row(entry)
            connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


def _copy(cursor: psycopg.Cursor[Any], model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    _copy_rows(cursor, table_of(model).name, rows)


def _copy_rows(cursor: psycopg.Cursor[Any], table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = list(rows[0])
    quoted = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([msgspec.json.encode(row[n]).decode() if isinstance(row[n], list) else row[n] for n in names])


def standard_id(number: int) -> uuid.UUID:
    return _uuid("standard", number)

"""The tables of a past day, and what is kept of a log that was read."""

from datetime import date, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from standards_hub.kernel import audit
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.events import Event, encode
from standards_hub.kernel.work import Hub, Subject, history
from tests.kernel.log.sample import (
    LOG,
    SampleNoted,
    SampleOpened,
    SamplePartAdded,
    SamplePartRow,
    SamplePartTaken,
    SampleRenamed,
    SampleReplaced,
    SampleRow,
    Thing,
    tamper,
)


async def test_what_was_true_on_a_past_day_and_what_was_known_then(hub: Hub, thing: Thing) -> None:
    async with hub.database.read() as connection:
        log = await history(connection, thing.stream)

        async def title(day: date, known_at: datetime | None = None) -> list[object]:
            found = await audit.as_of(connection, day, streams=[thing.stream], known_at=known_at)
            return [row["title"] for row in found.rows(SampleRow)]

        assert await title(date(2025, 12, 31)) == []
        assert await title(date(2026, 1, 1)) == ["甲"]
        assert await title(date(2026, 6, 1)) == ["乙"]
        assert await title(date(2026, 11, 24)) == ["丙"]
        assert await title(date(2026, 11, 24), log[3].recorded_at) == ["乙"]
        assert await title(date(2026, 11, 24), log[0].recorded_at.replace(year=2025)) == []


async def test_an_act_dated_before_its_things_opening_does_not_hide_the_past(hub: Hub) -> None:
    early, late = Thing(id=uuid4()), Thing(id=uuid4())
    async with hub.work(SYSTEM) as work:
        await work.append(late, SampleOpened("晚"), effective_on=date(2026, 5, 1))
        await work.append(late, SampleRenamed("补录"), effective_on=date(2026, 4, 1))
        await work.append(late, SamplePartAdded(1), effective_on=date(2026, 4, 1))
        await work.append(early, SampleOpened("早"), effective_on=date(2026, 4, 1))
        await work.commit()
        found = await audit.as_of(work.connection, date(2026, 4, 15))
        later = await audit.as_of(work.connection, date(2026, 5, 1))
    assert [row["title"] for row in found.rows(SampleRow)] == ["早"]
    assert list(found.rows(SamplePartRow)) == []
    assert {row["title"] for row in later.rows(SampleRow)} == {"早", "补录"}


class Log:
    """Things whose acts are drawn, and what their streams are replayed to by either way."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.things = [Thing(id=uuid4()), Thing(id=uuid4())]
        self.streams = [thing.stream for thing in self.things]

    async def write(self, *acts: tuple[Subject, Event, date]) -> audit.Head:
        async with self.hub.work(SYSTEM) as work:
            for subject, event, day in acts:
                await work.append(subject, event, effective_on=day)
            await work.commit()
            return await audit.newest(work.connection)

    def kept(self) -> dict[str, int]:
        """How many events of which streams are kept."""
        found = audit.LOGS.get((self.hub.database.engine.url,))
        return {stream: len(events) for stream, events in found.streams.items()} if found else {}

    async def both(self, day: date, head: audit.Head) -> tuple[object, object]:
        async with self.hub.database.read() as connection:
            kept = await audit.as_of_head(connection, day, self.streams, head)
            return kept.tables, (await audit.as_of(connection, day, streams=self.streams)).tables


SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


async def test_a_log_is_read_once_for_all_days_and_then_only_what_came_since(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(hub)
    first, second = log.things
    steps: list[list[tuple[Subject, Event, date]]] = [
        [(first, SampleOpened("甲", parts=("a", "b")), SPRING)],
        [(second, SampleOpened("乙"), SUMMER), (first, SamplePartTaken(0), SUMMER)],
        [(first, SampleRenamed("甲一"), AUTUMN), (Thing(id=uuid4()), SampleOpened("别的"), SPRING)],
        [(second, SampleRenamed("补录"), SPRING), (second, SamplePartAdded(1), SUMMER)],
        [(first, SampleReplaced(), SUMMER), (second, SampleNoted("无"), AUTUMN)],
    ]
    read: list[str] = []
    real = audit.written
    monkeypatch.setattr(audit, "written", lambda row: (read.append(row["type"]), real(row))[1])
    for step in steps:
        head = await log.write(*step)
        for day in (SPRING, SUMMER, AUTUMN):
            kept, anew = await log.both(day, head)
            assert kept == anew
    async with hub.database.read() as connection:
        read.clear()
        await audit.as_of_head(connection, date(2026, 7, 1), log.streams, head)
        assert read == [], "what was read for other days is read again"
        later = await log.write((first, SampleRenamed("末"), AUTUMN))
        await audit.as_of_head(connection, AUTUMN, log.streams, later)
    assert read == ["sample-renamed"]


async def test_an_earlier_head_is_not_told_what_came_after_it(hub: Hub) -> None:
    log = Log(hub)
    early = await log.write((log.things[0], SampleOpened("甲"), SPRING))
    before, _ = await log.both(SUMMER, early)
    late = await log.write((log.things[0], SampleRenamed("后"), SPRING))
    after, _ = await log.both(SUMMER, late)
    again, _ = await log.both(SUMMER, early)
    assert again == before != after


async def test_another_log_of_the_same_streams_is_read_from_its_beginning(hub: Hub) -> None:
    log = Log(hub)
    head = await log.write((log.things[0], SampleOpened("甲"), SPRING))
    await log.both(SUMMER, head)
    forged = {"hash": "f" * 64, "payload": encode(SampleOpened("另"))}
    await tamper(hub, sa.update(LOG).where(LOG.c.id == head.position).values(**forged))
    later = await log.write((log.things[1], SampleOpened("乙"), SPRING))
    kept, anew = await log.both(SUMMER, later)
    assert kept == anew and "另" in str(kept)


async def test_more_events_than_may_be_kept_are_read_anew(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST_EVENTS", 2)
    log = Log(hub)
    first, second = log.things
    head = await log.write((first, SampleOpened("甲"), SPRING), (second, SampleOpened("乙"), SPRING))
    kept, anew = await log.both(SUMMER, head)
    assert kept == anew and log.kept() == {first.stream: 1, second.stream: 1}
    head = await log.write((second, SampleRenamed("丙"), SPRING))
    kept, anew = await log.both(SUMMER, head)
    assert kept == anew and log.kept() == {first.stream: 1, second.stream: 1}, "what is too much takes nobody's place"
    async with hub.database.read() as connection:
        await audit.as_of_head(connection, SUMMER, [second.stream], head)
    assert log.kept() == {second.stream: 2}, "what is asked for now stays"


async def test_a_stream_that_is_new_to_a_plan_is_all_that_is_read(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(hub)
    first, second = log.things
    head = await log.write((first, SampleOpened("甲"), SPRING), (second, SampleOpened("乙"), SPRING))
    read: list[str] = []
    real = audit.written
    async with hub.database.read() as connection:
        await audit.as_of_head(connection, SUMMER, [first.stream], head)
        monkeypatch.setattr(audit, "written", lambda row: (read.append(row["stream"]), real(row))[1])
        await audit.as_of_head(connection, SUMMER, log.streams, head)
    assert read == [second.stream]

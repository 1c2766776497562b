"""What officers do with snapshots: sign one, correct one, compare two, prove the chain.

Signing is the act of an account that may do so, at an instant, on a hash over all that the snapshot says. It is no electronic
signature in the sense of the law: no private key is involved, and what it proves is proven by the chain and by the log.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib.metadata import version
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from standards_hub.kernel import audit
from standards_hub.kernel.errors import BadInput, Conflict, HubError, NotFound, Unmet
from standards_hub.kernel.http import Said
from standards_hub.kernel.memory import Memory
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.waiting import Waiting
from standards_hub.linkage import portfolio
from standards_hub.linkage import repository as plans
from standards_hub.linkage.counting import count
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.rule import CountRule
from standards_hub.linkage.services import tallies
from standards_hub.linkage.services.tallies import Tally
from standards_hub.linkage.snapshots import repository
from standards_hub.linkage.snapshots.causes import Cause, causes
from standards_hub.linkage.snapshots.differing import Change, changes, of_the_count
from standards_hub.linkage.snapshots.events import SnapshotSigned
from standards_hub.linkage.snapshots.values import CONTENTS, FIRST, Broken, SnapLine, Snapshot, Verification, contents, encoded, lines_of

SIGN = "snapshot.sign"
READ = "report.read"
OLD_AFTER = timedelta(days=45)
"""A snapshot is old when its day lies further back: the month after it is over and nobody signed."""
DIFFERENCE = "difference.json"
"""The file of a correction that lists what it says otherwise than the snapshot it corrects."""
DUE: Memory["Due"] = Memory(64)


class Difference(Struct, frozen=True):
    """What became different between two snapshots of a plan."""

    earlier: Snapshot
    later: Snapshot
    changes: list[Change]
    causes: dict[str, list[Cause]]
    """For each standard what happened to it in between."""

    def of_kind(self, kind: str) -> list[Change]:
        return [one for one in self.changes if one.kind == kind]

    @property
    def added(self) -> list[Change]:
        """Standards that count only in the later."""
        return self.of_kind("added")

    @property
    def removed(self) -> list[Change]:
        """Standards that count only in the earlier."""
        return self.of_kind("removed")

    @property
    def moved(self) -> list[Change]:
        """Standards that count in both, in another level, target, role, field or region."""
        return self.of_kind("moved")


async def sign(
    work: Work, plan_key: str, as_of: date, *, known_at: datetime | None = None, report: UUID | None = None,
    files: Mapping[str, str] | None = None, expected: str | None = None,
) -> Snapshot:  # fmt: skip
    """Sign what counts on a day as the next link of the plan's chain, with the files of the report that states it.

    Raises `Conflict` where a snapshot of that day is there already and today's truth counts otherwise: that is for `correct`;
    and where the lines are not those of the hash `expected`, which somebody was shown before.
    """
    plan = await plans.plan_by_key(work, plan_key, lock=True)
    work.actor.require(SIGN, plan)
    made = await foresee(work, plan_key, as_of, known_at=known_at)
    if made.due:
        raise Conflict(
            say("{day} 的第 {n} 号快照与现有事实不同，请先更正它，写明理由", day=as_of, n=made.due.n), code="correction-due"
        )  # fmt: skip
    if expected and expected != made.count_hash:
        raise Conflict(say("看过之后又录入了新的事实，请核对后再签发"), code="changed")
    return await _append(work, made.links, made.tally, made.lines, report=report, files=dict(files or {}))


class Foreseen(Struct, frozen=True):
    """What would be signed, found by counting it; nothing is written."""

    tally: Tally
    lines: list[SnapLine]
    links: list[Snapshot]
    since: list[Change]
    """What is otherwise than in the last snapshot."""
    due: Snapshot | None
    """The snapshot of the same day that has to be corrected first."""

    @property
    def last(self) -> Snapshot | None:
        return self.links[-1] if self.links else None

    @property
    def count_hash(self) -> str:
        """The hash of the lines, as the snapshot would have it."""
        return hashlib.sha256(encoded(self.lines)).hexdigest()


async def foresee(work: Work, plan_key: str, as_of: date, *, known_at: datetime | None = None) -> Foreseen:
    """Count a day as it would be signed. Raises `BadInput` for days to come."""
    tally = await tallies.tally(work, plan_key, as_of, known_at=known_at)
    links = await repository.chain(work.connection, plan_key)
    lines, before = lines_of(tally.counted), standing(links, as_of)
    since = changes(await lines_in(work, links[-1]), lines) if links else []
    due = before if before and of_the_count(changes(await lines_in(work, before), lines)) else None
    return Foreseen(tally, lines, links, since, due)


class Due(Struct, frozen=True):
    """A snapshot that stands for its day although more is known now: it has to be corrected."""

    snapshot: Snapshot
    changes: list[Change]

    @property
    def counted(self) -> int:
        """What counts on its day by what is known now."""
        kinds = [change.kind for change in self.changes]
        return self.snapshot.total.counted + kinds.count("added") - kinds.count("removed")


async def due(work: Work, plan_key: str, links: list[Snapshot] | None = None) -> list[Due]:
    """Those of the plan's snapshots that stand for their days and count otherwise than what is known now, the latest first.

    Each is counted anew, so pages ask only for those `links` that they show.
    """
    work.actor.require(READ)
    links = await listing(work, plan_key) if links is None else links
    return await _due_of(work, [link for link in links if standing(links, link.as_of) is link])


async def waiting(work: Work) -> list[Waiting]:
    """The corrections that wait for the actor, of plans for which they may sign one."""
    found = []
    for plan in await plans.plans(work.connection) if work.actor.may(SIGN) else []:
        if not work.actor.may(SIGN, plan):
            continue
        links = await repository.chain(work.connection, plan.key)
        doubtful = [one for one in links if standing(links, one.as_of) is one and await repository.told_since(work.connection, one)]
        for one in await _due_of(work, doubtful):
            title = say("{plan}：第 {n} 号快照（{day}）与现有事实不同", plan=plan.name, n=one.snapshot.n, day=one.snapshot.as_of)
            path = f"/plans/{plan.key}/snapshots/{one.snapshot.n}"
            found.append(Waiting(say("待更正的快照"), title, one.snapshot.as_of, say("核对并更正"), path))
    return found


async def _due_of(work: Work, links: list[Snapshot]) -> list[Due]:
    """Those that count otherwise by now, the latest first."""
    _, head = await audit.newest(work.connection)
    return [made for link in reversed(links) if (made := await _due(work, link, head)).changes]


async def _due(work: Work, link: Snapshot, head: str) -> Due:
    """Counted once for each state of the log, whose last hash names it."""
    key = (link.hash, work.today, head)
    if found := DUE.get(key):
        return found
    _, lines = await retold(work, link)
    return DUE.put(key, Due(link, of_the_count(changes(await lines_in(work, link), lines))))


async def correct(work: Work, plan_key: str, n: int, reason: str) -> Snapshot:
    """Sign a correction of a snapshot: its day, its rule and its plan, from what is known now. The snapshot itself stays as it is.

    Raises `Conflict` if it was corrected already or if nothing is different.
    """
    plan = await plans.plan_by_key(work, plan_key, lock=True)
    work.actor.require(SIGN, plan)
    if not reason.strip():
        raise BadInput(say("更正应写明理由"), unmet=[Unmet("reason", say("请填写"), "reason")])
    links = await repository.chain(work.connection, plan_key)
    wrong = await repository.one(work.connection, plan_key, n)
    stands = standing(links, wrong.as_of)
    if stands is None or stands.n != wrong.n:
        now = stands.n if stands else n
        raise Conflict(say("第 {n} 号快照已不是该日现行的，现行的是第 {now} 号", n=n, now=now), code="not-standing")
    tally, lines = await retold(work, wrong)
    found = changes(await lines_in(work, wrong), lines)
    if not found:
        raise Conflict(say("第 {n} 号快照与现有事实一致，无须更正", n=n), code="nothing-different")
    table = await asyncio.to_thread(work.files.put, msgspec.json.encode(found))
    return await _append(work, links, tally, lines, files={DIFFERENCE: table}, corrects=n, reason=reason.strip())


async def listing(work: Work, plan_key: str) -> list[Snapshot]:
    """All snapshots of a plan, the first first."""
    work.actor.require(READ)
    await plans.plan_by_key(work, plan_key)
    return await repository.chain(work.connection, plan_key)


async def show(work: Work, plan_key: str, n: int) -> Snapshot:
    work.actor.require(READ)
    return await repository.one(work.connection, plan_key, n)


async def latest(work: Work, plan_key: str) -> Snapshot | None:
    """The last snapshot that was signed for a plan, none where there is none yet."""
    work.actor.require(READ)
    return await repository.latest(work.connection, plan_key)


async def difference(work: Work, earlier: Snapshot, later: Snapshot) -> Difference:
    """What the later snapshot says otherwise than the earlier, standard by standard, with the events that did it."""
    work.actor.require(READ)
    found = changes(await lines_in(work, earlier), await lines_in(work, later))
    plan, rule = await terms(work, later)
    return Difference(earlier, later, found, await causes(work, earlier, later, found, plan, rule))


async def verify(work: Work, plan_key: str) -> Verification:
    """Walk a plan's chain: every link counts on, covers the one before, is what the log says was signed, and its files are there whole."""
    work.actor.require(READ)
    await plans.plan_by_key(work, plan_key)
    links, signed = await repository.chain(work.connection, plan_key), await repository.sealed(work.connection, plan_key)
    previous = FIRST
    for at, link in enumerate(links, 1):
        if why := await _broken(work, link, at, previous, signed):
            return Verification(plan_key, len(links), previous, Broken(min(at, link.n), why))
        previous = link.hash
    if lost := sorted(set(signed) - {link.n for link in links}):
        return Verification(plan_key, len(links), previous, Broken(lost[0], Said.of(say("缺少第 {n} 号快照", n=lost[0]))))
    return Verification(plan_key, len(links), previous)


async def _broken(work: Work, link: Snapshot, at: int, previous: str, signed: Mapping[int, str]) -> Said | None:
    if link.n != at:
        return Said.of(say("缺少第 {n} 号快照", n=at))
    if link.previous_hash != previous:
        return Said.of(say("第 {n} 号快照没有接在前一号之后", n=at))
    if link.seal() != link.hash:
        return Said.of(say("第 {n} 号快照的内容与其散列不符", n=at))
    if signed.get(at) != link.hash:
        return Said.of(say("第 {n} 号快照与日志所记的签发不符", n=at))
    for name, digest in {**{name: link.content_hash(name) for name in CONTENTS}, **link.files}.items():
        if not await _whole(work, digest):
            return Said.of(say("第 {n} 号快照的文件 {name} 缺失或已变动", n=at, name=name))
    return None


async def _whole(work: Work, digest: str) -> bool:
    try:
        return hashlib.sha256(await asyncio.to_thread(work.files.get, digest)).hexdigest() == digest
    except NotFound:
        return False


async def content(work: Work, link: Snapshot, name: str) -> bytes:
    """One of the files of a snapshot, by its name or one of `CONTENTS`. Raises `NotFound`, or `HubError` if its bytes are not those signed."""
    work.actor.require(READ)
    digest = link.content_hash(name) if name in CONTENTS else link.files.get(name)
    if digest is None:
        raise NotFound(say("第 {n} 号快照没有文件 {name}", n=link.n, name=name))
    kept = await asyncio.to_thread(work.files.get, digest)
    if hashlib.sha256(kept).hexdigest() != digest:
        raise HubError(say("文件与存档记录不符，请联系系统管理员"), code="file-changed")
    return kept


async def lines_in(work: Work, link: Snapshot) -> list[SnapLine]:
    """The standards as a snapshot has them."""
    return msgspec.json.decode(await content(work, link, "count"), type=list[SnapLine])


async def terms(work: Work, link: Snapshot) -> tuple[PlanFacts, CountRule]:
    """The plan and the rule as a snapshot has them."""
    plan = msgspec.json.decode(await content(work, link, "plan"), type=PlanFacts)
    return plan, msgspec.json.decode(await content(work, link, "rule"), type=CountRule)


async def retold(work: Work, link: Snapshot) -> tuple[Tally, list[SnapLine]]:
    """A snapshot's day counted anew by its own rule and plan, from what is known now."""
    plan, rule = await terms(work, link)
    held = await portfolio.held(work, link.plan_key, link.as_of)
    counted = count(held.facts, plan, rule, link.as_of)
    return Tally(plan, rule, held, counted), lines_of(counted)


def standing(links: list[Snapshot], day: date) -> Snapshot | None:
    """The snapshot of a day that holds: the last one signed of it."""
    return next((link for link in reversed(links) if link.as_of == day), None)


async def _append(
    work: Work, links: list[Snapshot], tally: Tally, lines: list[SnapLine], *, report: UUID | None = None, files: dict[str, str],
    corrects: int | None = None, reason: str | None = None,
) -> Snapshot:  # fmt: skip
    last = links[-1] if links else None
    if last and last.seal() != last.hash:
        raise Conflict(say("第 {n} 号快照的内容与其散列不符，链已断，请先查明", n=last.n), code="broken")
    for name, digest in files.items():
        if not await _whole(work, digest):
            raise BadInput(say("文件 {name} 没有存档，不能随快照签发", name=name), unmet=[Unmet("file", say("请先存档"), "files")])
    texts = contents(tally.held.facts, tally.plan, tally.rule, lines)
    kept = {name: await asyncio.to_thread(work.files.put, text) for name, text in texts.items()}
    made = Snapshot(
        id=uuid4(), plan_key=tally.plan.key, n=last.n + 1 if last else 1, as_of=tally.counted.as_of, known_at=tally.held.known_at,
        rule=tally.rule.id, targets=list(tally.counted.targets), total=tally.counted.total, report=report, files=files,
        software=version("standards-hub"), corrects=corrects, reason=reason, previous_hash=last.hash if last else FIRST, hash="",
        signed_by=work.actor.label, signed_at=work.clock.now(), data_hash=kept["data"], plan_hash=kept["plan"], rule_hash=kept["rule"], count_hash=kept["count"],
    ).sealed()  # fmt: skip
    facts = {name: getattr(made, name) for name in SnapshotSigned.__struct_fields__}
    await work.append(made, SnapshotSigned(**facts), effective_on=work.today)
    return made


__all__ = [
    "Difference",
    "Due",
    "changes",
    "content",
    "correct",
    "difference",
    "latest",
    "lines_in",
    "listing",
    "retold",
    "show",
    "sign",
    "standing",
    "verify",
    "waiting",
]

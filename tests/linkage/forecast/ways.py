"""Invented histories: standards that start one after another and wait at every step for a time drawn once for all."""

from datetime import date, timedelta
from random import Random

from standards_hub.lifecycle.tracks import newest
from standards_hub.linkage.counting import Drafter, StandardFacts
from standards_hub.linkage.forecast.histories import History, Stay

STARTS = date(2021, 3, 1)


def histories(
    size: int = 180, *, until: date, seed: int = 5, track: str = "local-db32", pace: float = 1.0, apart: float = 11.0
) -> list[History]:
    """So many standards as they stand at the end of a day, one begun every `apart` days, one in twelve terminated on the way."""
    random, chosen = Random(seed), newest(track)
    steps = [step.key for step in chosen.steps if step.code <= "60.60"]
    found = []
    for n in range(size):
        day, stays, ended = STARTS + timedelta(days=round(n * apart)), [], None
        stop = random.randrange(len(steps) - 1) if random.random() < 1 / 12 else None
        waits = [timedelta(days=round(random.gammavariate(3, 14) * pace) + 2) for _ in steps]
        for at, (step, wait) in enumerate(zip(steps, waits, strict=True)):
            over = day + wait if step != steps[-1] and day + wait <= until else None
            if day <= until and not ended:
                stays.append(Stay(step, day, over))
                ended = over if at == stop else None
            day += wait
        if stays:
            found.append(History(f"{seed:02}{n:04}", chosen.level, chosen.id, tuple(stays), ended))
    return found


def facts(found: list[History]) -> list[StandardFacts]:
    """The same as the count sees them: published at the last step, ended, or at work."""
    made = []
    for one in found:
        last = one.stays[-1]
        done = last.step == "60.60"
        status = "published" if done else "terminated" if one.ended else "frozen" if one.halted else "active"
        made.append(
            StandardFacts(
                id=one.id, number=f"DB32/T {90000 + int(one.id)}—{last.entered.year}" if done else None, plan_number=one.id, title_zh="示例标准",
                title_en="Example", level=one.level, kind="new", nature="T", status=status, stage=newest("local-db32").step(last.step).code,
                step=last.step, stage_entered_on=last.entered, published_on=last.entered if done else None,
                publication_evidence=("publication_notice",) if done else (), drafters=(Drafter("示例单位", 1, None, True),), exemplar=True,
            )
        )  # fmt: skip
    return made

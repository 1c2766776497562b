"""How long it takes to count 100,000 standards with 300,000 claims under two rules, and a tenth of them. Facts in memory, no database."""

import gc
import time
from datetime import date, timedelta

from standards_hub.linkage.comparing import differences
from standards_hub.linkage.counting import count
from standards_hub.linkage.facts import Drafter, PlanFacts, ProjectRef, StandardFacts, TargetFacts, Term
from standards_hub.linkage.rule import load_rule

WANTED, FACTOR = 3.0, 12.0
"""Seconds for all of them, and how many times the time for a tenth that may be."""
PLAN = PlanFacts(
    key="bench", name="bench", fields=(Term("a", "a"), Term("b", "b")), regions=(), window_start=date(2024, 1, 1), window_end=date(2026, 12, 31),
    targets=(TargetFacts("local", "l", ("local", "industry"), 60), TargetFacts("national", "n", ("national",), 30)),
)  # fmt: skip
LEVELS = (("local", "DB32/T {}—2025"), ("industry", "YD/T {}—2025"), ("national", "GB/T {}—2025"))
STATUSES = ("published", "published", "published", "active", "superseded", "terminated")


def portfolio(size: int) -> list[StandardFacts]:
    """Standards of all kinds, three claims on each."""
    made = []
    for n in range(size):
        level, number = LEVELS[n % 3]
        status = STATUSES[n % len(STATUSES)]
        out = date(2023, 10, 1) + timedelta(days=n % 1200) if status in ("published", "superseded") else None
        units = (Drafter(f"u{n % 997}", 1, f"32{n % 13:02}", n % 5 != 0), Drafter(f"v{n % 499}", 2, None, n % 2 == 0))
        made.append(
            StandardFacts(
                id=f"{n:08}", number=number.format(n) if out else None, plan_number=None, title_zh="示例", title_en="", kind="new", nature="T",
                level=level, family=level, status=status, stage="60.60" if out else "30.20", drafters=units,  # type: ignore[arg-type]
                approved_on=out - timedelta(days=30) if out else None, published_on=out, primary_field="ab"[n % 2],
                publication_evidence=("published_text",) if n % 7 else (),
                projects=tuple(ProjectRef(f"p{(n * k) % 4001}", "示例") for k in (1, 2, 3)),
            )
        )  # fmt: skip
    return made


def took(facts: list[StandardFacts]) -> float:
    """Seconds of CPU for both counts and their difference, the best of three; nothing in it waits."""
    rules = load_rule(), load_rule("approved")
    best = float("inf")
    for _ in range(3):
        gc.collect()
        start = time.process_time()
        first, second = (count(facts, PLAN, rule, date(2026, 10, 31)) for rule in rules)
        found = differences(first, second)
        best = min(best, time.process_time() - start)
    if not found or first.total.counted == second.total.counted:
        raise RuntimeError("the two rules count alike, so nothing was compared")
    return best


def measured(size: int = 100_000) -> tuple[float, float]:
    """Seconds for all of them and for a tenth."""
    facts = portfolio(size)
    return took(facts), took(facts[: size // 10])


if __name__ == "__main__":
    whole, tenth = measured()
    print(
        f"100,000 standards under two rules: {whole:.2f} s (wanted {WANTED:.0f}), {whole / tenth:.1f} times a tenth (wanted {FACTOR:.0f})"
    )

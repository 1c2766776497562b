"""Whether a project keeps its promises: by level, stage and part in drafting, each standard for one promise only."""

from datetime import date
from uuid import UUID

import pytest

from standards_hub.linkage.fulfilment import Claimed, answer, kept, kept_each, sentence
from standards_hub.linkage.values import Commitment


def promise(n: int = 1, level: str = "national", count: int = 1, role: str = "either", stage: str = "60.60", **more: date) -> Commitment:
    return Commitment(id=UUID(int=n), level=level, role_required=role, count=count, min_stage=stage, source_text="示例", **more)  # type: ignore[arg-type]


def standard(
    n: int, level: str = "national", stage: str = "30.20", status: str = "active", role: str | None = None, state: str = "confirmed"
) -> Claimed:
    return Claimed(id=UUID(int=100 + n), level=level, stage=stage, status=status, role=role, state=state)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "role, stage, status, part, expected",
    [
        ("either", "60.60", "published", None, "done"),
        ("either", "95.99", "withdrawn", None, "done"),
        ("either", "40.20", "active", "lead", "under_way"),
        ("either", "40.98", "terminated", "lead", None),
        ("lead", "60.60", "published", "lead", "done"),
        ("lead", "60.60", "published", "participate", "role"),
        ("participate", "60.60", "published", "not_ranked", "done"),
        ("participate", "60.60", "published", None, "role"),
    ],
)
def test_a_standard_answers_a_promise_by_its_state_and_its_part(
    role: str, stage: str, status: str, part: str | None, expected: str | None
) -> None:
    assert answer(promise(role=role), standard(1, stage=stage, status=status, role=part)) == expected


def test_a_standard_of_another_level_answers_nothing() -> None:
    assert answer(promise(level="local"), standard(1)) is None


def test_a_promise_of_a_proposal_is_kept_by_a_proposal() -> None:
    assert answer(promise(stage="20.00"), standard(1, stage="30.20")) == "done"


def test_one_standard_keeps_one_promise_and_the_harder_one_first() -> None:
    found = kept([promise(1, role="either"), promise(2, role="lead")], [standard(1, stage="60.60", status="published", role="lead")])
    assert {one.commitment.id.int: one.count("done") for one in found} == {1: 0, 2: 1}
    assert sum(one.missing for one in found) == 1


def test_a_harder_promise_leaves_the_one_standard_that_another_needs_where_another_does_as_well() -> None:
    published, proposed = promise(1), promise(2, role="lead", stage="40.20")
    leading = standard(1, stage="60.60", status="published", role="lead")
    taking_part = standard(2, stage="60.60", status="published", role="participate")
    found = kept([published, proposed], [leading, taking_part])
    assert [one.answers for one in found] == [((taking_part.id, "done"),), ((leading.id, "done"),)]


def test_a_promise_of_an_early_day_keeps_the_standard_that_was_there_by_then() -> None:
    early, late = promise(1, due=date(2024, 12, 31)), promise(2, due=date(2025, 12, 31))
    first, second = (standard(n, stage="60.60", status="published") for n in (1, 2))
    under_way = standard(2)
    for order in ([early, late], [late, early]):
        found = kept_each(order, {early.id: [first, under_way], late.id: [second, first]})
        assert {one.commitment.id: one.answers for one in found} == {early.id: ((first.id, "done"),), late.id: ((second.id, "done"),)}


def test_what_is_over_is_shown_with_the_last_promise_of_its_level() -> None:
    published = [standard(n, stage="60.60", status="published") for n in range(3)]
    (one,) = kept([promise()], published)
    assert (one.count("done"), one.missing) == (3, 0)


def test_a_promise_that_was_withdrawn_asks_for_nothing() -> None:
    assert kept([promise(withdrawn_on=date(2026, 1, 1))], []) == []


def test_a_promise_is_overdue_from_the_day_after_its_own_day_or_the_projects_end() -> None:
    (own,) = kept([promise(due=date(2026, 6, 30))], [])
    (ends,) = kept([promise()], [])
    assert not own.overdue(None, date(2026, 6, 30)) and own.overdue(None, date(2026, 7, 1))
    assert ends.overdue(date(2026, 6, 30), date(2026, 7, 1)) and not ends.overdue(None, date(2026, 7, 1))


def test_the_sentence_says_what_was_promised_and_what_became_of_it() -> None:
    found = kept([promise(count=2)], [standard(1, stage="60.60", status="published"), standard(2)])
    assert [part.into("zh") for part in sentence(found)] == ["承诺国家标准 2 项：已认定 1 项、在研 1 项"]


@pytest.mark.parametrize("state, expected", [("open", "open"), ("contested", "contested"), ("confirmed", "done")])
def test_only_a_verified_claim_that_nobody_contests_keeps_a_promise(state: str, expected: str) -> None:
    (found,) = kept([promise()], [standard(1, stage="60.60", status="published", state=state)])
    assert [answer for _, answer in found.answers] == [expected]
    assert found.missing == (0 if expected == "done" else 1)

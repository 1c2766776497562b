"""How early a meeting is called and its papers go out, its quorum, and what a decision may say: tables of cases."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar

from standards_hub.committees.ballots.values import Ballot
from standards_hub.committees.meetings import rules
from standards_hub.committees.meetings.invitation import invitation
from standards_hub.committees.meetings.values import Attendee, Breach, Item, Meeting
from standards_hub.kernel.clock import Clock

DAY = date(2026, 12, 31)


def meeting(**more: Any) -> Meeting:
    given = {"kind": "review", "title": "示例审查会", "starts_on": DAY, "starts_at": "09:00", "prepared_on": date(2026, 11, 1), **more}
    return Meeting(id=UUID(int=5), committee_id=UUID(int=1), **given)


def item(**more: Any) -> Item:
    return Item(**{"id": uuid4(), "meeting_id": UUID(int=5), "place": 1, "title": "示例议题", **more})


@pytest.mark.parametrize(
    "kind, profiles, latest",
    [
        ("review", [], date(2026, 12, 21)),
        ("review", ["industry-health"], date(2026, 12, 16)),
        ("review", ["industry-natural-resources"], date(2026, 11, 30)),  # a month before the 31st is the last of a shorter month
        ("review", ["industry-health", "industry-natural-resources", None], date(2026, 11, 30)),
        ("plenary", ["industry-health"], date(2026, 12, 21)),
        ("working", [], date(2026, 12, 28)),
    ],
)
def test_papers_go_out_by_the_strictest_rule_of_what_is_on_the_agenda(kind: str, profiles: list[str | None], latest: date) -> None:
    found = rules.line("papers", meeting(kind=kind), [item(profile=profile) for profile in profiles], date(2026, 11, 1))
    assert found.latest == latest


@pytest.mark.parametrize("today, met, said", [(date(2026, 12, 16), True, "还有 0 天"), (date(2026, 12, 17), False, "已过 1 天")])
def test_a_call_on_its_last_day_is_in_time_and_a_day_later_is_not(today: date, met: bool, said: str) -> None:
    found = rules.line("call", meeting(), [], today)
    assert (found.met, found.latest) == (met, date(2026, 12, 16)) and said in found.why.zh
    assert found.proposed and not found.verified and found.why.en != found.why.zh


def test_what_was_done_in_time_stays_so_and_a_breach_stays_on_record_with_its_reason() -> None:
    kept = rules.line("call", meeting(called_on=date(2026, 12, 1)), [], date(2026, 12, 30))
    assert kept.met and kept.done_on == date(2026, 12, 1)
    late = rules.late("call", meeting(), [], date(2026, 12, 20))
    assert [unmet.where for unmet in rules.unmet_for_lateness(late, None)] == ["exception"]
    assert rules.unmet_for_lateness(late, "示例：急需") == []
    breaches = rules.with_breach(meeting(), late, date(2026, 12, 20), "示例：急需")
    assert breaches == [Breach("call", date(2026, 12, 16), date(2026, 12, 20), "示例：急需")]
    called = meeting(called_on=date(2026, 12, 20), breaches=breaches)
    assert rules.line("call", called, [], date(2026, 12, 20)).reason == "示例：急需"
    assert rules.with_breach(called, None, date(2026, 12, 21), None) == breaches


def test_every_figure_says_where_it_stands_and_none_claims_to_be_checked() -> None:
    figures = [figure for rule in rules.times().rules for figure in (rule.call, rule.papers) if figure]
    assert all(figure.source and not figure.verified for figure in figures)
    assert all("建议" in figure.source for figure in figures if figure.proposed)


def members(present: int, proxies: int, absent: int) -> list[Attendee]:
    wanted = ["present"] * present + ["proxy"] * proxies + ["absent"] * absent
    return [Attendee(id=uuid4(), name=f"示例{n}", position="member", presence=how) for n, how in enumerate(wanted)]  # type: ignore[arg-type]


@pytest.mark.parametrize("present, proxies, absent, met", [(18, 0, 7, False), (19, 0, 6, True), (18, 1, 6, True)])
def test_the_quorum_is_that_of_the_vote_rule_counted_over_all_members(present: int, proxies: int, absent: int, met: bool) -> None:
    observers = [Attendee(id=uuid4(), name="示例观察员", position="observer", presence="present")]
    found = rules.quorum("V1", [*members(present, proxies, absent), *observers])
    assert [test.met for test in found] == [met] and found[0].base == 25


@pytest.mark.parametrize(
    "chosen, named, counts_by, met",
    [
        ("V1", ("V1", "V2"), "V1", True),
        ("V2", ("V1", "V2"), "V2", True),
        ("V8", ("V1", "V2"), None, False),
        ("V1", ("V8",), "V8", True),
        (None, ("V1", "V2"), None, False),
        (None, ("V8",), "V8", True),
        (None, (), None, True),
        ("V1", (), "V1", True),
    ],
)
def test_a_review_is_counted_by_a_rule_that_its_procedure_names(
    chosen: str | None, named: tuple[str, ...], counts_by: str | None, met: bool
) -> None:
    law = rules.counting(chosen, named)
    assert law == counts_by and (rules.unmet_for_rule(law, named) == []) is met


@pytest.mark.parametrize("rule", [None, "V8", "ISO-CD"])
def test_where_no_rule_asks_for_a_quorum_none_is_invented(rule: str | None) -> None:
    assert rules.quorum(rule, members(3, 0, 0)) == [] == rules.quorum(rule, members(0, 0, 3))


@pytest.mark.parametrize(
    "presence, proxy, note, codes",
    [
        ("present", None, None, []), ("proxy", "示例甲", "章程第 9 条", []), ("proxy", None, "章程第 9 条", ["proxy.who"]),
        ("proxy", "示例甲", None, ["proxy.charter"]), ("absent", "示例甲", None, ["proxy"]),
    ],
)  # fmt: skip
def test_a_deputy_is_named_with_the_article_that_allows_it(presence: Any, proxy: str | None, note: str | None, codes: list[str]) -> None:
    one = Attendee(id=uuid4(), name="示例乙", position="member", presence=presence, proxy=proxy, note=note)
    assert [unmet.code for unmet in rules.unmet_for_attendance(one)] == codes


def ballot(outcome: str | None, hash: str = "a", state: str = "closed", id: int = 9) -> Ballot:
    return Ballot(
        id=UUID(int=id), committee_id=UUID(int=1), title="示例", subject_kind="standard", subject_id=UUID(int=2), subject_label="示例", rule="V1",
        closes_on=DAY, prepared_on=DAY, state=state, outcome=outcome, subject_hash=hash, closed_on=DAY,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    "kind, held, codes",
    [
        ("passed", [], []),
        ("passed", [ballot("failed")], ["decision.ballot"]),
        ("amended", [ballot("failed")], ["decision.ballot"]),
        ("passed", [ballot("failed", hash="another")], []),
        ("passed", [ballot("failed"), ballot("passed", id=10)], []),
        ("passed", [ballot("invalid")], []),
        ("failed", [ballot("passed")], ["decision.ballot"]),
        ("passed", [ballot(None, state="open")], ["decision.open"]),
        ("passed", [ballot(None, state="void")], ["decision.void"]),
        ("noted", [ballot(None, state="void")], []),
        ("letter", [ballot("failed")], []),
        ("noted", [ballot("failed")], []),
    ],
)
def test_a_review_cannot_conclude_what_a_ballot_on_the_same_text_denies(kind: str, held: list[Ballot], codes: list[str]) -> None:
    one = item(purpose="review", subject_kind="standard", subject_id=UUID(int=2), ballot_id=UUID(int=9))
    assert [unmet.code for unmet in rules.unmet_for_decision(kind, one, True, held, "a")] == codes


@pytest.mark.parametrize(
    "state, codes", [("closed", []), ("prepared", []), ("open", ["ballot.open"]), ("void", ["ballot.void"])]
)  # fmt: skip
def test_an_item_refers_to_no_ballot_that_is_void_or_still_runs(state: str, codes: list[str]) -> None:
    assert [unmet.code for unmet in rules.unmet_for_reference(ballot(None, state=state))] == codes


def test_only_a_text_that_is_there_for_review_can_pass_one() -> None:
    of_matter = item(purpose="other")
    assert [unmet.code for unmet in rules.unmet_for_decision("passed", of_matter, True, [], "a")] == ["decision.review"]
    textless = item(purpose="review", subject_kind="standard", subject_id=UUID(int=2))
    assert [unmet.code for unmet in rules.unmet_for_decision("passed", textless, False, [], None)] == ["decision.text"]


@pytest.mark.parametrize("state, method, status", [("called", "REQUEST", "CONFIRMED"), ("cancelled", "CANCEL", "CANCELLED")])
def test_an_invitation_is_one_event_that_calendars_update_by_its_sequence(state: Any, method: str, status: str) -> None:
    one = meeting(state=state, sequence=2, place="示例会议室, 一号", ends_at="17:00", reason="示例：展会冲突")
    text = invitation(one, "示例标委会", "zh", Clock(DAY).now(), organizer="s@example.org", attendee="m@example.org", items=[item()],
                      hub="https://hub.example.org")  # fmt: skip
    found = Calendar.from_ical(text)
    (event,) = found.walk("VEVENT")
    assert found["METHOD"] == method and event["STATUS"] == status and event["SEQUENCE"] == 2
    assert event["UID"] == f"meeting-{one.id}@standards-hub"
    assert event.decoded("DTSTART").isoformat() == "2026-12-31T01:00:00+00:00"  # nine o'clock in Shanghai
    assert event.decoded("DTEND").isoformat() == "2026-12-31T09:00:00+00:00"
    assert event["URL"] == f"https://hub.example.org/meetings/{one.id}" and event["DESCRIPTION"].endswith(event["URL"])
    assert str(event["LOCATION"]) == "示例会议室, 一号" and event["ATTENDEE"] == "MAILTO:m@example.org"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

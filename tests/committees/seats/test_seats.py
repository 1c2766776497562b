"""Replacing members, saying sides, trying compositions, declaring interests: through the services, on both engines."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from standards_hub.committees import membership, repository
from standards_hub.committees import ports as registers
from standards_hub.committees.ballots.models import BallotRow, VoterRow
from standards_hub.committees.comments.models import EnquiryRow
from standards_hub.committees.schemas import NewCommittee, NewOrganisation, NewPerson, NewSeat, Reason, SeatEnd, StateChange
from standards_hub.committees.seats import happening, ports, service
from standards_hub.committees.seats import repository as declared
from standards_hub.committees.seats.schemas import Candidate, NewInterest, Renewal, Replacement, SideChange, WhatIf
from standards_hub.committees.services import committees, organisations, people
from standards_hub.committees.values import Committee, Seat
from standards_hub.kernel.access.actor import Actor, Grant
from standards_hub.kernel.errors import BadInput, Forbidden, Refused
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import Name, say
from standards_hub.kernel.work import Hub, Work


async def a_person(work: Work, name: str) -> UUID:
    house = await organisations.register(work, NewOrganisation(name_zh=f"{name}的单位", kind="lab"))
    return (await people.register(work, NewPerson(name=name, title="研究员", organisation_id=house.id, exemplar=True))).id


async def seated(work: Work, until: date | None = date(2028, 12, 31)) -> tuple[Committee, Seat]:
    one = await committees.register(work, NewCommittee(name_zh="示例委员会", level="provincial", exemplar=True))
    given = NewSeat(person_id=await a_person(work, "示例甲"), position="chair", since=date(2024, 1, 1), until=until, side="user")
    return one, await committees.take_seat(work, one.id, given)


async def test_a_member_is_replaced_from_a_day_and_the_term_goes_on(work: Work) -> None:
    one, old = await seated(work)
    person = await a_person(work, "示例乙")
    new = await service.replace(work, one.id, old.id, Replacement(person_id=person, since=date(2026, 5, 1), reason="工作调动"))
    assert (new.position, new.until, new.side, new.replaces) == ("chair", old.until, "user", old.id)
    held = {seat.id: seat for seat in await repository.seats(work.connection, one.id)}
    assert held[old.id].until == date(2026, 4, 30)
    assert held[new.id].since == date(2026, 5, 1)
    assert [line.figure for line in (await service.show_composition(work, one.id)).lines if line.code == "replaced.many"] == ["1/1"]


@pytest.mark.parametrize(
    ("since", "self", "code"),
    [
        (date(2024, 1, 1), False, "replace.early"),
        (date(2029, 1, 1), False, "replace.late"),
        (date(2026, 5, 1), True, "replace.self"),
    ],
)
async def test_a_replacement_that_cannot_be_says_why(work: Work, since: date, self: bool, code: str) -> None:
    one, old = await seated(work)
    person = old.person_id if self else await a_person(work, "示例乙")
    with pytest.raises(Refused) as error:
        await service.replace(work, one.id, old.id, Replacement(person_id=person, since=since, reason="x"))
    assert [u.code for u in error.value.unmet] == [code]


async def test_a_what_if_compares_and_writes_nothing(work: Work) -> None:
    one, old = await seated(work)
    person = await a_person(work, "示例乙")
    version = (await repository.committee(work.connection, one.id)).version
    tried = await service.what_if(
        work, one.id, WhatIf(remove=[old.id], add=[Candidate(person_id=person, position="vice_chair", side="producer")])
    )
    changed = {pair.now.code: (pair.now.met, pair.then.met) for pair in tried.lines if pair.now.met != pair.then.met}
    assert changed == {"chairs": (True, False), "replaced.many": (True, False)}
    assert [seat.person_name for seat in tried.members] == ["示例乙"]
    assert (await repository.committee(work.connection, one.id)).version == version
    assert [s.id for s in await repository.seats(work.connection, one.id)] == [old.id]
    with pytest.raises(BadInput):
        await service.what_if(work, one.id, WhatIf(remove=[uuid4()]))


async def test_a_side_is_said_and_put_right(work: Work) -> None:
    one, seat = await seated(work)
    await service.say_side(work, one.id, seat.id, SideChange(side="consumer"))
    assert (await repository.seat(work.connection, one.id, seat.id)).side == "consumer"
    version = (await repository.committee(work.connection, one.id)).version
    await service.say_side(work, one.id, seat.id, SideChange(side="consumer"))
    assert (await repository.committee(work.connection, one.id)).version == version


async def test_an_interest_is_declared_by_oneself_or_the_secretariat_and_lifted(hub: Hub) -> None:
    async with hub.work(Actor(system=True)) as work:
        one, seat = await seated(work)
        stranger = await a_person(work, "示例丙")
        await work.commit()
    place = ("committee", str(one.id))
    member = Actor(account=uuid4(), person=seat.person_id, grants=(Grant("member", place),))
    async with hub.work(member) as work:
        made = await service.declare(work, one.id, NewInterest(person_id=seat.person_id, relation="patent", subject="示例专利事项"))
        with pytest.raises(Forbidden):
            await service.declare(work, one.id, NewInterest(person_id=stranger, relation="other", subject="x"))
        with pytest.raises(Forbidden):
            await service.lift(work, one.id, made.id, Reason(reason="x"))
        await work.commit()
    async with hub.reading(Actor(account=uuid4())) as work:
        assert (await service.show(work, one.id)).interests == []
    async with hub.work(Actor(account=uuid4(), grants=(Grant("secretary", place),))) as work:
        assert [i.id for i in (await service.show(work, one.id)).interests] == [made.id]
        lifted = await service.lift(work, one.id, made.id, Reason(reason="专利已转让"))
        assert lifted.until == date(2026, 11, 24)
        with pytest.raises(Refused) as error:
            await service.lift(work, one.id, made.id, Reason(reason="x"))
        assert [u.code for u in error.value.unmet] == ["interest.lifted"]
        with pytest.raises(Refused) as error:
            await service.declare(work, one.id, NewInterest(person_id=stranger, relation="other"))
        assert {u.code for u in error.value.unmet} == {"interest.subject", "interest.seat"}
        assert await declared.interested_in(work.connection, one.id, "standard", uuid4()) == []
        await work.commit()


async def test_closed_ballots_tell_who_took_part_and_what_runs_stands_open(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    one, seat = await seated(work)
    other = await committees.take_seat(
        work, one.id, NewSeat(person_id=await a_person(work, "示例乙"), position="member", since=date(2024, 1, 1), until=date(2028, 12, 31))
    )
    ballot, voter = table_of(BallotRow), table_of(VoterRow)
    common = {"version": 1, "committee_id": one.id, "subject_kind": "matter", "subject_label": "示例", "rule": "V1", "form": "letter",
              "invited": {}, "counts": {}, "exemplar": True, "prepared_on": date(2026, 9, 1), "closes_on": date(2026, 12, 1)}  # fmt: skip
    days = {"closed": date(2026, 10, 1), "old": date(2025, 11, 23), "open": None}
    ids = {name: uuid4() for name in days}
    for name, day in days.items():
        state = "open" if name == "open" else "closed"
        made = {"id": ids[name], "subject_id": uuid4(), "title": f"示例{name}", "state": state, "closed_on": day, **common}
        await work.connection.execute(ballot.insert().values(made))
        for place, (holder, vote, recused) in enumerate(((seat, "approve", False), (other, None, name == "old"))):
            await work.connection.execute(voter.insert().values(
                id=uuid4(), ballot_id=ids[name], place=place, person_id=holder.person_id, name="示例", p_member=False, recused=recused,
                vote=vote, expert_named=False,
            ))  # fmt: skip
    assert [(o.title, len(o.called), len(o.came)) for o in await happening.occasions(work, one.id, date(2025, 11, 24))] == [
        ("示例closed", 2, 1)
    ]
    assert {o.title: len(o.called) for o in await happening.occasions(work, one.id, date(2025, 1, 1))} == {"示例closed": 2, "示例old": 1}
    assert [(o.title, o.href, o.until) for o in await happening.ballots(work, one.id)] == [
        ("示例open", f"/ballots/{ids['open']}", date(2026, 12, 1))
    ]
    enquiry, standard = table_of(EnquiryRow), uuid4()
    for name, day in (("示例征求", date(2026, 12, 24)), ("示例已过", date(2026, 11, 23))):
        await work.connection.execute(enquiry.insert().values(
            id=uuid4(), version=1, subject_kind="standard", subject_id=standard, draft="0" * 64, filename="x", media_type="x", label="x",
            title_zh=name, title_en=f"Example {name[2:]}", public=True, state="open", opened_on=date(2026, 10, 1), closes_on=day, days=30, rule="x",
            sent=0, comments=0, restarts=0, exemplar=True,
        ))  # fmt: skip
    assert await happening.enquiries(work, one.id) == []

    class Programme(registers.NoStandards):
        async def of_committee(self, work: Work, committee_id: UUID) -> list[registers.Involved]:
            return [registers.Involved(standard, "示例", Name("示例", "示例"), say("归口"), say("归口"), "active")]

    monkeypatch.setattr(registers, "_connected", Programme())
    assert [(o.title, o.until) for o in await happening.enquiries(work, one.id)] == [(Name("示例征求", "Example 征求"), date(2026, 12, 24))]
    await work.connection.execute(enquiry.delete().where(enquiry.c.subject_id == standard))
    for id in ids.values():  # these rows had no events, and the audit after the test would say so
        await work.connection.execute(voter.delete().where(voter.c.ballot_id == id))
        await work.connection.execute(ballot.delete().where(ballot.c.id == id))


async def test_who_was_called_and_came_is_counted_from_what_the_port_knows(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    one, seat = await seated(work)

    async def known(_work: Work, committee_id: UUID, since: date) -> list[ports.Occasion]:
        assert (committee_id, since) == (one.id, date(2025, 11, 24))
        called = frozenset({seat.person_id})
        return [
            ports.Occasion(say("工作组"), "示例", "/x", date(2026, 1, n + 1), called, called if n else frozenset()) for n in range(3)
        ]  # fmt: skip

    assert (await service.show(work, one.id)).participation == []
    monkeypatch.setitem(ports._providers, "test", known)
    assert [(p.person_name, p.called, p.came) for p in (await service.show(work, one.id)).participation] == [("示例甲", 3, 2)]


async def a_term(work: Work, names: str = "甲乙丙", until: date | None = date(2026, 12, 31)) -> tuple[Committee, list[Seat]]:
    one = await committees.register(work, NewCommittee(name_zh="示例委员会", level="provincial", exemplar=True))
    seats = []
    for place, name in enumerate(names):
        position = "chair" if place == 0 else "member"
        given = NewSeat(person_id=await a_person(work, f"示例{name}"), position=position, since=date(2022, 1, 1), until=until, side="user")
        seats.append(await committees.take_seat(work, one.id, given))
    return one, seats


NEXT = {"since": date(2027, 1, 1), "until": date(2031, 12, 31), "reason": "示例：换届"}


@pytest.mark.parametrize("until", [date(2026, 12, 31), date(2026, 9, 30), date(2028, 6, 30), None])
async def test_who_stays_goes_on_in_a_new_term_and_the_rest_ends_with_the_old_one(work: Work, until: date | None) -> None:
    one, seats = await a_term(work, until=until)
    made = await service.renew(work, one.id, Renewal(seats=[seat.id for seat in seats[:2]], **NEXT))
    assert [(s.person_id, s.position, s.side, s.since, s.until) for s in made] == [
        (old.person_id, old.position, "user", date(2027, 1, 1), date(2031, 12, 31)) for old in seats[:2]
    ]
    held = await repository.seats(work.connection, one.id)
    assert {seat.until for seat in held if seat.id in {old.id for old in seats}} == {min(until or date.max, date(2026, 12, 31))}
    assert {seat.person_id for seat in held if seat.holds_on(date(2027, 1, 1))} == {seat.person_id for seat in seats[:2]}


async def test_a_new_term_that_cannot_be_says_why_and_changes_nothing(work: Work) -> None:
    one, seats = await a_term(work, until=date(2026, 6, 30))
    await people.leave(work, seats[1].person_id, Reason(reason="示例：离职"))
    later = NewSeat(person_id=seats[2].person_id, position="member", since=date(2028, 1, 1), until=date(2029, 1, 1))
    await committees.take_seat(work, one.id, later)
    before = await repository.seats(work.connection, one.id)

    async def refused(seats: list[UUID], **term: date) -> list[tuple[str, str | None]]:
        with pytest.raises(Refused) as error:
            await service.renew(work, one.id, Renewal(seats=seats, **{**NEXT, **term}))
        return [(unmet.code, unmet.where) for unmet in error.value.unmet]

    assert await refused([]) == [("renew.none", "seats")]
    assert await refused([uuid4()]) == [("seat.unknown", "seats")]
    assert await refused([seats[0].id], until=date(2026, 12, 1)) == [("seat.term", "until")]
    assert await refused([seats[0].id], since=date(2022, 1, 1)) == [("renew.early", "since")]
    assert await refused([seats[1].id, seats[2].id]) == [("person.left", "seats"), ("seat.overlap", "since")]
    assert await repository.seats(work.connection, one.id) == before


async def test_a_committee_that_is_no_more_has_no_new_term(work: Work) -> None:
    one, seats = await a_term(work)
    await committees.change_state(work, one.id, StateChange(state="dissolved", reason="示例：撤销"))
    with pytest.raises(Refused) as error:
        await service.renew(work, one.id, Renewal(seats=[seats[0].id], **NEXT))
    assert [unmet.code for unmet in error.value.unmet] == ["dissolved"]


async def test_a_term_that_is_over_is_renewed_from_those_who_sat_last(work: Work) -> None:
    one, seats = await a_term(work, "甲乙", until=date(2026, 6, 30))
    await committees.end_seat(work, one.id, seats[1].id, SeatEnd(until=date(2025, 6, 30), reason="示例：辞任"))
    every = await repository.seats(work.connection, one.id)
    assert [seat.id for seat in membership.of_last_term(every, work.today)] == [seats[0].id]
    made = await service.renew(work, one.id, Renewal(seats=[seats[0].id], **{**NEXT, "since": date(2026, 11, 1)}))
    assert [seat.id for seat in membership.of_last_term(await repository.seats(work.connection, one.id), work.today)] == [made[0].id]

"""Forms: read into the Structs of the API, all that is wrong at once and at its field, and shown again as typed."""

import time
from contextlib import nullcontext
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.enums import RequestEncodingType
from litestar.testing import RequestFactory
from msgspec import UNSET, Meta, Struct, UnsetType

from standards_hub.kernel.access.schemas import SignIn
from standards_hub.kernel.errors import BadInput, TooLarge, Unmet
from standards_hub.kernel.forms import MOST_COMPLAINTS, MOST_ROWS, Form
from standards_hub.kernel.messages import say
from standards_hub.kernel.sent import MOST_FIELDS, MOST_TEXT

ID = "01234567-89ab-4cde-8f01-23456789abcd"


class Part(Struct):
    title: Annotated[str, Meta(min_length=1, max_length=5)]
    rank: int | None = None


class Patch(Struct):
    title: str | UnsetType = UNSET
    region: str | None | UnsetType = UNSET
    committee: UUID | None | UnsetType = UNSET
    ics: list[str] | UnsetType = UNSET
    gap: bool | UnsetType = UNSET


class Act(Struct):
    reason: Annotated[str, Meta(min_length=2)]
    facts: Patch
    on: date | None = None
    months: Annotated[int, Meta(ge=1, le=60)] = 6
    outcome: Literal["confirm", "revise"] = "confirm"
    parts: list[Part] = []
    waivers: dict[str, str] = {}


def form(**fields: str | list[str]) -> Form:
    return Form({name: value if isinstance(value, list) else [value] for name, value in fields.items()})


def test_fields_become_the_struct_they_name() -> None:
    given = Form({
        "reason": [" 理由 "], "facts[title]": ["名称"], "facts[ics][]": ["29", "31.080"], "facts[gap]": ["0", "1"], "facts[committee]": [ID],
        "on": ["2026-11-24"], "months": ["12"], "parts[0][title]": ["一"], "parts[1][title]": [""], "parts[2][title]": ["三"], "parts[2][rank]": ["2"],
        "waivers[notice]": ["因为"], "waivers[other]": [" "], "x": ["unknown"],
    })  # fmt: skip
    made = given.into(Act)
    assert made == Act(
        "理由", Patch("名称", committee=UUID(ID), ics=["29", "31.080"], gap=True), date(2026, 11, 24), 12, "confirm",
        [Part("一"), Part("三", 2)], {"notice": "因为"},
    )  # fmt: skip


def test_all_that_is_wrong_is_said_at_once_each_at_its_field() -> None:
    wrong = form(
        **{"reason": "短", "on": "24/11", "months": "61", "outcome": "maybe", "parts[0][title]": "过长的名称", "parts[1][rank]": "x"}
    )
    with pytest.raises(BadInput) as refused:
        wrong.into(Act)
    said = {unmet.where: str(unmet.why) for unmet in refused.value.unmet}
    assert said == {
        "reason": "至少 2 字", "facts": "请填写", "on": "请填写日期，如 2026-11-24", "months": "最大为 60", "outcome": "请从所列各项中选择",
        "parts.1.title": "请填写", "parts.1.rank": "请填写整数",
    }  # fmt: skip
    wrong.error = refused.value
    assert [str(why) for why in wrong.wrong("parts[1][rank]")] == ["请填写整数"]
    assert wrong.wrong("parts[0][title]") == []
    assert wrong.field_of(refused.value.unmet[0], []) == "reason"


def test_a_list_that_wants_some_rows_is_not_satisfied_by_blank_ones() -> None:
    class Two(Struct):
        parts: Annotated[list[Part], Meta(min_length=2)]

    for rows in ({"parts[0][title]": "", "parts[1][title]": " "}, {"parts[0][title]": "一", "parts[1][title]": ""}):
        with pytest.raises(BadInput) as refused:
            form(**rows).into(Two)
        assert [(u.where, str(u.why)) for u in refused.value.unmet] == [("parts", "至少 2 项")]


def test_a_complaint_finds_the_field_of_a_key_that_has_a_dot() -> None:
    error = BadInput(say("有误"), unmet=[Unmet("late", say("早于前一步"), "dates.30.20")])
    dated = Form({"dates[30.20]": ["2026-01-01"], "dates[20.20]": ["2026-02-01"]}, error=error)
    assert dated.field_of(error.unmet[0], []) == "dates[30.20]"
    assert len(dated.wrong("dates[30.20]")) == 1 and dated.wrong("dates[20.20]") == []


def test_what_is_left_blank_is_left_out_or_cleared() -> None:
    blank = form(**{"title": "", "region": " ", "committee": "", "ics": "", "gap": ""})
    assert blank.into(Patch) == Patch()
    assert blank.into(Patch, blank="clear") == Patch("", None, None, [])


def test_a_password_counts_to_the_last_space_as_the_api_takes_it() -> None:
    assert form(login=" me ", password=" 十个字的密码吗是的 ").into(SignIn) == SignIn("me", " 十个字的密码吗是的 ")
    with pytest.raises(BadInput):
        form(login="me", password="   ").into(SignIn)


def test_one_field_takes_a_list_between_commas_or_lines() -> None:
    assert form(ics="29，31.080\n 71 ;").into(Patch).ics == ["29", "31.080", "71"]


@given(st.text(max_size=8), st.lists(st.text("0123456789.", min_size=1, max_size=4), max_size=4), st.booleans())
def test_a_form_that_holds_a_struct_reads_back_as_it(title: str, ics: list[str], gap: bool) -> None:
    patch = Patch(title.strip(), None, UUID(ID), ics, gap)
    assert Form.holding(patch).into(Patch, blank="clear") == patch
    assert Form.holding(patch, "facts").into(Act, blank="clear", reason="理由").facts == patch


def test_names_that_no_form_of_ours_has_are_harmless() -> None:
    strange = Form({"a": ["1"], "a[b]": ["2"], "[]": ["3"], "reason[x]": ["4"], "parts": ["5"], "facts[]": ["6"], "]": ["7"], "": ["8"]})
    with pytest.raises(BadInput) as refused:
        strange.into(Act)
    strange.error = refused.value
    assert [strange.field_of(unmet, ["on"]) for unmet in refused.value.unmet if unmet.where == "facts"] == ["facts[]"]
    assert Form({"[": ["1"], "[]": ["2"]}, error=refused.value).field_of(refused.value.unmet[0], []) is None


@pytest.mark.parametrize("row", ["999999999", "9" * 5000])
def test_a_row_with_a_huge_number_makes_no_huge_form(row: str) -> None:
    """The number stands in an address that anybody may write: as many rows as it says would take all memory of the server."""
    huge = Form({"reason": ["理由"], "facts[title]": ["名称"], "parts[2][title]": ["三"], f"parts[{row}][title]": ["多"]})
    assert huge.filled("parts") == 3 and Form.holding({"parts": []}).filled("parts") == 0
    assert huge.into(Act).parts == [Part("三"), Part("多")]


def test_a_form_of_very_many_wrong_rows_is_shown_at_once() -> None:
    """Every field asks what is wrong with it; were all complaints looked through each time, one form would hold up everybody for minutes."""
    many = Form({"reason": ["理由"], "facts[title]": ["名称"], **{f"parts[{row}][rank]": ["x"] for row in range(2000)}})
    with pytest.raises(BadInput) as refused:
        many.into(Act)
    many.error = refused.value
    assert len(refused.value.unmet) == MOST_COMPLAINTS
    begun = time.process_time()
    fields = [many.field_of(unmet, ["reason"]) for unmet in refused.value.unmet]
    wrong = [len(many.wrong(name)) for name in many.fields]
    assert fields[1] == "parts[0][rank]" and sum(wrong) == 50 and many.filled("parts") == MOST_ROWS
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("fields, refused", [(MOST_FIELDS, False), (MOST_FIELDS + 1, True)])
async def test_a_form_of_more_fields_than_any_of_ours_is_refused(fields: int, refused: bool) -> None:
    sent = {f"a{n}": "1" for n in range(fields)}
    request = RequestFactory().post("/", data=sent, request_media_type=RequestEncodingType.URL_ENCODED)
    with pytest.raises(TooLarge) if refused else nullcontext():
        assert len((await Form.of(request)).fields) == fields


async def test_a_body_of_millions_of_fields_is_refused_before_it_is_taken_apart() -> None:
    request = RequestFactory().post("/", data={"a": "1"}, request_media_type=RequestEncodingType.URL_ENCODED)
    request._body = b"a=1&" * 2_000_000
    begun = time.process_time()
    with pytest.raises(TooLarge):
        await Form.of(request)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("kind", [RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART])
async def test_a_form_of_more_text_than_anybody_types_is_refused(kind: RequestEncodingType) -> None:
    request = RequestFactory().post("/", data={"reason": "a" * (MOST_TEXT + 1)}, request_media_type=kind)
    with pytest.raises(TooLarge):
        await Form.of(request)


async def test_a_field_whose_name_has_more_levels_than_any_of_ours_is_refused() -> None:
    request = RequestFactory().post("/", data={"parts" + "[a]" * 10_000: "1"}, request_media_type=RequestEncodingType.URL_ENCODED)
    with pytest.raises(BadInput):
        await Form.of(request)


@pytest.mark.parametrize("kind", [RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART])
async def test_fields_and_rows_stay_in_the_order_they_were_sent(kind: RequestEncodingType) -> None:
    """The framework's own list of what was sent is in the order of a set, another one in every process."""
    sent = {f"parts[{row}][title]": str(row) for row in reversed(range(20))}
    form = await Form.of(RequestFactory().post("/", data=sent, request_media_type=kind))
    assert list(form.fields) == list(sent)
    assert form.rows("parts") == [str(row) for row in reversed(range(20))]

"""ORCID and ROR: the vectors of the field, every single wrong digit, and their place at people and organisations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.committees.persistent import ROR_ALPHABET, orcid, orcid_check, orcid_fault, ror, ror_check, ror_fault
from standards_hub.committees.schemas import NewOrganisation, NewPerson, OrganisationChange
from standards_hub.committees.services import organisations, people
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.work import Work


@pytest.mark.parametrize(
    "text",
    ["0000-0002-1825-0097", "0000000218250097", "https://orcid.org/0000-0002-1825-0097", "０００0-0002-1825-0097", " 0000 0002 1825 0097 "],
)
def test_one_orcid_in_every_writing(text: str) -> None:
    assert orcid(text) == "0000-0002-1825-0097" and orcid_fault(orcid(text)) is None


@pytest.mark.parametrize("code", ["0000-0002-1825-0098", "0000-0002-1825-009X", "0000-0002-1825", "ABCD-0002-1825-0097", ""])
def test_an_orcid_that_is_none_says_what_to_mend(code: str) -> None:
    assert orcid_fault(orcid(code))


@pytest.mark.parametrize("text", ["05dxps055", "04ttjf776", "https://ror.org/05dxps055", "04TTJF776"])
def test_ror_in_its_writings(text: str) -> None:
    assert ror_fault(ror(text)) is None


@pytest.mark.parametrize("code", ["05dxps056", "15dxps055", "05dxpi055", "05dxps0555", ""])
def test_a_ror_that_is_none_says_what_to_mend(code: str) -> None:
    assert ror_fault(ror(code))


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_of_an_orcid_is_found(first: str, at: int, by: int) -> None:
    wrong = first[:at] + str((int(first[at]) + by) % 10) + first[at + 1 :]
    assert orcid_check(wrong) != orcid_check(first)


@given(st.text(ROR_ALPHABET, min_size=6, max_size=6), st.integers(0, 5), st.integers(1, 31))
def test_one_wrong_character_of_a_ror_is_found(body: str, at: int, by: int) -> None:
    wrong = body[:at] + ROR_ALPHABET[(ROR_ALPHABET.index(body[at]) + by) % 32] + body[at + 1 :]
    assert ror_check(f"0{wrong}") != ror_check(f"0{body}")


async def test_people_and_organisations_keep_theirs_well_formed(work: Work) -> None:
    house = await organisations.register(work, NewOrganisation(name_zh="示例研究院", kind="institute", ror="https://ror.org/05dxps055"))
    person = await people.register(work, NewPerson(name="示例人", orcid="0000000218250097"))
    assert (house.ror, person.orcid) == ("05dxps055", "0000-0002-1825-0097")
    with pytest.raises(BadInput) as error:
        await organisations.edit(work, house.id, OrganisationChange(ror="05dxps056"))
    assert error.value.unmet[0].where == "ror"
    with pytest.raises(BadInput) as error:
        await people.register(work, NewPerson(name="示例人", orcid="0000-0002-1825-0096"))
    assert error.value.unmet[0].where == "orcid"

"""Each identifier is taken apart as its family's rules say, and each bad one says what is wrong and where."""

import importlib.util
from pathlib import Path

import pytest
from msgspec.structs import replace

from standards_hub.kernel.errors import BadInput
from standards_hub.lifecycle.identifiers import IdentifierError, parse
from standards_hub.lifecycle.identifiers.model import FAMILIES

_spec = importlib.util.spec_from_file_location("identifier_cases", Path(__file__).parent / "cases.py")
assert _spec and _spec.loader
cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(cases)


@pytest.mark.parametrize("text", cases.CASES)
def test_an_identifier_is_taken_apart(text):
    printed, *expected = cases.CASES[text]
    found = parse(text)
    assert found.canonical == (text if printed == cases.SAME else printed)
    assert [found.family, found.prefix, found.nature, found.region_or_org, found.number, found.part, found.year] == expected
    assert found.raw == text


@pytest.mark.parametrize("text", cases.CASES)
def test_the_printed_form_is_read_as_the_same_document(text):
    found = parse(text)
    again = parse(found.canonical)
    assert again.canonical == found.canonical
    assert again.key == found.key and again.series == found.series


def test_the_cases_cover_every_family():
    assert {row[1] for row in cases.CASES.values()} == set(FAMILIES)


@pytest.mark.parametrize("text", cases.REJECTS)
def test_a_bad_identifier_says_what_is_wrong_and_where(text):
    code, position = cases.REJECTS[text]
    with pytest.raises(IdentifierError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.position) == (f"identifier.{code}", position)
    assert isinstance(caught.value, BadInput)
    assert str(position + 1) in caught.value.message.into("zh")


@pytest.mark.parametrize("text", ["GB/T 1.12020", "GB/A 1", "T/ 001-2020", "20230390-X-339", "ISO 9001 2015", "ITU-T W.1"])
def test_what_is_wrong_is_said_in_english_too(text):
    with pytest.raises(IdentifierError) as caught:
        parse(text)
    english = caught.value.message.into("en")
    assert not any("\u4e00" <= char <= "\u9fff" for char in english)


@pytest.mark.parametrize(
    "text, name, value",
    [
        ("GB/T XXXXX—XXXX", "placeholder", True),
        ("NB/SH/T 0913-2015", "sub", "SH"),
        ("GB/T 7939-2008/ISO 6605:2002", "degree", "IDT"),
        ("GB/T 1.2-2020 (ISO 17301-1:2016, MOD)", "adopts", ["ISO 17301-1:2016"]),
        ("GB 5749-85", "year_as_written", "85"),
        ("ISO/DIS 21143.2", "iteration", "2"),
        ("ISO 13688:2013/Amd 1:2021 ED1(en)", "edition", "1"),
        ("ISO 13688:2013/Amd 1:2021 ED1(en)", "language", "en"),
        ("ISO 5537|IDF 26", "joint", "IDF 26"),
        ("IEC 60695-2-1/1:1994", "sheet", "1"),
        ("CISPR 11:2015+AMD1:2016+AMD2:2019 CSV", "suffix", "CSV"),
        ("ITU-T G.780/Y.1351", "twins", ["Y.1351"]),
        ("ITU-T G.729 Annex E (1998) Cor. 1 (02/2000)", "annex", "E"),
        ("ITU-R SG01.222-200", "study_group", "SG01"),
        ("BS EN ISO 13485:2016+A11:2021", "adopters", ["BS", "EN"]),
        ("BS EN ISO 13485:2016+A11:2021", "adopts", "ISO 13485:2016"),
        ("20230390-T-339", "department", "工业和信息化部"),
    ],
)
def test_what_has_no_field_of_its_own_stands_in_extra(text, name, value):
    assert parse(text).extra[name] == value


@pytest.mark.parametrize(
    "text, amendments, dual, stage",
    [
        ("GB 20891-2014+XG1-2020/XG2-2022", "XG1—2020/XG2—2022", None, None),
        ("GB/T 22080-2016/ISO/IEC 27001:2013", None, "ISO/IEC 27001:2013", None),
        ("GB/T XXXXX-XXXX(报批稿)", None, None, "报批稿"),
        ("ISO/IEC 14496-30:2018/FDAmd 1", "FDAM 1", None, None),
        ("IEC 60335-2-24:2010/AMD2:2017/ISH1:2018", "AMD2:2017/ISH1:2018", None, None),
        ("ISO/IEC PDTS 19583-24", None, None, "CD"),
        ("BS EN ISO 13485:2016+A11:2021", "A11:2021", None, None),
        ("ITU-T G.729 Annex E (1998) Cor. 1 (02/2000)", "Cor. 1 (02/2000)", None, None),
    ],
)
def test_amendments_dual_number_and_stage(text, amendments, dual, stage):
    found = parse(text)
    assert (found.amendments, found.dual, found.stage) == (amendments, dual, stage)


@pytest.mark.parametrize(
    "one, other",
    [
        ("GB 18384-2020", "GB/T 18384-2020"),  # the nature may change without a new number
        ("ISO/IEC 10918-1:1994/COR1:2005", "ISO/IEC 10918-1:1994/Cor 1:2005"),  # two house styles of one corrigendum
        ("GB 5749-85", "GB 5749—1985"),
        ("ISO 13688:2013", "ISO 13688:2013 ED1(en)"),
    ],
)
def test_same_document(one, other):
    assert parse(one).same_document(parse(other))
    assert parse(one).same_series(parse(other))


@pytest.mark.parametrize(
    "one, other",
    [
        ("GB/T 1.1-2009", "GB/T 1.1-2020"),
        ("GB 20891-2014", "GB 20891-2014/XG1-2020"),
        ("ISO 9001:2015", "ISO/DIS 9001"),
        ("ISO 10231:2003", "ISO 10231:2003/Amd 1:2015"),
        ("ITU-R V.574-4", "ITU-R V.574-5"),
        ("ITU-T T.4 (07/2003)", "ITU-T T.4 (04/1999)"),
        ("IEC 60601-1:2005", "IEC 60601-1:2005+AMD1:2012 CSV"),
    ],
)
def test_same_series_other_document(one, other):
    assert not parse(one).same_document(parse(other))
    assert parse(one).same_series(parse(other))


@pytest.mark.parametrize(
    "one, other",
    [
        ("DB31/T 310003-2021", "DB32/T 310003-2021"),  # regional twins are never one document
        ("GB/T 5606 (all parts)", "GB/T 5606.1-2004"),
        ("ISO/TS 22163:2017", "ISO 22163:2017"),
        ("NB/T 0164-2019", "NB/SH/T 0164-2019"),
        ("YY 0505-2012", "YY 505-2012"),
        ("DB/T 59-2015", "DB59/T 59-2015".replace("59/", "11/")),
        ("BS EN ISO 13485:2016", "ISO 13485:2016"),
        ("ITU-T G.729 Annex A (11/1996)", "ITU-T G.729 (11/1996)"),
    ],
)
def test_different_standards(one, other):
    assert not parse(one).same_series(parse(other))


def test_numbers_sort_by_value_and_raw_does_not_count():
    texts = ["GB/T 10-2000", "GB/T 9.10-2000", "GB/T 9.2-2000", "GB 9.2-1999"]
    assert [found.canonical for found in sorted(map(parse, texts), key=lambda found: found.sort_key)] == [
        "GB 9.2—1999",
        "GB/T 9.2—2000",
        "GB/T 9.10—2000",
        "GB/T 10—2000",
    ]
    assert hash(parse("GB/T1.1-2020")) == hash(replace(parse("GB/T 1.1—2020"), raw=""))


@pytest.mark.parametrize(
    "text, urn",
    [
        ("ISO/IEC FDIS 7816-6", "urn:iso:std:iso-iec:7816:-6:stage-draft"),
        ("ISO 13688:2013/Amd 1:2021 ED1(en)", "urn:iso:std:iso:13688:ed-1:amd:2021:v1:en"),
        ("ISO/TR 30406:2017", "urn:iso:std:iso:tr:30406"),
        ("ISO/IEC 14496-30:2018/FDAmd 1 ED2", "urn:iso:std:iso-iec:14496:-30:ed-2:stage-draft:amd:1:v1"),
        ("ISO/TC 184/SC 4/WG 12 N10897", "urn:iso:doc:iso:tc:184:sc:4:wg:12:10897"),
        ("GB/T 1.1-2020", None),
    ],
)
def test_urn(text, urn):
    assert parse(text).urn == urn

"""Built from parts, printed and read again, an identifier has the same parts; and no text brings the parser down."""

import string

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from standards_hub.lifecycle.identifiers import IdentifierError, compose, industry_codes, parse, plan_departments, regions
from standards_hub.lifecycle.identifiers.cursor import normalise, raw_position
from standards_hub.lifecycle.identifiers.tables import itu_series

years = st.integers(1990, 2049).map(str)
numbers = st.integers(1, 9999).map(str)
serials = st.from_regex(r"\A0{0,2}[1-9][0-9]{0,4}\Z", fullmatch=True)
parts = st.none() | st.integers(1, 999).map(str)
natures = st.sampled_from(["mandatory", "T", "Z"])
sheets = st.none() | st.builds("XG{}—{}".format, st.integers(1, 9), years)
societies = st.text(string.ascii_uppercase, min_size=2, max_size=12)
dashes = st.sampled_from(["-", "—", "–", "－", " — "])

chinese = st.one_of(
    st.fixed_dictionaries({"family": st.just("national"), "prefix": st.sampled_from(["GB", "GBn"]), "nature": natures}),
    st.fixed_dictionaries(
        {"family": st.just("occupational-health"), "prefix": st.just("GBZ"), "nature": st.sampled_from(["mandatory", "T"])}
    ),
    st.fixed_dictionaries({"family": st.just("military"), "prefix": st.just("GJB"), "nature": natures}),
    st.fixed_dictionaries({"family": st.just("metrology"), "prefix": st.sampled_from(["JJF", "JJG"]), "nature": st.none()}),
    st.fixed_dictionaries({"family": st.just("industry"), "prefix": st.sampled_from(sorted(industry_codes())), "nature": natures}),
    st.fixed_dictionaries(
        {"family": st.just("local"), "prefix": st.just("DB"), "nature": natures, "region_or_org": st.sampled_from(sorted(regions()))}
    ),
    st.fixed_dictionaries({"family": st.just("group"), "prefix": st.just("T"), "nature": st.none(), "region_or_org": societies}),
    st.fixed_dictionaries({"family": st.just("enterprise"), "prefix": st.just("Q"), "nature": st.none(), "region_or_org": societies}),
)


@given(chinese, serials, parts, years, sheets, dashes)
def test_chinese_identifiers_survive_printing(head, number, part, year, amendments, dash):
    built = compose(**head, number=number, part=part, year=year, amendments=amendments)
    assert replace(parse(built.canonical), raw="") == built
    assert parse(built.canonical.replace("—", dash)).key == built.key


@given(
    st.sampled_from(["ISO", "ISO/IEC", "ISO/IEC/IEEE", "IEC", "ISO/ASTM"]),
    st.sampled_from(["IS", "TS", "TR", "PAS", "Guide"]),
    st.none() | st.sampled_from(["PWI", "NP", "AWI", "WD", "CD", "PRF"]),
    numbers,
    st.none() | st.integers(1, 999).map(str) | st.just("B07"),
    st.none() | years,
    st.none() | st.sampled_from(["Amd 1", "Amd 2:2016", "DAM 3", "Cor 1:2017", "Amd 3:2016/Cor 1:2017", "CD Amd 1.2", "AMD1:2016", "COR1"]),
    st.dictionaries(st.sampled_from(["language"]), st.sampled_from(["en", "en,fr"])),
)
def test_iso_and_iec_identifiers_survive_printing(prefix, nature, stage, number, part, year, amendments, extra):
    family = "iec" if prefix == "IEC" else "iso"
    number = f"6{number:0>4}" if family == "iec" else number  # a low number after IEC PWI is a committee's
    built = compose(
        family=family, prefix=prefix, nature=nature, stage=stage, number=number, part=part, year=year, amendments=amendments, extra=extra
    )
    assert replace(parse(built.canonical), raw="") == built


@given(
    st.sampled_from(sorted(itu_series()["T"])),
    numbers,
    st.none() | years,
    st.none() | st.sampled_from(["Amd 1 (2004)", "Cor. 2 (02/2010)"]),
)
def test_itu_t_identifiers_survive_printing(series, number, year, amendments):
    extra = {} if year or not amendments else {"dated": "amendment"}
    shown = year or (amendments and amendments[-5:-1])
    built = compose(family="itu", prefix="ITU-T", nature="Rec", number=f"{series}.{number}", year=shown, amendments=amendments, extra=extra)
    assert replace(parse(built.canonical), raw="") == built


@given(st.sampled_from(sorted(itu_series()["R"])), numbers, st.none() | st.integers(0, 20).map(str))
def test_itu_r_identifiers_survive_printing(series, number, revision):
    built = compose(family="itu", prefix="ITU-R", nature="Rec", number=f"{series}.{number}", part=revision)
    assert replace(parse(built.canonical), raw="") == built


@given(
    years,
    st.from_regex(r"\A[0-9]{4}\Z", fullmatch=True),
    st.sampled_from("TQZ"),
    st.sampled_from(sorted(plan_departments())),
    st.sampled_from(sorted(industry_codes())),
)
def test_plan_numbers_survive_printing(year, number, nature, department, industry):
    national = parse(f"{year}{number}-{nature}-{department}")
    assert (national.canonical, national.number, national.region_or_org) == (national.raw, number, department)
    ministry = parse(f"{year}-{number}{nature}-{industry}")
    assert (ministry.canonical, ministry.number, ministry.prefix) == (ministry.raw, number, industry)


scraps = st.sampled_from(
    [
        "GB",
        "GB/T",
        "GBZ",
        "DB",
        "DB32",
        "T/",
        "Q/",
        "ISO",
        "/IEC",
        "ITU-T",
        "ITU-R",
        "IEC",
        "BS EN",
        "urn:iso:std:",
        " ",
        "　",
        "-",
        "—",
        "/",
        ".",
        ":",
        "1",
        "2020",
        "16",
        "X",
        "XG1",
        "Amd",
        "AMD1",
        "CD",
        "TS",
        "(en)",
        "(",
        ")",
        "|",
        "+",
        "G.711",
        "CSV",
        "ED2",
        "Annex A",
        "征求意见稿",
        "\x00",
        "N12",
    ]
)


@given(st.lists(scraps, max_size=14).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused_and_what_is_read_stays(text):
    try:
        found = parse(text)
    except IdentifierError as error:
        assert 0 <= error.position <= len(text)
        assert error.message.into("zh") != error.message.into("en")
    else:
        again = parse(found.canonical)
        assert (again.canonical, again.key) == (found.canonical, found.key)


@given(st.text("AB1 　\u2003-—", max_size=40))
def test_a_position_in_the_clean_text_is_found_in_the_raw_one(raw):
    try:
        clean = normalise(raw)
    except IdentifierError:
        return
    for index, char in enumerate(clean):
        assert normalise("x" + raw[raw_position(raw, index)] + "x")[1] == char

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel.codes import Fault, InvalidRegionCode, parse_region_code, region_code_fault


def refusal_of(text):
    try:
        parse_region_code(text)
    except InvalidRegionCode as refusal:
        return refusal
    return None


@pytest.mark.parametrize(
    ("text", "prefix", "level"),
    [
        ("89", "89", 1),
        ("890000", "89", 1),
        ("890000000000", "89", 1),
        ("8901", "8901", 2),
        ("890100", "8901", 2),
        ("890102", "890102", 3),
        ("890102000", "890102", 3),
        ("890102000000", "890102", 3),
        ("890110", "890110", 3),
        ("890102001", "890102001", 4),
        ("890102100000", "890102100", 4),
        ("890102001010", "890102001010", 5),
        ("441900003000", "441900003", 4),
    ],
)
def test_padded_and_prefix_forms_come_to_one_prefix(text, prefix, level):
    read = parse_region_code(text)

    assert (read.prefix, read.level) == (prefix, level)


@given(st.from_regex(r"[1-9]{2}([1-9]{2}([1-9]{2}([1-9]{3}([1-9]{3})?)?)?)?", fullmatch=True))
def test_the_long_form_reads_back_to_the_same_division(prefix):
    read = parse_region_code(prefix)

    assert parse_region_code(read.code12) == read
    assert len(read.code12) == 12
    assert len(read.code6) == 6


@given(st.text(max_size=13) | st.text("0123", max_size=13))
def test_the_quick_check_and_the_parser_agree(text):
    fault, refusal = region_code_fault(text), refusal_of(text)

    assert (refusal and refusal.fault) == fault
    assert str(refusal)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.LENGTH),
        ("8901021", Fault.LENGTH),
        ("89010A", Fault.CHARACTER),
        ("000000", Fault.FORM),
        ("00", Fault.FORM),
        ("000102", Fault.FORM),
        ("890002", Fault.FORM),
        ("890102000001", Fault.FORM),
    ],
)
def test_a_code_that_skips_a_level_or_is_no_code_is_refused(text, fault):
    with pytest.raises(InvalidRegionCode) as refused:
        parse_region_code(text)

    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("890102001", "街道"),
        ("890102099", "街道"),
        ("890102100", "镇"),
        ("890102200001", "乡"),
        ("890102400", "政企合一单位"),
        ("890102900", ""),
        ("890102", ""),
    ],
)
def test_the_number_of_a_town_tells_its_kind(text, kind):
    assert parse_region_code(text).town_kind == kind

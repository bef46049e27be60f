import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel.codes import Fault, InvalidLicenceId, licence_id, parse_licence_id

TYPE = "11890100DM00000135001"
ISSUER = "12890100DM0000021W"


@given(st.text("0123456789ABCXYZ", min_size=1, max_size=20), st.integers(1, 999))
def test_what_is_made_is_read_back(serial, version):
    read = parse_licence_id(licence_id(TYPE, ISSUER, serial, f"{version:03d}"))

    assert (read.licence_type, read.definer, read.issuer) == (TYPE, TYPE[:18], ISSUER)
    assert (read.serial, read.version) == (serial, f"{version:03d}")


@pytest.mark.parametrize(
    ("text", "fault", "words"),
    [
        ("", Fault.FORM, "以点分隔"),
        ("1.2.156.3005.3.x", Fault.FORM, "根标识"),
        (f"1.2.156.3005.2.{'1' * 21}.{ISSUER}.1.001.0", Fault.EMBEDDED, "第 1 段"),
        (f"1.2.156.3005.2.{TYPE}.{'1' * 18}.1.001.0", Fault.EMBEDDED, "第 2 段"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(text, fault, words):
    with pytest.raises(InvalidLicenceId) as refused:
        parse_licence_id(text)

    assert refused.value.fault is fault
    assert words in str(refused.value)


@given(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_only_one_check_character_fits(char):
    right = licence_id(TYPE, ISSUER, "20260001")
    changed = right[:-1] + char
    if changed == right:
        assert parse_licence_id(changed).text == right
        return
    with pytest.raises(InvalidLicenceId) as refused:
        parse_licence_id(changed)
    assert refused.value.fault is Fault.CHECK

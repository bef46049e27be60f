import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel.codes import InvalidResourceCode, parse_resource_code, resource_code

REFERENCE = re.compile(r"^[123]\d{2}\d{3}\d*\/\d+$", re.ASCII)


@given(
    st.from_regex(REFERENCE, fullmatch=True).map(str.strip) | st.text("0123456789/", max_size=16)
)
def test_a_code_is_read_exactly_when_the_guide_s_form_fits(text):
    if REFERENCE.match(text):
        assert parse_resource_code(text).code == text
    else:
        with pytest.raises(InvalidResourceCode, match="顺序码"):
            parse_resource_code(text)


def test_a_code_falls_into_its_parts():
    read = parse_resource_code("30700112/000001")

    assert (read.category, read.group, read.subject, read.detail, read.sequence) == (
        "3",
        "07",
        "001",
        "12",
        "000001",
    )
    assert read.category_name == "部门信息资源"


def test_a_code_is_made_with_a_running_number():
    assert resource_code("307001", 1) == "307001/000001"
    assert resource_code("307001", 1, width=3) == "307001/001"

"""What another agency may see of a person's data (个人信息保护法 6: no more than the purpose needs)."""

import datetime as dt

import pytest

from yitong.kernel.masking import age_band, mask, region_level


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("name", "张三", "张*"),
        ("name", "林一桐", "林*桐"),
        ("id", "890102199203150020", "8901**********0020"),
        ("phone", "10000000001", "100****0001"),
        ("address", "示例省澜宁市听澜区桐花街道桐花路12号", "示例省澜宁市听澜区桐花街道****"),
        ("account", "6200000000000001234", "***************1234"),
        ("year", "1992-03-15", "1992"),
        ("region", "890102001010", "890102"),
        ("yesno", "李四", "是"),
        ("hidden", "任何内容", "***"),
        ("none", "任何内容", "任何内容"),
    ],
)
def test_each_mask_shows_what_it_promises(kind, value, seen):
    """个人信息保护法 6, 51: least range, de-identification."""
    assert mask(kind, value) == seen


def test_ages_and_places_are_made_coarser():
    """个人信息保护法 51: de-identification as a technical measure."""
    assert age_band(dt.date(1992, 3, 15), dt.date(2026, 11, 22)) == "30-39"
    assert region_level("890102001010", 2) == "8901"

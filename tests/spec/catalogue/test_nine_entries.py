"""政务数据共享条例 13: what an entry must state."""

from dataclasses import replace

import pytest

from tests.factories.catalogue import people_entry
from yitong.data.catalogue import errors
from yitong.data.catalogue.rules import check_content, check_ready, missing_entries

LACKING = {
    "数据目录名称": {"name": " "},
    "数据项": {"fields": ()},
    "提供单位": {"owner": ""},
    "数据格式": {"data_format": ""},
    "数据更新频率": {"update_cycle": "now and then"},
    "共享属性": {"share_type": ""},
    "共享方式": {"share_methods": ()},
    "使用条件（共享范围、使用用途）": {"share_scope": ""},
    "数据分类分级": {"grade": ""},
}


@pytest.mark.parametrize("name", LACKING)
def test_each_of_the_nine_is_required(name):
    """政务数据共享条例 art. 13: 应当明确数据目录名称、数据项、提供单位、数据格式、数据更新频率以及共享属性、共享方式、使用条件、数据分类分级."""
    found = missing_entries(replace(people_entry(), **LACKING[name]))
    if name == "共享属性":
        assert found == ["共享属性", "使用条件"] or found == ["共享属性"]
    else:
        assert found == [name]


def test_a_complete_entry_lacks_none():
    """政务数据共享条例 art. 13."""
    assert missing_entries(people_entry()) == []


def test_an_item_without_a_grade_is_not_classified():
    """政务数据共享条例 art. 13, 数据安全法 art. 21: 数据分类分级."""
    entry = people_entry()
    fields = (replace(entry.fields[0], grade=""), *entry.fields[1:])
    assert missing_entries(replace(entry, fields=fields)) == ["数据分类分级"]


def test_rows_about_people_can_be_shown_to_each_of_them():
    """个人信息保护法 art. 45: 个人有权查阅 — so rows about people carry a person's number or a link to one."""
    entry = people_entry()
    nameless = replace(
        entry, key_kind="text", fields=tuple(replace(f, subject="") for f in entry.fields)
    )
    with pytest.raises(errors.SubjectUnnamed):
        check_ready(nameless)


def test_the_default_of_an_unknown_cycle_is_stated_as_unverified():
    """政务数据共享条例 art. 13: 数据更新频率 is always stated; what nobody confirmed is called 待核实."""
    entry = people_entry()
    assert (entry.update_cycle, entry.unverified) == ("irregular", ("update_cycle",))
    check_content(entry)

"""The same table next month: what of the entry a new file changes, and what people confirmed that stands."""

from dataclasses import replace

import pytest

from tests.factories.catalogue import people_entry
from yitong.data.catalogue.changes import RowChange, changed_by
from yitong.data.catalogue.proposal import FieldProposal


def item(entry, which, /, **changes):
    fields = tuple(replace(f, **changes) if f.name == which else f for f in entry.fields)
    return replace(entry, fields=fields)


def without(entry, *names):
    return replace(entry, fields=tuple(f for f in entry.fields if f.name not in names))


def changed(entry, proposed, **more):
    return changed_by(entry, proposed, **{"said": {}, **more})


def test_the_same_columns_change_nothing_whatever_the_machine_now_proposes():
    entry = item(people_entry(), "zt", mask="hidden", element="DE09999", grade="general_3")
    proposed = replace(
        people_entry(), source="people_11.csv", row_count=7, abstract="另一句", share_scope="另一句"
    )
    found = changed(entry, item(proposed, "xm", length=80))
    assert found.is_none
    assert found.content.fields == entry.fields


def test_an_item_more_and_an_item_less_are_told_apart():
    entry = people_entry()
    more = FieldProposal("bz", "备注", "C", order=9)
    proposed = without(replace(entry, fields=(more, *entry.fields)), "rq")
    found = changed(entry, proposed)
    assert [f.name for f in found.added] == ["bz"]
    assert [f.name for f in found.gone] == ["rq"]
    assert not found.renamed
    kept = [f.name for f in found.content.fields]
    assert kept == ["sfzh", "xm", "lxdh", "zt", "bz"], "an order that people know stays"
    assert not [c for c in found.changes if c.item == "order"]


def test_a_new_name_for_the_same_element_looks_renamed_and_is_gone_all_the_same():
    entry = people_entry()
    found = changed(entry, item(entry, "lxdh", name="phone", header="手机号"))
    assert [(r.before, r.after, r.why) for r in found.renamed] == [
        ("lxdh", "phone", "同一个数据元")
    ]
    assert [f.name for f in found.gone] == ["lxdh"]


def test_a_new_name_at_the_same_place_looks_renamed_too():
    entry = people_entry()
    found = changed(entry, item(entry, "zt", name="zhuangtai", header="状态"))
    assert [(r.before, r.after) for r in found.renamed] == [("zt", "zhuangtai")]


@pytest.mark.parametrize(
    ("was", "now", "after"),
    [("D", "C", "C"), ("N", "C", "C"), ("C", "N", "C"), ("C", "D", "C"), ("D", "D", "D")],
)
def test_a_type_changes_only_where_it_no_longer_holds_the_values(was, now, after):
    entry = item(people_entry(), "rq", type_letter=was)
    found = changed(entry, item(people_entry(), "rq", type_letter=now))
    assert found.content.fields[4].type_letter == after
    assert bool(found.retyped) is (was != after)


def test_an_empty_column_tells_nothing_of_its_type():
    entry = people_entry()
    proposed = item(entry, "rq", type_letter="C")
    assert changed(entry, proposed, empty={"rq"}).is_none


def test_personal_information_that_was_not_there_before_is_taken_over_with_its_grade_and_mask():
    entry = people_entry()
    proposed = item(
        entry, "zt", personal="identity", grade="general_4", mask="hidden", grade_reason="有号码"
    )
    found = changed(entry, proposed)
    zt = found.content.fields[3]
    assert (zt.personal, zt.grade, zt.mask) == ("identity", "general_4", "hidden")
    assert found.content.grade == "general_4"


def test_what_people_confirmed_as_personal_is_not_made_less_by_a_file():
    entry = people_entry()
    assert changed(entry, item(entry, "xm", personal="", mask="none", grade="general_1")).is_none


def test_only_what_is_said_anew_changes_the_words_of_the_entry():
    entry = people_entry()
    found = changed(entry, people_entry(), said={"update_cycle": "monthly"})
    assert [c.item for c in found.changes] == ["update_cycle"]
    assert found.content.unverified == ()


def test_a_key_that_is_gone_gives_way_to_the_new_one():
    entry = people_entry()
    proposed = replace(without(entry, "sfzh"), key_field="lxdh", key_kind="text")
    content = changed(entry, proposed).content
    assert (content.key_field, content.key_kind) == ("lxdh", "text")
    assert [f.name for f in content.fields if f.is_key] == ["lxdh"]


def test_without_a_key_rows_are_never_said_to_be_the_same():
    assert not RowChange(3, 3).is_none
    assert RowChange(3, 3, 0, 0, 0).is_none


def test_words_that_people_wrote_over_a_column_stand():
    entry = item(people_entry(), "sfzh", header="公民身份号码")
    assert changed(entry, item(people_entry(), "sfzh", header="sfzh")).is_none

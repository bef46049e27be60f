"""What is proposed for a table, and the reason given for each choice."""

from dataclasses import replace

import pytest

from tests.factories.catalogue import (
    DIAGNOSIS,
    FIRMS,
    NUMBER,
    OWNER,
    PEOPLE,
    ColumnFacts,
    TableFacts,
    firms_entry,
    firms_table,
    people_entry,
    people_table,
)
from yitong.data.catalogue import errors
from yitong.data.catalogue.drafting import Wishes, propose, safe_source
from yitong.data.catalogue.rules import check_ready, missing_entries


def test_people_are_shared_on_conditions_by_call_and_masked():
    entry = people_entry()
    assert (entry.share_type, entry.share_methods, entry.open_type) == (
        "conditional",
        ("interface",),
        "closed",
    )
    assert entry.share_scope
    assert entry.use_purposes
    assert [f.mask for f in entry.fields] == ["id", "name", "phone", "none", "none"]


def test_business_data_are_shared_without_conditions():
    entry = firms_entry()
    assert (entry.share_type, entry.use_condition, entry.grade) == (
        "unconditional",
        "无条件",
        "general_2",
    )
    assert (entry.key_field, entry.key_kind) == ("xydm", "org")


def test_a_proposal_lacks_nothing_that_article_13_asks():
    assert missing_entries(people_entry()) == []
    check_ready(people_entry())
    check_ready(firms_entry())


def test_a_cycle_that_nobody_stated_is_a_default_to_be_verified():
    assert people_entry().unverified == ("update_cycle",)
    assert "待核实" in people_entry().reasons[-1]
    assert people_entry(update_cycle="monthly").unverified == ()


def test_the_key_is_the_persons_number():
    entry = people_entry()
    assert (entry.key_field, entry.key_kind, entry.key_unique) == ("sfzh", "person", True)
    assert [f.name for f in entry.fields if f.is_key] == ["sfzh"]
    assert entry.reasons[0] == "主键是“身份证号”：没有空值，没有重复"


def test_of_several_numbers_the_unique_one_is_the_key():
    table = TableFacts(
        [ColumnFacts("mqh", "母亲身份证号", distinct=80), ColumnFacts("xseh", "新生儿身份证号")]
    )
    entry = propose(table, {"mqh": NUMBER, "xseh": NUMBER}, owner=OWNER, name="出生登记信息")
    assert entry.key_field == "xseh"
    assert {f.name for f in entry.fields if f.subject == "person"} == {"mqh", "xseh"}


def test_many_rows_of_one_person_are_said_so():
    table = TableFacts([ColumnFacts("sfzh", "身份证号", distinct=40)])
    entry = propose(table, {"sfzh": NUMBER}, owner=OWNER, name="补贴发放")
    assert entry.key_unique is False
    assert "多行" in entry.reasons[0]


def test_faulty_rows_do_not_take_the_key_away():
    table = TableFacts([ColumnFacts("sfzh", "身份证号", null_count=1, distinct=98)])
    entry = propose(table, {"sfzh": NUMBER}, owner=OWNER, name="名单")
    assert entry.key_unique
    assert "逐行列出" in entry.reasons[0]


def test_things_are_keyed_by_their_number_and_a_table_may_have_no_key():
    lamps = TableFacts([ColumnFacts("bm", "部件编码"), ColumnFacts("lb", "类别", distinct=4)])
    assert propose(lamps, {}, owner=OWNER, name="市政部件").key_kind == "text"
    none = TableFacts([ColumnFacts("lb", "类别", distinct=4)])
    assert propose(none, {}, owner=OWNER, name="分类").key_field == ""


def test_the_highest_grade_of_all_items_is_the_entrys_and_the_deciding_ones_are_named():
    table = replace(people_table(), columns=[*people_table().columns, ColumnFacts("zd", "诊断")])
    entry = propose(table, {**PEOPLE, "zd": DIAGNOSIS}, owner=OWNER, name="救助对象")
    assert (entry.grade, entry.grade_reason) == ("general_4", "就高从严：诊断为一般4")
    assert "第二十八条" in entry.fields[-1].grade_reason


def test_an_unrecognised_item_beside_a_person_is_never_called_public():
    status = people_entry().fields[3]
    assert (status.grade, status.personal) == ("general_2", "")
    assert "公开" not in status.grade_reason


def test_rows_about_people_without_a_persons_number_cannot_be_filed():
    table = TableFacts([ColumnFacts("xm", "姓名"), ColumnFacts("bm", "编号")])
    entry = propose(table, {"xm": PEOPLE["xm"]}, owner=OWNER, name="志愿者")
    with pytest.raises(errors.SubjectUnnamed):
        check_ready(entry)
    check_ready(replace(entry, subject_link="307001/000001#bm"))


def test_withholding_without_the_laws_words_is_refused_at_once():
    with pytest.raises(errors.WithholdingNeedsLaw) as refusal:
        propose(
            firms_table(),
            FIRMS,
            owner=OWNER,
            name="内部资料",
            wishes=Wishes(share_type="withheld"),
        )
    assert "理由、依据层级、条文" in str(refusal.value)


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (
            "postgresql://reader:secret@db.example:5433/mz?table=public.db&sslmode=require",
            "postgresql://db.example:5433/mz?table=public.db",
        ),
        ("/home/someone/名单 2026.csv", "名单 2026.csv"),
        ("", ""),
    ],
)
def test_a_source_is_named_without_credentials_or_folders(location, shown):
    assert safe_source(location) == shown


def test_the_format_follows_the_source():
    assert people_entry(source="postgresql://h/d?table=t").data_format == "数据库/PostgreSQL"
    assert people_entry(source="people.csv").data_format == "电子表格/csv"


def test_peoples_numbers_inside_a_remark_are_hidden_though_nothing_recognised_it():
    remark = ColumnFacts("bz", "备注", distinct=60, kinds={"text": 90, "phone_inside": 3})
    table = replace(firms_table(), columns=[*firms_table().columns, remark])
    entry = propose(table, FIRMS, owner=OWNER, name="社会组织登记")
    last = entry.fields[-1]
    assert (last.personal, last.mask, last.grade) == ("contact", "hidden", "general_3")
    assert last.reasons == ("有的值是或者夹着联系方式",)
    assert entry.share_type == "conditional"


def test_a_declared_primary_key_is_preferred_among_things():
    lamps = TableFacts([ColumnFacts("xh", "序号"), ColumnFacts("bm", "部件编码", is_key=True)])
    assert propose(lamps, {}, owner=OWNER, name="市政部件").key_field == "bm"

"""A few people in a file, and how it is loaded."""

import datetime as dt

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.sources import BY, csv_file, source_of, things_plan
from yitong.data.sources.api import (
    ClearColumn,
    CopyPlan,
    copy_in,
    open_table,
)
from yitong.kernel.codes import person_number

OTHER = person_number("890103", dt.date(1980, 1, 1), 1)
THIRD = person_number("890121", dt.date(1985, 5, 5), 1)
PEOPLE = [
    ["身份证号", "姓名", "出生日期", "区划", "状态", "备注"],
    ["890102199203150020", "林晓桐", "1992/3/15", "890102000000", "在册", '"家"'],
    [OTHER, "王伟", "1980-01-01", "890103", "停发", ""],
]
PLAN = CopyPlan(
    table_key="r1",
    key_column="身份证号",
    key_kind="person",
    clear=(ClearColumn("出生日期", "D"), ClearColumn("状态")),
    sealed=("身份证号", "姓名", "备注"),
    region_column="区划",
)


def load(tmp_path, rows, plan=None, **kwargs):
    path = csv_file(tmp_path / "t.csv", rows)
    reader = open_table(str(path))
    return copy_in(
        plan=plan or things_plan(), reader=reader, source=source_of(path), by=BY, **kwargs
    )

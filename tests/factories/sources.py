"""Files as offices export them, and plans to load them. All people are made up."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from yitong.data.sources.api import ClearColumn, CopyPlan, Source, register_source
from yitong.kernel.actor import Actor

BY = Actor.operator("tests")
OWNER = "11890100DM0000011A"
SAMPLES = Path(__file__).parents[2] / "samples"
PEOPLE = SAMPLES / "people-gb18030.csv"


def csv_text(rows: Iterable[Sequence[object]], **dialect: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, **dialect).writerows(rows)
    return buffer.getvalue()


def csv_file(path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    path.write_bytes(csv_text(rows).encode(encoding))
    return path


def source_of(location: Path | str, owner: str = OWNER) -> Source:
    return register_source(location=str(location), owner=owner, by=BY)


def people_plan(table_key: str = "r12") -> CopyPlan:
    """The sample's own plan: dates, amount, region and state in clear, what says who it is sealed."""
    return CopyPlan(
        table_key=table_key,
        key_column="身份证号",
        key_kind="person",
        clear=(
            ClearColumn("起始日期", "D"),
            ClearColumn("保障金额（元）", "N"),
            ClearColumn("状态", "C"),
        ),
        sealed=(
            "身份证号",
            "姓名",
            "性别",
            "民族",
            "出生日期",
            "户籍地址",
            "联系电话",
            "姓名_2",
            "备注",
        ),
        region_column="区划代码",
    )


def things_plan(table_key: str = "r34", **changes: object) -> CopyPlan:
    """A table about things: a key in clear text, nothing sealed."""
    plan = {
        "table_key": table_key,
        "key_column": "编码",
        "key_kind": "text",
        "clear": (ClearColumn("编码"), ClearColumn("数量", "I")),
    }
    return CopyPlan(**{**plan, **changes})

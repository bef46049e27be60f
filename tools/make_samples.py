"""Make `samples/people-gb18030.csv`: two thousand made-up people with the faults that real files have.

The file is the same for the same seed. What is planted is written beside it as `people-gb18030.expected.json`, by
this script and not by the program under test. Region 8901xx does not exist, numbers beginning with 100 are no phones.
"""

import argparse
import csv
import datetime as dt
import io
import json
import random
from dataclasses import dataclass, field
from pathlib import Path

from yitong.kernel.codes import person_number

ROWS = 2_000
DEFAULT_SEED = 20260315
NAME = "people-gb18030"
HEADERS = (
    "序号", "身份证号", "姓名", "性别", "民族", "出生日期", "户籍地址", "区划代码", "联系电话",
    "保障金额（元）", "起始日期", "状态", "姓名", "备注",
)  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "晓桐伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华平刚桂兰文玉志红建国"
ROADS = ("桐花路", "白鹭路", "澜江大道", "人民东路", "青枫路", "松涛路", "岫岭路", "建设路")
REGIONS = ("890102", "890103", "890121", "890122", "890181")
NATIONS = ("汉族",) * 40 + ("回族", "满族", "苗族", "维吾尔族", "壮族")
HEROINE = (
    "890102199203150020", "林晓桐", "女", "汉族", "1992-03-15",
    "澜宁市听澜区桐花街道桐花路18号6栋301室", "890102",
)  # fmt: skip

# What each column must be proposed as: type letter, data element, kind of personal information.
COLUMNS = {
    "序号": ("I", "DE07001", ""),
    "身份证号": ("C", "DE01001", "identity"),
    "姓名": ("C", "DE01002", "basic"),
    "性别": ("C", "DE01004", "basic"),
    "民族": ("C", "DE01005", "basic"),
    "出生日期": ("D", "DE01006", "basic"),
    "户籍地址": ("C", "DE03001", "basic"),
    "区划代码": ("I", "DE03005", ""),
    "联系电话": ("C", "DE01026", "contact"),
    "保障金额（元）": ("N", "DE06002", "property"),
    "起始日期": ("D", "DE04003", ""),
    "状态": ("C", "DE07002", ""),
    "姓名_2": ("C", "DE01002", "basic"),
    "备注": ("C", "DE07003", "identity"),
}


@dataclass
class Table:
    """Rows as they will be written, with what is planted in them by row index."""

    rows: list[list[str]]
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    utf8: set[int] = field(default_factory=set)
    unkeyed: dict[int, str] = field(default_factory=dict)

    def plant(self, index: int, column: str, code: str) -> None:
        self.faults.append((index, column, code))


def people(rng: random.Random) -> list[list[str]]:
    """Two thousand sound rows; the heroine is the twentieth."""
    rows, numbers = [], {HEROINE[0]}
    while len(rows) < ROWS:
        born = dt.date(1936, 1, 1) + dt.timedelta(days=rng.randrange(365 * 70))
        region, sequence = rng.choice(REGIONS), rng.randrange(1, 990)
        number = person_number(region, born, sequence)
        if number in numbers:
            continue
        numbers.add(number)
        facts = (number, _name(rng), "男" if sequence % 2 else "女", rng.choice(NATIONS))
        place = f"{rng.choice(ROADS)}{rng.randrange(1, 200)}号{rng.randrange(1, 30)}栋{rng.randrange(101, 999)}室"
        facts = (*facts, born.isoformat(), place, region)
        rows.append(_row(rng, len(rows) + 1, HEROINE if len(rows) == 19 else facts))
    return rows


def _name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def _row(rng: random.Random, serial: int, facts: tuple[str, ...]) -> list[str]:
    started = dt.date(2019, 1, 1) + dt.timedelta(days=rng.randrange(2400))
    return [
        str(serial), *facts, f"100{rng.randrange(10**8):08d}", f"{rng.randrange(30000, 190000) / 100:.2f}",
        started.isoformat(), rng.choice(("在册", "在册", "停发", "死亡注销")), _name(rng), "",
    ]  # fmt: skip


def with_faults(table: Table) -> Table:
    _plant_numbers(table)
    _plant_cells(table)
    _plant_rows(table)
    return table


def _plant_numbers(table: Table) -> None:
    for index in (75, 398, 813, 1498):  # the check digit of another number
        number = table.rows[index][1]
        table.rows[index][1] = number[:17] + ("1" if number[17] != "1" else "2")
        table.plant(index, "身份证号", "person_check")
        table.unkeyed[index] = "key_invalid"
    for index in (120, 121, 1644):  # the old form of fifteen digits
        number = table.rows[index][1]
        born = number[6:14] if number[6:8] == "19" else "1966" + number[10:14]
        table.rows[index][1] = number[:6] + born[2:] + number[14:17]
        table.plant(index, "身份证号", "person_15")
    table.rows[700][1] = ""
    table.unkeyed[700] = "key_missing"
    table.rows[641][1] = table.rows[640][1]
    table.unkeyed[641] = "key_duplicate"


def _plant_cells(table: Table) -> None:
    table.rows[231][13] = "=SUM(J2:J9)"
    table.plant(231, "备注", "formula")
    for index in (310, 311, 312):
        table.rows[index][5] = table.rows[index][5].replace("-", "/")
        table.plant(index, "出生日期", "date_shape")
    table.rows[900][10] = "民国一百零九年五月"
    table.plant(900, "起始日期", "republic_date")
    table.rows[905][10] = "2021-02-30"
    table.plant(905, "起始日期", "date_bad")
    for index in (1010, 1011):
        table.rows[index][9] = f"{float(table.rows[index][9]) + 1000:,.2f}"
        table.plant(index, "保障金额（元）", "number_text")
    table.rows[1100][9] = "#N/A"
    table.plant(1100, "保障金额（元）", "error_value")
    table.rows[1300][13] = f"与{table.rows[1301][1]}为同一户"
    table.rows[1310][13] = "<b>已核实</b>"
    table.rows[1311][2] = "阿卜杜拉·买买提"
    table.rows[1312][2] = "\U00020bb7田晓"
    table.rows[1320][6] = table.rows[1320][6] + "\n（原工厂宿舍）"


def _plant_rows(table: Table) -> None:
    table.rows[56] = table.rows[56][:9]
    table.plant(56, "", "ragged_short")
    table.rows[1201] = [*table.rows[1201], "多出的一格"]
    table.plant(1201, "", "ragged_long")
    table.utf8.add(1775)
    table.plant(1775, "", "mixed_encoding")


def written(table: Table) -> tuple[bytes, list[int]]:
    """The file and the first line of every row."""
    parts, starts, line = [_line(HEADERS).encode("gb18030")], [], 2
    for index, row in enumerate(table.rows):
        text = _line(row)
        starts.append(line)
        line += text.count("\n")
        parts.append(text.encode("utf-8" if index in table.utf8 else "gb18030"))
    return b"".join(parts), starts


def _line(cells: tuple[str, ...] | list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def expected(table: Table, starts: list[int], seed: int) -> dict[str, object]:
    unread = {i for i, column, _ in table.faults if not column}
    faults = sorted((starts[i], column, code) for i, column, code in table.faults)
    load = {starts[i]: code for i, code in table.unkeyed.items()}
    load |= {starts[i]: code for i, column, code in table.faults if not column}
    load |= {line: "type" for line, column, code in faults if code in {"republic_date", "date_bad"}}
    load |= {line: "type" for line, _, code in faults if code == "error_value"}
    return {
        "seed": seed,
        "encoding": "GB18030",
        "rows": len(table.rows) - len(unread),
        "columns": {
            name: {"type": letter, "element": element, "personal": personal}
            for name, (letter, element, personal) in COLUMNS.items()
        },
        "faults": faults,
        "loaded": len(table.rows) - len(load),
        "not_loaded": sorted(load.items()),
        "heroine_line": starts[19],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "samples")
    arguments = parser.parse_args()
    table = with_faults(Table(people(random.Random(arguments.seed))))
    content, starts = written(table)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / f"{NAME}.csv").write_bytes(content)
    facts = expected(table, starts, arguments.seed)
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (arguments.out / f"{NAME}.expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""A large table of synthetic people as a file, written by DuckDB: what `ingest` loads. Region 8901xx, which no province has."""

from pathlib import Path

from yitong.cli.bench.throwaway import BY

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = " + ".join(f"{w} * (ascii(substr(b, {n}, 1)) - 48)" for n, w in enumerate(_WEIGHTS, 1))
# Each person once: ten counties, 30,000 days of birth, then the next number of the day.
_PEOPLE = """
select
  b || substr('10X98765432', (CHECK) % 11 + 1, 1) as 公民身份号码,
  substr('赵钱孙李周吴郑王冯陈林何', 1 + i % 12, 1) || substr('小大晓春秋明国建文丽', 1 + i // 12 % 10, 1)
    || substr('禾晴石桥江山林海云月', 1 + i // 120 % 10, 1) as 姓名,
  if(seq % 2 = 1, '1', '2') as 性别, printf('%02d', 1 + i % 56) as 民族, born::varchar as 出生日期,
  substr(b, 1, 6) as 户籍地区划, '澜宁市听澜区桐花街道' || i % 997 || '号' || i % 31 || '室' as 户籍地址,
  '100' || printf('%08d', i * 7919 % 100000000) as 手机号码, '62' || printf('%017d', i * 104729) as 银行账号,
  printf('%d', 10 * (1 + i % 4)) as 婚姻状况, printf('%d', 10 * (1 + i % 9)) as 文化程度,
  ['城市低保', '农村低保', '特困供养'][1 + i % 3] as 救助类别, printf('%d.%02d', 300 + i % 900, i % 100) as 保障金额,
  (date '2020-01-01' + (i % 2000)::int)::varchar as 核定日期, ['在册', '停发', '迁出'][1 + i % 17 // 8] as 状态,
  (i % 5)::varchar as 残疾等级, (1 + i % 7)::varchar as 家庭人口数, '经办' || i % 211 as 经办人,
  strftime(timestamp '2026-01-01' + interval (i % 20000000) second, '%Y-%m-%d %H:%M:%S') as 更新时间,
  if(i % 11 = 0, null, '第' || i % 9001 || '号档案') as 备注
from (
  select i, seq, born,
    printf('8901%02d', 1 + i // 30000 % 10) || strftime(born, '%Y%m%d') || printf('%03d', seq) as b
  from (select i, 1 + i // 300000 as seq, date '1940-01-01' + (i % 30000)::int as born from range(ROWS) as t(i))
)
"""
COLUMNS = 20
_CLEAR = (
    ("性别",), ("民族",), ("出生日期", "D"), ("婚姻状况",), ("文化程度",), ("救助类别",), ("保障金额", "N"),
    ("核定日期", "D"), ("状态",), ("残疾等级",), ("家庭人口数", "I"), ("更新时间", "T"),
)  # fmt: skip
_SEALED = ("公民身份号码", "姓名", "户籍地址", "手机号码", "银行账号", "经办人", "备注")


def write_people(path: Path, rows: int) -> None:
    query = _PEOPLE.replace("CHECK", _CHECK).replace("ROWS", str(rows))
    import duckdb  # not for the process that loads, whose memory is measured

    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as engine:
        engine.sql(query).write_csv(str(path))


def load_people(path: Path) -> int:
    """Copy the table in through the action; how many rows."""
    from yitong.data.sources.api import (
        ClearColumn,
        CopyPlan,
        copy_in,
        open_table,
        register_source,
    )

    plan = CopyPlan(
        table_key="bench",
        key_column="公民身份号码",
        key_kind="person",
        clear=tuple(ClearColumn(*column) for column in _CLEAR),
        sealed=_SEALED,
        region_column="户籍地区划",
    )
    source = register_source(location=str(path), owner="118901000000000000", by=BY)
    return copy_in(plan=plan, reader=open_table(str(path)), source=source, by=BY).rows

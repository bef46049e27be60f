"""A synthetic nation of 297 divisions, for tests that need a tree and not the real one.

Its provinces have codes that no real one has; names are made of characters whose pinyin is plain.
"""

import datetime as dt
from itertools import product
from pathlib import Path

import yitong.demo
from yitong.base.regions import api as regions
from yitong.base.regions.api import Division, Edition, LoadReport
from yitong.base.regions.editions import overlay_edition
from yitong.kernel.actor import Actor

OPERATOR = Actor.operator("tests")
GAZETTEER = Path(yitong.demo.__file__).with_name("gazetteer.csv")

_PROVINCES = {"91": "云泽省", "92": "岭川省", "93": "沧海自治区"}
_CITIES = {"01": "东", "02": "西"}
_COUNTIES = {"02": "安", "03": "宁", "21": "平"}
_TOWNS = {"001": "石桥街道", "100": "白马镇", "200": "青山乡"}
_VILLAGES = {"001": "桃园社区", "002": "柳林社区", "200": "上河村", "201": "下河村"}


def nation() -> list[Division]:
    """All 297 rows, parents first."""
    rows = [Division(code, name) for code, name in _PROVINCES.items()]
    for (p, province), (c, city) in product(_PROVINCES.items(), _CITIES.items()):
        rows.append(Division(p + c, f"{province[0]}{city}市"))
        for k, county in _COUNTIES.items():
            rows.append(Division(p + c + k, f"{province[0]}{county}{'县' if k == '21' else '区'}"))
            for t, town in _TOWNS.items():
                rows.append(Division(p + c + k + t, town))
                rows += [Division(p + c + k + t + v, name) for v, name in _VILLAGES.items()]
    return rows


def edition(rows: list[Division], as_of: dt.date, **replacements: str) -> Edition:
    """An edition of these rows; the digest follows from them."""
    digest = overlay_edition("national", rows).digest
    return Edition("national", f"测试版 {as_of}", as_of, digest, replacements)


def load_nation(
    rows: list[Division] | None = None, *, as_of: str = "2020-01-01", **replacements: str
) -> LoadReport:
    """Load the synthetic nation as if it were the national table."""
    divisions = nation() if rows is None else rows
    return regions.load_edition(
        edition=edition(divisions, dt.date.fromisoformat(as_of), **replacements),
        divisions=divisions,
        by=OPERATOR,
    )


def load_demo() -> LoadReport:
    """Load the made-up city beside it."""
    return regions.load_overlay(rows=regions.rows_from_csv(GAZETTEER), by=OPERATOR)

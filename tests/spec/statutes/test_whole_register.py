"""时限登记簿作为一个整体：每一条都有出处，每一条都有一句话，同一天只有一条有效。"""

import datetime as dt
import importlib
from itertools import combinations
from pathlib import Path

import pytest

from yitong.base.statutes import rules, seed
from yitong.base.statutes.errors import LimitIsNoPeriod, LimitSplit
from yitong.kernel.law import Confidence

TODAY = dt.date(2026, 11, 22)
HERE = Path(__file__).parent
ROWS = [row for rows in seed.register().rows.values() for row in rows]


def sentences():
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"tests.spec.statutes.{path.stem}")
        yield from getattr(module, "SENTENCES", ())


def test_every_row_of_the_register_has_its_sentence():
    """And no sentence is without a row: the book and the register are one."""
    told = {(one.limit.key, one.limit.valid_from) for one in sentences()}

    assert {(row.limit.key, row.limit.valid_from) for row in ROWS} == told


def test_every_limit_rests_on_an_act_in_force_when_it_begins():
    """A number of the law stands with its act, its article and its dates."""
    for row in ROWS:
        limit = row.limit
        versions = [act for act in seed.acts() if act.title == limit.basis.act]
        assert [
            act
            for act in versions
            if act.in_force_from <= limit.valid_from
            and (act.in_force_to is None or limit.valid_from < act.in_force_to)
        ], limit.key


def test_no_two_rows_of_one_key_and_place_are_in_force_on_one_day():
    for rows in seed.register().rows.values():
        for one, other in combinations((row.limit for row in rows), 2):
            if one.region == other.region:
                first, second = sorted((one, other), key=lambda limit: limit.valid_from)
                assert first.valid_to is not None
                assert first.valid_to <= second.valid_from


def test_what_is_not_certain_says_so():
    """Second-hand and recalled rows carry M or L and name where they come from."""
    unsure = {row.limit.key for row in ROWS if row.limit.confidence is not Confidence.HIGH}

    assert unsure == {
        "DSR-16", "DSR-19", "DSR-27", "PI-46", "PER-47a", "PUB-2", "GID-26", "GID-33",
        "BJ-dispa", "BJ-dispb", "BJ-dispc", "BJ-dispd",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("PER-47", "PER-47a、PER-47b、PER-47c"),
        ("DSR-17", "DSR-17a、DSR-17b"),
        ("DSR-21", "DSR-21a、DSR-21b"),
        ("GID-49", "GID-49a、GID-49b"),
        ("REC-48/54", "REC-48a、REC-48b、REC-54a、REC-54b"),
        ("REC-30/31", "REC-30、REC-31"),
        ("REC-62", "REC-62a、REC-62b"),
        ("PET-35/36", "PET-35a、PET-35b、PET-36a、PET-36b"),
        ("AMR-9/10", "AMR-9、AMR-10"),
        ("AMR-13", "AMR-13a、AMR-13b"),
        ("CMP-7", "CMP-7a、CMP-7b、CMP-7c、CMP-7d"),
        ("ALG-24", "ALG-24a、ALG-24b、ALG-24c"),
        ("BJ-disp", "BJ-dispa、BJ-dispb、BJ-dispc、BJ-dispd"),
    ],
)
def test_a_row_with_several_periods_names_its_parts(key, parts):
    """几个期限写在一句里的，按句中的顺序各有编号。"""
    with pytest.raises(LimitSplit, match=parts):
        rules.limit_in_force(seed.register(), key, lineage=(), on=TODAY)


def test_the_eight_procedures_of_a_permit_are_no_period():
    """行政许可法 45: 听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审所需时间不计算在期限内。"""
    with pytest.raises(LimitIsNoPeriod) as refused:
        rules.limit_in_force(seed.register(), "PER-45", lineage=(), on=TODAY)

    assert "听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审" in refused.value.say()
    stops = [stop for stop in seed.stops() if "PER-42" in stop.limits]
    assert {stop.effect for stop in stops} == {"pause"}
    assert all(stop.tell for stop in stops)


def test_a_supplement_begins_the_answer_to_a_request_anew():
    """政府信息公开条例 30: 答复期限自行政机关收到补正的申请之日起计算。"""
    stops = {stop.title: stop.effect for stop in seed.stops() if "GID-33" in stop.limits}

    assert stops == {
        "收到补正的申请": "restart",
        "征求第三方意见": "pause",
        "征求其他机关意见": "pause",
    }


def test_every_limit_that_a_ground_stops_is_in_the_register():
    assert {key for stop in seed.stops() for key in stop.limits} <= seed.register().rows.keys()

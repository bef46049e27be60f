import pytest

from yitong.kernel.law import Basis, Confidence, LimitKind, TimeLimit, Unit, chinese_numeral


@pytest.mark.parametrize(
    ("article", "words"),
    [
        ("1", "一"),
        ("10", "十"),
        ("13", "十三"),
        ("20", "二十"),
        ("42", "四十二"),
        ("100", "一百"),
        ("101", "一百零一"),
        ("110", "一百一十"),
        ("113", "一百一十三"),
        ("203", "二百零三"),
        ("999", "九百九十九"),
    ],
)
def test_articles_are_written_as_statutes_write_them(article, words):
    assert chinese_numeral(article) == words


def test_an_item_of_an_article_is_cited_as_statutes_cite_it():
    assert str(Basis("政务数据共享条例", "39(四)")) == "《政务数据共享条例》第三十九条第四项"


@pytest.mark.parametrize("article", ["0", "1000", "39（四）", "", "二十一"])
def test_other_text_is_kept(article):
    assert chinese_numeral(article) == article


def test_a_basis_reads_as_a_citation():
    assert str(Basis("政务数据共享条例", "13")) == "《政务数据共享条例》第十三条"


def test_a_limit_is_missed_at_its_end_unless_it_says_otherwise():
    limit = TimeLimit("PER-42", LimitKind.WITHIN, 20, Unit.WORKDAY, Basis("行政许可法", "42"))

    assert (limit.extension, limit.on_expiry, limit.confidence) == (None, "missed", Confidence.HIGH)


def test_an_act_whose_article_is_not_known_is_cited_without_one():
    assert str(Basis("某标准", "")) == "《某标准》"

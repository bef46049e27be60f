"""Tags draw what they are given, escaped, in both languages, without inline style or script."""

import datetime as dt
import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from yitong.kernel import clock as kernel_clock
from yitong.kernel.law import Basis, Unit
from yitong.ui.clock import ClockFacts, clock_counted, clock_of
from yitong.ui.components.clocks import Limit
from yitong.ui.components.proofs import obtained
from yitong.ui.states import State
from yitong.ui.values import Choice, Figure, Filter, Key, Link, Row, Source, TaskRow, Term

HOSTILE = "\"><script>alert('林')</script>"
NOW = dt.datetime(2026, 10, 13, 2, 24, tzinfo=dt.UTC)
TODAY = dt.date(2026, 10, 13)


@pytest.fixture(autouse=True)
def thirteenth_of_october():
    with kernel_clock.frozen(NOW), override("zh-hans"):
        yield


def draw(template, /, **context):
    request = RequestFactory().get("/list/?since=30&page=2&kept=yes")
    return Template("{% load ui %}" + template).render(Context({"request": request, **context}))


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


class AnyForm(forms.Form):
    name = forms.CharField(label=HOSTILE, help_text=HOSTILE)
    way = forms.ChoiceField(label="怎样领证", choices=[("a", HOSTILE)], widget=forms.RadioSelect)
    note = forms.CharField(label="说明", required=False)

    def clean_name(self):
        raise forms.ValidationError(HOSTILE)


HOSTILE_TAGS = {
    "status": "{% status 'running' h %}",
    "label": "{% label h %}",
    "button": "{% button h %}{% button h 'primary' href=h key=h %}",
    "crumbs": "{% crumbs links here=h %}",
    "tabs": "{% tabs links h %}",
    "step": "{% step_text h 3 5 %}",
    "figures": "{% figures figures %}",
    "summary": "{% summary rows %}",
    "tasks": "{% task_list tasks %}",
    "keys": "{% keys keys %}",
    "progress": "{% progress h 1 2 unit=h stop=h %}",
    "panel": "{% panel h %}x{% endpanel %}",
    "note": "{% note h %}{{ h }}{% endnote %}",
    "timeline": "{% timeline h %}{% timeline_entry h at=today %}{{ h }}{% endtimeline_entry %}{% endtimeline %}",
    "nothing": "{% nothing h %}{{ h }}{% endnothing %}{% failure h %}{{ h }}{% endfailure %}",
    "dialog": "{% dialog h h %}{{ h }}{% enddialog %}",
    "toast": "{% toast h undo=h %}",
    "source": "{% source_chip source %}",
    "stamp": "{% proof_stamp 'recorded' words=h detail=h href=h %}",
    "masked": "{% masked h show=h %}{% masked h hide=h %}{% masked h reason=h %}",
    "field": "{% field form.name source=source reason=h %}{% field form.way %}",
    "problems": "{% error_summary form %}",
    "table": "{% table h count=h order=h key=h %}<tbody></tbody>{% endtable %}",
    "filters": "{% filters menus %}",
    "clock": "{% clock_bar clock limit words=h state_word=h legend=True %}{% mini_clock clock words=h %}",
    "strip": "{% day_strip facts %}",
    "door": "{% door h h %}",
}


@pytest.fixture
def hostile():
    facts = ClockFacts(
        received_on=TODAY - dt.timedelta(days=3),
        due_on=TODAY + dt.timedelta(days=3),
        today=TODAY,
        off={TODAY + dt.timedelta(days=1): HOSTILE},
    )
    h = HOSTILE
    return {
        "h": h,
        "today": TODAY,
        "links": [Link(h, h, count=3)],
        "figures": [Figure(h, h, h, h)],
        "rows": [Row(h, h, (h,), h, h)],
        "tasks": [TaskRow(h, h, State.DONE, h), TaskRow(h, waits_for=h)],
        "keys": [Key(h, h)],
        "source": Source("obtained", (h,), h, h),
        "form": AnyForm({"name": h, "way": "z"}),
        "menus": [Filter("f", h, (Choice(h, h),), chosen=h)],
        "facts": facts,
        "clock": clock_of(facts),
        "limit": Limit(
            start=Term(TODAY, h),
            promise=Term(TODAY, h),
            end=Term(TODAY, h),
            sentence=h,
            basis=Basis(h, h),
        ),
    }


@pytest.mark.parametrize("name", sorted(HOSTILE_TAGS))
def test_text_given_to_a_tag_is_escaped(name, hostile):
    html = draw(HOSTILE_TAGS[name], **hostile)
    assert "<script" not in html
    assert HOSTILE not in html
    assert "&quot;&gt;&lt;script&gt;" in html
    assert " style=" not in html
    assert " onclick" not in html


def test_a_date_is_a_time_element():
    html = draw("{% when due 'deadline' %}", due=dt.date(2026, 10, 23))
    assert html == '<time class="date-long" datetime="2026-10-23">10月23日（星期五）24:00前</time>'


def test_an_instant_is_said_in_the_nodes_zone():
    assert "今天 10:24" in draw("{% when now 'recent' %}", now=NOW)


def test_dates_in_english():
    with override("en"):
        assert text(draw("{% when due %}", due=dt.date(2026, 10, 23))) == "23 October 2026"


def test_an_article_in_both_languages():
    assert (
        draw("{% article b %}", b=Basis("政务数据共享条例", "13")) == "《政务数据共享条例》第十三条"
    )
    with override("en"):
        assert draw("{% article b %}", b=Basis("不在表里的办法", "13")) == "不在表里的办法, art. 13"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("running", "计时中"),
        ("at_risk", "将到期"),
        ("missed", "已逾期"),
        ("paused", "暂停"),
        ("done", "已办结"),
        ("refused", "已拒绝"),
    ],
)
def test_a_state_has_a_shape_and_a_word(state, word):
    html = draw(f"{{% status '{state}' %}}")
    assert word in html
    assert f"shape-{state}" in html


def test_an_unknown_state_is_a_bug_and_not_a_page():
    with pytest.raises(ValueError, match="nonsense"):
        draw("{% status 'nonsense' %}")


def test_a_clock_says_in_words_what_its_bar_draws():
    facts = ClockFacts(
        received_on=dt.date(2026, 10, 8), due_on=dt.date(2026, 10, 23), today=TODAY, unit=Unit.DAY
    )
    html = draw("{% clock_bar clock %} {% time_left clock %}", clock=clock_of(facts))
    assert "第5天，共15天" in html
    assert "还剩10天" in html
    assert html.count("cell-elapsed") == 4
    assert html.count("cell-today") == 1
    assert html.count("cell-left") == 10
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize(
    ("used", "total", "state", "zh", "en"),
    [
        (4, 10, State.RUNNING, "第4个工作日，共10个", "Working day 4 of 10"),
        (12, 10, State.MISSED, "逾期2个工作日", "2 working days overdue"),
        (11, 10, State.MISSED, "逾期1个工作日", "1 working day overdue"),
        (5, 15, State.PAUSED, "已用5个工作日，停着", "5 working days used, paused"),
        (
            3,
            10,
            State.DONE,
            "用了3个工作日，期限10个工作日",
            "Took 3 working days of 10 working days",
        ),
        (5, 5, State.DEEMED, "5个工作日内没有答复", "No answer within 5 working days"),
    ],
)
def test_the_words_of_a_clock(used, total, state, zh, en):
    clock = clock_counted(used=used, total=total, unit=Unit.WORKDAY, state=state)
    assert zh in draw("{% clock_bar clock %}", clock=clock)
    with override("en"):
        assert en in draw("{% clock_bar clock %}", clock=clock)


def test_the_bars_of_a_stamp_come_from_the_commitment():
    one, other = bytes(range(32)), bytes(reversed(range(32)))
    assert draw("{% proof_stamp commitment=c %}", c=one) == draw(
        "{% proof_stamp commitment=c %}", c=one.hex()
    )
    assert draw("{% proof_stamp commitment=c %}", c=one) != draw(
        "{% proof_stamp commitment=c %}", c=other
    )
    assert draw("{% proof_stamp commitment=c %}", c=one).count("<rect") == 20


def test_a_stamp_offers_its_proof_only_when_there_is_one():
    assert "下载凭证" in draw("{% proof_stamp 'recorded' index=1204377 href='/p' %}")
    assert "账本第1,204,377条" in draw("{% proof_stamp 'recorded' index=1204377 %}")
    for state in ("waiting", "mismatch"):
        assert "下载凭证" not in draw(f"{{% proof_stamp '{state}' href='/p' %}}")


def test_a_source_names_agency_resource_day_and_purpose():
    source = obtained("市公安局", "户籍人口基本信息", TODAY, purpose="本次申请", dispute="/d")
    said = text(draw("{% source_chip s %}", s=source))
    assert "市公安局 · 户籍人口基本信息" in said
    assert "10月13日取得，用于本次申请 不对？" in said


def test_a_wrong_field_says_so_in_the_words_of_the_summary():
    form = AnyForm({"name": "x", "way": "a"})
    html = draw("{% error_summary form %}{% field form.name %}", form=form)
    assert 'href="#id_name"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert "错误：" in html


def test_an_optional_field_says_so_and_a_required_one_says_nothing():
    form = AnyForm()
    assert "（选填）" in draw("{% field form.note %}", form=form)
    assert "（选填）" not in draw("{% field form.name %}", form=form)
    assert "required" not in draw("{% field form.name %}", form=form)


def test_nothing_with_legal_effect_is_preselected():
    assert "checked" not in draw("{% field form.way %}", form=AnyForm())


def test_no_problem_no_summary():
    assert draw("{% error_summary form %}", form=AnyForm()).strip() == ""


def test_paging_says_range_and_total_and_keeps_the_query():
    html = draw("{% paging page '件' %}", page=Paginator(range(34), 12).page(1))
    assert "第1–12件，共34件" in html
    assert "?since=30&amp;kept=yes&amp;page=2" in html
    assert "上一页" not in html


def test_a_single_page_has_no_steps():
    html = draw("{% paging page '件' %}", page=Paginator(range(3), 12).page(1))
    assert "第1–3件，共3件" in html
    assert "<ul>" not in html


def test_an_applied_filter_is_a_word_that_can_be_taken_off():
    menu = Filter("since", "时间", (Choice("", "近12个月"), Choice("30", "近30天")), chosen="30")
    html = draw("{% filters menus %}", menus=[menu])
    assert "时间：近30天" in html
    assert 'href="?kept=yes"' in html
    assert '<input type="hidden" name="kept" value="yes">' in html


def test_a_change_link_names_its_field_to_those_who_do_not_see_it():
    html = draw("{% summary rows %}", rows=[Row("居住地址", "桐花路18号", change="/c")])
    assert '修改<span class="visually-hidden"> 居住地址</span>' in html

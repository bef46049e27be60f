"""A table's order comes from the address, is said in words, and an order nobody knows is the usual one."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from yitong.ui.ordering import Heading, order_of

HEADINGS = [
    Heading("事项", "key", by="编号"),
    Heading("期限", "amount", ("从短到长", "从长到短"), is_number=True),
    Heading("说明"),
]
KEYS = {"key": lambda row: row[0], "amount": lambda row: row[1]}


@pytest.fixture(autouse=True)
def chinese():
    with override("zh-hans"):
        yield


def draw(tag, address):
    request = RequestFactory().get(address)
    order = order_of(request.GET, HEADINGS)
    template = Template("{% load ui %}{% " + tag + " order %}")
    return template.render(Context({"request": request, "order": order}))


@pytest.mark.parametrize(
    ("asked", "value", "words"),
    [
        ("", "", "按编号，从前到后"),
        ("key", "", "按编号，从前到后"),
        ("-key", "-key", "按编号，从后到前"),
        ("amount", "amount", "按期限，从短到长"),
        ("-amount", "-amount", "按期限，从长到短"),
        ("nix", "", "按编号，从前到后"),
        ("--amount", "", "按编号，从前到后"),
        ("-", "", "按编号，从前到后"),
        ("x" * 5000, "", "按编号，从前到后"),
    ],
)
def test_the_address_says_the_order_and_the_order_says_itself(asked, value, words):
    order = order_of({"sort": asked}, HEADINGS)
    assert order.value == value
    assert order.words == words


def test_a_head_that_orders_is_a_link_and_the_standing_one_turns_round():
    drawn = draw("sort_heads", "/list/?q=a&sort=amount&page=3")
    assert drawn.count("<th ") == 3
    assert drawn.count("<a ") == 2
    assert 'class="number" aria-sort="ascending"' in drawn
    assert 'href="?q=a&amp;sort=-amount"' in drawn
    assert 'href="?q=a"' in drawn  # the usual order needs no word, and begins at the first page
    assert "从长到短" in drawn
    assert drawn.count("aria-sort") == 1


def test_the_menu_of_a_narrow_screen_has_every_order_and_keeps_what_was_asked():
    drawn = draw("sort_menu", '/list/?q=%22><script>&sort=-key&page=3&kind="keep"')
    assert re.findall(r'<option value="([^"]*)"', drawn) == ["", "-key", "amount", "-amount"]
    assert '<option value="-key" selected>' in drawn
    assert 'name="q" value="&quot;&gt;&lt;script&gt;"' in drawn
    assert 'name="page"' not in drawn
    assert drawn.count('name="sort"') == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))), st.sampled_from(list(KEYS)))
def test_either_way_nothing_is_lost_and_equals_stay_as_they_came(rows, name):
    for asked in (name, f"-{name}"):
        arranged = order_of({"sort": asked}, HEADINGS).arranged(enumerate(rows), {
            key: lambda row, by=by: by(row[1]) for key, by in KEYS.items()
        })  # fmt: skip
        assert sorted(arranged) == list(enumerate(rows))
        seen = [KEYS[name](row) for _, row in arranged]
        assert seen == sorted(seen, reverse=asked.startswith("-"))
        for value in set(seen):
            places = [at for at, row in arranged if KEYS[name](row) == value]
            assert places == sorted(places)

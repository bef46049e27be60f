"""The set on which matching is judged: kept apart from what it was tuned on, and the same every time."""

import re

import pytest

from yitong.cli.bench import match
from yitong.cli.bench.fields import STYLES, TEST_SEED, held_out_words, makers, planted
from yitong.cli.bench.fields.tuning import TUNING_SEED, tuning_folds
from yitong.data.standards.api import edition


def plain(word: str) -> str:
    return re.sub(r"[（(].*?[)）]", "", word).strip().lower()


def latin(word: str) -> str:
    return "".join(re.findall("[a-z0-9]+", word.lower()))


def test_no_header_of_the_test_is_a_word_of_the_register():
    known = {plain(w) for e in edition().elements for w in (e.name, *e.synonyms)}
    english = {latin(w) for e in edition().elements for w in (e.english, *e.latin)}
    for words in held_out_words().values():
        assert not {plain(w) for w in words.chinese} & known
        assert not {latin(w) for w in words.english} & english


def test_every_element_has_values_and_nearly_every_one_is_asked_for():
    codes = {element.code for element in edition().elements}
    assert makers().keys() == codes
    assert held_out_words().keys() <= codes
    assert len(codes) - len(held_out_words()) <= 2


def test_fields_are_the_same_every_time_and_of_all_styles():
    fields = list(planted(held_out_words(), count=500))
    assert fields == list(planted(held_out_words(), count=500))
    assert {field.style for field in fields} == set(STYLES)
    assert TEST_SEED != TUNING_SEED


def test_a_fold_asks_for_words_that_are_out_of_its_register():
    less, fields = next(iter(tuning_folds(edition(), count=100)))
    known = {plain(w) for e in less.elements for w in (e.name, *e.synonyms)}
    asked = [f for f in fields if f.style == "chinese"]
    missing = [f for f in asked if plain(re.sub(r"^3\\.|[*：\\s]", "", f.header)) not in known]
    assert len(missing) >= len(asked) * 0.8


@pytest.mark.parametrize("count", [400])
def test_most_fields_are_found_and_hardly_any_personal_one_is_missed(count):
    found = match.judged(list(planted(held_out_words(), count=count)), edition())
    assert match._first(found) >= 88
    assert match._three(found) >= 94
    assert match._recall(found) >= 98

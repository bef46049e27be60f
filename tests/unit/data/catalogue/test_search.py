"""How names are cut for searching."""

from yitong.data.catalogue.search import query_terms, search_terms


def test_a_name_is_found_by_any_two_neighbouring_characters():
    terms = set(search_terms("出生医学证明签发信息"))
    assert set(query_terms("医学证明")) <= terms
    assert not set(query_terms("学生")) <= terms


def test_a_single_character_finds_it_too():
    assert query_terms("证") == ["证"]
    assert "证" in search_terms("居住证")


def test_latin_words_are_whole_and_full_width_is_folded():
    assert query_terms("ＣＳＶ Table7") == ["csv", "table7"]
    assert "csv" in search_terms("电子表格/csv")


def test_rare_characters_are_characters():
    assert query_terms("𠮷家") == ["𠮷家"]


def test_nothing_asks_for_nothing():
    assert query_terms("  ，。 ") == []

"""The rule book that a lawyer reads is what the tests test."""

from tools import make_rulebook


def test_the_rule_book_says_what_the_tests_test():
    assert make_rulebook.is_current(), "run `make rulebook`"


def test_the_rule_book_has_every_row_of_the_register():
    from yitong.base.statutes import seed

    book = make_rulebook.book()
    assert [key for key in seed.register().rows if f"| {key} |" not in book] == []

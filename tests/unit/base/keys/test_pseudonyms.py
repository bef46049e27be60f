import pytest

from tests.factories.keys import OPERATOR, node_keys  # noqa: F401
from yitong.base.keys.api import (
    Scope,
    blind,
    pseudonym,
    pseudonyms,
    rotate_pseudonyms,
    rotation,
    row_keys,
)
from yitong.base.keys.errors import (
    KeysNotInitialised,
    PseudonymVersionInUse,
    PseudonymVersionsExhausted,
)
from yitong.base.keys.models import PseudonymKey
from yitong.kernel.codes import InvalidCode, person_check_digit

pytestmark = pytest.mark.django_db
PERSON = "890102199203150020"


@pytest.fixture(params=["international", "sm"], autouse=True)
def profile(request, settings):
    settings.YITONG_CRYPTO = request.param
    request.getfixturevalue("node_keys")


def number(first17):
    return first17 + person_check_digit(first17)


def test_a_pseudonym_is_a_version_and_a_hash():
    made = pseudonym("person", PERSON)
    assert len(made) == 33
    assert made[0] == 1
    assert PERSON.encode() not in made


def test_a_columns_pseudonyms_are_those_of_its_numbers():
    fifteen = PERSON[:6] + PERSON[8:17]
    column = [number(f"89010219920315{i:03d}") for i in range(40)]
    typed = [*column, column[0].lower(), f" {PERSON}", fifteen]
    assert row_keys(None).pseudonyms("person", [each.encode() for each in column]) == [
        pseudonym("person", each) for each in column
    ]
    mixed = [*(each.encode() for each in typed), b"", b"890102199203150021", b"\xff"]
    assert row_keys(None).pseudonyms("person", mixed) == [
        *(pseudonym("person", each) for each in typed), b"", b"", b""
    ]  # fmt: skip
    firm = "11890100DM0000011A"
    assert row_keys(None).pseudonyms("org", [firm.encode(), b"x"])[1] == b""


@pytest.mark.parametrize("typed", [f" {PERSON} ", PERSON[:6] + " " + PERSON[6:]])
def test_spaces_do_not_make_another_person(typed):
    assert pseudonym("person", typed) == pseudonym("person", PERSON)


def test_fifteen_digits_are_the_same_person_as_eighteen():
    """GB 11643: the old number lacks the century and the check digit."""
    fifteen = PERSON[:6] + PERSON[8:17]
    assert pseudonym("person", fifteen) == pseudonym("person", PERSON)


def test_a_small_x_is_the_same_person_as_a_capital_one():
    ending_in_x = next(
        n for n in (number(f"89010219920315{i:03d}") for i in range(100)) if n.endswith("X")
    )
    assert pseudonym("person", ending_in_x.lower()) == pseudonym("person", ending_in_x)


def test_different_people_and_kinds_differ():
    assert pseudonym("person", PERSON) != pseudonym("person", number("89010219920315004"))


def test_an_invalid_number_has_no_pseudonym():
    with pytest.raises(InvalidCode):
        pseudonym("person", "890102199203150021")


def test_an_unknown_kind_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="ghost"):
        pseudonym("ghost", PERSON)


def test_rotation_adds_a_version_and_old_records_are_still_found():
    first = pseudonym("person", PERSON)
    assert rotate_pseudonyms(by=OPERATOR) == 2
    second = pseudonym("person", PERSON)
    assert second[0] == 2
    assert second[1:] != first[1:]
    assert pseudonyms("person", PERSON) == [second, first]


def test_a_retired_version_is_no_longer_looked_up():
    rotate_pseudonyms(by=OPERATOR)
    with pytest.raises(PseudonymVersionInUse):
        rotation.retire_pseudonyms(version=2, by=OPERATOR)
    rotation.retire_pseudonyms(version=1, by=OPERATOR)
    assert [made[0] for made in pseudonyms("person", PERSON)] == [2]
    with pytest.raises(PseudonymVersionInUse):
        rotation.retire_pseudonyms(version=1, by=OPERATOR)


def test_versions_end_at_255():
    PseudonymKey.objects.filter(version=1).update(version=255)
    with pytest.raises(PseudonymVersionsExhausted):
        rotate_pseudonyms(by=OPERATOR)


def test_before_the_first_start_there_are_no_pseudonyms():
    PseudonymKey.objects.all().delete()
    with pytest.raises(KeysNotInitialised):
        pseudonym("person", PERSON)


def test_a_blind_index_finds_equal_values_of_one_field_and_scope_only():
    people, firms = Scope("resource", "people"), Scope("resource", "firms")
    made = blind(people, "phone", "10012345678")
    assert len(made) == 32
    assert made == blind(people, "phone", " １００12345678")
    assert made != blind(people, "name", "10012345678")
    assert made != blind(firms, "phone", "10012345678")

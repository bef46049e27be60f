"""Natural and legal persons: sealed, found exactly, filed under every pseudonym."""

import pytest
from django.db import connection

from tests.factories.agencies import OPERATOR, a_post, agency_code, staff
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from yitong.base.access.api import NotAllowed
from yitong.base.identity import persons, queries
from yitong.base.identity.accounts import create_account
from yitong.base.identity.errors import (
    AccountHasPerson,
    InvalidPerson,
    LegalPersonExists,
    NotAPerson,
    PersonExists,
    UnknownLegalKind,
)
from yitong.base.identity.models import Person
from yitong.base.keys.api import SealBroken, pseudonym, pseudonyms, rotate_pseudonyms, unseal
from yitong.kernel.codes import InvalidCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]


def dumped() -> str:
    """Every row of identity, the ledger and the sessions, as text."""
    tables = ("identity_account", "identity_person", "identity_legalperson", "ledger_entry")
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(f"select t::text from {name} t" for name in tables))
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_person_reads_their_own_facts():
    known = a_person()
    facts = queries.person_of(known.account)
    assert (facts.name, facts.number, facts.phone) == (known.name, known.number, known.phone)
    assert facts.subject == pseudonym("person", known.number)
    assert queries.actor_for(known.account).kind == "person"
    assert queries.actor_for(known.account).assurance == 4


def test_no_repr_shows_a_person():
    known = a_person()
    shown = repr(queries.person_of(known.account)) + repr(known.person) + str(known.person)
    assert not any(text in shown for text in (known.number, known.name, known.phone))


def test_a_dump_shows_no_person():
    known = a_person()
    everything = dumped()
    for text in (known.number, known.name, known.phone, "linxiaohe"):
        assert text not in everything
        assert text.encode().hex() not in everything


def test_a_sealed_value_opens_in_its_own_row_only():
    one, two = a_person(2).person, a_person(3).person
    with pytest.raises(SealBroken):
        unseal(bytes(one.sealed), context=queries.sealing_context(str(two.key)))


@pytest.mark.parametrize("typed", ["林小禾", "林 小禾", "lin xiaohe", "LINXIAOHE", "10000000002"])
def test_a_person_is_found_exactly(typed):
    known = a_person(2)
    a_person(3, name="周小禾")
    clerk = queries.actor_for(staff(a_post()))
    assert queries.persons_found(typed, viewer=clerk) == [known.person]
    assert queries.persons_found(known.number.lower(), viewer=clerk) == [known.person]
    assert queries.persons_found("林小", viewer=clerk) == []


def test_a_name_is_kept_as_it_is_written_and_found_in_any_writing():
    known = a_person(2, name="买买提 • 艾力")
    assert queries.person_of(known.account).name == "买买提 • 艾力"
    clerk = queries.actor_for(staff(a_post()))
    assert queries.persons_found("买买提·艾力", viewer=clerk) == [known.person]


def test_who_keeps_the_machine_finds_nobody():
    a_person(2)
    with pytest.raises(NotAllowed):
        queries.persons_found("林小禾", viewer=OPERATOR)


def test_a_person_is_registered_once():
    a_person(2)
    with pytest.raises(PersonExists):
        persons.register_person(by=OPERATOR, number=number_of(2), name="林小禾", assurance=3)


@pytest.mark.parametrize(
    ("name", "phone", "assurance"),
    [(" ", "", 3), ("林小禾", "12", 3), ("林小禾", "", 0), ("林小禾", "", 6)],
)
def test_what_cannot_be_a_person_is_refused(name, phone, assurance):
    with pytest.raises(InvalidPerson):
        persons.register_person(
            by=OPERATOR, number=number_of(2), name=name, phone=phone, assurance=assurance
        )


def test_a_wrong_number_is_refused():
    with pytest.raises(InvalidCode):
        persons.register_person(
            by=OPERATOR, number=number_of(2)[:-1] + "A", name="林小禾", assurance=3
        )


def test_an_account_belongs_to_one_person_and_never_to_staff():
    known = a_person(2)
    for account in (known.account, staff()):
        with pytest.raises(AccountHasPerson):
            persons.register_person(
                by=OPERATOR, number=number_of(3), name="周小禾", assurance=3, account=account
            )


def test_an_account_without_a_person_has_no_subject():
    stranger = create_account(by=OPERATOR, username="stranger", kind="person")
    with pytest.raises(NotAPerson):
        queries.person_subjects(stranger)
    assert queries.actor_for(stranger).assurance == 0


def test_a_person_is_looked_up_under_every_version_and_moved_to_the_newest():
    known = a_person(2)
    old = pseudonym("person", known.number)
    assert queries.person_subjects(known.account) == [old]
    rotate_pseudonyms(by=OPERATOR)
    new = pseudonym("person", known.number)
    assert (
        queries.person_subjects(known.account) == pseudonyms("person", known.number) == [new, old]
    )

    assert persons.rekey_persons(by=OPERATOR) == 1
    assert bytes(Person.objects.get().subject) == new
    assert persons.rekey_persons(by=OPERATOR) == 0
    with pytest.raises(PersonExists):
        persons.register_person(by=OPERATOR, number=known.number, name="林小禾", assurance=3)


def test_a_legal_person_is_registered_once():
    code = agency_code(77)
    legal = persons.register_legal_person(
        by=OPERATOR,
        code=code,
        name="澜宁某社会服务中心",
        kind="social_organisation",
        representative=str(a_person(2).person.key),
    )
    assert legal.code == code
    with pytest.raises(LegalPersonExists):
        persons.register_legal_person(by=OPERATOR, code=code, name="同名", kind="enterprise")
    with pytest.raises(UnknownLegalKind):
        persons.register_legal_person(by=OPERATOR, code=code, name="同名", kind="club")

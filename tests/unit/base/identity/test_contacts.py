"""Where an account can be reached: sealed, opened on request alone, set by its holder."""

import pytest
from django.db import connection

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person
from yitong.base.access.api import NotAllowed
from yitong.base.identity.contacts import contact_of, set_contact
from yitong.base.identity.errors import InvalidContact, UnknownAccount, UnknownPost
from yitong.base.identity.models import Contact
from yitong.base.identity.queries import actor_for
from yitong.base.identity.rules import normalise_mail
from yitong.base.keys.api import SealBroken
from yitong.base.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]


def test_a_citizen_is_reached_by_the_registered_phone_until_another_is_given():
    someone = a_person()
    by = actor_for(someone.account)
    reach = contact_of(account=by.account)
    assert (reach.has_mail, reach.has_phone, reach.opened().phone) == (False, True, someone.phone)
    set_contact(by=by, account=by.account, mail="Lin@Example.CN", phone="100 0000 0099")
    opened = contact_of(account=by.account).opened()
    assert (opened.mail, opened.phone) == ("Lin@example.cn", "10000000099")
    assert "Lin" not in repr(opened)


def test_nothing_of_it_stands_in_the_database_or_the_ledger():
    by = actor_for(a_person().account)
    set_contact(by=by, account=by.account, mail="lin.secret@example.cn", phone="10000000099")
    with connection.cursor() as cursor:
        cursor.execute(
            "select c::text from identity_contact c union all select e::text from ledger_entry e"
        )
        dump = "".join(row[0] for row in cursor.fetchall())
    assert "secret" not in dump
    assert "10000000099" not in dump
    assert Entry.objects.filter(event="identity.contact_set").get().facts == {
        "mail": True,
        "phone": True,
    }


def test_what_is_moved_to_another_account_does_not_open():
    first, second = (actor_for(a_person(sequence).account) for sequence in (2, 4))
    for by in (first, second):
        set_contact(by=by, account=by.account, mail="lin.secret@example.cn", phone="")
    stolen = Contact.objects.get(account_id=int(first.account[8:])).sealed
    Contact.objects.filter(account_id=int(second.account[8:])).update(sealed=stolen)
    with pytest.raises(SealBroken):
        contact_of(account=second.account).opened()


def test_none_keeps_and_empty_removes():
    by = actor_for(staff(a_post()))
    set_contact(by=by, account=by.account, mail="a@example.cn", phone="10000000099")
    set_contact(by=by, account=by.account, mail=None, phone="")
    opened = contact_of(account=by.account).opened()
    assert (opened.mail, opened.phone) == ("a@example.cn", "")


def test_only_the_holder_and_who_manages_identity_set_it():
    mine, other = (actor_for(a_person(sequence).account) for sequence in (2, 4))
    with pytest.raises(NotAllowed):
        set_contact(by=other, account=mine.account, mail="a@example.cn", phone=None)
    set_contact(by=OPERATOR, account=mine.account, mail="a@example.cn", phone=None)


def test_a_post_is_its_holder_and_a_closed_account_nobody():
    post = a_post(an_agency())
    assert contact_of(post=post.key).account == ""
    account = staff(post)
    assert contact_of(post=post.key).account == f"account:{account.pk}"
    account.is_active = False
    account.save(update_fields=["is_active"])
    assert contact_of(post=post.key).account == ""
    assert contact_of(account=f"account:{account.pk}").opened().mail == ""


def test_unknown_ones_are_refused():
    for key in ("account:999999", "operator:root", "account:x", "account:" + "9" * 30, ""):
        with pytest.raises(UnknownAccount):
            contact_of(account=key)
    with pytest.raises(UnknownPost):
        contact_of(post="nothing")


@pytest.mark.parametrize(
    "mail",
    ["lin", "lin@", "@example.cn", "lin@example", "a b@example.cn", "a..b@example.cn", "林@example.cn",
     "lin@example.cn\nBcc: x@example.cn", f"{'a' * 65}@example.cn", "<lin@example.cn>"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(mail):
    by = actor_for(a_person().account)
    with pytest.raises(InvalidContact):
        set_contact(by=by, account=by.account, mail=mail, phone=None)


def test_a_mail_address_keeps_its_first_half_as_written():
    assert normalise_mail(" Lin.Xiao+x@Example.Cn ") == "Lin.Xiao+x@example.cn"
    assert normalise_mail("  ") == ""

"""Where an account can be reached: sealed, and opened only by whoever is just about to send.

A post is reached through whoever holds it now. A citizen who named no telephone is reached by the one of the
registration. The ledger learns that an address was set, never which.
"""

from dataclasses import dataclass, field

from django.db import transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity import events, queries
from yitong.base.identity.errors import InvalidContact, UnknownAccount
from yitong.base.identity.models import Account, Contact, Person
from yitong.base.identity.rules import normalise_mail, normalise_phone
from yitong.base.keys.api import seal, unseal
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About


@dataclass(frozen=True, slots=True)
class Addresses:
    """What was opened. Its repr shows none of it: logs see reprs."""

    mail: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reach:
    """How someone can be reached now, nothing opened yet. `account` is empty where a post is vacant."""

    account: str = ""
    has_mail: bool = False
    has_phone: bool = False

    def opened(self) -> Addresses:
        """Open the addresses. Ask only at the moment of sending, and keep nothing."""
        if not self.account:
            return Addresses()
        number = int(self.account.removeprefix("account:"))
        contact = Contact.objects.filter(account_id=number).first()
        known = _columns(contact) if contact else Addresses()
        if known.phone:
            return known
        person = Person.objects.filter(account_id=number, phone_index__isnull=False).first()
        return Addresses(known.mail, queries.opened(person).phone if person else "")


def contact_of(*, account: str = "", post: str = "") -> Reach:
    """How an account ("account:42") or the holder of a post can be reached; a closed account cannot. One query."""
    found = _holder(post) if post else _account(account)
    if found is None or not found.is_active:
        return Reach()
    contact: Contact | None = getattr(found, "contact", None)
    person: Person | None = getattr(found, "person", None)
    registered = person is not None and person.phone_index is not None
    return Reach(
        queries.account_key(found),
        contact is not None and contact.has_mail,
        (contact is not None and contact.has_phone) or registered,
    )


def _holder(post: str) -> Account | None:
    """Who holds the post now, if anybody; a post that is not there is refused."""
    related = ("account__contact", "account__person")
    holding = queries.current_holdings().filter(post__key=post).select_related(*related).first()
    if holding is None:
        queries.post(post)
        return None
    return holding.account


def _account(key: str) -> Account:
    kind, _, number = key.partition(":")
    is_key = kind == "account" and number.isascii() and number.isdecimal() and len(number) < 19
    known = Account.objects.select_related("contact", "person")
    found = known.filter(pk=int(number)).first() if is_key else None
    if found is None:
        raise UnknownAccount
    return found


@transaction.atomic
def set_contact(*, by: Actor, account: str, mail: str | None, phone: str | None) -> None:
    """Say where an account can be reached: its own holder, or who manages identity. "" is none, None keeps it."""
    known = _account(account)
    if by.account != queries.account_key(known):
        require(by, "identity.manage", of=Thing("account", str(known.pk)))
    before = Contact.objects.select_for_update().filter(account=known).first()
    kept = _columns(before) if before else Addresses()
    address = kept.mail if mail is None else normalise_mail(mail)
    digits = kept.phone if phone is None else normalise_phone(phone) if phone.strip() else ""
    if address is None or digits is None:
        raise InvalidContact
    columns: dict[str, str | int | None] = {"mail": address, "phone": digits}
    Contact.objects.update_or_create(
        account=known,
        defaults={
            "sealed": seal(queries.PERSONS, columns, context=_context(known.pk)),
            "has_mail": bool(address),
            "has_phone": bool(digits),
            "changed_at": clock.now(),
        },
    )
    record(
        events.CONTACT_SET,
        by=by,
        about=About("account", str(known.pk)),
        facts={"mail": bool(address), "phone": bool(digits)},
    )


def _columns(contact: Contact) -> Addresses:
    columns = unseal(bytes(contact.sealed), context=_context(contact.account_id))
    return Addresses(str(columns["mail"] or ""), str(columns["phone"] or ""))


def _context(account: int) -> bytes:
    """Ties the sealed addresses to their account: moved to another they do not open."""
    return f"identity.contact/{account}".encode()

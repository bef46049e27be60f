"""Accounts, persons, legal persons, agencies, posts, holdings and machine clients.

Names, numbers and phones of people are sealed; in clear stand only pseudonyms, blind indexes, codes and dates.
"""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models.functions import Lower

from yitong.base.identity.rules import AccountKind, AgencyKind, ClientState, LegalKind, Role
from yitong.kernel import clock


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name; making one is an action (`create_account`)."""


class Account(AbstractBaseUser):
    """A log-in: of a citizen, of a member of staff, or of a machine.

    It has no e-mail and no clear name. The user name is lower case and never an identity number or a phone.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["kind"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="account_username_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in AccountKind]),
                name="account_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"account:{self.pk}"


class Person(models.Model):
    """A natural person, known by a pseudonym of the 公民身份号码.

    `subject` is the pseudonym under the key version of the day it was written; `number_index` keeps one row a
    number across versions.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.BinaryField(max_length=33, unique=True)
    sealed = models.BinaryField()  # {"name", "number", "phone"}
    name_index = models.BinaryField(max_length=32, db_index=True)
    pinyin_index = models.BinaryField(max_length=32, db_index=True)
    number_index = models.BinaryField(max_length=32, unique=True)
    phone_index = models.BinaryField(max_length=32, null=True, db_index=True)
    assurance = models.PositiveSmallIntegerField()
    account = models.OneToOneField(
        Account, null=True, on_delete=models.PROTECT, related_name="person"
    )
    registered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(assurance__gte=1, assurance__lte=5),
                name="person_assurance_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"person:{self.key}"


class LegalPerson(models.Model):
    """法人 and other organisations that are not agencies: enterprises, social organisations, institutions."""

    code = models.CharField(max_length=18, unique=True, db_collation="C")
    name = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=24)
    region = models.CharField(max_length=12, blank=True, db_collation="C")
    representative = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="represents"
    )
    registered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in LegalKind]),
                name="legal_person_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """机关 and units, with two parents: `government` is its 块, `line` its 条."""

    code = models.CharField(max_length=18, unique=True, db_collation="C")
    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=8)
    government = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="departments"
    )
    line = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="line_units")
    region = models.CharField(max_length=12, blank=True, db_index=True, db_collation="C")
    is_data_authority = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    registered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in AgencyKind]), name="agency_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(government=models.F("pk")) & ~models.Q(line=models.F("pk")),
                name="agency_not_its_own_parent",
            ),
            models.UniqueConstraint(
                fields=["region"],
                condition=models.Q(is_data_authority=True),
                name="one_data_authority_a_region",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位: a seat for one person; `key` is "<agency code>/<role>/<number>"."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    key = models.CharField(max_length=64, unique=True, db_collation="C")
    role = models.CharField(max_length=24)
    title = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[k.value for k in Role]), name="post_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class TimeRange(models.Func):
    """A PostgreSQL range of two instants, open at the end."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Holding(models.Model):
    """Who held a post from when until when; the end is open while the post is held."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holdings")
    held_from = models.DateTimeField()
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(held_until__isnull=True)
                | models.Q(held_until__gte=models.F("held_from")),
                name="holding_ends_after_start",
            ),
            ExclusionConstraint(
                name="one_holder_a_post",
                expressions=[
                    (
                        TimeRange("held_from", "held_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                    ("post", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.held_from:%Y-%m-%d}"


class Client(models.Model):
    """An agency's machine that calls the node; `client_id` names the OIDC provider's client."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="clients")
    client_id = models.CharField(max_length=100, unique=True, db_collation="C")
    name = models.CharField(max_length=100)
    state = models.CharField(max_length=8, default=ClientState.ACTIVE.value)
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                condition=models.Q(state="active"),
                name="one_active_client_a_name",
            ),
            models.CheckConstraint(
                condition=models.Q(state="active", revoked_at__isnull=True)
                | models.Q(state="revoked", revoked_at__isnull=False),
                name="client_revoked_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.client_id


class Contact(models.Model):
    """Where an account can be reached outside the node: mail and telephone, sealed together.

    In clear stands only whether there is one of each, so that nothing is opened to learn that there is nothing.
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="contact")
    sealed = models.BinaryField()  # {"mail", "phone"}
    has_mail = models.BooleanField()
    has_phone = models.BooleanField()
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"contact:{self.account_id}"

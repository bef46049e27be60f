"""Accounts, persons, legal persons, agencies, posts, holdings and machine clients.

Names, numbers and phones of people are sealed; in clear stand only pseudonyms, blind indexes, codes and dates.
"""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models.functions import Lower

from yitong.base.identity.rules import (
    AccountKind,
    AgencyKind,
    ClientKind,
    ClientState,
    DelegationKind,
    LegalKind,
    Role,
)
from yitong.kernel import clock


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name; making one is an action (`create_account`)."""


class Account(AbstractBaseUser):
    """A log-in: of a citizen, of a member of staff, or of a machine.

    It has no e-mail and no clear name. The user name is lower case and never an identity number or a phone.
    `holder` is the natural person behind a staff account, by whom accounts of one person are known as such;
    `agency` opened a staff account and manages it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8)
    is_active = models.BooleanField(default=True)
    holder = models.ForeignKey(
        "Person", null=True, on_delete=models.PROTECT, related_name="staff_accounts"
    )
    agency = models.ForeignKey(
        "Agency", null=True, on_delete=models.PROTECT, related_name="accounts"
    )
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


class Leave(models.Model):
    """休假、出差: the holder is away for a time and a deputy, if there is one, acts in the post."""

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="leaves")
    deputy = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="deputises"
    )
    away_from = models.DateTimeField()
    away_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(away_until__gte=models.F("away_from")),
                name="leave_ends_after_start",
            ),
            ExclusionConstraint(
                name="one_leave_at_a_time",
                expressions=[
                    (
                        TimeRange("away_from", "away_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                    ("holding", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"leave:{self.pk}"


class Delegation(models.Model):
    """代办授权: `agent` may act for a person or an organisation, in named matters, until an end.

    Given by the principal, or recorded at a counter; then `recorded_by` and `recorded_post` are the officer's.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8)
    principal = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="delegations_given"
    )
    organisation = models.ForeignKey(
        LegalPerson, null=True, on_delete=models.PROTECT, related_name="delegations_given"
    )
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_received")
    powers = models.CharField(max_length=64)  # values of Power, comma between
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=200, blank=True)  # which papers the officer saw
    recorded_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="delegations_recorded"
    )
    recorded_post = models.CharField(max_length=64, blank=True, db_collation="C")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in DelegationKind]),
                name="delegation_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(principal__isnull=False, organisation__isnull=True)
                | models.Q(principal__isnull=True, organisation__isnull=False),
                name="delegation_one_principal",
            ),
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("agent")), name="delegation_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="delegation_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"delegation:{self.key}"


class SpentAssertion(models.Model):
    """An assertion of a sign-on service that has been used: it logs in once, and never again."""

    digest = models.BinaryField(max_length=32, unique=True)
    issuer = models.CharField(max_length=64)
    spent_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"assertion:{self.pk}"


class SigningKey(models.Model):
    """A key with which the node signs who has logged in (OIDC); the private half is sealed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = models.BinaryField()
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    signs_from = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"signing-key:{self.key}"


class Client(models.Model):
    """An agency's system: one that calls the node, or one into which people log in through the node.

    `client_id` names the registration with the OIDC provider.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="clients")
    client_id = models.CharField(max_length=100, unique=True, db_collation="C")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, default=ClientKind.EXCHANGE.value)
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
                condition=models.Q(kind__in=[k.value for k in ClientKind]),
                name="client_kind_known",
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

"""Purposes, requests and grants. Nothing here holds a row of data or names a person."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yitong.base.identity.api import Agency
from yitong.data.catalogue.api import Resource
from yitong.data.sharing import application, rules
from yitong.kernel import clock
from yitong.kernel.law import Basis, Confidence


class Purpose(models.Model):
    """A purpose in words that a person reads in the own footprint, with its article.

    A hidden purpose is one of PIPL 18(1) or 35: its uses are neither shown nor counted. It is of no use until
    the data authority and the secrecy officer have both approved it.
    """

    code = models.CharField(max_length=40, unique=True, db_collation="C")
    sentence = models.CharField(max_length=200)
    basis_act = models.CharField(max_length=100)
    basis_article = models.CharField(max_length=12)
    confidence = models.CharField(max_length=1)
    longest_days = models.PositiveIntegerField()
    is_hidden = models.BooleanField(default=False)
    authority_account = models.CharField(max_length=100, blank=True)
    authority_at = models.DateTimeField(null=True)
    secrecy_account = models.CharField(max_length=100, blank=True)
    secrecy_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confidence__in=[c.value for c in Confidence]),
                name="purpose_confidence_known",
            ),
            models.CheckConstraint(
                condition=models.Q(authority_account="")
                | models.Q(secrecy_account="")
                | ~models.Q(authority_account=models.F("secrecy_account")),
                name="purpose_two_approvers",
            ),
            models.CheckConstraint(
                condition=models.Q(longest_days__gte=1), name="purpose_has_longest_term"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def basis(self) -> Basis:
        return Basis(self.basis_act, self.basis_article)


class ShareRequest(models.Model):
    """A 共享申请: 使用依据, 场景, 范围, 方式, 时限 (art. 20), and who agreed to ask and to give."""

    # Values with their marked names, for the doors.
    CHOICES: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "state": {state.value: name for state, name in application.STATE_NAMES.items()},
        "ground": {ground.value: name for ground, name in application.GROUND_NAMES.items()},
    }

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="requests")
    requester = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="share_requests")
    client_id = models.CharField(max_length=100, db_collation="C")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="requests")
    basis = models.CharField(max_length=300)
    scene = models.TextField()
    scope = models.TextField()
    method = models.CharField(max_length=12)
    until = models.DateField()
    fields = ArrayField(models.CharField(max_length=100))
    masks_asked = models.JSONField(default=dict)
    row_region = models.CharField(max_length=12, blank=True, db_collation="C")
    row_rule = models.TextField(blank=True)  # as asked
    row_rule_digest = models.CharField(max_length=64, blank=True, db_collation="C")
    row_rule_agreed = models.TextField(blank=True)  # what the answer adds to it
    rate_per_minute = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    made_by = models.CharField(max_length=100)
    made_post = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    approved_by = models.CharField(max_length=100, blank=True)
    approved_post = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True)
    supplement_items = models.TextField(blank=True)
    supplement_asked_at = models.DateTimeField(null=True)
    supplemented_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answered_post = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=16, blank=True)
    answer_reason = models.TextField(blank=True)
    masks_agreed = models.JSONField(default=dict)
    delivered_at = models.DateTimeField(null=True)
    disposed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["requester", "state"], name="request_requester_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in application.RequestState]),
                name="request_state_known",
            ),
            # 20: the head of the requester's sharing body has agreed before the provider is asked.
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True) | ~models.Q(approved_by=""),
                name="request_approved_before_asked",
            ),
            # 21: no refusal without a ground and a reason.
            models.CheckConstraint(
                condition=~models.Q(state=application.RequestState.REFUSED.value)
                | ~models.Q(ground="") & ~models.Q(answer_reason=""),
                name="request_refused_with_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(delivered_at__isnull=True) | models.Q(answered_at__isnull=False),
                name="request_answered_before_delivered",
            ),
        ]

    def __str__(self) -> str:
        return f"request:{self.pk}"

    @property
    def state_name(self) -> str:
        return application.STATE_NAMES[application.RequestState(self.state)]

    @property
    def steps(self) -> frozenset[str]:
        """What may follow, whoever may do it; what is missing is asked for once (art. 21)."""
        steps = application.open_steps(application.RequestState(self.state))
        return steps if self.supplement_asked_at is None else steps - {"ask_supplement"}


class Grant(models.Model):
    """What one agency's client may read of one resource, for one purpose, until a day."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="grants")
    request = models.ForeignKey(ShareRequest, on_delete=models.PROTECT, related_name="grants")
    client_id = models.CharField(max_length=100, db_collation="C")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="grants")
    fields = ArrayField(models.CharField(max_length=100))
    masks = models.JSONField()
    masks_decided = models.JSONField(default=dict)  # field → the default the provider decided over
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="grants")
    basis = models.CharField(max_length=300)
    row_region = models.CharField(max_length=12, blank=True, db_collation="C")
    row_rule = models.TextField(blank=True)  # as written; its digest is of the canonical form
    row_rule_digest = models.CharField(max_length=64, blank=True, db_collation="C")
    row_rule_version = models.PositiveIntegerField(null=True)  # of the entry it was read against
    rate_per_minute = models.PositiveIntegerField()
    until = models.DateField()
    state = models.CharField(max_length=12, default=rules.GrantState.ACTIVE.value)
    state_reason = models.TextField(blank=True)
    cause = models.CharField(max_length=16, blank=True)
    policies = ArrayField(models.CharField(max_length=100), default=list)
    granted_by = models.CharField(max_length=100)
    granted_post = models.CharField(max_length=64, blank=True)
    granted_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["client_id", "resource"], name="grant_client_resource"),
            models.Index(fields=["state", "until"], name="grant_state_until"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in rules.GrantState]),
                name="grant_state_known",
            ),
            models.CheckConstraint(condition=models.Q(fields__len__gte=1), name="grant_has_fields"),
            models.CheckConstraint(
                condition=models.Q(rate_per_minute__gte=1, rate_per_minute__lte=600_000),
                name="grant_rate_bounded",
            ),
            models.CheckConstraint(
                condition=models.Q(row_rule="", row_rule_digest="", row_rule_version__isnull=True)
                | ~models.Q(row_rule="")
                & models.Q(row_rule_digest__regex="^[0-9a-f]{64}$", row_rule_version__isnull=False),
                name="grant_rule_has_digest",
            ),
            models.UniqueConstraint(
                fields=["client_id", "resource", "purpose", "row_region"],
                condition=models.Q(state__in=["active", "suspended"]),
                name="one_live_grant_a_purpose",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "suspended"], ended_at__isnull=True)
                | models.Q(state__in=["ended", "expired"], ended_at__isnull=False),
                name="grant_ended_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"grant:{self.pk}"

    @property
    def state_name(self) -> str:
        return rules.GRANT_STATE_NAMES[rules.GrantState(self.state)]

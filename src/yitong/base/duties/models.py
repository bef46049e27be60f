"""Duties with their clocks, their misses, and what follows a miss.

No name, number, phone or address of a person stands here: `waits` is a masked display word, `subject` and
`detail` name things and agencies.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yitong.base.duties.rules import (
    AdmonitionForm,
    AdmonitionState,
    Result,
    State,
)
from yitong.base.identity.api import Agency
from yitong.kernel import clock
from yitong.kernel.law import Basis

OPEN = Q(closed_at__isnull=True)


class Duty(models.Model):
    """One obligation: what, whose, until when, by which limit, and how it ended."""

    kind = models.CharField(max_length=64, db_collation="C")
    about_type = models.CharField(max_length=40, db_collation="C")
    about_key = models.CharField(max_length=120, db_collation="C")
    step = models.CharField(max_length=40, blank=True, db_collation="C")
    family = models.CharField(max_length=12, db_collation="C")
    subject = models.CharField(
        max_length=200, blank=True
    )  # in which thing: names of things and agencies
    detail = models.CharField(max_length=200, blank=True)
    waits = models.CharField(max_length=120, blank=True)  # who waits, masked where it is a person
    region = models.CharField(max_length=12, blank=True, db_collation="C")

    agency = models.ForeignKey(  # its index is that of the open ones, below
        Agency,
        to_field="code",
        db_column="agency",
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    home_post = models.CharField(max_length=64, db_collation="C")  # to which post it belongs
    post = models.CharField(max_length=64, db_collation="C")  # who has it now
    moved_by = models.CharField(max_length=24, blank=True)  # "vacancy" while it is elsewhere
    is_unassigned = models.BooleanField(default=False)  # 待分派: the owner's task is to assign it

    limit_key = models.CharField(max_length=24, db_collation="C")
    limit_kind = models.CharField(max_length=12)
    limit_id = models.BigIntegerField()  # the register's row in force at the opening
    basis_act = models.CharField(max_length=100)
    basis_article = models.CharField(max_length=24)
    standing = models.CharField(max_length=12)  # statutory, promised, unverified
    unit = models.CharField(max_length=2)
    amount = models.PositiveIntegerField()

    started_at = models.DateTimeField()
    segments = models.JSONField(default=list)  # [state, since, reason, basis]
    due_at = models.DateTimeField(null=True)  # none while the clock stands still
    due_on = models.DateField(null=True)
    risk_at = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)  # when the timer must look again
    warned = models.PositiveSmallIntegerField(default=0)
    rungs = models.PositiveSmallIntegerField(default=0)  # superiors told of a miss

    extended_amount = models.PositiveIntegerField(null=True)
    extended_at = models.DateTimeField(null=True)
    extended_by = models.CharField(max_length=100, blank=True)
    extended_post = models.CharField(max_length=64, blank=True)
    extension_reason = models.TextField(blank=True)
    extension_consent = models.CharField(max_length=200, blank=True)
    extension_notice = models.CharField(max_length=200, blank=True)

    state = models.CharField(max_length=8, default=State.RUNNING.value)
    missed_at = models.DateTimeField(null=True)  # the instant it was due
    outcome = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)
    closed_post = models.CharField(max_length=64, blank=True)
    closing_reason = models.TextField(blank=True)  # of a waiver, with its basis
    result = models.CharField(max_length=8, blank=True)
    judged_at = models.DateTimeField(null=True)  # when the result was fixed

    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.CharField(max_length=100)
    origin = models.CharField(max_length=120, null=True, unique=True, db_collation="C")

    class Meta:
        indexes = [
            models.Index(fields=["post", "due_at", "id"], name="duty_inbox", condition=OPEN),
            models.Index(fields=["agency", "due_at", "id"], name="duty_agency", condition=OPEN),
            models.Index(fields=["next_at"], name="duty_timer", condition=Q(next_at__isnull=False)),
            models.Index(
                fields=["id"],
                name="duty_clock_runs",
                condition=OPEN & Q(due_on__isnull=False, missed_at__isnull=True),
            ),
            models.Index(fields=["about_type", "about_key"], name="duty_about"),
            models.Index(
                fields=["judged_at", "agency", "kind"],
                name="duty_judged",
                condition=Q(judged_at__isnull=False),
            ),
            models.Index(fields=["home_post"], name="duty_away", condition=OPEN & ~Q(moved_by="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_type", "about_key", "step"],
                condition=OPEN,
                name="one_open_duty_a_matter",
            ),
            models.CheckConstraint(
                condition=~Q(post="") & ~Q(home_post="") & ~Q(limit_key=""),
                name="duty_has_owner_and_limit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="duty_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], closed_at__isnull=True)
                | Q(state__in=["met", "waived", "deemed"], closed_at__isnull=False),
                name="duty_closed_has_instant",
            ),
            # A stopped clock has no end, and a running one has; what is missed stays as it was due.
            models.CheckConstraint(
                condition=~Q(state="running") | Q(due_at__isnull=False, due_on__isnull=False),
                name="duty_running_has_due",
            ),
            models.CheckConstraint(
                condition=~Q(state="paused") | Q(due_at__isnull=True, missed_at__isnull=True),
                name="duty_paused_has_no_due",
            ),
            models.CheckConstraint(
                condition=Q(extended_amount__isnull=True, extended_at__isnull=True)
                | Q(extended_amount__gte=1, extended_at__isnull=False)
                & ~Q(extension_reason="")
                & ~Q(extension_consent=""),
                name="duty_extension_whole",
            ),
            models.CheckConstraint(
                condition=Q(result="", judged_at__isnull=True)
                | Q(result__in=[r.value for r in Result], judged_at__isnull=False),
                name="duty_result_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(missed_at__isnull=True) | Q(result="missed"),
                name="duty_missed_is_judged",
            ),
        ]

    def __str__(self) -> str:
        return f"duty:{self.pk}"

    @property
    def basis(self) -> Basis:
        return Basis(self.basis_act, self.basis_article)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Miss(models.Model):
    """A duty that was not done in time, the article it breaks, and what the agency has to say: the 履责台账."""

    duty = models.OneToOneField(Duty, on_delete=models.PROTECT, related_name="miss")
    at = models.DateTimeField()  # the instant it was due
    noted_at = models.DateTimeField()  # the true time at which the node wrote it down
    agency = models.ForeignKey(
        Agency, to_field="code", db_column="agency", on_delete=models.PROTECT, related_name="+"
    )
    post = models.CharField(max_length=64, db_collation="C")
    article_act = models.CharField(max_length=100)
    article = models.CharField(max_length=24)
    explanation = models.TextField(blank=True)
    explained_by = models.CharField(max_length=100, blank=True)
    explained_post = models.CharField(max_length=64, blank=True)
    explained_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "at"], name="miss_agency")]
        constraints = [
            models.CheckConstraint(
                condition=Q(explained_at__isnull=True, explanation="")
                | Q(explained_at__isnull=False) & ~Q(explanation=""),
                name="miss_explanation_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"miss:{self.duty_id}"


class Escalation(models.Model):
    """Which superior was told of a miss, rung by rung as the family's law names them."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="escalations")
    rung = models.PositiveSmallIntegerField()
    agency = models.ForeignKey(
        Agency, to_field="code", db_column="agency", on_delete=models.PROTECT, related_name="+"
    )
    post = models.CharField(max_length=64, db_collation="C")
    basis_act = models.CharField(max_length=100, blank=True)
    basis_article = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "rung"], name="one_telling_a_rung"),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id}#{self.rung}"


class Overseer(models.Model):
    """Which agency of a region a family's law means: 公开工作主管部门, 信访部门, 热线机构 … Named by a person."""

    body = models.CharField(max_length=24, db_collation="C")
    region = models.CharField(max_length=12, blank=True, db_collation="C")
    agency = models.ForeignKey(
        Agency, to_field="code", db_column="agency", on_delete=models.PROTECT, related_name="+"
    )
    basis = models.CharField(max_length=200)
    named_by = models.CharField(max_length=100)
    named_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "region"], name="one_overseer_a_body"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.region}"


class Admonition(models.Model):
    """督办 or 通报: proposed by the system or a leader, in force only when a named person has signed it."""

    form = models.CharField(max_length=8)
    agency = models.ForeignKey(
        Agency, to_field="code", db_column="agency", on_delete=models.PROTECT, related_name="+"
    )
    issuer = models.ForeignKey(
        Agency, to_field="code", db_column="issuer", on_delete=models.PROTECT, related_name="+"
    )
    region = models.CharField(max_length=12, blank=True, db_collation="C")
    duties = ArrayField(models.BigIntegerField())
    ground = models.TextField()
    state = models.CharField(max_length=8, default=AdmonitionState.PROPOSED.value)
    proposed_by = models.CharField(max_length=100)
    proposed_at = models.DateTimeField(default=clock.now)
    settled_by = models.CharField(max_length=100, blank=True)
    settled_post = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["issuer", "state"], name="admonition_issuer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(form__in=[f.value for f in AdmonitionForm]),
                name="admonition_form_known",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", settled_at__isnull=True, settled_by="")
                | Q(state__in=["signed", "declined"], settled_at__isnull=False) & ~Q(settled_by=""),
                name="admonition_signed_by_name",
            ),
        ]

    def __str__(self) -> str:
        return f"admonition:{self.pk}"


class Recount(models.Model):
    """A change of the calendar, of a limit or of office hours, and how far its open duties are counted anew."""

    cause = models.CharField(max_length=8)  # calendar, limit, hours
    source = models.CharField(max_length=64, unique=True)  # "reaction/index": once a change
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    limit_key = models.CharField(max_length=24, blank=True, db_collation="C")
    region = models.CharField(max_length=12, blank=True, db_collation="C")
    agency = models.CharField(max_length=18, blank=True, db_collation="C")
    after_id = models.BigIntegerField(default=0)
    examined = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recount:{self.pk}"


class DateChange(models.Model):
    """One duty whose last day moved in a recount: the old date and the new."""

    recount = models.ForeignKey(Recount, on_delete=models.PROTECT, related_name="changes")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="date_changes")
    post = models.CharField(max_length=64, db_collation="C")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recount", "duty"], name="one_change_a_recount"),
        ]

    def __str__(self) -> str:
        return f"{self.recount_id}/{self.duty_id}"

"""Entries, their versions, fields, assessments and decisions.

A resource's own columns and its `Field` rows are what is in force, or the first draft while nothing is. A
revision lives in its version's snapshot until it is published, so whoever shares by the entry in force sees
no half-made change.
"""

from collections.abc import Collection, Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from yitong.base.identity.api import Agency
from yitong.data.catalogue import rules, ruling
from yitong.data.catalogue.grading import GRADE_NAMES, Grade
from yitong.data.catalogue.losses import ANSWERS, Loss
from yitong.data.catalogue.proposal import Proposal
from yitong.data.catalogue.upload_models import Lesson, Upload, UploadTable
from yitong.kernel import clock
from yitong.kernel.predicates import Schema

__all__ = [
    "Assessment",
    "ChangeNotice",
    "CodeSeries",
    "Decision",
    "Field",
    "Lesson",
    "Resource",
    "ResourceVersion",
    "Upload",
    "UploadTable",
]


class CodeSeries(models.Model):
    """An agency's 目 within one 类+项 of the resource code, and the last serial number given there."""

    category = models.CharField(max_length=3, db_collation="C")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    heading = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "agency"], name="one_heading_an_agency"),
            models.UniqueConstraint(fields=["category", "heading"], name="one_agency_a_heading"),
            models.CheckConstraint(
                condition=models.Q(heading__gte=1, heading__lte=999), name="heading_three_digits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}{self.heading:03d}"


class Resource(models.Model):
    """A 政务数据目录 entry: one table, interface or file of one agency. The code is opaque and for ever."""

    CHOICES = rules.CHOICES  # of each item with a closed list: code → Chinese word

    code = models.CharField(max_length=40, unique=True, db_collation="C")
    name = models.CharField(max_length=rules.NAME_LONGEST)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="resources")
    abstract = models.CharField(max_length=256, blank=True)
    duty = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=3, db_collation="C")
    kind = models.CharField(max_length=12)
    data_format = models.CharField(max_length=60, blank=True)
    update_cycle = models.CharField(max_length=12, blank=True)
    share_type = models.CharField(max_length=16)
    share_methods = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    share_scope = models.TextField(blank=True)
    use_purposes = models.TextField(blank=True)
    use_condition = models.TextField(blank=True)
    basis_level = models.CharField(max_length=12, blank=True)
    basis_citation = models.CharField(max_length=300, blank=True)
    withhold_reason = models.TextField(blank=True)
    open_type = models.CharField(max_length=12)
    grade = models.CharField(max_length=12)
    grade_reason = models.TextField(blank=True)
    key_field = models.CharField(max_length=100, blank=True)
    key_kind = models.CharField(max_length=8, blank=True)
    key_unique = models.BooleanField(default=True)
    subject_link = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=300, blank=True)
    table_key = models.CharField(max_length=64, blank=True, db_collation="C")
    row_count = models.BigIntegerField(default=0)
    unverified = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    state = models.CharField(max_length=12, default=rules.State.DRAFT.value)
    version = models.PositiveIntegerField(default=1)
    version_in_force = models.PositiveIntegerField(null=True)
    terms = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    approved_by = models.CharField(max_length=100, blank=True)  # of the present version
    published_by = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["terms"], name="resource_terms"),
            models.Index(fields=["owner", "state"], name="resource_owner_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=~models.Q(state=rules.State.RETIRED.value),
                name="one_live_entry_a_name",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in rules.State]),
                name="resource_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(share_type__in=[s.value for s in rules.ShareType]),
                name="resource_share_type_known",
            ),
            models.CheckConstraint(
                condition=models.Q(grade__in=[g.value for g in GRADE_NAMES])
                & ~models.Q(grade="core"),
                name="resource_grade_known_not_core",
            ),
            # 共享条例 14 and 15
            models.CheckConstraint(
                condition=~models.Q(share_type=rules.ShareType.WITHHELD.value)
                | models.Q(basis_level__in=[b.value for b in rules.BasisLevel])
                & ~models.Q(basis_citation="")
                & ~models.Q(withhold_reason=""),
                name="resource_withheld_cites_law",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    state__in=[rules.State.PUBLISHED.value, rules.State.REVISING.value]
                )
                | models.Q(version_in_force__isnull=False),
                name="resource_published_has_version",
            ),
            # 13 and 16 are two organs' acts: whoever approved a version cannot publish it.
            models.CheckConstraint(
                condition=models.Q(published_by="")
                | ~models.Q(approved_by="") & ~models.Q(approved_by=models.F("published_by")),
                name="resource_approver_is_not_reviewer",
            ),
            models.CheckConstraint(
                condition=models.Q(version_in_force__isnull=True)
                | models.Q(version_in_force__lte=models.F("version")),
                name="resource_in_force_not_ahead",
            ),
            models.CheckConstraint(
                condition=models.Q(state=rules.State.RETIRED.value, retired_at__isnull=False)
                | ~models.Q(state=rules.State.RETIRED.value) & models.Q(retired_at__isnull=True),
                name="resource_retired_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_in_force(self) -> bool:
        """Published and not retired; a revision in work changes nothing until it is published itself."""
        return self.version_in_force is not None and self.state != rules.State.RETIRED

    @property
    def table_keys(self) -> frozenset[str]:
        """Of every table that ever had rows of this entry: what must go when its data end."""
        known = self.versions.exclude(table_key="").values_list("table_key", flat=True)
        return frozenset({self.table_key, f"r{self.pk}", *known})

    @property
    def state_name(self) -> str:
        return rules.STATE_NAMES[rules.State(self.state)]

    @property
    def share_type_name(self) -> str:
        return rules.SHARE_TYPE_NAMES[rules.ShareType(self.share_type)]

    @property
    def grade_name(self) -> str:
        return GRADE_NAMES[Grade(self.grade)]

    @staticmethod
    def rule_schema(items: Iterable[ruling.Item], clear: Collection[str]) -> Schema:
        """What a rule may speak of in an entry with these items, of which `clear` stand in clear."""
        return ruling.schema_of(items, clear)


class ResourceVersion(models.Model):
    """One version's whole content. Never changed: what was assessed, approved and published is this."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now, editable=False)
    account = models.CharField(max_length=100)
    post = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    # Where its rows wait until it is published; empty where it goes on with those in force.
    table_key = models.CharField(max_length=64, blank=True, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id}#{self.number}"

    @property
    def entry(self) -> Proposal:
        return Proposal.from_facts(self.snapshot)


class Field(models.Model):
    """A 数据项 of the entry in force (or of the first draft)."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="fields")
    name = models.CharField(max_length=100)
    header = models.CharField(max_length=200)
    type_letter = models.CharField(max_length=1)
    length = models.PositiveIntegerField(default=0)
    element = models.CharField(max_length=40, blank=True, db_index=True)
    is_key = models.BooleanField(default=False)
    personal = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=8, blank=True)
    grade = models.CharField(max_length=12)
    grade_reason = models.TextField(blank=True)
    mask = models.CharField(max_length=12, default="none")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "name"], name="one_field_a_name"),
            models.UniqueConstraint(
                fields=["resource"], condition=models.Q(is_key=True), name="one_key_a_resource"
            ),
            models.CheckConstraint(
                condition=models.Q(subject__in=["", "person", "org"]), name="field_subject_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def grade_name(self) -> str:
        return GRADE_NAMES[Grade(self.grade)]


class ChangeNotice(models.Model):
    """An agency was told what it loses by a version, before it happens (共享条例 27), and what it answered."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="notices")
    version = models.PositiveIntegerField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    losses = models.JSONField()
    grants = ArrayField(models.BigIntegerField())
    told_at = models.DateTimeField(default=clock.now, editable=False)
    until = models.DateField()  # the last day of the time to answer
    answer = models.CharField(max_length=8, blank=True)
    answer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answered_post = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)  # published, or dropped

    class Meta:
        indexes = [models.Index(fields=["resource", "version"], name="notice_of_version")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | models.Q(answer__in=["agreed", "objected"], answered_at__isnull=False),
                name="notice_answer_known",
            ),
        ]

    def __str__(self) -> str:
        return f"notice:{self.pk}"

    @property
    def answer_name(self) -> str:
        return ANSWERS.get(self.answer, "")

    @property
    def items(self) -> tuple[Loss, ...]:
        return tuple(Loss(each["field"], each["kind"], each["header"]) for each in self.losses)


class Assessment(models.Model):
    """A 保密风险评估 or 个人信息保护影响评估 of one version (共享条例 13, PIPL 55 and 56); kept for ever."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="assessments")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    outcome = models.CharField(max_length=16)
    conclusion = models.TextField()
    reference = models.CharField(max_length=200, blank=True)  # number or file of the report
    at = models.DateTimeField(default=clock.now, editable=False)
    account = models.CharField(max_length=100)
    post = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["resource", "version"], name="assessment_of_version")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in rules.AssessmentKind])
                & models.Q(outcome__in=[o.value for o in rules.Outcome]),
                name="assessment_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.outcome}"


class Decision(models.Model):
    """Who approved, sent back, published or retired which version, in which post, and why."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="decisions")
    version = models.PositiveIntegerField()
    step = models.CharField(max_length=12)
    account = models.CharField(max_length=100)
    post = models.CharField(max_length=64, blank=True)
    agency = models.CharField(max_length=18, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["resource", "version"], name="decision_of_version")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(step__in=[s.value for s in rules.Step]),
                name="decision_step_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} #{self.version}"

    @property
    def step_name(self) -> str:
        return rules.STEP_NAMES[rules.Step(self.step)]

"""Tables of standards: data elements and code sets of the loaded edition with source and confidence; source claims."""

from django.db import models
from django.db.models import Q

from yitong.base.identity.api import Agency
from yitong.data.standards.claiming import (
    LIVE,
    STATE_NAMES,
    SUBJECT_NAMES,
    ClaimState,
    Subject,
)
from yitong.kernel import clock

CONFIDENCES = ("H", "M", "L")
SUBJECTS = ("", "person", "org")


class CodeSetTable(models.Model):
    """A code table, for example 人的性别代码 (GB/T 2261.1)."""

    key = models.TextField(unique=True)
    name = models.TextField()
    source = models.TextField()
    confidence = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__in=CONFIDENCES), name="standards_code_set_confidence"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CodeTableValue(models.Model):
    """A value of a code table; the code is empty where only names are in use."""

    code_set = models.ForeignKey(CodeSetTable, on_delete=models.PROTECT, related_name="values")
    code = models.TextField(blank=True)
    name = models.TextField()
    confidence = models.TextField()

    class Meta:
        ordering = ["code_set", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code_set", "code", "name"], name="standards_code_value_once"
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=CONFIDENCES), name="standards_code_value_confidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class DataElement(models.Model):
    """数据元: what a column can mean, with type, code set, kind of personal information, grade and mask.

    Never deleted: an element that a later edition lacks is marked retired, since catalogue entries name it.
    """

    code = models.TextField(unique=True)
    name = models.TextField()
    english = models.TextField(blank=True)
    definition = models.TextField(blank=True)
    group = models.TextField()
    synonyms = models.JSONField(default=list)
    latin = models.JSONField(default=list)
    type_letter = models.TextField()
    format = models.TextField()
    code_set = models.ForeignKey(
        CodeSetTable, on_delete=models.PROTECT, null=True, related_name="elements"
    )
    personal = models.TextField(blank=True)
    sensitivity = models.TextField()
    subject = models.TextField(blank=True)
    about_organisation = models.BooleanField(default=False)
    interest = models.TextField()
    harm = models.TextField()
    grade = models.PositiveSmallIntegerField()
    grade_reason = models.TextField()
    grade_confidence = models.TextField()
    mask = models.TextField()
    evidence = models.TextField(blank=True)
    source = models.TextField()
    confidence = models.TextField()
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__gte=1, grade__lte=4), name="standards_grade_sublevel"
            ),
            models.CheckConstraint(
                condition=Q(subject__in=SUBJECTS), name="standards_subject_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=CONFIDENCES, grade_confidence__in=CONFIDENCES),
                name="standards_confidence_known",
            ),
            models.CheckConstraint(
                condition=(Q(sensitivity="none") & Q(personal=""))
                | (Q(sensitivity__in=["personal", "sensitive"]) & ~Q(personal="")),
                name="standards_sensitivity_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SourceClaim(models.Model):
    """数源: that a resource is the authoritative one for an element of one kind of subject in a division.

    `resource` is the catalogue's code, as text, since the catalogue stands above.
    """

    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="claims")
    subject = models.CharField(max_length=8)
    region = models.CharField(max_length=12, blank=True, db_collation="C")
    resource = models.CharField(max_length=40, db_collation="C")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="source_claims")
    basis = models.CharField(max_length=300)
    state = models.CharField(max_length=12)
    claimed_by = models.CharField(max_length=100)
    claimed_post = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(default=clock.now, editable=False)
    decided_by = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["resource", "state"], name="standards_claim_resource")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ClaimState])
                & Q(subject__in=[s.value for s in Subject]),
                name="standards_claim_known",
            ),
            # 一数一源: overlapping divisions of several levels are kept apart by the action, under one lock.
            models.UniqueConstraint(
                fields=["element", "subject", "region"],
                condition=Q(state=ClaimState.IN_FORCE.value),
                name="standards_one_source",
            ),
            models.UniqueConstraint(
                fields=["element", "subject", "region", "resource"],
                condition=Q(state__in=[s.value for s in LIVE]),
                name="standards_claimed_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in LIVE], ended_at__isnull=True)
                | ~Q(state__in=[s.value for s in LIVE]) & Q(ended_at__isnull=False) & ~Q(reason=""),
                name="standards_claim_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"claim:{self.pk}"

    @property
    def state_name(self) -> str:
        return STATE_NAMES[ClaimState(self.state)]

    @property
    def subject_name(self) -> str:
        return SUBJECT_NAMES[Subject(self.subject)]

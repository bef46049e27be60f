"""Tables of standards: data elements and code sets of the loaded edition, each row with source and confidence."""

from django.db import models
from django.db.models import Q

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

"""Tables of statutes: acts, limits, the calendar's special days, office hours, code tables.

Rows of the register are never changed but to end them: a duty keeps the row under which it was opened.
"""

from django.db import models
from django.db.models import F, Q

CONFIDENCES = ("H", "M", "L")
KINDS = ("within", "at_least", "before", "keep", "each_year_on")
UNITS = ("WD", "D", "WH", "H", "M", "Y")
NATURES = ("statutory", "promise")


class Act(models.Model):
    """A law, regulation, rule or document, in the version in force during a time."""

    title = models.TextField()
    kind = models.TextField()
    number = models.TextField(blank=True)
    region = models.CharField(max_length=12, blank=True, db_collation="C")
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)
    source = models.TextField()
    confidence = models.TextField()

    class Meta:
        ordering = ["title", "in_force_from"]
        constraints = [
            models.UniqueConstraint(fields=["title", "in_force_from"], name="statutes_act_version"),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gt=F("in_force_from")),
                name="statutes_act_time_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=CONFIDENCES), name="statutes_act_confidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.in_force_from}"


class Limit(models.Model):
    """时限: one row of the register. In force from `valid_from` until before `valid_to`."""

    key = models.TextField(db_collation="C")
    region = models.CharField(max_length=12, blank=True, db_collation="C")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="limits")
    article = models.TextField()
    title = models.TextField()
    kind = models.TextField()
    amount = models.PositiveIntegerField()
    unit = models.TextField()
    month_day = models.TextField(blank=True)
    extension = models.PositiveIntegerField(null=True)
    approver = models.TextField(blank=True)
    notify = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    outcome_from_start = models.BooleanField(default=False)
    nature = models.TextField()
    local_most = models.PositiveIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    confidence = models.TextField()
    source = models.TextField()
    note = models.TextField(blank=True)
    superseded = models.BooleanField(default=False)
    from_tree = models.BooleanField(default=False)

    class Meta:
        ordering = ["key", "region", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "region", "valid_from"],
                condition=Q(superseded=False),
                name="statutes_limit_begins_once",
            ),
            models.UniqueConstraint(
                fields=["key", "region"],
                condition=Q(superseded=False, valid_to=None),
                name="statutes_limit_open_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="statutes_limit_time_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=KINDS, unit__in=UNITS, nature__in=NATURES)
                & Q(confidence__in=CONFIDENCES),
                name="statutes_limit_words_known",
            ),
            models.CheckConstraint(
                condition=(Q(kind="each_year_on") & Q(month_day__regex=r"^\d\d-\d\d$"))
                | (~Q(kind="each_year_on") & Q(month_day="")),
                name="statutes_limit_day_of_the_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.region} {self.valid_from}".replace("  ", " ")


class StopGround(models.Model):
    """停止或重新起算的事由: what keeps the time of a procedure out of a limit, or begins it anew."""

    key = models.TextField(unique=True)
    title = models.TextField()
    effect = models.TextField()
    limits = models.JSONField(default=list)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="stop_grounds")
    article = models.TextField()
    tell = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect__in=["pause", "restart"]), name="statutes_stop_effect"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class CodeTable(models.Model):
    """代码表: values that a rule or an interface of government names, with source and confidence."""

    key = models.TextField(unique=True)
    name = models.TextField()
    source = models.TextField()
    confidence = models.TextField()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__in=CONFIDENCES), name="statutes_code_table_confidence"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CodeEntry(models.Model):
    """A value of a code table, of a region where it differs."""

    table = models.ForeignKey(CodeTable, on_delete=models.PROTECT, related_name="entries")
    code = models.TextField()
    name = models.TextField()
    region = models.CharField(max_length=12, blank=True, db_collation="C")
    confidence = models.TextField()

    class Meta:
        ordering = ["table", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "code", "region"], name="statutes_code_entry_once"
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=CONFIDENCES), name="statutes_code_entry_confidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CalendarYear(models.Model):
    """工作日历的一年: announced or provisional, and who says so."""

    year = models.PositiveSmallIntegerField(unique=True)
    status = models.TextField()
    source = models.TextField()
    digest = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["official", "provisional"]),
                name="statutes_calendar_status",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.status}"


class SpecialDay(models.Model):
    """特殊日: a day that is not what its weekday says."""

    year = models.ForeignKey(
        CalendarYear, on_delete=models.PROTECT, to_field="year", related_name="special_days"
    )
    on = models.DateField(unique=True)
    kind = models.TextField()
    name = models.TextField(blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["statutory", "adjusted_off", "adjusted_on"]),
                name="statutes_special_day_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class AgencyHours(models.Model):
    """机构办公时间, from a day on."""

    agency = models.TextField()
    since = models.DateField()
    hours = models.TextField()
    basis = models.TextField()

    class Meta:
        ordering = ["agency", "since"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "since"], name="statutes_hours_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.since} {self.hours}"


class TableRevision(models.Model):
    """Which state a part of these tables is in, so that every process knows when to read it again."""

    part = models.TextField(unique=True)
    token = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=["limits", "calendar", "hours"]),
                name="statutes_revision_part",
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.token}"

"""Tables of regions."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from yitong.base.regions.rules import LENGTHS


class Region(models.Model):
    """A division as it stood during a time; rows are closed, never changed or deleted.

    `overlay` is "" for the nation's own. The key while in force is (level, code): the level comes first because
    children are one range of it. `bigrams` serve the search by Chinese words.
    """

    code = models.CharField(max_length=12, db_collation="C")
    level = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80, db_collation="C")
    pinyin = models.CharField(max_length=400, db_collation="C")
    initials = models.CharField(max_length=80, db_collation="C")
    bigrams = ArrayField(models.CharField(max_length=2))
    overlay = models.CharField(max_length=16, default="", blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    replaced_by = models.CharField(max_length=12, default="", blank=True, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code"],
                condition=Q(valid_to__isnull=True),
                name="regions_in_force_key",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    *(
                        Q(level=level, code__regex=f"^[0-9]{{{length}}}$")
                        for level, length in enumerate(LENGTHS, 1)
                    ),
                    _connector=Q.OR,
                ),
                name="regions_code_has_its_level",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=models.F("valid_to")),
                name="regions_time_runs_forward",
            ),
        ]
        indexes = [
            models.Index(
                fields=["code"],
                condition=Q(valid_to__isnull=False),
                name="regions_closed_code",
            ),
            models.Index(fields=["name"], name="regions_name"),
            models.Index(fields=["pinyin"], name="regions_pinyin"),
            models.Index(fields=["initials"], name="regions_initials"),
            GinIndex(fields=["bigrams"], name="regions_bigrams"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class LoadedEdition(models.Model):
    """Which edition of which table was loaded when; the latest tells whether a load has anything to do."""

    table = models.CharField(max_length=32)
    title = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    as_of = models.DateField(null=True, blank=True)
    rows = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.table}: {self.title}"

"""Tables of sources: where tables come from, which are loaded, and what was wrong with their rows."""

from django.db import models
from django.db.models import Q


class SourceKind(models.TextChoices):
    """Connectors there are."""

    FILE = "file"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"


class SourceState(models.TextChoices):
    """A source is used until it is retired."""

    ACTIVE = "active"
    RETIRED = "retired"


class TableState(models.TextChoices):
    """Rows copied here, read in place, or gone."""

    LOADED = "loaded"
    IN_PLACE = "in_place"
    DROPPED = "dropped"


class DigestForm(models.TextChoices):
    """COPY's format over which a table's digest was made."""

    TEXT = "text"
    BINARY = "binary"


class Source(models.Model):
    """A place that tables come from. Its location and credentials are sealed together; `blind` finds it again.

    `fingerprint` is what its table had when it was last shared: a second run passes over what is unchanged.
    """

    kind = models.TextField(choices=SourceKind.choices)
    sealed = models.BinaryField()
    blind = models.BinaryField(unique=True)
    owner = models.TextField()
    state = models.TextField(choices=SourceState.choices, default=SourceState.ACTIVE)
    registered_at = models.DateTimeField()
    fingerprint = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SourceKind.values), name="sources_source_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SourceState.values), name="sources_source_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SourceTable(models.Model):
    """One table of a source as this node holds or reads it. `plan` says what stands in clear and what is sealed."""

    table_key = models.TextField(unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="tables")
    plan = models.JSONField()
    state = models.TextField(choices=TableState.choices)
    row_count = models.BigIntegerField(default=0)
    refused_count = models.BigIntegerField(default=0)
    digest = models.BinaryField(null=True)
    digest_form = models.TextField(choices=DigestForm.choices, default=DigestForm.BINARY)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(table_key__regex=r"^[a-z0-9][a-z0-9_]{0,47}$"),
                name="sources_table_key_plain",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TableState.values), name="sources_table_state_known"
            ),
            models.CheckConstraint(
                condition=Q(digest_form__in=DigestForm.values),
                name="sources_table_digest_form_known",
            ),
            models.CheckConstraint(
                condition=Q(row_count__gte=0, refused_count__gte=0),
                name="sources_table_counts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(state="loaded", digest__isnull=False) | ~Q(state="loaded"),
                name="sources_loaded_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.table_key


class LoadFault(models.Model):
    """A row of the last load that has something wrong: where and why, never what."""

    table = models.ForeignKey(SourceTable, on_delete=models.PROTECT, related_name="faults")
    line = models.BigIntegerField()
    column = models.TextField(blank=True)
    code = models.TextField()

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["table", "line"], name="sources_fault_by_line")]

    def __str__(self) -> str:
        return f"{self.table_id}:{self.line} {self.code}"

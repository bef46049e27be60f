"""Files handed in on the page: the upload, the tables in it with what was found, and what was learnt from corrections."""

from enum import StrEnum

from django.db import models

from yitong.base.identity.api import Agency
from yitong.base.keys.api import Scope
from yitong.data.catalogue.proposal import Proposal
from yitong.kernel import clock
from yitong.kernel.declare import Value


class UploadState(StrEnum):
    """Where a file stands. Those that are at work are moved by the worker, the others wait for a person."""

    RECEIVING = "receiving"
    WAITING = "waiting"
    WORKING = "working"
    CHOOSING = "choosing"
    STOPPING = "stopping"
    STOPPED = "stopped"
    READ = "read"
    REFUSED = "refused"
    CLOSED = "closed"


AT_WORK = (UploadState.WAITING, UploadState.WORKING, UploadState.STOPPING)


class TableState(StrEnum):
    """Where one table of a file stands."""

    LISTED = "listed"
    CHOSEN = "chosen"
    PROPOSED = "proposed"
    LOADING = "loading"
    FILED = "filed"
    REFUSED = "refused"


class Upload(models.Model):
    """A file that a steward handed in. Its bytes lie sealed under a key of their own and go with it.

    `account` and `post` are those who asked for the work last: the worker acts for them. `progress` says how far the work is (phase, table, rows, bytes); `sealed_refusal` why there is nothing to
    propose, sealed since refusals name the file and files are named after people.
    """

    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=100)
    post = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=UploadState.RECEIVING.value)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    progress = models.JSONField(default=dict)
    progress_at = models.DateTimeField(default=clock.now)
    sealed_refusal = models.BinaryField(null=True)
    received_at = models.DateTimeField(default=clock.now, editable=False)
    keep_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "state"], name="upload_owner_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in UploadState]),
                name="upload_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["table", "dictionary"]), name="upload_kind_known"
            ),
            # What is over keeps no bytes.
            models.CheckConstraint(
                condition=~models.Q(state=UploadState.CLOSED.value)
                | models.Q(sha256="", closed_at__isnull=False),
                name="upload_closed_has_no_file",
            ),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def scope(self) -> Scope:
        """Under which the file and all words about it are sealed."""
        return Scope("upload", str(self.pk))


class UploadTable(models.Model):
    """One table of a file: what was found in it (never a value), the machine's proposal and the present one."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="tables")
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=300)
    state = models.CharField(max_length=12, default=TableState.LISTED.value)
    findings = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    machine = models.JSONField(null=True)
    present = models.JSONField(null=True)
    revision = models.PositiveIntegerField(default=0)
    taught = models.JSONField(default=dict)
    resource = models.ForeignKey(
        "catalogue.Resource", on_delete=models.PROTECT, null=True, related_name="+"
    )
    loaded = models.JSONField(default=dict)
    sealed_refusal = models.BinaryField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="one_table_a_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in TableState]),
                name="upload_table_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}.{self.number}"

    @property
    def entry(self) -> Proposal:
        """The proposal as it stands, corrections included."""
        facts: dict[str, Value] = self.present or {}
        return Proposal.from_facts(facts)

    @property
    def machine_entry(self) -> Proposal:
        facts: dict[str, Value] = self.machine or {}
        return Proposal.from_facts(facts)


class Lesson(models.Model):
    """What an agency corrected in tables of one shape: the item of a field (or of the entry) and its value.

    By post and date, never by a person's name. `shape` is a digest of the headers.
    """

    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    shape = models.CharField(max_length=64)
    header = models.CharField(max_length=200, blank=True)
    item = models.CharField(max_length=40)
    value = models.JSONField()
    post = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "shape", "header", "item"], name="one_lesson_an_item"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.header}.{self.item}"
